import { z } from 'zod';
import {
  annexTreatmentSchema,
  exportStateSchema,
  personTreatmentSchema,
  profileIdSchema,
} from '#shared/contract/exports.ts';
import { leakReportSchema } from '#shared/contract/leak-report.ts';
import { daySchema, languageSchema } from '#shared/model/common.ts';
import { caseIdSchema, exportIdSchema, personIdSchema } from '#shared/model/ids.ts';
import type { ExportId } from '#shared/model/ids.ts';
import { boxSchema } from '#shared/parser/jobs.ts';
import { instantColumn, jsonColumn, jsonColumnOrNull, sql, type Reader, type Tx } from '../../db/index.ts';

const annexSettingSchema = z
  .object({
    treatment: annexTreatmentSchema,
    boxes: z.array(z.object({ page: z.number().int().min(0), box: boxSchema }).strict()),
    reserved: z.boolean(),
  })
  .strict();
export type AnnexSetting = z.infer<typeof annexSettingSchema>;

/** Everything that people chose for one export. */
export const exportSettingsSchema = z
  .object({
    fromDay: daySchema.nullable(),
    toDay: daySchema.nullable(),
    /** Printed on every page; also the word that every decoder must report back. */
    folio: z.string(),
    /** 32 bytes in hex: numbering and file ids come from it, so that a second build gives the same bytes. */
    seed: z.string().regex(/^[0-9a-f]{64}$/),
    preparedBy: z.string(),
    preparedByName: z.string(),
    persons: z.record(z.string(), personTreatmentSchema),
    annexes: z.record(z.string(), annexSettingSchema),
    sections: z.record(z.string(), z.string()),
    /** Very sensitive incidents that somebody took in; all others of that kind stay out. */
    incidents: z.array(z.string()).default([]),
    /** What of the digital evidence goes; left out: as the profile begins. */
    digital: z.object({ findings: z.boolean(), indicators: z.boolean() }).strict().optional(),
    /** Examinations whose findings were altered, which somebody said to go on without. */
    leftOut: z.array(z.string()).default([]),
  })
  .strict();
export type ExportSettings = z.infer<typeof exportSettingsSchema>;

/** The report with what only the engine needs: which bytes were checked. */
export const storedReportSchema = z
  .object({
    form: z.enum(['filing', 'package']),
    day: daySchema,
    report: leakReportSchema,
    /** Hits that stop the release unless judged to be something else. */
    mustJudge: z.array(z.string()),
    finalHits: z.array(z.string()),
    /** Hash of the surroundings of each hit: what a judgement is remembered for. */
    patterns: z.record(z.string(), z.string()),
    files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.number().int() }).strict()),
    checkedBy: z.string(),
  })
  .strict();
export type StoredReport = z.infer<typeof storedReportSchema>;

const bytesColumn = z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes));

const exportRow = z
  .object({
    id: exportIdSchema,
    case_id: caseIdSchema,
    profile: profileIdSchema,
    profile_version: z.number().int(),
    series_id: z.string(),
    recipient: z.string(),
    purpose: z.string(),
    language: languageSchema,
    state: exportStateSchema,
    settings: jsonColumn(exportSettingsSchema),
    plan_hash: bytesColumn.nullable(),
    report: jsonColumnOrNull(storedReportSchema),
    version: z.number().int(),
    updated_at: instantColumn,
  })
  .transform(({ case_id, profile_version, series_id, plan_hash, updated_at, ...rest }) => ({
    ...rest,
    caseId: case_id,
    profileVersion: profile_version,
    seriesId: series_id,
    planHash: plan_hash,
    updatedAt: updated_at,
  }));
export type StoredExport = z.output<typeof exportRow>;

/** @throws AppError `record.notFound` */
export const needExport = (db: Reader, id: ExportId): StoredExport =>
  db.need(
    sql`SELECT id, case_id, profile, profile_version, series_id, recipient, purpose, language, state, settings, plan_hash,
          report, version, updated_at FROM export WHERE id = ${id}`,
    exportRow,
  );

export type NewExport = Omit<StoredExport, 'planHash' | 'report' | 'version' | 'updatedAt' | 'state'>;

