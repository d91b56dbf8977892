import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, isRealDay, lastDayOfMonth, weekdayOf } from '#shared/rules/calendar-days.ts';
import {
  dayFromWords,
  dayOrNone,
  isPastDay,
  isUnreadDay,
  longDay,
  monthTitle,
  sameDayOf,
  weekdayNames,
  weeksOf,
} from './day-words.ts';
import { formatDay } from './format.ts';

const NOW = '2026-11-22T15:00';
const day = fc.integer({ min: 0, max: 36_000 }).map((days) => addDays('1950-01-01', days));

describe('a day in words', () => {
  it('reads what is typed, in both languages, and gives back what it writes itself', () => {
    expect(dayFromWords('12/03/2024', NOW)).toBe('2024-03-12');
    expect(dayFromWords('12 mar 2024', NOW)).toBe('2024-03-12');
    expect(dayFromWords('ayer', NOW)).toBe('2026-11-21');
    expect(dayFromWords('last Monday', NOW)).toBe('2026-11-16');
    expect(dayFromWords('2026-02-30', NOW)).toBeNull();
    expect(dayFromWords('algún día', NOW)).toBeNull();
    fc.assert(fc.property(day, (one) => dayFromWords(formatDay(one), NOW) === one));
  });

  it('takes an end of a longer time only where an end is meant', () => {
    expect(dayFromWords('marzo 2024', NOW)).toBeNull();
    expect(dayFromWords('marzo 2024', NOW, { edge: 'from' })).toBe('2024-03-01');
    expect(dayFromWords('marzo 2024', NOW, { edge: 'to' })).toBe('2024-03-31');
    expect(dayFromWords('2023', NOW, { edge: 'to' })).toBe('2023-12-31');
  });

  it('looks ahead only for what was said without its year', () => {
    const ahead = (words: string): string | null => dayFromWords(words, NOW, { ahead: true });
    expect(dayFromWords('12 de marzo', NOW)).toBe('2026-03-12');
    expect(ahead('12 de marzo')).toBe('2027-03-12');
    expect(ahead('24 de noviembre')).toBe('2026-11-24');
    expect(ahead('22 nov')).toBe('2026-11-22');
    expect(ahead('29 de febrero')).toBe('2028-02-29');
    expect(ahead('12/03')).toBe('2027-03-12');
    // A day of the month is the next month that has it.
    expect(ahead('el 5')).toBe('2026-12-05');
    expect(ahead('30')).toBe('2026-11-30');
    expect(dayFromWords('31', '2026-11-22T15:00', { ahead: true })).toBe('2026-12-31');
    // 22 November 2026 is a Sunday.
    expect(ahead('lunes')).toBe('2026-11-23');
    expect(ahead('domingo')).toBe('2026-11-29');
    expect(ahead('lunes 5')).toBe('2026-12-05');
  });

  it('never moves a year that was said, nor what is counted from today', () => {
    for (const [words, day] of [
      ['12 de marzo de 2025', '2025-03-12'],
      ['12 de marzo del 25', '2025-03-12'],
      ['24 nov 25', '2025-11-24'],
      ['12/03/25', '2025-03-12'],
      ['12-mar-25', '2025-03-12'],
      ['March 12 2025', '2025-03-12'],
      ['ayer', '2026-11-21'],
      ['hace 3 días', '2026-11-19'],
      ['3 days ago', '2026-11-19'],
      ['el lunes pasado', '2026-11-16'],
      ['last Monday', '2026-11-16'],
    ] as const) {
      expect(dayFromWords(words, NOW, { ahead: true }), words).toBe(day);
      expect(isPastDay(day, NOW), words).toBe(true);
    }
    fc.assert(fc.property(day, (one) => dayFromWords(formatDay(one), NOW, { ahead: true }) === one));
    // Without its year no day is past, and none lies further than the next time the calendar has it.
    fc.assert(
      fc.property(day, (one) => {
        const without = `${String(Number(one.slice(8)))}/${String(Number(one.slice(5, 7)))}`;
        const read = dayFromWords(without, NOW, { ahead: true }) ?? '';
        expect(read.slice(5)).toBe(one.slice(5));
        expect(read >= NOW.slice(0, 10)).toBe(true);
        expect(read < (one.slice(5) === '02-29' ? '2028-03-01' : '2027-11-22')).toBe(true);
      }),
    );
  });

  it('stops at words that are no day, remarks on a past one, and leaves an empty field free', () => {
    expect(['', 'algún día', '2026-02-30', '2026-11-21'].map(isUnreadDay)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    for (const value of ['', 'algún día', '2026-02-30', '2026-11-22'])
      expect(isPastDay(value, NOW), value).toBe(false);
    expect(isPastDay('2026-11-21', NOW)).toBe(true);
    expect([dayOrNone('algún día'), dayOrNone('2026-11-21')]).toEqual(['', '2026-11-21']);
  });
});

describe('the calendar', () => {
  it('shows whole weeks from Monday and each day of the month once', () => {
    fc.assert(
      fc.property(day, (one) => {
        const month = one.slice(0, 7);
        const weeks = weeksOf(month);
        const all = weeks.flat();
        expect(weeks.every((week) => week.length === 7 && weekdayOf(week[0] ?? '') === 1)).toBe(true);
        expect(all.filter((it) => it.startsWith(month))).toHaveLength(Number(lastDayOfMonth(month).slice(8)));
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it('keeps to real days when it turns the month', () => {
    expect(sameDayOf('2026-01-31', 1)).toBe('2026-02-28');
    expect(sameDayOf('2026-03-15', -12)).toBe('2025-03-15');
    fc.assert(
      fc.property(day, fc.integer({ min: -30, max: 30 }), (one, months) => isRealDay(sameDayOf(one, months))),
    );
  });

  it('names months and weekdays', () => {
    expect(monthTitle('2026-11')).toMatch(/^noviembre 2026$/u);
    expect(weekdayNames('long')[0]).toBe('lunes');
    expect(weekdayNames('short')).toHaveLength(7);
    expect(longDay('2026-11-22')).toContain('domingo');
  });
});
