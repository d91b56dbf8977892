import { PHONE_LIMITS, type PhoneKind } from '#shared/parser/phone.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import type { IndicatorSet } from '#shared/surveillance/indicator-set.ts';
import type { OpenCall, TaskHandle } from '../../../context.ts';
import type { ObjectSource } from '../../../files/object-source.ts';
import { throwIfCancelled } from '../../../files/object-writer.ts';
import { openEvidence } from '../../evidence/index.ts';
import {
  HEAD_BYTES,
  PhoneSession,
  type PhoneAhead,
  type PhoneReading,
  type PhoneResults,
} from './phone-session.ts';
import { TappedSource } from './tapped-source.ts';

type TaskCall = OpenCall & { readonly task: TaskHandle };

/** Feeds kept bytes to a session from the first to the last. */
async function feedKept(call: TaskCall, session: PhoneSession, evidenceId: EvidenceId): Promise<void> {
  const { reader } = await openEvidence(call, evidenceId);
  try {
    await reader.stream((piece) => session.feed(piece as Uint8Array<ArrayBuffer>), {
      signal: call.task.signal,
      progress: (done, total) => {
        call.task.progress('reading', done, total, 'bytes');
      },
    });
  } finally {
    await reader.close();
  }
}

/**
 * Reads kept results in a parser process of their own and gives what it told.
 *
 * @throws AppError `evidence.object*`, `parser.*`, `call.cancelled`
 */
export async function readPhone(
  call: TaskCall,
  results: { readonly evidenceId: EvidenceId; readonly kind: PhoneKind; readonly name: string },
  sets: readonly IndicatorSet[],
): Promise<PhoneReading> {
  const session = await PhoneSession.start(call, sets);
  try {
    const { reader } = await openEvidence(call, results.evidenceId);
    try {
      const { sizeBytes } = reader;
      await session.open(
        { kind: results.kind, name: results.name, sizeBytes },
        {
          head: await reader.read(0, HEAD_BYTES),
          tail: await reader.read(Math.max(0, sizeBytes - PHONE_LIMITS.tailBytes), sizeBytes),
          part: (start, end) => reader.read(start, end),
        },
      );
    } finally {
      await reader.close();
    }
    do await feedKept(call, session, results.evidenceId);
    while (await session.end());
    return session.reading;
  } finally {
    session.close();
  }
}

/** A reading that goes on while the bytes are being kept. */
export interface ReadingMeanwhile {
  /** To be kept in the place of the source. */
  readonly source: ObjectSource;
  /** What was read, once the bytes are kept. Throws what `readPhone` throws. */
  finish(evidenceId: EvidenceId): Promise<PhoneReading>;
  /** Ends the process. To be called whatever became of the keeping. */
  close(): Promise<void>;
}

const readPart = async (
  source: ObjectSource,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = new Uint8Array(Math.max(0, Math.min(end, source.sizeBytes) - start));
  const into = Buffer.from(bytes.buffer);
  for (let done = 0; done < bytes.length;) {
    const count = await source.read(into.subarray(done), start + done);
    if (count === 0) return bytes.slice(0, done);
    done += count;
  }
  return bytes;
};

const NO_BYTES = new Uint8Array(0);

/** What the parser asks for first, of a source that can be read anywhere. */
const aheadOf = async (source: ObjectSource): Promise<PhoneAhead> => {
  const { sizeBytes } = source;
  return {
    head: await readPart(source, 0, HEAD_BYTES),
    tail: await readPart(source, Math.max(0, sizeBytes - PHONE_LIMITS.tailBytes), sizeBytes),
    part: (start, end) => readPart(source, start, end),
  };
};

/** The same of a tar, which can be read in order only: its head says all. */
const aheadOfTar = (first: Uint8Array<ArrayBuffer>): PhoneAhead => ({
  head: first,
  tail: NO_BYTES,
  part: () => Promise.resolve(NO_BYTES),
});

/**
 * Starts to read results in a parser process of their own while they are being kept, so that the person's files are
 * read once and the two processes work side by side. Nothing that is read counts before the bytes are kept: `finish`
 * comes after. Whatever the parser does, the bytes are kept.
 *
 * @param inOrder the source is a tar that cannot be read but from its first byte to its last.
 * @throws AppError `parser.*` where no process could be started, or where it refuses what it is told of the results
 */
export async function readMeanwhile(
  call: TaskCall,
  results: Omit<PhoneResults, 'sizeBytes'>,
  source: ObjectSource,
  inOrder: boolean,
  sets: readonly IndicatorSet[],
): Promise<ReadingMeanwhile> {
  const session = await PhoneSession.start(call, sets);
  const about = { ...results, sizeBytes: source.sizeBytes };
  let opened: Promise<void> | null = null;
  const open = (ahead: PhoneAhead): Promise<void> => (opened ??= session.open(about, ahead));
  try {
    // While the source is open: an archive is asked for its directory.
    if (!inOrder) await open(await aheadOf(source));
  } catch (thrown) {
    session.close();
    throw thrown;
  }
  const tapped = new TappedSource(source, async (piece) => {
    // Pieces wait for it in the order in which they came.
    await (opened ?? open(aheadOfTar(piece)));
    await session.feed(piece);
  });
  return {
    source: tapped,
    finish: async (evidenceId) => {
      // From here on the bytes are kept: whoever cancels now ends the reading alone.
      call.task.progress('reading', source.sizeBytes, source.sizeBytes, 'bytes');
      await tapped.finish();
      while (await session.end()) await feedKept(call, session, evidenceId);
      throwIfCancelled(call.task.signal);
      return session.reading;
    },
    close: async () => {
      session.close();
      await tapped.wipe();
    },
  };
}
