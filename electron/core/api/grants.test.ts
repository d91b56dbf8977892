import { expect, test } from 'vitest';
import type { Grant } from '#shared/contract/engine-wire.ts';
import { createGrants } from './grants.ts';

const MIB = 1024 * 1024;
const file = (id: string): Grant => ({ id, kind: 'file', path: '/x', name: 'x', sizeBytes: 1 });
const bytes = (id: string, count: number): Grant => ({
  ...{ id, kind: 'bytes', name: 'x', sizeBytes: count },
  // Only the length is looked at; nothing is touched, so nothing is really held.
  bytes: new Uint8Array(count),
});
const knows = (grants: ReturnType<typeof createGrants>, id: string): boolean => {
  try {
    return grants.need(id).id === id;
  } catch {
    return false;
  }
};

test('content that waits in memory is bounded, oldest first; paths are not touched by it', () => {
  const grants = createGrants();
  grants.add(file('path'));
  for (let n = 0; n < 6; n += 1) grants.add(bytes(`b${n}`, 60 * MIB));
  expect([0, 1, 2, 3, 4, 5].map((n) => knows(grants, `b${n}`))).toEqual([
    ...[false, false],
    ...[true, true, true, true],
  ]);
  expect(knows(grants, 'path')).toBe(true);
  // The same id again replaces what it stood for.
  grants.add(bytes('b5', 1));
  grants.add(bytes('b6', 60 * MIB));
  expect([2, 3, 4, 5, 6].every((n) => knows(grants, `b${n}`))).toBe(true);
});

test('the number of grants is bounded, oldest first', () => {
  const grants = createGrants();
  for (let n = 0; n < 5_001; n += 1) grants.add(file(`f${n}`));
  expect([knows(grants, 'f0'), knows(grants, 'f1'), knows(grants, 'f5000')]).toEqual([false, true, true]);
});
