import { hashStep, HostFilter } from './host-filter.ts';
import { ListedTops } from './listed-tops.ts';

const DOT = 46;
const HYPHEN = 45;
const SLASH = 47;
const COLON = 58;
const QUESTION = 63;
const HASH = 35;
const LOWER_W = 119;
const AT = 64;
const PERCENT = 37;
const UNDERSCORE = 95;
const OPEN_ROUND = 40;
const OPEN_SQUARE = 91;
const OPEN_CURLY = 123;
const BACKSLASH = 92;

/** Letters beyond ASCII that count as `s` and `k` where case does not matter, so that a host may hold them. */
export const LONG_S = 0x17f;
export const KELVIN = 0x212a;

/** Full stops beyond ASCII: a host in a text may be written with them. */
export const isWideDot = (unit: number): boolean => unit === 0x3002 || unit === 0xff0e || unit === 0xff61;

export const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;
const isLower = (unit: number): boolean => unit >= 97 && unit <= 122;
export const isLetter = (unit: number): boolean => (unit | 32) >= 97 && (unit | 32) <= 122;
const isUpper = (unit: number): boolean => unit >= 65 && unit <= 90;
/** Spaces of ASCII that end a link in a text. */
export const isTextSpace = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13);
/** Second characters of the usual ways to make a link harmless: `[.]`, `(dot)`, `[:]`, `[/]`, `[at]`, `[@]`. */
export const isDefanging = (unit: number): boolean =>
  unit === DOT ||
  unit === SLASH ||
  unit === COLON ||
  unit === AT ||
  unit === 100 ||
  unit === 68 ||
  unit === 97 ||
  unit === 65;

/** 1: part of a run of host characters; 2: a dot in one; 0: its end. */
const HOST_KINDS = Uint8Array.from({ length: 128 }, (_, unit) =>
  unit === DOT
    ? 2
    : isLower(unit) || isUpper(unit) || isDigit(unit) || unit === HYPHEN || unit === UNDERSCORE
      ? 1
      : 0,
);

/**
 * The quick no for both modes at once. Nearly every link of a phone, and nearly every message with one, matches
 * nothing; this says so after one pass, without making a string. It errs only towards "look closer".
 */
export class QuietLinks {
  readonly filter: HostFilter;
  /** Lengths of the indicators that are compared as they stand. */
  readonly wholeLengths: ReadonlySet<number>;
  readonly hasAddresses: boolean;
  /** Whether any host has no dot in it: then each name in a link of a text counts. */
  readonly hasSingleLabels: boolean;
  readonly #tops = new ListedTops();
  #last = '';

  /**
   * @param hosts hosts of all indicators of both modes, and of link shorteners. @param wholeLinks indicators that are
   *   compared as they stand. @param hasAddresses whether any indicator is an address, a range of them, or a link to one.
   */
  constructor(hosts: Iterable<string>, wholeLinks: Iterable<string>, hasAddresses: boolean) {
    const all = [...hosts];
    this.filter = new HostFilter(all);
    this.hasSingleLabels = all.some((host) => !host.includes('.') && !host.includes(':'));
    this.wholeLengths = new Set([...wholeLinks].map((link) => link.length));
    this.hasAddresses = hasAddresses;
  }

