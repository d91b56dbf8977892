/**
 * Rewrites a PDF content stream: paint inside hidden layers goes, marks (which may carry alternative text),
 * comments and stray bytes go, everything else is written again token by token. State operators inside a
 * hidden section stay, because what follows depends on them.
 */
export interface ContentNames {
  readonly xobjects: Set<string>;
  readonly fonts: Set<string>;
  readonly patterns: Set<string>;
  readonly shadings: Set<string>;
  readonly states: Set<string>;
}

export interface ContentFilter {
  /** Whether the layer that a property name stands for is switched off. */
  isHiddenLayer(propertyName: string): boolean;
  isHiddenXObject(name: string): boolean;
  readonly keepMarks: boolean;
}

/** Which codes of which font a stream shows; the key '' stands for a font that was set outside it. */
export type ShownStrings = Map<string, Uint8Array[]>;

export const noNames = (): ContentNames => ({
  xobjects: new Set(),
  fonts: new Set(),
  patterns: new Set(),
  shadings: new Set(),
  states: new Set(),
});

const WHITE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((c) => c.charCodeAt(0)));
const TEXT_SHOWING = new Set(['Tj', 'TJ', "'", '"']);
const PATH_PAINTING = new Set(['S', 's', 'f', 'F', 'f*', 'B', 'B*', 'b', 'b*']);
/**
 * A gap in a line of text, in thousandths of the letter size, as wide as two letters or more may be what a
 * removal left; its exact width would tell the word.
 */
const GAP_MIN = 600;
const GAP_STEP = 250;
const NUMBER = /^[+-]*(\d+\.?\d*|\.\d+)?-?\d*$/;
const LITERALS = new Set(['true', 'false', 'null']);

type Token = {
  readonly start: number;
  readonly end: number;
  readonly kind: 'operand' | 'word' | 'open' | 'close';
};

const latin = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');

/** A name without its slash, `#xx` resolved. */
const nameOf = (raw: string): string =>
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

class Lexer {
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

/**
 * Filters one content stream.
 * @returns the new stream, the resource names that it still uses, and how many paint operators were dropped.
 */
export const filterContent = (
  bytes: Uint8Array,
  filter: ContentFilter,
): { bytes: Uint8Array; names: ContentNames; shown: ShownStrings; dropped: number } => {
  const shown: ShownStrings = new Map();
  const fontStack: string[] = [];
  let font = '';
  const lexer = new Lexer(bytes);
  const names = noNames();
  const out: Buffer[] = [];
  /** Open marked sections: `own` hides, `inherited` lies inside one that hides. */
  const sections: boolean[] = [];
  let operands: Token[] = [];
  let depth = 0;
  let dropped = 0;

  const text = (token: Token): string => latin(bytes, token.start, token.end);
  const hidden = (): boolean => sections.at(-1) ?? false;
  const write = (word: string): void => {
    const line = operands.map(text).join(' ');
    out.push(Buffer.from(`${line}${line === '' ? '' : ' '}${word}\n`, 'latin1'));
  };
  const noteShown = (): void => {
    const strings = shown.get(font) ?? [];
    for (const token of operands) {
      const first = bytes[token.start];
      if (token.kind === 'operand' && (first === 0x28 || first === 0x3c))
        strings.push(stringBytes(text(token)));
    }
    shown.set(font, strings);
  };
  /** Text with its wide gaps rounded to a quarter of the letter size. */
  const writeCoarseGaps = (): void => {
    const line = operands.map((token) => {
      const gap = token.kind === 'word' ? Number(text(token)) : 0;
      return Math.abs(gap) < GAP_MIN ? text(token) : String(Math.round(gap / GAP_STEP) * GAP_STEP);
    });
    out.push(Buffer.from(`${line.join(' ')} TJ\n`, 'latin1'));
  };
  const lastName = (): string => {
    const last = operands.findLast((token) => bytes[token.start] === 0x2f);
    return last === undefined ? '' : nameOf(text(last));
  };
  const isHiddenSection = (): boolean => {
    const [tag, property] = operands;
    if (tag === undefined || property === undefined || nameOf(text(tag)) !== 'OC') return false;
    return bytes[property.start] === 0x2f && filter.isHiddenLayer(nameOf(text(property)));
  };

  const inlineImage = (): void => {
    const dictionary: string[] = [];
    for (let token = lexer.next(); token !== null; token = lexer.next()) {
      const word = text(token);
      if (token.kind === 'word' && word === 'ID') break;
      dictionary.push(word);
    }
    const header = dictionary.join(' ');
    const data = lexer.inlineData(header);
    if (hidden()) {
      dropped += 1;
      return;
    }
    out.push(Buffer.from(`BI ${header} ID `, 'latin1'));
    out.push(Buffer.from(bytes.buffer, bytes.byteOffset + data.start, data.end - data.start));
    out.push(Buffer.from('\nEI\n', 'latin1'));
  };

  const operator = (word: string): void => {
    if (word === 'BMC' || word === 'BDC') {
      const hides = hidden() || (word === 'BDC' && isHiddenSection());
      sections.push(hides);
      if (filter.keepMarks && !hides) write(word);
      return;
    }
    if (word === 'EMC') {
      const hid = sections.pop();
      if (filter.keepMarks && hid === false) write(word);
      return;
    }
    if (word === 'MP' || word === 'DP') {
      if (filter.keepMarks && !hidden()) write(word);
      return;
    }
    if (word === 'BI') return inlineImage();
    if (word === 'Do') {
      if (hidden() || filter.isHiddenXObject(lastName())) {
        dropped += 1;
        return;
      }
      names.xobjects.add(lastName());
    }
    if (hidden() && (TEXT_SHOWING.has(word) || word === 'sh')) {
      dropped += 1;
      if (word === "'") out.push(Buffer.from('T*\n'));
      return;
    }
    if (hidden() && PATH_PAINTING.has(word)) {
      dropped += 1;
      out.push(Buffer.from('n\n'));
      return;
    }
    if (word === 'q') fontStack.push(font);
    if (word === 'Q') font = fontStack.pop() ?? font;
    if (word === 'Tf') {
      font = lastName();
      names.fonts.add(font);
    }
    if (TEXT_SHOWING.has(word)) noteShown();
    if (word === 'TJ' && !filter.keepMarks) return writeCoarseGaps();
    if (word === 'scn' || word === 'SCN') names.patterns.add(lastName());
    if (word === 'sh') names.shadings.add(lastName());
    if (word === 'gs') names.states.add(lastName());
    write(word);
  };

  for (let token = lexer.next(); token !== null; token = lexer.next()) {
    if (token.kind === 'open') depth += 1;
    if (token.kind === 'close') depth = Math.max(0, depth - 1);
    const word = token.kind === 'word' ? text(token) : '';
    if (token.kind !== 'word' || depth > 0 || NUMBER.test(word) || LITERALS.has(word)) {
      operands.push(token);
      continue;
    }
    operator(word);
    operands = [];
  }
  return { bytes: Buffer.concat(out), names, shown, dropped };
};
