import { z } from 'zod';
import { indicatorSetSchema } from '../surveillance/indicator-set.ts';
import {
  PHONE_LIMITS,
  phoneAnswerSchema,
  phoneEndSchema,
  phoneOpenedSchema,
  phoneOpenSchema,
} from './phone.ts';

/**
 * The protocol between the engine (keys) and the parser processes (none). Requests carry bytes, never
 * names of files; answers are small and typed, and the engine checks every one against these schemas
 * before it believes a word: a captured parser can lie, but only within these bounds.
 */
export const MAX_TEXT_CHARS = 20_000_000;
export const MAX_PIXELS = 100_000_000;
const bytes = z.instanceof(Uint8Array);
const text = z.string().max(MAX_TEXT_CHARS);
const shortText = z.string().max(4_000);
const positive = z.number().int().min(1).max(100_000);

/** RGBA, 8 bits a channel; `data.length` is `width * height * 4`. */
export const pixelsSchema = z
  .object({ width: positive, height: positive, data: bytes })
  .strict()
  .refine((p) => p.width * p.height <= MAX_PIXELS && p.data.length === p.width * p.height * 4);
export type Pixels = z.infer<typeof pixelsSchema>;

/** A box on a picture or page, in pixels or PDF points, origin top left. */
export const boxSchema = z
  .object({ x: z.number(), y: z.number(), width: z.number().positive(), height: z.number().positive() })
  .strict();
export type Box = z.infer<typeof boxSchema>;

/** Name-value facts found inside a file (EXIF, Info, XMP, core properties ...), for people and the leak check. */
export const factSchema = z.object({ name: shortText, value: z.string().max(100_000) }).strict();
export type Fact = z.infer<typeof factSchema>;
const facts = z.array(factSchema).max(5_000);

/** One stretch of decoded content out of a finished file, with where it was found. */
export const decodedPartSchema = z
  .object({
    /** Such as `page 3`, `word/document.xml`, `object 12`, `XMP`. */
    where: shortText,
    kind: z.enum(['text', 'metadata', 'name', 'bytes', 'ocr']),
    text: text.optional(),
    bytes: bytes.optional(),
  })
  .strict();
export type DecodedPart = z.infer<typeof decodedPartSchema>;
const decoded = z
  .object({
    parts: z.array(decodedPartSchema).max(200_000),
    /** Parts that could not be decoded: each blocks a release unless decided otherwise by a person. */
    undecoded: z.array(z.object({ where: shortText, reason: shortText }).strict()).max(10_000),
    /** Name and version of the engine that decoded, such as `mupdf 1.28.1`. */
    decoder: shortText,
  })
  .strict();

/** Kinds of content that a redacted PDF never keeps. */
export const PDF_STRIPPED = [
  'annotations',
  'attachments',
  'bookmarks',
  'formFields',
  'hiddenLayers',
  'metadata',
  'scripts',
  'structure',
  'earlierVersions',
] as const;

const job = <P extends z.ZodType, A extends z.ZodType>(kind: 'wasm' | 'image', params: P, answer: A) => ({
  kind,
  params,
  answer,
});

