import { hashStep, type HostFilter } from './host-filter.ts';
import { ListedTops } from './listed-tops.ts';
import {
  beginsLink,
  endsScheme,
  endsWebScheme,
  isDefanging,
  isDigit,
  isHarmlessEscape,
  isLetter,
  isSlash,
  isTextSpace,
  isWideDot,
  KELVIN,
  LONG_S,
  MAX_RUN,
  startsAddress,
  type QuietLinks,
} from './quiet-links.ts';

const QUOTE = 34;
const PERCENT = 37;
const OPEN_ROUND = 40;
const HYPHEN = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const AT = 64;
const OPEN_SQUARE = 91;
const BACKSLASH = 92;
const UNDERSCORE = 95;
const OPEN_CURLY = 123;
const DELETE = 127;

const NOT_QUIET = -1;

const REST_END = 1;
const REST_ODD = 2;
/** From here on: what has to be looked at with its neighbours. */
const REST_COLON = 3;
const REST_PERCENT = 4;
const REST_EQUALS = 5;
const REST_BRACKET = 6;
/** What a unit of a path or query means; 0: nothing. */
const REST_KINDS = Uint8Array.from({ length: 256 }, (_, unit) => {
  if (unit === QUOTE) return REST_END;
  // Tabs and ends of lines are taken out of a link before it is read: a second one may stand around them.
  if (unit === BACKSLASH || unit < 32 || unit >= DELETE) return REST_ODD;
  if (unit === COLON) return REST_COLON;
  if (unit === PERCENT) return REST_PERCENT;
  if (unit === EQUALS) return REST_EQUALS;
  return unit === OPEN_SQUARE ? REST_BRACKET : 0;
});

const TEXT_NOTHING = 0;
const TEXT_SPACE = 1;
const TEXT_SPECIAL = 2;
/** From here on: parts of a run of host characters, and from the next on its borders. */
const TEXT_HOST = 3;
const TEXT_UNDERSCORE = 4;
const TEXT_HYPHEN = 5;
const TEXT_DOT = 6;
/** What a unit of a text means. */
const TEXT_KINDS = Uint8Array.from({ length: 256 }, (_, unit) => {
  if (unit === DOT) return TEXT_DOT;
  if (unit === HYPHEN) return TEXT_HYPHEN;
  if (unit === UNDERSCORE) return TEXT_UNDERSCORE;
  if (isDigit(unit) || (unit < 128 && isLetter(unit))) return TEXT_HOST;
  if (isTextSpace(unit)) return TEXT_SPACE;
  const special = [QUOTE, BACKSLASH, PERCENT, SLASH, COLON, AT, OPEN_ROUND, OPEN_SQUARE, OPEN_CURLY];
  return unit < 32 || unit >= DELETE || special.includes(unit) ? TEXT_SPECIAL : TEXT_NOTHING;
});

/**
 * `QuietLinks` over the bytes of a JSON string as it stands in the file, before anything is made of it: a large file is
 * nearly all such strings. It says so only where `QuietLinks` says it of the decoded string:
 * what has an unusual escape, a port, capitals or anything but ASCII in a link, is looked at the long way.
 */
export class QuietBytes {
  readonly #filter: HostFilter;
  readonly #wholeLengths: ReadonlySet<number>;
  readonly #hasAddresses: boolean;
  readonly #hasSingleLabels: boolean;
  readonly #tops = new ListedTops();
  /** Places in a run at which a host may end. */
  readonly #ends = new Uint16Array(MAX_RUN);
  /** Whether the last text had two slashes in a row, without which there is no link with a scheme in it. */
  sawScheme = false;

  constructor({ filter, wholeLengths, hasAddresses, hasSingleLabels }: QuietLinks) {
    this.#filter = filter;
    this.#wholeLengths = wholeLengths;
    this.#hasAddresses = hasAddresses;
    this.#hasSingleLabels = hasSingleLabels;
  }

