import { join } from 'node:path';

import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

import { MainPage } from '../../pages/main-page.ts';
import {
  DevicePage,
  ExaminationPage,
  MessageForm,
  MessagePage,
  ReceiveForm,
  SURVEILLANCE_TABS,
  SurveillancePage,
} from '../../pages/surveillance-pages.ts';
import type { Words } from '../../pages/words.ts';

import { valueOf } from './bridge.ts';
import { dropFiles } from './drop.ts';
import { EVIL, SHORT, writeResults, writeSet } from './surveillance-files.ts';

interface Made {
  readonly id: string;
}
type Look = (name: string) => Promise<void>;

const DEVICE = 'Apple iPhone 12';

/** A device with its custody, messages, a warning and dates: something for every screen of surveillance. */
export const fillSurveillance = async (page: Page, caseId: string, personId: string): Promise<void> => {
  const made = async (method: string, input: unknown): Promise<string> =>
    (await valueOf<Made>(page, method, input)).id;
  const deviceId = await made('devices.record', {
    caseId,
    ownerId: personId,
    make: 'Apple',
    model: 'iPhone 12',
    os: 'iOS',
    osVersion: '17.5',
    identifiers: [{ kind: 'imei', value: '000000000000018' }],
    since: { kind: 'year', year: 2024 },
    stillInUse: 'yes',
  });
  await valueOf(page, 'receptions.record', {
    deviceId,
    handedById: personId,
    relation: 'es suyo',
    receivedAt: '2026-11-19T18:00:00.000Z',
    power: ['on', 'airplane'],
    condition: 'pantalla estrellada',
    seal: 'S-0417',
    prosecutorFile: 'unknown',
  });
  await valueOf(page, 'devices.custody', {
    deviceId,
    action: 'copied',
    at: '2026-11-20T16:00:00.000Z',
    detail: 'respaldo cifrado de iTunes',
  });
  await made('examinations.record', {
    deviceId,
    basis: 'owner',
    basisPersonId: personId,
    basisDay: '2026-11-14',
    method: 'itunesBackup',
    tool: 'MVT',
    toolVersion: '2026.7.29',
    startedAt: '2026-11-20T16:10:00.000Z',
    examiner: 'Ixchel Robledo',
    limits: 'Un respaldo no contiene la memoria ni los registros del sistema.',
  });
  const pending = await made('devices.record', {
    caseId,
    make: 'Motorola',
    model: 'G32',
    ownerWords: 'sin saber',
  });
  await valueOf(page, 'receptions.record', { deviceId: pending, handedByWords: 'una vecina' });
  await made('examinations.record', { deviceId: pending, basis: 'pending' });
  for (const [text, day] of [
    [`Su recibo de luz vence hoy. https://a1.${EVIL}:8443/7715208s Evite recargos.`, '2026-11-15'],
    [`Denuncia en su contra, consulte ${SHORT}`, '2026-11-11'],
  ])
    await made('messages.record', {
      caseId,
      personId,
      deviceId,
      channel: 'sms',
      sender: '50089',
      text,
      received: { kind: 'day', day, time: '10:02', approximate: false },
      clicked: 'no',
      context: 'La semana de la audiencia del agua.',
    });
  await made('notifications.record', {
    caseId,
    personId,
    provider: 'apple',
    received: { kind: 'day', day: '2026-11-10', approximate: false },
    text: 'ALERTA: atacantes patrocinados por un Estado podrían estar apuntando a tu iPhone.',
  });
  await made('milestones.record', {
    caseId,
    kind: 'hearing',
    title: 'Audiencia por la concesión del agua',
    happened: { kind: 'day', day: '2026-11-13', approximate: false },
  });
  const incidentId = await made('incidents.record', {
    caseId,
    title: 'Llamada con amenaza a la locutora',
    happened: { kind: 'day', day: '2026-11-12', time: '21:15', approximate: false },
    narrative: 'Una voz dijo que la próxima vez no van a avisar.',
  });
  await made('digitalAttacks.record', {
    incidentId,
    type: 'deviceSeizure',
    deviceId,
    details: { authority: 'Policía municipal', receipt: 'no dieron', duress: 'sí, dos horas' },
  });
};

/** All screens of digital surveillance, one after the other. */
export const walkSurveillance = async (
  page: Page,
  words: Words,
  look: Look,
  folder: string,
): Promise<void> => {
  const { t } = words;
  const main = new MainPage(page, words);
  const place = new SurveillancePage(page, words);
  const first = words.language === 'es';
  await main.open('surveillance');
  if (first) {
    await look('surveillance-before');
    await place.tab('sets');
    await look('surveillance-no-sets');
    writeSet(join(folder, 'radio.stix2'));
    writeResults(join(folder, 'resultados'));
    await dropFiles(page, await place.setDrop(), [join(folder, 'radio.stix2')]);
    await expect(place.setTaken('radio.stix2')).toContainText('2 indicadores', { timeout: 60_000 });
    await look('surveillance-set-added');
  }
  await place.tab('sets');
  await place.row('radio.stix2').click();
  await page.getByText(t('surveillance:sets.skip.otherPatternType')).first().waitFor();
  await look('surveillance-set');

  await main.open('surveillance');
  await place.receive.click();
  await new ReceiveForm(page, words).opened();
  await look('receive-device');
  await page.getByRole('button', { name: t('surveillance:card.open') }).click();
  await page.getByRole('dialog').waitFor();
  await look('card-for-person');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await main.open('surveillance');
  await place.tab('devices');
  await place.row('Motorola').click();
  const device = await new DevicePage(page, words).opened('Motorola');
  await look('device-pending');
  await device.openExamination();
  const examination = new ExaminationPage(page, words);
  await look('examination-pending');
  await main.open('surveillance');
  await place.tab('devices');
  await place.row('iPhone 12').click();
  await device.opened(DEVICE);
  await device.openExamination();
  if (first) {
    await examination.tab('import');
    await dropFiles(page, examination.drop, [join(folder, 'resultados', 'sms.json')]);
    await examination.report.waitFor({ timeout: 90_000 });
    await look('import-report');
  }
  await examination.tab('findings');
  await examination.findings.waitFor();
  await look('findings');
  await examination.finding('a1[.]').first().click();
  await page.getByRole('complementary', { name: t('findings:one') }).waitFor();
  await look('finding');
  await examination.finding('7715208s').first().getByRole('checkbox').check();
  await look('findings-bulk');
  await examination.tab('about');
  await look('examination-about');
  await page.getByRole('main').getByRole('link', { name: DEVICE }).first().click();
  await device.opened(DEVICE);
  await look('device');
  await page.getByRole('button', { name: t('timeline:asTable') }).click();
  await look('device-list');

  await main.open('surveillance');
  await place.newMessage.click();
  await new MessageForm(page, words).opened();
  await look('message-form');
  await main.open('surveillance');
  await place.tab('messages');
  await place.row('7715208s').first().click();
  const message = await new MessagePage(page, words).opened();
  if (first) {
    await look('message-before');
    await message.compare.click();
    await message.coincidences.first().waitFor({ timeout: 60_000 });
  }
  await look('message');
  await main.open('surveillance');
  for (const tab of SURVEILLANCE_TABS) {
    await place.tab(tab);
    await look(`surveillance-${tab}`);
  }
};
