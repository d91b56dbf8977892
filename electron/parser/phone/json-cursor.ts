import { CLOSE_OBJECT, COLON, COMMA, isSpace, OPEN_LIST, OPEN_OBJECT, QUOTE } from './byte-cursor.ts';
import { ValueCursor } from './value-cursor.ts';
import type { KnownKey, Wanted } from './wanted.ts';

/** Reads records: objects of which only some fields are needed, with the same keys in the same order nearly always. */
export class JsonCursor extends ValueCursor {
  /** Whether the object that begins here holds lists or objects in its first field, and so is one of groups. */
  opensGroups(): boolean {
    const from = this.at;
    this.at += 1;
    const first = this.peekOrWait();
    let groups = first === CLOSE_OBJECT;
    if (first === QUOTE) {
      this.at = this.endOfString(this.at + 1) + 1;
      if (this.peekOrWait() !== COLON) this.broken(this.at);
      this.at += 1;
      const value = this.peekOrWait();
      groups = value === OPEN_LIST || value === OPEN_OBJECT;
    }
    this.at = from;
    return groups;
  }

  /** A value, and the cursor behind it. Of an object at the top only the `wanted` fields are kept. */
  value(wanted: Wanted | null): unknown {
    const unit = this.peekOrWait();
    if (unit === OPEN_OBJECT && wanted !== null) return this.#some(wanted);
    return this.any(0);
  }

  /**
   * An object of which only some fields are kept; keys are recognised by their place in the last one. Everything that
   * is not kept is passed over here, unit by unit, because most of a large file is.
   */
  #some(wanted: Wanted): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    this.at += 1;
    if (this.peekOrWait() === CLOSE_OBJECT) {
      this.at += 1;
      return found;
    }
    for (let place = 0; ; place += 1) {
      const key = this.#keyAt(wanted, place);
      this.#toValue();
      if (key.wanted) found[key.name] = this.any(1);
      else this.pass();
      if (this.#isLastField()) return found;
    }
  }

  /** From behind a key to the beginning of its value. */
  #toValue(): void {
    const { buffer, end } = this;
    let at = this.at;
    while (at < end && isSpace(buffer[at] ?? 0)) at += 1;
    if (at < end && buffer[at] !== COLON) this.broken(at);
    at += 1;
    while (at < end && isSpace(buffer[at] ?? 0)) at += 1;
    if (at >= end) this.out();
    this.at = at;
  }

  /** From behind a value to behind what follows it; true where the object ends there. */
  #isLastField(): boolean {
    const { buffer, end } = this;
    let at = this.at;
    while (at < end && isSpace(buffer[at] ?? 0)) at += 1;
    if (at >= end) this.out();
    this.at = at + 1;
    const next = buffer[at];
    if (next === CLOSE_OBJECT) return true;
    if (next !== COMMA) this.broken(at);
    return false;
  }

  /** Reads a key, which nearly always is that of the same place in the last record. */
  #keyAt(wanted: Wanted, place: number): KnownKey {
    const { buffer, end } = this;
    let at = this.at;
    while (at < end && isSpace(buffer[at] ?? 0)) at += 1;
    if (at >= end) this.out();
    if (buffer[at] !== QUOTE) this.broken(at);
    const from = at + 1;
    const expected = wanted.order[place];
    if (expected !== undefined) {
      const { bytes } = expected;
      const length = bytes.length;
      let same = 0;
      while (same < length && buffer[from + same] === bytes[same]) same += 1;
      if (same === length && from + length < end && buffer[from + length] === QUOTE) {
        this.at = from + length + 1;
        return expected;
      }
    }
    this.at = at;
    const name = this.key();
    const key = wanted.key(Buffer.from(buffer.subarray(from, this.at - 1)), name);
    if (place < 256) wanted.order[place] = key;
    return key;
  }
}
