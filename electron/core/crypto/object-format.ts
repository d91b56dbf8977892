import { AppError } from '#shared/errors.ts';
import type { Crypto } from '../ports/crypto.ts';
import { expectLength, isZero, label, secretBuffer, u32 } from './bytes.ts';

/** Layout of one encrypted evidence object; `docs/formats/object.md` says it in full. */
export const CHUNK_BYTES = 65_536;
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + 16;
export const OBJECT_HEADER_BYTES = 64;
export const TRAILER_BYTES = 8;
const MAGIC = Buffer.from('RSGOBJ\u0000\u0001', 'latin1');
const CHUNK_LOG2 = 16;
const ID_AT = 16;
const PREFIX_AT = 32;
const COMMITMENT_AT = 48;
/** Chunk numbers stay below 2^32. */
const MAX_CHUNKS = 2 ** 32;

/**
 * Padded size for `x` bytes: few sizes exist, so that a size does not identify a file. At most 6.2 % more
 * above 4 KiB. Bits are counted with logarithms of exact powers, so sizes up to 2^52 are right.
 */
export const padme = (x: number): number => {
  if (!Number.isSafeInteger(x) || x < 0 || x > 2 ** 52) throw new RangeError('size');
  if (x < 4096) return 4096;
  const e = floorLog2(x);
  const s = floorLog2(e) + 1;
  const m = 2 ** (e - s);
  return Math.ceil(x / m) * m;
};

/** `Math.log2` alone rounds up just below large powers of two. */
const floorLog2 = (x: number): number => {
  let e = Math.floor(Math.log2(x));
  if (2 ** e > x) e -= 1;
  if (2 ** (e + 1) <= x) e += 1;
  return e;
};

export interface ObjectSizes {
  /** Bytes of content. */
  readonly content: number;
  /** Bytes of content, zeros and trailer. */
  readonly padded: number;
  readonly chunks: number;
  /** Bytes of the file on disk. */
  readonly file: number;
}

/** All sizes that follow from the content's. */
export const objectSizes = (content: number): ObjectSizes => {
  const padded = padme(content + TRAILER_BYTES);
  const chunks = Math.ceil(padded / CHUNK_BYTES);
  if (chunks >= MAX_CHUNKS) throw new RangeError('size');
  return { content, padded, chunks, file: OBJECT_HEADER_BYTES + padded + 16 * chunks };
};

/** Padded size and chunk count from the size of a file, or null where no object has that size. */
export const sizesOfFile = (
  fileBytes: number,
): { readonly padded: number; readonly chunks: number } | null => {
  const body = fileBytes - OBJECT_HEADER_BYTES;
  if (!Number.isSafeInteger(body) || body < 4096 + 16) return null;
  const chunks = Math.ceil(body / SEALED_CHUNK_BYTES);
  const padded = body - 16 * chunks;
  if (chunks >= MAX_CHUNKS || padded <= (chunks - 1) * CHUNK_BYTES || padme(padded) !== padded) return null;
  return { padded, chunks };
};

const commitment = (crypto: Crypto, key: Uint8Array, start: Uint8Array): Buffer =>
  crypto.blake2b(16, [label('RSG object commit v1'), start], key);

/** The 64-byte header. `prefix`: 15 random bytes. All three inputs are for one attempt only. */
export const objectHeader = (
  crypto: Crypto,
  key: Uint8Array,
  objectId: Uint8Array,
  prefix: Uint8Array,
): Buffer => {
  expectLength(key, 32);
  expectLength(objectId, 16);
  expectLength(prefix, 15);
  const start = Buffer.concat([
    MAGIC,
    Buffer.of(CHUNK_LOG2),
    Buffer.alloc(7),
    objectId,
    prefix,
    Buffer.of(0),
  ]);
  return Buffer.concat([start, commitment(crypto, key, start)]);
};

/**
 * Checks a header against the id that was asked for and the key that the database has. Throws
 * `evidence.objectSwapped` where it is a well-formed header of another object, else `evidence.objectDamaged`.
 */
