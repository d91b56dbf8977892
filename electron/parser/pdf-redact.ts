import type * as mupdf from 'mupdf';
import { MAX_TEXT_CHARS } from '#shared/parser/jobs.ts';
import type { Box, ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { findWords, prepareNeedles } from './find-words.ts';
import type { Needle } from './find-words.ts';
import { copyBuffer, mupdfLibrary, openPdf } from './mupdf-open.ts';
import { readPageCharacters, readPageText, readPictureFrames } from './page-characters.ts';
import { trimFonts } from './pdf-fonts.ts';
import { ContentCleaner, pageContent } from './pdf-content.ts';
import { acrossPicture, coverQuad, frameOf, innerQuad, splitLines } from './glyph-frame.ts';
import { readLayers } from './pdf-layers.ts';
import type { PdfLayers } from './pdf-layers.ts';
import { copyPagesOnly, countStripped, removeTellingKeys, saveFresh } from './pdf-strip.ts';
import { drawPage } from './pdf-text.ts';
import { removeUnseenText } from './unseen-text.ts';
import { Refusal } from './refusal.ts';

const MAX_ROUNDS = 4;
const PICTURE_DPI = 200;
const PICTURE_PIXELS = 16_000_000;
const JPEG_QUALITY = 88;

/** Removes all words from one page; gives how many stretches were found. Covers are added to `covers`. */
const redactWords = (page: mupdf.PDFPage, needles: readonly Needle[], covers: mupdf.Quad[]): number => {
  if (findWords(readPageText(page), needles).length === 0) return 0;
  const characters = readPageCharacters(page, MAX_TEXT_CHARS);
  const hits = findWords(characters.text, needles);
  const pictures = readPictureFrames(page);
  for (const { start, end } of hits) {
    const frames = splitLines(characters.quads.slice(start, end))
      .map(frameOf)
      .map((frame) => acrossPicture(frame, pictures));
    if (frames.length === 0) continue;
    page.createAnnotation('Redact').setQuadPoints(frames.map(innerQuad));
    covers.push(...frames.map(coverQuad));
  }
  // Pictures under the glyphs are blacked out too: a scan with a text layer shows the word twice.
  const { PDFPage } = mupdfLibrary();
  page.applyRedactions(
    false,
    PDFPage.REDACT_IMAGE_PIXELS,
    PDFPage.REDACT_LINE_ART_REMOVE_IF_COVERED,
    PDFPage.REDACT_TEXT_REMOVE,
  );
  return hits.length;
};

/** Removes everything that a box touches: text, pictures' pixels and any drawing. */
const redactBoxes = (page: mupdf.PDFPage, boxes: readonly Box[]): void => {
  const [x0, y0] = page.getBounds();
  for (const box of boxes) {
    const [left, top] = [x0 + box.x, y0 + box.y];
    page.createAnnotation('Redact').setRect([left, top, left + box.width, top + box.height]);
  }
  const { PDFPage } = mupdfLibrary();
  page.applyRedactions(
    true,
    PDFPage.REDACT_IMAGE_PIXELS,
    PDFPage.REDACT_LINE_ART_REMOVE_IF_TOUCHED,
    PDFPage.REDACT_TEXT_REMOVE,
  );
};

/** Far beyond any page: the largest sheet that readers support is 14,400 points wide. */
const FAR = 100_000;

/** Removes what lies wholly outside the frame in which the page is shown: readers of the file still find it. */
const removeOutside = (page: mupdf.PDFPage): void => {
  const [x0, y0, x1, y1] = page.getBounds();
  const around: mupdf.Rect[] = [
    [-FAR, -FAR, FAR, y0 - 1],
    [-FAR, y1 + 1, FAR, FAR],
    [-FAR, y0 - 1, x0 - 1, y1 + 1],
    [x1 + 1, y0 - 1, FAR, y1 + 1],
  ];
  for (const rectangle of around) page.createAnnotation('Redact').setRect(rectangle);
  const { PDFPage } = mupdfLibrary();
  page.applyRedactions(
    false,
    PDFPage.REDACT_IMAGE_PIXELS,
    PDFPage.REDACT_LINE_ART_REMOVE_IF_COVERED,
    PDFPage.REDACT_TEXT_REMOVE,
  );
};

const forEachPage = (pdf: mupdf.PDFDocument, visit: (page: mupdf.PDFPage, index: number) => void): void => {
  for (let index = 0; index < pdf.countPages(); index += 1) {
    const page = pdf.loadPage(index);
    visit(page, index);
    page.destroy();
  }
};

const dropAnnotations = (pdf: mupdf.PDFDocument): void => {
  for (let index = 0; index < pdf.countPages(); index += 1) {
    const page = pdf.findPage(index);
    page.delete('Annots');
    page.delete('AA');
  }
};

const cleanPages = (pdf: mupdf.PDFDocument, layers: PdfLayers, keepMarks: boolean): void => {
  const cleaner = new ContentCleaner(pdf, layers, keepMarks);
  for (let index = 0; index < pdf.countPages(); index += 1) cleaner.cleanPage(pdf.findPage(index));
};

/** Draws black over the places where words stood. */
const drawCovers = (pdf: mupdf.PDFDocument, page: mupdf.PDFPage, covers: readonly mupdf.Quad[]): void => {
  const [a, b, c, d, e, f] = mupdfLibrary().Matrix.invert(page.getTransform());
  const point = (x: number, y: number): string =>
    `${(x * a + y * c + e).toFixed(2)} ${(x * b + y * d + f).toFixed(2)}`;
  const paths = covers.map(
    (quad) =>
      `${point(quad[0], quad[1])} m ${point(quad[2], quad[3])} l ${point(quad[6], quad[7])} l ${point(quad[4], quad[5])} l h f`,
  );
  const content = Buffer.concat([
    Buffer.from('q\n'),
    pageContent(page.getObject()),
    Buffer.from(`\nQ\nq 0 g\n${paths.join('\n')}\nQ\n`),
  ]);
  page.getObject().put('Contents', pdf.addStream(content, {}));
};

const removeWords = (pdf: mupdf.PDFDocument, needles: readonly Needle[]): number => {
  let removed = 0;
  if (needles.length === 0) return removed;
  forEachPage(pdf, (page) => {
    const covers: mupdf.Quad[] = [];
    removed += redactWords(page, needles, covers);
    if (covers.length > 0) drawCovers(pdf, page, covers);
  });
  return removed;
};

/** Every page drawn anew as one picture on a page of the same size. */
const drawAsPictures = (source: mupdf.PDFDocument): mupdf.PDFDocument => {
  const { Image, PDFDocument } = mupdfLibrary();
  const target = new PDFDocument();
  forEachPage(source, (page, index) => {
    const [x0, y0, x1, y1] = page.getBounds();
    const { pixmap } = drawPage(page, PICTURE_PIXELS, PICTURE_DPI);
    const picture = new Image(pixmap.asJPEG(JPEG_QUALITY));
    const reference = target.addImage(picture);
    picture.destroy();
    pixmap.destroy();
    const [width, height] = [x1 - x0, y1 - y0];
    const resources = { XObject: { I: reference } };
    const content = `q ${width} 0 0 ${height} 0 0 cm /I Do Q`;
    target.insertPage(index, target.addPage([0, 0, width, height], 0, resources, content));
  });
  return target;
};

/**
 * Redacts in six steps, each on the outcome of the one before: hidden layers out (a search does not see
 * them), words and boxes out with marks in place (so that alternative text is searched as well), marks
 * out, text that no eye sees out, words again (now the glyphs themselves are read), pages alone into a new document, written as
 * one revision. Then the result is opened and searched once more; a word that is still there is a refusal,
 * never an answer.
 */
export const pdfRedact = (params: ParserParams<'pdf.redact'>): ParserAnswer<'pdf.redact'> => {
  const original = openPdf(params.bytes);
  const pageCount = original.countPages();
  const stripped = countStripped(original, readLayers(original).hiddenCount);
  // mupdf writes the content streams anew, so that our own filter reads what mupdf would read.
  const tidy = openPdf(copyBuffer(original.saveToBuffer('garbage=yes,clean=yes,sanitize=yes')));
  original.destroy();
  const needles = prepareNeedles(params.words);

  dropAnnotations(tidy);
  const layers = readLayers(tidy);
  cleanPages(tidy, layers, true);
  forEachPage(tidy, removeOutside);
  let removed = removeWords(tidy, needles);
  const boxes = new Map<number, Box[]>();
  for (const { page, box } of params.boxes) {
    if (page >= pageCount) throw new Refusal('parser.unsupported');
    boxes.set(page, [...(boxes.get(page) ?? []), box]);
  }
  forEachPage(tidy, (page, index) => {
    const here = boxes.get(index);
    if (here === undefined) return;
    redactBoxes(page, here);
    removed += here.length;
  });
  cleanPages(tidy, layers, false);
  if (params.mode === 'content') {
    forEachPage(tidy, (page) => {
      removed += removeUnseenText(page);
    });
  }
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const more = removeWords(tidy, needles);
    if (more === 0) break;
    removed += more;
  }

  let result = copyPagesOnly(tidy);
  tidy.destroy();
  if (params.mode === 'pictures') result = drawAsPictures(result);
  removeTellingKeys(result);
  trimFonts(result);
  const bytes = saveFresh(result, params.fileId);
  result.destroy();

  const check = openPdf(bytes);
  if (check.countPages() !== pageCount) throw new Refusal('parser.damagedFile');
  forEachPage(check, (page) => {
    if (findWords(readPageText(page), needles).length > 0) throw new Refusal('parser.unsupported');
  });
  return { bytes, removed, pageCount, stripped };
};
