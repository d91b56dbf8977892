import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { CaseId } from '#shared/model/ids.ts';
import { sql } from '../../electron/core/db/index.ts';
import { openDirectly } from '../support/stored-text.ts';
import { beat, movableBench, type MovableClock } from './clock-bench.ts';
import { PASSPHRASE, type Bench } from './harness.ts';
import { becomes, passphraseOf } from './people.ts';
import { openingFields } from './slots-bench.ts';

const textRow = z.object({ text: z.string() });

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LUIS = passphraseOf('Luis Cano');

let bench: Bench;
let clock: MovableClock;
let ids: CaseId[];
beforeEach(async () => {
  ({ bench, clock } = await movableBench());
  ids = [];
  for (let n = 100; n < 157; n += 1) {
    const { id } = await bench.call('cases.open', { ...openingFields, code: `EXP-${n}` });
    const { people } = await bench.call('access.ofCase', { caseId: id });
    const julia = people[0]?.slotId ?? '';
    await bench.call('access.setCase', {
      caseId: id,
      visibility: 'open',
      people: [julia],
      responsible: julia,
    });
    ids.push(id);
  }
});
afterEach(async () => {
  vi.useRealTimers();
  await bench.end();
});

const read = async (from: number, to: number): Promise<void> => {
  for (const id of ids.slice(from, to)) await bench.call('cases.get', { id });
};
const notices = async () =>
  (await bench.call('access.notices', {})).rows.map((row) => [row.kind, row.who, row.cases]);
const state = () => bench.call('access.clock', {});
const settle = async () =>
  bench.call('access.settleClock', {
    computer: (await state()).computer,
    reason: 'La pila del reloj se agotó el viernes',
  });

describe('whoever opens 57 cases at once is named', () => {
  const ALL = [['bulkReading', 'Luis Cano', 57]];

  test.each(['relocking', 'in one session'] as const)(
    'with the clock set forward after each 19, %s',
    async (how) => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      await becomes(bench, LUIS);
      for (const n of [0, 1, 2]) {
        clock.set(n * 61 * MINUTE_MS);
        if (how === 'relocking') await becomes(bench, LUIS);
        await read(19 * n, 19 * n + 19);
        // Each nineteen are written under their own time.
        clock.pass(MINUTE_MS);
        await beat(clock);
      }
      await becomes(bench, PASSPHRASE);
      expect(await notices()).toEqual(ALL);
      clock.set(0);
      await becomes(bench, PASSPHRASE);
      expect(await notices()).toEqual(ALL);
      await settle();
      expect(await notices()).toEqual(ALL);
    },
  );

  test('under a clock that was set back and settled so, once it is right again', async () => {
    clock.set(-60 * DAY_MS);
    await becomes(bench, PASSPHRASE);
    await settle();
    await becomes(bench, LUIS);
    await read(0, 57);
    await bench.call('vault.lock', {});
    clock.set(0);
    await bench.unlock(LUIS);
    await becomes(bench, PASSPHRASE);
    expect((await state()).state).toBe('right');
    expect(await notices()).toEqual(ALL);
    const [notice] = (await bench.call('access.notices', {})).rows;
    expect(Math.abs(Date.parse(notice?.at ?? '') - Date.now())).toBeLessThan(10 * MINUTE_MS);
    await bench.call('access.reviewNotice', { id: notice?.id ?? '' });
    expect(await notices()).toEqual([]);
    // Nor does it come back while it grows old, part by part.
    for (const minutes of [-5, 0, 5]) {
      clock.set(30 * DAY_MS + minutes * MINUTE_MS);
      expect(await notices()).toEqual([]);
    }
  });
});

test('nineteen on each of two working days, and a few in each of many short sessions, are nobody’s question', async () => {
  await becomes(bench, LUIS);
  await read(0, 19);
  await bench.call('vault.lock', {});
  clock.pass(16 * HOUR_MS);
  await bench.unlock(LUIS);
  await read(19, 38);
  await bench.call('vault.lock', {});
  clock.pass(16 * HOUR_MS);
  await bench.unlock(LUIS);
  // Locked when idle: five minutes open, an hour away, and again.
  for (let n = 0; n < 9; n += 1) {
    clock.pass(5 * MINUTE_MS);
    await bench.call('vault.lock', {});
    clock.pass(HOUR_MS);
    await bench.unlock(LUIS);
    await read(38 + 2 * n, 40 + 2 * n);
    clock.pass(5 * MINUTE_MS);
    await bench.call('cases.get', { id: ids[38 + 2 * n] ?? ('' as CaseId) });
  }
  await becomes(bench, PASSPHRASE);
  expect(await notices()).toEqual([]);
});

test('two cases at the beginning of each long session, then an hour of writing, are nobody’s question', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await becomes(bench, LUIS);
  for (let n = 0; n < 12; n += 1) {
    await read(2 * n, 2 * n + 2);
    clock.pass(MINUTE_MS);
    await beat(clock);
    clock.pass(HOUR_MS);
    await bench.call('drafts.save', { id: `d${n}`, form: 'incident', title: 'A medias', payload: '{}' });
    await bench.call('vault.lock', {});
    clock.pass(5 * MINUTE_MS);
    await bench.unlock(LUIS);
  }
  await becomes(bench, PASSPHRASE);
  expect(await notices()).toEqual([]);
});

test('a payload that is damaged takes no notice away', async () => {
  await becomes(bench, LUIS);
  await read(0, 30);
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const { connection } = vault.db;
  const rule = connection.need(
    sql`SELECT sql AS text FROM sqlite_schema WHERE name = 'journal_payload_no_update'`,
    textRow,
  );
  connection.exec('DROP TRIGGER journal_payload_no_update');
  connection.exec(`UPDATE journal_payload SET payload = CAST('{"livedMs":' AS BLOB) WHERE position =
    (SELECT max(position) FROM journal WHERE method = 'cases.get')`);
  connection.exec(rule.text);
  await vault.close();
  await bench.unlock(PASSPHRASE);
  expect(await notices()).toEqual([['bulkReading', 'Luis Cano', 30]]);
});
