import { isIP } from 'node:net';
import { SET_LIMITS, type SetMember, type SkipReason } from '#shared/surveillance/indicator-set.ts';
import type { IndicatorType } from '#shared/surveillance/indicators.ts';
import { isWellFormed } from './parts.ts';
import { suffixList } from '../matching/suffix-list.ts';

/** Names that lists and tables use for kinds of indicators. */
const TYPE_WORDS: ReadonlyMap<string, IndicatorType> = new Map<string, IndicatorType>([
  ...(['domain', 'domains', 'hostname', 'host', 'fqdn', 'domain-name', 'network'] as const).map(
    (word) => [word, 'domains'] as const,
  ),
  ...(['ip', 'ips', 'ipv4', 'ipv6', 'ip-dst', 'ip-src', 'ipv4-addr', 'ipv6-addr', 'ip address'] as const).map(
    (word) => [word, 'domains'] as const,
  ),
  ...(['url', 'urls', 'uri', 'link'] as const).map((word) => [word, 'urls'] as const),
  ...(['process', 'processes', 'process_name', 'process name'] as const).map(
    (word) => [word, 'processes'] as const,
  ),
  ...(['email', 'emails', 'email-addr', 'email-src', 'email-dst', 'e-mail', 'correo'] as const).map(
    (word) => [word, 'emails'] as const,
  ),
  ...(['filename', 'file_name', 'file_names', 'file name'] as const).map(
    (word) => [word, 'file_names'] as const,
  ),
  ...(['filepath', 'file_path', 'file_paths', 'path', 'file path'] as const).map(
    (word) => [word, 'file_paths'] as const,
  ),
  ['md5', 'files_md5'],
  ['files_md5', 'files_md5'],
  ['sha1', 'files_sha1'],
  ['sha-1', 'files_sha1'],
  ['files_sha1', 'files_sha1'],
  ['sha256', 'files_sha256'],
  ['sha-256', 'files_sha256'],
  ['files_sha256', 'files_sha256'],
  ...(['certificate', 'cert', 'app_cert_hashes', 'certificates'] as const).map(
    (word) => [word, 'app_cert_hashes'] as const,
  ),
  ...(['package', 'packages', 'app', 'app_id', 'app_ids', 'apk', 'bundle_id'] as const).map(
    (word) => [word, 'app_ids'] as const,
  ),
  ...(['profile', 'ios_profile_ids', 'configuration-profile'] as const).map(
    (word) => [word, 'ios_profile_ids'] as const,
  ),
  ...(['property', 'android_property_names', 'android-property'] as const).map(
    (word) => [word, 'android_property_names'] as const,
  ),
]);

const VALUE_WORDS: ReadonlySet<string> = new Set([
  'value',
  'indicator',
  'ioc',
  'observable',
  'valor',
  'indicador',
]);
const TYPE_COLUMNS: ReadonlySet<string> = new Set([
  'type',
  'indicator_type',
  'ioc_type',
  'tipo',
  'kind',
  'category',
]);
const COLLECTION_COLUMNS: ReadonlySet<string> = new Set([
  'collection',
  'malware',
  'family',
  'campaign',
  'threat',
  'name',
  'coleccion',
  'colección',
]);

const DEFAULT_COLLECTION = 'Default collection';

/** Labels with which the names of applications begin. */
const REVERSED = /^(?:com|org|net|io|me|app|dev|co|air|br|ru|cn|de|mx|es)\.[a-z0-9_]+(?:\.[a-z0-9_]+)*$/iu;

const topLevelIsListed = (host: string): boolean => {
  const found = suffixList().parse(host, {
    allowPrivateDomains: true,
    extractHostname: false,
    validateHostname: false,
  });
  return found.isIcann === true || found.isPrivate === true;
};

/** Takes harmless notation back: `hxxp`, `[.]`, `[at]`. */
const plain = (value: string): string =>
  value
    .trim()
    .replace(/^hxxp/iu, 'http')
    .replaceAll(/\[(?:\.|dot)\]|\((?:\.|dot)\)|\{\.\}/giu, '.')
    .replaceAll(/\[:\]/gu, ':')
    .replaceAll(/\[(?:@|at)\]/giu, '@');

/** The kind of a value by its form alone; null where it could be several things. */
export function guessType(value: string): IndicatorType | null {
  if (value.length > SET_LIMITS.valueChars) return null;
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(value)) return 'urls';
  const [address = '', length] = value.split('/');
  if (isIP(address.replaceAll(/^\[|\]$/gu, '')) !== 0 && (length === undefined || /^\d{1,3}$/u.test(length)))
    return 'domains';
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/u.test(value)) return 'emails';
  if (/^[0-9a-f]{2}(?::[0-9a-f]{2}){15,31}$/iu.test(value)) return 'app_cert_hashes';
  if (/^[0-9a-f]{32}$/iu.test(value)) return 'files_md5';
  if (/^[0-9a-f]{40}$/iu.test(value)) return 'files_sha1';
  if (/^[0-9a-f]{64}$/iu.test(value)) return 'files_sha256';
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(value)) return 'ios_profile_ids';
  if (value.startsWith('/')) return 'file_paths';
  if (/\s/u.test(value) || !value.includes('.') || value.startsWith('.')) return null;
  if (value.includes('/')) return topLevelIsListed(value.slice(0, value.indexOf('/'))) ? 'urls' : null;
  const host = value.replace(/\.$/u, '').toLowerCase();
  if (REVERSED.test(value) && (value.split('.').length > 2 || !topLevelIsListed(host))) return 'app_ids';
  return topLevelIsListed(host) ? 'domains' : /^[\p{L}\p{N}._-]+$/u.test(value) ? 'file_names' : null;
}

