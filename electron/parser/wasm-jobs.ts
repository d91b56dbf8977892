import { fileType } from './file-type.ts';
import { heicPixels } from './heic.ts';
import { ocrText } from './ocr.ts';
import { pdfDecode } from './pdf-decode.ts';
import { pdfRedact } from './pdf-redact.ts';
import { pdfDecodeSecond } from './pdf-second.ts';
import { pdfPages, pdfRender, pdfText } from './pdf-text.ts';
import type { JobHandlers } from './serve.ts';
import { indicatorsRead } from './stix-set.ts';
import { textDecode } from './text-decode.ts';
import { zipDecode } from './zip-decode.ts';

/** Jobs of the kind that loads no native addon. */
export const WASM_JOBS: JobHandlers = {
  'file.type': fileType,
  'text.decode': textDecode,
  'pdf.text': pdfText,
  'pdf.pages': pdfPages,
  'pdf.render': pdfRender,
  'pdf.redact': pdfRedact,
  'pdf.decode': pdfDecode,
  'pdf.decodeSecond': pdfDecodeSecond,
  'zip.decode': zipDecode,
  'indicators.read': indicatorsRead,
  'heic.pixels': heicPixels,
  'ocr.text': ocrText,
};
