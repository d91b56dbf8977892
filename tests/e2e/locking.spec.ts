import { join } from 'node:path';

import type { Page } from '@playwright/test';

import type { HostBridge, HostFacts } from '../../shared/contract/bridge.ts';
import { startFakeSystemBus } from '../../electron/main/platform/test-support/fake-logind.ts';
import { toolsOnPath } from '../../electron/main/platform/session-signals.ts';
import { MainPage } from '../pages/main-page.ts';
import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';

import { createVault, mainCall, PASSPHRASE } from './support/bridge.ts';
import { waitFor } from './support/host.ts';
import type { RunningApp } from './support/host.ts';
import { previewPort } from './support/launch-preview.ts';
import { enginePid, lives } from './support/processes.ts';
import { expect, test } from './support/test.ts';
import { watchPage } from './support/watch.ts';

/** What locks, how fast, what is left of it, and what the settings say about it. */
const words = wordsOf('es');
const { t } = words;

const open = async (app: RunningApp, folder: string): Promise<Page> => {
  const page = await createVault(app, join(folder, 'vault'));
  watchPage(page, []);
  await new MainPage(page, words).heading(t('today:title')).waitFor();
  return page;
};
const facts = (page: Page): Promise<HostFacts> =>
  page.evaluate(() => (globalThis as unknown as { resguardo: HostBridge }).resguardo.facts());

/** Milliseconds from `how` until neither engine nor old renderer exists, and that nothing came back by itself. */
const lockedAfter = async (app: RunningApp, how: () => unknown): Promise<number> => {
  const engine = await enginePid(app);
  const renderer = await app.rendererPid('main');
  if (renderer === null) throw new Error("the main window's process could not be told");
  expect([lives(engine), lives(renderer)], 'both live while open').toEqual([true, true]);
  const startMs = performance.now();
  void Promise.resolve(how()).catch(() => undefined);
  await waitFor(() => (lives(engine) || lives(renderer) ? null : true), 'both processes to end');
  const tookMs = performance.now() - startMs;
  await app.window('unlock');
  expect(app.windowCount(), 'one window, which asks for the passphrase').toBe(1);
  return tookMs;
};

test.describe('signals of the system', () => {
  // On the build machine a missing tool is a failure, not a skip.
  const possible = process.platform === 'linux' && toolsOnPath().length > 0;
  test.skip(!possible && process.env['CI'] !== 'true', 'needs a message bus');

  for (const [name, signal, trigger] of [
    ['the session is locked', 'lock', 'sessionLock'],
    ['the desktop says that it locked', 'hint', 'sessionLock'],
    ['the computer is about to sleep', 'sleep', 'suspend'],
    ['the lid goes down', 'lid', 'lid'],
  ] as const)
    test(`${name}: engine and renderer end in under a second`, async ({ launch, folder }) => {
      test.setTimeout(120_000);
      const bus = await startFakeSystemBus();
      const before = process.env['DBUS_SYSTEM_BUS_ADDRESS'];
      process.env['DBUS_SYSTEM_BUS_ADDRESS'] = bus.address;
      try {
        const app = await launch();
        const page = await open(app, folder);
        await expect
          .poll(async () => {
            bus.noise();
            bus.lid(false);
            const now = await facts(page);
            return [now.sessionLockHeard, now.triggers.find((one) => one.trigger === 'lid')?.available];
          })
          .toEqual(['atOnce', true]);
        const session = `_3${process.env['XDG_SESSION_ID'] ?? '2'}`;
        const took = await lockedAfter(app, () => {
          if (signal === 'lock') bus.lock(session);
          else if (signal === 'hint') bus.lockedHint(session, true);
          else if (signal === 'sleep') bus.prepareForSleep(true);
          else bus.lid(true);
        });
        expect(took).toBeLessThan(1_000);
        await new UnlockPage(await app.window('unlock'), words).unlock(PASSPHRASE);
        const again = await app.window('main');
        await new MainPage(again, words).heading(t('today:title')).waitFor();
        const seen = (await facts(again)).triggers.find((one) => one.trigger === trigger);
        expect(seen?.available).toBe(true);
        expect(
          Date.now() - (seen?.lastSeenMs ?? 0),
          'the settings say when it was seen to work',
        ).toBeLessThan(60_000);
        expect(app.problems()).toEqual([]);
      } finally {
        if (before === undefined) delete process.env['DBUS_SYSTEM_BUS_ADDRESS'];
        else process.env['DBUS_SYSTEM_BUS_ADDRESS'] = before;
        bus.stop();
      }
    });
});

test('where nobody tells, the state of the session is asked and a lock is noticed', async ({
  launch,
  folder,
}) => {
  test.setTimeout(60_000);
  const app = await launch();
  test.skip(app.host !== 'preview', 'The real state of the session cannot be set from a test.');
  await open(app, folder);
  // Every five seconds, then under one.
  expect(await lockedAfter(app, () => void (previewPort(app).idleState = 'locked'))).toBeLessThan(6_500);
});

