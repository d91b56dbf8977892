import type { PersonId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { sql, type Reader } from '../../db/index.ts';

const erasureRow = z
  .object({
    reason: z.string(),
    legal_basis: z.string(),
    actor: z.string(),
    replaced: z.number().int(),
    payloads: z.number().int(),
    positions_hash: z.instanceof(Uint8Array),
    erased_at: z.number().int(),
    position: z.number().int().nullable(),
  })
  .transform((row) => ({
    reason: row.reason,
    legalBasis: row.legal_basis,
    actor: row.actor,
    replaced: row.replaced,
    payloads: row.payloads,
    positionsHash: Buffer.from(row.positions_hash).toString('hex'),
    erasedMs: row.erased_at,
    position: row.position,
  }));
/**
 * What is kept of an erasure; `position`: of its entry in the journal. Null after a restore that did the erasure again:
 * the entry is one of the journal that was lost.
 */
export type KeptErasure = z.output<typeof erasureRow>;

/** The last erasure of one person, or null. */
export const erasureOf = (db: Reader, id: PersonId): KeptErasure | null =>
  db.get(
    sql`SELECT e.reason, e.legal_basis, e.actor, e.replaced, e.payloads, e.positions_hash, e.erased_at,
          (SELECT max(j.position) FROM journal j WHERE j.entity_table = 'erasure' AND j.entity_id = e.id) AS position
        FROM main.erasure e WHERE e.person_id = ${id} ORDER BY e.erased_at DESC LIMIT 1`,
    erasureRow,
  );
