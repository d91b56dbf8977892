import { join } from 'node:path';

import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';

import { createVault, PASSPHRASE } from './support/bridge.ts';
import { keepScreen } from './support/screens.ts';
import { expect, test } from './support/test.ts';

const { t } = wordsOf('es');

test('nothing of the top bar is cut in a narrow window', async ({ launch, folder }) => {
  test.setTimeout(120_000);
  const app = await launch();
  const page = await createVault(app, join(folder, 'vault'));
  await page.getByRole('heading', { level: 1, name: 'Hoy' }).waitFor();
  await page.getByRole('button', { name: t('safeguard:call.start') }).click();
  await page.getByRole('timer').waitFor();
  for (const width of [900, 1_050, 1_280]) {
    await page.setViewportSize({ width, height: 720 });
    const cut = await page.locator('header button').evaluateAll((buttons) =>
      buttons
        .filter((button) => {
          const bar = button.closest('header')?.getBoundingClientRect();
          const box = button.getBoundingClientRect();
          const inside = bar !== undefined && box.left >= bar.left && box.right <= bar.right + 0.5;
          // Of the search the words may end in dots; of a button nothing may be missing.
          const whole = button.scrollWidth <= button.clientWidth + 1;
          const parts = [...button.querySelectorAll('svg, .mantine-Button-label')].every((part) => {
            const { left, right } = part.getBoundingClientRect();
            return left >= box.left && right <= box.right + 0.5 && part.scrollWidth <= part.clientWidth + 1;
          });
          return !inside || !whole || !parts;
        })
        .map((button) => button.getAttribute('aria-label') ?? button.textContent),
    );
    expect(cut, `at ${String(width)} px`).toEqual([]);
    await page.screenshot({ path: `tests/e2e/screens/top-bar-${String(width)}.png` });
  }
  expect(app.problems()).toEqual([]);
});

test('after a wrong passphrase the window still says which vault it was', async ({ launch, folder }) => {
  test.setTimeout(120_000);
  const app = await launch();
  const page = await createVault(app, join(folder, 'radio-y-agua'));
  await page.getByRole('heading', { level: 1, name: 'Hoy' }).waitFor();
  await app.pressLockShortcut();
  let window = await app.window('unlock');
  await expect(window.getByText('radio-y-agua')).toBeVisible();
  // Each attempt has a window of its own.
  const ended = window.waitForEvent('close');
  await new UnlockPage(window).unlock(`${PASSPHRASE} no`);
  await ended;
  window = await app.window('unlock');
  await window.getByRole('alert').waitFor();
  await expect(window.getByText('radio-y-agua')).toBeVisible();
  await keepScreen(window, 'wrong-passphrase');
  await new UnlockPage(window).unlock(PASSPHRASE);
  await (await app.window('main')).getByRole('heading', { level: 1, name: 'Hoy' }).waitFor();
});
