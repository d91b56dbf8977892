import type { Locator } from '@playwright/test';

import { CasePage } from '../pages/case-pages.ts';
import { pick } from '../pages/fields.ts';
import { ConsentDialog } from '../pages/person-pages.ts';
import { SurveillancePage } from '../pages/surveillance-pages.ts';

import { expectAccessible } from './support/axe.ts';
import { keepInBoth } from './support/both-languages.ts';
import { Desk } from './support/desk.ts';
import { expect, test } from './support/test.ts';
import { words } from './support/vault-steps.ts';

/** Forms of digital surveillance and of consents, half written when the vault was locked. */
const { t, term } = words;

const OWNER = 'Lisandro Tlapalli';
const LIMITS = 'Un respaldo no contiene la memoria';
const MODEL = 'Galaxy A54 5G';
const WARNING = 'Atacantes patrocinados por un Estado';
const LINK = 'el enlace que llegó el lunes';
const WHY = 'está en un hospital y no hay canal seguro';

test('each comes back from Hoy as it was left, is saved, and leaves no draft behind', async ({
  launch,
  folder,
}) => {
  test.setTimeout(200_000);
  const desk = await Desk.open(launch, folder);
  const caseId = await desk.case('Radio y agua', 'R-1');
  const { id: personId } = await desk.made('persons.record', { name: OWNER });
  await desk.value('cases.addPerson', { caseId, personId, roles: ['beneficiary'] });
  const { id: deviceId } = await desk.made('devices.record', {
    caseId,
    make: 'Samsung',
    model: 'Galaxy A54',
  });
  const { id: incidentId } = await desk.made('incidents.record', {
    caseId,
    title: 'Mensaje a la locutora',
    happened: { kind: 'day', day: '2026-11-12', approximate: false },
    narrative: 'Llegó un mensaje.',
  });
  const place = () => new SurveillancePage(desk.page, words);
  const dialog = () => desk.page.getByRole('dialog');
  const field = (name: string): Locator => desk.page.getByRole('textbox', { name });
  const within = (name: string): Locator => dialog().getByRole('textbox', { name });
  const limits = () => field(t('surveillance:examination.limits'));
  const model = () => field(t('surveillance:device.model'));
  const warning = () => within(t('messages:text'));
  const link = () => within(term('digitalAttackField', 'link'));
  const why = () => within(t('people:impedimentWords'));
  const openDevice = async (): Promise<void> => {
    await desk.main.open('surveillance');
    await place().tab('devices');
    await place().row('Galaxy A54').click();
  };

  await test.step('five forms are left half written', async () => {
    await openDevice();
    await desk.press(t('surveillance:examination.new'));
    await desk.leaveHalfWritten(limits(), LIMITS);
    await openDevice();
    await desk.press(t('surveillance:device.editShort'));
    await desk.leaveHalfWritten(model(), MODEL);
    await desk.main.open('surveillance');
    await place().tab('notifications');
    await desk.press(t('messages:notification.new'));
    await desk.leaveHalfWritten(warning(), WARNING);
    await desk.page.keyboard.press('Escape');
    await place().tab('attacks');
    await desk.press(t('surveillance:attack.new'));
    await pick(
      desk.page,
      dialog().getByRole('combobox', { name: t('surveillance:attack.incident') }),
      /Mensaje a la locutora/,
    );
    await desk.leaveHalfWritten(link(), LINK);
    await desk.page.keyboard.press('Escape');
    await desk.main.open('cases');
    await desk.page.getByText('Radio y agua').click();
    const casePage = await new CasePage(desk.page, words).opened('Radio y agua');
    await casePage.tab('people');
    await casePage.consentsOf(OWNER);
    const consents = new ConsentDialog(desk.page, words);
    await consents.record();
    await consents.impeded({ reason: 'noSafeContact', words: WHY, toState: true });
    await expect(dialog().getByText(t('draft.saved'))).toBeVisible();
  });

  await desk.lockedOut();
  await expect(desk.drafts.getByRole('button', { name: t('today:goOn') })).toHaveCount(5);
  await keepInBoth(desk.page, 'today-drafts-all', () => expectAccessible(desk.page));

  const back = async (kind: string): Promise<void> => {
    await desk.main.open('today');
    await desk.goOn(t(`today:draftOf.${kind}`));
  };
  await test.step('an examination', async () => {
    await back('examine');
    await expect(limits()).toHaveValue(LIMITS);
    await desk.save();
    await desk.page.getByRole('tab', { name: t('surveillance:examination.about') }).waitFor();
    expect(await desk.value('examinations.list', { deviceId })).toMatchObject({ total: 1 });
  });
  await test.step('a device, whose change can be taken back', async () => {
    await back('device');
    await expect(model()).toHaveValue(MODEL);
    await desk.save();
    await desk.undo.waitFor();
    expect(await desk.value('devices.get', { id: deviceId })).toMatchObject({ model: MODEL });
    await desk.takeBack();
    expect(await desk.value('devices.get', { id: deviceId })).toMatchObject({ model: 'Galaxy A54' });
  });
  await test.step('a warning, thrown away by mistake first', async () => {
    await desk.main.open('today');
    const draft = desk.draft(t('today:draftOf.notification'));
    await draft.getByRole('button', { name: t('today:discardDraft') }).click();
    await expect(draft).toHaveCount(0);
    await desk.undo.click();
    await desk.goOn(t('today:draftOf.notification'));
    await expect(warning()).toHaveValue(WARNING);
    await dialog()
      .getByRole('button', { name: t('save'), exact: true })
      .click();
    await dialog().waitFor({ state: 'hidden' });
    expect(await desk.value('notifications.list')).toMatchObject({ rows: [{ text: WARNING }] });
  });
  await test.step('an attack, with the incident that was chosen', async () => {
    await back('attack');
    await expect(link()).toHaveValue(LINK);
    await dialog()
      .getByRole('button', { name: t('save'), exact: true })
      .click();
    await dialog().waitFor({ state: 'hidden' });
    expect(await desk.value('digitalAttacks.list', { incidentId })).toMatchObject({
      rows: [{ incidentId, details: { link: LINK } }],
    });
  });
  await test.step('an answer about consent', async () => {
    await back('consent');
    await expect(why()).toHaveValue(WHY);
    await keepInBoth(desk.page, 'consent-draft', () => expectAccessible(desk.page));
    await new ConsentDialog(desk.page, words).save();
    expect(await desk.value('consents.list', { caseId, personId })).toMatchObject({
      rows: [{ answer: 'impeded', toState: true, impediment: { words: WHY } }],
    });
  });
  await desk.expectNoDrafts();
});

