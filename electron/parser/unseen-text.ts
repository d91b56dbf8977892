import type * as mupdf from 'mupdf';
import { MAX_TEXT_CHARS } from '#shared/parser/jobs.ts';
import { frameOf, innerQuad, splitLines } from './glyph-frame.ts';
import { mupdfLibrary } from './mupdf-open.ts';
import { readPageCharacters } from './page-characters.ts';
import { drawPage } from './pdf-text.ts';

const DPI = 150;
const PIXELS = 8_000_000;
/** Of 255, in any channel: print that is fainter against its ground no eye sees. */
const FAINT = 20;

type Pixmap = ReturnType<typeof drawPage>['pixmap'];

/** Whether a drawn page is of one colour where a glyph stands. */
const blankAt = (
  pixels: Uint8ClampedArray,
  stride: number,
  width: number,
  height: number,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): boolean => {
  const left = Math.max(0, Math.floor(x0));
  const top = Math.max(0, Math.floor(y0));
  const right = Math.min(width, Math.ceil(x1));
  const bottom = Math.min(height, Math.ceil(y1));
  const low = [255, 255, 255];
  const high = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const value = pixels[y * stride + x * 3 + channel] ?? 255;
        if (value < (low[channel] as number)) low[channel] = value;
        if (value > (high[channel] as number)) high[channel] = value;
      }
    }
  }
  return low.every((value, channel) => (high[channel] as number) - value < FAINT);
};

const scaleOf = (page: mupdf.Page, pixmap: Pixmap): number => {
  const [x0, , x1] = page.getBounds();
  return pixmap.getWidth() / Math.max(1, x1 - x0);
};

/**
 * Removes every letter of a page that nobody sees when it is drawn: text under a black box, white on white,
 * clipped away, without a size. Whoever drew a box over a line believes that the line is gone; a copy of the
 * text must agree with the eye, whether or not the words are known to anybody. Gives how many stretches went.
 */
export const removeUnseenText = (page: mupdf.PDFPage): number => {
  const { text, quads } = readPageCharacters(page, MAX_TEXT_CHARS);
  if (text.trim() === '') return 0;
  const [x0, y0] = page.getBounds();
  const { pixmap, width, height } = drawPage(page, PIXELS, DPI);
  const scale = scaleOf(page, pixmap);
  const pixels = pixmap.getPixels();
  const stride = pixmap.getStride();
  /** Between `from` and `to` of the height of a glyph: a box over a line rarely reaches its full height. */
  const blank = (quad: mupdf.Quad, from: number, to: number): boolean => {
    const along = (at: number): number[] =>
      [0, 1].flatMap((axis) =>
        [0, 2].map((corner) => {
          const [high, low] = [quad[corner + axis] as number, quad[corner + 4 + axis] as number];
          return (high + (low - high) * at - (axis === 0 ? x0 : y0)) * scale;
        }),
      );
    const [a, b] = [along(from), along(to)];
    const xs = [...a.slice(0, 2), ...b.slice(0, 2)];
    const ys = [...a.slice(2), ...b.slice(2)];
    const area = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
    return blankAt(pixels, stride, width, height, area);
  };
  const stretches: mupdf.Quad[][] = [];
  let word: { quad: mupdf.Quad; letter: string }[] = [];
  const endWord = (): void => {
    const letters = word.filter(({ letter }) => /[\p{L}\p{N}]/u.test(letter));
    // Letters have ink in the middle of their height; points and commas may have none there.
    const unseen =
      letters.length > 0
        ? letters.every(({ quad }) => blank(quad, 0.35, 0.65))
        : word.every(({ quad }) => blank(quad, 0, 1));
    if (word.length > 0 && unseen) stretches.push(word.map(({ quad }) => quad));
    word = [];
  };
  quads.forEach((quad, at) => {
    const letter = text.charAt(at);
    if (quad === null || /^\s$/u.test(letter)) endWord();
    else word.push({ quad, letter });
  });
  endWord();
  pixmap.destroy();
  const frames = stretches.flatMap((quadsOfOne) => splitLines(quadsOfOne)).map(frameOf);
  if (frames.length === 0) return 0;
  page.createAnnotation('Redact').setQuadPoints(frames.map(innerQuad));
  const { PDFPage } = mupdfLibrary();
  page.applyRedactions(
    false,
    PDFPage.REDACT_IMAGE_NONE,
    PDFPage.REDACT_LINE_ART_NONE,
    PDFPage.REDACT_TEXT_REMOVE,
  );
  return frames.length;
};
