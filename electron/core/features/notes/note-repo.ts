import { caseIdSchema, noteIdSchema, type CaseId, type NoteId } from '#shared/model/ids.ts';
import { NOTE_KINDS } from '#shared/model/vocabularies.ts';
import { z } from 'zod';
import { countRow, instantColumn, sql, type Reader, type Tx } from '../../db/index.ts';

const noteRow = z
  .object({
    id: noteIdSchema,
    case_id: caseIdSchema,
    kind: z.enum(NOTE_KINDS),
    body: z.string(),
    author: z.string(),
    version: z.number().int(),
    created_at: instantColumn,
    updated_at: instantColumn,
  })
  .transform(({ case_id, created_at, updated_at, ...rest }) => ({
    ...rest,
    caseId: case_id,
    createdAt: created_at,
    updatedAt: updated_at,
  }));
export type StoredNote = z.output<typeof noteRow>;

const columns = sql`id, case_id, kind, body, author, version, created_at, updated_at`;

/** @throws AppError `record.notFound` */
export const needNote = (db: Reader, id: NoteId): StoredNote =>
  db.need(sql`SELECT ${columns} FROM note WHERE id = ${id}`, noteRow);

export const notesPage = (
  db: Reader,
  caseId: CaseId,
  limit: number,
  offset: number,
): { total: number; rows: StoredNote[] } => ({
  total: db.need(sql`SELECT count(*) AS n FROM note WHERE case_id = ${caseId}`, countRow).n,
  rows: db.all(
    sql`SELECT ${columns} FROM note WHERE case_id = ${caseId} ORDER BY created_at DESC, id LIMIT ${limit} OFFSET ${offset}`,
    noteRow,
  ),
});

export function insertNote(
  tx: Tx,
  note: { id: string; caseId: CaseId; kind: string; body: string; author: string },
  nowMs: number,
): void {
  tx.run(sql`INSERT INTO note (id, case_id, kind, body, author, version, created_at, updated_at)
    VALUES (${note.id}, ${note.caseId}, ${note.kind}, ${note.body}, ${note.author}, 1, ${nowMs}, ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export const updateNote = (tx: Tx, id: string, body: string, version: number, nowMs: number): boolean =>
  tx.run(sql`UPDATE note SET body = ${body}, version = version + 1, updated_at = ${nowMs}
    WHERE id = ${id} AND version = ${version}`).changes === 1;
