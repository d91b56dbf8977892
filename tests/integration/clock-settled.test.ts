import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { movableBench } from './clock-bench.ts';
import { PASSPHRASE, type Bench } from './harness.ts';
import { becomes, passphraseOf } from './people.ts';
import { codeOf } from './slots-bench.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const CENTURY_MS = 73 * 365 * DAY_MS;
const LUIS = passphraseOf('Luis Cano');
const REASON = 'La pila del reloj se agotó el viernes';

let bench: Bench;
afterEach(async () => {
  await bench.end();
});

const withMovableClock = async () => {
  const made = await movableBench();
  ({ bench } = made);
  return made.clock;
};

const use = () => bench.call('access.emergency', { code: 'EXP-1', reason: 'Nadie más en turno esta noche' });
const seen = async (): Promise<boolean> => (await bench.call('cases.list', { text: 'EXP-1' })).total === 1;
const state = () => bench.call('access.clock', {});
const settle = async () =>
  bench.call('access.settleClock', { computer: (await state()).computer, reason: REASON });
const findings = async () => (await bench.call('vault.check', {})).findings;

/** Somebody unlocked under a clock that stood in another century, and the clock was put right. */
const afterTheJump = async () => {
  const clock = await withMovableClock();
  clock.set(CENTURY_MS);
  await becomes(bench, LUIS);
  clock.set(0);
  await becomes(bench, LUIS);
  return clock;
};

describe('a clock that once stood far ahead', () => {
  test('keeps every emergency access from beginning until somebody who gives access settles it', async () => {
    const clock = await afterTheJump();
    expect(await codeOf(use)).toBe('access.clockWrong');
    const found = await state();
    expect(found).toMatchObject({ state: 'vaultAhead', ahead: { permissions: null } });
    expect(found.vault.slice(0, 2)).toBe('20');
    expect(Date.parse(found.vault) - Date.parse(found.computer)).toBeGreaterThan(CENTURY_MS - HOUR_MS);
    // Not by whoever would gain from it.
    expect(await codeOf(settle)).toBe('call.notAllowed');
    await becomes(bench, PASSPHRASE);
    expect((await state()).ahead?.permissions).toBe(0);
    expect((await bench.call('backup.state', {})).reminder.due).toBe('clockWrong');
    const before = Date.now();
    const done = await settle();
    expect(Date.parse(done.now)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(done.now)).toBeLessThan(before + MINUTE_MS);
    // Luis twice and Julia once: their unlocks bore the wrong time.
    expect(done).toMatchObject({ entries: 3, ended: 0 });
    expect(await state()).toMatchObject({ state: 'right', ahead: null });
    expect((await bench.call('backup.state', {})).reminder.due).toBe('never');
    expect(await codeOf(settle)).toBe('access.clockFits');
    expect(await findings()).toEqual([]);
    await becomes(bench, LUIS);
    expect(await seen()).toBe(false);
    const { until } = await use();
    expect(Date.parse(until)).toBeLessThan(Date.now() + DAY_MS + MINUTE_MS);
    expect(await seen()).toBe(true);
    clock.pass(DAY_MS + MINUTE_MS);
    expect(await seen()).toBe(false);
    // The person is told in the journal what was said, by whom and since which entry.
    await becomes(bench, PASSPHRASE);
    const julia = (await bench.call('access.people', {})).rows.find((one) => one.own)?.slotId ?? '';
    const said = (await bench.call('activity.ofPerson', { slotId: julia, offset: 0, limit: 50 })).rows.find(
      (row) => row.method === 'access.settleClock',
    );
    expect(said).toMatchObject({ table: 'journal', what: 'changed' });
    expect(said?.at.slice(0, 10)).toBe(done.now.slice(0, 10));
  });

  test('what ran or could run again ends with it, whenever it began', async () => {
    const clock = await withMovableClock();
    await becomes(bench, LUIS);
    await use();
    expect(await seen()).toBe(true);
    clock.set(CENTURY_MS);
    await becomes(bench, LUIS);
    expect(await seen()).toBe(false);
    await use();
    expect(await seen()).toBe(true);
    clock.set(0);
    await becomes(bench, PASSPHRASE);
    expect((await state()).ahead).toMatchObject({ permissions: 2 });
    expect((await settle()).ended).toBe(2);
    await becomes(bench, LUIS);
    expect(await seen()).toBe(false);
    // Under the very clock that they were given under, too.
    clock.set(CENTURY_MS);
    await becomes(bench, LUIS);
    expect(await seen()).toBe(false);
    await becomes(bench, PASSPHRASE);
    expect(await findings()).toEqual([]);
  });

  test('is settled for the time that was compared and no other', async () => {
    const clock = await afterTheJump();
    await becomes(bench, PASSPHRASE);
    const { computer } = await state();
    clock.set(-2 * HOUR_MS);
    const late = () => bench.call('access.settleClock', { computer, reason: REASON });
    expect(await codeOf(late)).toBe('access.clockMoved');
    expect(await codeOf(() => bench.call('access.settleClock', { computer, reason: 'ya' }))).toBe(
      'call.invalidInput',
    );
    expect(await state()).toMatchObject({ state: 'vaultAhead' });
    clock.set(0);
    expect(await codeOf(late)).toBe(null);
  });

  test('settled under a clock that was wrong as well, it is settled again, and what the first left out stays out', async () => {
    const clock = await afterTheJump();
    await becomes(bench, PASSPHRASE);
    clock.set(400 * DAY_MS);
    const first = await settle();
    clock.set(0);
    expect(await state()).toMatchObject({ state: 'vaultAhead' });
    const second = await settle();
    expect(second.entries).toBe(first.entries + 1);
    expect(Date.parse(second.now)).toBeLessThan(Date.now() + MINUTE_MS);
    expect(await state()).toMatchObject({ state: 'right' });
    expect(await findings()).toEqual([]);
    // A vault that goes on from there finds its way past both.
    clock.set(-30 * MINUTE_MS);
    await becomes(bench, PASSPHRASE);
    expect((await state()).ahead?.lastBefore).toBeNull();
    expect((await settle()).entries).toBeGreaterThan(second.entries);
    expect(await findings()).toEqual([]);
  });

  test('seen only by a clock that was set since unlocking, nothing is settled', async () => {
    const clock = await withMovableClock();
    clock.set(2 * DAY_MS);
    expect(await state()).toMatchObject({ state: 'moved', ahead: null });
    expect(await codeOf(settle)).toBe('access.clockFits');
  });
});

