/** The smallest pieces of a PDF content stream (ISO 32000-1, 7.2 and 7.8). */
const WHITE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((c) => c.charCodeAt(0)));

export type Token = {
  readonly start: number;
  readonly end: number;
  readonly kind: 'operand' | 'word' | 'open' | 'close';
};

export const latin = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');

/** A name without its slash, `#xx` resolved. */
export const nameOf = (raw: string): string =>
  raw
    .slice(1)
    .replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** The bytes that a literal or hex string stands for. */
export const stringBytes = (raw: string): Uint8Array => {
  if (raw.startsWith('<')) {
    const digits = raw.replaceAll(/[^0-9A-Fa-f]/g, '');
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
  }
  const plain = raw
    .slice(1, -1)
    .replaceAll(
      /\\(?:([0-7]{1,3})|(\r\n|[\s\S]))/g,
      (_, octal: string | undefined, other: string | undefined) => {
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
        if (other === undefined || /[\r\n]/.test(other)) return '';
        return ESCAPES[other] ?? other;
      },
    );
  return Buffer.from(plain, 'latin1');
};

/** Cuts a content stream into operands and words; comments and stray delimiters are left out. */
export class ContentLexer {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  next(): Token | null {
    const { bytes } = this;
    for (;;) {
      while (this.at < bytes.length && WHITE.has(bytes[this.at] ?? 0)) this.at += 1;
      if (bytes[this.at] !== 0x25) break;
      while (this.at < bytes.length && bytes[this.at] !== 10 && bytes[this.at] !== 13) this.at += 1;
    }
    if (this.at >= bytes.length) return null;
    const start = this.at;
    const first = bytes[start];
    if (first === 0x28) return this.#string(start);
    if (first === 0x3c && bytes[start + 1] === 0x3c) return this.#mark(start, 2, 'open');
    if (first === 0x3e && bytes[start + 1] === 0x3e) return this.#mark(start, 2, 'close');
    if (first === 0x3c) {
      while (this.at < bytes.length && bytes[this.at] !== 0x3e) this.at += 1;
      this.at += 1;
      return { start, end: this.at, kind: 'operand' };
    }
    if (first === 0x5b) return this.#mark(start, 1, 'open');
    if (first === 0x5d) return this.#mark(start, 1, 'close');
    if (first === 0x2f) {
      this.at += 1;
      this.#regular();
      return { start, end: this.at, kind: 'operand' };
    }
    if (DELIMITER.has(first ?? 0)) {
      // A lone delimiter has no meaning here; leaving it out repairs the stream.
      this.at += 1;
      return this.next();
    }
    this.#regular();
    return { start, end: this.at, kind: 'word' };
  }

  #mark(start: number, length: number, kind: 'open' | 'close'): Token {
    this.at = start + length;
    return { start, end: this.at, kind };
  }

  #regular(): void {
    while (this.at < this.bytes.length) {
      const byte = this.bytes[this.at] ?? 0;
      if (WHITE.has(byte) || DELIMITER.has(byte)) return;
      this.at += 1;
    }
  }

  #string(start: number): Token {
    let depth = 0;
    while (this.at < this.bytes.length) {
      const byte = this.bytes[this.at];
      if (byte === 0x5c) this.at += 1;
      else if (byte === 0x28) depth += 1;
      else if (byte === 0x29) depth -= 1;
      this.at += 1;
      if (depth === 0) break;
    }
    return { start, end: Math.min(this.at, this.bytes.length), kind: 'operand' };
  }

  /** After `ID`: gives the span of the picture's bytes and stands behind `EI`. */
  inlineData(dictionary: string): { start: number; end: number } {
    const start = this.at + 1;
    const length = rawInlineLength(dictionary);
    const isEnd = (at: number): boolean =>
      this.bytes[at] === 0x45 &&
      this.bytes[at + 1] === 0x49 &&
      (at + 2 >= this.bytes.length || WHITE.has(this.bytes[at + 2] ?? 0));
    let from = length === null ? start : start + length;
    for (; from < this.bytes.length; from += 1) {
      if (
        isEnd(from) &&
        (length !== null || (WHITE.has(this.bytes[from - 1] ?? 0) && this.#readsOn(from + 2)))
      )
        break;
    }
    this.at = Math.min(from + 2, this.bytes.length);
    const end = Math.min(length === null ? from : start + length, this.bytes.length);
    return { start: Math.min(start, end), end };
  }

  /** Whether what follows looks like content rather than like the middle of a picture. */
  #readsOn(from: number): boolean {
    for (let at = from; at < Math.min(from + 24, this.bytes.length); at += 1) {
      const byte = this.bytes[at] ?? 0;
      if (byte > 126 || (byte < 32 && !WHITE.has(byte))) return false;
    }
    return true;
  }
}

/** Length of unfiltered inline picture data, or null where a filter or an unknown colour space decides. */
const rawInlineLength = (dictionary: string): number | null => {
  if (/\/(F|Filter)\b/.test(dictionary)) return null;
  const field = (short: string, long: string): string | undefined =>
    new RegExp(`/(?:${short}|${long})\\s*/?([\\w.]+|\\[)`).exec(dictionary)?.[1];
  const width = Number(field('W', 'Width'));
  const height = Number(field('H', 'Height'));
  const mask = field('IM', 'ImageMask') === 'true';
  const bits = mask ? 1 : Number(field('BPC', 'BitsPerComponent') ?? 8);
  const space = mask ? 'G' : field('CS', 'ColorSpace');
  const components = { G: 1, DeviceGray: 1, RGB: 3, DeviceRGB: 3, CMYK: 4, DeviceCMYK: 4, '[': 1 }[
    space ?? ''
  ];
  if (components === undefined || !(width > 0) || !(height > 0) || !(bits > 0)) return null;
  return Math.ceil((width * components * bits) / 8) * height;
};
