import type { evidenceTieSchema, tiedEvidenceSchema } from '#shared/contract/devices.ts';
import { evidenceIdSchema, type CaseId } from '#shared/model/ids.ts';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { FORENSIC_EVIDENCE_ROLES } from '#shared/model/surveillance.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { sql, type Reader, type Tx } from '../../db/index.ts';
import { recordTakes } from '../evidence/index.ts';
import { isWithdrawn } from '../finding-runs/index.ts';
import { isDeleted } from '../holds/index.ts';

/** Records that evidence can belong to. */
export type TieSubject = 'reception' | 'examination' | 'message' | 'notification';
export type Tie = z.output<typeof evidenceTieSchema>;
export type TiedEvidence = z.output<typeof tiedEvidenceSchema>;

const tiedRow = z
  .object({
    role: z.enum(FORENSIC_EVIDENCE_ROLES),
    evidence_id: evidenceIdSchema,
    title: z.string(),
    mime: z.string(),
    sha256: z.instanceof(Uint8Array),
    size: z.number().int(),
  })
  .transform((row): TiedEvidence => ({
    role: row.role,
    evidenceId: row.evidence_id,
    title: row.title,
    mime: row.mime,
    sha256: Buffer.from(row.sha256).toString('hex'),
    sizeBytes: row.size,
  }));

/** Evidence of one record, in the order in which it was given. */
export const tiedEvidence = (db: Reader, subjectId: string): TiedEvidence[] =>
  db.all(
    sql`SELECT f.role, f.evidence_id, e.title, e.mime, e.sha256, e.size
        FROM forensic_evidence f JOIN evidence e ON e.id = f.evidence_id
        WHERE f.subject_id = ${subjectId} ORDER BY f.position`,
    tiedRow,
  );

/**
 * Makes the given ties the ones of the record, which is of this case: what was taken in for its form while that named
 * another one goes there too. The caller's journal entry names `forensic_evidence` among its
 * children. Throws `record.notFound` where an item does not exist.
 */
export function setTies(
  call: OpenCall,
  tx: Tx,
  subject: TieSubject,
  subjectId: string,
  caseId: CaseId | null,
  ties: readonly Tie[],
): void {
  tx.run(sql`DELETE FROM forensic_evidence WHERE subject_id = ${subjectId}`);
  recordTakes(
    call,
    tx,
    ties.map((tie) => tie.evidenceId),
    caseId,
  );
  const seen = new Set<string>();
  ties.forEach((tie, position) => {
    const key = `${tie.role} ${tie.evidenceId}`;
    if (seen.has(key)) return;
    seen.add(key);
    tx.need(sql`SELECT id FROM evidence WHERE id = ${tie.evidenceId}`, z.object({ id: z.string() }));
    tx.run(sql`INSERT INTO forensic_evidence (id, subject, subject_id, role, evidence_id, position)
      VALUES (${call.core.newId()}, ${subject}, ${subjectId}, ${tie.role}, ${tie.evidenceId}, ${position})`);
  });
}

/**
 * What of the given files of an examination can be compared: what is kept, and was never said to be of another device.
 * Where nothing of that is left, what was deleted: whoever compares hears so.
 */
export function comparable<T extends TiedEvidence>(db: Reader, id: ExaminationId, files: readonly T[]): T[] {
  const gone = files.filter(({ evidenceId }) => isDeleted(db, evidenceId));
  const left = files.filter((file) => !gone.includes(file) && !isWithdrawn(db, id, file.evidenceId));
  return left.length > 0 ? left : gone;
}

/** The ties alone, as they would be sent in again. */
export const tiesOf = (db: Reader, subjectId: string): Tie[] =>
  tiedEvidence(db, subjectId).map(({ role, evidenceId }) => ({ role, evidenceId }));
