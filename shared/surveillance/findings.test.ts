import { expect, test } from 'vitest';
import type { SetInForce } from '../contract/examinations.ts';
import { evidenceIdSchema } from '../model/ids.ts';
import { indicatorSetIdSchema } from '../model/surveillance-ids.ts';
import { comparedAt, isComparison, noFindings, outcomeOf, TEXT_PASS, unreadIn } from './findings.ts';

const set = (indicators: number): SetInForce => ({
  setId: indicatorSetIdSchema.parse('01890000-0000-7000-8000-000000000001'),
  name: 'Inventado',
  sha256: 'a'.repeat(64),
  day: null,
  version: '',
  indicators,
});

test.each([
  ['a finding that a person entered', { records: 1, sets: [] }],
  ['results that were read without any set', { records: 5_000, sets: [] }],
  ['a set without a usable indicator', { records: 5_000, sets: [set(0)] }],
  ['files in which nothing could be read', { records: 0, sets: [set(12)] }],
])('%s is no comparison, and nothing is said about signs', (_what, run) => {
  expect(isComparison(run)).toBe(false);
  expect(outcomeOf('owner', [run], { ...noFindings(), total: 1, falsePositive: 1 })).toBe('notMatched');
});

test('one run that compared something is enough, whatever came after it', () => {
  const compared = { records: 3, sets: [set(0), set(7)] };
  expect(isComparison(compared)).toBe(true);
  const runs = [{ records: 1, sets: [] }, compared];
  expect(outcomeOf('owner', runs, noFindings())).toBe('noSignsSoFar');
  expect(outcomeOf('owner', runs, { ...noFindings(), total: 1, toReview: 1 })).toBe('toReview');
  expect(outcomeOf('pending', runs, noFindings())).toBe('preservedOnly');
});

const item = (at: number) => evidenceIdSchema.parse(`01890000-0000-7000-8000-00000000001${String(at)}`);
const kept = (at: number, sha256 = String(at)) => ({ evidenceId: item(at), sha256 });
const pass = (at: number | null, unread: number, source = 'x.tar') => ({
  ...{ records: 1, sets: [set(1)], unread, source },
  evidenceId: at === null ? null : item(at),
});

test.each([
  ['nothing was compared yet', [], [kept(1)], 0],
  ['an item without any pass', [pass(1, 0)], [kept(1), kept(2)], 1],
  ['a second copy of the same bytes', [pass(1, 2)], [kept(1), kept(2, '1')], 2],
  ['two copies over which nothing passed', [pass(1, 0)], [kept(1), kept(2), kept(3, '2')], 1],
  ['the newest pass over each', [pass(1, 1), pass(2, 3), pass(1, 5)], [kept(1), kept(2)], 4],
  ['lines after results', [pass(1, 0, TEXT_PASS), pass(1, 4)], [kept(1)], 4],
  ['lines of what was no import', [pass(1, 1, TEXT_PASS), pass(1, 0)], [kept(1)], 1],
  ['a finding by hand', [pass(null, 0), pass(1, 1)], [kept(1)], 1],
  ['an item that was deleted', [pass(1, 1), pass(2, 0)], [kept(2)], 1],
])('files that nobody has read whole: %s', (_what, runs, still, count) => {
  expect(unreadIn(runs, still)).toBe(count);
});

const on = (day: string, one: ReturnType<typeof pass>) => ({ ...one, endedAt: `${day}T03:00:00.000Z` });

test('results of another device are none: no comparison, no gap, no day, whichever copy of them is left', () => {
  const wrong = { ...on('2026-10-05', pass(1, 2)), withdrawn: true };
  expect(isComparison(wrong)).toBe(false);
  expect(outcomeOf('owner', [wrong], noFindings())).toBe('notMatched');
  expect([unreadIn([wrong], [kept(1)]), comparedAt([wrong], [kept(1)])]).toEqual([0, null]);
  const runs = [on('2026-11-20', pass(2, 1)), wrong];
  expect(outcomeOf('owner', runs, noFindings())).toBe('noSignsSoFar');
  expect(unreadIn(runs, [kept(1), kept(2)])).toBe(1);
  expect(comparedAt(runs, [kept(1), kept(2)])?.slice(0, 10)).toBe('2026-11-20');
});

test.each([
  ['nothing', [], [kept(1)], null],
  [
    'both items',
    [on('2026-11-20', pass(2, 0)), on('2026-10-05', pass(1, 0))],
    [kept(1), kept(2)],
    '2026-10-05',
  ],
  [
    'one of them again',
    [on('2026-11-20', pass(1, 0)), on('2026-10-05', pass(1, 0))],
    [kept(1)],
    '2026-11-20',
  ],
  [
    'a copy of it',
    [on('2026-11-20', pass(2, 0)), on('2026-10-05', pass(1, 0))],
    [kept(1), kept(2, '1')],
    '2026-11-20',
  ],
  [
    'an item that was deleted',
    [on('2026-11-20', pass(2, 0)), on('2026-10-05', pass(1, 0))],
    [kept(2)],
    '2026-11-20',
  ],
  [
    'a report alone',
    [on('2026-11-20', pass(2, 0, TEXT_PASS)), on('2026-10-05', pass(2, 0))],
    [],
    '2026-11-20',
  ],
  [
    'a finding by hand later',
    [{ ...on('2026-11-20', pass(null, 0)), sets: [] }, on('2026-10-05', pass(1, 0))],
    [kept(1)],
    '2026-10-05',
  ],
])('the day up to which all was compared: %s', (_what, runs, still, day) => {
  expect(comparedAt(runs, still)?.slice(0, 10) ?? null).toBe(day);
});
