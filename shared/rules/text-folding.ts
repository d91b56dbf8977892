/**
 * One folding for every search of the application. Two spellings that a reader would take for the same
 * word must fold to the same characters: accents, case, ligatures, full-width and mathematical letters,
 * look-alikes of other alphabets, digits of other scripts, invisible marks, kinds of space and dash, and
 * words broken at a line end. The folded text keeps a map back to the original offsets, because what is
 * found in the folded text has to be covered in the original.
 */
export interface FoldedText {
  readonly text: string;
  /** For each folded UTF-16 unit: where its original character starts. */
  readonly starts: Uint32Array;
  /** For each folded UTF-16 unit: where its original character ends, invisible marks behind it included. */
  readonly ends: Uint32Array;
}

/** Letters that NFKD does not take apart but that readers and recognisers take for Latin ones. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  // Cyrillic
  а: 'a',
  в: 'b',
  е: 'e',
  ѕ: 's',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  һ: 'h',
  ь: 'b',
  ү: 'y',
  ӏ: 'l',
  ѵ: 'v',
  г: 'r',
  п: 'n',
  ѡ: 'w',
  // Greek
  α: 'a',
  β: 'b',
  γ: 'y',
  ε: 'e',
  ζ: 'z',
  η: 'n',
  ι: 'i',
  κ: 'k',
  μ: 'm',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  ς: 's',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ω: 'w',
  ϲ: 'c',
  ϳ: 'j',
  // Latin letters without a decomposition
  ı: 'i',
  ȷ: 'j',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ħ: 'h',
  ŧ: 't',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ð: 'd',
  þ: 'th',
  ŋ: 'n',
  ĸ: 'k',
  ɑ: 'a',
  ɡ: 'g',
  ɩ: 'i',
  ɪ: 'i',
  ɴ: 'n',
  ʀ: 'r',
  ʏ: 'y',
  ᴀ: 'a',
  ʙ: 'b',
  ᴄ: 'c',
  ᴅ: 'd',
  ᴇ: 'e',
  ꜰ: 'f',
  ɢ: 'g',
  ʜ: 'h',
  ᴊ: 'j',
  ᴋ: 'k',
  ʟ: 'l',
  ᴍ: 'm',
  ᴏ: 'o',
  ᴘ: 'p',
  ꜱ: 's',
  ᴛ: 't',
  ᴜ: 'u',
  ᴠ: 'v',
  ᴡ: 'w',
  ᴢ: 'z',
  // Armenian and Cherokee letters seen in spoofed text
  օ: 'o',
  ս: 'u',
  ո: 'n',
  հ: 'h',
  զ: 'q',
  // quotes and the like
  '’': "'",
  '‘': "'",
  '‛': "'",
  ʼ: "'",
  '´': "'",
  '`': "'",
  '′': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '″': '"',
  '«': '"',
  '»': '"',
  '＠': '@',
  '。': '.',
  '⁄': '/',
  '∕': '/',
};

const MARKS = /\p{M}/gu;
const DASH = /^[\p{Pd}\u2212\u2043\u02D7]$/u;
const SPACE = /^[\s\p{Z}\u2800\u3164\uFFA0\u115F\u1160]$/u;
/** Format characters: soft hyphen, zero-width, bidi, byte-order mark, variation selectors, tags, fillers. */
const INVISIBLE = /^[\p{Cf}\p{M}\u180B-\u180F\u17B4\u17B5\u034F]$/u;
const DIGIT = /^\p{Nd}$/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]$/u;
const LINE_BREAKS: ReadonlySet<number> = new Set([0x0a, 0x0b, 0x0c, 0x0d, 0x85, 0x2028, 0x2029]);
const SOFT_HYPHEN = 0xad;

const digitValue = (codePoint: number): string => {
  let start = codePoint;
  while (DIGIT.test(String.fromCodePoint(start - 1))) start -= 1;
  return String((codePoint - start) % 10);
};

const foldOnce = (character: string): string => {
  let folded = '';
  for (const part of character.normalize('NFKD').replace(MARKS, '').toLowerCase()) {
    const code = part.codePointAt(0) ?? 0;
    if (SPACE.test(part)) folded += ' ';
    else if (INVISIBLE.test(part)) continue;
    else if (DASH.test(part)) folded += '-';
    else if (code > 0x7f && DIGIT.test(part)) folded += digitValue(code);
    else folded += LOOK_ALIKES[part] ?? part;
  }
  return folded;
};

/** Repeats until nothing changes, so that folding folded text is the identity. */
const foldCharacter = (character: string): string => {
  let previous = character;
  let current = foldOnce(character);
  for (let round = 0; round < 6 && current !== previous; round += 1) {
    previous = current;
    current = Array.from(current, foldOnce).join('');
  }
  return current;
};

const cache = new Map<number, string>();
const ASCII: string[] = Array.from({ length: 128 }, (_, code) => foldCharacter(String.fromCharCode(code)));

const foldCodePoint = (code: number): string => {
  if (code < 128) return ASCII[code] ?? '';
  const known = cache.get(code);
  if (known !== undefined) return known;
  // Lone surrogates have no meaning in any encoding; they are dropped like other invisible marks.
  const folded = code >= 0xd800 && code <= 0xdfff ? '' : foldCharacter(String.fromCodePoint(code));
  cache.set(code, folded);
  return folded;
};

