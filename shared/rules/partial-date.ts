import type { PartialDate } from '../model/partial-date.ts';

const pad = (n: number): string => String(n).padStart(2, '0');

/** Local wall-clock parts of an instant in a zone, as `YYYY-MM-DDTHH:MM`. */
export function localMinute(atMs: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(atMs));
  const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? '00';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/** The local day of an instant in a zone, as `YYYY-MM-DD`. */
export const localDay = (atMs: number, zone: string): string => localMinute(atMs, zone).slice(0, 10);

/**
 * A text by which partial dates sort: the earliest local minute that the date can mean. Unknown dates give
 * the empty string and therefore come first; lists show them apart.
 */
export function partialDateSortKey(date: PartialDate): string {
  switch (date.kind) {
    case 'instant':
      return localMinute(Date.parse(date.at), date.zone);
    case 'day':
      return `${date.day}T${date.time ?? '00:00'}`;
    case 'month':
      return `${date.month}-01T00:00`;
    case 'year':
      return `${pad(date.year)}-01-01T00:00`;
    case 'range':
      return `${date.from}T00:00`;
    case 'unknown':
      return '';
  }
}

/** First and last local day that the date can mean, or null where unknown. */
export function partialDateDays(date: PartialDate): { from: string; to: string } | null {
  switch (date.kind) {
    case 'instant': {
      const day = localDay(Date.parse(date.at), date.zone);
      return { from: day, to: day };
    }
    case 'day':
      return { from: date.day, to: date.day };
    case 'month': {
      const [year = 0, month = 1] = date.month.split('-').map(Number);
      const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
      return { from: `${date.month}-01`, to: `${date.month}-${pad(last)}` };
    }
    case 'year':
      return { from: `${date.year}-01-01`, to: `${date.year}-12-31` };
    case 'range':
      return { from: date.from, to: date.to };
    case 'unknown':
      return null;
  }
}
