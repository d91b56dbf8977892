import type { EvidenceId, IncidentId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { sql, type Reader, type Sql, type Tx } from '../../db/index.ts';

const idRow = z.object({ id: z.string() });

const FIND = {
  case_file: (id: string): Sql => sql`SELECT id FROM case_file WHERE id = ${id}`,
  incident: (id: string): Sql => sql`SELECT id FROM incident WHERE id = ${id}`,
  person: (id: string): Sql => sql`SELECT id FROM person WHERE id = ${id}`,
} as const;

/** Throws `record.notFound` unless the row is there. */
export function needRow(db: Reader, table: keyof typeof FIND, id: string): void {
  db.need(FIND[table](id), idRow);
}

/** Gives false where the two are tied already. */
export const insertLink = (
  tx: Tx,
  link: { readonly id: string; readonly evidenceId: EvidenceId; readonly incidentId: IncidentId },
): boolean =>
  tx.run(sql`
    INSERT INTO evidence_link (id, evidence_id, incident_id)
    VALUES (${link.id}, ${link.evidenceId}, ${link.incidentId})
    ON CONFLICT (evidence_id, incident_id) DO NOTHING`).changes === 1;
