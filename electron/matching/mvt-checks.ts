import { multiPattern, type MultiPattern } from './multi-pattern.ts';
import { hashStep, HostFilter } from './host-filter.ts';
import type { How, Indicator, IndicatorType, Match } from '#shared/surveillance/indicators.ts';
import { withoutEnd } from './trim-ends.ts';
import { ListedTops } from './listed-tops.ts';
import { readMvtUrl, registrableDomain } from './python-url.ts';

/** Hosts of link shorteners; with the network off the original link falls to the search for fragments. */
export type Shorteners = ReadonlySet<string>;

const PROCESS_TRUNCATED_CHARS = 16;

const SLASH = 47;
const QUESTION = 63;
const HASH = 35;
const DOT = 46;
const HYPHEN = 45;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const LOWER_A = 97;
const LOWER_W = 119;
const LOWER_Z = 122;

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * The mode `mvt`: for each observation the one answer that the reference gives, network off. Where its rules are
 * wider or narrower than an examiner means, they are kept so on purpose; `strict` says what is meant.
 */
export class MvtMatcher {
  readonly #urls = new Map<string, Indicator>();
  /** Of equal domains in several sets the last one loaded gives its name; of everything else the first. */
  readonly #domains = new Map<string, Indicator>();
  /** The search for domains anywhere in a text: made when the first link comes that cannot be read. */
  #fragments: { readonly search: MultiPattern; readonly owners: readonly Indicator[] } | null = null;
  readonly #equal: Readonly<Record<Exclude<IndicatorType, 'domains' | 'urls'>, Map<string, Indicator>>>;
  readonly #processes = new Map<string, { readonly at: number; readonly indicators: Indicator[] }>();
  readonly #byPrefix = new Map<string, Indicator>();
  /** First indicator of every start of a path, and the lengths that there are: a look-up for each length. */
  readonly #paths = new Map<string, { readonly at: number; readonly indicator: Indicator }>();
  readonly #pathLengths = new Set<number>();
  readonly #profiles: Indicator[] = [];
  readonly #shorteners: Shorteners;
  readonly #urlLengths = new Set<number>();
  /** How many indicators the reference has loaded; without any it leaves out whole rules. */
  readonly size: number;
  /** Hosts that are worth a look-up: indicators and shorteners. */
  readonly #filter: HostFilter;
  readonly #tops = new ListedTops();

  readonly hosts: readonly string[];
  /** Links that are compared as they stand. */
  readonly wholeLinks: readonly string[];

