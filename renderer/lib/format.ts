import i18next from 'i18next';
import type { PartialDate } from '#shared/model/partial-date.ts';
import { memoryText } from '#shared/rules/memory-text.ts';

/** The locale of dates and numbers, from the language of the interface. */
export const locale = (): string => (i18next.language === 'en' ? 'en-GB' : 'es-MX');

/** `12 mar 2024`: day, short month without a dot, year. */
function day(text: string, withYear = true): string {
  const [y = 0, m = 1, d = 1] = text.split('-').map(Number);
  return `${String(d)} ${monthName(m)}${withYear ? ` ${String(y)}` : ''}`;
}

const cache = new Map<string, string[]>();
function monthName(month: number): string {
  const key = locale();
  let names = cache.get(key);
  if (!names) {
    const format = new Intl.DateTimeFormat(key, { month: 'short', timeZone: 'UTC' });
    names = Array.from({ length: 12 }, (_, i) =>
      format
        .format(Date.UTC(2024, i, 15))
        .replace('.', '')
        .slice(0, 4),
    );
    cache.set(key, names);
  }
  return names[month - 1] ?? '';
}

const local = (instant: string): Date => new Date(instant);
const two = (n: number): string => String(n).padStart(2, '0');
const dayOf = (at: Date): string =>
  `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** The local wall clock as `YYYY-MM-DDTHH:MM`, against which spoken dates are read. */
export const nowLocal = (): string => {
  const now = new Date();
  return `${dayOf(now)}T${two(now.getHours())}:${two(now.getMinutes())}`;
};

/** The day `YYYY-MM-DD` of an instant on this computer's clock. */
export const localDay = (instant: string): string => dayOf(local(instant));

export const formatDay = (text: string): string => day(text);
export const formatMonth = (text: string): string => {
  const [y = 0, m = 1] = text.split('-').map(Number);
  return `${monthName(m)} ${String(y)}`;
};

/** Day and hour of an instant on this computer's clock. */
export function formatInstant(instant: string, withTime = true): string {
  const at = local(instant);
  const text = day(dayOf(at));
  return withTime ? `${text}, ${two(at.getHours())}:${two(at.getMinutes())}` : text;
}

/** `hace 12 min`, `ayer 18:40`, then the day. */
export function formatSince(instant: string, now = Date.now()): string {
  const at = local(instant);
  const minutes = Math.round((now - at.getTime()) / 60_000);
  const relative = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto', style: 'short' });
  if (minutes < 60) return relative.format(-Math.max(0, minutes), 'minute');
  if (minutes < 60 * 12) return relative.format(-Math.round(minutes / 60), 'hour');
  const days = Math.round((Date.parse(dayOf(new Date(now))) - Date.parse(dayOf(at))) / 86_400_000);
  if (days <= 1) return `${relative.format(-days, 'day')} ${two(at.getHours())}:${two(at.getMinutes())}`;
  return day(dayOf(at), at.getFullYear() !== new Date(now).getFullYear());
}

/** A partial date for reading. Ranges inside a month or year say it once. */
export function formatPartialDate(date: PartialDate): string {
  switch (date.kind) {
    case 'instant':
      return formatInstant(date.at);
    case 'day': {
      const base = day(date.day);
      if (date.time === undefined)
        return date.approximate ? i18next.t('common:dates.about', { date: base }) : base;
      const clock = date.untilTime === undefined ? date.time : `${date.time}–${date.untilTime}`;
      return i18next.t(date.approximate ? 'common:dates.dayAbout' : 'common:dates.dayAt', {
        date: base,
        time: clock,
      });
    }
    case 'month':
      return formatMonth(date.month);
    case 'year':
      return String(date.year);
    case 'range': {
      const sameYear = date.from.slice(0, 4) === date.to.slice(0, 4);
      return i18next.t('common:dates.range', { from: day(date.from, !sameYear), to: day(date.to) });
    }
    case 'unknown':
      return date.words !== undefined && date.words !== ''
        ? i18next.t('common:dates.words', { words: date.words })
        : i18next.t('common:dates.unknown');
  }
}

/** A time as a tool wrote it, on a clock that is named elsewhere: read for its day and hour, never moved. */
export function formatRecordTime(text: string, withTime = true): string {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?/u.exec(text) ?? [];
  if (date === undefined) return text;
  return withTime && time !== undefined ? `${day(date)}, ${time}` : day(date);
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
/** `412 KB`, in steps of 1,000 as file managers show them. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value)} ${UNITS[unit] ?? ''}`;
}

/** The memory of a key derivation, as the terminal tells it too; number and unit stay on one line. */
export const formatMemory = (bytes: number): string =>
  memoryText(bytes, i18next.language === 'en' ? 'en' : 'es').replace(' ', '\u00a0');

export const formatNumber = (value: number): string => new Intl.NumberFormat(locale()).format(value);
/** First and last of a hash; the whole one is a copy away. */
export const shortHash = (hash: string): string => `${hash.slice(0, 4)}…${hash.slice(-2)}`;
