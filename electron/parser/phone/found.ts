import { createHash } from 'node:crypto';
import {
  PHONE_LEVELS,
  PHONE_LIMITS,
  type PhoneClock,
  type PhoneFile,
  type PhoneFound,
  type PhoneKind,
} from '#shared/parser/phone.ts';
import { INDICATOR_TYPES, type Indicator } from '#shared/surveillance/indicators.ts';
import type { Matcher } from '../../matching/matcher.ts';
import type { ModuleAnswer } from '../../matching/modules/match-module.ts';
import { wellFormed } from '../parts.ts';

const cut = (text: string, max: number): string =>
  wellFormed(text.length > max ? `${text.slice(0, max - 1)}…` : text);
export const cutName = (text: string): string => cut(text, 1_000);
export const cutLine = (text: string): string => cut(text, 4_096);

/** What one import needs everywhere. */
export interface PhoneContext {
  readonly kind: PhoneKind;
  readonly matcher: Matcher;
  readonly today: string | null;
  /** Places of indicators in the lists that the engine gave. */
  readonly placeOf: ReadonlyMap<Indicator, number>;
  readonly out: Outbox;
  /** Second reading, for rules that look at a whole file. */
  readonly pass: 1 | 2;
}

/** What waits to be told to the engine; bounded, because a hostile file can make findings without end. */
export class Outbox {
  readonly #files: PhoneFile[] = [];
  readonly #found: PhoneFound[] = [];
  /** Shortened links that were told already: one is told once. */
  readonly #shortened = new Set<string>();
  #total = 0;
  /** Records since the last answer. */
  records = 0;

  file(file: PhoneFile): void {
    this.#files.push(file);
  }

