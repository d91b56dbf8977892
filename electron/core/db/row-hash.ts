import type { Connection } from './connection.ts';
import { trustedSql } from './sql.ts';

/** A column value in the four storage classes of SQLite besides NULL: bigint, number, text, bytes. */
export type Cell = bigint | number | string | Uint8Array | null;

/** Computes the `after` hash of a row from its cells in schema order; provided by the journal's format. */
export type RowHash = (table: string, id: string, cells: readonly Cell[]) => Buffer;

/** 32 zero bytes: what the journal notes for a row that is gone. */
export const GONE: Buffer = Buffer.alloc(32);

const isCell = (value: unknown): value is Cell =>
  value === null ||
  typeof value === 'bigint' ||
  typeof value === 'number' ||
  typeof value === 'string' ||
  value instanceof Uint8Array;

/** Cells of one row object as the exact reads of `Connection` give it, in schema order. */
export const cellsOf = (row: Record<string, unknown>): Cell[] =>
  Object.values(row).map((value) => {
    if (!isCell(value)) throw new TypeError('not a column value');
    return value;
  });

/**
 * Hash of a row as it stands now.
 *
 * @param table a name from the list of audited tables, never input.
 * @returns 32 bytes, all zero where no such row is.
 */
export const hashRow = (connection: Connection, hash: RowHash, table: string, id: string): Buffer => {
  const row = connection.rawExact(trustedSql(`SELECT * FROM main.${table} WHERE id = ?`, [id]));
  return row === undefined ? GONE : hash(table, id, cellsOf(row));
};
