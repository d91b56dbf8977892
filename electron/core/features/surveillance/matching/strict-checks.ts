import { inRange, readAddress, readAddressRange, type AddressRange } from './addresses.ts';
import { hashStep, HostFilter } from './host-filter.ts';
import type { Indicator, IndicatorType, Match } from '#shared/surveillance/indicators.ts';
import { normalHost, readStrictUrl } from './strict-url.ts';

/** Bytes of a process name that the systems keep. */
const PROCESS_NAME_BYTES = 16;
const MAX_NESTING = 3;

const SLASH = 47;
const DOT = 46;
const HYPHEN = 45;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const LOWER_A = 97;
const LOWER_Z = 122;

type Lists = Readonly<
  Record<Exclude<IndicatorType, 'domains' | 'urls' | 'file_paths'>, Map<string, Indicator[]>>
>;

const push = (map: Map<string, Indicator[]>, key: string, indicator: Indicator): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [indicator]);
  else list.push(indicator);
};

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const bareHash = (hash: string): string =>
  hash
    .toLowerCase()
    .replace(/^(?:md5|sha-?1|sha-?256)[:=]/u, '')
    .replaceAll(/[\s:]/gu, '');
const bareEmail = (email: string): string =>
  email
    .trim()
    .replace(/^mailto:/iu, '')
    .toLowerCase();
const firstBytes = (name: string): string =>
  Buffer.from(name, 'utf8').subarray(0, PROCESS_NAME_BYTES).toString('latin1');

const normalPath = (path: string): string =>
  path
    .trim()
    .replaceAll(/\/{2,}/gu, '/')
    .replace(/\/+$/u, '');

/**
 * The mode `strict`: what an examiner means by a match. Borders of labels and of path components count, notation
 * does not; every indicator that matches is listed, so that one campaign never hides another.
 */
