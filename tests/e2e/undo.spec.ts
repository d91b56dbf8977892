import { SearchOverlay } from '../pages/search-overlay.ts';
import { SurveillancePage } from '../pages/surveillance-pages.ts';
import { wordsOf } from '../pages/words.ts';

import { expectAccessible } from './support/axe.ts';
import { keepInBoth, speak } from './support/both-languages.ts';
import { Desk } from './support/desk.ts';
import { keepScreen } from './support/screens.ts';
import { expect, test } from './support/test.ts';
import { words } from './support/vault-steps.ts';

/** What a person changed by mistake comes back, and what she was writing when the vault was locked too. */
const { t } = words;

const NAME = 'La de la noche';

test.beforeEach(() => {
  test.setTimeout(120_000);
});

test('a change of a case, a note, a person in it: each is taken back with one button', async ({
  launch,
  folder,
}) => {
  const desk = await Desk.open(launch, folder);
  const { page } = desk;
  const caseId = await desk.case('Radio y agua', 'R-1');
  const title = async (): Promise<string> =>
    (await desk.value<{ title: string }>('cases.get', { id: caseId })).title;

  await desk.change(t('cases:editCase'), t('cases:titleField'), 'Otro nombre');
  await desk.main.heading('Otro nombre').waitFor();
  expect(await title()).toBe('Otro nombre');
  expect(await desk.value('drafts.list')).toEqual({ rows: [] });
  await desk.takeBack();
  await desk.main.heading('Radio y agua').waitFor();
  expect(await title()).toBe('Radio y agua');

  const notes = page.getByRole('region', { name: t('cases:notes') });
  await notes.getByLabel(t('cases:newNote')).fill('Llamar el jueves');
  await notes.getByRole('button', { name: t('cases:writeNote') }).click();
  await notes.getByText('Llamar el jueves').waitFor();
  await notes.getByRole('button', { name: t('cases:editNote') }).click();
  await notes.getByLabel(t('cases:noteText')).fill('Borrado sin querer');
  await keepInBoth(page, 'note-edit', () => expectAccessible(page));
  await notes
    .getByRole('button', { name: t('cases:saveNote') })
    .last()
    .click();
  await expect(notes.getByText('Borrado sin querer')).toBeVisible();
  await keepScreen(page, 'undo', 'es', () => expectAccessible(page));
  await desk.takeBack();
  await expect(notes.getByText('Llamar el jueves')).toBeVisible();

  const { id: personId } = await desk.made('persons.record', { kind: 'individual', name: NAME });
  await desk.value('cases.addPerson', { caseId, personId, roles: ['witness'], relation: 'vecina' });
  await page.getByRole('tab', { name: new RegExp(t('cases:people')) }).click();
  await page.getByRole('button', { name: t('cases:takeOut') }).click();
  await expect(page.getByRole('link', { name: NAME })).toHaveCount(0);
  await desk.undo.click();
  await expect(page.getByRole('link', { name: NAME })).toBeVisible();
  const detail = await desk.value<{ persons: unknown[] }>('cases.get', { id: caseId });
  expect(detail.persons).toMatchObject([{ personId, roles: ['witness'], relation: 'vecina' }]);
  await speak(page, 'en');
  await page.getByRole('button', { name: wordsOf('en').t('cases:takeOut') }).click();
  await page.getByRole('button', { name: wordsOf('en').t('ui:undo.undo') }).waitFor();
  await keepScreen(page, 'undo', 'en', () => expectAccessible(page));
  await desk.expectNoDrafts();
});

test('taking back is refused, with a reason, where somebody changed the record meanwhile', async ({
  launch,
  folder,
}) => {
  const desk = await Desk.open(launch, folder);
  const caseId = await desk.case('Radio y agua', 'R-1');
  await desk.change(t('cases:editCase'), t('cases:titleField'), 'Segundo');
  await desk.undo.waitFor();
  const {
    code,
    state,
    summary,
    openedDay,
    language,
    interpreter,
    safeChannel,
    placeOrigin,
    placeRefuge,
    version,
  } = await desk.value<Record<string, unknown>>('cases.get', { id: caseId });
  const rest = {
    ...{ code, state, summary, openedDay, language, interpreter, safeChannel, placeOrigin, placeRefuge },
    title: 'Tercero, de otra mano',
  };
  await desk.value('cases.amend', { id: caseId, version, changes: rest });
  await desk.undo.click();
  await expect(desk.page.getByText(t('ui:undo.refused'))).toBeVisible();
  expect(await desk.value('cases.get', { id: caseId })).toMatchObject({ title: 'Tercero, de otra mano' });
});

