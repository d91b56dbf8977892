import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { Bench, TEST_COST } from '../integration/harness.ts';
import { addPerson, becomes } from '../integration/people.ts';
import { openingFields } from '../integration/slots-bench.ts';
import { KeysPage } from '../pages/keys-page.ts';
import { MainPage } from '../pages/main-page.ts';
import { SettingsPage } from '../pages/settings-page.ts';
import { wordsOf } from '../pages/words.ts';

import { seriousFindings } from './support/axe.ts';
import { mainCall, PASSPHRASE } from './support/bridge.ts';
import { keepScreen } from './support/screens.ts';
import { expect, test } from './support/test.ts';
import { entered, locked, openCare, withVault } from './support/vault-steps.ts';

const DAY_MS = 86_400_000;
const MARTA = 'Marta Olmos';
const WHY = 'La pila del reloj se agotó el viernes.';

/**
 * A vault that was used under other clocks: attempts were made to cost more a hundred days ago, one person has not
 * come since, and on one of those days the computer stood in another century.
 */
const usedBefore = async (folder: string): Promise<void> => {
  const real = createNodeClock();
  let days = -101;
  const bench = new Bench({ folder, ports: { clock: { ...real, now: () => real.now() + days * DAY_MS } } });
  await bench.call('vault.create', {
    folder: bench.vaultTarget('create'),
    use: 'practice',
    ownerName: 'Ixchel Robledo',
    passphrase: PASSPHRASE,
    cost: TEST_COST,
  });
  const own = { passphrase: PASSPHRASE };
  await addPerson(bench, MARTA, 'team', { own: PASSPHRASE });
  await bench.call('cases.open', { ...openingFields, code: 'EXP-7' });
  days = -100;
  const { ticket } = await bench.call('slots.prepare', {
    purpose: 'slots.raiseCost',
    cost: { ops: TEST_COST.ops + 1, memoryBytes: TEST_COST.memoryBytes },
  });
  await bench.call('slots.raiseCost', { ticket, own });
  days = 73 * 365;
  await becomes(bench, PASSPHRASE);
  days = 0;
  await bench.call('vault.lock', {});
  await bench.core.close();
};

test('a clock that stood ahead is settled, and the raised cost closed without whoever has not come', async ({
  launch,
  folder,
}) => {
  test.setTimeout(300_000);
  const complaints: string[] = [];
  const serious: string[] = [];
  const app = await launch();
  let words = wordsOf('es');
  const unlock = await locked(app, await withVault(app, folder, complaints));
  // In the place of the fresh vault, that the window offers.
  rmSync(join(folder, 'vault'), { recursive: true });
  await usedBefore(folder);
  await unlock.unlock(PASSPHRASE);
  const page = await entered(app, complaints);
  await new MainPage(page, words).open('settings');
  await new SettingsPage(page, words).colours('system');
  await new SettingsPage(page, words).showNames();
  const look = (name: string): Promise<void> =>
    keepScreen(page, name, words.language, async (scheme) => {
      for (const found of await seriousFindings(page))
        serious.push(`${name} ${words.language} ${scheme}: ${found}`);
    });
  const speak = async (language: 'es' | 'en'): Promise<void> => {
    await new MainPage(page, words).open('settings');
    words = await new SettingsPage(page, words).speak(language);
  };

  await test.step('the clock', async () => {
    await new MainPage(page, words).open('today');
    await expect(
      page
        .getByRole('region', { name: words.t('safeguard:bar.title') })
        .getByRole('link', { name: words.t('safeguard:bar.clock') }),
    ).toBeVisible();
    for (const language of ['en', 'es'] as const) {
      await speak(language);
      await openCare(page, 'access', words);
      await expect(page.getByText(words.t('keys:clock.vaultAhead'), { exact: true })).toBeVisible();
      await look('clock-ahead');
      await page.getByRole('button', { name: words.t('keys:clock.settle') }).click();
      const dialog = page.getByRole('dialog', { name: words.t('keys:clock.settle') });
      await expect(dialog).toBeVisible();
      const confirm = dialog.getByRole('button', { name: words.t('keys:clock.confirm') });
      await dialog.getByRole('textbox', { name: words.t('keys:clock.reason') }).fill(WHY);
      await expect(confirm).toBeDisabled();
      await dialog.getByRole('checkbox').check();
      await expect(confirm).toBeEnabled();
      await look('clock-settle');
      if (language === 'en') await dialog.getByRole('button', { name: words.t('ui:cancel') }).click();
      else await confirm.click();
    }
    await expect(page.getByText(words.t('keys:clock.settled'))).toBeVisible();
    await expect(page.getByText(words.t('keys:clock.vaultAhead'), { exact: true })).toHaveCount(0);
    expect(await mainCall(page, 'access.clock')).toMatchObject({ ok: true, value: { state: 'right' } });
  });

  await test.step('who has not come', async () => {
    for (const language of ['en', 'es'] as const) {
      await speak(language);
      const keys = await new KeysPage(page, words).open();
      await expect(keys.row(MARTA).getByText(words.t('keys:oldCost'))).toBeVisible();
      await look('keys-raising-due');
      await page.getByRole('button', { name: words.t('keys:leaveOut.open') }).click();
      const dialog = page.getByRole('dialog', { name: words.t('keys:leaveOut.title') });
      const confirm = dialog.getByRole('button', { name: words.t('keys:leaveOut.confirm', { count: 1 }) });
      await expect(confirm).toBeDisabled();
      await dialog.getByRole('checkbox', { name: MARTA }).check();
      await look('keys-leave-out');
      if (language === 'en') await dialog.getByRole('button', { name: words.t('ui:cancel') }).click();
      else await confirm.click();
    }
    await expect(page.getByText(words.t('keys:leaveOut.done'))).toBeVisible();
    await expect(new KeysPage(page, words).row(MARTA)).toHaveCount(0);
    await expect(page.getByText(words.t('keys:raising'), { exact: true })).toHaveCount(0);
    expect(await mainCall(page, 'slots.list', { retired: false })).toMatchObject({
      ok: true,
      value: { raising: null },
    });
  });
  expect(serious).toEqual([]);
  expect(complaints).toEqual([]);
});
