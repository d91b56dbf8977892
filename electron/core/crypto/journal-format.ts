import type { Crypto } from '../ports/crypto.ts';
import { expectLength, label, prefixed, u16, u32, u48, u64, u8 } from './bytes.ts';

export const JOURNAL_VERSION = 1;
/** `after` of a deleted row, and `prev` of the first entry of a chain. */
export const ZERO_HASH: Buffer = Buffer.alloc(32);

/** Hybrid logical clock: wall time of this device, and a counter for what falls in one millisecond. */
export interface Hlc {
  /** Milliseconds since 1970, 48 bits. */
  readonly ms: number;
  /** 16 bits. */
  readonly count: number;
}

/** The signed part of a journal entry. Values of people and cases are not in it: only a salted commitment to them. */
export interface JournalFields {
  readonly vaultId: Buffer;
  readonly incarnation: Buffer;
  readonly device: Buffer;
  /** Position in the chain of this device and incarnation, from 1, without holes. */
  readonly seq: number;
  readonly prev: Buffer;
  readonly hlc: Hlc;
  /** Ed25519 public key of the slot that was open. */
  readonly actor: Buffer;
  /** Contract name, such as `incidents.record`. */
  readonly method: string;
  readonly entityTable: string;
  readonly entityId: string;
  /** Hash of the row as it was left (`rowHash`), zeros where deleted, or `rowListHash` of a bulk command. */
  readonly after: Buffer;
  readonly payloadCommitment: Buffer;
}

/** 8 bytes: u48 ms, u16 count. */
export const encodeHlc = (hlc: Hlc): Buffer => Buffer.concat([u48(hlc.ms), u16(hlc.count)]);

export const decodeHlc = (bytes: Buffer): Hlc => {
  expectLength(bytes, 8);
  return { ms: bytes.readUIntBE(0, 6), count: bytes.readUInt16BE(6) };
};

/** Each field as u32 length and bytes, in the one order. */
export const encodeJournalFields = (fields: JournalFields): Buffer => {
  expectLength(fields.vaultId, 16);
  expectLength(fields.incarnation, 16);
  expectLength(fields.device, 16);
  for (const hash of [fields.prev, fields.actor, fields.after, fields.payloadCommitment])
    expectLength(hash, 32);
  return Buffer.concat(
    [
      u8(JOURNAL_VERSION),
      fields.vaultId,
      fields.incarnation,
      fields.device,
      u64(fields.seq),
      fields.prev,
      encodeHlc(fields.hlc),
      fields.actor,
      Buffer.from(fields.method),
      Buffer.from(fields.entityTable),
      Buffer.from(fields.entityId),
      fields.after,
      fields.payloadCommitment,
    ].map(prefixed),
  );
};

/** Hash of an entry: the next entry's `prev`, and what is signed. */
export const journalHash = (crypto: Crypto, fields: JournalFields): Buffer =>
  crypto.blake2b(32, [label('RSG journal v1'), encodeJournalFields(fields)]);

/** Ed25519 over the label and the hash, with the key of the unlocked slot. */
export const signJournal = (crypto: Crypto, hash: Uint8Array, signSecret: Uint8Array): Buffer =>
  crypto.sign(Buffer.concat([label('RSG journal sig v1'), hash]), signSecret);

export const verifyJournalSignature = (
  crypto: Crypto,
  hash: Uint8Array,
  signature: Uint8Array,
  actor: Uint8Array,
): boolean => crypto.verify(signature, Buffer.concat([label('RSG journal sig v1'), hash]), actor);

/**
 * What an entry holds in place of its changes: BLAKE2b-256 under a 16-byte salt that lies with the payload.
 * Erasing both leaves a chain that still verifies and a commitment that cannot be tried out.
 */
export const payloadCommitment = (crypto: Crypto, salt: Uint8Array, payload: Uint8Array): Buffer => {
  expectLength(salt, 16);
  return crypto.blake2b(32, [payload], salt);
};

/** A column as an exact read gives it: bigint for INTEGER, number for REAL, string for TEXT, bytes for BLOB. */
export type Cell = bigint | number | string | Uint8Array | null;

const TYPE_CODES = { null: 0, integer: 1, real: 2, text: 3, blob: 4 } as const;

const typed = (type: number, bytes: Uint8Array): Buffer => Buffer.concat([u8(type), prefixed(bytes)]);

/** Integer and real are different types in the hash: which one a cell is comes from the database, never from its value. */
const cellBytes = (cell: Cell): Buffer => {
  if (cell === null) return typed(TYPE_CODES.null, Buffer.alloc(0));
  if (typeof cell === 'string') return typed(TYPE_CODES.text, Buffer.from(cell));
  if (cell instanceof Uint8Array) return typed(TYPE_CODES.blob, cell);
  const number = Buffer.alloc(8);
  if (typeof cell === 'bigint') {
    number.writeBigInt64BE(cell);
    return typed(TYPE_CODES.integer, number);
  }
  number.writeDoubleBE(cell);
  return typed(TYPE_CODES.real, number);
};

/**
 * Hash of a row as it stands after a change: label, table and id each with its length, then every audited
 * column in schema order as type, length, bytes. A row that was changed behind the application no longer
 * fits the last one that the journal holds.
 */
export const rowHash = (crypto: Crypto, table: string, id: string, cells: readonly Cell[]): Buffer =>
  crypto.blake2b(32, [
    label('RSG row v1'),
    prefixed(Buffer.from(table)),
    prefixed(Buffer.from(id)),
    ...cells.map(cellBytes),
  ]);

export interface TouchedRow {
  readonly table: string;
  readonly id: string;
  readonly after: Buffer;
}

/** `after` of an entry that stands for many rows; the list itself is kept beside the entry. */
export const rowListHash = (crypto: Crypto, rows: readonly TouchedRow[]): Buffer =>
  crypto.blake2b(32, [
    label('RSG rows v1'),
    u32(rows.length),
    ...rows.flatMap(({ table, id, after }) => {
      expectLength(after, 32);
      return [prefixed(Buffer.from(table)), prefixed(Buffer.from(id)), after];
    }),
  ]);

/**
 * Digest of a statement that somebody signs outside the journal (a roster row, an approval): a label of its
 * own, then each field with its length.
 */
export const statementDigest = (crypto: Crypto, name: string, fields: readonly Uint8Array[]): Buffer =>
  crypto.blake2b(32, [label(name), ...fields.map(prefixed)]);