test('a person and a note half written outlive a lock; a draft thrown away can be taken back', async ({
  launch,
  folder,
}) => {
  const desk = await Desk.open(launch, folder);
  await desk.case('Radio y agua', 'R-1');
  const notes = () => desk.page.getByRole('region', { name: t('cases:notes') });
  const name = () => desk.page.getByLabel(t('people:nameQuestion'));
  await notes().getByLabel(t('cases:newNote')).fill('A medio escribir');
  await desk.main.create('Person');
  await desk.leaveHalfWritten(name(), 'Quien llamó');
  await desk.lockedOut();

  await expect(desk.drafts.getByRole('button', { name: t('today:goOn') })).toHaveCount(2);
  await keepInBoth(desk.page, 'today-drafts', () => expectAccessible(desk.page));
  const person = desk.draft('Quien llamó');
  await person.getByRole('button', { name: t('today:discardDraft') }).click();
  await expect(person).toHaveCount(0);
  await desk.undo.click();
  await desk.goOn('Quien llamó');
  await expect(name()).toHaveValue('Quien llamó');
  await desk.save();
  await desk.main.heading('Quien llamó').waitFor();

  await desk.main.open('today');
  await desk.goOn();
  await expect(notes().getByLabel(t('cases:newNote'))).toHaveValue('A medio escribir');
  await notes()
    .getByRole('button', { name: t('cases:writeNote') })
    .click();
  await notes().getByText('A medio escribir').waitFor();
  await expect(notes().getByLabel(t('cases:newNote'))).toHaveValue('');
  await desk.expectNoDrafts();
});

test('a message half corrected comes back as it was being corrected, and the correction can be taken back', async ({
  launch,
  folder,
}) => {
  const desk = await Desk.open(launch, folder);
  const { id } = await desk.made('messages.record', {
    text: 'Su paquete espera',
    channel: 'sms',
    sender: '50089',
  });
  const text = () => desk.page.getByLabel(t('messages:text'), { exact: true });
  await desk.main.open('surveillance');
  await new SurveillancePage(desk.page, words).tab('messages');
  await desk.page.getByText('Su paquete espera').first().click();
  await desk.press(t('messages:complete'));
  await desk.leaveHalfWritten(text(), 'Su paquete espera en la aduana');
  await desk.lockedOut();

  await desk.goOn();
  await expect(text()).toHaveValue('Su paquete espera en la aduana');
  await desk.save();
  await desk.undo.waitFor();
  expect(await desk.value('messages.get', { id })).toMatchObject({
    text: 'Su paquete espera en la aduana',
  });
  await desk.takeBack();
  expect(await desk.value('messages.get', { id })).toMatchObject({ text: 'Su paquete espera' });
  await desk.expectNoDrafts();
});

test('each note has a draft of its own, and none follows into another case', async ({ launch, folder }) => {
  const desk = await Desk.open(launch, folder);
  await desk.case('Otro expediente', 'R-2');
  await desk.case('Radio y agua', 'R-1');
  const field = () => desk.page.getByLabel(t('cases:newNote'));
  await field().fill('La primera');
  await desk.press(t('cases:writeNote'));
  await expect(field()).toHaveValue('');
  await desk.leaveHalfWritten(field(), 'La segunda, a medias');

  // To the other case and back without leaving the screen that both share.
  const open = async (title: string): Promise<void> => {
    await desk.main.searchButton.click();
    await new SearchOverlay(desk.page, words).find(title, title);
    await desk.main.heading(title).waitFor();
  };
  await open('Otro expediente');
  await expect(field()).toHaveValue('');
  await open('Radio y agua');
  await expect(field()).toHaveValue('La segunda, a medias');

  // The correction of the first is a third draft, and comes back to its own note.
  await desk.press(t('cases:editNote'));
  const correction = () => desk.page.getByLabel(t('cases:noteText'));
  await desk.leaveHalfWritten(correction(), 'La primera, corregida a medias');
  await desk.lockedOut();
  await expect(desk.drafts.getByRole('button', { name: t('today:goOn') })).toHaveCount(2);
  await desk.goOn('La segunda');
  await expect(field()).toHaveValue('La segunda, a medias');
  await expect(correction()).toHaveValue('La primera, corregida a medias');
  await desk.page
    .getByRole('button', { name: t('cases:saveNote') })
    .last()
    .click();
  await expect(desk.page.getByText('La primera, corregida a medias')).toBeVisible();
  await desk.takeBack();
  await expect(desk.page.getByText('La primera', { exact: true })).toBeVisible();
  expect(desk.app.problems()).toEqual([]);
});

test('a draft is not saved over what somebody else changed since it was begun', async ({
  launch,
  folder,
}) => {
  const desk = await Desk.open(launch, folder);
  const { id, version } = await desk.made('persons.record', { kind: 'individual', name: NAME });
  await desk.main.open('people');
  await desk.page.getByText(NAME).first().click();
  await desk.press(t('edit'));
  const name = () => desk.page.getByLabel(t('people:nameQuestion'));
  await desk.leaveHalfWritten(name(), 'La del turno de noche');
  await desk.lockedOut();
  const { name: _name, ...rest } = await desk.value<Record<string, unknown>>('persons.get', { id });
  const { id: _id, version: _v, createdAt: _c, updatedAt: _u, cases: _k, ...fields } = rest;
  await desk.value('persons.amend', { id, version, changes: { ...fields, name: 'De otra mano' } });

  await desk.goOn();
  await expect(name()).toHaveValue('La del turno de noche');
  await desk.save();
  await expect(desk.page.getByText(words.error('record.changedMeanwhile'))).toBeVisible();
  expect(await desk.value('persons.get', { id })).toMatchObject({ name: 'De otra mano' });
});
