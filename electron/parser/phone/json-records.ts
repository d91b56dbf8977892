import type { PhoneFileReason } from '#shared/parser/phone.ts';
import { PHONE_LIMITS } from '#shared/parser/phone.ts';
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  Fault,
  NEED_MORE,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './byte-cursor.ts';
import { JsonCursor } from './json-cursor.ts';
import { JsonSkip } from './json-skip.ts';
import { QuietPass } from './quiet-pass.ts';
import type { Wanted } from './wanted.ts';

/** A record where it stands in the file: read in part, and read whole on demand while the call lasts. */
export interface ReadRecord {
  /** Running number over the whole file. */
  readonly index: number;
  /** Key of the object that holds it, or null in a plain list. */
  readonly group: string | null;
  /** Only the wanted fields, or all. Anything else than an object is a strange entry. */
  readonly value: unknown;
  /** The same with all fields. */
  whole(): unknown;
}

/** Is told of records of which nothing can be said; they are counted and not given. */
export interface QuietRecords {
  /** Whether records may be passed over already: the first one tells what the others are. */
  readonly isReady: () => boolean;
  readonly passed: (count: number) => void;
}

export interface RecordsEnd {
  readonly reason: PhoneFileReason | null;
  /** Byte of the file at which reading stopped, or null. */
  readonly faultAt: number | null;
}

/** The mark of UTF-8, which some programs write as the first three bytes of a file; anywhere else it is a fault. */
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Where the reader stands: before everything, in a list, in an object of lists, in one of these lists, behind. */
type Place = 'start' | 'list' | 'groups' | 'groupList' | 'between';

/**
 * Reads the records of a JSON file as they come: a list of records, an object of lists or of objects, one object, or
 * one object a line. Holds no more than one record and one piece. After a fault everything before it has been given,
 * and the place is named; nothing behind it is guessed at.
 */
export class JsonRecords {
  readonly #take: (record: ReadRecord) => void;
  readonly #wanted: Wanted | null;
  readonly #byField: boolean;
  readonly #quiet: QuietRecords | null;
  readonly #pass: QuietPass | null;
  readonly #cursor = new JsonCursor();
  #held = Buffer.alloc(0);
  #heldLength = 0;
  /** Bytes of the file before the held ones. */
  #before = 0;
  #place: Place = 'start';
  #group: string | null = null;
  /** Inside `list`, `groups` or `groupList`: whether a comma must come before the next entry. */
  #comma = false;
  #records = 0;
  /** A value that is too large to hold is being passed over. */
  #skipping: JsonSkip | null = null;
  #trouble: PhoneFileReason | null = null;
  #end: RecordsEnd | null = null;

  /**
   * @param wanted fields that are needed of each record; null: all. @param byField an object at the top is told field
   *   by field, the members of its lists one by one, whatever its first field holds. @param quiet is told of the
   *   records over which `wanted.look` passes.
   */
  constructor(
    take: (record: ReadRecord) => void,
    wanted: Wanted | null,
    byField = false,
    quiet: QuietRecords | null = null,
  ) {
    this.#quiet = quiet;
    this.#take = take;
    this.#wanted = wanted;
    this.#byField = byField;
    const look = wanted?.look ?? null;
    this.#pass = wanted === null || look === null ? null : new QuietPass(wanted, look);
  }

  get oddities(): { notFinite: number; large: number; loneHalves: number } {
    return this.#cursor.oddities;
  }

  get records(): number {
    return this.#records;
  }