export const PARSER_JOBS = {
  /** Type by content, never by name. */
  'file.type': job(
    'wasm',
    z.object({ head: bytes }).strict(),
    z.object({ mime: z.string().max(200), extension: z.string().max(20) }).strict(),
  ),
  /** Text of a plain-text file in UTF-8, UTF-16 or Windows-1252. */
  'text.decode': job(
    'wasm',
    z.object({ bytes, maxChars: positive.or(z.number().int().max(MAX_TEXT_CHARS)) }).strict(),
    z.object({ text, encoding: z.string().max(40), truncated: z.boolean() }).strict(),
  ),
  /** Text of a PDF, page by page, for search. */
  'pdf.text': job(
    'wasm',
    z.object({ bytes, maxPages: positive }).strict(),
    z
      .object({
        pages: z.array(text).max(20_000),
        pageCount: z.number().int().min(0),
        truncated: z.boolean(),
      })
      .strict(),
  ),
  /** Size of every page in points as it is shown (turned, cropped): the frame in which boxes are given. */
  'pdf.pages': job(
    'wasm',
    z.object({ bytes, maxPages: positive }).strict(),
    z
      .object({
        pages: z
          .array(z.object({ width: z.number().positive(), height: z.number().positive() }).strict())
          .max(20_000),
        pageCount: z.number().int().min(0),
      })
      .strict(),
  ),
  /** One page as a picture. `page` counts from 0. */
  'pdf.render': job(
    'wasm',
    z.object({ bytes, page: z.number().int().min(0), maxPixels: z.number().int().max(MAX_PIXELS) }).strict(),
    pixelsSchema,
  ),
  /** A PDF with the given words and boxes truly removed, and everything but page content stripped. */
  'pdf.redact': job(
    'wasm',
    z
      .object({
        bytes,
        words: z.array(z.string().min(1).max(500)).max(20_000),
        boxes: z.array(z.object({ page: z.number().int().min(0), box: boxSchema }).strict()).max(50_000),
        /** `content`: remove and keep live text. `pictures`: every page drawn anew as a picture. */
        mode: z.enum(['content', 'pictures']),
        /** 16 fresh random bytes for the file identifier; left out, the file carries none. */
        fileId: bytes.refine((id) => id.length === 16).optional(),
      })
      .strict(),
    z
      .object({
        bytes,
        removed: z.number().int().min(0),
        pageCount: z.number().int().min(0),
        /** What was dropped besides words and boxes, such as `annotations`, with how many; for the reviewer. */
        stripped: z
          .array(z.object({ what: z.enum(PDF_STRIPPED), count: z.number().int().min(1) }).strict())
          .max(PDF_STRIPPED.length),
      })
      .strict(),
  ),
  /** Everything that can be read out of a finished PDF, by mupdf and object by object. */
  'pdf.decode': job('wasm', z.object({ bytes }).strict(), decoded),
  /** The same pages' text by a second, independent engine. */
  'pdf.decodeSecond': job('wasm', z.object({ bytes }).strict(), decoded),
  /** Every part of a zip-based file (DOCX, XLSX, ODF, zip): names, comments, extra fields, XML text, nested zips. */
  'zip.decode': job('wasm', z.object({ bytes }).strict(), decoded),
  /**
   * Indicators of a STIX bundle, a list or a table, or a zip of such files. What cannot be used is listed;
   * a file that cannot be read at all is refused by name, beside the others.
   */
  'indicators.read': job(
    'wasm',
    z.object({ bytes, name: z.string().max(1_000), today: z.string().max(10) }).strict(),
    indicatorSetSchema,
  ),
  /**
   * Results of a phone's examination, read as a stream inside one session: opened once, fed in order, ended. After
   * `end` said `again`, the same bytes are fed once more and ended again.
   */
  'phone.open': job('wasm', phoneOpenSchema, phoneOpenedSchema),
  'phone.directory': job('wasm', z.object({ bytes }).strict(), z.object({}).strict()),
  'phone.feed': job(
    'wasm',
    z.object({ bytes: bytes.refine((piece) => piece.length <= PHONE_LIMITS.pieceBytes) }).strict(),
    phoneAnswerSchema,
  ),
  'phone.end': job('wasm', z.object({}).strict(), phoneEndSchema),
  /** Size and metadata of a picture. */
  'image.inspect': job(
    'image',
    z.object({ bytes }).strict(),
    z.object({ width: positive, height: positive, format: z.string().max(20), facts }).strict(),
  ),
  /** Pixels of a picture, orientation applied, shrunk to fit `maxSide` where given. */
  'image.pixels': job('image', z.object({ bytes, maxSide: positive.optional() }).strict(), pixelsSchema),
  /** Pixels of a HEIC/HEIF picture. */
  'heic.pixels': job('wasm', z.object({ bytes, maxSide: positive.optional() }).strict(), pixelsSchema),
  /** Encodes pixels that the engine made. Runs in a fresh process that never saw a foreign file. */
  'image.encode': job(
    'image',
    z.object({ pixels: pixelsSchema, format: z.enum(['png', 'jpeg']) }).strict(),
    z.object({ bytes }).strict(),
  ),
  /** Every block of a finished picture file outside its pixel data, and its metadata. */
  'image.decode': job('image', z.object({ bytes }).strict(), decoded),
  /** Words seen in a picture, Spanish model. */
  'ocr.text': job(
    'wasm',
    z.object({ pixels: pixelsSchema }).strict(),
    z.object({ text, confidence: z.number().min(0).max(100) }).strict(),
  ),
  /** The same, line by line from top to bottom, each with its place in the given pixels. */
  'ocr.lines': job(
    'wasm',
    z.object({ pixels: pixelsSchema }).strict(),
    z
      .object({
        lines: z
          .array(
            z.object({ text: shortText, box: boxSchema, confidence: z.number().min(0).max(100) }).strict(),
          )
          .max(5_000),
      })
      .strict(),
  ),
} as const;

