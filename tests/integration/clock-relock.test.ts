import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import { sql } from '../../electron/core/db/index.ts';
import { VaultDatabase } from '../../electron/core/db/vault-database.ts';
import { openDirectly } from '../support/stored-text.ts';
import { beat, movableBench, type MovableClock } from './clock-bench.ts';
import { Bench } from './harness.ts';
import { becomes, passphraseOf } from './people.ts';
import { codeOf } from './slots-bench.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** What of a day of emergency access is left when the clock begins to be set. */
const LEFT_MS = 10 * MINUTE_MS;
const LUIS = passphraseOf('Luis Cano');

const benches: Bench[] = [];
let bench: Bench;
afterEach(async () => {
  vi.useRealTimers();
  for (const one of benches.splice(0)) await one.end();
});

const use = () => bench.call('access.emergency', { code: 'EXP-1', reason: 'Nadie más en turno esta noche' });
const seen = async (): Promise<boolean> => (await bench.call('cases.list', { text: 'EXP-1' })).total === 1;

/** Luis has used an emergency access for all but the last ten minutes of its day. */
const nearTheEnd = async (): Promise<MovableClock> => {
  const made = await movableBench();
  ({ bench } = made);
  benches.push(bench);
  await becomes(bench, LUIS);
  await use();
  made.clock.pass(DAY_MS - LEFT_MS);
  await becomes(bench, LUIS);
  expect(await seen()).toBe(true);
  return made.clock;
};

/** Goes on in a copy of the folder as it is now: what is left of a vault whose program was killed. */
const killed = async (): Promise<void> => {
  killedOnly();
  await bench.unlock(LUIS);
};
const killedOnly = (): void => {
  const folder = mkdtempSync(join(tmpdir(), 'resguardo-killed-'));
  cpSync(bench.vaultFolder, join(folder, 'vault'), { recursive: true });
  bench = new Bench({ folder, ports: bench.ports });
  benches.push(bench);
};

/** An unlocking that fails after the passphrase and the database were found right: the lock file cannot be written. */
const refused = async (): Promise<void> => {
  const path = join(bench.vaultFolder, 'vault.lock');
  rmSync(path, { force: true });
  mkdirSync(join(path, 'something'), { recursive: true });
  await expect(bench.unlock(LUIS)).rejects.toThrow(AppError);
  rmSync(path, { recursive: true });
};

/** Uses the access for `stepMs` again and again, with the clock set back by as much; gives how long it was used. */
const usedBy = async (
  clock: MovableClock,
  stepMs: number,
  anew: (backMs: number) => Promise<void>,
): Promise<number> => {
  let used = 0;
  for (let n = 1; n <= 20 && (await seen()); n += 1) {
    clock.pass(stepMs);
    if (await seen()) used += stepMs;
    clock.set(-n * stepMs);
    await anew(-n * stepMs);
  }
  return used;
};

describe('a day of emergency access is a day of use, with the clock set back before each unlocking', () => {
  test('for sessions that are locked in between', async () => {
    const clock = await nearTheEnd();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await becomes(bench, LUIS);
    const used = await usedBy(clock, 3 * MINUTE_MS, async () => {
      await becomes(bench, LUIS);
      // What was gathered by the first minute is written then; three more follow before the next lock.
      await bench.call('cases.list', { text: '' });
      clock.pass(MINUTE_MS);
      await beat(clock);
    });
    expect(used).toBeLessThanOrEqual(LEFT_MS);
    expect(used).toBeGreaterThan(0);
    expect((await bench.call('access.clock', {})).state).toBe('right');
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
  });

  test('for sessions that end before anything was written', async () => {
    const clock = await nearTheEnd();
    const used = await usedBy(clock, 50 * SECOND_MS, killed);
    expect(used).toBeLessThanOrEqual(LEFT_MS);
    expect(used).toBeGreaterThan(0);
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
    expect(await codeOf(use)).toBeNull();
  });

  test('for sessions that are killed after the clock was put right in them', async () => {
    const clock = await nearTheEnd();
    const used = await usedBy(clock, 50 * SECOND_MS, async (backMs) => {
      // Behind by an hour while unlocking, nothing holds; put right then, what holds counts from there.
      clock.set(backMs - 60 * MINUTE_MS);
      await killed();
      expect(await seen()).toBe(false);
      clock.set(backMs);
    });
    expect(used).toBeLessThanOrEqual(LEFT_MS);
    expect(used).toBeGreaterThan(0);
  });
});

