import type { IndicatorType } from './indicators.ts';

/** Why a part of a pattern cannot be used. */
export type PatternProblem =
  'unknownKey' | 'unsupportedOperator' | 'needsSeveralConditions' | 'emptyValue' | 'unreadable';

export interface PatternReading {
  readonly values: readonly { readonly type: IndicatorType; readonly value: string }[];
  readonly skipped: readonly PatternProblem[];
}

/** Comparisons that one pattern may hold; a hostile set must not make reading it long. */
const MAX_COMPARISONS = 1_000;

const KEYS: Readonly<Record<string, IndicatorType>> = {
  'domain-name:value': 'domains',
  'ipv4-addr:value': 'domains',
  'ipv6-addr:value': 'domains',
  'process:name': 'processes',
  'email-addr:value': 'emails',
  'email-message:from_ref.value': 'emails',
  'file:name': 'file_names',
  'file:path': 'file_paths',
  'app:id': 'app_ids',
  'configuration-profile:id': 'ios_profile_ids',
  'android-property:name': 'android_property_names',
  'url:value': 'urls',
};

const HASHES: Readonly<Record<string, IndicatorType>> = {
  md5: 'files_md5',
  sha1: 'files_sha1',
  sha256: 'files_sha256',
};

function typeOf(path: string): IndicatorType | null {
  // Own properties only: a path such as `constructor` must not find what every object inherits.
  if (Object.hasOwn(KEYS, path)) return KEYS[path] ?? null;
  const hashed = /^(file:hashes|app:cert)\.(.+)$/u.exec(path);
  if (hashed === null) return null;
  const algorithm = (hashed[2] ?? '').replaceAll(/['"-]/gu, '').toLowerCase();
  if (!Object.hasOwn(HASHES, algorithm)) return null;
  return hashed[1] === 'app:cert' ? 'app_cert_hashes' : (HASHES[algorithm] ?? null);
}

const isHash = (type: IndicatorType): boolean => type.startsWith('files_') || type === 'app_cert_hashes';

type Token =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'word'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: string };

/**
 * Cuts a pattern into tokens. A string is `'...'` with `\'` and `\\`; `''` inside one is read as a quote too,
 * because sets in the wild write it so. Double-quoted strings are accepted for the same reason.
 */
function tokens(pattern: string): Token[] | null {
  const found: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const sign = pattern[at] ?? '';
    if (/\s/u.test(sign)) {
      at += 1;
    } else if (sign === "'" || sign === '"') {
      let value = '';
      at += 1;
      for (;;) {
        const unit = pattern[at];
        if (unit === undefined) return null;
        if (unit === '\\' && at + 1 < pattern.length) {
          value += pattern[at + 1] ?? '';
          at += 2;
        } else if (
          unit === sign &&
          pattern[at + 1] === sign &&
          !/^\s*(?:$|[\]),]|AND\b|OR\b)/u.test(pattern.slice(at + 2))
        ) {
          value += sign;
          at += 2;
        } else if (unit === sign) {
          at += 1;
          break;
        } else {
          value += unit;
          at += 1;
        }
      }
      found.push({ kind: 'text', value });
    } else if ('[](),'.includes(sign)) {
      found.push({ kind: 'sign', value: sign });
      at += 1;
    } else if (sign === '=' || sign === '!' || sign === '<' || sign === '>') {
      const operator = /^[=!<>]{1,2}/u.exec(pattern.slice(at))?.[0] ?? sign;
      found.push({ kind: 'sign', value: operator });
      at += operator.length;
    } else {
      const word = /^(?:\.'[^']*'|\."[^"]*"|[^\s[\](),=!<>'"])+/u.exec(pattern.slice(at))?.[0];
      if (word === undefined) return null;
      found.push({ kind: 'word', value: word });
      at += word.length;
    }
  }
  return found;
}

interface Comparison {
  readonly path: string;
  readonly operator: string;
  readonly negated: boolean;
  readonly values: readonly string[];
}

/**
 * Reads the comparisons of a pattern. `OR` and `IN` give alternatives. `AND` asks for several things at once,
 * which a single observation cannot show; only hashes of one file are alternatives by nature.
 */
export function readPattern(pattern: string): PatternReading {
  const list = tokens(pattern);
  if (list === null) return { values: [], skipped: ['unreadable'] };
  const comparisons: Comparison[] = [];
  let conjunction = false;
  let sequence = false;
  for (let at = 0; at < list.length; at += 1) {
    const token = list[at];
    if (token === undefined || token.kind === 'sign' || token.kind === 'text') continue;
    if (token.value === 'AND') conjunction = true;
    if (token.value === 'FOLLOWEDBY') sequence = true;
    if (!token.value.includes(':')) continue;
    let next = at + 1;
    const following = list[next];
    const negated = following?.kind === 'word' && following.value === 'NOT';
    if (negated) next += 1;
    const operator = list[next]?.value ?? '';
    const values: string[] = [];
    if (operator === 'IN' && list[next + 1]?.value === '(') {
      next += 2;
      while (next < list.length && list[next]?.value !== ')') {
        const member = list[next];
        if (member !== undefined && member.kind !== 'sign') values.push(member.value);
        next += 1;
      }
    } else {
      next += 1;
      const value = list[next];
      if (value !== undefined && value.kind !== 'sign') values.push(value.value);
    }
    comparisons.push({ path: token.value, operator, negated, values });
    if (comparisons.length > MAX_COMPARISONS) return { values: [], skipped: ['unreadable'] };
    at = next;
  }
  if (comparisons.length === 0) return { values: [], skipped: ['unreadable'] };
  return settle(comparisons, conjunction || sequence);
}

function settle(comparisons: readonly Comparison[], several: boolean): PatternReading {
  const values: { type: IndicatorType; value: string }[] = [];
  const skipped: PatternProblem[] = [];
  const types = comparisons.map(({ path }) => typeOf(path));
  if (several && comparisons.length > 1 && !types.every((type) => type !== null && isHash(type))) {
    return { values, skipped: ['needsSeveralConditions'] };
  }
  comparisons.forEach((comparison, index) => {
    const type = types[index] ?? null;
    if (
      comparison.negated ||
      (comparison.operator !== '=' && comparison.operator !== '==' && comparison.operator !== 'IN')
    ) {
      skipped.push('unsupportedOperator');
    } else if (type === null) {
      skipped.push('unknownKey');
    } else {
      for (const raw of comparison.values) {
        const value = raw.trim();
        if (value === '') skipped.push('emptyValue');
        else
          values.push({ type, value: type === 'domains' || type === 'emails' ? value.toLowerCase() : value });
      }
      if (comparison.values.length === 0) skipped.push('emptyValue');
    }
  });
  return { values, skipped };
}
