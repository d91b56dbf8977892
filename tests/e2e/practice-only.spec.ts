import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { UnlockBridge } from '../../shared/contract/bridge.ts';

import { PASSPHRASE } from './support/bridge.ts';
import { appWithPages } from './support/custom-app.ts';
import { builtFolder, chosenHost, PROJECT } from './support/host.ts';
import { expect, test } from './support/test.ts';

/** The preview is no place for real cases: a browser made for the web is under it. */
test.skip(chosenHost() !== 'preview', 'only the preview is bound to practice vaults');

/** The command line of the build under test, as `bin/resguardo.mjs` starts it. */
const RUN_CLI =
  'const { main } = await import(process.argv[1]); process.exitCode = await main(process.argv.slice(2));';

const makeVault = (folder: string, use: 'real' | 'practice'): string => {
  const passphraseFile = join(folder, `passphrase-${use}`);
  const vault = join(folder, use);
  writeFileSync(passphraseFile, PASSPHRASE, { mode: 0o600 });
  const made = spawnSync(
    process.execPath,
    [
      ...['--input-type=module', '-e', RUN_CLI, join(builtFolder(), 'main/cli.js')],
      ...['vault', 'create', vault, '--owner', 'Ixchel Robledo'],
      ...['--passphrase-file', passphraseFile, '--kdf-passes', '3', '--kdf-memory-mib', '64'],
      ...(use === 'practice' ? ['--practice'] : []),
    ],
    { encoding: 'utf8' },
  );
  expect(made.status, made.stderr).toBe(0);
  return vault;
};

/** Names and bytes of everything in the vault. */
const stateOf = (vault: string): string[] =>
  readdirSync(vault, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name} ${readFileSync(join(entry.parentPath, entry.name)).toString('base64')}`)
    .sort();

test('a real vault named at the start: exit code 1, said why, no window, nothing touched', ({ folder }) => {
  const vault = makeVault(folder, 'real');
  const before = stateOf(vault);
  const started = spawnSync(
    process.execPath,
    [join(builtFolder(), 'main/preview.js'), '--headless', `--vault=${vault}`],
    { encoding: 'utf8', timeout: 40_000, env: { ...process.env, XDG_DATA_HOME: join(folder, 'data') } },
  );
  expect(started.status).toBe(1);
  expect(started.stderr).toMatch(/práctica/);
  expect(stateOf(vault)).toEqual(before);
});

test('the same inside a run: refused before a window asks for a passphrase', async ({ launch, folder }) => {
  const app = await launch({ vault: makeVault(folder, 'real') });
  expect(await app.exited).toBe(1);
  expect(app.windowCount()).toBe(0);
});

test('a practice vault named at the start is offered', async ({ launch, folder }) => {
  const app = await launch({
    vault: makeVault(folder, 'practice'),
    appFolder: appWithPages(join(PROJECT, 'tests/e2e/shell-pages')),
  });
  const page = await app.window('unlock');
  const context = await page.evaluate(() =>
    (globalThis as unknown as { resguardoUnlock: UnlockBridge }).resguardoUnlock.context(),
  );
  expect(context.vault).toMatchObject({ refused: null });
});

test('a real vault chosen in the window is refused with the reason', async ({ launch, folder }) => {
  const vault = makeVault(folder, 'real');
  const app = await launch({ appFolder: appWithPages(join(PROJECT, 'tests/e2e/shell-pages')) });
  const page = await app.window('unlock');
  await app.answerDialogs([vault]);
  const chosen = await page.evaluate(() =>
    (globalThis as unknown as { resguardoUnlock: UnlockBridge }).resguardoUnlock.chooseVault('open'),
  );
  expect(chosen).toMatchObject({ refused: { code: 'vault.practiceOnly' } });
});
