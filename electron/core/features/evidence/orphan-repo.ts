import { z } from 'zod';
import { sql, type Reader, type Tx } from '../../db/index.ts';

const ORPHAN = 'orphanObject';

const seenRow = z
  .object({ id: z.string(), payload: z.string(), created_at: z.number().int() })
  .transform(({ id, payload, created_at }) => ({ id, object: payload, firstSeenMs: created_at }));
export type SeenOrphan = z.output<typeof seenRow>;

/** Objects without a record that were seen before, by their hex id. */
export const seenOrphans = (db: Reader): Map<string, SeenOrphan> =>
  new Map(
    db
      .all(sql`SELECT id, payload, created_at FROM outbox WHERE kind = ${ORPHAN}`, seenRow)
      .map((row) => [row.object, row]),
  );

export function noteOrphan(tx: Tx, rowId: string, object: string, nowMs: number): void {
  tx.run(
    sql`INSERT INTO outbox (id, kind, payload, created_at) VALUES (${rowId}, ${ORPHAN}, ${object}, ${nowMs})`,
  );
}

export function forgetOrphan(tx: Tx, rowId: string): void {
  tx.run(sql`DELETE FROM outbox WHERE id = ${rowId}`);
}
