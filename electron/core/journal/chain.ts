import type { Crypto } from '../ports/crypto.ts';
import { rowListHash, type TouchedRow } from '../crypto/journal-format.ts';
import { z } from 'zod';
import { sql, trustedSql } from '../db/sql.ts';
import type { Reader } from '../db/types.ts';

/** A BLOB column as a Buffer. */
export const bytesColumn = z.instanceof(Uint8Array).transform((value): Buffer => Buffer.from(value));

/** One row of `journal`. */
export const journalRow = z.object({
  position: z.number().int(),
  version: z.number().int(),
  incarnation: bytesColumn,
  device: bytesColumn,
  seq: z.number().int(),
  prev: bytesColumn,
  hlc: bytesColumn,
  actor: bytesColumn,
  method: z.string(),
  entity_table: z.string(),
  entity_id: z.string(),
  after: bytesColumn,
  commitment: bytesColumn,
  hash: bytesColumn,
  signature: bytesColumn,
});
export type JournalRow = z.output<typeof journalRow>;

export const JOURNAL_COLUMNS = trustedSql(
  'position, version, incarnation, device, seq, prev, hlc, actor, method, entity_table, entity_id, after, commitment, hash, signature',
);

export const touchedRow = z.object({ row_table: z.string(), row_id: z.string(), after: bytesColumn });

/** Methods that begin a chain; every other entry continues one. */
export const CHAIN_STARTS: ReadonlySet<string> = new Set([
  'vault.create',
  'vault.acceptLoss',
  'vault.restore',
]);

/**
 * What an entry signs for its rows: the row's own hash where it answers for exactly its entity, otherwise the
 * hash of the ordered list (also of the empty list: an entry about a read).
 */
export const afterOf = (
  crypto: Crypto,
  entity: { readonly table: string; readonly id: string },
  rows: readonly TouchedRow[],
): Buffer => {
  const only = rows.length === 1 ? rows[0] : undefined;
  return only !== undefined && only.table === entity.table && only.id === entity.id
    ? only.after
    : rowListHash(crypto, rows);
};

/** The last entry, or null in an empty journal. */
export const lastEntry = (reader: Reader): JournalRow | null =>
  reader.get(sql`SELECT ${JOURNAL_COLUMNS} FROM journal ORDER BY position DESC LIMIT 1`, journalRow);

/** The rows that the entry at a position answers for, in their canonical order. */
export const rowsOfEntry = (reader: Reader, entry: JournalRow): TouchedRow[] => {
  return reader
    .all(
      sql`SELECT row_table, row_id, after FROM journal_row WHERE position = ${entry.position}
          ORDER BY row_table, row_id`,
      touchedRow,
    )
    .map(toTouched);
};

export const toTouched = (row: z.output<typeof touchedRow>): TouchedRow => ({
  table: row.row_table,
  id: row.row_id,
  after: row.after,
});
