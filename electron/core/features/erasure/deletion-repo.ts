import type { EvidenceId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { countRow, jsonColumn, sql, type Reader, type Tx } from '../../db/index.ts';

const KIND = 'deleteObject';
const payloadSchema = z.object({ objectId: z.string().regex(/^[0-9a-f]{32}$/) }).strict();
const pendingRow = z
  .object({ id: z.string(), payload: jsonColumn(payloadSchema) })
  .transform(({ id, payload }) => ({ id, objectId: Buffer.from(payload.objectId, 'hex') }));

/** Objects whose key is gone and whose file may still be there. */
export const pendingDeletions = (db: Reader): z.output<typeof pendingRow>[] =>
  db.all(sql`SELECT id, payload FROM main.outbox WHERE kind = ${KIND} ORDER BY created_at, id`, pendingRow);

export function noteDeletion(tx: Tx, rowId: string, objectId: Buffer, nowMs: number): void {
  tx.run(sql`INSERT INTO main.outbox (id, kind, payload, created_at)
    VALUES (${rowId}, ${KIND}, ${JSON.stringify({ objectId: objectId.toString('hex') })}, ${nowMs})`);
}

export function forgetDeletion(tx: Tx, rowId: string): void {
  tx.run(sql`DELETE FROM main.outbox WHERE id = ${rowId} AND kind = ${KIND}`);
}

/** Takes the key away: from here on the file is noise. Gives false where there was none. */
export const deleteObjectKey = (tx: Tx, objectId: Buffer): boolean =>
  tx.run(sql`DELETE FROM main.object_key WHERE object_id = ${objectId}`).changes === 1;

/** Thumbnail, recognised text and metadata of the item. */
export function deleteDerived(tx: Tx, id: EvidenceId): void {
  tx.run(sql`DELETE FROM main.evidence_derived WHERE evidence_id = ${id}`);
}

export interface Tombstone {
  readonly id: EvidenceId;
  readonly objectId: Buffer;
  readonly reason: string;
  readonly legalBasis: string;
  readonly actor: string;
}

export function insertTombstone(tx: Tx, stone: Tombstone, nowMs: number): void {
  tx.run(sql`INSERT INTO main.evidence_tombstone (id, object_id, reason, legal_basis, actor, deleted_at)
    VALUES (${stone.id}, ${stone.objectId}, ${stone.reason}, ${stone.legalBasis}, ${stone.actor}, ${nowMs})`);
}

/** How many consents name this item as their proof. */
export const consentsResting = (db: Reader, id: EvidenceId): number =>
  db.need(sql`SELECT count(*) AS n FROM main.consent WHERE evidence_id = ${id}`, countRow).n;

export const incidentsShowing = (db: Reader, id: EvidenceId): number =>
  db.need(sql`SELECT count(*) AS n FROM main.evidence_link WHERE evidence_id = ${id}`, countRow).n;
