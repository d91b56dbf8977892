import type { Page } from '@playwright/test';

import { MainPage } from '../pages/main-page.ts';
import { SettingsPage } from '../pages/settings-page.ts';
import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';

import { expectAccessible } from './support/axe.ts';
import { PASSPHRASE } from './support/bridge.ts';
import { previewPort } from './support/launch-preview.ts';
import { keepScreen } from './support/screens.ts';
import { expect, test } from './support/test.ts';

/** What the browser refused to our own pages: the interface must live inside its policy without a scratch. */
const policyRefusals = (page: Page, into: string[]): void => {
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted(HTML|Script)/.test(message.text())) into.push(message.text());
  });
  page.on('pageerror', (error) => into.push(String(error)));
};

test('first run, lock, unlock: by name and role, without a policy refusal, open to all', async ({
  launch,
}) => {
  test.setTimeout(120_000);
  const app = await launch();
  const refusals: string[] = [];
  const first = await app.window('unlock');
  policyRefusals(first, refusals);
  const unlock = new UnlockPage(first);
  await unlock.create.waitFor();
  await expectAccessible(first);
  await keepScreen(first, 'unlock-first-run');
  await unlock.createPracticeVault('Ixchel Robledo', PASSPHRASE);

  const page = await app.window('main');
  policyRefusals(page, refusals);
  const main = new MainPage(page);
  await page.getByRole('heading', { level: 1, name: 'Hoy' }).waitFor();
  expect(await page.title()).toBe('Resguardo');
  await main.open('settings');
  await new SettingsPage(page, wordsOf('es')).colours('system');
  await main.open('today');
  await expectAccessible(page);
  await keepScreen(page, 'today-empty');
  for (const place of ['Expedientes', 'Incidentes', 'Personas', 'Evidencia', 'Salidas', 'Ajustes']) {
    await main.goTo(place);
    await expectAccessible(page);
    await keepScreen(page, `empty-${place.toLowerCase()}`);
  }
  expect(await page.title()).toBe('Resguardo');
  await main.lock();

  const again = await app.window('unlock');
  policyRefusals(again, refusals);
  await expectAccessible(again);
  await keepScreen(again, 'unlock-again');
  await new UnlockPage(again).unlock('esta no es la frase');
  await expect.poll(async () => (await app.window('unlock')) !== again).toBe(true);
  const third = await app.window('unlock');
  await expect(third.getByRole('alert')).toContainText('La frase de acceso no abre esta bóveda');
  await keepScreen(third, 'unlock-wrong');
  await new UnlockPage(third).unlock(PASSPHRASE);
  const reopened = await app.window('main');
  await reopened.getByRole('heading', { level: 1, name: 'Hoy' }).waitFor();

  expect(refusals).toEqual([]);
  if (app.host === 'preview') expect(previewPort(app).refusedRequests).toEqual([]);
  expect(app.problems()).toEqual([]);
});
