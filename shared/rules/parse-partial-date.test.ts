import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partialDateSchema } from '../model/partial-date.ts';
import { addDays, addMonths, isRealDay, lastDayOfMonth, mondayOf, weekdayOf } from './calendar-days.ts';
import { parsePartialDate } from './parse-partial-date.ts';

const NOW = '2026-11-13T00:10'; // a Friday, just after midnight
const read = (typed: string, now = NOW): unknown => {
  const date = parsePartialDate(typed, now);
  if (date === null) return null;
  expect(date.words).toBe(typed.trim());
  expect(() => partialDateSchema.parse(date)).not.toThrow();
  const { words: _words, ...rest } = date;
  return rest;
};
const day = (d: string, more: object = {}): object => ({ kind: 'day', day: d, ...more });

describe('what people type', () => {
  it.each<[string, unknown]>([
    ['marzo 2024', { kind: 'month', month: '2024-03' }],
    ['en marzo de 2024', { kind: 'month', month: '2024-03' }],
    ['March 2024', { kind: 'month', month: '2024-03' }],
    ['03/2024', { kind: 'month', month: '2024-03' }],
    ['2024-03', { kind: 'month', month: '2024-03' }],
    ['diciembre', { kind: 'month', month: '2025-12' }],
    ['noviembre', { kind: 'month', month: '2026-11' }],
    ['2024', { kind: 'year', year: 2024 }],
    ['en 2019', { kind: 'year', year: 2019 }],
    ['12/03/2024', day('2024-03-12')],
    ['12-3-24', day('2024-03-12')],
    ['12.03.2024', day('2024-03-12')],
    ['03/25/2024', day('2024-03-25')],
    ['2024-03-12', day('2024-03-12')],
    ['12/mar/2024', day('2024-03-12')],
    ['12 de marzo de 2024', day('2024-03-12')],
    ['el martes 12 de marzo del 2024', day('2024-03-12')],
    ['1º de mayo de 2024', day('2024-05-01')],
    ['March 12, 2024', day('2024-03-12')],
    ['12th of March 2024', day('2024-03-12')],
    ['12 mar', day('2026-03-12')],
    ['20 de diciembre', day('2025-12-20')],
    ['29 de febrero', day('2024-02-29')],
    ['hoy', day('2026-11-13')],
    ['esta mañana', day('2026-11-13')],
    ['ayer', day('2026-11-12')],
    ['ayer por la tarde', day('2026-11-12')],
    ['antier', day('2026-11-11')],
    ['the day before yesterday', day('2026-11-11')],
    ['anoche', day('2026-11-12')],
    ['last night', day('2026-11-12')],
    ['anoche, como 11:40 pm', day('2026-11-12', { time: '23:40', approximate: true })],
    ['anoche a las 2 am', day('2026-11-13', { time: '02:00' })],
    ['last night around 11:40 p.m.', day('2026-11-12', { time: '23:40', approximate: true })],
    ['ayer a las 5', day('2026-11-12', { time: '05:00' })],
    ['ayer a las 5 de la tarde', day('2026-11-12', { time: '17:00' })],
    ['12 de marzo de 2024 a las 18:30 hrs', day('2024-03-12', { time: '18:30' })],
    ['12 de marzo de 2024 entre 18:30 y 19:10', day('2024-03-12', { time: '18:30', untilTime: '19:10' })],
    ['ayer de 4 a 6 pm', day('2026-11-12', { time: '16:00', untilTime: '18:00' })],
    ['yesterday between 4 and 6 pm', day('2026-11-12', { time: '16:00', untilTime: '18:00' })],
    ['23:40', day('2026-11-12', { time: '23:40' })],
    ['12 mar 2024 al mediodía', day('2024-03-12', { time: '12:00' })],
    ['hace 3 días', day('2026-11-10')],
    ['3 days ago', day('2026-11-10')],
    ['hace dos semanas', day('2026-10-30', { approximate: true })],
    ['two weeks ago', day('2026-10-30', { approximate: true })],
    ['a week ago', day('2026-11-06', { approximate: true })],
    ['hace un mes', { kind: 'month', month: '2026-10' }],
    ['hace como tres meses', { kind: 'month', month: '2026-08' }],
    ['hace dos años', { kind: 'year', year: 2024 }],
    ['el lunes', day('2026-11-09')],
    ['el viernes pasado', day('2026-11-06')],
    ['last Monday', day('2026-11-09')],
    ['la semana pasada', { kind: 'range', from: '2026-11-02', to: '2026-11-08' }],
    ['el mes pasado', { kind: 'month', month: '2026-10' }],
    ['el año pasado', { kind: 'year', year: 2025 }],
    ['entre el 4 y el 22 de agosto de 2025', { kind: 'range', from: '2025-08-04', to: '2025-08-22' }],
    ['del 4 al 22 de agosto de 2025', { kind: 'range', from: '2025-08-04', to: '2025-08-22' }],
    ['del 28 de julio al 3 de agosto de 2025', { kind: 'range', from: '2025-07-28', to: '2025-08-03' }],
    ['del 28 de diciembre al 3 de enero de 2025', { kind: 'range', from: '2024-12-28', to: '2025-01-03' }],
    ['between 4 and 22 August 2025', { kind: 'range', from: '2025-08-04', to: '2025-08-22' }],
    ['from August 4 to August 22, 2025', { kind: 'range', from: '2025-08-04', to: '2025-08-22' }],
    ['August 4-22, 2025', { kind: 'range', from: '2025-08-04', to: '2025-08-22' }],
    ['4-22 de agosto de 2025', { kind: 'range', from: '2025-08-04', to: '2025-08-22' }],
    ['entre marzo y mayo de 2024', { kind: 'range', from: '2024-03-01', to: '2024-05-31' }],
    ['12/03/2024 - 15/03/2024', null],
    ['del 12/03/2024 al 15/03/2024', { kind: 'range', from: '2024-03-12', to: '2024-03-15' }],
    ['a mediados de marzo de 2024', { kind: 'range', from: '2024-03-11', to: '2024-03-20' }],
    ['finales de febrero de 2024', { kind: 'range', from: '2024-02-21', to: '2024-02-29' }],
    ['late February 2024', { kind: 'range', from: '2024-02-21', to: '2024-02-29' }],
    ['no sabe', { kind: 'unknown' }],
    ['unknown', { kind: 'unknown' }],
  ])('%s', (typed, wanted) => {
    expect(read(typed)).toEqual(wanted);
  });

  it.each([
    '',
    'cuando llovía',
    '31 de febrero de 2024',
    '45/13/2024',
    'no fue el 12 de marzo',
    '25:90',
    '12 de marzo de 2024 saliendo',
  ])('does not guess at «%s»', (typed) => {
    expect(parsePartialDate(typed, NOW)).toBeNull();
  });
});

