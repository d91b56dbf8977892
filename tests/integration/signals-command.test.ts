import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuiltCommand, CHEAP } from '../support/built-command.ts';

/* What a signal leaves of the built command, sent at moments that no orderly test meets. */

const JULIA = 'faro niebla cobre tejado luna';
/** Some ten seconds on a slow machine, several on any: far longer than a signal may take. */
const LONG = ['--kdf-passes', '10', '--kdf-memory-mib', '1024'] as const;
let command: BuiltCommand;
let vaults = '';
let vault = '';
const lockFile = (): string => join(vault, 'vault.lock');
const passphrase = (): string[] => ['--passphrase-file', command.secret('julia', JULIA)];

beforeAll(async () => {
  command = await BuiltCommand.make('signals-cli-test', 'en_US.UTF-8');
  vaults = join(command.folder, 'vaults');
  mkdirSync(vaults);
  vault = join(vaults, 'one');
  const made = await command.run(['vault', 'create', vault, '--owner', 'Julia', ...CHEAP, ...passphrase()]);
  expect(made.code, made.stderr).toBe(0);
}, 120_000);
afterAll(() => {
  command.end();
});

const until = async (child: ChildProcess, holds: () => boolean): Promise<void> => {
  while (!holds()) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended before');
    await setImmediate();
  }
};

/** How it ended, or `alive` where it has not after so many milliseconds. */
const within = async (child: ChildProcess, ended: Promise<unknown>, ms: number): Promise<string> => {
  await Promise.race([ended, setTimeout(ms)]);
  return child.signalCode ?? (child.exitCode === null ? 'alive' : String(child.exitCode));
};

// Elsewhere a signal that one program sends another ends it at once.
describe.skipIf(process.platform === 'win32')('a signal', () => {
  it('in the middle of unlocking leaves no lock file behind', async () => {
    let sent = 0;
    for (let round = 0; round < 8; round += 1) {
      const { child, ended, said } = command.start([
        'slots',
        'list',
        '--vault',
        vault,
        ...passphrase(),
        '--json',
      ]);
      child.stdin?.end();
      await until(child, () => existsSync(lockFile()));
      if (child.kill('SIGTERM')) sent += 1;
      await ended;
      // One that was through with its work by then ended by itself.
      expect([child.signalCode, child.exitCode], said().stderr).toContain(
        child.exitCode === 0 ? 0 : 'SIGTERM',
      );
      expect(existsSync(lockFile())).toBe(false);
    }
    expect(sent).toBeGreaterThan(0);
  }, 120_000);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s during a long derivation ends a creation at once and leaves nothing',
    async (signal) => {
      const folder = join(vaults, `made-${signal}`);
      const { child, ended } = command.start([
        'vault',
        'create',
        folder,
        '--owner',
        'Julia',
        ...LONG,
        ...passphrase(),
      ]);
      child.stdin?.end();
      await until(child, () => existsSync(folder));
      await setTimeout(300);
      expect(readdirSync(folder)).toEqual([]);
      child.kill(signal);
      expect(await within(child, ended, 1500)).toBe(signal);
      expect(existsSync(folder)).toBe(false);
    },
    60_000,
  );

  it.each([
    ['SIGINT', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
  ] as const)(
    '%s that cannot lock is followed by %s, which ends the command at once',
    async (first, second) => {
      // A disk that does not answer when the lock file is to go.
      const program = join(dirname(command.program), 'slow-disk.mjs');
      writeFileSync(
        program,
        `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout } from 'node:timers/promises';
const slow = (real) => async (path, ...rest) => {
  if (String(path).endsWith('vault.lock') && fs.existsSync(path)) {
    process.stderr.write('waits for the disk');
    await setTimeout(60_000);
  }
  return real(path, ...rest);
};
for (const name of ['unlink', 'rm']) fs.promises[name] = slow(fs.promises[name]);
syncBuiltinESMExports();
const { main } = await import('./cli.js');
process.exitCode = await main(process.argv.slice(2));
`,
      );
      const copy = join(vaults, `slow-${first}-${second}`);
      const made = await command.run([
        'vault',
        'create',
        copy,
        '--owner',
        'Julia',
        ...CHEAP,
        ...passphrase(),
      ]);
      expect(made.code, made.stderr).toBe(0);
      const words = ['slots', 'words', '--vault', copy, ...passphrase(), '--name', 'Paper', '--json'];
      const { child, ended, said } = command.start(words, { program });
      await until(child, () => said().stdout !== '');
      child.kill(first);
      await until(child, () => said().stderr.includes('waits for the disk'));
      expect(await within(child, ended, 500)).toBe('alive');
      child.kill(second);
      expect(await within(child, ended, 1500)).toBe(second);
    },
    60_000,
  );
});
