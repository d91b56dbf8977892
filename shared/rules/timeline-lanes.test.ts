import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf, placeIn, spanOf, ticksOf } from './timeline-lanes.ts';

const DAY = 86_400_000;
const time = fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2040, 0, 1) });

describe('lanes of a timeline', () => {
  it('have nothing to draw without a mark, and ten days around a single one', () => {
    expect(spanOf([])).toBeNull();
    const at = Date.UTC(2026, 10, 15);
    const span = spanOf([at]);
    expect(span).not.toBeNull();
    expect((span?.toMs ?? 0) - (span?.fromMs ?? 0)).toBeCloseTo(10 * DAY);
    expect(span && placeIn(span, at)).toBeCloseTo(0.5);
  });

  it('keep every mark inside, once, in order', () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 200 }), (times) => {
        const span = spanOf(times);
        if (span === null) throw new Error('there are marks');
        const clusters = clustersOf(
          span,
          times.map((atMs, index) => ({ key: String(index), atMs, title: '' })),
        );
        expect(clusters.flatMap((cluster) => cluster.marks.map((mark) => mark.key)).sort()).toEqual(
          times.map((_, index) => String(index)).sort(),
        );
        for (const [index, cluster] of clusters.entries()) {
          expect(cluster.at).toBeGreaterThan(0);
          expect(cluster.at).toBeLessThan(1);
          const before = clusters[index - 1];
          // Signs never cover each other.
          if (before) expect(cluster.at - before.at).toBeGreaterThanOrEqual(0.014);
        }
      }),
    );
  });

  it('have a calendar that is neither bare nor crowded', () => {
    fc.assert(
      fc.property(time, time, (a, b) => {
        const span = spanOf([a, b]);
        if (span === null) throw new Error('there are marks');
        const ticks = ticksOf(span);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(10);
        for (const tick of ticks) expect(tick.at).toBeLessThanOrEqual(1);
      }),
    );
  });
});
