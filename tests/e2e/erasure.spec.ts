import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { MainPage } from '../pages/main-page.ts';

import { expectAccessible } from './support/axe.ts';
import { valueOf } from './support/bridge.ts';
import { missingCommands } from './support/real-files.ts';
import { expect, test } from './support/test.ts';
import { openCare, openCase, withVault, words } from './support/vault-steps.ts';

/** «What do you have about me? Erase it.»: asked, answered, blocked, found again, erased, certified. */
const { t } = words;
const HER = 'Maricela Xochimitl Olmedo';

test('blocked she is in no list but one; erased nothing of her is found, and a sheet says so', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await withVault(app, folder, complaints);
  const { id: caseId } = await openCase(page, 'Radio y agua de Encinares', 'EXP-1');
  const { id: personId } = await valueOf<{ id: string }>(page, 'persons.record', {
    name: HER,
    aliases: ['La Calandria'],
    caseId,
  });
  await valueOf(page, 'incidents.record', {
    caseId,
    title: 'Corte de luz',
    narrative: `@[Maricela](person:${personId}) estaba en la cabina. Después habló ${HER}; la Calandria no quiso salir.`,
  });
  await new MainPage(page, words).open('people');
  await page.getByRole('row').filter({ hasText: HER }).click();
  await page.getByRole('link', { name: t('people:herData') }).click();
  await page.getByRole('heading', { level: 1, name: t('safeguard:data.title') }).waitFor();
  await expect(page.getByRole('region', { name: t('safeguard:data.sheet') })).toContainText(HER);

  // Her request is noted with how she was recognised; its time limits appear.
  const ask = page.getByRole('region', { name: t('safeguard:request.new') });
  await ask.getByRole('checkbox', { name: t('safeguard:request.kind.erase') }).check();
  await ask
    .getByRole('textbox', { name: t('safeguard:request.identified') })
    .fill('Mismo canal del expediente');
  await ask.getByRole('button', { name: t('safeguard:request.note'), exact: true }).click();
  await expect(page.getByText(t('safeguard:request.unconfirmed')).first()).toBeVisible();

  const panel = page.getByRole('region', { name: t('safeguard:erase.title'), exact: true });
  const block = panel.getByRole('button', { name: t('safeguard:erase.block') });
  await expect(block).toBeDisabled();
  await page.getByRole('textbox', { name: t('safeguard:data.reason') }).fill('Lo pidió ella.');
  await page.getByRole('textbox', { name: t('safeguard:data.basis') }).fill('Su propia voluntad');
  const letters = join(folder, 'cartas');
  mkdirSync(letters);
  await app.answerDialogs([letters]);
  await page.getByRole('button', { name: t('safeguard:data.lettersWrite') }).click();
  await expect.poll(() => readdirSync(letters).filter((name) => name.endsWith('.docx'))).toHaveLength(1);
  await expectAccessible(page);

  // First stage. Nobody finds her any more, except where the way back is.
  await block.click();
  await expect(page.getByText(t('safeguard:hold.blocked'))).toBeVisible();
  await new MainPage(page, words).open('people');
  await expect(page.getByRole('row').filter({ hasText: HER })).toHaveCount(0);
  await openCare(page, 'requests');
  await page.getByRole('heading', { level: 1, name: t('safeguard:requests.title') }).waitFor();
  const held = page.getByRole('region', { name: t('safeguard:requests.held') });
  await expect(held.getByText(t('safeguard:requests.hold.blocked'))).toBeVisible();
  await expectAccessible(page);
  await held.getByRole('link', { name: HER }).click();

  await expect(page.getByRole('region', { name: t('safeguard:data.sheet') })).toBeVisible();

  // Second stage: every uncertain place is decided, the word is typed.
  await page.getByRole('textbox', { name: t('safeguard:data.reason') }).fill('Lo pidió ella.');
  await page.getByRole('textbox', { name: t('safeguard:data.basis') }).fill('Su propia voluntad');
  const erase = panel.getByRole('button', { name: t('safeguard:erase.action') });
  await expect(erase).toBeDisabled();
  for (const choice of await panel.getByText(t('safeguard:erase.replace'), { exact: true }).all())
    await choice.click();
  await panel.getByRole('textbox', { name: /suprimir/u }).fill('suprimir');
  await erase.click();
  const done = panel.getByText(/^Suprimida; ahora es P-/u);
  await expect(done).toBeVisible({ timeout: 60_000 });
  // What was known of her before it stands there no more, and nothing complains that it cannot be asked again.
  const known = page.getByRole('region', { name: t('safeguard:data.sheet') });
  await expect(known).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
  const code = /P-\w+/u.exec(await done.innerText())?.[0] ?? 'none';
  const sheet = join(folder, 'supresion.pdf');
  await app.answerDialogs([sheet]);
  await panel.getByRole('button', { name: t('safeguard:erase.certificate') }).click();
  await expect(panel.getByText(/Huella: /u)).toBeVisible({ timeout: 30_000 });
  expect(existsSync(sheet)).toBe(true);
  await expectAccessible(page);
  if (missingCommands(['pdftotext']).length === 0) {
    const text = execFileSync('pdftotext', ['-layout', sheet, '-'], { encoding: 'utf8' });
    expect(text).toContain(code);
    for (const hers of ['Maricela', 'Xochimitl', 'Calandria']) expect(text).not.toContain(hers);
  }
  for (const word of ['Maricela', 'Xochimitl', 'Calandria'])
    expect(
      (await valueOf<{ hits: unknown[] }>(page, 'search.everything', { text: word })).hits,
      word,
    ).toEqual([]);
  expect((await valueOf<{ counts: { persons: number } }>(page, 'vault.info')).counts.persons).toBe(1);

  // Of an erased person the sheet can be had again later.
  await openCare(page, 'requests');
  await held.getByRole('link', { name: code }).click();
  await expect(panel.getByRole('button', { name: t('safeguard:erase.certificate') })).toBeVisible();
  await expect(known).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});