const anyDay = fc.integer({ min: 0, max: 73_000 }).map((n) => addDays('1950-01-01', n));

describe('round trips', () => {
  const es = new Intl.DateTimeFormat('es-MX', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const en = new Intl.DateTimeFormat('en-US', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const short = new Intl.DateTimeFormat('es-MX', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });

  it('reads every written form of every day', () => {
    fc.assert(
      fc.property(anyDay, (d) => {
        const at = new Date(`${d}T00:00:00Z`);
        const [y = '', m = '', dd = ''] = d.split('-');
        for (const typed of [d, `${dd}/${m}/${y}`, es.format(at), en.format(at), short.format(at)]) {
          expect(parsePartialDate(typed, NOW)).toEqual({ kind: 'day', day: d, words: typed });
        }
      }),
    );
  });

  it('reads every hour of the day in both clocks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1439 }), (minute) => {
        const h = Math.floor(minute / 60);
        const mm = String(minute % 60).padStart(2, '0');
        const time = `${String(h).padStart(2, '0')}:${mm}`;
        const twelve = `${h % 12 === 0 ? 12 : h % 12}:${mm} ${h < 12 ? 'am' : 'pm'}`;
        expect(read(`12/03/2024 ${time}`)).toEqual(day('2024-03-12', { time }));
        expect(read(`12 de marzo de 2024, ${twelve}`)).toEqual(day('2024-03-12', { time }));
      }),
    );
  });

  it('never throws, and what it gives is always a valid date that is not later than it could be', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (typed) => {
        const date = parsePartialDate(typed, NOW);
        if (date !== null) partialDateSchema.parse(date);
      }),
      { numRuns: 500 },
    );
  });

  it('takes a day without a year as the most recent past one', () => {
    fc.assert(
      fc.property(anyDay, anyDay, (now, said) => {
        const [, m = '', dd = ''] = said.split('-');
        const date = parsePartialDate(`${dd}/${m}`, `${now}T12:00`);
        if (date === null) return expect(`${m}-${dd}`).toBe('02-29');
        if (date.kind !== 'day') throw new Error('not a day');
        expect(date.day <= now).toBe(true);
        expect(date.day.slice(5)).toBe(`${m}-${dd}`);
        expect(addDays(date.day, 366 * 8 + 1) > now).toBe(true);
      }),
    );
  });
});

describe('calendar arithmetic', () => {
  it('agrees with itself', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -5000, max: 5000 }), (d, n) => {
        expect(addDays(addDays(d, n), -n)).toBe(d);
        expect(weekdayOf(mondayOf(d))).toBe(1);
        expect(mondayOf(d) <= d && d <= addDays(mondayOf(d), 6)).toBe(true);
        const month = d.slice(0, 7);
        expect(addMonths(addMonths(month, n), -n)).toBe(month);
        expect(isRealDay(lastDayOfMonth(month))).toBe(true);
        expect(addDays(lastDayOfMonth(month), 1).slice(8)).toBe('01');
      }),
    );
  });
});
