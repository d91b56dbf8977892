import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BULK_CASES, burstsOf, type Opened } from './bulk-reading.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Sessions of one person, each with when it began, by the computer's clock, and which cases were opened when in it. */
interface Sitting {
  readonly begunMs: number;
  readonly lasted: number;
  /** Lived when they were opened, how many, and what the entry bears where the clock was set. */
  readonly reads: readonly { readonly lived: number | null; readonly cases: number; readonly ms?: number }[];
  readonly stretch?: number;
}

const opened = (sittings: readonly Sitting[], from = 0): Opened<number>[] => {
  let next = from;
  return sittings.flatMap(({ begunMs, lasted, reads, stretch = 0 }, session) =>
    reads.flatMap(({ lived, cases, ms }) =>
      Array.from({ length: cases }, () => {
        next += 1;
        return {
          row: next,
          id: `case-${next}`,
          ms: ms ?? begunMs + (lived ?? 0),
          lived,
          session,
          begunMs,
          stretch,
          livedOn: () => lasted - (lived ?? 0),
        };
      }),
    ),
  );
};
const found = (...sittings: Sitting[]): number[] => burstsOf(opened(sittings)).map(({ cases }) => cases);
const sitting = (begunMs: number, lasted: number, cases: number): Sitting => ({
  begunMs,
  lasted,
  reads: [{ lived: 0, cases }],
});

describe('many cases at once', () => {
  test('are found from the twentieth on, and once', () => {
    expect(found(sitting(0, HOUR, BULK_CASES - 1))).toEqual([]);
    expect(found(sitting(0, HOUR, BULK_CASES))).toEqual([BULK_CASES]);
    expect(found(sitting(0, HOUR, 57))).toEqual([57]);
    const again = opened([{ begunMs: 0, lasted: 1, reads: [{ lived: 0, cases: 19 }] }]);
    expect(burstsOf([...again, ...again])).toEqual([]);
    expect(burstsOf(opened([sitting(0, HOUR, 30)]))[0]?.last.row).toBe(BULK_CASES);
  });

  test('of two hours are two, and what was asked about once is not asked about again', () => {
    const reads = [0, 59, 61, 122].map((minute, n) => ({ lived: minute * MINUTE, cases: n === 1 ? 20 : 10 }));
    expect(found({ begunMs: 0, lasted: 3 * HOUR, reads })).toEqual([30]);
    const more = [...reads, { lived: 123 * MINUTE, cases: 10 }, { lived: 124 * MINUTE, cases: 1 }];
    expect(found({ begunMs: 0, lasted: 3 * HOUR, reads: more })).toEqual([30, 21]);
  });

  test('a clock that is set forward in a session makes nothing old, for want of which it is believed', () => {
    const reads = [0, 1, 2].map((n) => ({ lived: n * MINUTE, cases: 19, ms: n * 61 * MINUTE }));
    expect(found({ begunMs: 0, lasted: HOUR, reads })).toEqual([57]);
    const erased = reads.map((read) => ({ ...read, lived: null }));
    expect(found({ begunMs: 0, lasted: HOUR, reads: erased })).toEqual([]);
  });

  test('a pause makes old what was read before, but not for who hurries around it', () => {
    const calm = [0, 1, 2].map((n) => sitting(n * 3 * HOUR, 20 * MINUTE, 10));
    expect(found(...calm)).toEqual([]);
    const hurried = [0, 1, 2].map((n) => sitting(n * 3 * HOUR, MINUTE, 10));
    expect(found(...hurried)).toEqual([30]);
    const days = [0, 1, 2].map((n) => sitting(n * 9 * HOUR, MINUTE, 19));
    expect(found(...days)).toEqual([]);
  });

  test('a settlement between them makes them apart', () => {
    const before = sitting(100 * HOUR, MINUTE, 19);
    expect(found(before, { ...sitting(0, MINUTE, 19), stretch: 1 })).toEqual([]);
  });
});

test('however the clock is set in sessions that are seldom long locked, twenty in a quarter of an hour are found', () => {
  const some = fc.record({
    cases: fc.integer({ min: 1, max: 8 }),
    jump: fc.integer({ min: 0, max: 7 * 60 }),
    relock: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(some, { minLength: 20, maxLength: 40 }), (parts) => {
      const sittings: Sitting[] = [];
      let wall = 0;
      let reads: { lived: number; cases: number; ms: number }[] = [];
      let begunMs = 0;
      for (const [n, { cases, jump, relock }] of parts.entries()) {
        // Ten seconds for each; the clock is set forward as one likes.
        const lived = reads.length * 10_000;
        wall += 10_000 + jump * MINUTE;
        reads.push({ lived, cases, ms: wall });
        if (!relock && n < parts.length - 1) continue;
        sittings.push({ begunMs, lasted: lived, reads });
        reads = [];
        begunMs = wall;
      }
      expect(found(...sittings).reduce((sum, cases) => sum + cases, 0)).toBe(
        parts.reduce((sum, { cases }) => sum + cases, 0),
      );
    }),
  );
});

test('at the pace of nineteen an hour of open sessions, no notice is raised', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ cases: fc.integer({ min: 1, max: 9 }), locked: fc.integer({ min: 0, max: 20 }) }),
        {
          maxLength: 60,
        },
      ),
      (parts) => {
        let begunMs = 0;
        const sittings = parts.map(({ cases, locked }) => {
          const one = {
            begunMs,
            lasted: HOUR / 2 + 1,
            reads: [{ lived: HOUR / 2 + 1, cases }],
          };
          begunMs += HOUR / 2 + 1 + locked * HOUR;
          return one;
        });
        expect(found(...sittings)).toEqual([]);
      },
    ),
  );
});
