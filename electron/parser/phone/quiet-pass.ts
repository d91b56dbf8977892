import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  DIGIT_0,
  DIGIT_9,
  isSpace,
  LETTER_F,
  MINUS,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './byte-cursor.ts';
import type { QuietLook } from './quiet-look.ts';
import { MAX_DEPTH } from './value-cursor.ts';
import type { KnownKey, Wanted } from './wanted.ts';

const NOT_QUIET = -1;
/** Fields of a record whose places are remembered. */
const MAX_PLACES = 256;

const POINT = 46;
/** `null`, `true` and the last four of `false`, as numbers of four bytes. */
const [NULL, TRUE, ALSE] = ['null', 'true', 'alse'].map((word) => Buffer.from(word).readInt32LE(0));
/** Whole numbers of fewer digits are never beyond 2^53, those of more always; longer ones are read the long way. */
const SAFE_DIGITS = 16;
const MAX_DIGITS = 38;

/** Four equal bytes in one number, and what the search for one of them needs. */
const FOUR = 0x01010101;
const FOUR_QUOTES = QUOTE * FOUR;
const FOUR_BACKSLASHES = BACKSLASH * FOUR;
const FOUR_TOPS = 0x80808080;

/**
 * Passes over records of which nothing can be said, as bytes, as many in a row as there are: most of a large file. What
 * stands before each value (a comma, spaces, the key, a colon) is nearly always what stood there in the record before,
 * and is compared with it four bytes at a time. Whatever is unusual, odd or broken is not passed over: reading it the
 * long way decides.
 */
export class QuietPass {
  readonly #wanted: Wanted;
  readonly #look: QuietLook;
  /** Of the last call: records that were passed over, and whole numbers beyond 2^53 in them. */
  passed = 0;
  large = 0;
  #buffer: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #end = 0;
  #largeHere = 0;

  constructor(wanted: Wanted, look: QuietLook) {
    this.#wanted = wanted;
    this.#look = look;
  }

  /**
   * Begins at `{`. Gives the place behind the last record that was passed over, which is `at` where there was none.
   *
   * @param inList whether the next record follows behind a comma; else one is passed over at most.
   */
  run(buffer: Buffer, at: number, end: number, inList: boolean): number {
    this.passed = 0;
    this.large = 0;
    this.#end = end;
    if (this.#buffer !== buffer) {
      this.#buffer = buffer;
      this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    }
    let behind = at;
    let next = at;
    while (next < end && buffer[next] === OPEN_OBJECT) {
      this.#largeHere = 0;
      const close = this.#record(next + 1);
      if (close === NOT_QUIET) break;
      this.passed += 1;
      this.large += this.#largeHere;
      behind = close;
      if (!inList) break;
      next = this.#spaces(behind);
      if (next >= end || buffer[next] !== COMMA) break;
      next = this.#spaces(next + 1);
    }
    return behind;
  }

