import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EvidencePage } from '../pages/evidence-page.ts';
import { DevicePage, ExaminationPage, SurveillancePage } from '../pages/surveillance-pages.ts';

import { expectAccessible } from './support/axe.ts';
import { keepInBoth } from './support/both-languages.ts';
import { Desk } from './support/desk.ts';
import { dropFiles } from './support/drop.ts';
import { writeSet } from './support/surveillance-files.ts';
import { expect, test } from './support/test.ts';
import { words } from './support/vault-steps.ts';

const { t } = words;

/** The wrong folder came in: the report says so, and whoever coordinates takes it away again for good. */
test('a folder without results is told as such, and is deleted where the report leads', async ({
  launch,
  folder,
}) => {
  test.setTimeout(150_000);
  const wrong = join(folder, 'documentos');
  mkdirSync(wrong);
  writeFileSync(join(wrong, 'notas.txt'), 'Lista del mandado');
  const desk = await Desk.open(launch, folder);
  const { id: deviceId } = await desk.made('devices.record', { make: 'Apple', model: 'iPhone 12' });
  await desk.made('examinations.record', { deviceId, basis: 'owner', method: 'itunesBackup' });
  const place = new SurveillancePage(desk.page, words);
  await desk.main.open('surveillance');
  await place.tab('devices');
  await place.row('iPhone 12').click();
  await (await new DevicePage(desk.page, words).opened('iPhone 12')).openExamination();
  const examination = new ExaminationPage(desk.page, words);
  await examination.tab('import');
  await desk.app.answerDialogs([wrong]);
  await examination.folder.click();
  await expect(examination.report).toContainText(t('imports:nothing'), { timeout: 60_000 });
  await expect(examination.report.getByText(t('imports:nothing'))).toBeInViewport();
  await examination.report.getByRole('link', { name: t('imports:toEvidence') }).click();

  const { viewer } = new EvidencePage(desk.page, words);
  await viewer.getByRole('tab', { name: t('evidence:tab.about') }).click();
  await viewer.getByRole('button', { name: t('evidence:delete.open') }).click();
  const dialog = desk.page.getByRole('dialog');
  const go = dialog.getByRole('button', { name: t('evidence:delete.action'), exact: true });
  await dialog.getByRole('textbox', { name: t('safeguard:data.reason') }).fill('la carpeta equivocada');
  await dialog.getByRole('textbox', { name: t('evidence:delete.basis') }).fill('llegó por error');
  await expect(go).toBeDisabled();
  await keepInBoth(desk.page, 'evidence-delete', () => expectAccessible(desk.page));
  await dialog.getByRole('textbox', { name: t('safeguard:erase.type', { word: 'borrar' }) }).fill('borrar');
  await go.click();
  await expect(dialog).toContainText(t('evidence:delete.done'), { timeout: 60_000 });
  await dialog
    .getByRole('button', { name: t('ui:close') })
    .first()
    .click();

  await expect(viewer.getByText(words.error('evidence.deleted'))).toBeVisible();
  for (const none of ['delete.open', 'verify', 'saveCopy'] as const)
    await expect(viewer.getByRole('button', { name: t(`evidence:${none}`) })).toHaveCount(0);
  await keepInBoth(desk.page, 'evidence-deleted', () => expectAccessible(desk.page));
  expect(desk.app.problems()).toEqual([]);
});

/** Results of another phone were compared: whoever deletes them says so, and nothing is said of this device any more. */
test('results that were not of the device take their comparison with them', async ({ launch, folder }) => {
  test.setTimeout(150_000);
  const wrong = join(folder, 'ajenos');
  mkdirSync(wrong);
  writeFileSync(join(wrong, 'safari_history.json'), '[{"url":"https://asamblea.example/","id":1}]');
  writeSet(join(folder, 'radio.stix2'));
  const desk = await Desk.open(launch, folder);
  const { id: deviceId } = await desk.made('devices.record', { make: 'Apple', model: 'iPhone 12' });
  await desk.made('examinations.record', { deviceId, basis: 'owner', method: 'itunesBackup' });
  const place = new SurveillancePage(desk.page, words);
  await desk.main.open('surveillance');
  await place.tab('sets');
  await dropFiles(desk.page, await place.setDrop(), [join(folder, 'radio.stix2')]);
  await expect(place.setTaken('radio.stix2')).toContainText('2 indicadores', { timeout: 60_000 });
  await desk.main.open('surveillance');
  await place.tab('devices');
  await place.row('iPhone 12').click();
  await (await new DevicePage(desk.page, words).opened('iPhone 12')).openExamination();
  const examination = new ExaminationPage(desk.page, words);
  await examination.tab('import');
  await desk.app.answerDialogs([wrong]);
  await examination.folder.click();
  const quiet = desk.page.getByText(t('surveillance:outcome.noSignsSoFar'), { exact: true });
  await expect(quiet.first()).toBeVisible({ timeout: 60_000 });
  await examination.tab('about');
  await desk.page.getByRole('link', { name: 'ajenos.tar' }).click();

  const { viewer } = new EvidencePage(desk.page, words);
  await viewer.getByRole('tab', { name: t('evidence:tab.about') }).click();
  await viewer.getByRole('button', { name: t('evidence:delete.open') }).click();
  const dialog = desk.page.getByRole('dialog');
  const go = dialog.getByRole('button', { name: t('evidence:delete.action'), exact: true });
  await dialog.getByRole('textbox', { name: t('safeguard:data.reason') }).fill('el teléfono equivocado');
  await dialog.getByRole('textbox', { name: t('evidence:delete.basis') }).fill('llegó por error');
  await dialog.getByRole('textbox', { name: t('safeguard:erase.type', { word: 'borrar' }) }).fill('borrar');
  await expect(go).toBeDisabled();
  const whose = dialog.getByRole('radiogroup', {
    name: t('evidence:delete.whose.ask', { device: 'Apple iPhone 12' }),
  });
  await keepInBoth(desk.page, 'evidence-delete-whose-asked', () => expectAccessible(desk.page));
  await whose.getByRole('radio', { name: t('evidence:delete.whose.other') }).check();
  await keepInBoth(desk.page, 'evidence-delete-whose', () => expectAccessible(desk.page));
  await go.click();
  await expect(dialog).toContainText(t('evidence:delete.done'), { timeout: 60_000 });
  await dialog
    .getByRole('button', { name: t('ui:close') })
    .first()
    .click();

  await desk.main.open('surveillance');
  await place.tab('devices');
  await place.row('iPhone 12').click();
  const device = await new DevicePage(desk.page, words).opened('iPhone 12');
  await expect(desk.page.getByText(t('surveillance:outcome.notMatched'), { exact: true })).toBeVisible();
  await expect(quiet).toHaveCount(0);
  await device.openExamination();
  await expect(desk.page.getByText(t('surveillance:noTraces.withdrawn'))).toBeVisible();
  await keepInBoth(desk.page, 'examination-withdrawn', () => expectAccessible(desk.page));
  await examination.tab('about');
  await expect(desk.page.getByText(t('surveillance:runs.notOfDevice'))).toBeVisible();
  await keepInBoth(desk.page, 'examination-withdrawn-about', () => expectAccessible(desk.page));
  expect(desk.app.problems()).toEqual([]);
});
