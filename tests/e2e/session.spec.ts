import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import type { HostBridge, UnlockBridge } from '../../shared/contract/bridge.ts';

import { attempt, createVault, mainCall, PASSPHRASE, unlockCall, unlockContext } from './support/bridge.ts';
import { appWithPages } from './support/custom-app.ts';
import { PROJECT, waitFor } from './support/host.ts';
import type { RunningApp } from './support/host.ts';
import { previewPort } from './support/launch-preview.ts';
import { enginePid, lives } from './support/processes.ts';
import { expect, test } from './support/test.ts';

/** Locked and open: which processes live, which end, and what is left of them. */
const pages = (): string => appWithPages(join(PROJECT, 'tests/e2e/shell-pages'));

/** Locks by `how` and says how long it took until engine and renderer did not exist any more. */
const lockAndWait = async (app: RunningApp, how: () => Promise<unknown>): Promise<{ tookMs: number }> => {
  const engine = await enginePid(app);
  const renderer = await app.rendererPid('main');
  if (renderer === null) throw new Error("the main window's process could not be told");
  expect([lives(engine), lives(renderer)], 'both live while open').toEqual([true, true]);
  const startMs = performance.now();
  void how().catch(() => undefined);
  await waitFor(() => (lives(engine) || lives(renderer) ? null : true), 'both processes to end');
  return { tookMs: performance.now() - startMs };
};

const residentMb = (pid: number): number => {
  if (!lives(pid)) return 0;
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
};

const host = (page: Page, what: 'lock' | 'facts') =>
  page.evaluate(
    (name) => (globalThis as unknown as { resguardo: HostBridge }).resguardo[name as 'facts'](),
    what,
  );

test('starts locked, with one window whose title says nothing', async ({ launch }) => {
  const app = await launch();
  const page = await app.window('unlock');
  expect(await page.title()).toBe('Resguardo');
  expect(app.windowCount()).toBe(1);
  expect(app.problems()).toEqual([]);
});

test('a vault is made, and the window that saw the passphrase ends', async ({ launch, folder }) => {
  const app = await launch({ appFolder: pages() });
  await app.window('unlock');
  const unlockPid = await app.rendererPid('unlock');
  const page = await createVault(app, join(folder, 'vault'));
  expect(await mainCall(page, 'vault.status')).toMatchObject({
    ok: true,
    value: { state: 'open', use: 'practice' },
  });
  expect(unlockPid).not.toBeNull();
  await waitFor(() => (lives(unlockPid ?? 0) ? null : true), "the unlock window's process to end");
  expect(app.windowCount()).toBe(1);
  expect(app.problems()).toEqual([]);
});

test('the main window cannot reach methods that take passphrases', async ({ launch, folder }) => {
  const app = await launch({ appFolder: pages() });
  const page = await createVault(app, join(folder, 'vault'));
  const result = await mainCall(page, 'vault.rate', { passphrase: 'x', language: 'es' });
  expect(result.ok).toBe(false);
});

for (const [name, how] of [
  ['the lock button', (_app: RunningApp, page: Page) => host(page, 'lock')],
  ['the panic key', (app: RunningApp) => app.pressLockShortcut()],
  ['suspend', (app: RunningApp) => app.suspend()],
] as const) {
  test(`${name} ends engine and renderer in under a second`, async ({ launch, folder }) => {
    const app = await launch({ appFolder: pages() });
    const page = await createVault(app, join(folder, 'vault'));
    const { tookMs } = await lockAndWait(app, () => Promise.resolve(how(app, page)));
    expect(tookMs).toBeLessThan(1_000);
    const unlock = await app.window('unlock');
    expect(app.windowCount()).toBe(1);
    await attempt(unlock, PASSPHRASE);
    const again = await app.window('main');
    expect(await mainCall(again, 'vault.status')).toMatchObject({ ok: true, value: { state: 'open' } });
  });
}