export function insertExport(tx: Tx, item: NewExport, nowMs: number): void {
  tx.run(sql`
    INSERT INTO export (id, case_id, profile, profile_version, series_id, recipient, purpose, language, state, settings,
      plan_hash, report, version, created_at, updated_at)
    VALUES (${item.id}, ${item.caseId}, ${item.profile}, ${item.profileVersion}, ${item.seriesId}, ${item.recipient},
      ${item.purpose}, ${item.language}, 'deciding', ${JSON.stringify(item.settings)}, NULL, NULL, 1, ${nowMs}, ${nowMs})`);
}

/** New choices make an earlier check worthless: the report goes and the state is `deciding` again. */
export const updateSettings = (tx: Tx, id: ExportId, settings: ExportSettings, nowMs: number): void => {
  tx.run(sql`UPDATE export SET settings = ${JSON.stringify(settings)}, state = 'deciding', plan_hash = NULL, report = NULL,
    version = version + 1, updated_at = ${nowMs} WHERE id = ${id}`);
};

export const updateReport = (
  tx: Tx,
  id: ExportId,
  state: StoredExport['state'],
  planHash: Buffer | null,
  report: StoredReport | null,
  nowMs: number,
): void => {
  tx.run(sql`UPDATE export SET state = ${state}, plan_hash = ${planHash},
    report = ${report === null ? null : JSON.stringify(report)}, version = version + 1, updated_at = ${nowMs} WHERE id = ${id}`);
};

const decisionRow = z.object({
  id: z.string(),
  kind: z.enum(['span', 'hit', 'inventory']),
  subject: z.string(),
  verdict: z.string(),
  reason: z.string(),
  context_hash: bytesColumn.nullable(),
  actor: z.string(),
});
export type StoredDecision = z.output<typeof decisionRow>;

export const decisionsOf = (db: Reader, id: ExportId): StoredDecision[] =>
  db.all(
    sql`SELECT id, kind, subject, verdict, reason, context_hash, actor FROM export_decision WHERE export_id = ${id}
        ORDER BY decided_at, id`,
    decisionRow,
  );

export interface NewDecision {
  readonly id: string;
  readonly kind: StoredDecision['kind'];
  readonly subject: string;
  readonly verdict: string;
  readonly reason: string;
  readonly contextHash: Buffer | null;
  readonly actor: string;
}

/** Records or replaces a decision; gives the id of its row. */
export function putDecision(tx: Tx, exportId: ExportId, decision: NewDecision, nowMs: number): string {
  const idRow = z.object({ id: z.string() });
  const before = tx.get(
    sql`SELECT id FROM export_decision WHERE export_id = ${exportId} AND kind = ${decision.kind} AND subject = ${decision.subject}`,
    idRow,
  );
  const id = before?.id ?? decision.id;
  tx.run(sql`
    INSERT INTO export_decision (id, export_id, kind, subject, verdict, reason, context_hash, actor, decided_at)
    VALUES (${id}, ${exportId}, ${decision.kind}, ${decision.subject}, ${decision.verdict}, ${decision.reason},
      ${decision.contextHash}, ${decision.actor}, ${nowMs})
    ON CONFLICT (id) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason,
      context_hash = excluded.context_hash, actor = excluded.actor, decided_at = excluded.decided_at`);
  return id;
}

/** Judgements of this case, in earlier exports too, that a hit was something else; by sentence pattern. */
export const rememberedPatterns = (db: Reader, caseId: string): Set<string> =>
  new Set(
    db
      .all(
        sql`SELECT d.context_hash FROM export_decision d JOIN export e ON e.id = d.export_id
            WHERE e.case_id = ${caseId} AND d.kind = 'hit' AND d.verdict = 'other' AND d.context_hash IS NOT NULL`,
        z.object({ context_hash: bytesColumn }),
      )
      .map((row) => row.context_hash.toString('hex')),
  );

const pseudonymRow = z
  .object({ id: z.string(), person_id: personIdSchema, role_code: z.string(), letter: z.string() })
  .transform((row) => ({ id: row.id, personId: row.person_id, roleCode: row.role_code, letter: row.letter }));
export type StoredPseudonym = z.output<typeof pseudonymRow>;

export const pseudonymsOf = (db: Reader, seriesId: string): StoredPseudonym[] =>
  db.all(
    sql`SELECT id, person_id, role_code, letter FROM pseudonym WHERE series_id = ${seriesId} ORDER BY id`,
    pseudonymRow,
  );
