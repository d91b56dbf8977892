import { AppError } from '#shared/errors.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { sql, type Reader, type Sql } from '../../db/index.ts';

/** True for an item whose key and file are gone; its record and custody stay. */
export const isDeleted = (db: Reader, id: EvidenceId): boolean =>
  db.get(sql`SELECT id FROM main.evidence_tombstone WHERE id = ${id}`, z.object({ id: z.string() })) !== null;

/** Refuses what needs the content. @throws AppError `evidence.deleted` */
export const requireKept = (db: Reader, id: EvidenceId): void => {
  if (isDeleted(db, id)) throw new AppError('evidence.deleted');
};

/** Condition for a query over `evidence e`: items that still exist. */
export const KEPT_EVIDENCE: Sql = sql`NOT EXISTS (SELECT 1 FROM main.evidence_tombstone t WHERE t.id = e.id)`;
