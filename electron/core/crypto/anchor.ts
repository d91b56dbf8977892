import type { Crypto } from '../ports/crypto.ts';
import { expectLength, isZero, readU64, u32, u64 } from './bytes.ts';

export const ANCHOR_RECORD_BYTES = 160;
export const ANCHOR_FILE_BYTES = 2 * ANCHOR_RECORD_BYTES;
const MAC_AT = 128;
const MAGIC = Buffer.from('RSGANCH\u0001', 'latin1');

/** Where the journal stood after a commit. Kept outside the database so that a database that went back is noticed. */
export interface Anchor {
  readonly vaultId: Buffer;
  readonly incarnation: Buffer;
  /** Grows by one with each record; the newest valid one counts. */
  readonly counter: number;
  readonly generation: number;
  readonly headerSeq: number;
  readonly journalSeq: number;
  readonly journalHead: Buffer;
}

const mac = (crypto: Crypto, anchorKey: Uint8Array, record: Uint8Array): Buffer =>
  crypto.blake2b(32, [record.subarray(0, MAC_AT)], anchorKey);

/** One record of 160 bytes. */
export const encodeAnchor = (crypto: Crypto, anchorKey: Uint8Array, anchor: Anchor): Buffer => {
  expectLength(anchor.vaultId, 16);
  expectLength(anchor.incarnation, 16);
  expectLength(anchor.journalHead, 32);
  const signed = Buffer.concat([
    MAGIC,
    anchor.vaultId,
    anchor.incarnation,
    u64(anchor.counter),
    u32(anchor.generation),
    Buffer.alloc(4),
    u64(anchor.headerSeq),
    u64(anchor.journalSeq),
    anchor.journalHead,
    Buffer.alloc(24),
  ]);
  return Buffer.concat([signed, mac(crypto, anchorKey, signed)]);
};

/** Null for a record that is not ours, damaged, or under another key. */
export const decodeAnchor = (crypto: Crypto, anchorKey: Uint8Array, record: Buffer): Anchor | null => {
  if (record.length !== ANCHOR_RECORD_BYTES) return null;
  if (!crypto.equal(mac(crypto, anchorKey, record), record.subarray(MAC_AT))) return null;
  const counter = readU64(record, 40);
  const headerSeq = readU64(record, 56);
  const journalSeq = readU64(record, 64);
  const constant =
    record.subarray(0, 8).equals(MAGIC) &&
    isZero(record.subarray(52, 56)) &&
    isZero(record.subarray(104, MAC_AT));
  if (!constant || counter === null || headerSeq === null || journalSeq === null) return null;
  return {
    vaultId: Buffer.from(record.subarray(8, 24)),
    incarnation: Buffer.from(record.subarray(24, 40)),
    counter,
    generation: record.readUInt32BE(48),
    headerSeq,
    journalSeq,
    journalHead: Buffer.from(record.subarray(72, 104)),
  };
};

/** The place (0 or 1) that the record with this counter is written to: the one before stays whole meanwhile. */
export const anchorPlace = (counter: number): 0 | 1 => (counter % 2 === 0 ? 0 : 1);

/**
 * The newest valid record of a `vault.anchor` file for this vault, or null where there is none. A torn or
 * damaged record beside a valid one is what a power cut leaves, and is passed over.
 */
export const newestAnchor = (
  crypto: Crypto,
  anchorKey: Uint8Array,
  vaultId: Buffer,
  file: Buffer,
): Anchor | null => {
  let newest: Anchor | null = null;
  for (const at of [0, ANCHOR_RECORD_BYTES]) {
    const anchor = decodeAnchor(crypto, anchorKey, file.subarray(at, at + ANCHOR_RECORD_BYTES));
    if (anchor === null || !anchor.vaultId.equals(vaultId)) continue;
    if (newest === null || anchor.counter > newest.counter) newest = anchor;
  }
  return newest;
};
