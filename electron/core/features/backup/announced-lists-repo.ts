import type { Reader, Tx } from '../../db/index.ts';
import { metaBytesOrNull, setMeta } from '../vault/index.ts';

/** Target id 16, hash of the list's body 32. */
const TARGET_BYTES = 16;
const RECORD_BYTES = TARGET_BYTES + 32;
const MAX_RECORDS = 64;

const records = (db: Reader): Buffer[] => {
  const bytes = metaBytesOrNull(db, 'backup_announced') ?? Buffer.alloc(0);
  return Array.from({ length: Math.floor(bytes.length / RECORD_BYTES) }, (_none, index) =>
    bytes.subarray(index * RECORD_BYTES, (index + 1) * RECORD_BYTES),
  );
};

const isOf = (record: Buffer, target: Buffer): boolean => record.subarray(0, TARGET_BYTES).equals(target);

/**
 * Notes the list that is about to be written to a target, in the place of the one noted before.
 *
 * @param target 16 bytes.
 * @param hash BLAKE2b-256 of the body, 32 bytes.
 */
export const announceCatalogue = (tx: Tx, target: Buffer, hash: Buffer): void => {
  const others = records(tx).filter((record) => !isOf(record, target));
  const all = [...others, Buffer.concat([target, hash])].slice(-MAX_RECORDS);
  setMeta(tx, 'backup_announced', Buffer.concat(all));
};

/** Hash of the list that this vault meant to write to a target last, whether it came to be or not. */
export const announcedCatalogue = (db: Reader, target: Buffer): Buffer | null =>
  records(db)
    .find((record) => isOf(record, target))
    ?.subarray(TARGET_BYTES) ?? null;