test('a correction is not saved over what somebody else changed since it was begun', async ({
  launch,
  folder,
}) => {
  test.setTimeout(110_000);
  const desk = await Desk.open(launch, folder);
  const { id, version } = await desk.made('notifications.record', {
    provider: 'apple',
    text: 'Tal como llegó',
  });
  await desk.main.open('surveillance');
  await new SurveillancePage(desk.page, words).tab('notifications');
  await desk.page.getByText('Tal como llegó').click();
  const text = () => desk.page.getByRole('dialog').getByRole('textbox', { name: t('messages:text') });
  await desk.leaveHalfWritten(text(), 'Corregido a medias');
  await desk.lockedOut();
  await desk.value('notifications.amend', { id, version, changes: { text: 'De otra mano' } });

  await desk.goOn();
  await expect(text()).toHaveValue('Corregido a medias');
  await desk.page
    .getByRole('dialog')
    .getByRole('button', { name: t('save'), exact: true })
    .click();
  await expect(desk.page.getByText(words.error('record.changedMeanwhile'))).toBeVisible();
  expect(await desk.value('notifications.list')).toMatchObject({ rows: [{ text: 'De otra mano' }] });
});

test('a day is typed or picked by keyboard in the filters of the findings', async ({ launch, folder }) => {
  test.setTimeout(120_000);
  const desk = await Desk.open(launch, folder);
  await desk.main.open('surveillance');
  await new SurveillancePage(desk.page, words).tab('findings');
  const { page } = desk;
  const from = page.getByRole('textbox', { name: t('findings:across.from'), exact: true });
  await from.fill('marzo 2024');
  await from.blur();
  await expect(from).toHaveValue('1 mar 2024');
  await from.fill('un día de estos');
  await from.blur();
  await expect(page.getByText(t('ui:date.notADay'))).toBeVisible();
  await from.fill('12/03/2024');
  const pickFrom = page.getByRole('button', {
    name: t('ui:date.pick', { field: t('findings:across.from') }),
  });
  await pickFrom.press('Enter');
  const calendar = page.getByRole('dialog', {
    name: t('ui:date.pick', { field: t('findings:across.from') }),
  });
  await expect(calendar.getByRole('grid', { name: 'marzo 2024' })).toBeVisible();
  await expect(calendar.locator('[data-day="2024-03-12"]')).toBeFocused();
  await keepInBoth(page, 'calendar', () => expectAccessible(page));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(calendar).toBeHidden();
  await expect(from).toHaveValue('20 mar 2024');
  await expect(pickFrom).toBeFocused();
  await pickFrom.press('Enter');
  await page.keyboard.press('Escape');
  await expect(calendar).toBeHidden();
  await expect(from).toHaveValue('20 mar 2024');
  expect(desk.app.problems()).toEqual([]);
});