/** Cells of a table in one pass: quotes double themselves, and hold separators and line ends. */
function* rows(
  text: string,
  separator: string,
): Generator<{ readonly line: number; readonly cells: string[] }> {
  let line = 1;
  let startLine = 1;
  let cells: string[] = [];
  let cell = '';
  let from = 0;
  let quoted = false;
  let blank = true;
  for (let at = 0; at <= text.length; at += 1) {
    const unit = text[at];
    if (quoted && unit !== undefined) {
      if (unit === '\n') line += 1;
      if (unit !== '"') continue;
      cell += text.slice(from, at);
      from = at + 1;
      if (text[at + 1] === '"') at += 1;
      else quoted = false;
      continue;
    }
    if (unit === '"' && blank) {
      quoted = true;
      blank = false;
      from = at + 1;
    } else if (unit === separator || unit === '\n' || unit === undefined) {
      cells.push(cell + text.slice(from, at).replace(/\r$/u, ''));
      cell = '';
      blank = true;
      from = at + 1;
      if (unit === separator) continue;
      yield { line: startLine, cells };
      cells = [];
      line += 1;
      startLine = line;
    } else if (unit !== ' ' && unit !== '\ufeff') blank = false;
  }
}

/** The separator of a table: the commonest of three in its first lines; none makes a plain list. */
function separatorOf(text: string): string {
  const head = text
    .slice(0, 16_384)
    .split('\n', 20)
    .filter((line) => !line.startsWith('#'));
  const best = [',', ';', '\t']
    .map((sign) => ({ sign, lines: head.filter((line) => line.includes(sign)).length }))
    .sort((a, b) => b.lines - a.lines)[0];
  return best === undefined || best.lines === 0 ? '\u0000' : best.sign;
}

interface Columns {
  readonly values: readonly { readonly at: number; readonly type: IndicatorType | null }[];
  readonly type: number;
  readonly collection: number;
}

/** Columns named by a first line, or null where the first line is already an entry. */
function header(cells: readonly string[]): Columns | null {
  // A line that holds a value already is an entry, even if a word beside it names a kind.
  if (cells.some((cell) => guessType(plain(cell)) !== null)) return null;
  const words = cells.map((cell) => cell.trim().toLowerCase());
  const values = words.flatMap((word, at): Columns['values'][number][] => {
    if (VALUE_WORDS.has(word)) return [{ at, type: null }];
    const type = TYPE_WORDS.get(word);
    return type === undefined ? [] : [{ at, type }];
  });
  if (values.length === 0) return null;
  return {
    values,
    type: words.findIndex((word) => TYPE_COLUMNS.has(word)),
    collection: words.findIndex((word) => COLLECTION_COLUMNS.has(word)),
  };
}

type Entry = { readonly value: string; readonly type: IndicatorType | null; readonly collection: string };

function* entries(cells: readonly string[], columns: Columns | null): Generator<Entry> {
  if (columns !== null) {
    const collection = plain(cells[columns.collection] ?? '') || DEFAULT_COLLECTION;
    const named = TYPE_WORDS.get((cells[columns.type] ?? '').trim().toLowerCase());
    for (const { at, type } of columns.values) {
      const value = plain(cells[at] ?? '');
      if (value !== '') yield { value, type: named ?? type ?? guessType(value), collection };
    }
    return;
  }
  const values = cells.map(plain).filter((cell) => cell !== '');
  const named = values.find((cell) => TYPE_WORDS.has(cell.toLowerCase()));
  const rest = values.filter((cell) => cell !== named);
  const type = named === undefined ? null : (TYPE_WORDS.get(named.toLowerCase()) ?? null);
  const value = type === null ? (rest.find((cell) => guessType(cell) !== null) ?? rest[0]) : rest[0];
  if (value !== undefined) yield { value, type: type ?? guessType(value), collection: DEFAULT_COLLECTION };
}

/** Part of a member that a list fills. */
export interface ListReading {
  readonly indicators: SetMember['indicators'];
  readonly skipped: { readonly id: string; readonly what: string; readonly reason: SkipReason }[];
}

/**
 * Reads a table or a list of one value a line. A first line of names is understood; without one, and without a
 * column of kinds, the kind is guessed by form. Lines that begin with `#` or `//` are remarks.
 *
 * @param keep takes each indicator; gives false when there are too many.
 */
export function readList(text: string, keep: (count: number) => boolean): ListReading | null {
  const indicators: SetMember['indicators'] = [];
  const skipped: ListReading['skipped'] = [];
  const seen = new Set<string>();
  let columns: Columns | null = null;
  let first = true;
  for (const { line, cells } of rows(text, separatorOf(text))) {
    const start = (cells[0] ?? '').trim();
    if (start.startsWith('#') || start.startsWith('//') || cells.every((cell) => cell.trim() === ''))
      continue;
    if (first) {
      first = false;
      columns = header(cells);
      if (columns !== null) continue;
    }
    for (const { value, type, collection } of entries(cells, columns)) {
      const skip = (reason: SkipReason): unknown =>
        skipped.push({ id: `line ${String(line)}`, what: value, reason });
      if (value.length > SET_LIMITS.valueChars) skip('valueTooLong');
      else if (!isWellFormed(value)) skip('unreadable');
      else if (type === null) skip('unknownForm');
      else {
        const lower = type === 'domains' || type === 'emails' ? value.toLowerCase() : value;
        const key = `${type}\u0000${collection}\u0000${lower}`;
        if (seen.has(key)) continue;
        seen.add(key);
        indicators.push({ value: lower, type, collection: collection.slice(0, SET_LIMITS.nameChars) });
        if (!keep(indicators.length)) return null;
      }
    }
  }
  return { indicators, skipped };
}
