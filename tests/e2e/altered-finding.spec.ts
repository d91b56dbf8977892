import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { Bench } from '../integration/harness.ts';
import { ExportWorkspace } from '../pages/export-pages.ts';
import { MainPage } from '../pages/main-page.ts';
import { SettingsPage } from '../pages/settings-page.ts';
import { wordsOf } from '../pages/words.ts';
import { rewriteFindings } from '../support/rewrite-findings.ts';

import { seriousFindings } from './support/axe.ts';
import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { keepScreen } from './support/screens.ts';
import { expect, test } from './support/test.ts';
import { entered, locked, openCase, withVault } from './support/vault-steps.ts';

const PERSON = 'Maricela Xochimitl Olmedo';
const DEVICE = 'Apple iPhone 12';

/** A finding is altered while the vault is locked: its case can still be filed, without what nobody can believe. */
test('a filing names the altered examination, and goes on without it', async ({ launch, folder }) => {
  test.setTimeout(400_000);
  let words = wordsOf('es');
  const complaints: string[] = [];
  const serious: string[] = [];
  const app = await launch();
  let page = await withVault(app, folder, complaints);
  const { id: caseId } = await openCase(page, 'Radio y agua de Encinares', 'ENC-01');
  const { id: personId } = await valueOf<{ id: string }>(page, 'persons.record', { name: PERSON });
  await valueOf(page, 'cases.addPerson', { caseId, personId, roles: ['beneficiary'] });
  const examined = async (make: string, model: string, observed: string): Promise<string> => {
    const { id: deviceId } = await valueOf<{ id: string }>(page, 'devices.record', {
      caseId,
      ownerId: personId,
      make,
      model,
    });
    const { id } = await valueOf<{ id: string }>(page, 'examinations.record', {
      deviceId,
      basis: 'owner',
      basisPersonId: personId,
      method: 'other',
    });
    await valueOf(page, 'findings.enter', { examinationId: id, module: 'sms', observed });
    return id;
  };
  const harmed = await examined('Apple', 'iPhone 12', 'https://faro-negro.example/a');
  await examined('Apple', 'iPhone 15', 'https://luz-verde.example/b');
  await valueOf(page, 'incidents.record', {
    caseId,
    title: 'Mensaje con enlace',
    happened: { kind: 'day', day: '2026-03-02' },
    narrative: 'Llegó un mensaje con un enlace.',
  });
  await valueOf(page, 'exports.prepare', {
    caseId,
    profile: 'forensic-summary',
    recipient: 'Laboratorio Cenit',
    purpose: 'Segunda opinión',
    language: 'es',
  });

  const unlock = await locked(app, page);
  const direct = new Bench({ folder });
  await rewriteFindings(direct.ports, join(folder, 'vault'), harmed, 'https://inventada.example/otra');
  await direct.core.close();
  await unlock.unlock(PASSPHRASE);
  page = await entered(app, complaints);

  const look = (name: string): Promise<void> =>
    keepScreen(page, name, words.language, async (scheme) => {
      for (const finding of await seriousFindings(page))
        serious.push(`${name} ${words.language} ${scheme}: ${finding}`);
    });
  const open = async (): Promise<ExportWorkspace> => {
    await new MainPage(page, words).open('exports');
    await page.getByRole('button', { name: words.t('exports:goOn'), exact: true }).click();
    return new ExportWorkspace(page, words).opened();
  };
  const panel = () => page.getByRole('region', { name: words.t('exports:altered.title') });

  await test.step('the workspace opens, says which examination it is, and does not let it out', async () => {
    const workspace = await open();
    await expect(page.getByRole('alert')).toContainText(words.t('exports:altered.kept'));
    await expect(panel()).toContainText(DEVICE);
    await expect(panel()).not.toContainText('iPhone 15');
    await workspace.step('redaction');
    await expect(workspace.document).toContainText('luz-verde');
    await expect(workspace.document).not.toContainText(/faro-negro|inventada/u);
    await workspace.decideAll();
    await workspace.step('check');
    await expect(workspace.runCheck).toBeDisabled();
    await expect(page.getByText(words.t('exports:altered.first', { count: 1 }))).toBeVisible();
    await look('export-altered');
    await new MainPage(page, words).open('settings');
    words = await new SettingsPage(page, words).speak('en');
    await open();
    await expect(page.getByRole('alert')).toContainText(words.t('exports:altered.kept'));
    await look('export-altered');
  });

  await test.step('it goes on without it, and the receipt and the ledger say so', async () => {
    await panel()
      .getByRole('button', { name: words.t('exports:altered.leaveOut') })
      .click();
    await expect(panel()).toContainText(words.t('exports:altered.leftOut'));
    await expect(page.getByRole('alert')).toHaveCount(0);
    const workspace = new ExportWorkspace(page, words);
    await workspace.step('redaction');
    await expect(workspace.document).toContainText('Un examen de este dispositivo no se incluye');
    await look('export-altered-left-out');
    await workspace.decideAll();
    await workspace.step('check');
    await workspace.check('filing');
    await workspace.judgeAll();
    await workspace.confirmInventory.click();
    await workspace.toRelease.click();
    const out = join(folder, 'out');
    mkdirSync(out);
    await app.answerDialogs([out]);
    await workspace.chooseFolder();
    await workspace.release.click();
    await expect(workspace.released).toBeVisible({ timeout: 120_000 });
    const receipt = page.getByRole('region', { name: 'Without 1 altered examination' });
    await expect(receipt).toContainText(DEVICE);
    await look('export-altered-receipt');
    await new MainPage(page, words).open('exports');
    await expect(
      page
        .getByRole('region', { name: words.t('exports:ledger') })
        .getByText('Without 1 altered examination'),
    ).toBeVisible();
  });

  expect(serious).toEqual([]);
  expect(complaints).toEqual([]);
});