  #spaces(from: number): number {
    const buffer = this.#buffer;
    const end = this.#end;
    let at = from;
    while (at < end && isSpace(buffer[at] ?? 0)) at += 1;
    return at;
  }

  /** One record, from behind its bracket to behind the closing one. */
  #record(from: number): number {
    const buffer = this.#buffer;
    const end = this.#end;
    const look = this.#look;
    const { order } = this.#wanted;
    look.begin();
    let at = from;
    for (let place = 0; place < MAX_PLACES; place += 1) {
      let key = order[place];
      let value = key === undefined ? NOT_QUIET : this.#behindLead(key, at);
      if (value === NOT_QUIET) {
        value = this.#newLead(at, place);
        key = order[place];
      }
      if (value === NOT_QUIET || key === undefined) return NOT_QUIET;
      if (key.look === null || look.isScalarAside(key.look, buffer[value] ?? 0)) at = this.#value(value);
      else at = look.value(key.look, buffer, value, end);
      if (at === NOT_QUIET) return NOT_QUIET;
      let unit = at < end ? buffer[at] : 0;
      if (unit !== COMMA) {
        at = this.#spaces(at);
        if (at >= end) return NOT_QUIET;
        unit = buffer[at];
        if (unit === CLOSE_OBJECT) return look.isQuiet ? at + 1 : NOT_QUIET;
        if (unit !== COMMA) return NOT_QUIET;
      }
      at += 1;
    }
    return NOT_QUIET;
  }

  /** Beginning of the value where what stands before it is what stood there last. */
  #behindLead(key: KnownKey, at: number): number {
    const { lead } = key;
    // One unit of the value has to be in sight.
    if (lead === null || at + lead.length >= this.#end) return NOT_QUIET;
    const { words, length } = lead;
    const view = this.#view;
    const last = words.length - 1;
    for (let word = 0, place = at; word < last; word += 1, place += 4)
      if (view.getInt32(place, true) !== words[word]) return NOT_QUIET;
    return view.getInt32(at + length - 4, true) === words[last] ? at + length : NOT_QUIET;
  }

  /** The same where it is not, or was not noted yet: a key with nothing unusual in it, noted for the next record. */
  #newLead(from: number, place: number): number {
    const buffer = this.#buffer;
    const end = this.#end;
    const open = this.#spaces(from);
    if (open >= end || buffer[open] !== QUOTE) return NOT_QUIET;
    let close = open + 1;
    for (; ; close += 1) {
      if (close >= end) return NOT_QUIET;
      const unit = buffer[close] ?? 0;
      if (unit === QUOTE) break;
      if (unit === BACKSLASH || unit > 126 || unit < 32) return NOT_QUIET;
    }
    const colon = this.#spaces(close + 1);
    if (colon >= end || buffer[colon] !== COLON) return NOT_QUIET;
    const value = this.#spaces(colon + 1);
    if (value >= end) return NOT_QUIET;
    const { order } = this.#wanted;
    let key = order[place];
    if (key?.bytes.equals(buffer.subarray(open + 1, close)) !== true) {
      const bytes = Buffer.from(buffer.subarray(open + 1, close));
      key = this.#wanted.key(bytes, bytes.toString('latin1'));
      order[place] = key;
    }
    key.lead = leadOf(buffer, from, value);
    return value;
  }

  /** Behind a value that is only aside. Numbers that have to be counted are counted. */
  #value(from: number): number {
    const buffer = this.#buffer;
    const first = buffer[from] ?? 0;
    if (first === QUOTE) return this.#text(from + 1);
    if (first === OPEN_LIST || first === OPEN_OBJECT) return this.#brackets(from);
    const behind = first > DIGIT_9 ? this.#behindWord(from, first) : this.#number(from);
    if (behind === NOT_QUIET) return NOT_QUIET;
    // Its end has to be in sight: at the end of a piece it may go on in the next.
    return behind < this.#end && isValueEnd(buffer[behind] ?? 0) ? behind : NOT_QUIET;
  }

  /** Behind `null`, `true` or `false`. */
  #behindWord(from: number, first: number): number {
    const start = first === LETTER_F ? from + 1 : from;
    if (start + 4 > this.#end) return NOT_QUIET;
    const four = this.#view.getInt32(start, true);
    const isWord = first === LETTER_F ? four === ALSE : four === NULL || four === TRUE;
    return isWord ? start + 4 : NOT_QUIET;
  }

  /** Behind a number without an exponent. */
  #number(from: number): number {
    const buffer = this.#buffer;
    const start = buffer[from] === MINUS ? from + 1 : from;
    const point = this.#digits(start);
    const digits = point - start;
    if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && buffer[start] === DIGIT_0)) return NOT_QUIET;
    if (buffer[point] === POINT) {
      const behind = this.#digits(point + 1);
      return behind - point > 1 && behind - point < MAX_DIGITS ? behind : NOT_QUIET;
    }
    if (digits >= SAFE_DIGITS && !isSafe(buffer, start, point)) this.#largeHere += 1;
    return point;
  }

  #digits(from: number): number {
    const buffer = this.#buffer;
    const end = this.#end;
    let at = from;
    for (; at < end; at += 1) {
      const unit = buffer[at] ?? 0;
      if (unit < DIGIT_0 || unit > DIGIT_9) break;
    }
    return at;
  }

  /** Behind the closing mark of a string whose first unit is at `from`. */
  #text(from: number): number {
    const buffer = this.#buffer;
    const view = this.#view;
    const end = this.#end;
    let at = from;
    for (;;) {
      for (const last = end - 4; at <= last; at += 4) {
        const four = view.getInt32(at, true);
        const quotes = four ^ FOUR_QUOTES;
        const backslashes = four ^ FOUR_BACKSLASHES;
        if (((((quotes - FOUR) & ~quotes) | ((backslashes - FOUR) & ~backslashes)) & FOUR_TOPS) !== 0) break;
      }
      for (; ; at += 1) {
        if (at >= end) return NOT_QUIET;
        const unit = buffer[at];
        if (unit === QUOTE) return at + 1;
        if (unit === BACKSLASH) break;
      }
      at += 2;
    }
  }

  #brackets(from: number): number {
    const buffer = this.#buffer;
    const end = this.#end;
    const open: number[] = [];
    for (let at = from; at < end;) {
      const unit = buffer[at] ?? 0;
      at += 1;
      if (unit === QUOTE) {
        at = this.#text(at);
        if (at === NOT_QUIET) return NOT_QUIET;
      } else if (unit === OPEN_OBJECT || unit === OPEN_LIST) {
        if (open.length === MAX_DEPTH) return NOT_QUIET;
        open.push(unit + 2);
      } else if (unit === CLOSE_OBJECT || unit === CLOSE_LIST) {
        if (open.pop() !== unit) return NOT_QUIET;
        if (open.length === 0) return at;
      }
    }
    return NOT_QUIET;
  }
}

/** What stands before a value, as numbers of four bytes; the last of them overlaps. Null where it is shorter. */
function leadOf(buffer: Buffer, from: number, to: number): KnownKey['lead'] {
  const length = to - from;
  if (length < 4) return null;
  const words = Array.from({ length: Math.ceil(length / 4) }, (_, word) =>
    buffer.readInt32LE(Math.min(from + word * 4, to - 4)),
  );
  return { words: Int32Array.from(words), length };
}

const isValueEnd = (unit: number): boolean =>
  unit === COMMA || unit === CLOSE_OBJECT || unit === CLOSE_LIST || isSpace(unit);

/** Whether a whole number is not beyond 2^53. */
function isSafe(buffer: Buffer, from: number, to: number): boolean {
  if (to - from > SAFE_DIGITS) return false;
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + ((buffer[at] ?? 0) - DIGIT_0);
  return Number.isSafeInteger(value);
}
