import { rowHash } from '../crypto/journal-format.ts';
import type { RowHash } from '../db/row-hash.ts';
import type { Crypto } from '../ports/crypto.ts';

/** The row hash of the journal's format, for the database layer. */
export const journalRowHash =
  (crypto: Crypto): RowHash =>
  (table, id, cells) =>
    rowHash(crypto, table, id, cells);
