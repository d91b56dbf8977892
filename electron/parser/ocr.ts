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
    GetTSVText(page: number): string;
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

type Recogniser = InstanceType<TesseractModule['TessBaseAPI']>;

/** Lets the recogniser look at pixels, hands it over, and leaves nothing of the picture in its memory. */
const recognise = async <A>(pixels: Pixels, answer: (api: Recogniser) => A): Promise<A> => {
  ready ??= load();
  const { FS, api } = await ready;
  FS.writeFile('/input', toPortablePixmap(pixels));
  try {
    if (api.SetImageFile(1, 0) === 1) throw new Error('picture refused');
    api.Recognize(null);
    return answer(api);
  } finally {
    api.Clear();
    FS.unlink('/input');
  }
};

const percent = (value: number): number => Math.max(0, Math.min(100, Number.isFinite(value) ? value : 0));

/** Words seen in a picture and how sure the recogniser is, 0 to 100. */
export const ocrText = (params: ParserParams<'ocr.text'>): Promise<ParserAnswer<'ocr.text'>> =>
  recognise(params.pixels, (api) => ({
    text: wellFormed(api.GetUTF8Text().slice(0, MAX_TEXT_CHARS)),
    confidence: percent(api.MeanTextConf()),
  }));

const MAX_LINES = 5_000;
const MAX_LINE_CHARS = 4_000;

/** A word of the recogniser's table, whose columns are: level, page, block, paragraph, line, word, box, confidence, text. */
interface SeenWord {
  readonly line: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly confidence: number;
  readonly text: string;
}

const WORD_LEVEL = '5';

const wordOf = (row: string): SeenWord | null => {
  const cells = row.split('\t');
  const text = cells.slice(11).join(' ').trim();
  if (cells[0] !== WORD_LEVEL || text === '') return null;
  const [left = 0, top = 0, width = 0, height = 0, confidence = 0] = cells.slice(6, 11).map(Number);
  if (!(width > 0 && height > 0)) return null;
  return {
    line: cells.slice(1, 5).join(' '),
    ...{ left, top, right: left + width, bottom: top + height },
    ...{ confidence, text },
  };
};

/** Lines seen in a picture, from top to bottom, each with its place and how sure the recogniser is of its words. */
export const ocrLines = (params: ParserParams<'ocr.lines'>): Promise<ParserAnswer<'ocr.lines'>> =>
  recognise(params.pixels, (api) => {
    const byLine = new Map<string, SeenWord[]>();
    for (const row of api.GetTSVText(0).split('\n')) {
      const word = wordOf(row);
      if (word === null) continue;
      const words = byLine.get(word.line) ?? [];
      words.push(word);
      byLine.set(word.line, words);
    }
    const lines = [...byLine.values()].slice(0, MAX_LINES).map((words) => {
      const x = Math.min(...words.map((word) => word.left));
      const y = Math.min(...words.map((word) => word.top));
      return {
        text: wellFormed(
          words
            .map((word) => word.text)
            .join(' ')
            .slice(0, MAX_LINE_CHARS),
        ),
        box: {
          ...{ x, y },
          width: Math.max(...words.map((word) => word.right)) - x,
          height: Math.max(...words.map((word) => word.bottom)) - y,
        },
        confidence: percent(words.reduce((sum, word) => sum + word.confidence, 0) / words.length),
      };
    });
    return { lines: lines.sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x) };
  });
