import { AppError } from '#shared/errors.ts';
import { z } from 'zod';
import { sql } from '../db/sql.ts';
import type { Reader } from '../db/types.ts';
import type { VaultDatabase } from '../db/vault-database.ts';
import type { Crypto } from '../ports/crypto.ts';
import { afterOf, JOURNAL_COLUMNS, journalRow, rowsOfEntry } from './chain.ts';
import { rowListHash } from '../crypto/journal-format.ts';
import { entryHolds } from './verify-entry.ts';

const lastRow = z.object({ position: z.number().int(), after: z.instanceof(Uint8Array) });

/** What the use-time comparison needs of a session. */
export interface TamperGuard {
  readonly crypto: Crypto;
  readonly vaultId: Buffer;
  readonly db: VaultDatabase;
}

/**
 * Compares rows with what the journal last noted of them, *at the moment of use*. SQLCipher authenticates
 * each page alone, so an old page put back is not seen by it: a consent that was withdrawn would read as
 * given. Call it for consents, roster, roles, visibility and withholding decisions, before acting on them.
 *
 * What must agree: the row, its last `journal_row`, the signed entry that this row belongs to, and the absence
 * of a later entry about it. Old pages of all of these put back at once, consistently, are found by the check,
 * which walks the whole chain, not here.
 *
 * @param reader the transaction or reader that the decision is made in.
 * @throws AppError `vault.rowTampered`.
 */
export const requireUntampered = (
  guard: TamperGuard,
  reader: Reader,
  table: string,
  ids: readonly string[],
): void => {
  for (const id of ids) {
    if (!isUntampered(guard, reader, table, id)) throw new AppError('vault.rowTampered');
  }
};

const isUntampered = (guard: TamperGuard, reader: Reader, table: string, id: string): boolean => {
  const last = reader.get(
    sql`SELECT position, after FROM journal_row WHERE row_table = ${table} AND row_id = ${id}
        ORDER BY position DESC LIMIT 1`,
    lastRow,
  );
  if (last === null || !guard.db.hashOf(table, id).equals(last.after)) return false;
  if (namedLater(guard, reader, table, id, last.position)) return false;
  const entry = reader.get(
    sql`SELECT ${JOURNAL_COLUMNS} FROM journal WHERE position = ${last.position}`,
    journalRow,
  );
  if (entry === null || !entryHolds(guard.crypto, guard.vaultId, entry)) return false;
  const rows = rowsOfEntry(reader, entry);
  if (!rows.some((row) => row.table === table && row.id === id && row.after.equals(last.after))) return false;
  return afterOf(guard.crypto, { table: entry.entity_table, id: entry.entity_id }, rows).equals(entry.after);
};

/**
 * A second witness in other pages: an old row put back together with its old `journal_row` page would agree,
 * but the journal itself still names the later change. Entries about reads, and entries that name the record
 * but answer only for others, change nothing of it.
 */
const namedLater = (
  guard: TamperGuard,
  reader: Reader,
  table: string,
  id: string,
  position: number,
): boolean =>
  reader
    .all(
      sql`SELECT ${JOURNAL_COLUMNS} FROM journal WHERE entity_table = ${table} AND entity_id = ${id}
          AND position > ${position} AND after <> ${rowListHash(guard.crypto, [])}`,
      journalRow,
    )
    .some((entry) => {
      const rows = rowsOfEntry(reader, entry);
      return (
        rows.some((row) => row.table === table && row.id === id) ||
        !afterOf(guard.crypto, { table, id }, rows).equals(entry.after)
      );
    });
