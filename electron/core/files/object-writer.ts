import { AppError } from '#shared/errors.ts';
import { secretBuffer } from '../crypto/bytes.ts';
import {
  CHUNK_BYTES,
  ChunkCipher,
  SEALED_CHUNK_BYTES,
  TRAILER_BYTES,
  type ObjectSizes,
} from '../crypto/object-format.ts';
import type { Crypto } from '../ports/crypto.ts';
import { blockBuffer, DISK_BLOCK_BYTES } from '../ports/disk.ts';
import type { DiskFile } from '../ports/disk.ts';
import type { ObjectSource } from './object-source.ts';

/** 1 MiB at a time: long enough that calls cost nothing, short enough that the loop never stalls (about 2 ms). */
const BATCH_CHUNKS = 16;
const BATCH_BYTES = BATCH_CHUNKS * CHUNK_BYTES;
/**
 * Every so many batches the disk is asked to begin: otherwise the system gathers gigabytes in memory and the
 * last sync alone takes as long as everything before it.
 */
const FLUSH_BATCHES = 16;
/** One batch is read and one worked on while the others are on their way to the disk. */
const LANES = 6;

/**
 * Objects of this many bytes on go past the system's cache: gathering them there takes longer than writing them.
 * Smaller ones stay in it, because thumbnail and text are made from them at once.
 */
export const UNCACHED_FROM_BYTES = 16 << 20;

export interface ObjectProgress {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of content done, of all. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

interface Lane {
  readonly plain: Buffer;
  readonly sealed: Buffer;
  written: Promise<void>;
}

/** Throws `call.cancelled` once the signal fell. */
export const throwIfCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw new AppError('call.cancelled');
};

/** Fills `buffer` from the source at `position`; a source that ends early has changed since it was measured. */
const fill = async (source: ObjectSource, buffer: Buffer, position: number): Promise<void> => {
  let done = 0;
  while (done < buffer.length) {
    const count = await source.read(buffer.subarray(done), position + done);
    if (count === 0) throw new AppError('evidence.changedWhileReading');
    done += count;
  }
};

/**
 * Writes one object: header, then the chunks: content, zeros, length. Reads ahead and writes behind while the
 * processor hashes and encrypts; memory is six lanes of 2 MiB whatever the size. Every write but the last is of
 * whole disk blocks: what is left of one batch goes in front of the next. Gives the SHA-256 of the content.
 */
export const writeChunks = async (
  crypto: Crypto,
  source: ObjectSource,
  file: DiskFile,
  parts: { readonly header: Buffer; readonly key: Buffer; readonly sizes: ObjectSizes },
  options: ObjectProgress,
): Promise<Buffer> => {
  const { sizes } = parts;
  const batches = Math.ceil(sizes.padded / BATCH_BYTES);
  const hash = crypto.sha256Stream();
  const laneCount = Math.min(LANES, batches);
  // A batch and what the one before left over, in whole blocks.
  const sealedBytes =
    Math.ceil((Math.min(BATCH_CHUNKS, sizes.chunks) * SEALED_CHUNK_BYTES) / DISK_BLOCK_BYTES + 1) *
    DISK_BLOCK_BYTES;
  const sealedMemory =
    sizes.file < UNCACHED_FROM_BYTES
      ? Buffer.allocUnsafeSlow(laneCount * sealedBytes)
      : blockBuffer(laneCount * sealedBytes);
  const lanes: Lane[] = Array.from({ length: laneCount }, (_, lane) => ({
    plain: secretBuffer(Math.min(BATCH_BYTES, sizes.padded)),
    sealed: sealedMemory.subarray(lane * sealedBytes, (lane + 1) * sealedBytes),
    written: Promise.resolve(),
  }));
  // After the memory: where there is none, no copy of a key is left behind.
  const cipher = new ChunkCipher(crypto, parts.key, parts.header, sizes.chunks);
  const laneOf = (batch: number): Lane => lanes[batch % lanes.length] as Lane;
  const contentIn = (batch: number): number =>
    Math.max(0, Math.min(BATCH_BYTES, sizes.content - batch * BATCH_BYTES));

  const read = async (batch: number): Promise<void> => {
    const lane = laneOf(batch);
    await fill(source, lane.plain.subarray(0, contentIn(batch)), batch * BATCH_BYTES);
  };

  /** Zeros after the content, and the length in the last eight bytes, which may lie across two batches. */
  const finish = (batch: number, plain: Buffer): void => {
    plain.fill(0, contentIn(batch));
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeBigUInt64LE(BigInt(sizes.content));
    const at = sizes.padded - TRAILER_BYTES - batch * BATCH_BYTES;
    for (let i = 0; i < TRAILER_BYTES; i += 1) {
      if (at + i >= 0 && at + i < plain.length) plain[at + i] = trailer[i] as number;
    }
  };

  const seal = (batch: number): Buffer => {
    const lane = laneOf(batch);
    const plain = lane.plain.subarray(0, Math.min(BATCH_BYTES, sizes.padded - batch * BATCH_BYTES));
    finish(batch, plain);
    hash.update(plain.subarray(0, contentIn(batch)));
    let out = rest.copy(lane.sealed);
    for (let at = 0; at < plain.length; at += CHUNK_BYTES) {
      const chunk = plain.subarray(at, at + CHUNK_BYTES);
      const sealed = lane.sealed.subarray(out, out + chunk.length + 16);
      cipher.seal(batch * BATCH_CHUNKS + at / CHUNK_BYTES, chunk, sealed);
      out += sealed.length;
    }
    const last = batch + 1 === batches;
    const whole = last ? out : out - (out % DISK_BLOCK_BYTES);
    rest = lane.sealed.subarray(whole, out);
    return lane.sealed.subarray(0, whole);
  };

  /** Sealed, but not yet a whole block; lies in a lane that is not used again before it was copied. */
  let rest = parts.header;
  let position = 0;
  let reading = read(0);
  let flushing: Promise<void> | null = null;
  let flushFailure: { readonly thrown: unknown } | null = null;
  const throwIfNotFlushed = (): void => {
    if (flushFailure !== null) throw flushFailure.thrown;
  };
  const flush = (): void => {
    flushing ??= file
      .sync()
      .catch((thrown: unknown) => {
        // The system tells of a failed write-back once: the sync before the rename would not hear of it again.
        flushFailure ??= { thrown };
      })
      .finally(() => {
        flushing = null;
      });
  };
  const flushed = (): Promise<void> => flushing ?? Promise.resolve();
  try {
    for (let batch = 0; batch < batches; batch += 1) {
      throwIfCancelled(options.signal);
      throwIfNotFlushed();
      await reading;
      if (batch + 1 < batches) {
        // The plain half of the next lane is free: its batch was sealed LANES - 1 turns ago.
        reading = read(batch + 1);
        reading.catch(() => undefined);
      }
      const lane = laneOf(batch);
      await lane.written;
      const sealed = seal(batch);
      lane.written = file.write(sealed, position);
      lane.written.catch(() => undefined);
      position += sealed.length;
      if ((batch + 1) % FLUSH_BATCHES === 0) flush();
      options.progress?.(Math.min(sizes.content, (batch + 1) * BATCH_BYTES), sizes.content);
    }
    await Promise.all([flushed(), ...lanes.map((lane) => lane.written)]);
    throwIfNotFlushed();
    return hash.digest();
  } finally {
    // Nothing may still use the buffers or the file when this returns.
    await Promise.allSettled([reading, flushed(), ...lanes.map((lane) => lane.written)]);
    cipher.wipe();
    crypto.zero(...lanes.map((lane) => lane.plain));
  }
};
