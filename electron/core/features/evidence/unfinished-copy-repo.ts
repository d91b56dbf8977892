import { z } from 'zod';
import { sql, type Reader, type Tx } from '../../db/index.ts';

const KIND = 'evidenceCopy';

const pendingRow = z
  .object({ id: z.string(), payload: z.string(), created_at: z.number().int() })
  .transform(({ id, payload, created_at }) => ({ id, path: payload, createdMs: created_at }));

/** Names in the vault the file in clear that is about to be written outside it, before its first byte. */
export function noteUnfinishedCopy(tx: Tx, rowId: string, path: string, nowMs: number): void {
  tx.run(
    sql`INSERT INTO outbox (id, kind, payload, created_at) VALUES (${rowId}, ${KIND}, ${path}, ${nowMs})`,
  );
}

export function forgetUnfinishedCopy(tx: Tx, rowId: string): void {
  tx.run(sql`DELETE FROM outbox WHERE id = ${rowId} AND kind = ${KIND}`);
}

/** Copies that were begun and neither finished nor cleaned away, oldest first. */
export const unfinishedCopies = (db: Reader): z.output<typeof pendingRow>[] =>
  db.all(
    sql`SELECT id, payload, created_at FROM outbox WHERE kind = ${KIND} ORDER BY created_at, id`,
    pendingRow,
  );
