import { caseFieldsSchema, safeChannelSchema } from '#shared/contract/cases.ts';
import { answerSchema } from '#shared/model/common.ts';
import { caseIdSchema, type CaseId } from '#shared/model/ids.ts';
import { CASE_STATES } from '#shared/model/vocabularies.ts';
import { z } from 'zod';
import { instantColumn, jsonColumn, sql, type Reader, type Tx } from '../../db/index.ts';

/** The fields of a case that people fill in, its code settled. */
export const settledCaseSchema = caseFieldsSchema.extend({ code: z.string() }).strip();
export type SettledCase = z.output<typeof settledCaseSchema>;

const caseRow = z
  .object({
    id: caseIdSchema,
    code: z.string(),
    neutral_code: z.string(),
    title: z.string(),
    state: z.enum(CASE_STATES),
    summary: z.string(),
    opened_day: z.string(),
    language: jsonColumn(answerSchema),
    interpreter: z.enum(['needed', 'notNeeded', 'notAsked']),
    safe_channel: jsonColumn(safeChannelSchema),
    place_origin: z.string(),
    place_refuge: z.string(),
    version: z.number().int(),
    created_at: instantColumn,
    updated_at: instantColumn,
  })
  .transform((row) => ({
    id: row.id,
    code: row.code,
    neutralCode: row.neutral_code,
    title: row.title,
    state: row.state,
    summary: row.summary,
    openedDay: row.opened_day,
    language: row.language,
    interpreter: row.interpreter,
    safeChannel: row.safe_channel,
    placeOrigin: row.place_origin,
    placeRefuge: row.place_refuge,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
export type StoredCase = z.output<typeof caseRow>;

/** @throws AppError `record.notFound` */
export const needCase = (db: Reader, id: CaseId): StoredCase =>
  db.need(
    sql`SELECT id, code, neutral_code, title, state, summary, opened_day, language, interpreter, safe_channel,
          place_origin, place_refuge, version, created_at, updated_at FROM case_file WHERE id = ${id}`,
    caseRow,
  );

export const isCodeTaken = (db: Reader, code: string, exceptId: string): boolean =>
  db.get(
    sql`SELECT id FROM main.case_file WHERE code = ${code} AND id <> ${exceptId}`,
    z.object({ id: z.string() }),
  ) !== null;

/** The next free code of a year, `EXP-2026-001` and on. */
export function nextCode(db: Reader, year: string): string {
  const prefix = `EXP-${year}-`;
  const rows = db.all(
    sql`SELECT code FROM main.case_file WHERE code >= ${prefix} AND code < ${`${prefix}~`} ORDER BY code DESC LIMIT 50`,
    z.object({ code: z.string() }),
  );
  const used = rows.flatMap((row) => {
    const number = /^\d+$/.exec(row.code.slice(prefix.length));
    return number === null ? [] : [Number(number[0])];
  });
  return `${prefix}${String(Math.max(0, ...used) + 1).padStart(3, '0')}`;
}

export function insertCase(
  tx: Tx,
  id: string,
  neutralCode: string,
  fields: SettledCase,
  nowMs: number,
): void {
  tx.run(sql`
    INSERT INTO case_file (id, code, neutral_code, title, state, summary, opened_day, language, interpreter,
      safe_channel, place_origin, place_refuge, version, created_at, updated_at)
    VALUES (${id}, ${fields.code}, ${neutralCode}, ${fields.title}, ${fields.state}, ${fields.summary},
      ${fields.openedDay}, ${JSON.stringify(fields.language)}, ${fields.interpreter},
      ${JSON.stringify(fields.safeChannel)}, ${fields.placeOrigin}, ${fields.placeRefuge}, 1, ${nowMs}, ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export function updateCase(tx: Tx, id: string, fields: SettledCase, version: number, nowMs: number): boolean {
  return (
    tx.run(sql`
      UPDATE case_file SET code = ${fields.code}, title = ${fields.title}, state = ${fields.state},
        summary = ${fields.summary}, opened_day = ${fields.openedDay}, language = ${JSON.stringify(fields.language)},
        interpreter = ${fields.interpreter}, safe_channel = ${JSON.stringify(fields.safeChannel)},
        place_origin = ${fields.placeOrigin}, place_refuge = ${fields.placeRefuge}, version = version + 1,
        updated_at = ${nowMs}
      WHERE id = ${id} AND version = ${version}`).changes === 1
  );
}
