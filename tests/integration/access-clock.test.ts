import { afterEach, expect, test, vi } from 'vitest';
import { Connection } from '../../electron/core/db/connection.ts';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { Bench } from './harness.ts';
import { addPerson, becomes, passphraseOf } from './people.ts';
import { codeOf } from './slots-bench.ts';

let bench: Bench;
afterEach(async () => {
  await bench.end();
});

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A fresh vault under a clock that can be set (the wall only) and made to pass (both). */
const withMovableClock = async (): Promise<{ set(ms: number): void; pass(ms: number): void }> => {
  const real = createNodeClock();
  let set = 0;
  let passed = 0;
  bench = new Bench({
    ports: {
      clock: {
        now: () => real.now() + set + passed,
        zone: () => real.zone(),
        monotonic: () => real.monotonic() + passed,
      },
    },
  });
  await bench.create();
  return {
    set: (ms) => {
      set = ms;
    },
    pass: (ms) => {
      passed += ms;
    },
  };
};

/** A restricted case of the coordinator's with somebody in it; afterwards Luis sits at the desk. Gives its id. */
const hiddenCase = async () => {
  await addPerson(bench, 'Luis Cano', 'team');
  const { id: caseId } = await bench.call('cases.open', {
    title: 'Expediente',
    code: 'EXP-1',
    state: 'active',
    summary: '',
    openedDay: '2026-02-01',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });
  await bench.call('persons.record', { name: 'Rosalba Quintero', caseId });
  await becomes(bench, passphraseOf('Luis Cano'));
  return caseId;
};

const use = () => bench.call('access.emergency', { code: 'EXP-1', reason: 'Nadie más en turno esta noche' });
/** How much of it is seen: the case in the list, its person, by id. */
const seen = async (caseId: Awaited<ReturnType<typeof hiddenCase>>): Promise<boolean[]> => [
  (await bench.call('cases.list', { text: 'EXP-1' })).total === 1,
  (await bench.call('persons.list', { text: 'Rosalba' })).total === 1,
  (await codeOf(() => bench.call('cases.get', { id: caseId }))) === null,
];
const ALL = [true, true, true];
const NOTHING = [false, false, false];

test('ends by itself after 24 hours, also in a session that stays open', async () => {
  const clock = await withMovableClock();
  const caseId = await hiddenCase();
  expect(await seen(caseId)).toEqual(NOTHING);
  await use();
  expect(await seen(caseId)).toEqual(ALL);
  clock.pass(DAY_MS - MINUTE_MS);
  expect(await seen(caseId)).toEqual(ALL);
  clock.pass(2 * MINUTE_MS);
  expect(await seen(caseId)).toEqual(NOTHING);
  // Setting the clock back gives nothing back: not in this session, nor in the next.
  await bench.call('persons.record', { name: 'Otra Persona' });
  clock.set(-DAY_MS);
  await bench.call('persons.record', { name: 'Alguien Más' });
  expect(await seen(caseId)).toEqual(NOTHING);
  await becomes(bench, passphraseOf('Luis Cano'));
  expect(await seen(caseId)).toEqual(NOTHING);
});

test('a clock that is set forward during it neither ends it early nor makes it last', async () => {
  const clock = await withMovableClock();
  const caseId = await hiddenCase();
  const { until } = await use();
  clock.set(3 * DAY_MS);
  // Something enters the journal under the wrong clock.
  await bench.call('persons.record', { name: 'Alguien Más' });
  expect(await seen(caseId)).toEqual(ALL);
  expect((await bench.call('access.ofCase', { caseId })).visibleUntil).toBe(until);
  clock.pass(DAY_MS + MINUTE_MS);
  expect(await seen(caseId)).toEqual(NOTHING);
});

test('cannot begin under a clock that is visibly wrong, nor outlast a day under one that was', async () => {
  const clock = await withMovableClock();
  const caseId = await hiddenCase();
  // Set forward within the session: a year of access would be the price of setting it back.
  clock.set(365 * DAY_MS);
  expect(await codeOf(use)).toBe('access.clockWrong');
  clock.set(0);
  expect(await codeOf(use)).toBe(null);
  expect(await seen(caseId)).toEqual(ALL);
  // Set forward before unlocking nobody can see it; used then, and set back.
  clock.set(365 * DAY_MS);
  await becomes(bench, passphraseOf('Luis Cano'));
  expect(await seen(caseId)).toEqual(NOTHING);
  expect(await codeOf(use)).toBe(null);
  expect(await seen(caseId)).toEqual(ALL);
  clock.set(0);
  clock.pass(DAY_MS + MINUTE_MS);
  expect(await seen(caseId)).toEqual(NOTHING);
  expect(await codeOf(use)).toBe('access.clockWrong');
  // In the next session the clock is behind the journal: nothing holds that only the clock could end.
  await becomes(bench, passphraseOf('Luis Cano'));
  expect(await seen(caseId)).toEqual(NOTHING);
  expect(await codeOf(use)).toBe('access.clockWrong');
  // The clock is right again, without a new session: then it begins as always.
  clock.set(365 * DAY_MS + 1000);
  expect(await codeOf(use)).toBe(null);
  expect(await seen(caseId)).toEqual(ALL);
});

test('one that was begun under a clock set forward holds no more once that clock is behind the journal', async () => {
  const clock = await withMovableClock();
  clock.set(365 * DAY_MS);
  const caseId = await hiddenCase();
  await use();
  expect(await seen(caseId)).toEqual(ALL);
  clock.set(0);
  await becomes(bench, passphraseOf('Luis Cano'));
  expect(await seen(caseId)).toEqual(NOTHING);
  // What is hidden does not change while the clock is behind, so it is not made anew for every call.
  const run = vi.spyOn(Connection.prototype, 'exec');
  const rebuilt = () =>
    run.mock.calls.filter(([text]) => text.startsWith('DELETE FROM temp.hidden_case')).length;
  try {
    expect(await seen(caseId)).toEqual(NOTHING);
    expect(rebuilt()).toBe(0);
    // With the clock right again what was given holds again, without anything having to change before.
    clock.set(365 * DAY_MS + MINUTE_MS);
    expect(await seen(caseId)).toEqual(ALL);
    expect(rebuilt()).toBe(1);
  } finally {
    run.mockRestore();
  }
});
