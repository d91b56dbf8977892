import { expect, test } from 'vitest';
import type { DeviceCustodyAction } from '../model/surveillance.ts';
import { custodyGaps } from './custody-chain.ts';

const chain = (...steps: readonly (readonly [DeviceCustodyAction, string])[]) =>
  steps.map(([action, at], index) => ({ position: index + 1, action, at }));

test('from reception to return, twice, there is no gap', () => {
  expect(
    custodyGaps(
      chain(
        ['received', '2026-01-01'],
        ['sealed', '2026-01-01'],
        ['copied', '2026-01-02'],
        ['returned', '2026-01-03'],
        ['received', '2026-02-01'],
        ['returned', '2026-02-02'],
      ),
    ),
  ).toEqual([]);
});

test.each([
  [chain(['sealed', '2026-01-01']), 'startsWithoutReception', 1],
  [chain(['received', '2026-01-02'], ['sealed', '2026-01-01']), 'backInTime', 2],
  [chain(['received', '2026-01-01'], ['received', '2026-01-02']), 'receivedTwice', 2],
  [chain(['received', '2026-01-01'], ['copied', '2026-01-02']), 'copiedUnsealed', 2],
  [chain(['received', '2026-01-01'], ['returned', '2026-01-02'], ['examined', '2026-01-03']), 'afterEnd', 3],
])('gap %#', (steps, problem, position) => {
  expect(custodyGaps(steps)).toEqual([{ position, problem }]);
});
