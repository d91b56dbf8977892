import { caseIdSchema, type CaseId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { instantColumn, sql, type Json, type Reader, type Tx } from '../../db/index.ts';

/** A small document that leaves outside a filing. */
export interface Handout {
  readonly kind: 'receipt' | 'stix' | 'timeline';
  readonly subjectId: string;
  readonly caseId: CaseId | null;
  readonly recipient: string;
  readonly settings: Json;
  /** Name of the file where a folder was chosen. */
  readonly fileName: string;
}

/** Writes down that it leaves. */
export function insertHandout(
  tx: Tx,
  id: string,
  handout: Handout,
  made: { readonly sizeBytes: number; readonly sha256: Uint8Array; readonly actor: string },
  nowMs: number,
): void {
  tx.run(sql`INSERT INTO surveillance_output (id, kind, subject_id, case_id, recipient, settings, size, sha256, actor, at)
    VALUES (${id}, ${handout.kind}, ${handout.subjectId}, ${handout.caseId}, ${handout.recipient},
      ${JSON.stringify(handout.settings)}, ${made.sizeBytes}, ${made.sha256}, ${made.actor}, ${nowMs})`);
}

const outputRow = z
  .object({
    id: z.string(),
    kind: z.enum(['receipt', 'stix', 'timeline']),
    case_id: caseIdSchema.nullable(),
    recipient: z.string(),
    size: z.number().int(),
    sha256: z.instanceof(Uint8Array),
    actor: z.string(),
    at: instantColumn,
  })
  .transform((row) => ({
    id: row.id,
    kind: row.kind,
    caseId: row.case_id,
    recipient: row.recipient,
    sizeBytes: row.size,
    sha256: Buffer.from(row.sha256).toString('hex'),
    actor: row.actor,
    at: row.at,
  }));

/** What left by this door, newest first. */
export const handoutsOf = (db: Reader, caseId: CaseId | undefined) =>
  db.all(
    sql`SELECT id, kind, case_id, recipient, size, sha256, actor, at FROM surveillance_output
        WHERE (${caseId ?? null} IS NULL OR case_id = ${caseId ?? null}) ORDER BY at DESC, id DESC LIMIT 5000`,
    outputRow,
  );
