import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator } from '@playwright/test';

import { BackupPage } from '../pages/backup-page.ts';
import { UnlockPage } from '../pages/unlock-page.ts';

import { seriousFindings } from './support/axe.ts';
import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { expect, test } from './support/test.ts';
import { entered, expectRefused, locked, openCase, withVault, words } from './support/vault-steps.ts';
import { watchPage } from './support/watch.ts';

/** From the window that takes passphrases: what is no good is told apart, and what would come back is said first. */
const { t } = words;

test('damaged, foreign, and then whole: what would come back is listed, taken away again, and the vault opens', async ({
  launch,
  folder,
}) => {
  test.setTimeout(300_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const { id: caseId } = await openCase(page, 'Radio y agua de Encinares', 'EXP-1');
  const { id: personId } = await valueOf<{ id: string }>(page, 'persons.record', {
    name: 'Rosario Guerrero Luna',
    caseId,
  });
  const consent = await valueOf<{ id: string; version: number }>(page, 'consents.record', {
    caseId,
    personId,
    recipientClass: 'mechanism',
    answer: 'given',
    toBody: true,
  });
  const stick = join(folder, 'memoria-azul');
  const foreign = join(folder, 'fotos');
  for (const place of [stick, foreign]) mkdirSync(place);
  writeFileSync(join(foreign, 'playa.jpg'), 'x');
  const backup = await new BackupPage(page, words).open();
  await app.answerDialogs([stick]);
  await backup.first();
  await expect(backup.target('memoria-azul')).toBeVisible({ timeout: 60_000 });
  // After the copy: what must not come back unseen.
  await valueOf(page, 'consents.withdraw', {
    id: consent.id,
    version: consent.version,
    day: new Date().toISOString().slice(0, 10),
    reason: 'Cambió de parecer',
  });
  let unlock = await locked(app, page);

  const begin = async (source: string): Promise<void> => {
    watchPage(unlock.page, complaints);
    const other = unlock.page.getByRole('button', { name: t('unlock:restore.instead') });
    // After a failure that was about a backup the window is there already.
    if ((await other.count()) > 0) await other.click();
    await app.answerDialogs([source]);
    await unlock.page.getByRole('button', { name: t('unlock:restore.choose') }).click();
    await unlock.passphrase.fill(PASSPHRASE);
    await unlock.page.getByRole('button', { name: t('unlock:restore.look') }).click();
  };
  await begin(foreign);
  unlock = await expectRefused(app, 'backup.notABackup');
  await expect(unlock.page.getByRole('form', { name: t('unlock:restore.title') })).toBeVisible();
  await expect(unlock.page.getByRole('alert')).toHaveText(words.error('backup.notABackup'));

  const catalogue = join(stick, 'catalogue.json');
  const good = readFileSync(catalogue, 'utf8');
  const outer = JSON.parse(good) as { body: string };
  const body = JSON.parse(Buffer.from(outer.body, 'base64').toString()) as object;
  const forged = Buffer.from(JSON.stringify({ ...body, time: 1 })).toString('base64');
  writeFileSync(catalogue, JSON.stringify({ ...outer, body: forged }));
  await begin(stick);
  unlock = await expectRefused(app, 'backup.catalogueDamaged');
  await expect(unlock.page.getByRole('alert')).toHaveText(words.error('backup.catalogueDamaged'));
  expect(await seriousFindings(unlock.page)).toEqual([]);
  writeFileSync(catalogue, good);

  await begin(stick);
  const which = unlock.page.getByRole('form', { name: t('unlock:restore.which') });
  await expect(which).toBeVisible({ timeout: 60_000 });
  await app.answerDialogs([join(folder, 'nueva')], [join(folder, 'vault')]);
  await which.getByRole('button', { name: t('unlock:create.change') }).click();
  await expect(which.getByText('nueva')).toBeVisible();
  await which.getByRole('button', { name: t('unlock:restore.choose') }).click();
  await expect(which.getByText(/^vault/u)).toBeVisible();
  expect(await seriousFindings(unlock.page)).toEqual([]);
  await which.getByRole('button', { name: t('unlock:restore.plan') }).click();
  const plan: Locator = unlock.page.getByRole('form', { name: t('unlock:restore.planTitle') });
  const list = plan.getByRole('list', { name: t('unlock:restore.comesBackList') });
  await expect(list).toContainText(t('unlock:comesBack.withdrawnConsent'), { timeout: 60_000 });
  await expect(plan.getByRole('checkbox')).toBeChecked();
  expect(await seriousFindings(unlock.page)).toEqual([]);
  const action = plan.getByRole('button', { name: t('unlock:restore.action'), exact: true });
  await expect(action).toBeDisabled();
  const label = await plan.locator('label').last().innerText();
  await plan.getByRole('textbox').fill(/\d{4}-\d{2}-\d{2}/u.exec(label)?.[0] ?? '');
  await action.click();
  await unlock.page.getByRole('button', { name: t('unlock:restore.openIt') }).click({ timeout: 90_000 });
  await new UnlockPage(unlock.page, words).unlock(PASSPHRASE);
  const restored = await entered(app, complaints);
  expect(await valueOf(restored, 'consents.list', { caseId })).toMatchObject({
    rows: [{ answer: 'withdrawn' }],
  });
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});
