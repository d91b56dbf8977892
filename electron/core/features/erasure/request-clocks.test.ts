import { expect, test } from 'vitest';
import { clocksOf, COMPLAIN_DAYS } from './request-clocks.ts';

const request = { receivedOn: '2026-03-06', answeredOn: null, carriedOutOn: null, extended: false };
const [answer, carryOut, complain] = [0, 1, 2];

test('twenty days to answer: every day for us, working days as the law is read', () => {
  const clock = clocksOf(request, '2026-03-10')[answer];
  // Friday 6 March; 20 working days later is Friday 3 April.
  expect(clock).toMatchObject({
    strictDay: '2026-03-26',
    lenientDay: '2026-04-03',
    lateDays: 0,
    doneDay: null,
  });
});

test('late counts from the strict day, and stops when it was done', () => {
  expect(clocksOf(request, '2026-03-26')[answer]?.lateDays).toBe(0);
  expect(clocksOf(request, '2026-03-29')[answer]?.lateDays).toBe(3);
  const answered = { ...request, answeredOn: '2026-03-28' };
  expect(clocksOf(answered, '2026-06-01')[answer]).toMatchObject({ lateDays: 2, doneDay: '2026-03-28' });
});

test('carrying out and complaining begin with the answer; only ours can be late', () => {
  expect(clocksOf(request, '2026-12-01')[carryOut]).toMatchObject({ strictDay: null, lateDays: 0 });
  const answered = { ...request, answeredOn: '2026-03-20' };
  const clocks = clocksOf(answered, '2026-12-01');
  expect(clocks[carryOut]).toMatchObject({ strictDay: '2026-04-04', lenientDay: '2026-04-10' });
  expect(clocks[carryOut]?.lateDays).toBeGreaterThan(200);
  expect(clocks[complain]).toMatchObject({ strictDay: '2026-04-04', lateDays: 0 });
  expect(COMPLAIN_DAYS).toBe(15);
});

test('an extension doubles what may be extended and nothing else', () => {
  const extended = clocksOf({ ...request, answeredOn: '2026-03-20', extended: true }, '2026-03-21');
  expect(extended.map((clock) => clock.strictDay)).toEqual(['2026-04-15', '2026-04-19', '2026-04-04']);
});

test('what was not read in the text in force says so', () => {
  expect(clocksOf(request, '2026-03-10').map((clock) => [clock.ruleId, clock.verified])).toEqual([
    ['ARCO-1', false],
    ['ARCO-2', false],
    ['ARCO-3', true],
  ]);
});
