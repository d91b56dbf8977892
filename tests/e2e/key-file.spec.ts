import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { KeysPage } from '../pages/keys-page.ts';
import { lastClick } from '../pages/last-act.ts';
import type { UnlockPage } from '../pages/unlock-page.ts';

import { expectAccessible, seriousFindings } from './support/axe.ts';
import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { expect, test } from './support/test.ts';
import {
  addMarta,
  becomes,
  entered,
  expectRefused,
  HERS,
  locked,
  MARTA,
  OWNER,
  ticketOf,
  withVault,
  words,
} from './support/vault-steps.ts';

/** A passphrase that asks for a file besides; and making it harder to guess any of them. */
const { t } = words;

const withFile = async (
  answer: (...answers: string[][]) => Promise<void>,
  unlock: UnlockPage,
  file: string,
): Promise<void> => {
  const { page } = unlock;
  await page
    .getByRole('combobox', { name: t('unlock:factor.of', { field: t('unlock:passphrase') }) })
    .click();
  await page.getByRole('option', { name: t('unlock:factor.keyFile') }).click();
  await answer([file]);
  await page.getByRole('button', { name: t('unlock:factor.choose') }).click();
  await expect(page.getByRole('button', { name: /llave: /u })).toBeVisible();
};

test('a key file is made, asked for with the passphrase, and neither opens without the other', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const stick = join(folder, 'memoria-marta');
  mkdirSync(stick);
  const file = join(stick, 'llave.bin');
  const keys = await new KeysPage(page, words).open();
  await keys.addPersonButton.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: t('keys:name') }).fill(MARTA);
  await dialog.getByRole('combobox', { name: t('keys:secondFactor') }).click();
  await page.getByRole('option', { name: t('keys:factorChoice.keyFile') }).click();
  const goOn = dialog.getByRole('button', { name: t('keys:goOn') });
  await expect(goOn).toBeDisabled();
  await app.answerDialogs([file]);
  await dialog.getByRole('button', { name: t('keys:makeKeyFile') }).click();
  await expect(dialog.getByRole('button', { name: /llave\.bin/u })).toBeVisible();
  expect(readFileSync(file)).toHaveLength(64);
  await expectAccessible(page);
  await goOn.click();
  const ticket = await ticketOf(app, complaints);
  await ticket.own(OWNER).fill(PASSPHRASE);
  await ticket.typeFresh(HERS);
  const action = ticket.action('slots_add');
  await expect(action, 'the file is asked for').toBeDisabled();
  await app.answerDialogs([file]);
  await ticket.page.getByRole('button', { name: t('unlock:factor.choose') }).click();
  expect(await seriousFindings(ticket.page)).toEqual([]);
  await lastClick(action);
  await expect(keys.row(MARTA)).toContainText(t('keys:factor.keyFile'), { timeout: 30_000 });

  // The passphrase alone, with another file, and with a stick that is not there.
  const answer = (...answers: string[][]): Promise<void> => app.answerDialogs(...answers);
  await (await locked(app, page)).unlock(HERS);
  let unlock = await expectRefused(app, 'vault.wrongPassphrase');
  const other = join(folder, 'otra.bin');
  writeFileSync(other, Buffer.alloc(64, 7));
  await withFile(answer, unlock, other);
  await unlock.unlock(HERS);
  unlock = await expectRefused(app, 'vault.wrongFactors');
  await withFile(answer, unlock, file);
  const kept = readFileSync(file);
  rmSync(file);
  await unlock.unlock(HERS);
  unlock = await expectRefused(app, 'disk.notFound');
  writeFileSync(file, kept);
  await withFile(answer, unlock, file);
  await unlock.unlock(HERS);
  const hers = await entered(app, complaints);
  expect(await valueOf(hers, 'vault.status')).toMatchObject({ actor: { name: MARTA } });
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});

test('a key file is added to a passphrase that one has already', async ({ launch, folder }) => {
  test.setTimeout(180_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const file = join(folder, 'llave.bin');
  await new KeysPage(page, words).open();
  await page.getByRole('button', { name: t('keys:actionsOf', { name: OWNER }) }).click();
  await page.getByRole('menuitem', { name: t('keys:withFactor.keyFile') }).click();
  const dialog = page.getByRole('dialog', { name: t('keys:withFactor.keyFile') });
  await app.answerDialogs([file]);
  await dialog.getByRole('button', { name: t('keys:makeKeyFile') }).click();
  await dialog.getByRole('button', { name: t('keys:goOn') }).click();
  const ticket = await ticketOf(app, complaints);
  await ticket.own(OWNER).fill(PASSPHRASE);
  await ticket.typeFresh(HERS);
  await app.answerDialogs([file]);
  await ticket.page.getByRole('button', { name: t('unlock:factor.choose') }).click();
  await ticket.carryOut('slots_change');
  await expect(page.getByText(t('keys:changed'))).toBeVisible({ timeout: 30_000 });
  const unlock = await locked(app, page);
  await withFile((...answers) => app.answerDialogs(...answers), unlock, file);
  await unlock.unlock(HERS);
  await entered(app, complaints);
  expect(complaints).toEqual([]);
});

test('the cost of a try is raised, everybody moves to it by coming in, and the change ends with the last one', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000);
  const complaints: string[] = [];
  const app = await launch();
  let page = await withVault(app, folder, complaints);
  const keys = await addMarta(app, page, 'team', complaints);
  const before = await valueOf<{ cost: { ops: number; memoryBytes: number } }>(page, 'slots.list', {});
  await page.getByRole('button', { name: t('keys:raiseCost'), exact: true }).click();
  const ticket = await ticketOf(app, complaints);
  await ticket.own(OWNER).fill(PASSPHRASE);
  await ticket.carryOut('slots_raiseCost');
  await expect(page.getByText(t('keys:raising'))).toBeVisible({ timeout: 60_000 });
  await expect(keys.row(MARTA)).toContainText(t('keys:oldCost'));
  await expectAccessible(page);
  // With the last one who comes in the change ends by itself.
  page = await becomes(app, page, HERS, complaints);
  page = await becomes(app, page, PASSPHRASE, complaints);
  const now = await new KeysPage(page, words).open();
  await expect(now.row(MARTA)).toBeVisible();
  await expect(now.row(MARTA)).not.toContainText(t('keys:oldCost'));
  await expect(page.getByText(t('keys:raising'))).toHaveCount(0);
  const after = await valueOf<{ cost: { ops: number; memoryBytes: number } }>(page, 'slots.list', {});
  expect(after.cost.ops * after.cost.memoryBytes).toBeGreaterThan(before.cost.ops * before.cost.memoryBytes);
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});
