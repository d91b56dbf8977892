import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { BackupPage } from '../pages/backup-page.ts';
import { lastClick } from '../pages/last-act.ts';
import { MainPage } from '../pages/main-page.ts';
import { TicketWindow } from '../pages/ticket-window.ts';
import { UnlockPage } from '../pages/unlock-page.ts';

import { expectAccessible, seriousFindings } from './support/axe.ts';
import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { waitFor } from './support/host.ts';
import { enginePid, lives } from './support/processes.ts';
import { expect, test } from './support/test.ts';
import { alertOf, withVault, words } from './support/vault-steps.ts';
import { watchPage } from './support/watch.ts';

/** A copy is made, looked through, rehearsed with a typed passphrase, and made a vault again. */
const { t } = words;

const choose = async (page: Page, field: string, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: field }).click();
  await page.getByRole('option', { name: option }).click();
};

test('backed up, verified, rehearsed; the vault is lost and comes back', async ({ launch, folder }) => {
  test.setTimeout(240_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  await valueOf(page, 'incidents.record', { narrative: 'Cortaron la luz de la emisora.' });
  const stick = join(folder, 'memoria-azul');
  mkdirSync(stick);
  const backup = await new BackupPage(page, words).open();
  await expect(page.getByText(t('backup:due.never'))).toBeVisible();
  await app.answerDialogs([stick]);
  await backup.first();
  await expect(backup.target('memoria-azul')).toBeVisible({ timeout: 60_000 });
  expect(readdirSync(stick).length, 'something lies on the stick').toBeGreaterThan(0);
  await backup.button('memoria-azul', 'verify').click();
  await expect(page.getByText(t('backup:intact'))).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page);

  // The rehearsal asks for what people remember, in the small window, and shows there what came out.
  await backup.button('memoria-azul', 'rehearse').click();
  const small = await app.window('unlock');
  watchPage(small, complaints);
  await small.getByLabel(t('unlock:passphrase'), { exact: true }).fill(PASSPHRASE);
  await small.getByRole('button', { name: t('unlock:rehearse.action') }).click();
  await expect(small.getByText(t('unlock:rehearse.good'))).toBeVisible({ timeout: 90_000 });
  expect(await seriousFindings(small)).toEqual([]);
  await lastClick(small.getByRole('button', { name: t('unlock:rehearse.close') }));
  await expect(backup.target('memoria-azul').getByText(t('backup:rehearsedTag'))).toBeVisible();
  const state = await valueOf<{ targets: { lastRehearsedAt: string | null; lastVerifiedOk: boolean }[] }>(
    page,
    'backup.state',
  );
  expect(state.targets[0]).toMatchObject({ lastVerifiedOk: true });
  expect(state.targets[0]?.lastRehearsedAt).not.toBeNull();

  // The computer's vault is lost.
  const engine = await enginePid(app);
  await new MainPage(page, words).lock();
  await waitFor(() => (lives(engine) ? null : true), 'the engine to end');
  await app.window('unlock');
  rmSync(join(folder, 'vault'), { recursive: true, force: true });

  const unlock = await app.window('unlock');
  watchPage(unlock, complaints);
  await unlock.getByRole('button', { name: t('unlock:restore.instead') }).click();
  await app.answerDialogs([stick]);
  await unlock.getByRole('button', { name: t('unlock:restore.choose') }).click();
  await expect(unlock.getByText('memoria-azul')).toBeVisible();
  await unlock.getByLabel(t('unlock:passphrase'), { exact: true }).fill(PASSPHRASE);
  await unlock.getByRole('button', { name: t('unlock:restore.look') }).click();
  await expect(unlock.getByRole('form', { name: t('unlock:restore.which') })).toBeVisible({
    timeout: 60_000,
  });
  await unlock.getByRole('button', { name: t('unlock:restore.plan') }).click();
  const plan = unlock.getByRole('form', { name: t('unlock:restore.planTitle') });
  await expect(plan).toBeVisible({ timeout: 60_000 });
  // Nothing newer is left to compare with, and that is said.
  await expect(plan.getByText(t('unlock:restore.unknownTitle'))).toBeVisible();
  expect(await seriousFindings(unlock)).toEqual([]);
  const action = plan.getByRole('button', { name: t('unlock:restore.action'), exact: true });
  await expect(action).toBeDisabled();
  const label = await plan.locator('label').last().innerText();
  await plan.getByRole('textbox').fill(/\d{4}-\d{2}-\d{2}/u.exec(label)?.[0] ?? '');
  await action.click();
  await unlock.getByRole('button', { name: t('unlock:restore.openIt') }).click({ timeout: 90_000 });
  await new UnlockPage(unlock, words).unlock(PASSPHRASE);
  const restored = await app.window('main');
  watchPage(restored, complaints);
  await new MainPage(restored, words).heading(t('today:title')).waitFor();
  expect(await valueOf(restored, 'incidents.list')).toMatchObject({ total: 1 });
  expect(statSync(stick).isDirectory(), 'the backup is still there').toBe(true);
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});

test('a backup is opened with nothing but the right secret, and the window starts anew after a wrong one', async ({
  launch,
  folder,
}) => {
  test.setTimeout(180_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const stick = join(folder, 'memoria-roja');
  mkdirSync(stick);
  const backup = await new BackupPage(page, words).open();
  await app.answerDialogs([stick]);
  await backup.first();
  await expect(backup.target('memoria-roja')).toBeVisible({ timeout: 60_000 });
  await backup.button('memoria-roja', 'rehearse').click();
  const first = await app.window('unlock');
  const firstPid = await app.rendererPid('unlock');
  await first.getByLabel(t('unlock:passphrase'), { exact: true }).fill('otra frase que no es');
  await lastClick(first.getByRole('button', { name: t('unlock:rehearse.action') }));
  await waitFor(() => (lives(firstPid ?? 0) ? null : true), "the first window's process to end");
  const second = await app.window('unlock');
  await expect(second.getByRole('alert')).toHaveText(words.error('vault.wrongPassphrase'));
  await choose(second, t('unlock:way.label'), t('unlock:way.words'));
  await second.getByRole('textbox', { name: t('unlock:way.wordsLabel') }).fill('una dos tres');
  await lastClick(second.getByRole('button', { name: t('unlock:rehearse.action') }));
  await expect
    .poll(() => alertOf(app), { timeout: 20_000 })
    .toContain(words.error('recovery.wordCount').slice(0, 12));
  await new TicketWindow(await app.window('unlock'), words).giveUp();
  expect(await valueOf(page, 'backup.state')).toMatchObject({ targets: [{ lastRehearsedAt: null }] });
});
