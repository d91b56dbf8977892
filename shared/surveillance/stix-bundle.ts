import type { Indicator, IndicatorState, IndicatorType } from './indicators.ts';
import { readPattern } from './stix-pattern.ts';

/** An indicator (or other object) of a set that cannot be used, with its reason; listed, never dropped in silence. */
export interface SkippedObject {
  readonly id: string;
  readonly pattern: string;
  readonly reason:
    | 'noPattern'
    | 'otherPatternType'
    | 'unknownKey'
    | 'unsupportedOperator'
    | 'needsSeveralConditions'
    | 'emptyValue'
    | 'notAnObject'
    | 'unreadable';
}

/** What the reference does with the same file: its lists, or the error with which its whole run ends. */
export type ReferenceReading =
  | { readonly loads: true; readonly collections: readonly ReferenceCollection[]; readonly total: number }
  | { readonly loads: false; readonly error: 'ValueError' | 'KeyError' | 'AttributeError' };

export interface ReferenceCollection {
  readonly name: string;
  readonly lists: Readonly<Partial<Record<IndicatorType, readonly string[]>>>;
  readonly count: number;
}

export interface StixReading {
  /** Every indicator that can be used, in order, each with the modes that know it. */
  readonly indicators: readonly Indicator[];
  /** The ones among them that the reference loads from this file (one malformed pattern does not hide the others). */
  readonly mvtIndicators: readonly Indicator[];
  readonly skipped: readonly SkippedObject[];
  readonly revoked: readonly string[];
  readonly expired: readonly string[];
  readonly collections: readonly string[];
  readonly reference: ReferenceReading;
}

const DEFAULT_COLLECTION = 'Default collection';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const REFERENCE_KEYS: Readonly<Record<string, IndicatorType>> = {
  'domain-name:value': 'domains',
  'ipv4-addr:value': 'domains',
  'process:name': 'processes',
  'email-addr:value': 'emails',
  'file:name': 'file_names',
  'file:path': 'file_paths',
  'file:hashes.md5': 'files_md5',
  'file:hashes.sha1': 'files_sha1',
  'file:hashes.sha256': 'files_sha256',
  'app:cert.md5': 'app_cert_hashes',
  'app:cert.sha1': 'app_cert_hashes',
  'app:cert.sha256': 'app_cert_hashes',
  'app:id': 'app_ids',
  'configuration-profile:id': 'ios_profile_ids',
  'android-property:name': 'android_property_names',
  'url:value': 'urls',
};

/** Reads one pattern as the reference does: one `=`, quotes thrown away. `null`: its run would end here. */
export function referencePattern(pattern: string): { type: IndicatorType | null; value: string } | null {
  const parts = pattern.replace(/^[[\]]+|[[\]]+$/gu, '').split('=');
  const [rawKey = '', rawValue = ''] = parts;
  if (parts.length !== 2) return null;
  let key = rawKey.trim();
  if (key.includes('hashes.') || key.includes('cert.')) {
    const dot = key.indexOf('.');
    key = `${key.slice(0, dot)}.${key
      .slice(dot + 1)
      .replaceAll("'", '')
      .replaceAll('-', '')
      .toLowerCase()}`;
  }
  const type = Object.hasOwn(REFERENCE_KEYS, key) ? (REFERENCE_KEYS[key] ?? null) : null;
  const value = rawValue.replaceAll("'", '').trim();
  const lower = key === 'domain-name:value' || key === 'email-addr:value';
  return { type, value: lower ? value.toLowerCase() : value };
}

interface Owners {
  readonly ofIndicator: ReadonlyMap<string, string>;
  readonly names: readonly string[];
}

/** Which malware or report each indicator belongs to: the last report that lists it, else its first relationship. */
function owners(objects: readonly Json[]): Owners {
  const malware = new Map<string, string>();
  const ofIndicator = new Map<string, string>();
  const names: string[] = [];
  for (const object of objects) {
    if (object['type'] === 'malware' || object['type'] === 'report') {
      const name = text(object['name']);
      if (object['type'] === 'malware') malware.set(text(object['id']), name);
      names.push(name);
    }
  }
  for (const object of objects) {
    if (object['type'] !== 'relationship') continue;
    const source = text(object['source_ref']);
    const name = malware.get(text(object['target_ref']));
    if (name !== undefined && !ofIndicator.has(source)) ofIndicator.set(source, name);
  }
  for (const object of objects) {
    if (object['type'] !== 'report' || !Array.isArray(object['object_refs'])) continue;
    for (const id of object['object_refs']) ofIndicator.set(text(id), text(object['name']));
  }
  return { ofIndicator, names };
}

