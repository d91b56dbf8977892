import { z } from 'zod';
import type { WrappedKey } from '../../crypto/object-format.ts';
import { sql, type Reader } from '../../db/index.ts';

const bytes = z.instanceof(Uint8Array).transform((value): Buffer => Buffer.from(value));

const objectRow = z
  .object({
    object_id: bytes,
    generation: z.number().int(),
    nonce: bytes,
    wrapped: bytes,
    size: z.number().int().nullable(),
    sha256: bytes.nullable(),
  })
  .transform((row) => ({
    objectId: row.object_id,
    wrapped: { generation: row.generation, nonce: row.nonce, sealed: row.wrapped } satisfies WrappedKey,
    size: row.size,
    sha256: row.sha256,
  }));
/** An object with its wrapped key, and what the record says of its content. */
export type SealedObject = z.output<typeof objectRow>;

/** Every object that a database has the key of. */
export const sealedObjects = (db: Reader): SealedObject[] =>
  db.all(
    sql`SELECT k.object_id, k.generation, k.nonce, k.wrapped, e.size, e.sha256
        FROM object_key k LEFT JOIN main.evidence e ON e.object_id = k.object_id ORDER BY k.object_id`,
    objectRow,
  );
