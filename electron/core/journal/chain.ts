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
  const only = rows[0];
  return only !== undefined && answersForItself(entity, rows) ? only.after : rowListHash(crypto, rows);
};

/** The last entry, or null in an empty journal. */
export const lastEntry = (reader: Reader): JournalRow | null =>
  reader.get(sql`SELECT ${JOURNAL_COLUMNS} FROM journal ORDER BY position DESC LIMIT 1`, journalRow);

/** True where an entry answers for exactly its own entity and signs that row's hash itself. */
export const answersForItself = (
  entity: { readonly table: string; readonly id: string },
  rows: readonly { readonly table: string; readonly id: string }[],
): boolean => rows.length === 1 && rows[0]?.table === entity.table && rows[0].id === entity.id;

/** The rows that an entry answers for, in their canonical order. */
export const rowsOfEntry = (reader: Reader, entry: JournalRow): TouchedRow[] => {
  const own = reader.get(
    sql`SELECT row_table, row_id, after FROM journal_row WHERE row_table = ${entry.entity_table}
        AND row_id = ${entry.entity_id} AND position = ${entry.position} AND listed = 0`,
    touchedRow,
  );
  if (own !== null) return [toTouched(own)];
  return reader
    .all(
      sql`SELECT row_table, row_id, after FROM journal_row WHERE position = ${entry.position} AND listed = 1
          ORDER BY row_table, row_id`,
      touchedRow,
    )
    .map(toTouched);
};

/** The entry of a chain with this number, or null. Within a chain numbers follow positions. */
export const entryOfChain = (reader: Reader, incarnation: Buffer, seq: number): JournalRow | null => {
  const found = reader.get(
    sql`SELECT ${JOURNAL_COLUMNS} FROM journal WHERE position = ${seq} - 1 +
        (SELECT position FROM journal WHERE incarnation = ${incarnation} AND seq = 1)`,
    journalRow,
  );
  return found !== null && found.seq === seq && found.incarnation.equals(incarnation) ? found : null;
};

export const toTouched = (row: z.output<typeof touchedRow>): TouchedRow => ({
  table: row.row_table,
  id: row.row_id,
  after: row.after,
});
