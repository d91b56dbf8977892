const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const isSpace = (unit: number): boolean => unit === 32 || unit === 10 || unit === 13 || unit === 9;

/** Where inside the thing that is passed over the reader stands. */
type Phase = 'before' | 'key' | 'colon' | 'value' | 'string' | 'brackets' | 'scalar';

/**
 * Passes over one value that is too large to hold, and over nothing else: the value of a field ends where it ends, so
 * that the fields and the records beside it are still read. Goes on from piece to piece; only strings and brackets are
 * looked at.
 */
export class JsonSkip {
  #phase: Phase = 'before';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #key: boolean;
  /** The value is over. */
  done = false;
  /** There was a value; false where only a border was found. */
  hadValue = true;

  /** @param key the name of a field stands before the value. */
  constructor(key: boolean) {
    this.#key = key;
  }

  /** Goes on at `at`; gives the place behind what was passed over, which is `end` unless `done`. */
  pass(buffer: Uint8Array, from: number, end: number): number {
    for (let at = from; at < end; at += 1) {
      const unit = buffer[at] ?? 0;
      const stop = this.#take(unit);
      if (stop === null) continue;
      this.done = true;
      return at + stop;
    }
    return end;
  }

  /** Null: go on. Else the value is over, with this unit (1) or before it (0). */
  #take(unit: number): 0 | 1 | null {
    switch (this.#phase) {
      case 'before':
        if (isSpace(unit) || unit === COMMA) return null;
        if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) {
          this.hadValue = false;
          return 0;
        }
        if (!this.#key) return this.#begin(unit);
        this.#phase = 'key';
        return null;
      case 'key':
        if (this.#endsString(unit)) this.#phase = 'colon';
        return null;
      case 'colon':
        if (unit === COLON) this.#phase = 'value';
        return null;
      case 'value':
        return isSpace(unit) ? null : this.#begin(unit);
      case 'string':
        return this.#endsString(unit) ? 1 : null;
      case 'brackets':
        return this.#bracket(unit);
      case 'scalar':
        return unit === COMMA || unit === CLOSE_LIST || unit === CLOSE_OBJECT || isSpace(unit) ? 0 : null;
    }
  }

  #begin(unit: number): null {
    if (unit === QUOTE) this.#phase = 'string';
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      this.#phase = 'brackets';
      this.#depth = 1;
    } else this.#phase = 'scalar';
    return null;
  }

  #endsString(unit: number): boolean {
    if (this.#escaped) this.#escaped = false;
    else if (unit === BACKSLASH) this.#escaped = true;
    else return unit === QUOTE;
    return false;
  }

  #bracket(unit: number): 1 | null {
    if (this.#inString) {
      if (this.#endsString(unit)) this.#inString = false;
    } else if (unit === QUOTE) this.#inString = true;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) this.#depth += 1;
    else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) {
      this.#depth -= 1;
      if (this.#depth === 0) return 1;
    }
    return null;
  }
}
