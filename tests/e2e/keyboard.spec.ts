import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { EmergencyPage } from '../pages/emergency-page.ts';
import { Hand } from '../pages/hand.ts';
import { IncidentForm } from '../pages/incident-form.ts';
import { IncidentPage } from '../pages/incident-page.ts';
import { lastAct } from '../pages/last-act.ts';
import { MainPage } from '../pages/main-page.ts';
import { SearchOverlay } from '../pages/search-overlay.ts';
import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';

import { createVault, PASSPHRASE, valueOf } from './support/bridge.ts';
import { waitFor } from './support/host.ts';
import { typeMexican } from './support/keyboard.ts';
import { enginePid, lives } from './support/processes.ts';
import { expect, test } from './support/test.ts';
import { watchPage } from './support/watch.ts';

/** Keys under the hands of people whose other programs are Spanish, on a Mexican keyboard. */
const words = wordsOf('es');
const { t } = words;

const opened = async (page: Page, complaints: string[]): Promise<MainPage> => {
  watchPage(page, complaints);
  const main = new MainPage(page, words);
  await main.heading(t('today:title')).waitFor();
  return main;
};

test('@ by AltGr+Q opens the list of people, and the button does the same', async ({ launch, folder }) => {
  test.setTimeout(120_000);
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  const complaints: string[] = [];
  await opened(page, complaints);
  await valueOf(page, 'persons.record', { name: 'Nicandro Ñúñez', aliases: ['el Zurdo'] });
  await valueOf(page, 'persons.record', { name: 'Maricela Xochimitl' });
  await page.keyboard.press('F2');
  const form = await new IncidentForm(page, words).opened();
  await form.what.focus();
  await typeMexican(page, 'Amenazaron a @');
  await expect(form.mentions).toBeVisible();
  await expect(form.mentions.getByRole('option')).toHaveCount(2);
  await typeMexican(page, 'nuñ');
  await expect(form.mentions.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(form.mentions).toBeHidden();
  await typeMexican(page, 'y escriben desde piquete@correo.example; avisar a ');
  await typeMexican(page, '@zz');
  await expect(form.mentions).toContainText(t('ui:narrative.nobody'));
  await page.keyboard.press('Escape');
  await expect(form.mentions).toBeHidden();
  for (let at = 0; at < 3; at += 1) await page.keyboard.press('Backspace');
  await form.mention.click();
  await form.mentions.getByRole('option', { name: 'Maricela Xochimitl' }).click();
  await expect(form.what).toHaveValue(
    'Amenazaron a @Nicandro Ñúñez y escriben desde piquete@correo.example; avisar a @Maricela Xochimitl ',
  );
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { level: 1, name: /^Amenazaron a/ }).waitFor();
  const { rows } = await valueOf<{ rows: { id: string }[] }>(page, 'incidents.list');
  const { narrative } = await valueOf<{ narrative: string }>(page, 'incidents.get', { id: rows[0]?.id });
  // Two people are meant; the address is nobody.
  expect(narrative.match(/\(person:/g)).toHaveLength(2);
  expect(narrative).toContain('piquete@correo.example');
  expect(complaints).toEqual([]);
});

test('from the lock screen to a saved emergency in six moves besides what is typed', async ({
  launch,
  folder,
}) => {
  test.setTimeout(120_000);
  const app = await launch();
  const complaints: string[] = [];
  const main = await opened(await createVault(app, join(folder, 'vault')), complaints);
  await main.lock();
  const lockScreen = await app.window('unlock');
  await new UnlockPage(lockScreen, words).passphrase.waitFor();
  const outside = new Hand(lockScreen);
  await outside.type(PASSPHRASE);
  await lastAct(lockScreen, () => outside.press('Enter'));
  const page = await app.window('main');
  await opened(page, complaints);
  const hand = new Hand(page);
  await hand.press('Shift+F2');
  const form = await new EmergencyPage(page, words).opened();
  await form.answer(
    { safe: 'unknown', what: 'Piden que salga.', where: 'La cabina', caller: 'Radio, la de la noche' },
    hand,
  );
  await hand.press('Control+Enter');
  await new IncidentPage(page, words).opened('Piden que salga.');
  expect(outside.count + hand.count, [...outside.done, ...hand.done].join('; ')).toBeLessThanOrEqual(6);
  // Saved with an alias, without a type, without anybody's name.
  const { rows } = await valueOf<{ rows: { id: string }[] }>(page, 'incidents.list');
  expect(await valueOf(page, 'incidents.get', { id: rows[0]?.id })).toMatchObject({
    emergency: { safe: 'unknown', caller: 'Radio, la de la noche' },
    place: { words: 'La cabina' },
    acts: [],
  });
  expect(await valueOf(page, 'persons.list')).toMatchObject({ total: 0 });
  expect(complaints).toEqual([]);
});

test('bold, italic, replace, underline and save create, lock and leave nothing inside text', async ({
  launch,
  folder,
}) => {
  test.setTimeout(120_000);
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  const complaints: string[] = [];
  await opened(page, complaints);
  const engine = await enginePid(app);
  await page.keyboard.press('F2');
  const form = await new IncidentForm(page, words).opened();
  const typed = 'Le quitaron la grabadora';
  for (const field of [form.what, form.when]) {
    await field.focus();
    if (field === form.what) await typeMexican(page, typed);
    for (const key of ['n', 'k', 'l', 's', 'g']) {
      await page.keyboard.press(`Control+${key}`);
      // Long enough for a route, a dialogue or a lock to show.
      await page.waitForTimeout(250);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('incidents:newTitle'));
      await expect(page.getByRole('dialog')).toHaveCount(0);
      expect(await form.what.inputValue(), `Control+${key}`).toBe(typed);
      expect([app.windowCount(), lives(engine)], `Control+${key}`).toEqual([1, true]);
    }
  }
  expect(await valueOf(page, 'incidents.list')).toMatchObject({ total: 0 });
  // «Guardar» means the draft, and it is there.
  await expect(form.draftState).toHaveText(t('draft.saved'));
  expect(await valueOf(page, 'drafts.list')).toMatchObject({ rows: [{ title: typed }] });
  expect(complaints).toEqual([]);
});

test('outside text the keys create, search, hide, help and lock', async ({ launch, folder }) => {
  test.setTimeout(120_000);
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  const complaints: string[] = [];
  const main = await opened(page, complaints);
  const engine = await enginePid(app);
  const root = page.locator(':root');

  const before = await root.getAttribute('data-names');
  await page.keyboard.press('Control+h');
  await expect(root).not.toHaveAttribute('data-names', before ?? '');
  await page.keyboard.press('Control+h');
  await expect(root).toHaveAttribute('data-names', before ?? '');

  const search = await new SearchOverlay(page, words).open();
  await page.keyboard.press('Escape');
  await expect(search.box).toBeHidden();

  await page.keyboard.press('F1');
  await expect(page.getByRole('dialog')).toContainText(t('help:today.title'));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  const form = new IncidentForm(page, words);
  await page.keyboard.press('Control+Shift+N');
  await form.opened();
  await main.open('cases');
  await page.keyboard.press('F2');
  await form.opened();
  // Also from inside a text field: F keys type nothing.
  await form.what.focus();
  await lastAct(page, () => page.keyboard.press('F12'));
  await waitFor(() => (lives(engine) ? null : true), 'the engine to end');
  await app.window('unlock');
  expect(app.windowCount()).toBe(1);
  expect(complaints).toEqual([]);
});