export class StrictMatcher {
  readonly #hosts = new Map<string, Indicator[]>();
  readonly #ranges: { readonly range: AddressRange; readonly indicator: Indicator }[] = [];
  readonly #links = new Map<string, Indicator[]>();
  readonly #paths = new Map<string, Indicator[]>();
  readonly #cut = new Map<string, Indicator[]>();
  readonly #lists: Lists = {
    processes: new Map(),
    emails: new Map(),
    file_names: new Map(),
    files_md5: new Map(),
    files_sha1: new Map(),
    files_sha256: new Map(),
    app_cert_hashes: new Map(),
    app_ids: new Map(),
    ios_profile_ids: new Map(),
    android_property_names: new Map(),
  };
  readonly #filter: HostFilter;

  constructor(indicators: readonly Indicator[]) {
    const linkHosts: string[] = [];
    for (const indicator of indicators) {
      const host = this.#add(indicator);
      if (host !== null) linkHosts.push(host);
    }
    this.#filter = new HostFilter([...this.#hosts.keys(), ...linkHosts]);
  }

  /** Gives the host of a link indicator, for the filter. */
  #add(indicator: Indicator): string | null {
    const { type, value } = indicator;
    switch (type) {
      case 'domains': {
        const range = readAddressRange(value);
        if (range !== null) this.#ranges.push({ range, indicator });
        else {
          // A domain that was written with a path is a link.
          const link = value.includes('/') ? readStrictUrl(value) : null;
          const host = link === null ? normalHost(value.replace(/^\*\./u, '')) : null;
          if (link !== null) push(this.#links, link.normal, indicator);
          else if (host !== null) push(this.#hosts, host, indicator);
          return link?.host ?? null;
        }
        return null;
      }
      case 'urls': {
        const link = readStrictUrl(value);
        if (link !== null) push(this.#links, link.normal, indicator);
        return link?.host ?? null;
      }
      case 'file_paths':
        push(this.#paths, normalPath(value), indicator);
        return null;
      default:
        push(this.#lists[type], this.#key(type, value), indicator);
        if (type === 'processes' && Buffer.byteLength(value, 'utf8') > PROCESS_NAME_BYTES)
          push(this.#cut, firstBytes(value), indicator);
        return null;
    }
  }

  #key(type: keyof Lists, value: string): string {
    switch (type) {
      case 'emails':
        return bareEmail(value);
      case 'files_md5':
      case 'files_sha1':
      case 'files_sha256':
      case 'app_cert_hashes':
        return bareHash(value);
      case 'app_ids':
      case 'android_property_names':
      case 'ios_profile_ids':
        return value.trim().toLowerCase();
      case 'processes':
      case 'file_names':
        return value.trim();
    }
  }

  #equal(type: keyof Lists, observed: unknown, how: Match['how'] = 'equal'): Match[] {
    if (typeof observed !== 'string' || observed === '') return [];
    return (this.#lists[type].get(this.#key(type, observed)) ?? []).map((indicator) => ({ indicator, how }));
  }

  /** Host at any depth, address by equality or range, whole link, and links inside the link. */
  url(observed: unknown): Match[] {
    if (typeof observed !== 'string' || observed === '' || this.#isPlainAndUnknown(observed)) return [];
    const found: Match[] = [];
    this.#addUrl(observed, 0, found);
    return unique(found);
  }

  #addUrl(text: string, depth: number, found: Match[]): void {
    const read = readStrictUrl(text);
    if (read === null) return;
    const mark = (indicators: readonly Indicator[] | undefined, how: Match['how']): void => {
      for (const indicator of indicators ?? [])
        found.push({ indicator, how: depth === 0 ? how : 'nested-link' });
    };
    mark(this.#links.get(read.normal), 'exact-url');
    const address = readAddress(read.host);
    if (address !== null) {
      for (const { range, indicator } of this.#ranges) {
        if (inRange(address, range)) mark([indicator], range.single ? 'address' : 'address-range');
      }
    } else {
      for (let from = 0; from !== -1;) {
        mark(this.#hosts.get(read.host.slice(from)), from === 0 ? 'host' : 'sub-domain');
        const dot = read.host.indexOf('.', from);
        from = dot === -1 ? -1 : dot + 1;
      }
    }
    if (depth < MAX_NESTING) for (const link of read.nested) this.#addUrl(link, depth + 1, found);
  }

  /** The usual form of a link, no end of whose host is known, with no second link inside: the quick no. */
  #isPlainAndUnknown(url: string): boolean {
    const start = url.startsWith('https://') ? 8 : url.startsWith('http://') ? 7 : -1;
    if (start === -1) return false;
    let end = start;
    let letters = false;
    for (; end < url.length; end += 1) {
      const unit = url.charCodeAt(end);
      if (unit === SLASH) break;
      if (unit >= LOWER_A && unit <= LOWER_Z) letters = true;
      else if (!((unit >= DIGIT_0 && unit <= DIGIT_9) || unit === HYPHEN || unit === DOT)) return false;
    }
    if (!letters || end === start || url.charCodeAt(end - 1) === DOT) return false;
    if (url.charCodeAt(start) === 120 && url.includes('xn--')) return false;
    let hash = 0;
    for (let at = end - 1; at >= start; at -= 1) {
      const unit = url.charCodeAt(at);
      if (unit === DOT && this.#filter.mayHold(hash)) return false;
      hash = hashStep(hash, unit);
    }
    if (this.#filter.mayHold(hash)) return false;
    return url.indexOf('http', end) === -1 && url.indexOf('HTTP', end) === -1;
  }

  process(observed: unknown): Match[] {
    if (typeof observed !== 'string' || observed === '') return [];
    const name = basename(observed).trim();
    const found = this.#equal('processes', name);
    if (Buffer.byteLength(name, 'utf8') === PROCESS_NAME_BYTES) {
      for (const indicator of this.#cut.get(firstBytes(name)) ?? [])
        found.push({ indicator, how: 'truncated' });
    }
    return unique(found);
  }

  email(observed: unknown): Match[] {
    return this.#equal('emails', observed);
  }

  fileName(observed: unknown): Match[] {
    return typeof observed === 'string' ? this.#equal('file_names', basename(observed), 'name') : [];
  }

  /** The path itself or a folder above it, component by component; and the name of the file. */
  filePath(observed: unknown): Match[] {
    if (typeof observed !== 'string' || observed === '') return [];
    const found = this.fileName(observed);
    let path = normalPath(observed);
    while (path !== '') {
      for (const indicator of this.#paths.get(path) ?? []) found.push({ indicator, how: 'path' });
      const slash = path.lastIndexOf('/');
      path = slash <= 0 ? '' : path.slice(0, slash);
    }
    return unique(found);
  }

  filePathProcess(observed: unknown): Match[] {
    if (typeof observed !== 'string') return [];
    return unique(observed.split('/').flatMap((part) => this.#equal('processes', part)));
  }

  fileHash(observed: unknown): Match[] {
    if (typeof observed !== 'string') return [];
    const length = bareHash(observed).length;
    if (length === 32) return this.#equal('files_md5', observed);
    if (length === 40) return this.#equal('files_sha1', observed);
    return length === 64 ? this.#equal('files_sha256', observed) : [];
  }

  certificateHash(observed: unknown): Match[] {
    return this.#equal('app_cert_hashes', observed);
  }

  /** The application, or one of its processes (`package:service`). */
  appId(observed: unknown): Match[] {
    if (typeof observed !== 'string') return [];
    const colon = observed.indexOf(':');
    return this.#equal('app_ids', colon > 0 ? observed.slice(0, colon) : observed);
  }

  profile(observed: unknown): Match[] {
    return this.#equal('ios_profile_ids', observed);
  }

  androidProperty(observed: unknown): Match[] {
    return this.#equal('android_property_names', observed);
  }
}

function unique(matches: readonly Match[]): Match[] {
  const seen = new Set<Indicator>();
  return matches.filter(({ indicator }) => {
    if (seen.has(indicator)) return false;
    seen.add(indicator);
    return true;
  });
}
