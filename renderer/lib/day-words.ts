import { addDays, addMonths, isRealDay, lastDayOfMonth, mondayOf } from '#shared/rules/calendar-days.ts';
import { parsePartialDate } from '#shared/rules/parse-partial-date.ts';
import { partialDateDays } from '#shared/rules/partial-date.ts';
import { locale } from './format.ts';

export interface DayReading {
  /** Which end of a month, a year or a week is meant; left out, only a single day is understood. */
  readonly edge?: 'from' | 'to' | undefined;
  /** A day that is still to come: what was said without its year is the next such day; a past one is remarked on. */
  readonly ahead?: boolean | undefined;
}

/** The day `YYYY-MM-DD` that the words mean against `now` (`YYYY-MM-DDTHH:MM`), or null. */
export function dayFromWords(words: string, now: string, reading: DayReading = {}): string | null {
  const date = parsePartialDate(words, now, reading.ahead);
  const days = date === null ? null : partialDateDays(date);
  if (days === null) return null;
  if (days.from !== days.to) return reading.edge === undefined ? null : days[reading.edge];
  return days.from;
}

/**
 * The value of a day field is empty, a day, or the words as typed where they were not understood: with those no form
 * may go on.
 */
export const isUnreadDay = (value: string): boolean => value !== '' && !isRealDay(value);

/** Whether the value is a day before today, by `now` (`YYYY-MM-DDTHH:MM`). */
export const isPastDay = (value: string, now: string): boolean =>
  isRealDay(value) && value < now.slice(0, 10);

/** The day of a filter, which shows all while its words are not understood; empty for none. */
export const dayOrNone = (value: string): string => (isRealDay(value) ? value : '');

/** The weeks of `YYYY-MM`, each of seven days from Monday on; days of its neighbours fill the ends. */
export function weeksOf(month: string): readonly (readonly string[])[] {
  const last = lastDayOfMonth(month);
  const weeks: string[][] = [];
  for (let monday = mondayOf(`${month}-01`); monday <= last; monday = addDays(monday, 7))
    weeks.push(Array.from({ length: 7 }, (_, at) => addDays(monday, at)));
  return weeks;
}

/** The same day of another month, or its last where the month is shorter. */
export function sameDayOf(day: string, months: number): string {
  const month = addMonths(day.slice(0, 7), months);
  const last = lastDayOfMonth(month);
  const wanted = `${month}-${day.slice(8)}`;
  return wanted > last ? last : wanted;
}

const written = (day: string, format: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale(), { ...format, timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`));

/** `noviembre 2026` */
export const monthTitle = (month: string): string =>
  written(`${month}-01`, { month: 'long', year: 'numeric' }).replace(' de ', ' ');
/** `domingo 22 de noviembre de 2026`, for who hears it. */
export const longDay = (day: string): string =>
  written(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
/** Names of the weekdays, Monday first. */
export const weekdayNames = (length: 'short' | 'long'): readonly string[] =>
  // 1 January 2024 was a Monday.
  Array.from({ length: 7 }, (_, at) =>
    written(addDays('2024-01-01', at), { weekday: length }).replace('.', ''),
  );
