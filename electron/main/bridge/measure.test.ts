import { describe, expect, it } from 'vitest';
import { fits } from './measure.ts';

const ROOM = { chars: 1_000, bytes: 4_096 };
const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;
let laughs: unknown = 'ha';
for (let depth = 0; depth < 60; depth += 1) laughs = [laughs, laughs];
let deep: unknown = null;
for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];

describe('what a window may send', () => {
  it('plain data that is small enough, also from another realm of objects', () => {
    const bytes = new Uint8Array(4_096);
    const message = { a: ['x', 1, true, null, undefined], b: { c: bytes }, d: Object.create(null) as object };
    expect(fits(message, ROOM)).toBe(true);
    expect(fits(structuredClone({ a: [1], b: bytes }), ROOM)).toBe(true);
    expect(fits('x'.repeat(999), ROOM)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['long text', 'x'.repeat(1_000)],
    ['long keys', { ['k'.repeat(1_000)]: 1 }],
    ['many bytes', new Uint8Array(4_097)],
    ['one byte of a large buffer', new Uint8Array(new ArrayBuffer(4_097), 0, 1)],
    ['text in a map', new Map([['k', 'x']])],
    ['text in a set', new Set(['x'])],
    ['a bare buffer', new ArrayBuffer(1)],
    ['another view', new Float64Array(1)],
    ['a view without type', new DataView(new ArrayBuffer(1))],
    ['a date', new Date(0)],
    ['an error', new Error('x')],
    ['a large whole number', { n: 1n }],
    ['a list with a made-up length', new Array(4_000_000_000)],
    ['a cycle', cycle],
    ['one part named again and again', laughs],
    ['endless depth', deep],
  ])('not %s', (_name, message) => {
    expect(fits({ input: message }, ROOM)).toBe(false);
  });
});
