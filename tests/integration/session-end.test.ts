import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { z } from 'zod';
import { sql } from '../../electron/core/db/index.ts';
import { openDirectly } from '../support/stored-text.ts';
import { beat, movableBench, type MovableClock } from './clock-bench.ts';
import { PASSPHRASE, type Bench } from './harness.ts';
import { becomes, passphraseOf } from './people.ts';
import { openingFields } from './slots-bench.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const LUIS = passphraseOf('Luis Cano');
const entryRow = z.object({ method: z.string(), hlc: z.instanceof(Uint8Array) });

let bench: Bench;
let clock: MovableClock;
beforeEach(async () => {
  ({ bench, clock } = await movableBench());
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await bench.end();
});

/** The last of them is that of looking, which is a session of its own. */
const entries = async (): Promise<{ method: string; ms: number }[]> => {
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const rows = vault.db.connection.all(sql`SELECT method, hlc FROM journal ORDER BY position`, entryRow);
  await vault.close();
  return rows.map(({ method, hlc }) => ({ method, ms: Buffer.from(hlc).readUIntBE(0, 6) }));
};

/** A session that lasts ten minutes, then has a read written, and is locked so much later. */
const readThenLocked = async (laterMs: number): Promise<string[]> => {
  const { id } = await bench.call('cases.open', { ...openingFields, code: 'EXP-2' });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await becomes(bench, PASSPHRASE);
  clock.pass(10 * MINUTE_MS);
  await bench.call('cases.get', { id });
  clock.pass(MINUTE_MS);
  await beat(clock);
  clock.pass(laterMs);
  await bench.call('vault.lock', {});
  vi.useRealTimers();
  const methods = (await entries()).slice(0, -1).map(({ method }) => method);
  return methods.slice(methods.lastIndexOf('vault.unlock'));
};

test('a session that ends within a minute of its last entry about a read says nothing of its end', async () => {
  expect(await readThenLocked(40 * SECOND_MS)).toEqual(['vault.unlock', 'cases.get']);
});

test('one that goes on for longer says that it ended', async () => {
  expect(await readThenLocked(80 * SECOND_MS)).toEqual(['vault.unlock', 'cases.get', 'access.sessionEnded']);
});

test('an unlocking that the disk fails after its entry is a session that ended in order, not one cut off', async () => {
  await becomes(bench, LUIS);
  await bench.call('access.emergency', { code: 'EXP-1', reason: 'Nadie más en turno esta noche' });
  await bench.call('vault.lock', {});
  const before = await entries();
  const list = bench.ports.disk.list.bind(bench.ports.disk);
  // The copies from before a migration are looked for once the entry is written.
  const failing = vi.spyOn(bench.ports.disk, 'list').mockImplementation((path) => {
    if (path !== bench.vaultFolder || !existsSync(join(path, 'vault.lock'))) return list(path);
    return Promise.reject(new AppError('disk.notReadable'));
  });
  await expect(bench.unlock(LUIS)).rejects.toMatchObject({ code: 'disk.notReadable' });
  failing.mockRestore();
  expect(existsSync(join(bench.vaultFolder, 'vault.lock'))).toBe(false);
  const since = (await entries()).slice(before.length);
  expect(since.map(({ method }) => method)).toEqual([
    'access.sessionEnded',
    ...['vault.unlock', 'access.sessionEnded'],
    'vault.unlock',
  ]);
  // A minute and a half is what one that was cut off would cost the session after it.
  const [ended = 0, next = Infinity] = since.slice(2).map(({ ms }) => ms);
  expect(next - ended).toBeLessThan(60 * SECOND_MS);
});
