import { fileType } from './file-type.ts';
import { heicPixels } from './heic.ts';
import { ocrLines, ocrText } from './ocr.ts';
import { loadMupdf } from './mupdf-open.ts';
import { phoneDirectory, phoneEnd, phoneFeed, phoneOpen } from './phone/phone-jobs.ts';
import { pdfDecode } from './pdf-decode.ts';
import { pdfRedact } from './pdf-redact.ts';
import { pdfDecodeSecond } from './pdf-second.ts';
import { pdfPages, pdfRender, pdfText } from './pdf-text.ts';
import type { JobHandlers } from './serve.ts';
import { indicatorsRead } from './stix-set.ts';
import { textDecode } from './text-decode.ts';
import { zipDecode } from './zip-decode.ts';

/** A job of the library for PDF, which is loaded when the first one comes: most of these processes never see a PDF. */
const withMupdf =
  <P, A>(work: (params: P) => A): ((params: P) => Promise<A>) =>
  async (params) => {
    await loadMupdf();
    return work(params);
  };

/** Jobs of the kind that loads no native addon. */
export const WASM_JOBS: JobHandlers = {
  'file.type': fileType,
  'text.decode': textDecode,
  'pdf.text': withMupdf(pdfText),
  'pdf.pages': withMupdf(pdfPages),
  'pdf.render': withMupdf(pdfRender),
  'pdf.redact': withMupdf(pdfRedact),
  'pdf.decode': withMupdf(pdfDecode),
  'pdf.decodeSecond': pdfDecodeSecond,
  'zip.decode': withMupdf(zipDecode),
  'indicators.read': indicatorsRead,
  'phone.open': phoneOpen,
  'phone.directory': phoneDirectory,
  'phone.feed': phoneFeed,
  'phone.end': phoneEnd,
  'heic.pixels': heicPixels,
  'ocr.text': ocrText,
  'ocr.lines': ocrLines,
};
