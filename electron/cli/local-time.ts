import { daySchema } from '#shared/model/common.ts';
import { localMinute } from '#shared/rules/partial-date.ts';
import { UsageError } from './usage-error.ts';
import { createNodeClock } from '../core/ports/node/node-clock.ts';

const zoneHere = (): string => createNodeClock().zone();

/**
 * The minute of an instant as the clock on the wall shows it where the terminal stands, `YYYY-MM-DDTHH:MM`: what the
 * vault keeps in UTC, documents and windows tell in local time, and nobody should read two days for one event.
 */
export const minuteHere = (instant: string, zone = zoneHere()): string =>
  localMinute(Date.parse(instant), zone);

/** The calendar day of an instant as people here lived it, `YYYY-MM-DD`. */
export const dayHere = (instant: string, zone = zoneHere()): string => minuteHere(instant, zone).slice(0, 10);

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?$/u;

/**
 * The instant that an option names, in universal time: a day and an hour of this place, or with the difference of
 * another. Errors: `UsageError` `usage.badInstant`.
 */
export const instantGiven = (option: string, text: string): string => {
  const isMoment = INSTANT.test(text) && daySchema.safeParse(text.slice(0, 10)).success;
  const at = isMoment ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError('usage.badInstant', { option: `--${option}`, given: text });
  return new Date(at).toISOString();
};
