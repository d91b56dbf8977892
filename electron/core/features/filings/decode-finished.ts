import { isAppError } from '#shared/errors.ts';
import type { ParserClient, Pixels } from '#shared/parser/jobs.ts';
import type { Decoding, FinishedFormat } from './leak-check/index.ts';

export interface FinishedDecodings {
  readonly decodings: readonly Decoding[];
  readonly inkPages: readonly string[];
}

/** Small enough to be quick, large enough for 10-point letters of an A4 page. */
const PAGE_PIXELS = 4_000_000;
const MAX_PAGES = 2_000;

/** Whether a picture has anything darker than paper on it. */
const hasInk = ({ data }: Pixels): boolean => {
  for (let at = 0; at + 3 < data.length; at += 4) {
    if ((data[at] as number) + (data[at + 1] as number) + (data[at + 2] as number) < 690) return true;
  }
  return false;
};

const ocr = async (
  parser: ParserClient,
  where: string,
  pixels: Pixels,
  signal: AbortSignal,
): Promise<Decoding> => {
  try {
    const { text } = await parser.run('ocr.text', { pixels }, { signal });
    return { decoder: 'ocr', parts: [{ where: `${where} ocr`, kind: 'ocr', text }], undecoded: [] };
  } catch (thrown) {
    if (!isAppError(thrown) || !thrown.code.startsWith('parser.')) throw thrown;
    return { decoder: 'ocr', parts: [], undecoded: [{ where, reason: 'not readable as a picture' }] };
  }
};

const refused = async (decoder: string, run: Promise<Decoding>): Promise<Decoding> => {
  try {
    return await run;
  } catch (thrown) {
    if (!isAppError(thrown) || !thrown.code.startsWith('parser.')) throw thrown;
    return { decoder, parts: [], undecoded: [{ where: 'file', reason: thrown.code }] };
  }
};

const mergeOcr = (decodings: readonly Decoding[]): Decoding[] =>
  decodings.length === 0
    ? []
    : [
        {
          decoder: 'ocr',
          parts: decodings.flatMap((one) => one.parts),
          undecoded: decodings.flatMap((one) => one.undecoded),
        },
      ];

/**
 * Reads a finished file with every engine there is for its format, outside this process. `ocr`: pages and
 * pictures are read as a person would see them, too; `first` reads one page, as a proof that the recogniser
 * works today: a picture may well hold no word, so its silence about a picture proves nothing. A refusal of an engine becomes an undecoded part.
 */
export const decodeFinished = async (
  parser: ParserClient,
  format: FinishedFormat,
  bytes: Uint8Array<ArrayBuffer>,
  options: { readonly ocr: boolean | 'first'; readonly signal: AbortSignal },
): Promise<FinishedDecodings> => {
  const { signal } = options;
  switch (format) {
    case 'pdf': {
      const first = await refused('mupdf', parser.run('pdf.decode', { bytes }, { signal }));
      const second = await refused('pdf.js', parser.run('pdf.decodeSecond', { bytes }, { signal }));
      const { pageCount } = await parser.run('pdf.text', { bytes, maxPages: MAX_PAGES }, { signal });
      const inkPages: string[] = [];
      const read: Decoding[] = [];
      for (let page = 0; page < pageCount; page += 1) {
        const pixels = await parser.run('pdf.render', { bytes, page, maxPixels: PAGE_PIXELS }, { signal });
        if (!hasInk(pixels)) continue;
        const where = `page ${String(page + 1)}`;
        inkPages.push(where);
        if (options.ocr === true || (options.ocr === 'first' && read.length === 0))
          read.push(await ocr(parser, where, pixels, signal));
      }
      return { decodings: [first, second, ...mergeOcr(read)], inkPages };
    }
    case 'png':
    case 'jpeg': {
      const decoded = await refused('image', parser.run('image.decode', { bytes }, { signal }));
      if (options.ocr !== true) return { decodings: [decoded], inkPages: [] };
      const pixels = await parser.run('image.pixels', { bytes, maxSide: 2_400 }, { signal });
      return {
        decodings: [decoded, ...mergeOcr([await ocr(parser, 'picture', pixels, signal)])],
        inkPages: [],
      };
    }
    case 'docx':
    case 'zip':
      return {
        decodings: [await refused('zip', parser.run('zip.decode', { bytes }, { signal }))],
        inkPages: [],
      };
    case 'csv':
    case 'json':
    case 'stix':
    case 'text': {
      const { text, encoding } = await parser.run('text.decode', { bytes, maxChars: 20_000_000 }, { signal });
      return {
        decodings: [
          { decoder: `text ${encoding}`, parts: [{ where: 'text', kind: 'text', text }], undecoded: [] },
        ],
        inkPages: [],
      };
    }
    case 'other':
      return { decodings: [], inkPages: [] };
  }
};
