import type { MilestoneFields } from '#shared/contract/digital-attacks.ts';
import { caseIdSchema, type CaseId } from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import { milestoneIdSchema, type MilestoneId } from '#shared/model/surveillance-ids.ts';
import { MILESTONE_KINDS } from '#shared/model/surveillance.ts';
import { partialDateSortKey } from '#shared/rules/partial-date.ts';
import { z } from 'zod';
import { instantColumn, jsonColumn, sql, type Reader, type Tx } from '../../../db/index.ts';

const milestoneRow = z
  .object({
    id: milestoneIdSchema,
    case_id: caseIdSchema,
    kind: z.enum(MILESTONE_KINDS),
    title: z.string(),
    happened: jsonColumn(partialDateSchema),
    note: z.string(),
    version: z.number().int(),
    created_at: instantColumn,
    updated_at: instantColumn,
  })
  .transform((row) => ({
    id: row.id,
    caseId: row.case_id,
    kind: row.kind,
    title: row.title,
    happened: row.happened,
    note: row.note,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));

export type Milestone = z.output<typeof milestoneRow>;

const columns = sql`id, case_id, kind, title, happened, note, version, created_at, updated_at`;

/** @throws AppError `record.notFound` */
export const needMilestone = (db: Reader, id: MilestoneId): Milestone =>
  db.need(sql`SELECT ${columns} FROM milestone WHERE id = ${id}`, milestoneRow);

/** Dates of a case, oldest first. */
export const milestonesOf = (db: Reader, caseId: CaseId): Milestone[] =>
  db.all(
    sql`SELECT ${columns} FROM milestone WHERE case_id = ${caseId} ORDER BY sort_key, id LIMIT 5000`,
    milestoneRow,
  );

export function insertMilestone(tx: Tx, id: MilestoneId, fields: MilestoneFields, now: number): void {
  tx.run(sql`INSERT INTO milestone (id, case_id, kind, title, happened, sort_key, note, version, created_at, updated_at)
      VALUES (${id}, ${fields.caseId}, ${fields.kind}, ${fields.title}, ${JSON.stringify(fields.happened)},
        ${partialDateSortKey(fields.happened)}, ${fields.note}, 1, ${now}, ${now})`);
}

/** Gives false where somebody else was faster. */
export const updateMilestone = (
  tx: Tx,
  id: MilestoneId,
  fields: MilestoneFields,
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE milestone SET kind = ${fields.kind}, title = ${fields.title},
        happened = ${JSON.stringify(fields.happened)}, sort_key = ${partialDateSortKey(fields.happened)},
        note = ${fields.note}, version = version + 1, updated_at = ${nowMs}
      WHERE id = ${id} AND version = ${version}`).changes === 1;
