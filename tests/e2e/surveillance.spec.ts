import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { MainPage } from '../pages/main-page.ts';
import {
  DevicePage,
  ExaminationPage,
  MessageForm,
  MessagePage,
  ReceiveForm,
  SurveillancePage,
} from '../pages/surveillance-pages.ts';
import { wordsOf } from '../pages/words.ts';

import { createVault, mainCall, valueOf } from './support/bridge.ts';
import { dropFiles } from './support/drop.ts';
import { missingCommands, photograph, run } from './support/real-files.ts';
import {
  EVIL,
  EVIL_SHOWN,
  SHORT,
  writeResults,
  writeScreenshot,
  writeSet,
} from './support/surveillance-files.ts';
import { expect, test } from './support/test.ts';
import { watchPage } from './support/watch.ts';

const words = wordsOf('es');
const { t } = words;
const missing = missingCommands(['convert', 'exiftool', 'pdftotext']);

const MOTHER = 'Eufrosina Tlapalli';
const SON = 'Lisandro Tlapalli';
const CASE = 'Búsqueda de Lisandro';
const REASON = 'Lo dejó cargando la noche en que se lo llevaron';
const BASIS = 'madre; acta de nacimiento y reporte de desaparición';

interface Listed<T> {
  rows: T[];
  total: number;
}

