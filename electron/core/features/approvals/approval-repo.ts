import { z } from 'zod';
import { instantColumn, sql, type Reader, type Tx } from '../../db/index.ts';

const bytesColumn = z.instanceof(Uint8Array).transform((bytes): Buffer => Buffer.from(bytes));

const approvalRow = z
  .object({
    id: z.string(),
    digest: bytesColumn,
    slot_id: z.string(),
    signer: bytesColumn,
    signature: bytesColumn,
    how: z.enum(['window', 'session']),
    approved_at: instantColumn,
  })
  .transform(({ slot_id, approved_at, ...rest }) => ({ ...rest, slotId: slot_id, approvedAt: approved_at }));
export type StoredApproval = z.output<typeof approvalRow>;

/** Every approval of a subject, the latest first; whether one of them holds is not asked here. */
export const approvalsOf = (db: Reader, kind: string, subject: string): StoredApproval[] =>
  db.all(
    sql`SELECT id, digest, slot_id, signer, signature, how, approved_at FROM main.approval
        WHERE kind = ${kind} AND subject = ${subject} ORDER BY approved_at DESC, id DESC`,
    approvalRow,
  );

export interface NewApproval {
  readonly id: string;
  readonly kind: 'export' | 'dump';
  readonly subject: string;
  readonly digest: Buffer;
  readonly slotId: string;
  readonly signer: Buffer;
  readonly signature: Buffer;
  readonly how: StoredApproval['how'];
}

export function insertApproval(tx: Tx, row: NewApproval, nowMs: number): void {
  tx.run(sql`INSERT INTO main.approval (id, kind, subject, digest, slot_id, signer, signature, how, approved_at)
    VALUES (${row.id}, ${row.kind}, ${row.subject}, ${row.digest}, ${row.slotId}, ${row.signer}, ${row.signature},
      ${row.how}, ${nowMs})`);
}