  push(piece: Uint8Array): void {
    if (this.#end !== null || piece.length === 0) return;
    const needed = this.#heldLength + piece.length;
    if (this.#held.length < needed) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.#held.length * 2, needed * 2)));
      this.#held.copy(grown, 0, 0, this.#heldLength);
      this.#held = grown;
    }
    this.#held.set(piece, this.#heldLength);
    this.#heldLength = needed;
    this.#work(false);
  }

  end(): RecordsEnd {
    if (this.#end === null) {
      this.#work(true);
      this.#end ??= this.#closed();
    }
    this.#held = Buffer.alloc(0);
    return this.#end;
  }

  #closed(): RecordsEnd {
    if (this.#place === 'start') return { reason: 'empty', faultAt: null };
    if (this.#place !== 'between' || this.#skipping !== null)
      return { reason: 'endsEarly', faultAt: this.#before + this.#heldLength };
    return { reason: this.#trouble, faultAt: null };
  }

  #work(last: boolean): void {
    const cursor = this.#cursor;
    // Of the mark at the beginning a piece may hold a part: nothing is read before the rest is there.
    const mark = this.#before === 0 ? this.#markLength() : 0;
    if (mark > 0 && mark < BYTE_ORDER_MARK.length && mark === this.#heldLength && !last) return;
    cursor.set(this.#held, mark === BYTE_ORDER_MARK.length ? mark : 0, this.#heldLength, last);
    let safe = 0;
    // What is tried again when more has come is counted once.
    let { notFinite, large, loneHalves } = cursor.oddities;
    try {
      for (;;) {
        safe = cursor.at;
        ({ notFinite, large, loneHalves } = cursor.oddities);
        if (this.#skipping !== null ? !this.#skipOn() : !this.#step()) break;
      }
      safe = cursor.at;
    } catch (thrown) {
      if (thrown === NEED_MORE) {
        cursor.oddities = { notFinite, large, loneHalves };
        if (this.#heldLength - safe > PHONE_LIMITS.recordBytes && !last) {
          // What was passed over is never looked at again: its brackets and quotes are counted once.
          this.#startSkipping(safe);
          safe = cursor.at;
        }
      } else if (thrown instanceof Fault) {
        this.#end = { reason: thrown.reason, faultAt: this.#before + thrown.at };
      } else throw thrown;
    }
    this.#before += safe;
    this.#held.copyWithin(0, safe, this.#heldLength);
    this.#heldLength -= safe;
  }

  /** How many bytes of the mark stand at the beginning of what is held. */
  #markLength(): number {
    let length = 0;
    while (length < this.#heldLength && this.#held[length] === BYTE_ORDER_MARK[length]) length += 1;
    return length;
  }

  #startSkipping(from: number): void {
    this.#trouble = 'recordTooLarge';
    this.#skipping = new JsonSkip(this.#place === 'groups');
    if (this.#place === 'start') this.#place = 'between';
    this.#cursor.at = from;
    this.#skipOn();
  }

  /** Passes over what is too large. Gives false where the piece ends inside it. */
  #skipOn(): boolean {
    const skipping = this.#skipping;
    const cursor = this.#cursor;
    if (skipping === null) return true;
    cursor.at = skipping.pass(cursor.buffer, cursor.at, cursor.end);
    if (!skipping.done) return false;
    this.#skipping = null;
    if (skipping.hadValue) this.#records += 1;
    this.#comma = true;
    return true;
  }

  /** One step at the current place. Gives false where nothing is left to do. */
  #step(): boolean {
    const cursor = this.#cursor;
    const unit = cursor.peek();
    if (unit === -1) return false;
    switch (this.#place) {
      case 'start':
        if (unit === OPEN_LIST) {
          cursor.at += 1;
          this.#enter('list');
        } else if (unit === OPEN_OBJECT) {
          if (this.#byField || cursor.opensGroups()) {
            cursor.at += 1;
            this.#enter('groups');
          } else this.#record('between');
        } else throw new Fault('notRecords', cursor.at);
        return true;
      case 'list':
      case 'groupList':
        if (unit === CLOSE_LIST) {
          const isGroup = this.#place === 'groupList';
          this.#enter(isGroup ? 'groups' : 'between');
          cursor.at += 1;
          this.#comma = isGroup;
          return true;
        }
        this.#separator();
        this.#record(this.#place);
        return true;
      case 'groups':
        return this.#groupMember(unit);
      case 'between':
        // One object a line; a comma or anything else behind the end is a fault.
        if (unit !== OPEN_OBJECT) throw new Fault('brokenJson', cursor.at);
        this.#record('between');
        return true;
    }
  }

  #enter(place: Place): void {
    this.#place = place;
    this.#comma = false;
  }

  #separator(): void {
    const cursor = this.#cursor;
    if (!this.#comma) return;
    if (cursor.peekOrWait() !== COMMA) throw new Fault('brokenJson', cursor.at);
    cursor.at += 1;
    cursor.peekOrWait();
  }

  #groupMember(unit: number): boolean {
    const cursor = this.#cursor;
    if (unit === CLOSE_OBJECT) {
      cursor.at += 1;
      this.#group = null;
      this.#enter('between');
      return true;
    }
    this.#separator();
    if (cursor.peekOrWait() !== QUOTE) throw new Fault('brokenJson', cursor.at);
    const key = cursor.string();
    if (cursor.peekOrWait() !== COLON) throw new Fault('brokenJson', cursor.at);
    cursor.at += 1;
    const next = cursor.peekOrWait();
    this.#group = key;
    if (next === OPEN_LIST) {
      cursor.at += 1;
      this.#enter('groupList');
      return true;
    }
    this.#record('groups');
    return true;
  }

  /** How many records from here on were passed over; the cursor is behind them. */
  #passOver(place: Place): number {
    const pass = this.#pass;
    const quiet = this.#quiet;
    if (pass === null || quiet?.isReady() !== true) return 0;
    const cursor = this.#cursor;
    const inList = place === 'list' || place === 'groupList';
    cursor.at = pass.run(cursor.buffer, cursor.at, cursor.end, inList);
    if (pass.passed === 0) return 0;
    cursor.oddities.large += pass.large;
    quiet.passed(pass.passed);
    return pass.passed;
  }

  #record(place: Place): void {
    const cursor = this.#cursor;
    const passed = this.#passOver(place);
    if (passed > 0) {
      this.#records += passed;
      this.#place = place;
      this.#comma = true;
      return;
    }
    const from = cursor.at;
    const group = this.#group;
    const value = cursor.value(this.#wanted);
    const to = cursor.at;
    const index = this.#records;
    this.#records += 1;
    this.#place = place;
    this.#comma = true;
    this.#take({
      index,
      group,
      value,
      whole: () => {
        if (this.#wanted === null) return value;
        const counted = { ...cursor.oddities };
        cursor.at = from;
        const whole = cursor.value(null);
        cursor.at = to;
        cursor.oddities = counted;
        return whole;
      },
    });
  }
}
