import { caseIdSchema, type CaseId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { sql, type Reader } from '../../db/index.ts';

const incidentRow = z
  .object({ case_id: caseIdSchema.nullable(), title: z.string(), sort_key: z.string() })
  .transform((row) => ({ caseId: row.case_id, title: row.title, sortKey: row.sort_key }));

/** What a surveillance record needs of the incident that it belongs to. @throws AppError `record.notFound` */
export const needIncidentRow = (
  db: Reader,
  id: string,
): { readonly caseId: CaseId | null; readonly title: string; readonly sortKey: string } =>
  db.need(sql`SELECT case_id, title, sort_key FROM incident WHERE id = ${id}`, incidentRow);