test('hours that pass in a session count for the next, with the clock set back in between', async () => {
  const clock = await withMovableClock();
  await becomes(bench, LUIS);
  await use();
  for (const hours of [7, 7, 7]) {
    // Back to where the permission began, while working and again before the next unlocking.
    clock.set(-CENTURY_MS);
    clock.pass(hours * HOUR_MS);
    await bench.call('cases.list', { text: '' });
    expect(await seen()).toBe(true);
    clock.set(0);
    await becomes(bench, LUIS);
  }
  clock.pass(4 * HOUR_MS);
  expect(await seen()).toBe(false);
});

/** How often somebody looks while hours pass. */
const ASKED_MS = 20 * MINUTE_MS;
const hours = fc.integer({ min: -9_000, max: 900_000 });
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), hours }),
  fc.record({ do: fc.constant('set' as const), hours: fc.integer({ min: -30, max: 30 }) }),
  fc.record({ do: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ do: fc.constantFrom('unlock' as const, 'use' as const, 'use' as const) }),
  // What a coordinator says the time is: wrong by years, by hours, or right.
  fc.record({ do: fc.constant('settle' as const), hours: fc.oneof(hours, fc.integer({ min: -40, max: 0 })) }),
);
type Steps = (typeof step extends fc.Arbitrary<infer One> ? One : never)[];
/**
 * A permission used over sessions, also with the clock set back before each; one that holds again in the middle of
 * some hours, because the clock comes right; one settlement, and a second that is itself settled.
 */
const REACHING: [Steps][] = [
  [[{ do: 'use' }, { do: 'pass', hours: 5 }, { do: 'unlock' }, { do: 'pass', hours: 5 }, { do: 'unlock' }]],
  [
    [-9, -18, -27].flatMap((hours) => [
      { do: 'use' as const },
      { do: 'pass' as const, hours: 9 },
      { do: 'set' as const, hours },
      { do: 'unlock' as const },
    ]),
  ],
  [[{ do: 'use' }, { do: 'set', hours: -5 }, { do: 'unlock' }, { do: 'pass', hours: 20 }]],
  [[{ do: 'set', hours: 900 }, { do: 'unlock' }, { do: 'settle', hours: 0 }, { do: 'use' }]],
  [[{ do: 'set', hours: 9_000 }, { do: 'unlock' }, { do: 'settle', hours: -20 }, { do: 'use' }]],
];

test('whatever is done to the clock, nobody uses a permission for more than a day, and none outlives a settlement', async () => {
  let used = 0;
  let healed = 0;
  let settled = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 18 }), async (steps) => {
      const clock = await withMovableClock();
      try {
        await becomes(bench, LUIS);
        // How long the newest permission was used; null: none was given.
        let usedMs: number | null = null;
        const look = async (): Promise<boolean> => {
          const sees = await seen();
          if (!sees) return false;
          used += 1;
          expect(usedMs).not.toBeNull();
          expect(usedMs).toBeLessThan(DAY_MS);
          return true;
        };
        for (const one of steps) {
          if (one.do === 'set') clock.set(one.hours * HOUR_MS);
          else if (one.do === 'pass') {
            // Asked again and again: a clock that comes right in the middle makes it hold from there.
            let held = await look();
            for (let passed = 0; passed < one.hours * HOUR_MS; passed += ASKED_MS) {
              const holds = await look();
              if (holds && !held) healed += 1;
              held = holds;
              clock.pass(ASKED_MS);
              if (holds && usedMs !== null) usedMs += ASKED_MS;
            }
          } else if (one.do === 'use') {
            if ((await codeOf(use)) === null) usedMs = 0;
          } else {
            if (one.do === 'settle') {
              clock.set(one.hours * HOUR_MS);
              await becomes(bench, PASSPHRASE);
              if ((await codeOf(settle)) === null) {
                usedMs = null;
                settled += 1;
              }
            }
            await becomes(bench, LUIS);
          }
          await look();
        }
        // Whatever happened, a right clock and one settlement make emergency access work again, for a day.
        clock.set(0);
        await becomes(bench, PASSPHRASE);
        if ((await state()).state !== 'right') await settle();
        await becomes(bench, LUIS);
        if (!(await seen())) await use();
        expect(await seen()).toBe(true);
        clock.pass(DAY_MS + MINUTE_MS);
        expect(await seen()).toBe(false);
        await becomes(bench, PASSPHRASE);
        expect(await findings()).toEqual([]);
      } finally {
        await bench.end();
      }
    }),
    { numRuns: 20, examples: REACHING },
  );
  // These steps reach what they are about, whatever the others do.
  expect(used).toBeGreaterThan(100);
  expect(healed).toBeGreaterThan(0);
  expect(settled).toBeGreaterThan(1);
}, 240_000);
