import { readMvtUrl } from '../python-url.ts';
import {
  get,
  ModuleFault,
  need,
  textFor,
  truthy,
  type ModuleRecord,
  type Placed,
  type PlacedNotice,
} from './rule.ts';

/** Seconds from 1970 to 2001, from which Apple's clock counts. */
const MAC_EPOCH = 978_307_200;
const DAY_MICROS = 86_400_000_000n;
const SECOND_MICROS = 1_000_000n;

/** Microseconds since 1970, rounded half to even as the reference's clock does; null for no time. */
function micros(timestamp: unknown): bigint | null {
  if (!truthy(timestamp)) return null;
  if (typeof timestamp === 'bigint' || (typeof timestamp === 'number' && Number.isInteger(timestamp))) {
    const digits = String(timestamp);
    // Eighteen digits are nanoseconds: only the seconds among them are used.
    const seconds = digits.length === 18 ? BigInt(digits.slice(0, 9)) : BigInt(timestamp);
    return (seconds + BigInt(MAC_EPOCH)) * SECOND_MICROS;
  }
  if (typeof timestamp !== 'number' || !Number.isFinite(timestamp)) {
    throw new ModuleFault('TypeError', 'can only concatenate str (not "int") to str');
  }
  const whole = timestamp + MAC_EPOCH;
  const floor = Math.floor(whole);
  const exact = (whole - floor) * 1_000_000;
  const down = Math.floor(exact);
  const rest = exact - down;
  const up = rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? 1 : 0;
  return BigInt(floor) * SECOND_MICROS + BigInt(down + up);
}

/** `YYYY-MM-DD HH:MM:SS.ffffff` in universal time. */
function iso(at: bigint): string {
  const seconds = at / SECOND_MICROS;
  const fraction = (at % SECOND_MICROS).toString().padStart(6, '0');
  const date = new Date(Number(seconds) * 1_000);
  return Number.isNaN(date.getTime())
    ? ''
    : `${date.toISOString().slice(0, 19).replace('T', ' ')}.${fraction}`;
}

/** Values that are equal in Python get one key: whole numbers of any width, and true with one. */
const key = (value: unknown): string =>
  value === true
    ? 'n:1'
    : value === false
      ? 'n:0'
      : typeof value === 'string'
        ? `s:${value}`
        : `n:${String(value)}`;

/** Database and number of a visit, as one key; fields that are missing count as nothing. */
export const visitPlace = (record: ModuleRecord): string =>
  `${key(get(record, 'safari_history_db'))}\u0000${key(get(record, 'visit_id'))}`;

/**
 * Key of the visit that this one went on to, where it went over http and on; null for all others. Whoever reads a large
 * file needs only these records and the visits that they name.
 */
export const redirectTarget = (record: ModuleRecord): string | null => {
  const url = get(record, 'url');
  if (typeof url !== 'string' || !/^http:\/\//iu.test(url)) return null;
  const destination = get(record, 'redirect_destination');
  return truthy(destination) ? `${key(get(record, 'safari_history_db'))}\u0000${key(destination)}` : null;
};

const domainOf = (url: unknown): string => (typeof url === 'string' ? (readMvtUrl(url)?.domain ?? '') : '');

/**
 * Visits over http that went on to another domain within a second: what injection in the network looks like.
 * The reference compares each of them with every record; an index by database and visit gives the same answer
 * in one pass.
 */
export function* safariRedirects(records: readonly Placed[]): Generator<PlacedNotice> {
  let visits: Map<string, Placed[]> | null = null;
  for (const { record, index } of records) {
    const url = textFor(need(record, 'url'), 'lower');
    if (!url.toLowerCase().startsWith('http://')) continue;
    const destination = need(record, 'redirect_destination');
    if (!truthy(destination)) continue;
    const origin = domainOf(url);
    visits ??= byVisit(records);
    const place = `${key(need(record, 'safari_history_db'))}\u0000${key(destination)}`;
    for (const target of visits.get(place) ?? []) {
      if (origin === domainOf(need(target.record, 'url'))) continue;
      const to = micros(need(target.record, 'timestamp'));
      const from = micros(need(record, 'timestamp'));
      if (to === null || from === null) {
        throw new ModuleFault('TypeError', "unsupported operand type(s) for -: 'NoneType' and 'NoneType'");
      }
      // Whole days are not counted by the reference, in either direction.
      const elapsed = (((to - from) % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
      if (elapsed >= SECOND_MICROS) continue;
      const milliseconds = Number(elapsed) / 1_000;
      const shown = Number.isInteger(milliseconds) ? `${String(milliseconds)}.0` : String(milliseconds);
      yield {
        level: 'MEDIUM',
        message: `Redirect took less than a second! (${shown} milliseconds)`,
        eventTime: iso(from),
        record: index,
      };
    }
  }
}

function byVisit(records: readonly Placed[]): Map<string, Placed[]> {
  const visits = new Map<string, Placed[]>();
  for (const placed of records) {
    const at = `${key(need(placed.record, 'safari_history_db'))}\u0000${key(need(placed.record, 'visit_id'))}`;
    const list = visits.get(at);
    if (list === undefined) visits.set(at, [placed]);
    else list.push(placed);
  }
  return visits;
}
