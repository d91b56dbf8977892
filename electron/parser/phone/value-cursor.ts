import {
  allDigits,
  BACKSLASH,
  ByteCursor,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  DIGIT_0,
  DIGIT_9,
  Fault,
  isSpace,
  LETTER_F,
  LETTER_N,
  LETTER_T,
  MINUS,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './byte-cursor.ts';

/** Values may lie this deep in a record; real ones lie at most five deep. */
export const MAX_DEPTH = 64;
/** Keys of records are few and the same in every one: their texts are made once. */
const MAX_KEYS = 4_096;

// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u001f]/gu;

/**
 * Reads JSON values out of bytes, or passes over them. Python also writes `NaN` and `Infinity`: they become null and are
 * counted. Whole numbers beyond 2^53 become big integers, digit for digit. Halves of characters stay as they are and are
 * counted.
 */
export class ValueCursor extends ByteCursor {
  oddities = { notFinite: 0, large: 0, loneHalves: 0 };
  readonly #keys = new Map<string, string>();

  /** Place of the closing quotation mark of the string whose first unit is at `at`. */
  protected endOfString(at: number): number {
    const { buffer, end } = this;
    while (at < end) {
      const unit = buffer[at] ?? 0;
      if (unit === QUOTE) return at;
      at += unit === BACKSLASH ? 2 : 1;
    }
    return this.out();
  }

  /** The string that begins at the quotation mark here. */
  string(): string {
    const { buffer } = this;
    const from = this.at + 1;
    const end = this.end;
    let at = from;
    let odd = 0;
    let escaped = false;
    for (;;) {
      if (at >= end) this.out();
      const unit = buffer[at] ?? 0;
      if (unit === QUOTE) break;
      if (unit === BACKSLASH) {
        escaped = true;
        at += 2;
      } else {
        odd |= unit;
        at += 1;
      }
    }
    this.at = at + 1;
    if (!escaped) return odd < 128 ? buffer.toString('latin1', from, at) : buffer.toString('utf8', from, at);
    return this.#unescape(
      odd < 128 ? buffer.toString('latin1', from, at) : buffer.toString('utf8', from, at),
      from,
    );
  }

  #unescape(raw: string, from: number): string {
    let text: string;
    try {
      text = JSON.parse(`"${raw}"`) as string;
    } catch {
      // Raw line ends inside a string are not JSON, but harmless; anything else is a fault.
      const tame = raw.replaceAll(
        CONTROLS,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      try {
        text = JSON.parse(`"${tame}"`) as string;
      } catch {
        return this.broken(from);
      }
    }
    if (/\p{Surrogate}/u.test(text)) this.oddities.loneHalves += 1;
    return text;
  }

  protected any(depth: number): unknown {
    const unit = this.peekOrWait();
    if (unit === QUOTE) return this.string();
    if (unit === OPEN_OBJECT) return this.#object(depth + 1);
    if (unit === OPEN_LIST) return this.#list(depth + 1);
    return this.#scalar(unit);
  }

  #object(depth: number): Record<string, unknown> {
    if (depth > MAX_DEPTH) throw new Fault('tooDeep', this.at);
    const found: Record<string, unknown> = {};
    this.at += 1;
    if (this.peekOrWait() === CLOSE_OBJECT) {
      this.at += 1;
      return found;
    }
    for (;;) {
      if (this.peekOrWait() !== QUOTE) this.broken(this.at);
      const key = this.key();
      if (this.peekOrWait() !== COLON) this.broken(this.at);
      this.at += 1;
      const value = this.any(depth);
      // An own field whatever it is called: `__proto__` must not reach into the program.
      if (key === '__proto__')
        Object.defineProperty(found, key, { value, enumerable: true, configurable: true, writable: true });
      else found[key] = value;
      const next = this.peekOrWait();
      this.at += 1;
      if (next === CLOSE_OBJECT) return found;
      if (next !== COMMA) this.broken(this.at - 1);
    }
  }

  protected key(): string {
    const text = this.string();
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    if (this.#keys.size < MAX_KEYS) this.#keys.set(text, text);
    return text;
  }

  #list(depth: number): unknown[] {
    if (depth > MAX_DEPTH) throw new Fault('tooDeep', this.at);
    const found: unknown[] = [];
    this.at += 1;
    if (this.peekOrWait() === CLOSE_LIST) {
      this.at += 1;
      return found;
    }
    for (;;) {
      found.push(this.any(depth));
      const next = this.peekOrWait();
      this.at += 1;
      if (next === CLOSE_LIST) return found;
      if (next !== COMMA) this.broken(this.at - 1);
    }
  }

  #scalar(first: number): unknown {
    const { buffer, end } = this;
    const from = this.at;
    let at = from;
    while (at < end) {
      const unit = buffer[at] ?? 0;
      if (unit === COMMA || unit === CLOSE_OBJECT || unit === CLOSE_LIST || isSpace(unit)) break;
      at += 1;
    }
    // A number at the end of a piece may go on in the next.
    if (at === end && !this.last) this.out();
    if (at - from > 400) this.broken(from);
    const text = buffer.toString('latin1', from, at);
    this.at = at;
    if (first === MINUS || (first >= DIGIT_0 && first <= DIGIT_9)) return this.#number(text, from);
    switch (text) {
      case 'null':
        return null;
      case 'true':
        return true;
      case 'false':
        return false;
      case 'NaN':
      case 'Infinity':
        this.oddities.notFinite += 1;
        return null;
      default:
        return this.broken(from);
    }
  }

  #number(text: string, from: number): number | bigint | null {
    if (text === '-Infinity') {
      this.oddities.notFinite += 1;
      return null;
    }
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u.test(text)) this.broken(from);
    const value = Number(text);
    if (text.length < 16 || !/^-?\d+$/u.test(text) || Number.isSafeInteger(value)) return value;
    this.oddities.large += 1;
    return BigInt(text);
  }

  /** Passes over a value; strings, which are most of it, without a further call. */
  protected pass(): void {
    const { buffer, end } = this;
    let at = this.at;
    if (buffer[at] !== QUOTE) {
      this.skip();
      return;
    }
    at += 1;
    while (at < end && buffer[at] !== QUOTE) at += buffer[at] === BACKSLASH ? 2 : 1;
    if (at >= end) this.out();
    this.at = at + 1;
  }

  /** Passes over a value, strings and brackets looked at, nothing made of it. */
  protected skip(): void {
    const first = this.peekOrWait();
    if (first === QUOTE) {
      this.at = this.endOfString(this.at + 1) + 1;
      return;
    }
    if (first !== OPEN_OBJECT && first !== OPEN_LIST) {
      this.#skipScalar(first);
      return;
    }
    this.#skipBrackets();
  }

  #skipScalar(first: number): void {
    const { buffer, end } = this;
    const from = this.at;
    let at = from;
    while (at < end) {
      const unit = buffer[at] ?? 0;
      if (unit === COMMA || unit === CLOSE_OBJECT || unit === CLOSE_LIST || isSpace(unit)) break;
      at += 1;
    }
    if (at === end && !this.last) this.out();
    // Numbers and the three usual words are passed over; anything odd is looked at, and counted.
    const isNumber = first >= DIGIT_0 && first <= DIGIT_9;
    const isWord = first === LETTER_N || first === LETTER_T || first === LETTER_F;
    const length = at - from;
    if (length < 16 && (isNumber || isWord)) this.at = at;
    else if (length > 16 && length < 40 && isNumber && allDigits(buffer, from, at)) {
      this.oddities.large += 1;
      this.at = at;
    } else this.#scalar(first);
  }

  #skipBrackets(): void {
    const { buffer, end } = this;
    const open: number[] = [];
    let at = this.at;
    while (at < end) {
      const unit = buffer[at] ?? 0;
      if (unit === QUOTE) at = this.endOfString(at + 1);
      else if (unit === OPEN_OBJECT || unit === OPEN_LIST) {
        if (open.length === MAX_DEPTH) throw new Fault('tooDeep', at);
        open.push(unit + 2);
      } else if (unit === CLOSE_OBJECT || unit === CLOSE_LIST) {
        if (open.pop() !== unit) this.broken(at);
        if (open.length === 0) {
          this.at = at + 1;
          return;
        }
      }
      at += 1;
    }
    this.out();
  }
}
