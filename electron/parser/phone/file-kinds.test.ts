import { expect, test } from 'vitest';
import { clockOf } from './file-kinds.ts';

test.each([
  ['safari_history', {}, 'utc'],
  ['manifest', null, 'utc'],
  // Compared with nothing, and known all the same.
  ['interaction_c', {}, 'utc'],
  ['dumpsys_appops', {}, 'deviceLocal'],
  ['tombstones', {}, 'deviceLocal'],
  ['sms', { ROWID: 1 }, 'utc'],
  ['sms', { address: 'x' }, 'deviceLocal'],
  ['sms', null, 'unknown'],
  // A module that came after us: nobody knows whose clock it writes.
  ['something_new', { isodate: '2026-01-02 03:04:05.000000' }, 'unknown'],
  ['', null, 'unknown'],
] as const)('the clock of %s', (module, record, clock) => {
  expect(clockOf(module, record)).toBe(clock);
});
