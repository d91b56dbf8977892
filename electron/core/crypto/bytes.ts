/**
 * Small builders for the byte layouts. Numbers are big-endian unless a name says otherwise.
 * Secrets are only ever put in memory of their own: `Buffer.from` and `Buffer.alloc(n)` below 4 KiB take
 * it from a pool that other code reads and that nobody wipes.
 */

/** Memory of its own for a secret of `count` bytes, zero-filled. The caller wipes it. */
export const secretBuffer = (count: number): Buffer => Buffer.allocUnsafeSlow(count).fill(0);

/** Copies a secret into memory of its own. */
export const secretCopy = (bytes: Uint8Array): Buffer => {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
};

/** Joins into memory of its own, for input that holds secrets. */
export const secretJoin = (parts: readonly Uint8Array[]): Buffer => {
  const joined = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};

const labels = new Map<string, Buffer>();

/** Domain label: the ASCII text followed by one zero byte, which no label contains otherwise. */
export const label = (text: string): Buffer => {
  let bytes = labels.get(text);
  if (bytes === undefined) {
    bytes = Buffer.concat([Buffer.from(text, 'ascii'), Buffer.of(0)]);
    labels.set(text, bytes);
  }
  return bytes;
};

const whole = (value: number, limit: number): number => {
  if (!Number.isSafeInteger(value) || value < 0 || value > limit)
    throw new RangeError('integer out of range');
  return value;
};

export const u8 = (value: number): Buffer => Buffer.of(whole(value, 0xff));

export const u16 = (value: number): Buffer => {
  const out = Buffer.alloc(2);
  out.writeUInt16BE(whole(value, 0xffff));
  return out;
};

export const u32 = (value: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(whole(value, 0xffff_ffff));
  return out;
};

export const u48 = (value: number): Buffer => {
  const out = Buffer.alloc(6);
  out.writeUIntBE(whole(value, 2 ** 48 - 1), 0, 6);
  return out;
};

/** Only safe integers are written or read: no counter of ours comes near 2^53. */
export const u64 = (value: number): Buffer => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(whole(value, Number.MAX_SAFE_INTEGER)));
  return out;
};

/** Null where the number is above 2^53 - 1. */
export const readU64 = (bytes: Buffer, offset: number): number | null => {
  const value = bytes.readBigUInt64BE(offset);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(value);
};

/** The length as u32, then the bytes: joined fields cannot be cut in another way. */
export const prefixed = (bytes: Uint8Array): Buffer => Buffer.concat([u32(bytes.length), bytes]);

/** True where every byte is zero. */
export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** Throws a `RangeError` where a fixed-size value has another size. */
export const expectLength = (bytes: Uint8Array, length: number): void => {
  if (bytes.length !== length) throw new RangeError(`expected ${length} bytes`);
};
