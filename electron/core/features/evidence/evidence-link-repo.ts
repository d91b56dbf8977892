import { caseIdSchema, evidenceIdSchema } from '#shared/model/ids.ts';
import type { CaseId, EvidenceId, IncidentId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { countRow, sql, type Reader, type Sql, type Tx } from '../../db/index.ts';

const idRow = z.object({ id: z.string() });

const FIND = {
  case_file: (id: string): Sql => sql`SELECT id FROM case_file WHERE id = ${id}`,
  incident: (id: string): Sql => sql`SELECT id FROM incident WHERE id = ${id}`,
  evidence: (id: string): Sql => sql`SELECT id FROM evidence WHERE id = ${id}`,
  person: (id: string): Sql => sql`SELECT id FROM person WHERE id = ${id}`,
} as const;

/** Throws `record.notFound` unless the row is there. */
export function needRow(db: Reader, table: keyof typeof FIND, id: string): void {
  db.need(FIND[table](id), idRow);
}

/** Whether the row is there: it may have been removed since. */
export const stands = (db: Reader, table: keyof typeof FIND, id: string): boolean =>
  db.get(FIND[table](id), idRow) !== null;

/** The case of an incident, or null. */
export const caseOfIncident = (db: Reader, id: IncidentId): CaseId | null =>
  db.need(sql`SELECT case_id FROM incident WHERE id = ${id}`, z.object({ case_id: caseIdSchema.nullable() }))
    .case_id;

/**
 * Items that go where an incident goes when it leaves `from`: those without a case, and those of `from` that
 * no other incident of `from` needs there.
 */
export const followersOf = (db: Reader, incidentId: IncidentId, from: CaseId | null): EvidenceId[] =>
  db
    .all(
      sql`SELECT e.id FROM evidence_link l JOIN evidence e ON e.id = l.evidence_id
          WHERE l.incident_id = ${incidentId} AND (e.case_id IS NULL OR (e.case_id = ${from} AND NOT EXISTS (
            SELECT 1 FROM evidence_link o JOIN incident i ON i.id = o.incident_id
            WHERE o.evidence_id = e.id AND o.incident_id <> ${incidentId} AND i.case_id = ${from})))
          ORDER BY e.id`,
      z.object({ id: evidenceIdSchema }),
    )
    .map((row) => row.id);

/**
 * Whether any record shows the item or rests on it. Asked past the view of the session: a case that it does not see
 * needs its items all the same.
 */
export const isTied = (db: Reader, id: EvidenceId): boolean =>
  db.need(
    sql`SELECT EXISTS (SELECT 1 FROM main.evidence_link WHERE evidence_id = ${id})
          OR EXISTS (SELECT 1 FROM main.consent WHERE evidence_id = ${id})
          OR EXISTS (SELECT 1 FROM main.device_custody WHERE evidence_id = ${id})
          OR EXISTS (SELECT 1 FROM main.indicator_set WHERE evidence_id = ${id})
          OR EXISTS (SELECT 1 FROM main.matching_run WHERE evidence_id = ${id})
          OR EXISTS (SELECT 1 FROM main.run_withdrawn WHERE evidence_id = ${id})
          OR EXISTS (SELECT 1 FROM main.forensic_evidence WHERE evidence_id = ${id}) AS n`,
    countRow,
  ).n > 0;

/** Gives false where the two are tied already. */
export const insertLink = (
  tx: Tx,
  link: { readonly id: string; readonly evidenceId: EvidenceId; readonly incidentId: IncidentId },
): boolean =>
  tx.run(sql`
    INSERT INTO evidence_link (id, evidence_id, incident_id)
    VALUES (${link.id}, ${link.evidenceId}, ${link.incidentId})
    ON CONFLICT (evidence_id, incident_id) DO NOTHING`).changes === 1;
