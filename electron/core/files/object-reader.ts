import { AppError } from '#shared/errors.ts';
import {
  CHUNK_BYTES,
  ChunkCipher,
  OBJECT_HEADER_BYTES,
  SEALED_CHUNK_BYTES,
  TRAILER_BYTES,
  checkObjectHeader,
  objectSizes,
  sizesOfFile,
  type ObjectSizes,
} from '../crypto/object-format.ts';
import { isZero } from '../crypto/bytes.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { DiskFile } from '../ports/disk.ts';
import { onDisk } from './disk-errors.ts';
import { throwIfCancelled, type ObjectProgress } from './object-writer.ts';

const BATCH_CHUNKS = 16;

const damaged = (): AppError => new AppError('evidence.objectDamaged');

interface Lane {
  readonly plain: Buffer;
  readonly sealed: Buffer;
}

const newLane = (chunks: number): Lane => ({
  plain: Buffer.allocUnsafeSlow(chunks * CHUNK_BYTES),
  sealed: Buffer.allocUnsafeSlow(chunks * SEALED_CHUNK_BYTES),
});

/** What the database says of an object. `key`: 32 bytes; the reader takes a copy. */
export interface ObjectReference {
  readonly objectId: Buffer;
  readonly key: Buffer;
  readonly sizeBytes: number;
}

/**
 * An object that was opened: header, key and length are proved, and the last chunk was read first, so it is
 * known to be whole. Every further chunk is proved before one of its bytes is given to anybody.
 */
export class ObjectReader {
  readonly #crypto: Crypto;
  readonly #file: DiskFile;
  readonly #cipher: ChunkCipher;
  readonly #sizes: ObjectSizes;

  private constructor(crypto: Crypto, file: DiskFile, cipher: ChunkCipher, sizes: ObjectSizes) {
    this.#crypto = crypto;
    this.#file = file;
    this.#cipher = cipher;
    this.#sizes = sizes;
  }

  /**
   * Takes an open file, which it closes. Throws `evidence.objectTruncated` (shorter than it must be),
   * `evidence.objectSwapped` (another object's file), `evidence.objectDamaged`.
   */
  static async open(crypto: Crypto, file: DiskFile, reference: ObjectReference): Promise<ObjectReader> {
    let cipher: ChunkCipher | null = null;
    try {
      const { sizeBytes } = await onDisk('reading', () => file.stat());
      const expected = objectSizes(reference.sizeBytes);
      const found = sizesOfFile(sizeBytes);
      if (sizeBytes < expected.file) throw new AppError('evidence.objectTruncated');
      if (found === null || sizeBytes !== expected.file) throw damaged();
      const header = Buffer.alloc(OBJECT_HEADER_BYTES);
      await readExactly(file, header, 0);
      checkObjectHeader(crypto, reference.key, reference.objectId, header);
      cipher = new ChunkCipher(crypto, reference.key, header, expected.chunks);
      const reader = new ObjectReader(crypto, file, cipher, expected);
      await reader.#checkTrailer();
      return reader;
    } catch (thrown) {
      cipher?.wipe();
      await file.close();
      throw thrown;
    }
  }

  get sizeBytes(): number {
    return this.#sizes.content;
  }