test('a lock does not wait for a long query: the engine hears nobody', async ({ launch, folder }) => {
  test.setTimeout(60_000);
  const app = await launch();
  const page = await open(app, folder);
  // Stopped by the system: no query is as long, and an engine inside one could still heed a polite signal.
  const engine = await enginePid(app);
  process.kill(engine, 'SIGSTOP');
  const check = mainCall(page, 'vault.check', { objects: 'content' }).then(
    // A call that the lock cut off is answered as well, with a failure.
    ({ ok }) => (ok ? 'ended' : 'cut off'),
    () => 'cut off',
  );
  const first = await Promise.race([check, new Promise((late) => setTimeout(() => late('silent'), 300))]);
  expect(first, 'the engine hears nobody').toBe('silent');
  const took = await lockedAfter(app, () => app.pressLockShortcut());
  expect(took).toBeLessThan(1_000);
  expect(await check).toBe('cut off');
});

test('Ctrl+L locks outside text, whatever became of the global key', async ({ launch, folder }) => {
  test.setTimeout(60_000);
  const app = await launch({ takenShortcuts: ['Control+Alt+L', 'Control+Shift+F12'] });
  const page = await open(app, folder);
  await new MainPage(page, words).open('settings');
  await expect(page.getByText(t('settings:shortcutRefused'))).toBeVisible();
  await page.getByRole('heading', { level: 1 }).focus();
  expect(await lockedAfter(app, () => page.keyboard.press('Control+l'))).toBeLessThan(1_000);
});

test('another panic key is chosen in the settings, and none', async ({ launch, folder }) => {
  test.setTimeout(60_000);
  const app = await launch();
  test.skip(app.host !== 'preview', 'A real global key cannot be looked at from a test.');
  const page = await open(app, folder);
  const { shortcuts } = previewPort(app);
  expect([...shortcuts.keys()]).toEqual(['Control+Alt+L']);
  await new MainPage(page, words).open('settings');
  const choose = async (option: string): Promise<void> => {
    await page.getByRole('combobox', { name: t('settings:shortcut') }).click();
    await page.getByRole('option', { name: option }).click();
  };
  await choose('Ctrl + Shift + F12');
  await expect.poll(() => [...shortcuts.keys()]).toEqual(['Control+Shift+F12']);
  await choose(t('settings:shortcutOff'));
  await expect.poll(() => [...shortcuts.keys()]).toEqual([]);
  expect((await facts(page)).lockShortcut).toBeNull();
  await choose('Ctrl + Shift + F12');
  await expect.poll(() => [...shortcuts.keys()]).toEqual(['Control+Shift+F12']);
  expect(await lockedAfter(app, () => app.pressLockShortcut())).toBeLessThan(1_000);
});

test('a call keeps the vault open for half an hour, counted down, and no longer than the session', async ({
  launch,
  folder,
}) => {
  test.setTimeout(90_000);
  const app = await launch();
  const page = await open(app, folder);
  await page.getByRole('button', { name: t('safeguard:call.start') }).click();
  await expect(page.getByRole('timer')).toHaveText(/^(30:00|29:\d\d)$/u);
  const until = (await facts(page)).keepOpenUntilMs ?? 0;
  expect(until - Date.now()).toBeGreaterThan(29 * 60_000);
  expect(until - Date.now()).toBeLessThanOrEqual(30 * 60_000);
  await new MainPage(page, words).open('settings');
  await expect(page.getByRole('timer'), 'seen on every screen').toBeVisible();
  await lockedAfter(app, () => app.pressLockShortcut());
  await new UnlockPage(await app.window('unlock'), words).unlock(PASSPHRASE);
  const again = await app.window('main');
  await new MainPage(again, words).heading(t('today:title')).waitFor();
  expect((await facts(again)).keepOpenUntilMs).toBeNull();
  await expect(again.getByRole('timer')).toHaveCount(0);
});

test('what was copied by keys is gone after the lock, in both windows', async ({ launch, folder }) => {
  test.setTimeout(90_000);
  const app = await launch();
  test.skip(app.host !== 'preview', "The test looks into the preview's clipboard.");
  const page = await open(app, folder);
  const clipboard = (): string => previewPort(app).clipboard();
  const copyHeading = async (from: Page): Promise<void> => {
    await from.getByRole('heading', { level: 1 }).first().selectText();
    await from.keyboard.press('Control+c');
  };
  await copyHeading(page);
  await expect.poll(clipboard).toBe(t('today:title'));
  // The timer begins once the clipboard has its content.
  await page.waitForTimeout(400);
  await lockedAfter(app, () => app.pressLockShortcut());
  await expect.poll(clipboard).toBe('');
  const unlock = await app.window('unlock');
  await new UnlockPage(unlock, words).passphrase.waitFor();
  await copyHeading(unlock);
  await expect.poll(clipboard).toBe(t('unlock:product'));
  await unlock.waitForTimeout(400);
  await app.pressLockShortcut();
  await expect.poll(clipboard).toBe('');
});
