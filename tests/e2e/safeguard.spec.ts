import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { BackupPage } from '../pages/backup-page.ts';
import { MainPage } from '../pages/main-page.ts';

import { expectAccessible } from './support/axe.ts';
import { PASSPHRASE } from './support/bridge.ts';
import { expect, test } from './support/test.ts';
import { addMarta, becomes, HERS, MARTA, openCare, OWNER, withVault, words } from './support/vault-steps.ts';

/** The list for the hour before a visit: what was noted is there for whoever opens the vault next. */
const { t } = words;
const TITLES = {
  keys: 'keys:title',
  backup: 'backup:title',
  access: 'keys:access.title',
  requests: 'safeguard:requests.title',
  safeguard: 'safeguard:title',
  dump: 'safeguard:dump.title',
} as const;

test('ticks and carriers stay with who and when, over a lock and for another person', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000);
  const complaints: string[] = [];
  const app = await launch();
  let page = await withVault(app, folder, complaints);
  await addMarta(app, page, 'team', complaints);
  const stick = join(folder, 'memoria-azul');
  mkdirSync(stick);
  const backup = await new BackupPage(page, words).open();
  await app.answerDialogs([stick]);
  await backup.first();
  await expect(backup.target('memoria-azul')).toBeVisible({ timeout: 60_000 });

  await openCare(page, 'safeguard');
  await page.getByRole('checkbox', { name: t('safeguard:step.paper') }).check();
  const carriers = page.getByRole('region', { name: t('safeguard:carriers') });
  await carriers.getByRole('combobox', { name: t('safeguard:takes', { name: 'memoria-azul' }) }).click();
  await page.getByRole('option', { name: MARTA }).click();
  await expect(carriers).toContainText('1/1');
  await expectAccessible(page);

  page = await becomes(app, page, HERS, complaints);
  await openCare(page, 'safeguard');
  await expect(page.getByRole('checkbox', { name: t('safeguard:step.paper') })).toBeChecked();
  await expect(page.getByText(new RegExp(`Lo anotó ${OWNER}`, 'u')).first()).toBeVisible();
  await page.getByRole('checkbox', { name: t('safeguard:step.paper') }).uncheck();
  await expect(page.getByRole('checkbox', { name: t('safeguard:step.paper') })).not.toBeChecked();

  page = await becomes(app, page, PASSPHRASE, complaints);
  await openCare(page, 'safeguard');
  await expect(page.getByRole('checkbox', { name: t('safeguard:step.paper') })).not.toBeChecked();
  await page.getByRole('button', { name: t('safeguard:startOver') }).click();
  // The window is another one since the lock.
  await expect(page.getByRole('region', { name: t('safeguard:carriers') })).toContainText('0/1');
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});

test('the rail says where one is on every screen under the settings, and each has help of its own', async ({
  launch,
  folder,
}) => {
  test.setTimeout(120_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const main = new MainPage(page, words);
  const current = main.rail.locator('[aria-current="page"]');
  await expect(current).toHaveText(t('place.today'));
  for (const [name, title] of Object.entries(TITLES)) {
    await openCare(page, name as keyof typeof TITLES);
    await main.heading(t(title)).waitFor();
    await expect(current).toHaveText(t('place.settings'));
    await main.helpButton.click();
    const help = page.getByRole('dialog', { name: t(`help:${name}.title`) });
    await expect(help.getByText(t(`help:${name}.first`))).toBeVisible();
    if (name === 'keys') {
      await expect(help.getByRole('heading', { name: t('help:topics.recovery.title') })).toBeVisible();
      await expectAccessible(page);
    }
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  expect(complaints).toEqual([]);
});