/** The reference's own reading of the same content, errors included. */
function referenceReading(
  content: unknown,
  set: string,
): { reading: ReferenceReading; indicators: Indicator[] } {
  const indicators: Indicator[] = [];
  const failed = (error: 'ValueError' | 'KeyError' | 'AttributeError') => ({
    reading: { loads: false, error } as const,
    indicators,
  });
  if (!isObject(content)) return failed('AttributeError');
  const listed = content['objects'];
  if (!Array.isArray(listed)) return { reading: { loads: true, collections: [], total: 0 }, indicators };
  if (listed.some((object) => !isObject(object))) return failed('AttributeError');
  const objects = listed.filter(isObject);
  let failure: 'ValueError' | 'KeyError' | null = null;
  for (const object of objects) {
    const type = object['type'];
    const known = type === 'malware' || type === 'report' || type === 'indicator';
    if (known && !Object.hasOwn(object, 'id')) failure = 'KeyError';
    if (type === 'malware' && !Object.hasOwn(object, 'name')) failure = 'KeyError';
    if (type === 'relationship' && !Object.hasOwn(object, 'source_ref')) failure = 'KeyError';
  }
  const { ofIndicator, names } = owners(objects);
  const collections = new Map<string, Map<IndicatorType, Set<string>>>(
    names.map((name) => [name, new Map()]),
  );
  for (const object of objects) {
    if (object['type'] !== 'indicator') continue;
    const read = referencePattern(text(object['pattern']));
    if (read === null) {
      failure ??= 'ValueError';
      continue;
    }
    const collection = ofIndicator.get(text(object['id'])) ?? DEFAULT_COLLECTION;
    const lists = collections.get(collection) ?? new Map<IndicatorType, Set<string>>();
    collections.set(collection, lists);
    if (read.type === null) continue;
    const list = lists.get(read.type) ?? new Set<string>();
    lists.set(read.type, list);
    if (list.has(read.value)) continue;
    list.add(read.value);
    indicators.push({ value: read.value, type: read.type, collection, set });
  }
  if (failure !== null) return failed(failure);
  const read = [...collections].map(([name, lists]) => ({
    name,
    lists: Object.fromEntries(
      [...lists].map(([type, values]) => [type, [...values]]),
    ) as ReferenceCollection['lists'],
    count: [...lists.values()].reduce((sum, values) => sum + values.size, 0),
  }));
  return {
    reading: { loads: true, collections: read, total: read.reduce((sum, { count }) => sum + count, 0) },
    indicators,
  };
}

const stateOf = (object: Json, todayIso: string): IndicatorState | null => {
  if (object['revoked'] === true) return 'revoked';
  const until = text(object['valid_until']);
  return until !== '' && until < todayIso ? 'expired' : null;
};

/**
 * Reads a STIX 2.0 or 2.1 bundle tolerantly: unknown objects are passed over, what names an indicator and
 * cannot be used is listed with its reason, one bad pattern never costs the others.
 *
 * @param content the parsed JSON, any value; @param set file name of the set; @param todayIso for expiry.
 */
export function readStixBundle(content: unknown, set: string, todayIso: string): StixReading {
  const reference = referenceReading(content, set);
  const indicators: Indicator[] = [];
  const skipped: SkippedObject[] = [];
  const revoked: string[] = [];
  const expired: string[] = [];
  const listed =
    isObject(content) && Array.isArray(content['objects'])
      ? content['objects']
      : Array.isArray(content)
        ? content
        : [];
  const objects = listed.filter(isObject);
  for (const object of listed)
    if (!isObject(object)) skipped.push({ id: '', pattern: '', reason: 'notAnObject' });
  const { ofIndicator, names } = owners(objects);
  const seen = new Map<string, number>();
  for (const object of objects) {
    if (object['type'] !== 'indicator') continue;
    const id = text(object['id']);
    const pattern = text(object['pattern']);
    if (pattern === '') {
      skipped.push({ id, pattern, reason: 'noPattern' });
      continue;
    }
    const patternType = text(object['pattern_type']);
    if (patternType !== '' && patternType !== 'stix') {
      skipped.push({ id, pattern, reason: 'otherPatternType' });
      continue;
    }
    const state = stateOf(object, todayIso);
    if (state === 'revoked') revoked.push(id);
    if (state === 'expired') expired.push(id);
    const collection = ofIndicator.get(id) ?? DEFAULT_COLLECTION;
    const read = readPattern(pattern);
    for (const reason of read.skipped) skipped.push({ id, pattern, reason });
    for (const { type, value } of read.values) {
      const key = `${collection}\u0000${type}\u0000${value}`;
      const before = seen.get(key);
      if (before === undefined) {
        seen.set(key, indicators.length);
        indicators.push({ value, type, collection, set, ...(state === null ? {} : { state }) });
      } else if (state === null) {
        // Named twice: the authors stand by it if they do in one place.
        indicators[before] = { value, type, collection, set };
      }
    }
  }
  return {
    indicators,
    mvtIndicators: reference.indicators,
    skipped,
    revoked,
    expired,
    collections: [...new Set([...names, ...indicators.map(({ collection }) => collection)])],
    reference: reference.reading,
  };
}