test('where nobody can note that it is used, it does not hold, and holds again once that can be', async () => {
  const clock = await nearTheEnd();
  const full = vi.spyOn(VaultDatabase.prototype, 'write').mockImplementation(() => {
    throw new AppError('disk.full');
  });
  try {
    clock.pass(20 * SECOND_MS);
    expect(await seen()).toBe(true);
    clock.pass(10 * SECOND_MS);
    expect(await seen()).toBe(false);
    clock.pass(MINUTE_MS);
    expect(await seen()).toBe(false);
  } finally {
    full.mockRestore();
  }
  expect(await seen()).toBe(true);
  clock.pass(LEFT_MS);
  expect(await seen()).toBe(false);
});

const entryRow = z.object({ method: z.string(), hlc: z.instanceof(Uint8Array) });

test('a session that was killed is charged, also where an unlocking was refused before the next', async () => {
  await nearTheEnd();
  killedOnly();
  await refused();
  await bench.unlock(LUIS);
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const rows = vault.db.connection.all(sql`SELECT method, hlc FROM journal ORDER BY position`, entryRow);
  await vault.close();
  const [killedOne, charged] = rows
    .slice(0, -1)
    .filter(({ method }) => method === 'vault.unlock')
    .slice(-2)
    .map(({ hlc }) => Buffer.from(hlc).readUIntBE(0, 6));
  expect((charged ?? 0) - (killedOne ?? 0)).toBeGreaterThanOrEqual(90 * SECOND_MS);
});

test('a vault that refused to open has no entry of it', async () => {
  await nearTheEnd();
  await bench.call('vault.lock', {});
  const entries = async (): Promise<string[]> => {
    const vault = await openDirectly(bench.ports, bench.vaultFolder);
    const rows = vault.db.connection.all(sql`SELECT method, hlc FROM journal ORDER BY position`, entryRow);
    await vault.close();
    return rows.map(({ method }) => method);
  };
  const before = await entries();
  await refused();
  // Looking is a session of its own, and says that it ended.
  expect((await entries()).slice(before.length)).toEqual(['access.sessionEnded', 'vault.unlock']);
});

test('what was read and the end of the session are one transaction: a lock has little time', async () => {
  await nearTheEnd();
  await bench.call('cases.list', { text: 'EXP-1' });
  const { rows } = await bench.call('cases.list', { text: 'EXP-1' });
  await bench.call('cases.get', { id: rows[0]?.id ?? ('' as never) });
  const written = vi.spyOn(VaultDatabase.prototype, 'write');
  try {
    await bench.call('vault.lock', {});
    expect(written).toHaveBeenCalledTimes(1);
  } finally {
    written.mockRestore();
  }
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const last = vault.db.connection.all(sql`SELECT method, hlc FROM journal ORDER BY position`, entryRow);
  await vault.close();
  const session = last.slice(
    last.findLastIndex(({ method }, n) => method === 'vault.unlock' && n < last.length - 1),
  );
  expect(session.map(({ method }) => method).toSorted()).toEqual([
    'access.permissionRan',
    'access.sessionEnded',
    'cases.get',
    'vault.unlock',
    'vault.unlock',
  ]);
  expect(session.at(-2)?.method).toBe('access.sessionEnded');
});

test('a running access is noted each minute while nothing is asked, and the end of its session', async () => {
  const made = await movableBench();
  ({ bench } = made);
  benches.push(bench);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await becomes(bench, LUIS);
  await use();
  expect(await seen()).toBe(true);
  for (let n = 0; n < 5 * 12; n += 1) await beat(made.clock);
  made.clock.pass(30 * SECOND_MS);
  await bench.call('vault.lock', {});
  const lockedMs = bench.ports.clock.now();
  vi.useRealTimers();
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const rows = vault.db.connection.all(sql`SELECT method, hlc FROM journal ORDER BY position`, entryRow);
  await vault.close();
  const from = rows.findLastIndex((row) => row.method === 'access.emergency');
  const to = rows.findIndex((row, n) => n > from && row.method === 'vault.unlock');
  const session = rows
    .slice(from, to)
    .map((row) => ({ method: row.method, ms: Buffer.from(row.hlc).readUIntBE(0, 6) }));
  expect(session.filter((row) => row.method === 'access.permissionRan').length).toBeGreaterThanOrEqual(5);
  const gaps = session.slice(1).map((row, n) => row.ms - (session[n]?.ms ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(80 * SECOND_MS);
  expect(session.at(-1)?.method).toBe('access.sessionEnded');
  expect(Math.abs((session.at(-1)?.ms ?? 0) - lockedMs)).toBeLessThan(5 * SECOND_MS);
});
