import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkVault, type OpenVault } from '../../electron/core/features/vault/index.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { SessionProcess } from './support/session-process.ts';
import { codeOf, create, unlock } from './support/vaults.ts';

const ports = realPorts();
let base: ReturnType<typeof freshFolder>;
let sessions: SessionProcess[] = [];

beforeEach(async () => {
  base = freshFolder();
  await (await create(ports, base.path)).close();
});
afterEach(async () => {
  for (const session of sessions) await session.kill();
  sessions = [];
  base.remove();
});

const start = async (): Promise<SessionProcess> => {
  const session = await SessionProcess.start(base.path);
  sessions.push(session);
  return session;
};
const findings = async (vault: OpenVault): Promise<readonly unknown[]> => {
  const signal = new AbortController().signal;
  return (await checkVault(vault, { objects: 'presence', progress: () => undefined, signal })).findings;
};
const lockFile = (): string => join(base.path, 'vault', 'vault.lock');

test('a second process is told that the vault is open, and by whom', async () => {
  const first = await start();
  expect((await first.next()).ready).toBe(true);
  const refusal = await unlock(ports, base.path).catch((thrown: unknown) => thrown);
  expect(refusal).toMatchObject({ code: 'vault.alreadyOpen', params: { who: 'Ana Ruiz' } });
  // Who it is stands sealed: the file names nobody.
  expect(readFileSync(lockFile()).includes('Ana')).toBe(false);
  expect(readFileSync(lockFile()).includes('portatil')).toBe(false);
  expect((await first.ask('write a')).code).toBeNull();
});

test('lock file deleted, first process paused: exactly one continues', async () => {
  const first = await start();
  await first.next();
  first.signal('SIGSTOP');
  rmSync(lockFile());
  const second = await start();
  expect((await second.next()).failed).toBe('vault.alreadyOpen');
  first.signal('SIGCONT');
  expect((await first.ask('write a')).code).toBeNull();
  // The next heartbeat puts the file back.
  await first.ask('beat');
  expect(existsSync(lockFile())).toBe(true);
});

test('after the system dropped its lock, a process that was overtaken writes nothing more', async () => {
  const first = await start();
  await first.next();
  expect((await first.ask('write before')).code).toBeNull();
  await first.ask('drop-locks');
  first.signal('SIGSTOP');
  const second = await start();
  const ready = await second.next();
  expect(ready).toMatchObject({ ready: true, readOnly: null });
  expect(ready.rows).toEqual(['before']);
  expect((await second.ask('write second')).code).toBeNull();
  first.signal('SIGCONT');
  // SQLite alone would let it: in exclusive mode it never looks again at what others wrote.
  expect((await first.ask('write first')).code).toBe('vault.takenOver');
  expect((await first.ask('beat')).beat).toBe('vault.takenOver');
  expect((await second.ask('write third')).code).toBeNull();
  // Ending in good order must not do what writing may not: empty its old picture of the log into the file.
  await first.close();
  expect((await second.ask('write fourth')).code).toBeNull();
  await second.close();
  const vault = await unlock(ports, base.path);
  expect(vault.db.readOnlyBecause).toBeNull();
  expect(vault.journal.head.seq).toBe(8); // create, unlock, before, unlock, second, third, fourth, unlock
  expect(await findings(vault)).toEqual([]);
  await vault.close();
});

test('a lock file that a dead process left stops nobody', async () => {
  const first = await start();
  await first.next();
  await first.kill();
  expect(existsSync(lockFile())).toBe(true);
  expect(await codeOf(async () => (await unlock(ports, base.path)).close())).toBeNull();
  expect(existsSync(lockFile())).toBe(false);
});