const isWordUnit = (unit: number): boolean =>
  (unit >= 97 && unit <= 122) ||
  (unit >= 48 && unit <= 57) ||
  (unit > 127 && (isSurrogate(unit) || LETTER_OR_DIGIT.test(String.fromCharCode(unit))));

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** Whether a unit of folded text belongs to a word: a letter or a digit. */
export const isWordCharacter = (folded: string, index: number): boolean =>
  index >= 0 && index < folded.length && isWordUnit(folded.charCodeAt(index));

class Builder {
  units: Uint16Array;
  starts: Uint32Array;
  ends: Uint32Array;
  length = 0;

  constructor(capacity: number) {
    const size = Math.max(16, capacity);
    this.units = new Uint16Array(size);
    this.starts = new Uint32Array(size);
    this.ends = new Uint32Array(size);
  }

  push(unit: number, start: number, end: number): void {
    if (this.length === this.units.length) this.grow();
    this.units[this.length] = unit;
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.length += 1;
  }

  private grow(): void {
    const size = this.units.length * 2;
    const units = new Uint16Array(size);
    units.set(this.units);
    this.units = units;
    const starts = new Uint32Array(size);
    starts.set(this.starts);
    this.starts = starts;
    const ends = new Uint32Array(size);
    ends.set(this.ends);
    this.ends = ends;
  }

  finish(): FoldedText {
    let text = '';
    for (let from = 0; from < this.length; from += 8192) {
      text += String.fromCharCode(...this.units.subarray(from, Math.min(this.length, from + 8192)));
    }
    return { text, starts: this.starts.slice(0, this.length), ends: this.ends.slice(0, this.length) };
  }
}

/**
 * Folds text for comparison. Runs of space become one space; a dash (or soft hyphen) between a letter, a
 * line end and another letter is a broken word and disappears. Punctuation stays.
 */
export const foldText = (original: string): FoldedText => {
  const out = new Builder(original.length);
  let space: { start: number; end: number; line: boolean; softHyphen: boolean } | null = null;
  let softHyphenAt = -1;
  let index = 0;
  const put = (unit: number, start: number, end: number): void => {
    if (space !== null) {
      const brokenWord = space.line && isWordUnit(unit) && joins(out, space.softHyphen);
      if (!brokenWord) out.push(32, space.start, space.end);
      space = null;
    }
    out.push(unit, start, end);
  };
  while (index < original.length) {
    const code = original.codePointAt(index) ?? 0;
    const next = index + (code > 0xffff ? 2 : 1);
    const folded = foldCodePoint(code);
    if (folded === '') {
      if (code === SOFT_HYPHEN) softHyphenAt = next;
      else if (softHyphenAt === index) softHyphenAt = next;
      if (space === null && out.length > 0) out.ends[out.length - 1] = next;
      index = next;
      continue;
    }
    for (let at = 0; at < folded.length; at += 1) {
      const unit = folded.charCodeAt(at);
      if (unit !== 32) {
        put(unit, index, next);
        continue;
      }
      const line = LINE_BREAKS.has(code);
      if (space === null) space = { start: index, end: next, line, softHyphen: softHyphenAt === index };
      else {
        space.end = next;
        space.line ||= line;
      }
    }
    index = next;
  }
  if (space !== null) out.push(32, space.start, space.end);
  return out.finish();
};

/** Decides whether the text so far ends in a broken word, and takes its dash away. */
const joins = (out: Builder, softHyphen: boolean): boolean => {
  const last = out.units[out.length - 1];
  if (softHyphen) return last !== undefined && isWordUnit(last);
  if (last !== 45) return false;
  const before = out.units[out.length - 2];
  if (before === undefined || !isWordUnit(before) || (before >= 48 && before <= 57)) return false;
  out.length -= 1;
  return true;
};

/** The folded text without its map, spaces at both ends removed. Idempotent. */
export const foldKey = (original: string): string => foldText(original).text.trim();

/**
 * Letters and digits only, from a folded text: finds a value whatever stands between its characters
 * (`M a r i s o l`, `000-555.01 27`, `GUERRERO LUNA, Rosario`).
 */
export const compactText = (folded: FoldedText): FoldedText & { readonly folded: Uint32Array } => {
  const { text } = folded;
  const units = new Uint16Array(text.length);
  const at = new Uint32Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (!isWordUnit(unit)) continue;
    units[length] = unit;
    at[length] = index;
    length += 1;
  }
  let compact = '';
  for (let from = 0; from < length; from += 8192) {
    compact += String.fromCharCode(...units.subarray(from, Math.min(length, from + 8192)));
  }
  const positions = at.slice(0, length);
  return {
    text: compact,
    starts: Uint32Array.from(positions, (position) => folded.starts[position] ?? 0),
    ends: Uint32Array.from(positions, (position) => folded.ends[position] ?? 0),
    folded: positions,
  };
};

/** Letters and digits of a value, folded; two values with one compact key are the same to the search. */
export const compactKey = (original: string): string => compactText(foldText(original)).text;

/** Words (runs of letters and digits) of a value, folded, in order. */
export const foldWords = (original: string): string[] =>
  foldText(original).text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** The stretch of the original that folded units `from` (included) to `to` (excluded) came from. */
export const originalSpan = (
  folded: FoldedText,
  from: number,
  to: number,
): { start: number; end: number } => ({
  start: folded.starts[from] ?? 0,
  end: folded.ends[to - 1] ?? folded.starts[from] ?? 0,
});
