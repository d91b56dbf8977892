import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EvidencePage } from '../pages/evidence-page.ts';
import { MainPage } from '../pages/main-page.ts';

import { seriousFindings } from './support/axe.ts';
import { dropFiles } from './support/drop.ts';
import { keepScreen } from './support/screens.ts';
import { expect, test } from './support/test.ts';
import { withVault, words } from './support/vault-steps.ts';

/** A program that came as evidence leaves encrypted, with its passphrase shown once, unless somebody wants it as it is. */
const NAME = 'recibo-factura.apk';

test('a program leaves inside an age file, and in clear only by the other button', async ({
  launch,
  folder,
}) => {
  test.setTimeout(180_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const { t } = words;
  const bytes = Buffer.from('PK contenido de prueba que no es un programa');
  writeFileSync(join(folder, NAME), bytes);
  await new MainPage(page, words).open('evidence');
  const evidence = new EvidencePage(page, words);
  await evidence.addFiles.click();
  await dropFiles(page, evidence.files.drop, [join(folder, NAME)]);
  await expect(evidence.files.sealed(NAME)).toBeVisible({ timeout: 60_000 });
  await evidence.view(NAME);
  const dialog = page.getByRole('dialog', { name: t('evidence:program.title') });
  const saveCopy = evidence.viewer.getByRole('button', { name: t('evidence:saveCopy') });

  await saveCopy.click();
  await dialog.waitFor();
  await keepScreen(page, 'evidence-program', 'es', async () => {
    expect(await seriousFindings(page)).toEqual([]);
  });
  await app.answerDialogs([join(folder, `${NAME}-fuera.age`)]);
  await dialog.getByRole('button', { name: t('evidence:program.sealed') }).click();
  const passphrase = dialog.getByTestId('program-passphrase');
  await passphrase.waitFor({ timeout: 60_000 });
  expect((await passphrase.innerText()).split(' ').length).toBe(10);
  await keepScreen(page, 'evidence-program-sealed', 'es', async () => {
    expect(await seriousFindings(page)).toEqual([]);
  });
  const sealed = readFileSync(join(folder, `${NAME}-fuera.age`));
  expect(sealed.subarray(0, 21).toString('latin1')).toBe('age-encryption.org/v1');
  expect(sealed.includes(bytes)).toBe(false);
  await dialog
    .getByRole('button', { name: t('ui:close') })
    .last()
    .click();
  await expect(dialog).toHaveCount(0);

  await saveCopy.click();
  await app.answerDialogs([join(folder, 'tal-cual.apk')]);
  await dialog.getByRole('button', { name: t('evidence:program.plain') }).click();
  await expect.poll(() => existsSync(join(folder, 'tal-cual.apk')), { timeout: 30_000 }).toBe(true);
  await expect(dialog).toHaveCount(0);
  expect(readFileSync(join(folder, 'tal-cual.apk')).equals(bytes)).toBe(true);
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});
