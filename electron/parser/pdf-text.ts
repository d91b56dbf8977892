import type * as mupdf from 'mupdf';
import { MAX_TEXT_CHARS } from '#shared/parser/jobs.ts';
import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { mupdfLibrary, openPdf } from './mupdf-open.ts';
import { readPageText } from './page-characters.ts';
import { Refusal } from './refusal.ts';

const TOTAL_CHARS = 2 * MAX_TEXT_CHARS;
/** Sharp enough to read small print; more would only cost memory. */
const MAX_DPI = 300;

/** Text page by page. A page that cannot be read gives empty text: search shows the rest. */
export const pdfText = (params: ParserParams<'pdf.text'>): ParserAnswer<'pdf.text'> => {
  const pdf = openPdf(params.bytes);
  const pageCount = pdf.countPages();
  const pages: string[] = [];
  let left = TOTAL_CHARS;
  for (let index = 0; index < Math.min(pageCount, params.maxPages) && left > 0; index += 1) {
    let text = '';
    try {
      const page = pdf.loadPage(index);
      text = readPageText(page).slice(0, Math.min(left, MAX_TEXT_CHARS));
      page.destroy();
    } catch (thrown) {
      if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
    }
    left -= text.length;
    pages.push(text);
  }
  return { pages, pageCount, truncated: pages.length < pageCount };
};

/** Page sizes in points, as shown. */
export const pdfPages = (params: ParserParams<'pdf.pages'>): ParserAnswer<'pdf.pages'> => {
  const pdf = openPdf(params.bytes);
  const pageCount = pdf.countPages();
  const pages = [];
  for (let index = 0; index < Math.min(pageCount, params.maxPages); index += 1) {
    const page = pdf.loadPage(index);
    const [x0, y0, x1, y1] = page.getBounds();
    pages.push({ width: x1 - x0, height: y1 - y0 });
    page.destroy();
  }
  return { pages, pageCount };
};

/** Draws a page and its visible annotations on white, as large as `maxPixels` and `maxDpi` allow. */
export const drawPage = (
  page: mupdf.Page,
  maxPixels: number,
  maxDpi: number,
): { width: number; height: number; pixmap: mupdf.Pixmap } => {
  const [x0, y0, x1, y1] = page.getBounds();
  const area = (x1 - x0) * (y1 - y0);
  if (!(area > 0) || !Number.isFinite(area)) throw new Refusal('parser.damagedFile');
  // One row and column less, because edges are rounded outwards.
  let scale = Math.min(maxDpi / 72, Math.sqrt(maxPixels / area));
  scale = Math.min(scale, 99_000 / (x1 - x0), 99_000 / (y1 - y0));
  for (let round = 0; round < 8; round += 1) {
    const width = Math.ceil((x1 - x0) * scale) + 1;
    const height = Math.ceil((y1 - y0) * scale) + 1;
    if (width * height <= maxPixels) break;
    scale *= 0.98;
  }
  const { ColorSpace, Matrix } = mupdfLibrary();
  const pixmap = page.toPixmap(Matrix.scale(scale, scale), ColorSpace.DeviceRGB, false, true);
  return { width: pixmap.getWidth(), height: pixmap.getHeight(), pixmap };
};

/** One page as RGBA. */
export const pdfRender = (params: ParserParams<'pdf.render'>): ParserAnswer<'pdf.render'> => {
  const pdf = openPdf(params.bytes);
  if (params.page >= pdf.countPages()) throw new Refusal('parser.unsupported');
  const { width, height, pixmap } = drawPage(pdf.loadPage(params.page), params.maxPixels, MAX_DPI);
  const stride = pixmap.getStride();
  const rgb = pixmap.getPixels();
  const data = new Uint8Array(width * height * 4);
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0, from = y * stride; x < width; x += 1, from += 3, to += 4) {
      data[to] = rgb[from] ?? 255;
      data[to + 1] = rgb[from + 1] ?? 255;
      data[to + 2] = rgb[from + 2] ?? 255;
      data[to + 3] = 255;
    }
  }
  return { width, height, data };
};
