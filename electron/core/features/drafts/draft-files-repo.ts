import { caseIdSchema, evidenceIdSchema, type CaseId, type EvidenceId } from '#shared/model/ids.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { countRow, list, sql, type Reader, type Sql, type Tx } from '../../db/index.ts';
import { KEPT_EVIDENCE } from '../holds/index.ts';
import { authors } from './authors.ts';

const fileRow = z
  .object({
    id: evidenceIdSchema,
    title: z.string(),
    mime: z.string(),
    case_id: caseIdSchema.nullable(),
    came_with: z.string().nullable(),
  })
  .transform(({ case_id, came_with, ...rest }) => ({ ...rest, caseId: case_id, cameWith: came_with }));
/** An item that was taken in for a form, the case it is in now and the one that the form named then. */
export type DraftFile = z.output<typeof fileRow>;

/** Notes inside the transaction of an intake that the item is meant for the form with this draft. */
export function noteDraftFile(
  call: OpenCall,
  tx: Tx,
  file: { readonly evidenceId: EvidenceId; readonly draftId: string; readonly cameWith: CaseId | null },
): void {
  tx.run(sql`INSERT INTO main.draft_file (evidence_id, draft_id, came_with, author, taken_at)
    VALUES (${file.evidenceId}, ${file.draftId}, ${file.cameWith}, ${call.session.actor.slotId},
      ${call.core.ports.clock.now()})`);
}

const filesWhere = (call: OpenCall, db: Reader, condition: Sql): DraftFile[] =>
  db.all(
    sql`SELECT e.id, e.title, e.mime, e.case_id, f.came_with
        FROM draft_file f JOIN evidence e ON e.id = f.evidence_id
        WHERE ${condition} AND f.author IN ${authors(call, db)} AND ${KEPT_EVIDENCE}
        ORDER BY f.taken_at, e.id`,
    fileRow,
  );

/** What the person took in for the form with this draft, oldest first: items that are still there and in sight. */
export const filesOfDraft = (call: OpenCall, db: Reader, draftId: string): DraftFile[] =>
  filesWhere(call, db, sql`f.draft_id = ${draftId}`);

/** Those of these items that the person took in for some form that is no record yet. */
export const draftFilesAmong = (call: OpenCall, db: Reader, ids: readonly EvidenceId[]): DraftFile[] =>
  ids.length === 0 ? [] : filesWhere(call, db, sql`f.evidence_id IN ${list(ids)}`);

/** The form has become a record: its items are tied to that from now on. */
export function forgetDraftFiles(call: OpenCall, tx: Tx, draftId: string): void {
  tx.run(sql`DELETE FROM main.draft_file WHERE draft_id = ${draftId} AND author IN ${authors(call, tx)}`);
}

/** The item belongs to a record from now on. */
export function forgetDraftFile(tx: Tx, id: EvidenceId): void {
  tx.run(sql`DELETE FROM main.draft_file WHERE evidence_id = ${id}`);
}

/** How many notes belong to no draft and are older than this (ms since epoch). */
export const strayDraftFiles = (db: Reader, beforeMs: number): number =>
  db.need(
    sql`SELECT count(*) AS n FROM main.draft_file
        WHERE taken_at < ${beforeMs} AND draft_id NOT IN (SELECT id FROM main.draft)`,
    countRow,
  ).n;

/**
 * Drops these notes. Not at once when a draft is discarded: that can be taken back, and of a form in which nothing
 * was typed yet there is no draft. The items themselves stay in the evidence.
 */
export function sweepDraftFiles(tx: Tx, beforeMs: number): void {
  tx.run(sql`DELETE FROM main.draft_file
    WHERE taken_at < ${beforeMs} AND draft_id NOT IN (SELECT id FROM main.draft)`);
}
