import { AppError } from '#shared/errors.ts';

export type Face = 'regular' | 'semibold' | 'italic';
export type FontName = Face | 'fallback' | 'fallbackBold';

/** A piece of text that one font can show whole. */
export interface FontPiece {
  readonly text: string;
  readonly font: FontName;
}

type HasGlyph = (font: FontName, codePoint: number) => boolean;

/** Base letters with the marks that stand on them: a mark must come from the font of its letter. */
const CLUSTERS = /\P{M}\p{M}*|\p{M}+/gu;

/**
 * Splits text by font: the wanted face where it has every glyph of a letter with its marks, otherwise the
 * fallback. Gives null for a letter that neither has; nothing is ever dropped or drawn as an empty box.
 */
export const splitByFont = (text: string, face: Face, hasGlyph: HasGlyph): FontPiece[] | null => {
  const fallback: FontName = face === 'semibold' ? 'fallbackBold' : 'fallback';
  const pieces: { text: string; font: FontName }[] = [];
  for (const [cluster] of text.matchAll(CLUSTERS)) {
    const points = [...cluster].map((letter) => letter.codePointAt(0) ?? 0);
    const font = points.every((point) => hasGlyph(face, point))
      ? face
      : points.every((point) => hasGlyph(fallback, point))
        ? fallback
        : null;
    if (font === null) return null;
    const last = pieces.at(-1);
    if (last?.font === font) last.text += cluster;
    else pieces.push({ text: cluster, font });
  }
  return pieces;
};

/**
 * Refuses text that the fonts cannot show. `section` is the place of the section in the filing (0: head of
 * the document): the error names the place and never the text.
 */
export const assertCovered = (text: string, face: Face, section: number, hasGlyph: HasGlyph): void => {
  if (splitByFont(text, face, hasGlyph) === null) {
    throw new AppError('export.glyphMissing', { params: { section } });
  }
};
