import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { KeysPage } from '../../pages/keys-page.ts';
import { lastAct } from '../../pages/last-act.ts';
import { MainPage } from '../../pages/main-page.ts';
import { TicketWindow } from '../../pages/ticket-window.ts';
import { UnlockPage } from '../../pages/unlock-page.ts';
import { wordsOf } from '../../pages/words.ts';

import { createVault, PASSPHRASE, unlockContext, valueOf } from './bridge.ts';
import { waitFor } from './host.ts';
import type { RunningApp } from './host.ts';
import { enginePid, lives } from './processes.ts';
import { expect } from './test.ts';
import { watchPage } from './watch.ts';

/** Steps that specs about the vault itself share: who is in it, who locks it, who comes back. In Spanish. */
export const words = wordsOf('es');
const { t } = words;
export const OWNER = 'Ixchel Robledo';
export const MARTA = 'Marta Olmos';
export const HERS = 'ocelote tejado lluvia martes brasa violeta';

/** A fresh practice vault, open at its first screen. */
export const withVault = async (app: RunningApp, folder: string, complaints: string[]): Promise<Page> => {
  const page = await createVault(app, join(folder, 'vault'));
  watchPage(page, complaints);
  await new MainPage(page, words).heading(t('today:title')).waitFor();
  return page;
};

/** The small window that asks for a passphrase while the vault is open. */
export const ticketOf = async (app: RunningApp, complaints: string[]): Promise<TicketWindow> => {
  const page = await app.window('unlock');
  watchPage(page, complaints);
  return new TicketWindow(page, words);
};

/** Locks, by the button or the key, and waits for the window that opens it again. */
export const locked = async (
  app: RunningApp,
  page: Page,
  by: 'button' | 'key' = 'button',
): Promise<UnlockPage> => {
  const engine = await enginePid(app);
  if (by === 'button') await new MainPage(page, words).lock();
  else await lastAct(page, () => page.keyboard.press('F12'));
  await waitFor(() => (lives(engine) ? null : true), 'the engine to end');
  const unlock = new UnlockPage(await app.window('unlock'), words);
  await unlock.passphrase.waitFor();
  return unlock;
};

/** The main window after somebody got in. */
export const entered = async (app: RunningApp, complaints: string[] = []): Promise<Page> => {
  const page = await app.window('main');
  watchPage(page, complaints);
  await new MainPage(page, words).heading(t('today:title')).waitFor();
  return page;
};

/** Locks, and comes back as somebody else. */
export const becomes = async (
  app: RunningApp,
  page: Page,
  passphrase: string,
  complaints: string[] = [],
): Promise<Page> => {
  await (await locked(app, page)).unlock(passphrase);
  return entered(app, complaints);
};

/** The attempt that was made failed, and the next window says with which code. */
export const expectRefused = async (app: RunningApp, code: string): Promise<UnlockPage> => {
  await expect
    .poll(async () => (await unlockContext(await app.window('unlock')).catch(() => null))?.notice?.code, {
      timeout: 30_000,
    })
    .toBe(code);
  const unlock = new UnlockPage(await app.window('unlock'), words);
  await unlock.passphrase.waitFor();
  return unlock;
};

/** What the small window that is open now says went wrong; empty while it says nothing or is being renewed. */
export const alertOf = async (app: RunningApp): Promise<string> => {
  const page = await app.window('unlock');
  const said = await page
    .getByRole('alert')
    .allInnerTexts()
    .catch((thrown: unknown) => {
      if (!page.isClosed()) throw thrown;
      return [];
    });
  return said.join('\n');
};

/** Gives Marta access; she types her passphrase herself. */
export const addMarta = async (
  app: RunningApp,
  page: Page,
  preset: 'coordination' | 'team',
  complaints: string[],
): Promise<KeysPage> => {
  const keys = await new KeysPage(page, words).open();
  await keys.addPerson(MARTA, preset);
  const ticket = await ticketOf(app, complaints);
  await ticket.own(OWNER).fill(PASSPHRASE);
  await ticket.typeFresh(HERS);
  await ticket.carryOut('slots_add');
  await expect(keys.row(MARTA)).toBeVisible({ timeout: 30_000 });
  return keys;
};

/** A case with nothing unusual in it. */
export const openCase = (page: Page, title: string, code: string): Promise<{ id: string }> =>
  valueOf<{ id: string }>(page, 'cases.open', {
    title,
    code,
    state: 'active',
    summary: 'Amenazas contra la emisora.',
    openedDay: '2026-01-10',
    language: { kind: 'notAsked' },
    interpreter: 'notNeeded',
    safeChannel: { medium: 'Signal', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });

/** One of the screens that the settings lead to, by its link. */
export const openCare = async (
  page: Page,
  name: 'keys' | 'backup' | 'access' | 'requests' | 'safeguard' | 'dump',
  said = words,
): Promise<void> => {
  await new MainPage(page, said).open('settings');
  await page
    .getByRole('main')
    .getByRole('link', { name: said.t(`settings:link.${name}`), exact: true })
    .click();
};
