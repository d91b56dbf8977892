import { z } from 'zod';
import { sql, type Reader, type Tx } from '../../db/index.ts';

const payloadRow = z
  .object({
    position: z.number().int(),
    entity_table: z.string(),
    entity_id: z.string(),
    payload: z.instanceof(Uint8Array),
  })
  .transform((row) => ({
    position: row.position,
    table: row.entity_table,
    id: row.entity_id,
    text: Buffer.from(row.payload).toString('utf8'),
  }));
export type Payload = z.output<typeof payloadRow>;

/** A page of what the journal keeps of changes, those that were not emptied. */
export const payloadsAfter = (db: Reader, position: number, limit: number): Payload[] =>
  db.all(
    sql`SELECT j.position, j.entity_table, j.entity_id, p.payload
        FROM main.journal_payload p JOIN main.journal j ON j.position = p.position
        WHERE p.position > ${position} AND p.payload IS NOT NULL ORDER BY p.position LIMIT ${limit}`,
    payloadRow,
  );

/** Opens what append-only rows and the journal's payload are closed to. Ends with `closeErasure`, in one transaction. */
export function openErasure(tx: Tx, id: string): void {
  tx.run(sql`INSERT INTO main.erasure_open (id) VALUES (${id})`);
}

export function closeErasure(tx: Tx): void {
  tx.run(sql`DELETE FROM main.erasure_open`);
}

export interface NewErasure {
  readonly id: string;
  readonly personId: string;
  readonly requestId: string | null;
  readonly reason: string;
  readonly legalBasis: string;
  readonly actor: string;
  readonly replaced: number;
  readonly payloads: number;
  readonly positionsHash: Buffer;
}

export function insertErasure(tx: Tx, row: NewErasure, nowMs: number): void {
  tx.run(sql`INSERT INTO main.erasure (id, person_id, request_id, reason, legal_basis, actor, replaced, payloads,
      positions_hash, erased_at)
    VALUES (${row.id}, ${row.personId}, ${row.requestId}, ${row.reason}, ${row.legalBasis}, ${row.actor},
      ${row.replaced}, ${row.payloads}, ${row.positionsHash}, ${nowMs})`);
}

/**
 * Empties what one entry keeps: payload and salt, so that nobody can try values against the commitment. The entry
 * itself, its hash and signature stay, and the chain holds. The only place of the program that does this; a
 * trigger refuses it anywhere else.
 */
export function emptyPayload(tx: Tx, erasureId: string, position: number): void {
  tx.run(sql`INSERT INTO main.erased_payload (position, erasure_id) VALUES (${position}, ${erasureId})`);
  tx.run(
    sql`UPDATE main.journal_payload SET payload = NULL, salt = zeroblob(16) WHERE position = ${position}`,
  );
}
