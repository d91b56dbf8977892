import { z } from 'zod';
import { exportIdSchema, type ExportId } from '#shared/model/ids.ts';
import { jsonColumn, sql, type Reader, type Tx } from '../../db/index.ts';

const KIND = 'export';
/** By which a file is known again: its size in bytes and its SHA-256 in hex. */
const sumSchema = z.object({ bytes: z.number().int(), sha256: z.string() }).strict();
/**
 * What a release leaves behind while it writes: the places that it writes to, named before they exist, and the sums
 * of the files that got their names.
 */
const pendingSchema = z
  .object({
    exportId: exportIdSchema,
    paths: z.array(z.string()),
    sums: z.record(z.string(), sumSchema).default({}),
  })
  .strict();
export type Sums = z.output<typeof pendingSchema>['sums'];
const pendingRow = z
  .object({ id: z.string(), payload: jsonColumn(pendingSchema), created_at: z.number().int() })
  .transform(({ created_at, ...rest }) => ({ ...rest, createdMs: created_at }));

/** Keeps in the vault what is about to be written outside it, before the first byte; replaces what was kept. */
export function notePending(
  tx: Tx,
  outboxId: string,
  exportId: ExportId,
  paths: readonly string[],
  sums: Sums,
  nowMs: number,
): void {
  tx.run(sql`INSERT INTO outbox (id, kind, payload, created_at)
    VALUES (${outboxId}, ${KIND}, ${JSON.stringify({ exportId, paths, sums })}, ${nowMs})
    ON CONFLICT (id) DO UPDATE SET payload = excluded.payload`);
}

export function forgetPending(tx: Tx, outboxId: string): void {
  tx.run(sql`DELETE FROM outbox WHERE id = ${outboxId}`);
}

/** Releases that were begun and neither recorded nor given up, oldest first. */
export const pendingReleases = (db: Reader): z.output<typeof pendingRow>[] =>
  db.all(
    sql`SELECT id, payload, created_at FROM outbox WHERE kind = ${KIND} ORDER BY created_at, id`,
    pendingRow,
  );

/**
 * Files that were delivered now are in the ledger: what an older release left under the same path is not there any
 * more, and no cleaning up may take the delivered one for it.
 */
export function claimDelivered(tx: Tx, paths: readonly string[]): void {
  const delivered = new Set(paths);
  for (const { id, payload, createdMs } of pendingReleases(tx)) {
    const left = payload.paths.filter((path) => !delivered.has(path));
    if (left.length < payload.paths.length)
      notePending(tx, id, payload.exportId, left, payload.sums, createdMs);
  }
}