/** Nothing on the page may be opened, said before its time, or be shown as good news. */
const expectHarmless = async (page: Page): Promise<void> => {
  const main = page.getByRole('main');
  await expect(main.locator('a[href^="http"], a[href^="hxxp"]')).toHaveCount(0);
  const text = await main.innerText();
  expect(text).not.toMatch(/https?:\/\//i);
  expect(text).not.toMatch(/infectad|infección|limpio|hackead/i);
  await expect(main.locator('[data-tone="verified"]')).toHaveCount(0);
};

test.beforeEach(() => {
  test.skip(missing.length > 0, `not installed: ${missing.join(', ')}`);
});

test('a mother hands over the telephone of her missing son', async ({ launch, folder }) => {
  test.setTimeout(120_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  watchPage(page, complaints);
  const main = new MainPage(page, words);
  await main.heading(t('today:title')).waitFor();
  const { id: caseId } = await valueOf<{ id: string }>(page, 'cases.open', {
    title: CASE,
    state: 'active',
    summary: '',
    openedDay: '2026-11-18',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });
  const { id: mother } = await valueOf<{ id: string }>(page, 'persons.record', { name: MOTHER });
  const { id: son } = await valueOf<{ id: string }>(page, 'persons.record', { name: SON });
  for (const [personId, role] of [
    [mother, 'relative'],
    [son, 'beneficiary'],
  ])
    await valueOf(page, 'cases.addPerson', { caseId, personId, roles: [role] });
  const code = (await valueOf<{ code: string }>(page, 'cases.get', { id: caseId })).code;
  const photo = join(folder, 'telefono.jpg');
  photograph(photo, MOTHER);
  writeSet(join(folder, 'radio.stix2'));
  writeResults(join(folder, 'resultados'));

  const surveillance = new SurveillancePage(page, words);
  await test.step('indicators come in, and what cannot be used is listed with its reason', async () => {
    await main.open('surveillance');
    await surveillance.tab('sets');
    await dropFiles(page, await surveillance.setDrop(), [join(folder, 'radio.stix2')]);
    await expect(surveillance.setTaken('radio.stix2')).toContainText('2 indicadores, 1 omitidos', {
      timeout: 60_000,
    });
    await surveillance.row('radio.stix2').click();
    await expect(page.getByText(t('surveillance:sets.skip.otherPatternType')).first()).toBeVisible();
  });

  const device = new DevicePage(page, words);
  await test.step('the device is received with its basis, photograph and seal', async () => {
    await main.open('surveillance');
    await surveillance.receive.click();
    const form = await new ReceiveForm(page, words).opened();
    await form.chooseCase(code);
    await form.handedBy.fill(MOTHER);
    await page.getByRole('option', { name: MOTHER, exact: true }).click();
    await form.relation.fill('madre');
    await form.owner.fill(SON);
    await page.getByRole('option', { name: SON, exact: true }).click();
    await form.make.fill('Samsung');
    await form.model.fill('Galaxy A54');
    await form.seal.fill('S-0417');
    await form.basis('relative');
    await form.prosecutorFile('yes');
    await expect(page.getByText(t('surveillance:receive.fileWarning'))).toBeVisible();
    await form.reason.fill(REASON);
    await dropFiles(page, form.files.drop, [photo]);
    await expect(form.files.sealed('telefono.jpg')).toBeVisible({ timeout: 60_000 });

    // A basis without a word of where it stands is none.
    await form.save.click();
    await expect(form.basisWords).toHaveAttribute('aria-invalid', 'true');
    await form.basisWords.fill(BASIS);
    await form.save.click();
    await device.opened('Samsung Galaxy A54');
    const stations = device.stations;
    await expect(stations.nth(0)).toHaveAttribute('data-done', 'true');
    await expect(stations.nth(1)).toHaveAttribute('data-done', 'true');
    await expect(stations.nth(2)).toHaveAttribute('data-done', 'false');
    await expectHarmless(page);
  });

  await test.step('the receipt has two signatures and says neither reason nor case', async () => {
    const receipt = join(folder, 'recibo.pdf');
    await app.answerDialogs([receipt]);
    await device.receipt.click();
    await expect(page.getByText(t('surveillance:receipt.done'))).toBeVisible({ timeout: 30_000 });
    const text = run('pdftotext', ['-layout', receipt, '-']);
    expect(text).toContain('Galaxy A54');
    expect(text).toContain('S-0417');
    for (const hidden of [CASE, 'Búsqueda', code, REASON, 'desaparición']) expect(text).not.toContain(hidden);
  });

  const examination = new ExaminationPage(page, words);
  await test.step('a copy is made, its results come in and wait to be reviewed', async () => {
    await device.step('copied', 'copia lógica, sin encender');
    await device.openExamination();
    await app.answerDialogs([join(folder, 'resultados')]);
    await examination.tab('import');
    await examination.folder.click();
    await expect(examination.report).toContainText('registros', { timeout: 90_000 });
    await expect(examination.report).toContainText('sms.json');
    await examination.tab('findings');
    await expect(examination.finding(EVIL_SHOWN).first()).toBeVisible();
    await expect(examination.finding('bh-agent')).toBeVisible();
    await expect(page.getByText(t('findings:never'))).toBeVisible();
    await expectHarmless(page);
  });

  await test.step('each hit is explained; only a person confirms, and sets aside with a reason', async () => {
    await examination.finding('a1[.]').first().click();
    const view = page.getByRole('complementary', { name: t('findings:one') });
    await expect(view.getByRole('region', { name: t('findings:meansTitle') })).toBeVisible();
    await expect(view).toContainText(EVIL_SHOWN);
    await view.getByRole('button', { name: t('ui:close') }).click();
    await examination.finding('bh-agent').click();
    const save = view.getByRole('button', { name: t('findings:review.save') });
    await view.getByRole('combobox', { name: t('findings:review.state') }).click();
    await page.getByRole('option', { name: words.term('findingState', 'falsePositive') }).click();
    await expect(save).toBeDisabled();
    await view.getByRole('textbox', { name: t('findings:review.reason') }).fill('lo instala la operadora');
    await save.click();
    await expect(examination.finding('bh-agent')).toContainText(words.term('findingState', 'falsePositive'));
    await expect(view).toContainText('lo instala la operadora');
    await view.getByRole('button', { name: t('ui:close') }).click();

    // Both links at once.
    const boxes = examination.finding(EVIL_SHOWN).getByRole('checkbox');
    const many = await boxes.count();
    expect(many).toBeGreaterThanOrEqual(2);
    for (let at = 0; at < many; at += 1) await boxes.nth(at).check();
    const bulk = page.getByRole('region', { name: t('findings:bulk') });
    await examination.decide(bulk, 'suspicious');
    await expect(bulk).toBeHidden();
    await expect(examination.finding(EVIL_SHOWN).first()).toContainText(
      words.term('findingState', 'suspicious'),
    );
    const { counts } = await valueOf<{ counts: Record<string, number> }>(page, 'findings.list', {
      examinationId: (await valueOf<Listed<{ id: string }>>(page, 'examinations.list')).rows[0]?.id ?? '',
    });
    expect(counts).toMatchObject({ toReview: 0, falsePositive: 1, suspicious: many, confirmed: 0 });
  });

  await test.step('it goes back with an entry, and custody has no gap', async () => {
    await main.open('surveillance');
    await surveillance.tab('devices');
    await surveillance.row('Galaxy A54').click();
    await device.opened('Samsung Galaxy A54');
    await expect(page.getByRole('region', { name: t('surveillance:caution.title') })).toBeVisible();
    await device.giveBack();
    await expect(device.stations.nth(3)).toHaveAttribute('data-done', 'true');
    await expect(page.getByText(t('surveillance:custody.gaps'))).toHaveCount(0);
    const { rows } = await valueOf<Listed<{ id: string }>>(page, 'devices.list');
    expect(await valueOf(page, 'devices.get', { id: rows[0]?.id })).toMatchObject({
      state: 'returned',
      custodyGaps: [],
    });
  });
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});

test('with nobody who may allow it a device is kept and nothing is read', async ({ launch, folder }) => {
  test.setTimeout(120_000);
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  const main = new MainPage(page, words);
  await main.heading(t('today:title')).waitFor();
  writeResults(join(folder, 'resultados'));
  await main.open('surveillance');
  await new SurveillancePage(page, words).receive.click();
  const form = await new ReceiveForm(page, words).opened();
  await expect(page.getByText(t('surveillance:pending.mayNot'))).toBeVisible();
  await form.handedBy.fill('una vecina');
  await form.make.fill('Motorola');
  await form.save.click();
  const device = await new DevicePage(page, words).opened('Motorola');
  // The row of the examination says the same in more words, once it has come.
  await expect(page.getByText(t('surveillance:pending.tag'), { exact: true })).toBeVisible();
  await device.openExamination();
  const examination = new ExaminationPage(page, words);
  await expect(examination.compare).toBeDisabled();
  await expect(examination.share).toBeDisabled();
  await examination.tab('import');
  await app.answerDialogs([join(folder, 'resultados')]);
  await examination.folder.click();
  await expect(examination.report).toContainText(t('imports:preserved'), { timeout: 90_000 });
  await examination.tab('findings');
  await expect(page.getByText(t('surveillance:pending.mayNot'))).toBeVisible();
  await expect(examination.findings).toHaveCount(0);
  // The engine refuses as well, whoever asks.
  const [row] = (await valueOf<Listed<{ id: string }>>(page, 'examinations.list')).rows;
  for (const [method, input] of [
    ['findings.list', { examinationId: row?.id }],
    ['findings.rematch', { examinationId: row?.id }],
    ['examinations.match', { id: row?.id }],
  ] as const)
    expect(await mainCall(page, method, input)).toMatchObject({
      ok: false,
      error: { code: 'examination.preservationOnly' },
    });
  expect(app.problems()).toEqual([]);
});

test('a suspicious message: beside its picture, compared without the network, never to be clicked', async ({
  launch,
  folder,
}) => {
  test.setTimeout(120_000);
  const complaints: string[] = [];
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  watchPage(page, complaints);
  const main = new MainPage(page, words);
  await main.heading(t('today:title')).waitFor();
  writeSet(join(folder, 'radio.stix2'));
  writeScreenshot(join(folder, 'captura.png'), [
    'Su recibo de luz vence hoy.',
    `https://${EVIL}/7715208s`,
    'Evite recargos',
  ]);
  const surveillance = new SurveillancePage(page, words);
  await main.open('surveillance');
  await surveillance.tab('sets');
  await dropFiles(page, await surveillance.setDrop(), [join(folder, 'radio.stix2')]);
  await expect(surveillance.setTaken('radio.stix2')).toContainText('2 indicadores', { timeout: 60_000 });

  const message = new MessagePage(page, words);
  await test.step('it is written beside its picture', async () => {
    await main.open('surveillance');
    await surveillance.newMessage.click();
    const form = await new MessageForm(page, words).opened();
    await dropFiles(page, form.files.drop, [join(folder, 'captura.png')]);
    await expect(form.files.sealed('captura.png')).toBeVisible({ timeout: 60_000 });
    await expect(form.picture).toBeVisible({ timeout: 60_000 });
    await form.text.fill(
      `Su recibo de luz vence hoy. https://a1.${EVIL}:8443/7715208s Evite recargos. ${SHORT}`,
    );
    await form.sender.fill('50089');
    await form.received.fill('15 de noviembre de 2026, 10:02');
    await form.save.click();
    await message.opened();
    await expectHarmless(page);
    await expect(page.getByText(`a1[.]${EVIL_SHOWN}`).first()).toBeVisible();
  });

  await test.step('comparing explains each hit and says what not to do', async () => {
    await message.compare.click();
    await expect(message.coincidences.first()).toContainText(EVIL_SHOWN, { timeout: 60_000 });
    await expect(message.caution).toContainText(t('surveillance:caution.noReset'));
    await expect(page.getByText(t('messages:unresolvedTag'))).toBeVisible();
    await expectHarmless(page);
  });

  await test.step('where a shortened link leads is written by hand', async () => {
    await message.writeDestination('bit[.]ly', `https://${EVIL}/otra`, 'lo recuerda la persona');
    await expect(message.links.filter({ hasText: 'lo recuerda la persona' })).toContainText(EVIL_SHOWN);
    await expectHarmless(page);
  });

  await test.step('what is copied is harmless too', async () => {
    await message.copyText.click();
    await expect(page.getByText(t('copied'))).toBeVisible();
  });

  await test.step('the same message to somebody else is found', async () => {
    await valueOf(page, 'messages.record', {
      text: `Su recibo de luz vence hoy. https://a1.${EVIL}:8443/7715208s Evite recargos.`,
      channel: 'sms',
      sender: '50089',
    });
    await main.open('surveillance');
    await surveillance.tab('messages');
    await expect(page.getByText(t('messages:notCompared')).first()).toBeVisible();
    await surveillance.row(t('messages:notCompared')).first().click();
    await message.opened();
    await expect(page.getByText(t('messages:because.sameLink')).first()).toBeVisible();
  });
  expect(complaints).toEqual([]);
  expect(app.problems()).toEqual([]);
});
