import { ContentLexer, latin, nameOf, stringBytes } from './content-lexer.ts';
import type { Token } from './content-lexer.ts';

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
  const lexer = new ContentLexer(bytes);
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
