import { z } from 'zod';
import type { Connection } from '../../db/connection.ts';
import { sql } from '../../db/sql.ts';
import type { Reader, Tx } from '../../db/types.ts';

const copyRow = z.object({ name: z.string() });

/**
 * Counts one unlock for every kept copy, notes a new one, and forgets those that have served.
 *
 * @param most unlocks that a copy is kept for.
 * @returns names of the copies that stay.
 */
export const countAndList = (
  connection: Connection,
  most: number,
  made: { readonly name: string; readonly version: number; readonly atMs: number } | null,
): ReadonlySet<string> => {
  connection.run(sql`BEGIN IMMEDIATE`);
  connection.run(sql`UPDATE kept_copy SET opens = opens + 1`);
  if (made !== null) {
    connection.run(sql`INSERT INTO kept_copy (name, version, made_at, opens)
      VALUES (${made.name}, ${made.version}, ${made.atMs}, 0)`);
  }
  connection.run(sql`DELETE FROM kept_copy WHERE opens >= ${most}`);
  connection.run(sql`COMMIT`);
  return new Set(connection.all(sql`SELECT name FROM kept_copy`, copyRow).map((row) => row.name));
};

const keptRow = z
  .object({ name: z.string(), made_at: z.number().int() })
  .transform((row) => ({ name: row.name, madeMs: row.made_at }));
/** A copy of the whole database as it was before a migration. `madeMs`: milliseconds since epoch. */
export type KeptCopy = z.output<typeof keptRow>;

/** Copies that lie in the vault's folder, newest first. */
export const keptCopies = (reader: Reader): KeptCopy[] =>
  reader.all(sql`SELECT name, made_at FROM kept_copy ORDER BY made_at DESC, name`, keptRow);

/** Takes their rows away; a file without a row goes with the next opening at the latest. */
export const forgetKeptCopies = (tx: Tx): void => {
  tx.run(sql`DELETE FROM kept_copy`);
};
