import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CaseId } from '#shared/model/ids.ts';
import { sql } from '../../electron/core/db/index.ts';
import { openDirectly } from '../support/stored-text.ts';
import { movableBench } from './clock-bench.ts';
import { PASSPHRASE, type Bench } from './harness.ts';
import { becomes, passphraseOf, takeOut } from './people.ts';
import { codeOf, openingFields } from './slots-bench.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const CENTURY_MS = 73 * 365 * DAY_MS;
const LUIS = passphraseOf('Luis Cano');

let bench: Bench;
afterEach(async () => {
  await bench.end();
});

const start = async () => {
  const made = await movableBench();
  ({ bench } = made);
  return made.clock;
};

const use = (code = 'EXP-1') =>
  bench.call('access.emergency', { code, reason: 'Nadie más en turno esta noche' });
const seen = async (): Promise<boolean> => (await bench.call('cases.list', { text: 'EXP-1' })).total === 1;
const state = () => bench.call('access.clock', {});
const settle = async () =>
  bench.call('access.settleClock', {
    computer: (await state()).computer,
    reason: 'La pila del reloj se agotó el viernes',
  });
const idOf = async (name: string): Promise<string> =>
  (await bench.call('access.people', {})).rows.find((one) => one.name === name)?.slotId ?? '';
const shown = async (code: string): Promise<CaseId | undefined> =>
  (await bench.call('cases.list', { text: code })).rows[0]?.id;

