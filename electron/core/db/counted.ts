import { z } from 'zod';
import type { Connection } from './connection.ts';
import { sql, type Sql } from './sql.ts';
import { countRow } from './columns.ts';
import type { DbContext } from './vault-database.ts';

/** Counts of one state of the database. */
interface Counted {
  /** Rows that this connection has changed since it was opened; nobody else can change any. */
  readonly changes: number;
  readonly counts: Map<string, number>;
}

/** More lists than a person leafs through between two changes. */
const MAX_COUNTS = 64;
const changesRow = z.object({ n: z.number().int() });
const countedOf = new WeakMap<Connection, Counted>();

/**
 * How many rows a query counts, counted once for as long as nothing in the database changes: somebody who
 * leafs through a list asks for the same number with every page.
 *
 * @param query gives one row with the column `n`.
 */
export const counted = ({ db }: DbContext, query: Sql): number => {
  const { connection } = db;
  const changes = connection.need(sql`SELECT total_changes() AS n`, changesRow).n;
  let known = countedOf.get(connection);
  if (known?.changes !== changes || known.counts.size >= MAX_COUNTS) {
    known = { changes, counts: new Map() };
    countedOf.set(connection, known);
  }
  const key = JSON.stringify([query.text, query.values]);
  const before = known.counts.get(key);
  if (before !== undefined) return before;
  const { n } = connection.need(query, countRow);
  known.counts.set(key, n);
  return n;
};