  /**
   * Whether neither mode can say anything about a link: of the usual form, its top level listed, no end of its host an
   * indicator or a shortener, no second link inside.
   */
  isQuiet(url: string): boolean {
    if (url === this.#last) return true;
    const start = url.startsWith('https://') ? 8 : url.startsWith('http://') ? 7 : -1;
    if (start === -1 || this.wholeLengths.has(url.length)) return false;
    let end = start;
    let lastDot = -1;
    let letters = false;
    let unit = 0;
    for (; end < url.length; end += 1) {
      unit = url.charCodeAt(end);
      if (isLower(unit) || isUpper(unit)) letters = true;
      else if (unit === DOT) lastDot = end;
      else if (unit === SLASH || unit === QUESTION || unit === HASH || unit === COLON) break;
      else if (unit === HYPHEN) {
        // A host in another script is written with two of them.
        if (url.charCodeAt(end - 1) === HYPHEN) return false;
      } else if (!isDigit(unit)) return false;
    }
    if (!letters || lastDot <= start || lastDot === end - 1) return false;
    if (this.#mayEndHost(url, start, end)) return false;
    let behind = end;
    if (end < url.length && unit === COLON) {
      behind = portEnd(url, end + 1);
      // One mode compares the host together with its port.
      if (behind === -1 || this.#mayEndHost(url, start, behind)) return false;
    }
    if (!isPlainRest(url, behind) || !this.#tops.hasText(url, lastDot + 1, end)) return false;
    this.#last = url;
    return true;
  }

  /** Whether any end of the host, from a dot or from its beginning, may be an indicator or a shortener. */
  #mayEndHost(url: string, start: number, end: number): boolean {
    let hash = 0;
    for (let at = end - 1; at >= start; at -= 1) {
      const unit = url.charCodeAt(at);
      if (unit === DOT && this.filter.mayHold(hash)) return true;
      hash = hashStep(hash, isUpper(unit) ? unit + 32 : unit);
      // One mode takes a leading run of `w` off the host; for the other the whole host counts.
      if ((at === start || (url.charCodeAt(at - 1) | 32) === LOWER_W) && this.filter.mayHold(hash))
        return true;
    }
    return false;
  }

  /** Whether no link that a person or the strict mode would see in a text can match anything. */
  isQuietText(text: string): boolean {
    let from = -1;
    let dots = 0;
    /** Inside a run without spaces that holds `:/`, two slashes, or a scheme that needs none. */
    let inLink = false;
    for (let at = 0; at <= text.length; at += 1) {
      const unit = at === text.length ? 32 : text.charCodeAt(at);
      const kind = unit < 128 ? (HOST_KINDS[unit] ?? 0) : 0;
      if (kind !== 0) {
        if (from === -1) from = at;
        dots += kind - 1;
        continue;
      }
      if (from !== -1) {
        if ((dots > 0 || (inLink && this.hasSingleLabels)) && !this.#isQuietRun(text, from, at)) return false;
        // A name may end where the scheme behind it begins, without a border between them.
        if (dots > 0 && unit === COLON && isSlash(text.charCodeAt(at + 1))) return false;
        from = -1;
        dots = 0;
      }
      if (unit === PERCENT) return false;
      if (unit > 126) {
        if (inLink || unit === LONG_S || unit === KELVIN || isWideDot(unit)) return false;
        continue;
      }
      if (unit === 32) inLink = false;
      else if (unit < 32) {
        // Other control characters than those end no link.
        if (isTextSpace(unit)) inLink = false;
        else if (inLink) return false;
      } else if (isSlash(unit) && beginsLink(text.charCodeAt(at - 1))) {
        inLink = true;
        if (this.hasAddresses && startsAddress(text.charCodeAt(at + 1))) return false;
      } else if (unit === COLON) {
        // The path of a bare name may hold a link that is a scheme and a host without slashes.
        if (!isWebScheme(text, at)) continue;
        inLink = true;
        if (this.hasAddresses && startsAddress(text.charCodeAt(at + 1))) return false;
      } else if (inLink && unit === AT) {
        if (this.hasAddresses && startsAddress(text.charCodeAt(at + 1))) return false;
      } else if (unit === OPEN_SQUARE || unit === OPEN_ROUND || unit === OPEN_CURLY) {
        if (inLink || isDefanging(text.charCodeAt(at + 1))) return false;
      }
    }
    return !(text.includes('--') && /xn--/iu.test(text));
  }

  /**
   * Whether no stretch of a run of host characters, from a border to a border, can be an indicator. Borders are dots,
   * hyphens and underscores: a loose search may begin and end at any of them. Dots and the like at the end of the run are
   * those of a sentence.
   */
  #isQuietRun(text: string, from: number, to: number): boolean {
    const firstDot = this.hasSingleLabels ? from : text.indexOf('.', from);
    let last = to;
    while (last > from && isBorder(text.charCodeAt(last - 1))) last -= 1;
    for (let end = to; end > from; end -= 1) {
      // Inside the run a host can only end where a name of letters ends, with a dot before it.
      const isNameEnd =
        end > firstDot && isBorder(text.charCodeAt(end)) && isLetter(text.charCodeAt(end - 1));
      if (end !== to && end !== last && !isNameEnd) continue;
      let hash = 0;
      for (let at = end - 1; at >= from; at -= 1) {
        const unit = text.charCodeAt(at);
        if (isBorder(unit) && this.filter.mayHold(hash)) return false;
        hash = hashStep(hash, isUpper(unit) ? unit + 32 : unit);
      }
      if (this.filter.mayHold(hash)) return false;
      // Paths and long names: what is beyond all hosts would cost the square of its length.
      if (to - from > MAX_RUN) return false;
    }
    return true;
  }
}

/**
 * Whether an address in one of its many forms may begin here, where the host of a link does: a digit or a bracket, or a
 * sign that is not read as a part of it.
 */
export const startsAddress = (unit: number): boolean =>
  isDigit(unit) ||
  (unit > 32 && unit < HIGHEST_ASCII && !isLetter(unit) && !isBorder(unit) && !isSlash(unit));

/** Whether a slash behind this unit is one before the host of a link. */
export const beginsLink = (unit: number): boolean => unit === COLON || isSlash(unit);

/** Host names are at most 253 characters. */
export const MAX_RUN = 512;

const isBorder = (unit: number): boolean => unit === DOT || unit === HYPHEN || unit === UNDERSCORE;

/** Behind a port of one to five digits, where the host ends with it; else -1. */
function portEnd(url: string, from: number): number {
  let at = from;
  while (at < url.length && isDigit(url.charCodeAt(at))) at += 1;
  if (at === from || at - from > 5) return -1;
  const unit = at === url.length ? SLASH : url.charCodeAt(at);
  return unit === SLASH || unit === QUESTION || unit === HASH ? at : -1;
}

const DIGIT_2 = 50;
const DIGIT_5 = 53;
const DIGIT_8 = 56;
const LOWER_F = 102;
const LOWER_P = 112;
const LOWER_S = 115;
const HIGHEST_ASCII = 127;

export const isSlash = (unit: number): boolean => unit === SLASH || unit === BACKSLASH;

const LOWER_H = 104;

/**
 * Whether a colon behind these units ends one of the schemes that need no slashes inside a link, made harmless or not:
 * `h`, any two signs, `p` and perhaps `s`. Takes the units at these places before the colon.
 */
export function endsWebScheme(last: number, second: number, fourth: number, fifth: number): boolean {
  if ((last | 32) === LOWER_P) return (fourth | 32) === LOWER_H;
  return (last | 32) === LOWER_S && (second | 32) === LOWER_P && (fifth | 32) === LOWER_H;
}

const isWebScheme = (text: string, colon: number): boolean =>
  endsWebScheme(
    text.charCodeAt(colon - 1),
    text.charCodeAt(colon - 2),
    text.charCodeAt(colon - 4),
    text.charCodeAt(colon - 5),
  );

/** Whether a colon behind this unit can end a scheme that a link is known by: all of them end in `p` or `s`. */
export const endsScheme = (unit: number): boolean =>
  (unit | 32) === LOWER_P || (unit | 32) === LOWER_S || unit > HIGHEST_ASCII;

/**
 * Whether an escape of these two signs leaves nothing that a link can begin with, nor a part of another escape: signs
 * beyond ASCII, and those between space and full stop apart from `%`.
 */
export function isHarmlessEscape(high: number, low: number): boolean {
  const lower = low | 32;
  if (!(isDigit(low) || (lower >= 97 && lower <= LOWER_F))) return false;
  if (high === DIGIT_2) return low !== DIGIT_5 && lower !== LOWER_F;
  const letter = high | 32;
  return (high >= DIGIT_8 && high <= 57) || (letter >= 97 && letter <= LOWER_F);
}

/**
 * Whether no second link can begin behind the host, in whatever notation: a scheme and its colon, or two slashes as a
 * value; in clear, or behind percent signs, however often. Tabs and ends of lines are taken out of a link before it is
 * read, so that what stands on both sides of one may be its scheme. Most links have none of these signs.
 */
export function isPlainRest(url: string, from: number): boolean {
  if (url.indexOf('\n', from) !== -1 || url.indexOf('\t', from) !== -1 || url.indexOf('\r', from) !== -1)
    return false;
  for (let at = url.indexOf(':', from); at !== -1; at = url.indexOf(':', at + 1))
    if (endsScheme(url.charCodeAt(at - 1))) return false;
  for (let at = url.indexOf('%', from); at !== -1; at = url.indexOf('%', at + 1))
    if (!isHarmlessEscape(url.charCodeAt(at + 1), url.charCodeAt(at + 2))) return false;
  for (let at = url.indexOf('[', from); at !== -1; at = url.indexOf('[', at + 1))
    if (isDefanging(url.charCodeAt(at + 1))) return false;
  for (let at = url.indexOf('=/', from); at !== -1; at = url.indexOf('=/', at + 1))
    if (isSlash(url.charCodeAt(at + 2))) return false;
  // Rare enough in links to look at all of them the long way.
  return url.indexOf('\\', from) === -1;
}