  /** False: no more is taken. */
  found(found: PhoneFound): boolean {
    if (this.#total >= PHONE_LIMITS.found) return false;
    this.#total += 1;
    this.#found.push(found);
    return true;
  }

  isNewShortLink(url: string): boolean {
    if (this.#shortened.has(url) || this.#shortened.size >= 20_000) return false;
    this.#shortened.add(url);
    return true;
  }

  take(): { files: PhoneFile[]; found: PhoneFound[]; more: boolean; records: number } {
    const files = this.#files.splice(0, PHONE_LIMITS.filesInAnswer);
    const found = this.#found.splice(0, PHONE_LIMITS.foundInAnswer);
    const records = this.records;
    this.records = 0;
    return { files, found, more: this.#files.length > 0 || this.#found.length > 0, records };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One form for equal records, whatever the order of their fields and the space between. */
function canonical(value: unknown, depth = 0): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, depth + 1)).join(',')}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).filter((key) => depth > 0 || key !== 'matched_indicator');
    return `{${keys
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key], depth + 1)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** Short hash of a record's content, without the mark that older versions wrote into it. */
export const recordHash = (record: unknown): string =>
  createHash('sha256').update(canonical(record)).digest('hex').slice(0, 32);

const shown = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
};

/** Fields of a record for people, within bounds; empty ones are left out. */
export function excerptOf(record: unknown): PhoneFound['excerpt'] {
  if (!isObject(record)) return [];
  const pairs: PhoneFound['excerpt'] = [];
  for (const [name, value] of Object.entries(record)) {
    if (pairs.length === PHONE_LIMITS.excerptPairs) break;
    const text = shown(value);
    if (text === '' || name === 'matched_indicator') continue;
    pairs.push({ name: cut(name, 300), value: cut(text, PHONE_LIMITS.excerptChars) });
  }
  return pairs;
}

const TIME_FIELDS = [
  'isodate',
  'timestamp',
  'event_time',
  'first_isodate',
  'start_date',
  'last_modified',
  'modified',
  'last_seen_isodate',
  'install_date',
  'modified_time',
  'first_install_time',
  'ts',
  'time',
] as const;

/** When a record says that it happened, as it says it. */
export function timeOf(record: unknown): string {
  if (!isObject(record)) return '';
  for (const name of TIME_FIELDS) {
    const value = record[name];
    if (typeof value === 'string' && value !== '') return cut(value, 100);
  }
  return '';
}

export const levelOf = (word: unknown): PhoneFound['level'] =>
  PHONE_LEVELS.find((level) => typeof word === 'string' && level === word.toLowerCase()) ?? 'critical';

export const typeOf = (word: unknown): (typeof INDICATOR_TYPES)[number] | null =>
  INDICATOR_TYPES.find((type) => type === word) ?? null;

/** Modules whose hits the reference gives the second level. */
const HIGH_MODULES: ReadonlySet<string> = new Set([
  'manifest',
  'filesystem',
  'locationd_clients',
  'sms_attachments',
]);

export interface FoundPlace {
  readonly path: string;
  readonly module: string;
  readonly record: number;
  readonly clock: PhoneClock;
}

/** Nothing but the place; the rest is put over it. */
export const emptyFound = ({ path, module, record, clock }: FoundPlace): PhoneFound => ({
  source: 'own',
  path: cutName(path),
  module: cut(module, 200),
  record,
  sameAs: '',
  field: '',
  check: null,
  observed: '',
  time: '',
  clock,
  level: 'critical',
  message: '',
  mvt: null,
  strict: [],
  toolIndicator: null,
  shortener: null,
  excerpt: [],
});

type Said = Pick<ModuleAnswer, 'mvt' | 'strict' | 'shortened'>;

/**
 * Findings of one record: one for each place in it that coincided, with both modes side by side, and one for each
 * rule that spoke without an indicator.
 */
export function foundOf(context: PhoneContext, place: FoundPlace, said: Said, whole: unknown): PhoneFound[] {
  const base: PhoneFound = {
    ...emptyFound(place),
    sameAs: recordHash(whole),
    time: timeOf(whole),
    excerpt: excerptOf(whole),
  };
  const byPlace = new Map<string, PhoneFound>();
  const found: PhoneFound[] = [];
  const at = (indicator: Indicator): number => context.placeOf.get(indicator) ?? 0;
  for (const { field, check, match, value } of said.strict) {
    // The same link in a list and in the text beside it is one finding, named by the first place.
    const key = `${check} ${value}`;
    let one = byPlace.get(key);
    if (one === undefined) {
      const level = HIGH_MODULES.has(place.module) ? 'high' : 'critical';
      one = { ...base, field: cut(field, 500), check, observed: cut(value, 20_000), level, strict: [] };
      byPlace.set(key, one);
      found.push(one);
    }
    const hit = { at: at(match.indicator), how: match.how };
    if (one.strict.length < 200 && !one.strict.some((other) => other.at === hit.at)) one.strict.push(hit);
  }
  for (const alert of said.mvt.alerts) {
    const words = { level: levelOf(alert.level), message: cut(alert.message, 20_000) };
    const time =
      typeof alert.eventTime === 'string' && alert.eventTime !== '' ? cut(alert.eventTime, 100) : base.time;
    if (alert.match === null) {
      found.push({ ...base, ...words, time });
      continue;
    }
    const mvt = { at: at(alert.match.indicator), how: alert.match.how };
    const field = cut(alert.observed?.field ?? '', 500);
    const check = alert.observed?.check ?? null;
    const observed = typeof alert.observed?.value === 'string' ? alert.observed.value : '';
    const same = byPlace.get(`${String(check)} ${observed}`);
    if (same !== undefined && same.mvt === null) Object.assign(same, words, { mvt, time });
    else {
      found.push({ ...base, ...words, time, field, check, observed: cut(observed, 20_000), mvt });
    }
  }
  for (const { field, shortener, value } of said.shortened) {
    if (!context.out.isNewShortLink(value)) continue;
    found.push({
      ...base,
      field: cut(field, 500),
      check: 'check_url',
      observed: cut(value, 20_000),
      level: 'informational',
      shortener: cut(shortener, 300),
    });
  }
  return found;
}
