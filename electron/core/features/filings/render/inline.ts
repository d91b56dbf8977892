import type { Run } from '#shared/model/filing-document.ts';
import { runText } from '#shared/model/filing-text.ts';
import type { Face, FontName } from './fonts.ts';
import { splitByFont } from './fonts.ts';
import type { PdfWriter } from './pdf-writer.ts';
import { AppError } from '#shared/errors.ts';

export const INK = {
  text: '#1b1d1c',
  muted: '#59615d',
  accent: '#0f5a56',
  rule: '#c6cdc9',
  tint: '#f1f4f2',
  withheld: '#e3e6e4',
} as const;

/** Text with one look. */
export interface Span {
  readonly text: string;
  readonly face: Face;
  readonly size: number;
  readonly color: string;
  /** Colour behind the text. */
  readonly shade?: string;
}

interface Piece {
  text: string;
  readonly font: FontName;
  readonly span: Span;
  x: number;
  width: number;
}
export interface Line {
  readonly pieces: readonly Piece[];
  readonly width: number;
}

export const span = (text: string, size: number, face: Face = 'regular', color: string = INK.text): Span => ({
  text,
  size,
  face,
  color,
});

/** The look of each kind of run. Pseudonyms look like the names that they stand for. */
export const runSpans = (runs: readonly Run[], size: number, face: Face = 'regular'): Span[] =>
  runs.map((run) => {
    switch (run.kind) {
      case 'text':
      case 'pseudonym':
        return span(run.text, size, face);
      case 'strong':
        return span(run.text, size, 'semibold');
      case 'withheld':
        return { ...span(run.text, size - 0.6, 'semibold', INK.muted), shade: INK.withheld };
      case 'annex':
        return span(runText(run), size - 0.8, 'semibold', INK.accent);
    }
  });

interface Word {
  readonly pieces: Piece[];
  readonly width: number;
  /** The space before it, null at a forced break inside a long word. */
  readonly space: Piece | null;
}

const pieceOf = (writer: PdfWriter, text: string, font: FontName, source: Span): Piece => ({
  text,
  font,
  span: source,
  x: 0,
  width: writer.measure(text, font, source.size),
});

/** Where a word wider than its column may be broken: after these signs, otherwise between letters. */
const AFTER = /(?<=[_\-/.@:])/u;

const breakWord = (writer: PdfWriter, word: Word, width: number): Word[] => {
  const parts: Word[] = [];
  let pieces: Piece[] = [];
  let used = 0;
  let space = word.space;
  const flush = (): void => {
    if (pieces.length > 0) parts.push({ pieces, width: used, space });
    pieces = [];
    used = 0;
    space = null;
  };
  const put = (text: string, piece: Piece): void => {
    const next = pieceOf(writer, text, piece.font, piece.span);
    if (used > 0 && used + next.width > width) flush();
    pieces.push(next);
    used += next.width;
  };
  for (const piece of word.pieces) {
    for (const chunk of piece.text.split(AFTER)) {
      if (writer.measure(chunk, piece.font, piece.span.size) <= width) put(chunk, piece);
      else for (const [cluster] of chunk.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) put(cluster, piece);
    }
  }
  flush();
  return parts;
};

const wordsOf = (writer: PdfWriter, spans: readonly Span[], width: number): Word[] => {
  const words: Word[] = [];
  let pieces: Piece[] = [];
  let space: Piece | null = null;
  const flush = (): void => {
    if (pieces.length === 0) return;
    const word = { pieces, width: pieces.reduce((sum, piece) => sum + piece.width, 0), space };
    if (word.width > width) words.push(...breakWord(writer, word, width));
    else words.push(word);
    pieces = [];
    space = null;
  };
  for (const source of spans) {
    for (const token of source.text.split(/( +)/)) {
      if (token === '') continue;
      if (token.startsWith(' ')) {
        flush();
        space = pieceOf(writer, ' ', source.face, source);
        continue;
      }
      const split = splitByFont(token, source.face, writer.hasGlyph);
      // The coverage check ran before; this is the second lock, without a place to name.
      if (split === null) throw new AppError('export.glyphMissing', { params: { section: 0 } });
      for (const part of split) pieces.push(pieceOf(writer, part.text, part.font, source));
    }
  }
  flush();
  return words;
};

/** Breaks spans into lines of at most `width` points. */
export const breakLines = (writer: PdfWriter, spans: readonly Span[], width: number): Line[] => {
  const lines: Line[] = [];
  let pieces: Piece[] = [];
  let x = 0;
  const add = (piece: Piece): void => {
    const last = pieces.at(-1);
    if (last !== undefined && last.span === piece.span && last.font === piece.font) {
      // One stretch of one font is drawn in one go, so that kerning and copied text stay whole.
      last.text += piece.text;
    } else {
      pieces.push({ ...piece, x });
    }
    x += piece.width;
    const grown = pieces.at(-1);
    if (grown !== undefined) grown.width = x - grown.x;
  };
  const flush = (): void => {
    lines.push({ pieces, width: x });
    pieces = [];
    x = 0;
  };
  for (const word of wordsOf(writer, spans, width)) {
    const gap = pieces.length > 0 && word.space !== null ? word.space.width : 0;
    if (pieces.length > 0 && x + gap + word.width > width) flush();
    else if (gap > 0 && word.space !== null) add(word.space);
    for (const piece of word.pieces) add({ ...piece });
  }
  if (pieces.length > 0 || lines.length === 0) flush();
  return lines;
};

/** Draws one line. `last` false: a space ends it, so that words of two lines stay apart for whoever copies or listens. */
export const drawLine = (writer: PdfWriter, line: Line, x: number, baseline: number, last: boolean): void => {
  for (const piece of line.pieces) {
    if (piece.span.shade !== undefined) {
      writer.doc
        .rect(x + piece.x - 1, baseline - piece.span.size * 0.82, piece.width + 2, piece.span.size * 1.12)
        .fill(piece.span.shade);
    }
  }
  line.pieces.forEach((piece, at) => {
    const text = !last && at === line.pieces.length - 1 ? `${piece.text} ` : piece.text;
    writer.drawText(text, x + piece.x, baseline, piece.font, piece.span.size, piece.span.color);
  });
};
