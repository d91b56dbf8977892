import type * as mupdf from 'mupdf';

/**
 * One frame around all glyphs of a stretch of one line, in the direction of the line. One frame and not one
 * a glyph: the widths of single letters would tell the word.
 */
export interface GlyphFrame {
  readonly along: readonly [number, number];
  /** Extent along the line and across it, in points, measured on the axes of the line. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Point = readonly [number, number];

/** Gives the frame of at least one glyph. */
export const frameOf = (quads: readonly mupdf.Quad[]): GlyphFrame => {
  const [first] = quads;
  if (first === undefined) throw new Error('no glyphs');
  const length = Math.hypot(first[2] - first[0], first[3] - first[1]) || 1;
  const along: Point = [(first[2] - first[0]) / length, (first[3] - first[1]) / length];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const quad of quads) {
    const points: Point[] = [
      [quad[0], quad[1]],
      [quad[2], quad[3]],
      [quad[4], quad[5]],
      [quad[6], quad[7]],
    ];
    for (const [x, y] of points) {
      const a = x * along[0] + y * along[1];
      const b = y * along[0] - x * along[1];
      [left, right] = [Math.min(left, a), Math.max(right, a)];
      [top, bottom] = [Math.min(top, b), Math.max(bottom, b)];
    }
  }
  return { along, left, right, top, bottom };
};

const quadOf = (along: Point, left: number, right: number, top: number, bottom: number): mupdf.Quad => {
  const point = (a: number, b: number): [number, number] => [
    a * along[0] - b * along[1],
    a * along[1] + b * along[0],
  ];
  return [...point(left, top), ...point(right, top), ...point(left, bottom), ...point(right, bottom)];
};

/** The part of a frame that is removed: drawn in at top and bottom, so that neighbouring lines stay. */
export const innerQuad = ({ along, left, right, top, bottom }: GlyphFrame): mupdf.Quad => {
  const inset = (bottom - top) * 0.15;
  const side = Math.min(0.25, (right - left) * 0.02);
  return quadOf(along, left + side, right - side, top + inset, bottom - inset);
};

/**
 * The black bar over a frame. Its ends lie on a grid of a quarter of the letter height, so that it does not
 * measure the removed word to the hundredth of a point.
 */
export const coverQuad = ({ along, left, right, top, bottom }: GlyphFrame): mupdf.Quad => {
  const height = bottom - top;
  const step = height / 4;
  let from = Math.ceil(left / step) * step;
  let to = Math.floor(right / step) * step;
  if (to - from < step) {
    from = Math.round((left + right) / 2 / step) * step - step / 2;
    to = from + step;
  }
  return quadOf(along, from, to, top + height * 0.1, bottom - height * 0.1);
};

/** The glyphs of a stretch, line by line; null stands for a line end. */
export const splitLines = (quads: readonly (mupdf.Quad | null)[]): mupdf.Quad[][] => {
  const lines: mupdf.Quad[][] = [[]];
  for (const quad of quads) {
    if (quad === null) lines.push([]);
    else lines.at(-1)?.push(quad);
  }
  return lines.filter((line) => line.length > 0);
};

/**
 * A frame over a picture, widened to the picture's whole line: a recogniser's letters lie only roughly where
 * the drawn ones are, and half of a surname must not look out beside the bar. Other frames stay as they are.
 */
export const acrossPicture = (frame: GlyphFrame, pictures: readonly mupdf.Rect[]): GlyphFrame => {
  const { along, left, right, top, bottom } = frame;
  const [cosine, sine] = along;
  const middle = [(left + right) / 2, (top + bottom) / 2] as const;
  const x = middle[0] * cosine - middle[1] * sine;
  const y = middle[0] * sine + middle[1] * cosine;
  const picture = pictures.find(([x0, y0, x1, y1]) => x >= x0 && x <= x1 && y >= y0 && y <= y1);
  if (picture === undefined) return frame;
  const [x0, y0, x1, y1] = picture;
  const ends = [
    [x0, y0],
    [x1, y0],
    [x0, y1],
    [x1, y1],
  ].map(([a = 0, b = 0]) => a * cosine + b * sine);
  const margin = (bottom - top) * 0.4;
  return {
    along,
    left: Math.min(...ends),
    right: Math.max(...ends),
    top: top - margin,
    bottom: bottom + margin,
  };
};