  /**
   * The string that begins at `from`, behind its opening mark, as `QuietLinks.isQuiet` sees it. Gives the place of its
   * closing mark, or -1 where it is not quiet or does not end before `end`.
   */
  link(bytes: Uint8Array, from: number, end: number): number {
    // h t t p
    if (bytes[from] !== 104 || bytes[from + 1] !== 116 || bytes[from + 2] !== 116 || bytes[from + 3] !== 112)
      return NOT_QUIET;
    let start = from + 4;
    if (bytes[start] === 115) start += 1;
    if (bytes[start] !== COLON || bytes[start + 1] !== SLASH || bytes[start + 2] !== SLASH) return NOT_QUIET;
    start += 3;
    let at = start;
    let lastDot = -1;
    let letters = false;
    let unit = 0;
    for (; at < end; at += 1) {
      unit = bytes[at] ?? 0;
      if (unit >= 97 && unit <= 122) letters = true;
      else if (unit === DOT) lastDot = at;
      else if (unit === SLASH || unit === QUOTE) break;
      else if (unit === HYPHEN) {
        if (bytes[at - 1] === HYPHEN) return NOT_QUIET;
      } else if (unit < 48 || unit > 57) return NOT_QUIET;
    }
    const host = at;
    if (!letters || lastDot <= start || lastDot === host - 1) return NOT_QUIET;
    let hash = 0;
    for (let back = host - 1; back >= start; back -= 1) {
      const sign = bytes[back] ?? 0;
      if (sign === DOT && this.#filter.mayHold(hash)) return NOT_QUIET;
      hash = hashStep(hash, sign);
      // One mode takes a leading run of `w` off the host; for the other the whole host counts.
      if ((back === start || bytes[back - 1] === 119) && this.#filter.mayHold(hash)) return NOT_QUIET;
    }
    const close = this.#restOfLink(bytes, host, end);
    if (close === NOT_QUIET || this.#wholeLengths.has(close - from)) return NOT_QUIET;
    return this.#tops.hasBytes(bytes, lastDot + 1, host) ? close : NOT_QUIET;
  }

  /** Path and query, without a second link, an escape or anything but ASCII. */
  #restOfLink(bytes: Uint8Array, from: number, end: number): number {
    for (let at = from; at < end; at += 1) {
      const kind = REST_KINDS[bytes[at] ?? 0] ?? 0;
      if (kind === 0) continue;
      if (kind === REST_END) return at;
      if (kind === REST_ODD) return NOT_QUIET;
      if (!isHarmless(kind, bytes, at)) return NOT_QUIET;
    }
    return NOT_QUIET;
  }

  /** The same for `QuietLinks.isQuietText`. */
  text(bytes: Uint8Array, from: number, end: number): number {
    /** Inside a run without spaces that holds `:/`, two slashes, or a scheme that needs none. */
    let inLink = false;
    this.sawScheme = false;
    for (let at = from; at < end; at += 1) {
      let kind = TEXT_KINDS[bytes[at] ?? 0] ?? 0;
      if (kind >= TEXT_HOST) {
        const run = at;
        let dots = inLink && this.#hasSingleLabels;
        let inName = false;
        do {
          if (kind === TEXT_DOT) dots = inName = true;
          // Mixed case too: the long way tells them apart.
          else if (kind === TEXT_HYPHEN && bytes[at - 1] === HYPHEN && ((bytes[at - 2] ?? 0) | 32) === 110)
            return NOT_QUIET;
          at += 1;
          kind = TEXT_KINDS[bytes[at] ?? 0] ?? 0;
        } while (kind >= TEXT_HOST && at < end);
        if (at >= end || (dots && !this.#isQuietRun(bytes, run, at))) return NOT_QUIET;
        if (inName && bytes[at] === COLON && isSlash(bytes[at + 1] ?? 0)) return NOT_QUIET;
      }
      if (kind === TEXT_NOTHING) continue;
      if (kind === TEXT_SPACE) {
        inLink = false;
        continue;
      }
      const unit = bytes[at] ?? 0;
      if (unit === QUOTE) return at;
      const behind =
        unit === BACKSLASH ? this.#escape(bytes, at, end, inLink) : this.#special(bytes, at, inLink);
      if (behind === NOT_QUIET) return NOT_QUIET;
      // A line ends a link; two slashes begin one.
      if (unit === BACKSLASH && isLineEscape(bytes[at + 1] ?? 0)) inLink = false;
      if (unit === SLASH && beginsLink(bytes[at - 1] ?? 0)) {
        this.sawScheme ||= bytes[at - 1] === SLASH;
        inLink = true;
      } else if (unit === COLON && isWebScheme(bytes, at)) inLink = true;
      at = behind - 1;
    }
    return NOT_QUIET;
  }

  /** Behind an escape; of those beyond ASCII none may stand in a link, and a `\\` may be a slash of one. */
  #escape(bytes: Uint8Array, at: number, end: number, inLink: boolean): number {
    const escape = bytes[at + 1] ?? 0;
    if (escape === 117) {
      const length = wideEscape(bytes, at, end);
      return length === 0 || inLink ? NOT_QUIET : at + length;
    }
    return isLineEscape(escape) || escape === QUOTE ? at + 2 : NOT_QUIET;
  }

  /** Behind a unit that can begin a link or hide in one. */
  #special(bytes: Uint8Array, at: number, inLink: boolean): number {
    const unit = bytes[at] ?? 0;
    const next = bytes[at + 1] ?? 0;
    if (unit === PERCENT || unit < 32) return NOT_QUIET;
    if (unit >= DELETE) return inLink || isMeantLetter(bytes, at) ? NOT_QUIET : at + 1;
    if (unit === SLASH || unit === AT || unit === COLON) {
      const opens =
        unit === AT ? inLink : unit === SLASH ? beginsLink(bytes[at - 1] ?? 0) : isWebScheme(bytes, at);
      return opens && this.#hasAddresses && mayStartAddress(next) ? NOT_QUIET : at + 1;
    }
    // A bracket.
    return inLink || next === BACKSLASH || isDefanging(next) ? NOT_QUIET : at + 1;
  }

  /** As in `QuietLinks`: no stretch of the run, from a border to a border, can be an indicator. */
  #isQuietRun(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from > MAX_RUN) return false;
    const ends = this.#ends;
    let count = 0;
    let firstDot = from;
    let last = to;
    while (last > from && TEXT_KINDS[bytes[last - 1] ?? 0] !== TEXT_HOST) last -= 1;
    let hash = 0;
    for (let at = to - 1; at >= from; at -= 1) {
      const unit = bytes[at] ?? 0;
      if (TEXT_KINDS[unit] !== TEXT_HOST) {
        if (this.#filter.mayHold(hash)) return false;
        if (unit === DOT) firstDot = at;
        // Inside the run a host can only end where a name of letters ends, with a dot before it.
        if (at > from && (at === last || isLetter(bytes[at - 1] ?? 0))) {
          ends[count] = at - from;
          count += 1;
        }
      }
      hash = hashStep(hash, unit >= 65 && unit <= 90 ? unit + 32 : unit);
    }
    if (this.#filter.mayHold(hash)) return false;
    for (let place = 0; place < count; place += 1) {
      const end = from + (ends[place] ?? 0);
      const mayEnd = end > firstDot || this.#hasSingleLabels;
      if (mayEnd && !this.#isQuietEnd(bytes, from, end)) return false;
    }
    return true;
  }

  #isQuietEnd(bytes: Uint8Array, from: number, end: number): boolean {
    let hash = 0;
    for (let at = end - 1; at >= from; at -= 1) {
      const unit = bytes[at] ?? 0;
      if (TEXT_KINDS[unit] !== TEXT_HOST && this.#filter.mayHold(hash)) return false;
      hash = hashStep(hash, unit >= 65 && unit <= 90 ? unit + 32 : unit);
    }
    return !this.#filter.mayHold(hash);
  }
}

/** As in `isPlainRest`: whether no second link can begin at a unit of a path or query. */
const isHarmless = (kind: number, bytes: Uint8Array, at: number): boolean => {
  const next = bytes[at + 1] ?? 0;
  if (kind === REST_COLON) return !endsScheme(bytes[at - 1] ?? 0);
  if (kind === REST_PERCENT) return isHarmlessEscape(next, bytes[at + 2] ?? 0);
  if (kind === REST_EQUALS) return !(isSlash(next) && isSlash(bytes[at + 2] ?? 0));
  return !isDefanging(next);
};

const isLineEscape = (unit: number): boolean => unit === 110 || unit === 116 || unit === 114;

const isWebScheme = (bytes: Uint8Array, colon: number): boolean =>
  endsWebScheme(bytes[colon - 1] ?? 0, bytes[colon - 2] ?? 0, bytes[colon - 4] ?? 0, bytes[colon - 5] ?? 0);

/** A backslash is the beginning of an escape. */
const mayStartAddress = (unit: number): boolean => unit === BACKSLASH || startsAddress(unit);

const hexDigit = (unit: number): number => {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const lower = unit | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

/** Four digits of `\uXXXX` at `at`, or -1. */
const escapedUnit = (bytes: Uint8Array, at: number, end: number): number => {
  if (at + 6 > end || bytes[at] !== BACKSLASH || bytes[at + 1] !== 117) return -1;
  let value = 0;
  for (let place = at + 2; place < at + 6; place += 1) {
    const digit = hexDigit(bytes[place] ?? 0);
    if (digit === -1) return -1;
    value = value * 16 + digit;
  }
  return value;
};

/** Whether a sign beyond ASCII begins here that a host may hold: letters that count as `s` and `k`, and full stops. */
const isMeantLetter = (bytes: Uint8Array, at: number): boolean =>
  (bytes[at] === 0xc5 && bytes[at + 1] === 0xbf) ||
  (bytes[at] === 0xe2 && bytes[at + 1] === 0x84 && bytes[at + 2] === 0xaa) ||
  (bytes[at] === 0xe3 && bytes[at + 1] === 0x80 && bytes[at + 2] === 0x82) ||
  (bytes[at] === 0xef && bytes[at + 1] === 0xbc && bytes[at + 2] === 0x8e) ||
  (bytes[at] === 0xef && bytes[at + 1] === 0xbd && bytes[at + 2] === 0xa1);

/** Length of an escape (or of two that are one character) beyond ASCII; 0 for any other, and for half a character. */
const wideEscape = (bytes: Uint8Array, at: number, end: number): number => {
  const unit = escapedUnit(bytes, at, end);
  if (
    unit < 128 ||
    unit === LONG_S ||
    unit === KELVIN ||
    isWideDot(unit) ||
    (unit >= 0xdc00 && unit <= 0xdfff)
  )
    return 0;
  if (unit < 0xd800 || unit > 0xdbff) return 6;
  const second = escapedUnit(bytes, at + 6, end);
  return second >= 0xdc00 && second <= 0xdfff ? 12 : 0;
};
