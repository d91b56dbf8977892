import { expect, test } from 'vitest';
import type { SetInForce } from '../contract/examinations.ts';
import { indicatorSetIdSchema } from '../model/surveillance-ids.ts';
import { isComparison, noFindings, outcomeOf } from './findings.ts';

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
