import { isAppError, type ErrorCode } from '#shared/errors.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import { PARSER_LIMITS, type ParserClient, type Pixels } from '#shared/parser/jobs.ts';
import { isDeleted } from '../holds/index.ts';
import { caseOfEvidence, putDerived, type Derived, type StoredEvidence } from './evidence-repo.ts';
import { readingOf } from './evidence-types.ts';
import { indexEvidence } from './index-evidence.ts';
import { readEvidence, type EvidenceContext } from './open-evidence.ts';
import { encodePng } from './png.ts';

const THUMBNAIL_SIDE = 256;
/** More text than this of one file is not searched: the index would stall every other call while it grows. */
const MAX_TEXT_CHARS = 2_000_000;
const MAX_PAGES = 2_000;
const MAX_FACTS = 200;
const MAX_FACT_CHARS = 2_000;

/** The state of an item that is kept and not yet looked into. */
export const WAITING: Derived = {
  status: 'waiting',
  reason: '',
  thumbnail: null,
  text: '',
  facts: [],
  pageCount: null,
  width: null,
  height: null,
};

const nothing = (status: Derived['status'], reason: ErrorCode | ''): Derived => ({
  ...WAITING,
  status,
  reason,
});

/** Pictures come back as raw pixels, no larger than asked for; anything else is not believed. */
const thumbnail = async (pixels: Pixels): Promise<Buffer> => {
  const { width, height, data } = shrink(pixels, THUMBNAIL_SIDE);
  return encodePng({ width, height, data });
};

/** Nearest-neighbour shrinking, for an answer that is larger than the asked side (pages of a PDF). */
const shrink = (pixels: Pixels, maxSide: number): Pixels => {
  const scale = Math.max(pixels.width, pixels.height) / maxSide;
  if (scale <= 1) return pixels;
  const width = Math.max(1, Math.floor(pixels.width / scale));
  const height = Math.max(1, Math.floor(pixels.height / scale));
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const fromRow = Math.min(pixels.height - 1, Math.floor((y + 0.5) * scale)) * pixels.width;
    for (let x = 0; x < width; x += 1) {
      const from = (fromRow + Math.min(pixels.width - 1, Math.floor((x + 0.5) * scale))) * 4;
      data.set(pixels.data.subarray(from, from + 4), (y * width + x) * 4);
    }
  }
  return { width, height, data };
};

/** Cut to what is kept; the reason says so. Control characters other than line ends mean nothing in search. */
const keptText = (text: string): Pick<Derived, 'text' | 'reason'> => ({
  text: text.slice(0, MAX_TEXT_CHARS).replace(/(?![\t\n])[\p{Cc}\p{Cs}]/gu, ' '),
  reason: text.length > MAX_TEXT_CHARS ? 'parser.tooLarge' : '',
});

interface Job {
  readonly parser: ParserClient;
  readonly bytes: Buffer<ArrayBuffer>;
  /** One item, one process: a file cannot spy on the next. */
  readonly options: { readonly source: string; readonly signal?: AbortSignal };
}

const READERS: Readonly<
  Record<Exclude<ReturnType<typeof readingOf>, 'none'>, (job: Job) => Promise<Derived>>
