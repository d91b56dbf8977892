import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { BackupPage } from '../pages/backup-page.ts';
import { KeysPage } from '../pages/keys-page.ts';

import { expectAccessible } from './support/axe.ts';
import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { missingCommands } from './support/real-files.ts';
import { expect, test } from './support/test.ts';
import {
  addMarta,
  becomes,
  entered,
  expectRefused,
  HERS,
  locked,
  MARTA,
  openCase,
  OWNER,
  ticketOf,
  withVault,
  words,
} from './support/vault-steps.ts';

/** A documenter leaves: nothing stays in her name, both get a sheet to sign, and what cannot be closed is said. */
const { t } = words;

test('her drafts and cases are handed over, the sheet is written, and her passphrase opens nothing', async ({
  launch,
  folder,
}) => {
  test.setTimeout(300_000);
  const complaints: string[] = [];
  const app = await launch();
  let page = await withVault(app, folder, complaints);
  await addMarta(app, page, 'team', complaints);
  page = await becomes(app, page, HERS, complaints);
  await valueOf(page, 'drafts.save', {
    id: 'draft-1',
    form: 'incident',
    title: 'Llamada sin terminar',
    payload: '{}',
  });
  await openCase(page, 'Radio y agua de Encinares', 'EXP-7');
  page = await becomes(app, page, PASSPHRASE, complaints);
  const stick = join(folder, 'memoria-azul');
  mkdirSync(stick);
  const backup = await new BackupPage(page, words).open();
  await app.answerDialogs([stick]);
  await backup.first();
  await expect(backup.target('memoria-azul')).toBeVisible({ timeout: 60_000 });

  // In peace: she answers for a case, and nobody was named who takes it.
  const keys = await new KeysPage(page, words).open();
  await keys
    .row(MARTA)
    .getByRole('button', { name: t('keys:removePerson') })
    .click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('memoria-azul')).toBeVisible();
  await dialog.getByRole('textbox', { name: t('keys:remove.reason') }).fill('Termina su contrato.');
  await dialog.getByRole('button', { name: t('keys:remove.inPeace') }).click();
  const ticket = await ticketOf(app, complaints);
  await ticket.own(OWNER).fill(PASSPHRASE);
  await ticket.carryOut('rotation_run');
  await page.getByRole('heading', { level: 1, name: t('keys:leaver.title') }).waitFor({ timeout: 60_000 });

  const handOver = page.getByRole('region', { name: t('keys:leaver.cases') });
  await expect(handOver).toContainText('1');
  await handOver.getByRole('combobox', { name: t('keys:leaver.to') }).click();
  await page.getByRole('option', { name: OWNER }).click();
  await handOver.getByRole('button', { name: t('keys:leaver.reassign') }).click();
  await expect(handOver.getByText(t('keys:leaver.noCases'))).toBeVisible();
  expect((await valueOf<{ rows: { id: string }[] }>(page, 'drafts.list')).rows).toMatchObject([
    { id: 'draft-1' },
  ]);
  // What no change of keys can reach, with the place where it lies.
  await expect(page.getByText(t('keys:older.title'))).toBeVisible();
  await expect(page.getByText(/memoria-azul/u).last()).toBeVisible();
  await page.getByRole('checkbox', { name: t('keys:leaver.hand.usb') }).check();
  await expectAccessible(page);
  const sheet = join(folder, 'cierre.pdf');
  await app.answerDialogs([sheet]);
  await page.getByRole('button', { name: t('keys:leaver.write') }).click();
  await expect(page.getByText(/Huella: /u)).toBeVisible({ timeout: 30_000 });
  expect(existsSync(sheet)).toBe(true);
  if (missingCommands(['pdftotext']).length === 0) {
    const text = execFileSync('pdftotext', ['-layout', sheet, '-'], { encoding: 'utf8' });
    for (const said of [MARTA, OWNER, 'memoria-azul', 'Devolvió memorias']) expect(text).toContain(said);
  }
  await expect(page.getByRole('navigation').getByRole('link', { name: t('place.settings') })).toHaveAttribute(
    'aria-current',
    'page',
  );

  await (await locked(app, page)).unlock(HERS);
  await (await expectRefused(app, 'vault.wrongPassphrase')).unlock(PASSPHRASE);
  const opened = await entered(app, complaints);
  const { rows } = await valueOf<{ rows: { id: string }[] }>(opened, 'cases.list');
  expect(rows).toHaveLength(1);
  expect(await valueOf(opened, 'access.ofCase', { caseId: rows[0]?.id })).toMatchObject({
    responsible: { name: OWNER },
  });
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});