test('a lock does not wait for a derivation that is under way', async ({ launch, folder }) => {
  const app = await launch({ appFolder: pages() });
  const page = await createVault(app, join(folder, 'vault'));
  await host(page, 'lock');
  const unlock = await app.window('unlock');
  const engine = await enginePid(app);
  const token = await unlock.evaluate(() =>
    (globalThis as unknown as { resguardoUnlock: UnlockBridge }).resguardoUnlock.defaultVault(),
  );
  let answered: unknown = null;
  void unlockCall(unlock, 'vault.create', {
    folder: token.id,
    use: 'practice',
    ownerName: 'Ixchel Robledo',
    passphrase: PASSPHRASE,
    // several seconds of Argon2id
    cost: { ops: 10, memoryBytes: 1024 * 1024 * 1024 },
  }).then(
    (result) => (answered = result),
    () => undefined,
  );
  // The derivation is seen to run: its memory is there.
  await expect.poll(() => residentMb(engine), { message: JSON.stringify(answered) }).toBeGreaterThan(500);
  expect(answered).toBeNull();
  const startMs = performance.now();
  await app.pressLockShortcut();
  await waitFor(() => (lives(engine) ? null : true), 'the engine to end');
  expect(performance.now() - startMs).toBeLessThan(1_000);
  // Cut off before anything was said, or told that it is: no vault was made.
  expect([null, { ok: false, error: { code: 'call.cancelled' } }]).toContainEqual(answered);
});

test('a wrong passphrase ends the window that took it; a fresh one says why', async ({ launch, folder }) => {
  const app = await launch({ appFolder: pages() });
  const page = await createVault(app, join(folder, 'vault'));
  await host(page, 'lock');
  const first = await app.window('unlock');
  const firstPid = await app.rendererPid('unlock');
  await attempt(first, 'no es esta');
  await waitFor(() => (lives(firstPid ?? 0) ? null : true), "the first window's process to end");
  const second = await app.window('unlock');
  expect(await app.rendererPid('unlock')).not.toBe(firstPid);
  expect((await unlockContext(second)).notice).toMatchObject({ code: 'vault.wrongPassphrase' });
  await attempt(second, PASSPHRASE);
  await app.window('main');
});

test('when the engine dies, every waiting call fails and the application locks', async ({
  launch,
  folder,
}) => {
  const app = await launch({ appFolder: pages() });
  const page = await createVault(app, join(folder, 'vault'));
  const engine = await enginePid(app);
  process.kill(engine, 'SIGSTOP');
  const waiting = mainCall(page, 'vault.status').catch(() => 'window gone');
  await new Promise((next) => setTimeout(next, 200));
  process.kill(engine, 'SIGKILL');
  const answer = await waiting;
  if (typeof answer !== 'string')
    expect(answer).toMatchObject({ ok: false, error: { code: 'call.engineStopped' } });
  const unlock = await app.window('unlock');
  expect((await unlockContext(unlock)).notice).toMatchObject({ code: 'call.engineStopped' });
});

test('the panic key falls back when another program holds the first combination', async ({
  launch,
  folder,
}) => {
  for (const [taken, expected] of [
    [[], 'Control+Alt+L'],
    [['Control+Alt+L'], 'Control+Shift+F12'],
    [['Control+Alt+L', 'Control+Shift+F12'], null],
  ] as const) {
    const app = await launch({ appFolder: pages(), takenShortcuts: taken });
    const page = await createVault(app, join(folder, `vault-${taken.length}`));
    const facts = await host(page, 'facts');
    expect(facts.lockShortcut).toBe(expected);
    expect(facts.triggers.find(({ trigger }) => trigger === 'shortcut')?.available).toBe(expected !== null);
    await app.close();
  }
});

