import { describe, expect, it } from 'vitest';
import type { PartialDate } from '../model/partial-date.ts';
import { localMinute, partialDateDays, partialDateSortKey } from './partial-date.ts';

describe('partial dates', () => {
  it('reads an instant on the wall clock of its own zone', () => {
    expect(localMinute(Date.parse('2025-06-04T05:31:00.000Z'), 'America/Mexico_City')).toBe(
      '2025-06-03T23:31',
    );
    expect(localMinute(Date.parse('2025-06-04T06:00:00.000Z'), 'America/Mexico_City')).toBe(
      '2025-06-04T00:00',
    );
  });

  it('sorts by the earliest minute that the date can mean, unknown first', () => {
    const dates: PartialDate[] = [
      { kind: 'year', year: 2025 },
      { kind: 'unknown' },
      { kind: 'day', day: '2025-03-18', time: '18:30' },
      { kind: 'range', from: '2025-02-04', to: '2025-08-22' },
      { kind: 'instant', at: '2025-06-04T05:31:00.000Z', zone: 'America/Mexico_City' },
      { kind: 'month', month: '2025-03' },
    ];
    expect(
      dates
        .map((date) => ({ kind: date.kind, key: partialDateSortKey(date) }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map((entry) => entry.kind),
    ).toEqual(['unknown', 'year', 'range', 'month', 'day', 'instant']);
  });

  it('knows the days that a date covers, leap years included', () => {
    expect(partialDateDays({ kind: 'month', month: '2028-02' })).toEqual({
      from: '2028-02-01',
      to: '2028-02-29',
    });
    expect(partialDateDays({ kind: 'month', month: '2026-12' })).toEqual({
      from: '2026-12-01',
      to: '2026-12-31',
    });
    expect(partialDateDays({ kind: 'unknown' })).toBeNull();
  });
});
