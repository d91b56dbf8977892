import type * as mupdf from 'mupdf';
import { Refusal } from './refusal.ts';

let loaded: typeof mupdf | null = null;

/**
 * Loads the library. Its WebAssembly alone takes half of what a parser process holds, and most of them never see a PDF:
 * whatever reads one waits for this first, and then asks `mupdfLibrary`.
 */
export const loadMupdf = async (): Promise<void> => {
  loaded ??= await import('mupdf');
};

/** The library, once it was loaded. */
export const mupdfLibrary = (): typeof mupdf => {
  if (loaded === null) throw new Error('mupdf was not loaded');
  return loaded;
};

/** More pages than any filing or annex has; a page tree that claims more is a bomb. */
export const MAX_PDF_PAGES = 20_000;
/** More objects than a real document of that many pages has. */
export const MAX_PDF_OBJECTS = 2_000_000;

/**
 * Opens bytes as a PDF with script support off. Refuses what is no PDF (`parser.unsupported`), what wants a
 * password (`parser.passwordProtected`), and page trees or object tables beyond the bounds above.
 */
export const openPdf = (bytes: Uint8Array): mupdf.PDFDocument => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4_096));
  if (!head.includes('%PDF-')) throw new Refusal('parser.unsupported');
  const opened = mupdfLibrary().Document.openDocument(bytes, 'application/pdf');
  const pdf = opened.asPDF();
  if (pdf === null) throw new Refusal('parser.unsupported');
  if (pdf.needsPassword()) throw new Refusal('parser.passwordProtected');
  pdf.disableJS();
  if (pdf.countObjects() > MAX_PDF_OBJECTS) throw new Refusal('parser.tooLarge');
  const pages = pdf.countPages();
  if (pages > MAX_PDF_PAGES) throw new Refusal('parser.tooLarge');
  if (pages === 0) throw new Refusal('parser.damagedFile');
  return pdf;
};

/** A copy of the bytes of a mupdf buffer, out of WebAssembly memory, which moves when it grows. */
export const copyBuffer = (buffer: mupdf.Buffer): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(buffer.asUint8Array());
  buffer.destroy();
  return bytes;
};

/** Reads along a path; a step that is not there gives the null object instead of an exception. */
export const dig = (object: mupdf.PDFObject, ...path: (string | number)[]): mupdf.PDFObject =>
  object.isNull() ? object : object.get(...path);

/** The name that stands at a path, or '' where none does. */
export const digName = (object: mupdf.PDFObject, ...path: (string | number)[]): string => {
  const found = dig(object, ...path);
  return found.isName() ? found.asName() : '';
};
