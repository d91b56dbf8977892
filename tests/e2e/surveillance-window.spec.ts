import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CasePage } from '../pages/case-pages.ts';
import { MainPage } from '../pages/main-page.ts';
import { SettingsPage } from '../pages/settings-page.ts';
import {
  DevicePage,
  ExaminationPage,
  MessageForm,
  MessagePage,
  SurveillancePage,
  TimelineExportDialog,
} from '../pages/surveillance-pages.ts';
import { wordsOf, type Language } from '../pages/words.ts';

import { seriousFindings } from './support/axe.ts';
import { createVault, valueOf } from './support/bridge.ts';
import { dropFiles } from './support/drop.ts';
import { missingCommands, run } from './support/real-files.ts';
import { keepScreen } from './support/screens.ts';
import { EVIL, EVIL_SHOWN, writeResults, writeScreenshot, writeSet } from './support/surveillance-files.ts';
import { fillSurveillance } from './support/surveillance-screens.ts';
import { expect, test } from './support/test.ts';
import { watchPage } from './support/watch.ts';

const missing = missingCommands(['convert', 'pdftotext', 'pdftoppm']);
const CASE = 'Radio y agua de Encinares';
const PERSON = 'Maricela Xochimitl Olmedo';

test('a picture proposes, lists go over all devices, timelines leave without a name', async ({
  launch,
  folder,
}) => {
  test.skip(missing.length > 0, `not installed: ${missing.join(', ')}`);
  test.setTimeout(400_000);
  let words = wordsOf('es');
  let { t } = words;
  const complaints: string[] = [];
  const serious: string[] = [];
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  watchPage(page, complaints);
  await new MainPage(page, words).heading(t('today:title')).waitFor();
  const look = (name: string): Promise<void> =>
    keepScreen(page, name, words.language, async (scheme) => {
      for (const finding of await seriousFindings(page))
        serious.push(`${name} ${words.language} ${scheme}: ${finding}`);
    });
  const { id: caseId } = await valueOf<{ id: string }>(page, 'cases.open', {
    title: CASE,
    state: 'active',
    summary: '',
    openedDay: '2026-01-10',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });
  const { id: personId } = await valueOf<{ id: string }>(page, 'persons.record', { name: PERSON });
  await valueOf(page, 'cases.addPerson', { caseId, personId, roles: ['beneficiary'] });
  await fillSurveillance(page, caseId, personId);
  writeSet(join(folder, 'radio.stix2'));
  writeResults(join(folder, 'resultados'));
  writeScreenshot(join(folder, 'captura.png'), [
    'Su recibo de luz vence hoy.',
    `https://${EVIL}/7715208s`,
    'Evite recargos',
  ]);
  let main = new MainPage(page, words);
  let place = new SurveillancePage(page, words);
  await main.open('surveillance');
  await place.tab('sets');
  await dropFiles(page, await place.setDrop(), [join(folder, 'radio.stix2')]);
  await expect(place.setTaken('radio.stix2')).toContainText('2 indicadores', { timeout: 60_000 });

  await test.step('a picture proposes text and link; a person takes them over', async () => {
    await main.open('surveillance');
    await place.newMessage.click();
    const form = await new MessageForm(page, words).opened();
    await dropFiles(page, form.files.drop, [join(folder, 'captura.png')]);
    await expect(form.proposal).toContainText(EVIL_SHOWN, { timeout: 90_000 });
    await expect(form.text).toHaveValue('');
    await look('message-proposal');
    await form.proposal.getByRole('button', { name: t('messages:useRead') }).click();
    await expect(form.text).toHaveValue(new RegExp(`https://${EVIL}/7715208s`, 'u'));
    await form.sender.fill('50089');
    await form.save.click();
    await new MessagePage(page, words).opened();
    await expect(page.getByRole('main')).toContainText(EVIL_SHOWN);
    // Others got something from the same number.
    await expect(page.getByText(t('messages:because.sameSender')).first()).toBeVisible();
  });

  const { rows: devices } = await valueOf<{ rows: { id: string; model: string }[] }>(page, 'devices.list');
  const iphone = devices.find(({ model }) => model === 'iPhone 12')?.id;
  expect(iphone).toBeDefined();

  await test.step('findings of all devices, and where else each was seen', async () => {
    await main.open('surveillance');
    await place.tab('devices');
    await place.row('iPhone 12').click();
    const device = await new DevicePage(page, words).opened('iPhone 12');
    await device.openExamination();
    const examined = new ExaminationPage(page, words);
    await examined.tab('import');
    await app.answerDialogs([join(folder, 'resultados')]);
    await examined.folder.click();
    await expect(examined.report).toContainText('sms.json', { timeout: 90_000 });
    await main.open('surveillance');
    await place.tab('findings');
    await place.row('7715208s').first().click();
    const view = page.getByRole('complementary', { name: t('findings:one') });
    await expect(view.getByRole('region', { name: t('findings:across.elsewhere') })).toContainText(
      t('messages:because.sameLink'),
    );
    await look('findings-across-one');
    await view.getByRole('button', { name: t('ui:close') }).click();
    await page.getByRole('textbox', { name: t('findings:filterText') }).fill('bh-agent');
    await expect(place.row('bh-agent')).toBeVisible();
    await expect(place.row(EVIL_SHOWN)).toHaveCount(0);
  });

  await test.step('a digital attack is added where one looks for it', async () => {
    await main.open('surveillance');
    await place.tab('attacks');
    await page.getByRole('button', { name: t('surveillance:attack.new') }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('button', { name: t('save'), exact: true })).toBeDisabled();
    await dialog.getByRole('combobox', { name: t('surveillance:attack.incident') }).click();
    await page.getByRole('option', { name: /Llamada con amenaza/ }).click();
    await look('attack-form');
    await dialog.getByRole('button', { name: t('save'), exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await expect(place.row('Llamada con amenaza')).toHaveCount(2);
  });

  await test.step('the timeline leaves as table, sheet and drawing', async () => {
    await main.open('cases');
    await page.getByRole('row').filter({ hasText: CASE }).click();
    const casePage = await new CasePage(page, words).opened(CASE);
    await casePage.tab('timeline');
    const leaving = new TimelineExportDialog(page, words);
    for (const format of ['csv', 'pdf', 'svg'] as const) {
      const target = join(folder, `cronologia.${format}`);
      await app.answerDialogs([target]);
      await leaving.open.click();
      await leaving.format(format);
      await expect(leaving.write).toBeDisabled();
      await leaving.recipient.fill('Taller de análisis');
      await leaving.titles.check();
      if (format === 'csv') await look('timeline-export');
      await leaving.write.click();
      await expect(leaving.dialog).toHaveCount(0, { timeout: 60_000 });
      const text =
        format === 'pdf' ? run('pdftotext', ['-layout', target, '-']) : readFileSync(target, 'utf8');
      // A cell of the sheet breaks its words into lines.
      expect(text).toContain(format === 'pdf' ? 'Audiencia por' : 'Audiencia por la concesión del agua');
      for (const name of [PERSON, 'Xochimitl', CASE]) expect(text).not.toContain(name);
    }
    run('pdftoppm', [
      '-png',
      '-singlefile',
      '-r',
      '70',
      join(folder, 'cronologia.pdf'),
      join(import.meta.dirname, 'screens', 'timeline-sheet'),
    ]);
    const { rows } = await valueOf<{ rows: { kind: string }[] }>(page, 'surveillance.outputs', { caseId });
    expect(rows.filter(({ kind }) => kind === 'timeline')).toHaveLength(3);
  });

  for (const language of ['es', 'en'] as const satisfies readonly Language[]) {
    if (language === 'en') {
      await new MainPage(page, words).open('settings');
      await new SettingsPage(page, words).speak('en');
      words = wordsOf('en');
      ({ t } = words);
      main = new MainPage(page, words);
      place = new SurveillancePage(page, words);
    }
    await main.open('surveillance');
    await look('surveillance-overview');
    for (const tab of ['findings', 'attacks'] as const) {
      await place.tab(tab);
      await look(`surveillance-${tab}`);
    }
    await main.open('cases');
    await page.getByRole('row').filter({ hasText: CASE }).click();
    const casePage = await new CasePage(page, words).opened(CASE);
    await casePage.tab('timeline');
    await look('case-timeline-export');
    await casePage.tab('devices');
    await look('case-devices');
  }
  expect(serious).toEqual([]);
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});
