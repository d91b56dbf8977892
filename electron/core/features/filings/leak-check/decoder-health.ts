import { compactKey, foldWords } from '#shared/rules/text-folding.ts';
import type { DecodedPart } from '#shared/parser/jobs.ts';
import type { Decoding, FinishedFile } from './finished-file.ts';

/** A decoder that says nothing finds nothing: silence must stop a release, not pass it. */
export interface DecoderProblem {
  readonly where: string;
  readonly reason: string;
}

const PAGE = /^page \d+$/;

const pageTexts = (decoding: Decoding): Map<string, string> => {
  const pages = new Map<string, string>();
  for (const part of decoding.parts) {
    if (part.kind !== 'text' || !PAGE.test(part.where)) continue;
    pages.set(part.where, `${pages.get(part.where) ?? ''}\n${part.text ?? ''}`);
  }
  return pages;
};

const hasOcr = (parts: readonly DecodedPart[], where: string): boolean =>
  parts.some(
    (part) => part.kind === 'ocr' && part.where.startsWith(where) && compactKey(part.text ?? '').length > 0,
  );

/** Formats that need an engine of their own, and how many independent ones. */
const ENGINES: Readonly<Partial<Record<FinishedFile['format'], number>>> = {
  pdf: 2,
  docx: 1,
  zip: 1,
  png: 1,
  jpeg: 1,
};

/** Our own print is large and sharp: a recogniser that misses half of its words reads no photograph either. */
const silentRecogniser = (
  file: FinishedFile,
  engines: readonly ReadonlyMap<string, string>[],
): DecoderProblem[] => {
  const where = file.inkPages[0];
  const ocr = file.decodings.find(({ decoder }) => decoder === 'ocr');
  if (file.origin !== 'made' || ocr === undefined || where === undefined) return [];
  const seen = compactKey(
    ocr.parts
      .filter((part) => part.where.startsWith(where))
      .map((part) => part.text ?? '')
      .join('\n'),
  );
  const printed = foldWords(engines[0]?.get(where) ?? '').filter((word) => word.length >= 5);
  const missed = printed.filter((word) => !seen.includes(word)).length;
  return missed * 2 > printed.length ? [{ where, reason: 'print of our own not read by ocr' }] : [];
};

/** Beginnings of containers: a part that still is one was not opened. */
const CONTAINERS: readonly (readonly [string, readonly number[]])[] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf]],
  ['rar', [0x52, 0x61, 0x72, 0x21]],
  ['ole', [0xd0, 0xcf, 0x11, 0xe0]],
  ['age', [0x61, 0x67, 0x65, 0x2d, 0x65, 0x6e, 0x63, 0x72]],
  ['pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
];

const containerOf = (bytes: Uint8Array): string | null =>
  CONTAINERS.find(([, magic]) => magic.every((byte, at) => bytes[at] === byte))?.[0] ?? null;

const unopened = (decodings: readonly Decoding[]): DecoderProblem[] => {
  const parts = decodings.flatMap((decoding) => decoding.parts);
  return parts.flatMap((part) => {
    const container = part.bytes === undefined ? null : containerOf(part.bytes);
    if (container === null) return [];
    const opened = parts.some(
      (other) =>
        other !== part && other.where.length > part.where.length && other.where.startsWith(part.where),
    );
    return opened ? [] : [{ where: part.where, reason: `${container} not opened` }];
  });
};

/**
 * Signs that an engine did not really read a file: none ran, a page with ink without a word, the control
 * word missing, two engines that see quite different amounts of text, a container left closed.
 */
export const decoderProblems = (file: FinishedFile): DecoderProblem[] => {
  const problems: DecoderProblem[] = [];
  const needed = ENGINES[file.format] ?? (file.format === 'other' ? 1 : 0);
  const engines = new Set(file.decodings.map((decoding) => decoding.decoder));
  if (engines.size < needed)
    problems.push({ where: 'file', reason: `needs ${String(needed)} decoders, had ${String(engines.size)}` });
  const parts = file.decodings.flatMap((decoding) => decoding.parts);
  if (file.format === 'pdf') {
    const byEngine = file.decodings
      .filter(({ decoder }) => decoder !== 'ocr')
      .map((decoding) => ({
        decoder: decoding.decoder,
        pages: pageTexts(decoding),
      }));
    for (const where of file.inkPages) {
      const lengths = byEngine.map(({ pages }) => compactKey(pages.get(where) ?? '').length);
      if (Math.max(0, ...lengths) === 0 && !hasOcr(parts, where)) {
        problems.push({ where, reason: 'ink but no text by any decoder' });
        continue;
      }
      const [low, high] = [Math.min(...lengths), Math.max(...lengths)];
      if (lengths.length > 1 && high - low > 40 && low < high * 0.6 && !hasOcr(parts, where)) {
        problems.push({ where, reason: 'decoders disagree about the text' });
      }
    }
    problems.push(
      ...silentRecogniser(
        file,
        byEngine.map(({ pages }) => pages),
      ),
    );
    if (file.controlWord !== null) {
      const wanted = compactKey(file.controlWord);
      if (file.inkPages.length === 0) problems.push({ where: 'file', reason: 'no page was drawn' });
      for (const { decoder, pages } of byEngine) {
        for (const where of file.inkPages) {
          if (!compactKey(pages.get(where) ?? '').includes(wanted))
            problems.push({ where, reason: `control word not reported by ${decoder}` });
        }
      }
    }
  } else if (file.controlWord !== null) {
    const wanted = compactKey(file.controlWord);
    for (const decoding of file.decodings) {
      const shown = decoding.parts.some((part) =>
        compactKey((part.text ?? '').replace(/<[^>]*>/g, '')).includes(wanted),
      );
      if (!shown)
        problems.push({ where: 'file', reason: `control word not reported by ${decoding.decoder}` });
    }
  }
  return [...problems, ...unopened(file.decodings)];
};