export type ParserJob = keyof typeof PARSER_JOBS;
export type ParserParams<J extends ParserJob> = z.infer<(typeof PARSER_JOBS)[J]['params']>;
export type ParserAnswer<J extends ParserJob> = z.infer<(typeof PARSER_JOBS)[J]['answer']>;

/** Memory and time that a job may take before the process is killed and the file named. */
export const PARSER_LIMITS = {
  timeMs: 60_000,
  /** For recognition and redaction, which a person asked for and waits for. */
  ocrTimeMs: 180_000,
  /** From the start of a process to its first word. */
  startMs: 20_000,
  memoryMb: 1_024,
  /** Sum of all bytes of one request. A WebAssembly parser holds the file twice within `memoryMb`. */
  maxInputBytes: 256 * 1024 * 1024,
  /** Sum of all bytes of one answer: the pixels of the largest picture, with room. */
  maxAnswerBytes: 448 * 1024 * 1024,
} as const;

/** The refusals that a parser process may give by itself; anything else it says is a bad answer. */
export const PARSER_REFUSALS = [
  'parser.unsupported',
  'parser.tooLarge',
  'parser.damagedFile',
  'parser.passwordProtected',
] as const;
export type ParserRefusal = (typeof PARSER_REFUSALS)[number];

/** The part of an `AbortSignal` that is used; shared code knows neither Node nor the DOM. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface ParserRunOptions {
  /** Ends the process that works on the job; the call fails with `call.cancelled`. */
  readonly signal?: CancelSignal;
  /**
   * Opaque name of where the bytes came from (a case, an intake batch). A process that worked for one
   * source is never used for another. Left out, all calls between two `recycle()` count as one source.
   */
  readonly source?: string;
}

/** The part of an `AbortSignal` that a job needs; shared code knows neither DOM nor Node types. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** One process for a chain of jobs that belong together; nobody else's job runs in it. */
export interface ParserSession {
  /** As `ParserClient.run`, in the same process as the job before. After a failure the session is over. */
  run<J extends ParserJob>(
    job: J,
    params: ParserParams<J>,
    options?: { readonly signal?: CancelSignal },
  ): Promise<ParserAnswer<J>>;
  /** Ends the process. */
  end(): void;
}

/** What use cases of the engine see: one call a job, typed both ways. Throws `AppError` `parser.*`. */
export interface ParserClient {
  run<J extends ParserJob>(
    job: J,
    params: ParserParams<J>,
    options?: ParserRunOptions,
  ): Promise<ParserAnswer<J>>;
  /** A process of the kind that loads no native code, for jobs that read one source piece by piece. */
  session(): Promise<ParserSession>;
  /** Ends every process that saw a foreign file, so that the next source gets fresh ones. */
  recycle(): void;
  /** Ends all processes; calls that wait fail with `call.cancelled`. */
  close(): Promise<void>;
}
