import type { AuditedColumn } from '../crypto/journal-format.ts';
import { rowHash } from '../crypto/journal-format.ts';
import type { Cell, RowHash } from '../db/row-hash.ts';
import type { Crypto } from '../ports/crypto.ts';

/** The storage class that SQLite gave back: the exact reads keep INTEGER and REAL apart. */
const columnOf = (value: Cell): AuditedColumn => {
  if (typeof value === 'bigint') return { kind: 'integer', value };
  if (typeof value === 'number') return { kind: 'real', value };
  if (typeof value === 'string') return { kind: 'text', value };
  return { kind: 'blob', value };
};

/** The row hash of the journal's format, for the database layer. */
export const journalRowHash =
  (crypto: Crypto): RowHash =>
  (table, id, cells) =>
    rowHash(crypto, table, id, cells.map(columnOf));