test('a chosen file becomes a token; its path stays outside the page', async ({ launch, folder }) => {
  const app = await launch({ appFolder: pages() });
  const page = await createVault(app, join(folder, 'vault'));
  const files = join(folder, 'carpeta-de-origen');
  mkdirSync(files);
  writeFileSync(join(files, 'nota.txt'), 'contenido');
  await page.locator('input[type=file]').setInputFiles(join(files, 'nota.txt'));
  const tokens = await page.evaluate(() =>
    (globalThis as unknown as { resguardo: HostBridge }).resguardo.fileTokens([
      ...(document.querySelector('input')?.files ?? []),
      new File(['pegado'], 'pegado.png'),
    ]),
  );
  expect(tokens).toMatchObject([
    { name: 'nota.txt', sizeBytes: 9 },
    { name: 'pegado.png', sizeBytes: 6 },
  ]);
  expect(JSON.stringify(tokens)).not.toContain('carpeta-de-origen');
  await app.answerDialogs([join(files, 'nota.txt')], []);
  const choose = () =>
    page.evaluate(() =>
      (globalThis as unknown as { resguardo: HostBridge }).resguardo.chooseFiles({ multiple: true }),
    );
  expect(await choose()).toMatchObject([{ name: 'nota.txt', sizeBytes: 9 }]);
  expect(await choose()).toEqual([]);
});

test('what is copied is cleared when locking', async ({ launch, folder }) => {
  const app = await launch({ appFolder: pages() });
  const page = await createVault(app, join(folder, 'vault'));
  await page.evaluate(() =>
    (globalThis as unknown as { resguardo: HostBridge }).resguardo.copy('nombre secreto'),
  );
  expect(previewPort(app).clipboard()).toBe('nombre secreto');
  await host(page, 'lock');
  await app.window('unlock');
  await expect.poll(() => previewPort(app).clipboard()).toBe('');
});

test('a frame of the viewer has another origin and no bridge', async ({ launch, folder }) => {
  const app = await launch({ appFolder: pages() });
  const page = await createVault(app, join(folder, 'vault'));
  const bridges = (): string[] => {
    const names = globalThis as { resguardo?: unknown; resguardoUnlock?: unknown };
    return [typeof names.resguardo, typeof names.resguardoUnlock];
  };
  expect(await page.evaluate(bridges), 'control: the window itself has one').toEqual(['object', 'undefined']);
  const viewer = await page.evaluate(() => {
    const { resguardo } = globalThis as unknown as { resguardo: HostBridge };
    const frame = document.createElement('iframe');
    frame.src = `${resguardo.viewer}/${'a'.repeat(32)}`;
    document.body.append(frame);
    return resguardo.viewer;
  });
  const frame = await waitFor(
    () => page.frames().find((candidate) => candidate.url().startsWith(viewer)),
    'the frame of the viewer',
  );
  expect(await frame.evaluate(bridges)).toEqual(['undefined', 'undefined']);
  expect(new URL(frame.url()).origin).not.toBe(new URL(page.url()).origin);
});

test('a pasted picture goes in, its image comes back, and its parsers end with the lock', async ({
  launch,
  folder,
}) => {
  const app = await launch({ appFolder: pages() });
  const page = await createVault(app, join(folder, 'vault'));
  const picture = readFileSync(join(PROJECT, 'tests/e2e/cage/pages/dot.png')).toString('base64');
  const shown = await page.evaluate(async (base64) => {
    const { resguardo } = globalThis as unknown as { resguardo: HostBridge };
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const taken = await resguardo.call('evidence.takePasted', { name: 'captura.png', bytes });
    if (!taken.ok) return taken.error;
    const { id } = taken.value as { id: string };
    const answer = await resguardo.call('evidence.picture', { id });
    if (!answer.ok) return answer.error;
    const { png, width, height } = answer.value as { png: Uint8Array; width: number; height: number };
    return { width, height, signature: [...png.subarray(1, 4)] };
  }, picture);
  expect(shown).toEqual({ width: 8, height: 8, signature: [80, 78, 71] });
  const parsers = (await app.childPids())
    .filter(({ name }) => !name.includes('engine'))
    .map(({ pid }) => pid);
  expect(parsers.length).toBeGreaterThan(0);
  await host(page, 'lock');
  await app.window('unlock');
  await waitFor(() => (parsers.some(lives) ? null : true), 'the parsers to end');
});
