import { createHash } from 'node:crypto';
import { AppError, isAppError } from '#shared/errors.ts';
import { PARSER_LIMITS, type ParserClient, type Pixels } from '#shared/parser/jobs.ts';
import type { EvidenceContext } from '../evidence/index.ts';
import { openEvidence, readEvidence } from '../evidence/index.ts';
import type { PlannedAnnex } from './annex-plan.ts';
import type { KnownValue } from './redaction/index.ts';
import { decodeFinished } from './decode-finished.ts';
import type { FinishedDecodings } from './decode-finished.ts';
import type { FinishedFormat } from './leak-check/index.ts';

/** An annex as it will be delivered. */
export interface AnnexFile {
  readonly plan: PlannedAnnex;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly format: FinishedFormat;
  readonly origin: 'cleaned' | 'whole';
  read(start: number, end: number): Promise<Uint8Array>;
  open(): AsyncIterable<Uint8Array>;
  readonly decodings: () => Promise<FinishedDecodings>;
  close(): Promise<void>;
}

const CHUNK = 1024 * 1024;

const blacken = (pixels: Pixels, plan: PlannedAnnex): Pixels => {
  const data = new Uint8Array(pixels.data);
  for (const { page, box } of plan.setting.boxes) {
    if (page !== 0) continue;
    const left = Math.max(0, Math.floor(box.x));
    const top = Math.max(0, Math.floor(box.y));
    const right = Math.min(pixels.width, Math.ceil(box.x + box.width));
    const bottom = Math.min(pixels.height, Math.ceil(box.y + box.height));
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) {
        const at = (y * pixels.width + x) * 4;
        data.set([0, 0, 0, 255], at);
      }
    }
  }
  return { width: pixels.width, height: pixels.height, data };
};

const redrawn = async (
  parser: ParserClient,
  plan: PlannedAnnex,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> => {
  const heic = /heic|heif/.test(plan.item.mime);
  const pixels = await parser.run(heic ? 'heic.pixels' : 'image.pixels', { bytes }, { signal });
  // The encoder must be a process that never saw the foreign file: only pixels go on.
  parser.recycle();
  const format = plan.extension === 'png' ? 'png' : 'jpeg';
  const { bytes: out } = await parser.run(
    'image.encode',
    { pixels: blacken(pixels, plan), format },
    { signal },
  );
  return out;
};

const redactedPdf = async (
  parser: ParserClient,
  plan: PlannedAnnex,
  bytes: Uint8Array<ArrayBuffer>,
  values: readonly KnownValue[],
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> => {
  const words = [
    ...new Set(
      values.map((value) => value.text.trim()).filter((text) => text.length >= 3 && text.length <= 500),
    ),
  ].slice(0, 20_000);
  const mode = plan.setting.treatment === 'redactPictures' ? 'pictures' : 'content';
  const { bytes: out } = await parser.run(
    'pdf.redact',
    { bytes, words, boxes: plan.setting.boxes, mode },
    { signal },
  );
  parser.recycle();
  return out;
};

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK)
    yield await Promise.resolve(bytes.subarray(at, at + CHUNK));
}

const TEXTUAL = /^(?:text\/|message\/|application\/(?:xhtml\+xml|xml|javascript|rtf|x-ndjson)$|image\/svg)/;

/** By what they are: an archive under another ending is opened all the same. */
const ARCHIVES =
  /^application\/(?:zip$|epub\+zip$|vnd\.(?:openxmlformats|oasis\.opendocument|ms-.*macroenabled))/i;

const formatOf = (plan: PlannedAnnex): FinishedFormat => {
  switch (plan.extension) {
    case 'png':
    case 'pdf':
      return plan.extension;
    case 'jpg':
    case 'jpeg':
      return 'jpeg';
    case 'docx':
    case 'xlsx':
    case 'odt':
    case 'ods':
    case 'zip':
      return 'zip';
    case 'csv':
    case 'json':
      return plan.extension;
    case 'pptx':
    case 'odp':
      return 'zip';
    case 'txt':
      return 'text';
    default:
      // Mail, saved pages, contacts, subtitles: every value is searched in them, not only the strong ones.
      if (TEXTUAL.test(plan.item.mime)) return 'text';
      return ARCHIVES.test(plan.item.mime) ? 'zip' : 'other';
  }
};

/**
 * Makes one annex: pictures drawn anew from their pixels with boxes burnt in, PDFs redacted, the rest as it
 * came by decision. The original is never touched. Throws `parser.*` and `evidence.*`.
 */
export const makeAnnex = async (
  context: EvidenceContext,
  plan: PlannedAnnex,
  values: readonly KnownValue[],
  signal: AbortSignal,
): Promise<AnnexFile> => {
  const { parser } = context.core;
  if (plan.setting.treatment === 'whole') return wholeAnnex(context, plan, signal);
  const { bytes } = await readEvidence(context, plan.item.id, PARSER_LIMITS.maxInputBytes);
  const made =
    plan.setting.treatment === 'reencode'
      ? await redrawn(parser, plan, bytes, signal)
      : await redactedPdf(parser, plan, bytes, values, signal);
  const format = formatOf(plan);
  return {
    plan,
    sizeBytes: made.length,
    sha256: createHash('sha256').update(made).digest('hex'),
    format,
    origin: 'cleaned',
    read: (start, end) => Promise.resolve(made.subarray(start, end)),
    open: () => slices(made),
    decodings: () => decodeFinished(parser, format, made, { ocr: true, signal }),
    close: () => Promise.resolve(),
  };
};

const wholeAnnex = async (
  context: EvidenceContext,
  plan: PlannedAnnex,
  signal: AbortSignal,
): Promise<AnnexFile> => {
  const { item, reader } = await openEvidence(context, plan.item.id);
  const size = item.sizeBytes;
  const read = (start: number, end: number): Promise<Uint8Array<ArrayBuffer>> =>
    reader.read(start, Math.min(end, size));
  async function* open(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < size; at += CHUNK) {
      if (signal.aborted) throw new AppError('call.cancelled');
      yield await read(at, at + CHUNK);
    }
  }
  const hash = createHash('sha256');
  for await (const chunk of open()) hash.update(chunk);
  const format = formatOf(plan);
  return {
    plan,
    sizeBytes: size,
    sha256: hash.digest('hex'),
    format,
    origin: 'whole',
    read,
    open,
    decodings: async () => {
      if (size > PARSER_LIMITS.maxInputBytes) return { decodings: [], inkPages: [] };
      try {
        return await decodeFinished(context.core.parser, format, await read(0, size), { ocr: false, signal });
      } catch (thrown) {
        if (isAppError(thrown) && thrown.code.startsWith('parser.')) return { decodings: [], inkPages: [] };
        throw thrown;
      }
    },
    close: () => reader.close(),
  };
};
