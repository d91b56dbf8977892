import type * as mupdf from 'mupdf';

/** The characters of a page in reading order, with line ends, and where each stands on the page. */
export interface PageCharacters {
  readonly text: string;
  /** One per UTF-16 unit of `text`; null for the line ends that were put between lines. */
  readonly quads: readonly (mupdf.Quad | null)[];
  /** Glyphs that are drawn but have no character: nobody can search them. */
  readonly unreadable: number;
}

const REPLACEMENT = 0xfffd;
const READ_OPTIONS = 'preserve-whitespace,clip=no';

/** The same text without places: many times faster, because no glyph crosses into JavaScript. */
export const readPageText = (page: mupdf.Page): string => {
  const structured = page.toStructuredText(READ_OPTIONS);
  const text = structured.asText();
  structured.destroy();
  return text;
};

/**
 * Reads a page's text, that outside the page's frame and that hidden by clipping included: it is in the file.
 * Characters beyond `maxUnits` are left out.
 */
export const readPageCharacters = (page: mupdf.Page, maxUnits: number): PageCharacters => {
  const pieces: string[] = [];
  const quads: (mupdf.Quad | null)[] = [];
  let unreadable = 0;
  const structured = page.toStructuredText(READ_OPTIONS);
  structured.walk({
    onChar: (character, _origin, _font, _size, quad) => {
      if (quads.length >= maxUnits) return;
      if (character.codePointAt(0) === REPLACEMENT) unreadable += 1;
      pieces.push(character);
      for (let unit = 0; unit < character.length; unit += 1) quads.push(quad);
    },
    endLine: () => {
      pieces.push('\n');
      quads.push(null);
    },
  });
  structured.destroy();
  return { text: pieces.join(''), quads, unreadable };
};

/** Where pictures stand on a page. Text over one is as a rule what a recogniser read in it. */
export const readPictureFrames = (page: mupdf.Page): mupdf.Rect[] => {
  const frames: mupdf.Rect[] = [];
  const structured = page.toStructuredText('preserve-images');
  structured.walk({ onImageBlock: (frame) => void frames.push(frame) });
  structured.destroy();
  return frames;
};
