import { inRange, readAddress, readAddressRange, type AddressRange } from './addresses.ts';
import { hashStep, HostFilter } from './host-filter.ts';
import type { Indicator, IndicatorType, Match } from '#shared/surveillance/indicators.ts';
import { isPlainRest } from './quiet-links.ts';
import { seenLinks, type SeenLink } from './seen-links.ts';
import { normalHost, readStrictUrl, type StrictUrl } from './strict-url.ts';

/** Bytes of a process name that the systems keep. */
const PROCESS_NAME_BYTES = 16;

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
  /** Hosts of the links that are indicators, with the length of the longest link of each. */
  readonly #linkHosts = new Map<string, number>();
  #longestHost = 0;
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
  readonly #hasAddresses: boolean;
  /** Hosts that any link indicator or domain names. */
  readonly hosts: readonly string[];

  constructor(indicators: readonly Indicator[]) {
    for (const indicator of indicators) {
      const link = this.#add(indicator);
      if (link === null) continue;
      push(this.#links, link.normal, indicator);
      const longest = this.#linkHosts.get(link.host) ?? 0;
      this.#linkHosts.set(link.host, Math.max(longest, link.normal.length));
    }
    this.hosts = [...this.#hosts.keys(), ...this.#linkHosts.keys()];
    for (const host of this.#hosts.keys()) this.#longestHost = Math.max(this.#longestHost, host.length);
    this.#hasAddresses = this.#ranges.length > 0 || this.hosts.some((host) => readAddress(host) !== null);
    this.#filter = new HostFilter(this.hosts);
  }

  /** Whether any indicator is an address or a range of them, or a link to one. */
  get hasAddresses(): boolean {
    return this.#hasAddresses;
  }

  /** Takes in all but links, which it gives. */
  #add(indicator: Indicator): StrictUrl | null {
    const { type, value } = indicator;
    switch (type) {
      case 'domains': {
        const range = readAddressRange(value);
        if (range !== null) this.#ranges.push({ range, indicator });
        else {
          // A domain that was written with a path is a link.
          const link = value.includes('/') ? readStrictUrl(value) : null;
          const host = link === null ? normalHost(value.replace(/^\*\./u, '')) : null;
          if (host !== null) push(this.#hosts, host, indicator);
          return link;
        }
        return null;
      }
      case 'urls':
        return readStrictUrl(value);
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
    for (const link of seenLinks(observed)) this.#addLink(link, found);
    return unique(found);
  }

  #addLink(link: SeenLink, found: Match[]): void {
    const { host, nested } = link;
    const mark = (indicators: readonly Indicator[] | undefined, how: Match['how']): void => {
      for (const indicator of indicators ?? []) found.push({ indicator, how: nested ? 'nested-link' : how });
    };
    const longest = this.#linkHosts.get(host);
    if (longest !== undefined)
      for (const normal of link.normals(longest)) mark(this.#links.get(normal), 'exact-url');
    const address = readAddress(host);
    if (address !== null) {
      for (const { range, indicator } of this.#ranges) {
        if (inRange(address, range)) mark([indicator], range.single ? 'address' : 'address-range');
      }
      return;
    }
    // A host may be as long as the text: what is longer than any indicator is not looked up.
    const tooLong = host.length - this.#longestHost;
    for (let from = tooLong > 0 ? borderFrom(host, tooLong) : 0; from !== -1;) {
      mark(this.#hosts.get(host.slice(from)), from === 0 ? 'host' : 'sub-domain');
      from = borderFrom(host, from + 1);
    }
  }

  /** The usual form of a link, no end of whose host is known, with no second link inside: the quick no. */
  #isPlainAndUnknown(url: string): boolean {
    const start = url.startsWith('https://') ? 8 : url.startsWith('http://') ? 7 : -1;
    if (start === -1) return false;
    let end = start;
    let letters = false;
    let label = start;
    for (; end < url.length; end += 1) {
      const unit = url.charCodeAt(end);
      if (unit === SLASH) break;
      if (unit >= LOWER_A && unit <= LOWER_Z) letters = true;
      else if (unit === DOT) label = end + 1;
      else if (unit === HYPHEN) {
        // A host in another script is written with two of them.
        if (url.charCodeAt(end - 1) === HYPHEN) return false;
      } else if (!(unit >= DIGIT_0 && unit <= DIGIT_9)) return false;
    }
    // A hyphen at the end is a dash behind the host.
    if (url.charCodeAt(end - 1) === HYPHEN) return false;
    // An address may be written with letters; its last part begins with a digit all the same.
    if (!letters || label === end || url.charCodeAt(label) <= DIGIT_9) return false;
    let hash = 0;
    for (let at = end - 1; at >= start; at -= 1) {
      const unit = url.charCodeAt(at);
      if (unit === DOT && this.#filter.mayHold(hash)) return false;
      hash = hashStep(hash, unit);
    }
    if (this.#filter.mayHold(hash)) return false;
    return isPlainRest(url, end);
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

/** Beginning of the first label of a host at or behind a place, or -1. */
function borderFrom(host: string, at: number): number {
  const dot = host.indexOf('.', at - 1);
  return dot === -1 ? -1 : dot + 1;
}

function unique(matches: Match[]): Match[] {
  if (matches.length < 2) return matches;
  const seen = new Set<Indicator>();
  return matches.filter(({ indicator }) => {
    if (seen.has(indicator)) return false;
    seen.add(indicator);
    return true;
  });
}