  /** @param indicators in load order. */
  constructor(indicators: readonly Indicator[], shorteners: Shorteners) {
    this.#shorteners = shorteners;
    this.size = indicators.length;
    this.#equal = {
      processes: new Map(),
      emails: new Map(),
      file_names: new Map(),
      file_paths: new Map(),
      files_md5: new Map(),
      files_sha1: new Map(),
      files_sha256: new Map(),
      app_cert_hashes: new Map(),
      app_ids: new Map(),
      ios_profile_ids: new Map(),
      android_property_names: new Map(),
    };
    for (const indicator of indicators) this.#add(indicator);
    this.hosts = [...this.#domains.keys(), ...shorteners];
    this.#filter = new HostFilter(this.hosts);
    this.wholeLinks = [...this.#urls.keys()];
  }

  #add(indicator: Indicator): void {
    const { type, value } = indicator;
    if (type === 'urls') {
      if (!this.#urls.has(value)) this.#urls.set(value, indicator);
      this.#urlLengths.add(value.length);
      return;
    }
    if (type === 'domains') {
      this.#domains.set(value, indicator);
      return;
    }
    const key = CASE_BLIND.has(type) ? value.toLowerCase() : value;
    if (!this.#equal[type].has(key)) this.#equal[type].set(key, indicator);
    if (type === 'processes') {
      const same = this.#processes.get(value);
      if (same === undefined)
        this.#processes.set(value, { at: this.#processes.size, indicators: [indicator] });
      else same.indicators.push(indicator);
      const start = [...value].slice(0, PROCESS_TRUNCATED_CHARS).join('');
      if ([...start].length === PROCESS_TRUNCATED_CHARS && !this.#byPrefix.has(start))
        this.#byPrefix.set(start, indicator);
    }
    if (type === 'file_paths') {
      const start = withoutEnd(value, '/');
      if (!this.#paths.has(start)) this.#paths.set(start, { at: this.#paths.size, indicator });
      this.#pathLengths.add(start.length);
    }
    if (type === 'ios_profile_ids') this.#profiles.push(indicator);
  }

  /** An exact address wins, then the host, then its registrable domain; what cannot be read is searched for fragments. */
  url(observed: unknown): Match | null {
    if (typeof observed !== 'string' || observed === '') return null;
    const exact = this.#urlLengths.has(observed.length) ? this.#urls.get(observed) : undefined;
    if (exact !== undefined) return { indicator: exact, how: 'exact-url' };
    if (this.#isPlainAndUnknown(observed)) return null;
    const read = readMvtUrl(observed);
    if (read === null) return this.#fragment(observed);
    if (this.#shorteners.has(read.domain) && !(read.domain === 'goo.gl' && read.path.startsWith('/maps/'))) {
      return this.#fragment(observed);
    }
    const whole = this.#domains.get(read.domain);
    if (whole !== undefined) return { indicator: whole, how: 'full-domain' };
    return this.#registrableOf(read.host);
  }

  /**
   * Whether the link is of the usual form (`http(s)://host/...`, host in lower case, no user, no port), its top
   * level is listed, and no end of its host can be an indicator or a shortener. Then every rule says no.
   */
  #isPlainAndUnknown(url: string): boolean {
    const start = url.startsWith('https://') ? 8 : url.startsWith('http://') ? 7 : -1;
    if (start === -1) return false;
    let end = start;
    let lastDot = -1;
    for (; end < url.length; end += 1) {
      const unit = url.charCodeAt(end);
      if (unit === SLASH || unit === QUESTION || unit === HASH) break;
      if (unit === DOT) lastDot = end;
      else if (!(
        (unit >= LOWER_A && unit <= LOWER_Z) ||
        (unit >= DIGIT_0 && unit <= DIGIT_9) ||
        unit === HYPHEN
      ))
        return false;
    }
    if (lastDot <= start || lastDot === end - 1) return false;
    let hash = 0;
    for (let at = end - 1; at >= start; at -= 1) {
      const unit = url.charCodeAt(at);
      if (unit === DOT && this.#filter.mayHold(hash)) return false;
      hash = hashStep(hash, unit);
      // The reference takes a leading run of `w` off the host: what is left may be an indicator too.
      if ((at === start || url.charCodeAt(at - 1) === LOWER_W) && this.#filter.mayHold(hash)) return false;
    }
    return this.#tops.hasText(url, lastDot + 1, end);
  }

  /**
   * Only the ends of the host that are indicators are looked at, so a link that matches nothing costs a few
   * look-ups; the public suffix list is asked only for the rare one that may match.
   */
  #registrableOf(host: string): Match | null {
    for (let from = 0; from !== -1;) {
      const end = host.slice(from);
      const indicator = end === '' ? undefined : this.#domains.get(end);
      if (indicator !== undefined && registrableDomain(end) === end && registrableDomain(host) === end)
        return { indicator, how: 'registrable-domain' };
      const dot = host.indexOf('.', from);
      from = dot === -1 ? -1 : dot + 1;
    }
    return null;
  }

  #fragment(observed: string): Match | null {
    let first: number | null = null;
    let firstEnd = Number.POSITIVE_INFINITY;
    const { search, owners } = (this.#fragments ??= this.#makeFragments());
    search.scan(observed, (pattern, end) => {
      if (end < firstEnd) {
        firstEnd = end;
        first = pattern;
      }
    });
    const indicator = first === null ? undefined : owners[first];
    return indicator === undefined ? null : { indicator, how: 'substring-fallback' };
  }

  #makeFragments() {
    const searchable = [...this.#domains].filter(([value]) => value !== '');
    return {
      search: multiPattern(searchable.map(([value]) => value)),
      owners: searchable.map(([, indicator]) => indicator),
    };
  }

  process(observed: unknown): Match | null {
    if (typeof observed !== 'string' || observed === '') return null;
    const name = basename(observed);
    const equal = this.#equal.processes.get(name);
    if (name.length < PROCESS_TRUNCATED_CHARS || [...name].length !== PROCESS_TRUNCATED_CHARS) {
      return equal === undefined ? null : { indicator: equal, how: 'equal' };
    }
    // In list order the earlier of "equal" and "begins with" wins.
    const cut = this.#byPrefix.get(name);
    if (cut === undefined) return equal === undefined ? null : { indicator: equal, how: 'equal' };
    return { indicator: cut, how: cut.value === name ? 'equal' : 'truncated' };
  }

  email(observed: unknown): Match | null {
    return this.#same('emails', observed);
  }

  fileName(observed: unknown): Match | null {
    return this.#same('file_names', observed, 'name');
  }

  filePath(observed: unknown): Match | null {
    if (typeof observed !== 'string' || observed === '') return null;
    const name = this.fileName(basename(observed));
    if (name !== null) return name;
    let first: { readonly at: number; readonly indicator: Indicator } | null = null;
    for (const length of this.#pathLengths) {
      const found = length > observed.length ? undefined : this.#paths.get(observed.slice(0, length));
      if (found !== undefined && (first === null || found.at < first.at)) first = found;
    }
    return first === null ? null : { indicator: first.indicator, how: 'path' };
  }

  /** A process name as a part of a path. */
  filePathProcess(observed: unknown): Match | null {
    if (typeof observed !== 'string' || observed === '') return null;
    const [indicator] = this.processesInPath(observed);
    return indicator === undefined ? null : { indicator, how: 'equal' };
  }

  /** Every process indicator that is a part of a path, in load order (equal names beside the first of them). */
  processesInPath(path: string): Indicator[] {
    return [...new Set(path.split('/'))]
      .flatMap((part) => this.#processes.get(part) ?? [])
      .sort((a, b) => a.at - b.at)
      .flatMap(({ indicators }) => indicators);
  }

  fileHash(observed: unknown): Match | null {
    if (typeof observed !== 'string' || observed === '') return null;
    const type =
      observed.length === 32 ? 'files_md5' : observed.length === 40 ? 'files_sha1' : 'files_sha256';
    return this.#same(type, observed);
  }

  certificateHash(observed: unknown): Match | null {
    return this.#same('app_cert_hashes', observed);
  }

  appId(observed: unknown): Match | null {
    return this.#same('app_ids', observed);
  }

  /** The observed text as a part of the indicator: wide, and kept so. */
  profile(observed: unknown): Match | null {
    if (typeof observed !== 'string' || observed === '') return null;
    const indicator = this.#profiles.find(({ value }) => value.includes(observed));
    return indicator === undefined ? null : { indicator, how: 'equal' };
  }

  androidProperty(observed: unknown): Match | null {
    return this.#same('android_property_names', observed);
  }

  #same(
    type: Exclude<IndicatorType, 'domains' | 'urls'>,
    observed: unknown,
    how: How = 'equal',
  ): Match | null {
    if (typeof observed !== 'string' || observed === '') return null;
    const indicator = this.#equal[type].get(CASE_BLIND.has(type) ? observed.toLowerCase() : observed);
    return indicator === undefined ? null : { indicator, how };
  }
}

const CASE_BLIND: ReadonlySet<IndicatorType> = new Set([
  'emails',
  'files_md5',
  'files_sha1',
  'files_sha256',
  'app_cert_hashes',
  'app_ids',
  'android_property_names',
]);
