import { AppError } from '#shared/errors.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { sql, type Reader, type Sql } from '../../db/index.ts';

/**
 * Condition for a query over `evidence e`: the item is a copy, result or report of an examination that nobody may
 * read yet, because the ground for it is pending. It may be kept and verified, and nothing else. Asked of the tables
 * themselves: an examination that is out of this person's sight holds its copies back all the same.
 */
export const PRESERVED_ONLY: Sql = sql`EXISTS (SELECT 1 FROM main.forensic_evidence f JOIN main.examination x ON x.id = f.subject_id
  WHERE f.evidence_id = e.id AND f.subject = 'examination' AND f.role IN ('acquisition', 'results', 'report')
    AND x.basis = 'pending')`;

export const isPreservedOnly = (db: Reader, id: EvidenceId): boolean =>
  db.get(
    sql`SELECT e.id FROM evidence e WHERE e.id = ${id} AND ${PRESERVED_ONLY}`,
    z.object({ id: z.string() }),
  ) !== null;

/** @throws AppError `examination.preservationOnly` */
export function requireReadable(db: Reader, id: EvidenceId): void {
  if (isPreservedOnly(db, id)) throw new AppError('examination.preservationOnly');
}