> = {
  async image({ parser, bytes, options }) {
    const { width, height, facts } = await parser.run('image.inspect', { bytes }, options);
    const pixels = await parser.run('image.pixels', { bytes, maxSide: THUMBNAIL_SIDE }, options);
    return {
      ...nothing('done', ''),
      width,
      height,
      facts: facts
        .slice(0, MAX_FACTS)
        .map(({ name, value }) => ({ name, value: value.slice(0, MAX_FACT_CHARS) })),
      thumbnail: await thumbnail(pixels),
    };
  },
  async heic({ parser, bytes, options }) {
    const pixels = await parser.run('heic.pixels', { bytes, maxSide: THUMBNAIL_SIDE }, options);
    return { ...nothing('done', ''), thumbnail: await thumbnail(pixels) };
  },
  async pdf({ parser, bytes, options }) {
    const { pages, pageCount, truncated } = await parser.run(
      'pdf.text',
      { bytes, maxPages: MAX_PAGES },
      options,
    );
    const kept = keptText(pages.join('\n'));
    const found: Derived = {
      ...nothing('done', ''),
      ...kept,
      reason: truncated ? 'parser.tooLarge' : kept.reason,
      pageCount,
    };
    if (pageCount === 0) return found;
    const maxPixels = (2 * THUMBNAIL_SIDE) ** 2;
    try {
      const pixels = await parser.run('pdf.render', { bytes, page: 0, maxPixels }, options);
      return { ...found, thumbnail: await thumbnail(pixels) };
    } catch (thrown) {
      // The text was read; a first page that cannot be drawn takes only the picture away.
      if (!isAppError(thrown) || thrown.code === 'call.cancelled') throw thrown;
      return { ...found, reason: thrown.code };
    }
  },
  async text({ parser, bytes, options }) {
    const answer = await parser.run('text.decode', { bytes, maxChars: MAX_TEXT_CHARS }, options);
    const kept = keptText(answer.text);
    return { ...nothing('done', ''), ...kept, reason: answer.truncated ? 'parser.tooLarge' : kept.reason };
  },
  async office({ parser, bytes, options }) {
    const { parts } = await parser.run('zip.decode', { bytes }, options);
    const words = parts.filter((part) => part.kind === 'text').map((part) => part.text ?? '');
    return { ...nothing('done', ''), ...keptText(words.join('\n')) };
  },
};

/**
 * Lets the parser look into an item that is kept already, and gives what it found. Whatever the file does to
 * the parser, and a damaged object, end here as a status with a reason; only a cancelled call throws.
 */
export const lookInto = async (
  context: EvidenceContext,
  item: Pick<StoredEvidence, 'id' | 'mime' | 'sizeBytes'>,
  signal?: AbortSignal,
): Promise<Derived> => {
  const reading = readingOf(item.mime);
  if (item.sizeBytes === 0) return nothing('none', '');
  if (reading === 'none') return nothing('unsupported', 'parser.unsupported');
  if (item.sizeBytes > PARSER_LIMITS.maxInputBytes) return nothing('refused', 'parser.tooLarge');
  const options = { source: item.id, ...(signal === undefined ? {} : { signal }) };
  try {
    const { bytes } = await readEvidence(context, item.id, PARSER_LIMITS.maxInputBytes);
    return await READERS[reading]({ parser: context.core.parser, bytes, options });
  } catch (thrown) {
    if (!isAppError(thrown) || thrown.code === 'call.cancelled') throw thrown;
    return nothing(thrown.code === 'parser.unsupported' ? 'unsupported' : 'refused', thrown.code);
  }
};

/** Looks into an item and keeps the result beside it. Gives the status. */
export const deriveEvidence = async (
  context: EvidenceContext,
  item: Pick<StoredEvidence, 'id' | 'mime' | 'sizeBytes'>,
  signal?: AbortSignal,
): Promise<Derived['status']> => {
  const derived = await lookInto(context, item, signal);
  keepDerived(context, item.id, derived);
  return derived.status;
};

const keepDerived = ({ core, session }: EvidenceContext, id: EvidenceId, derived: Derived): void => {
  // Derived rows are not audited: nothing of a person's hand is in them, and they can be made again.
  session.db.write('evidence.derive', (tx) => {
    // Deleted while the parser was looking: nothing of it may come back.
    if (isDeleted(tx, id)) return;
    putDerived(tx, id, derived, core.ports.clock.now());
    indexEvidence(core, tx, id);
    // The case that it is in now: it may have moved since it was taken in, and while the parser was looking.
    const caseId = caseOfEvidence(tx, id);
    tx.afterCommit(() => {
      core.emit({ name: 'evidence.changed', payload: { caseId } });
    });
  });
};