test('reading in bulk is found after the clock was settled, by the time that is known, and grows old', async () => {
  const clock = await start();
  const ids: CaseId[] = [];
  for (let n = 100; n < 124; n += 1) {
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
  const read = async (count: number): Promise<void> => {
    for (const id of ids.slice(0, count)) await bench.call('cases.get', { id });
  };
  const notices = async () => (await bench.call('access.notices', {})).rows;
  clock.set(CENTURY_MS);
  await becomes(bench, LUIS);
  await read(21);
  clock.set(0);
  await becomes(bench, PASSPHRASE);
  await settle();
  const [first, ...others] = await notices();
  expect([first?.kind, first?.cases, others]).toEqual(['bulkReading', 21, []]);
  expect(Date.parse(first?.at ?? '')).toBeLessThan(Date.now() + MINUTE_MS);
  await bench.call('access.reviewNotice', { id: first?.id ?? '' });
  expect(await notices()).toEqual([]);
  // A settlement is no licence until the wrong date comes.
  await becomes(bench, LUIS);
  await read(24);
  await becomes(bench, PASSPHRASE);
  expect((await notices()).map((one) => [one.kind, one.who, one.cases])).toEqual([
    ['bulkReading', 'Luis Cano', 24],
  ]);
  // Nor does what was read under the wrong date stand there for ever.
  clock.pass(31 * DAY_MS);
  expect(await notices()).toEqual([]);
});

describe('a clock that stands behind the vault by some hours', () => {
  test('heals while the vault is open, and for the next session', async () => {
    const clock = await start();
    clock.set(6 * HOUR_MS);
    await becomes(bench, LUIS);
    clock.set(0);
    await becomes(bench, LUIS);
    const write = (name: string) => bench.call('persons.record', { name });
    for (const name of ['Ana', 'Beatriz', 'Carla']) {
      clock.pass(HOUR_MS);
      await write(name);
    }
    expect(await state()).toMatchObject({ state: 'vaultAhead' });
    expect(await codeOf(use)).toBe('access.clockWrong');
    clock.pass(3 * HOUR_MS + MINUTE_MS);
    await write('Dora');
    expect(await state()).toMatchObject({ state: 'right', ahead: null });
    expect(await codeOf(use)).toBeNull();
    expect(await seen()).toBe(true);
    await becomes(bench, LUIS);
    expect(await state()).toMatchObject({ state: 'right' });
    expect(await seen()).toBe(true);
    await becomes(bench, PASSPHRASE);
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
  });

  test('counts the hours of a permission from where it is right again, whatever is done to it then', async () => {
    const clock = await start();
    clock.set(-2 * HOUR_MS);
    await becomes(bench, LUIS);
    expect(await codeOf(use)).toBe('access.clockWrong');
    clock.set(0);
    await use();
    // Nine hours of work, with the wall clock put back to where they began before anything is written.
    clock.pass(9 * HOUR_MS);
    clock.set(-9 * HOUR_MS);
    expect(await seen()).toBe(true);
    await becomes(bench, LUIS);
    expect(await seen()).toBe(false);
    expect(await state()).toMatchObject({ state: 'vaultAhead' });
  });
});

const entryRow = z.object({ entity_table: z.string(), entity_id: z.string(), payload: z.string() });

test('that a permission runs is noted as that and nothing else, for the cases that it opens', async () => {
  const clock = await start();
  const { id: second } = await bench.call('cases.open', { ...openingFields, code: 'EXP-2' });
  const { people } = await bench.call('access.ofCase', { caseId: second });
  const julia = people[0]?.slotId ?? '';
  const luis = await idOf('Luis Cano');
  await becomes(bench, LUIS);
  await use('EXP-1');
  await use('EXP-2');
  clock.pass(2 * MINUTE_MS);
  expect(await seen()).toBe(true);
  await becomes(bench, PASSPHRASE);
  await bench.call('access.setCase', {
    caseId: second,
    visibility: 'restricted',
    people: [julia, luis],
    responsible: julia,
  });
  const first = (await shown('EXP-1')) ?? '';
  await becomes(bench, LUIS);
  for (let n = 0; n < 3; n += 1) {
    clock.pass(6 * MINUTE_MS);
    await bench.call('cases.list', { text: '' });
  }
  await becomes(bench, PASSPHRASE);
  const counts = (await bench.call('activity.summary', { slotId: luis })).people[0];
  expect(counts?.counts.cases).toBe(0);
  expect(counts?.days).toEqual([]);
  const { rows, total } = await bench.call('activity.ofPerson', { slotId: luis, offset: 0, limit: 100 });
  expect(rows.map((row) => row.what)).not.toContain('opened');
  expect(rows.map((row) => row.table)).not.toContain('case_access');
  expect(total).toBe(rows.length);
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const noted = vault.db.connection.all(
    sql`SELECT j.entity_table, j.entity_id, CAST(p.payload AS TEXT) AS payload FROM journal j
        JOIN journal_payload p ON p.position = j.position WHERE j.entity_table = 'case_access'
        AND j.method NOT IN ('cases.open', 'access.setCase') ORDER BY j.position`,
    entryRow,
  );
  await vault.close();
  expect(noted.length).toBeGreaterThan(1);
  for (const one of noted) {
    const said: unknown = JSON.parse(one.payload);
    expect(said).toMatchObject({ ran: 'emergencyAccess' });
    expect(said).not.toHaveProperty('read');
  }
  // Both before Luis was put on the list of the second, one afterwards.
  expect(noted.at(-1)?.entity_id).toBe(first);
  const times = (id: string): number => noted.filter((one) => one.entity_id === id).length;
  expect(times(second)).toBe(1);
  expect(times(first)).toBeGreaterThan(1);
  await bench.unlock();
});

test('the certificate of somebody who was taken out under a wrong clock bears the day that is known', async () => {
  const clock = await start();
  const luis = await idOf('Luis Cano');
  clock.set(CENTURY_MS);
  await becomes(bench, PASSPHRASE);
  await takeOut(bench, [luis]);
  clock.set(0);
  await becomes(bench, PASSPHRASE);
  expect((await bench.call('leaving.of', { slotId: luis, days: 90 })).closedAt?.slice(0, 2)).toBe('20');
  await settle();
  const { closedAt } = await bench.call('leaving.of', { slotId: luis, days: 90 });
  expect(Math.abs(Date.parse(closedAt ?? '') - Date.now())).toBeLessThan(5 * MINUTE_MS);
});

test('a vault that is open to look only honours no emergency access', async () => {
  await start();
  await becomes(bench, LUIS);
  await use();
  expect(await seen()).toBe(true);
  await bench.call('vault.lock', {});
  const database = join(
    bench.vaultFolder,
    readdirSync(bench.vaultFolder).find((name) => name.endsWith('.db')) ?? '',
  );
  const older = join(bench.folder, 'older.db');
  copyFileSync(database, older);
  await bench.unlock(LUIS);
  await bench.call('persons.record', { name: 'Alguien Más' });
  expect(await seen()).toBe(true);
  await bench.call('vault.lock', {});
  copyFileSync(older, database);
  await bench.unlock(LUIS);
  expect((await bench.call('vault.status', {})).readOnlyBecause).toBe('vault.changesMissing');
  expect(await seen()).toBe(false);
  expect(await codeOf(use)).toBe('vault.readOnly');
});

test('settling a clock that was set back leaves what had ended as it was, and brings none of it back', async () => {
  const clock = await start();
  await becomes(bench, LUIS);
  const { until } = await use();
  clock.pass(25 * HOUR_MS);
  await becomes(bench, PASSPHRASE);
  clock.set(-6 * 365 * DAY_MS);
  await becomes(bench, LUIS);
  // Who may not settle is not told how many permissions there are.
  expect((await state()).ahead?.permissions).toBeNull();
  await becomes(bench, PASSPHRASE);
  expect((await state()).ahead?.permissions).toBe(0);
  expect((await settle()).ended).toBe(0);
  const caseId = (await shown('EXP-1')) ?? ('' as CaseId);
  expect((await bench.call('access.ofCase', { caseId })).emergencies.map((one) => one.until)).toEqual([
    until,
  ]);
  for (const hours of [-6 * 365 * 24, -24, 0]) {
    clock.set(hours * HOUR_MS);
    await becomes(bench, LUIS);
    expect(await seen()).toBe(false);
  }
  expect(await codeOf(use)).toBeNull();
  expect(await seen()).toBe(true);
});