  /** The last chunk first: only it proves that nothing was cut off. The length may lie across two chunks. */
  async #checkTrailer(): Promise<void> {
    const { padded, chunks } = this.#sizes;
    const last = await this.#chunks(chunks - 1, 1);
    let tail = last;
    if (last.length < TRAILER_BYTES) {
      // Padding never leaves so short a chunk alone.
      if (chunks < 2) throw damaged();
      tail = Buffer.concat([await this.#chunks(chunks - 2, 1), last]);
    }
    const length = tail.readBigUInt64LE(tail.length - TRAILER_BYTES);
    if (length !== BigInt(this.#sizes.content) || objectSizes(Number(length)).padded !== padded) {
      throw damaged();
    }
  }

  /** Opens `count` chunks from `first` on, up to `BATCH_CHUNKS`, into the lane's memory or some of its own. */
  async #chunks(first: number, count: number, lane: Lane = newLane(count)): Promise<Buffer> {
    const { padded } = this.#sizes;
    const start = first * CHUNK_BYTES;
    const plain = lane.plain.subarray(0, Math.min(count * CHUNK_BYTES, padded - start));
    const sealed = lane.sealed.subarray(0, plain.length + 16 * Math.ceil(plain.length / CHUNK_BYTES));
    await readExactly(this.#file, sealed, OBJECT_HEADER_BYTES + first * SEALED_CHUNK_BYTES);
    for (let at = 0, from = 0, index = first; at < plain.length; index += 1) {
      const out = plain.subarray(at, at + CHUNK_BYTES);
      const part = sealed.subarray(from, from + out.length + 16);
      if (!this.#cipher.open(index, part, out)) {
        this.#crypto.zero(plain);
        throw damaged();
      }
      at += out.length;
      from += part.length;
    }
    return plain;
  }

  /**
   * Content from byte `start` up to but not including `end`, clamped to the content.
   * Throws `evidence.objectDamaged`.
   */
  async read(start: number, end: number): Promise<Buffer<ArrayBuffer>> {
    const from = Math.max(0, Math.min(start, this.#sizes.content));
    const to = Math.max(from, Math.min(end, this.#sizes.content));
    const out = Buffer.allocUnsafeSlow(to - from);
    for (let at = from; at < to;) {
      const first = Math.floor(at / CHUNK_BYTES);
      const count = Math.min(BATCH_CHUNKS, Math.floor((to - 1) / CHUNK_BYTES) - first + 1);
      const plain = await this.#chunks(first, count);
      const skip = at - first * CHUNK_BYTES;
      const part = plain.subarray(skip, Math.min(plain.length, skip + (to - at)));
      part.copy(out, at - from);
      at += part.length;
      this.#crypto.zero(plain);
    }
    return out;
  }

  /**
   * Hands the whole content over in order, piece by piece, reading ahead; the piece is only valid during the call.
   * Gives its SHA-256. Throws `evidence.objectDamaged`, `call.cancelled`, and whatever `take` throws.
   */
  async stream(take: (piece: Buffer) => Promise<void> | void, options: ObjectProgress = {}): Promise<Buffer> {
    return this.#walk(this.#sizes.content, take, options);
  }

  /**
   * Reads everything, padding included, and compares with the recorded hash (32 bytes).
   * Throws `evidence.objectDamaged`, `call.cancelled`.
   */
  async verify(sha256: Buffer, options: ObjectProgress = {}): Promise<void> {
    const { content, padded } = this.#sizes;
    let position = 0;
    let clean = true;
    const found = await this.#walk(
      padded,
      (piece) => {
        const zerosFrom = Math.max(0, content - position);
        const zerosTo = Math.max(0, Math.min(piece.length, padded - TRAILER_BYTES - position));
        if (zerosFrom < zerosTo && !isZero(piece.subarray(zerosFrom, zerosTo))) clean = false;
        position += piece.length;
      },
      options,
    );
    if (!clean || !this.#crypto.equal(found, sha256)) throw damaged();
  }

  async #walk(
    until: number,
    take: (piece: Buffer) => Promise<void> | void,
    { signal, progress }: ObjectProgress,
  ): Promise<Buffer> {
    const { content } = this.#sizes;
    const hash = this.#crypto.sha256Stream();
    const chunks = Math.ceil(until / CHUNK_BYTES);
    // One batch is being read while the other is with `take`.
    const lanes = [newLane(BATCH_CHUNKS), newLane(BATCH_CHUNKS)] as const;
    const next = (first: number): Promise<Buffer> => {
      const lane = lanes[(first / BATCH_CHUNKS) % 2 === 0 ? 0 : 1];
      const reading = this.#chunks(first, Math.min(BATCH_CHUNKS, chunks - first), lane);
      reading.catch(() => undefined);
      return reading;
    };
    let reading = chunks > 0 ? next(0) : Promise.resolve(Buffer.alloc(0));
    try {
      for (let first = 0; first < chunks; first += BATCH_CHUNKS) {
        throwIfCancelled(signal);
        const plain = await reading;
        if (first + BATCH_CHUNKS < chunks) reading = next(first + BATCH_CHUNKS);
        const at = first * CHUNK_BYTES;
        hash.update(plain.subarray(0, Math.max(0, content - at)));
        await take(plain.subarray(0, until - at));
        progress?.(Math.min(content, at + plain.length), content);
      }
    } finally {
      await Promise.allSettled([reading]);
      this.#crypto.zero(lanes[0].plain, lanes[1].plain);
    }
    return hash.digest();
  }

  /** Wipes the key, and puts the access time back that reading changed. */
  async close(): Promise<void> {
    this.#cipher.wipe();
    try {
      await this.#file.setTimes(0);
    } catch {
      // A read-only medium keeps its times anyway.
    }
    await this.#file.close();
  }
}

const readExactly = (file: DiskFile, buffer: Buffer, position: number): Promise<void> =>
  onDisk('reading', async () => {
    let done = 0;
    while (done < buffer.length) {
      const count = await file.read(buffer.subarray(done), position + done);
      if (count === 0) throw new AppError('evidence.objectTruncated');
      done += count;
    }
  });
