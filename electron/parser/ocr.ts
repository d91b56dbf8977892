import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { MAX_TEXT_CHARS } from '#shared/parser/jobs.ts';
import type { ParserAnswer, ParserParams, Pixels } from '#shared/parser/jobs.ts';
import { wellFormed } from './parts.ts';

/** The part of the recogniser's module that is used; `tesseract.js-core` has no types. */
interface TesseractModule {
  readonly FS: { writeFile(name: string, data: Uint8Array): void; unlink(name: string): void };
  readonly TessBaseAPI: new () => {
    Init(folder: string | null, language: string): number;
    SetImageFile(orientation: number, angle: number): number;
    Recognize(monitor: null): number;
    GetUTF8Text(): string;
    MeanTextConf(): number;
    Clear(): void;
  };
}

const here = createRequire(import.meta.url);
let ready: Promise<TesseractModule & { api: InstanceType<TesseractModule['TessBaseAPI']> }> | undefined;

/**
 * Loads the recogniser that `tesseract.js` brings along, in this process and without that library's own
 * worker: the worker would need threads, and it holds code that fetches and caches language data. The
 * Spanish model is read from its package; names such as `/input` live in the module's memory, not on disk.
 */
const load = async (): Promise<TesseractModule & { api: InstanceType<TesseractModule['TessBaseAPI']> }> => {
  const fromTesseract = createRequire(here.resolve('tesseract.js/package.json'));
  const create = fromTesseract('tesseract.js-core/tesseract-core-simd-lstm') as (
    options: object,
  ) => Promise<TesseractModule>;
  const module = await create({ print: () => undefined, printErr: () => undefined });
  const packed = await readFile(here.resolve('@tesseract.js-data/spa/4.0.0_best_int/spa.traineddata.gz'));
  module.FS.writeFile('spa.traineddata', gunzipSync(packed));
  const api = new module.TessBaseAPI();
  if (api.Init(null, 'spa') !== 0) throw new Error('model refused');
  return Object.assign(module, { api });
};

/** Binary PPM: the plainest picture that the recogniser reads. Transparent pixels become white. */
const toPortablePixmap = ({ width, height, data }: Pixels): Uint8Array => {
  const head = Buffer.from(`P6\n${width} ${height}\n255\n`, 'latin1');
  const out = new Uint8Array(head.length + width * height * 3);
  out.set(head);
  for (let from = 0, to = head.length; from < data.length; from += 4, to += 3) {
    const alpha = (data[from + 3] ?? 255) / 255;
    for (let channel = 0; channel < 3; channel += 1) {
      out[to + channel] = Math.round((data[from + channel] ?? 0) * alpha + 255 * (1 - alpha));
    }
  }
  return out;
};

/** Words seen in a picture and how sure the recogniser is, 0 to 100. */
export const ocrText = async (params: ParserParams<'ocr.text'>): Promise<ParserAnswer<'ocr.text'>> => {
  ready ??= load();
  const { FS, api } = await ready;
  FS.writeFile('/input', toPortablePixmap(params.pixels));
  try {
    if (api.SetImageFile(1, 0) === 1) throw new Error('picture refused');
    api.Recognize(null);
    const text = wellFormed(api.GetUTF8Text().slice(0, MAX_TEXT_CHARS));
    return { text, confidence: Math.max(0, Math.min(100, api.MeanTextConf())) };
  } finally {
    api.Clear();
    FS.unlink('/input');
  }
};
