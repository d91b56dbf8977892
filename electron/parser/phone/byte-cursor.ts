import type { PhoneFileReason } from '#shared/parser/phone.ts';

/** Units of JSON that are looked for in bytes. */
export const QUOTE = 34;
export const COMMA = 44;
export const COLON = 58;
export const BACKSLASH = 92;
export const OPEN_LIST = 91;
export const CLOSE_LIST = 93;
export const OPEN_OBJECT = 123;
export const CLOSE_OBJECT = 125;
export const MINUS = 45;
export const DIGIT_0 = 48;
export const DIGIT_9 = 57;
export const LETTER_F = 102;
export const LETTER_N = 110;
export const LETTER_T = 116;

/** Thrown where the piece ends inside something; the place is tried again when more has come. */
export const NEED_MORE: unique symbol = Symbol('more');

/** Thrown where the file is not what it should be. */
export class Fault extends Error {
  readonly reason: PhoneFileReason;
  readonly at: number;

  constructor(reason: PhoneFileReason, at: number) {
    super(reason);
    this.name = 'Fault';
    this.reason = reason;
    this.at = at;
  }
}

export const isSpace = (unit: number): boolean => unit === 32 || unit === 10 || unit === 13 || unit === 9;

export const allDigits = (buffer: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at += 1) {
    const unit = buffer[at] ?? 0;
    if (unit < DIGIT_0 || unit > DIGIT_9) return false;
  }
  return true;
};

/** A place in bytes of which more may come. */
export class ByteCursor {
  buffer: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;
  protected last = false;

  /** @param last no more bytes will come: what is unfinished now is broken. */
  set(buffer: Buffer, from: number, end: number, last: boolean): void {
    this.buffer = buffer;
    this.at = from;
    this.end = end;
    this.last = last;
  }

  /** Next unit that is no space, or -1 at the end of what is there. */
  peek(): number {
    const { buffer, end } = this;
    let at = this.at;
    while (at < end) {
      const unit = buffer[at] ?? 0;
      if (!isSpace(unit)) {
        this.at = at;
        return unit;
      }
      at += 1;
    }
    this.at = at;
    return -1;
  }

  /** The same where something has to come. */
  peekOrWait(): number {
    const unit = this.peek();
    if (unit === -1) this.out();
    return unit;
  }

  protected out(): never {
    if (this.last) throw new Fault('endsEarly', this.end);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a signal, thrown once a piece, without a stack
    throw NEED_MORE;
  }

  protected broken(at: number): never {
    throw new Fault('brokenJson', at);
  }
}
