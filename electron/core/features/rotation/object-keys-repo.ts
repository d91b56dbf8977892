import { AppError } from '#shared/errors.ts';
import { z } from 'zod';
import { unwrapObjectKey, wrapObjectKey, type WrappedKey } from '../../crypto/object-format.ts';
import type { Connection } from '../../db/connection.ts';
import { countRow } from '../../db/columns.ts';
import { sql } from '../../db/sql.ts';
import type { Crypto, Random } from '../../ports/index.ts';

/** Keys in one transaction; the memory in use does not grow with the vault. */
const BATCH = 500;

const bytes = z.instanceof(Uint8Array).transform((value): Buffer => Buffer.from(value));
const keyRow = z.object({ object_id: bytes, generation: z.number().int(), nonce: bytes, wrapped: bytes });

export interface RewrapParts {
  readonly crypto: Crypto;
  readonly random: Random;
  readonly vaultId: Buffer;
  /** Wrapping keys, 32 bytes each. */
  readonly from: Buffer;
  readonly to: Buffer;
  /** Generation of `to`. */
  readonly generation: number;
  /** Called between batches; throws to stop. */
  readonly breathe: (done: number, total: number) => Promise<void>;
}

/**
 * Seals the key of every object under the wrapping key of the new generation. The objects themselves stay as they
 * are: their keys never left the database.
 *
 * @returns how many keys there are.
 * @throws AppError `evidence.objectDamaged` where a key does not open, `vault.copyDamaged` where one was left out:
 *   nothing may be lost on the way over.
 */
export const rewrapObjectKeys = async (copy: Connection, parts: RewrapParts): Promise<number> => {
  const { crypto, random, vaultId } = parts;
  const total = copy.need(sql`SELECT count(*) AS n FROM object_key`, countRow).n;
  let done = 0;
  for (const rows of batches(copy)) {
    copy.run(sql`BEGIN IMMEDIATE`);
    try {
      for (const { objectId, sealed } of rows) {
        const key = unwrapObjectKey(crypto, parts.from, { vaultId, objectId }, sealed);
        const ids = { vaultId, objectId, generation: parts.generation };
        const next = wrapObjectKey(crypto, parts.to, ids, random.bytes(24), key);
        crypto.zero(key);
        const { changes } = copy.run(sql`UPDATE object_key SET generation = ${next.generation},
          nonce = ${next.nonce}, wrapped = ${next.sealed} WHERE object_id = ${objectId}`);
        if (changes !== 1) throw new AppError('vault.copyDamaged');
      }
      copy.run(sql`COMMIT`);
    } catch (thrown) {
      copy.run(sql`ROLLBACK`);
      throw thrown;
    }
    done += rows.length;
    await parts.breathe(done, total);
  }
  if (done !== total) throw new AppError('vault.copyDamaged');
  return total;
};

/**
 * Opens every key of the finished copy with the new wrapping key: an object whose key does not open is lost, and after
 * the header nothing could open it any more.
 *
 * @returns whether all of them open and belong to the generation.
 */
export const allKeysOpen = (
  copy: Connection,
  parts: Pick<RewrapParts, 'crypto' | 'vaultId' | 'to' | 'generation'>,
): boolean => {
  const { crypto, vaultId } = parts;
  const total = copy.need(sql`SELECT count(*) AS n FROM object_key`, countRow).n;
  let done = 0;
  for (const rows of batches(copy)) {
    for (const { objectId, sealed } of rows) {
      if (sealed.generation !== parts.generation) return false;
      try {
        crypto.zero(unwrapObjectKey(crypto, parts.to, { vaultId, objectId }, sealed));
      } catch {
        return false;
      }
      done += 1;
    }
  }
  return done === total;
};

interface KeyRow {
  readonly objectId: Buffer;
  readonly sealed: WrappedKey;
}

/** All rows in the order of ids. The first bound is one zero byte: the driver binds an empty buffer as NULL. */
function* batches(copy: Connection): Generator<KeyRow[]> {
  let last: Buffer = Buffer.alloc(1);
  for (;;) {
    const rows = copy
      .all(
        sql`SELECT object_id, generation, nonce, wrapped FROM object_key WHERE object_id > ${last}
            ORDER BY object_id LIMIT ${BATCH}`,
        keyRow,
      )
      .map((row) => ({
        objectId: row.object_id,
        sealed: { generation: row.generation, nonce: row.nonce, sealed: row.wrapped },
      }));
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows;
    last = end.objectId;
  }
}