export const checkObjectHeader = (
  crypto: Crypto,
  key: Uint8Array,
  objectId: Uint8Array,
  header: Buffer,
): void => {
  expectLength(header, OBJECT_HEADER_BYTES);
  const wellFormed =
    header.subarray(0, 8).equals(MAGIC) &&
    header[8] === CHUNK_LOG2 &&
    isZero(header.subarray(9, ID_AT)) &&
    header[COMMITMENT_AT - 1] === 0;
  if (!wellFormed) throw new AppError('evidence.objectDamaged');
  if (!crypto.equal(header.subarray(ID_AT, PREFIX_AT), objectId))
    throw new AppError('evidence.objectSwapped');
  const expected = commitment(crypto, key, header.subarray(0, COMMITMENT_AT));
  if (!crypto.equal(expected, header.subarray(COMMITMENT_AT))) throw new AppError('evidence.objectDamaged');
};

/** Seals and opens the chunks of one object; holds the key until `wipe`. */
export class ChunkCipher {
  readonly #crypto: Crypto;
  readonly #key: Buffer;
  readonly #header: Buffer;
  readonly #nonce: Buffer;
  readonly #chunks: number;

  /** Takes its own copy of the key; the caller wipes the one handed in. */
  constructor(crypto: Crypto, key: Uint8Array, header: Buffer, chunks: number) {
    expectLength(key, 32);
    this.#crypto = crypto;
    this.#key = secretBuffer(32);
    crypto.lockMemory(this.#key);
    this.#key.set(key);
    this.#header = header;
    this.#chunks = chunks;
    this.#nonce = Buffer.alloc(24);
    header.copy(this.#nonce, 0, PREFIX_AT, PREFIX_AT + 15);
  }

  #nonceOf(index: number): Buffer {
    this.#nonce.writeUInt32BE(0, 15);
    this.#nonce.writeUInt32BE(index, 19);
    this.#nonce[23] = index === this.#chunks - 1 ? 1 : 0;
    return this.#nonce;
  }

  seal(index: number, plain: Uint8Array, out: Buffer): void {
    this.#crypto.aeadEncrypt(out, plain, this.#header, this.#nonceOf(index), this.#key);
  }

  /** False where the chunk is not the one of this object at this place. */
  open(index: number, sealed: Uint8Array, out: Buffer): boolean {
    return this.#crypto.aeadDecrypt(out, sealed, this.#header, this.#nonceOf(index), this.#key);
  }

  wipe(): void {
    this.#crypto.zero(this.#key);
  }
}

/** An object's key as a row of the database holds it: sealed under the wrapping key of a generation. */
export interface WrappedKey {
  readonly generation: number;
  readonly nonce: Buffer;
  /** 48 bytes. */
  readonly sealed: Buffer;
}

const wrapAd = (vaultId: Uint8Array, objectId: Uint8Array, generation: number): Buffer =>
  Buffer.concat([label('RSG objkey v1'), vaultId, objectId, u32(generation)]);

/** `nonce`: 24 random bytes. Never journalled. */
export const wrapObjectKey = (
  crypto: Crypto,
  wrapKey: Uint8Array,
  ids: { readonly vaultId: Uint8Array; readonly objectId: Uint8Array; readonly generation: number },
  nonce: Buffer,
  key: Uint8Array,
): WrappedKey => {
  expectLength(key, 32);
  const sealed = secretBuffer(48);
  crypto.aeadEncrypt(sealed, key, wrapAd(ids.vaultId, ids.objectId, ids.generation), nonce, wrapKey);
  return { generation: ids.generation, nonce, sealed };
};

/** The 32-byte key, which the caller wipes. Throws `evidence.objectDamaged`. */
export const unwrapObjectKey = (
  crypto: Crypto,
  wrapKey: Uint8Array,
  ids: { readonly vaultId: Uint8Array; readonly objectId: Uint8Array },
  wrapped: WrappedKey,
): Buffer => {
  const key = secretBuffer(32);
  const ad = wrapAd(ids.vaultId, ids.objectId, wrapped.generation);
  if (wrapped.sealed.length !== 48 || wrapped.nonce.length !== 24)
    throw new AppError('evidence.objectDamaged');
  if (!crypto.aeadDecrypt(key, wrapped.sealed, ad, wrapped.nonce, wrapKey)) {
    throw new AppError('evidence.objectDamaged');
  }
  return key;
};
