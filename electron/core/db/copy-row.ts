import { SEARCH_KINDS } from '#shared/contract/search.ts';
import { AppError } from '#shared/errors.ts';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { sql, trustedSql, type Sql, type SqlValue } from './sql.ts';

const columnRow = z.object({ name: z.string() });
const referenceRow = z.object({ table: z.string(), from: z.string(), to: z.string().nullable() });

/** Names from the schema of a file whose pages were proved; quoted all the same. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const columnsOf = (connection: Connection, table: string): string[] =>
  z
    .array(columnRow)
    .parse(connection.pragma(`main.table_info(${quoted(table)})`))
    .map((row) => row.name);

const valueOf = (value: unknown): SqlValue => {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Uint8Array
  ) {
    return value;
  }
  throw new AppError('vault.databaseDamaged');
};

const rowOf = (connection: Connection, table: string, id: string): Record<string, unknown> | undefined =>
  connection.rawExact(trustedSql(`SELECT * FROM main.${quoted(table)} WHERE id = ?`, [id]));

/**
 * Brings one row to the state that another database of the same vault has: changed, or gone. What it refers to and
 * is missing comes along. Columns that only one of the two knows stay as they are. Call it inside a transaction
 * whose foreign keys are deferred.
 *
 * @param insert whether a row that is missing here is made.
 */
export const copyRow = (
  to: Connection,
  from: Connection,
  table: string,
  id: string,
  insert: boolean,
): void => {
  const row = rowOf(from, table, id);
  const there = rowOf(to, table, id);
  if (row === undefined) {
    if (there !== undefined) to.run(trustedSql(`DELETE FROM main.${quoted(table)} WHERE id = ?`, [id]));
    return;
  }
  if (there === undefined && !insert) return;
  const columns = columnsOf(to, table).filter((name) => Object.hasOwn(row, name));
  const values = columns.map((name) => valueOf(row[name]));
  if (there === undefined) {
    to.run(
      trustedSql(
        `INSERT INTO main.${quoted(table)} (${columns.map(quoted).join(', ')})
         VALUES (${columns.map(() => '?').join(', ')})`,
        values,
      ),
    );
  } else {
    to.run(
      trustedSql(
        `UPDATE main.${quoted(table)} SET ${columns.map((name) => `${quoted(name)} = ?`).join(', ')} WHERE id = ?`,
        [...values, id],
      ),
    );
  }
  const references = z.array(referenceRow).parse(to.pragma(`main.foreign_key_list(${quoted(table)})`));
  for (const reference of references) {
    const parent = row[reference.from];
    if (typeof parent !== 'string' || (reference.to ?? 'id') !== 'id') continue;
    if (rowOf(to, reference.table, parent) === undefined) copyRow(to, from, reference.table, parent, true);
  }
};

/** Rows made from a record and not audited: words of the search, what a parser found, frozen copies. */
export const FOLLOWERS: readonly (readonly [table: string, column: string])[] = [
  ['search_doc', 'ref'],
  ['evidence_derived', 'evidence_id'],
  ['ledger_copy', 'ledger_id'],
];

/** The rows of one record. Only kind and ref together are a key of the search: with the ref alone all would be read. */
const ofRecord = (table: string, column: string): string =>
  table === 'search_doc'
    ? `kind IN (${SEARCH_KINDS.map((kind) => `'${kind}'`).join(', ')}) AND ref = ?`
    : `${quoted(column)} = ?`;

/** What reads the rows that are made from the record `id` in one of these tables. */
export const followersOf = (table: string, column: string, id: string): Sql =>
  trustedSql(`SELECT * FROM main.${quoted(table)} WHERE ${ofRecord(table, column)}`, [id]);

/** The same for everything that is made from the record `id` and is not audited itself. */
export const copyFollowers = (to: Connection, from: Connection, id: string): void => {
  for (const [table, column] of FOLLOWERS) {
    const here = columnsOf(to, table);
    if (!here.includes(column) || columnsOf(from, table).length === 0) continue;
    to.run(trustedSql(`DELETE FROM main.${quoted(table)} WHERE ${ofRecord(table, column)}`, [id]));
    for (const row of from.rawAllExact(followersOf(table, column, id))) {
      // The number of a search document is its own in each file.
      const columns = here.filter((name) => Object.hasOwn(row, name) && name !== 'doc');
      to.run(
        trustedSql(
          `INSERT INTO main.${quoted(table)} (${columns.map(quoted).join(', ')})
           VALUES (${columns.map(() => '?').join(', ')})`,
          columns.map((name) => valueOf(row[name])),
        ),
      );
    }
  }
};

/** Rows that an erasure changes and no journal entry lists, each with its key. */
const UNAUDITED_TEXTS: readonly (readonly [table: string, ...key: string[]])[] = [
  ['draft', 'id'],
  ['finding', 'id'],
  ['evidence_derived', 'evidence_id'],
  ['indicator_skipped', 'set_id', 'position'],
  // All of them: the words of one record can come from rows of others. Where a record was only amended since, it is
  // found by its later words until it is kept again; a name that was erased is not found at all.
  ['search_doc', 'kind', 'ref'],
];

/**
 * Brings the texts that are not audited to the state that another database of the same vault has: those that are
 * here only are taken away, those that are there only are not made.
 *
 * @param only the one table of them to bring there; without it, all.
 */
export const followUnaudited = (to: Connection, from: Connection, only?: 'finding'): void => {
  for (const [table, ...key] of UNAUDITED_TEXTS) {
    if (only !== undefined && table !== only) continue;
    const there = columnsOf(from, table);
    // The number of a search document is its own in each file.
    const columns = columnsOf(to, table).filter((name) => there.includes(name) && name !== 'doc');
    if (!key.every((name) => columns.includes(name))) continue;
    const where = key.map((name) => `${quoted(name)} = ?`).join(' AND ');
    for (const here of to.rawAllExact(
      trustedSql(`SELECT ${key.map(quoted).join(', ')} FROM main.${quoted(table)}`),
    )) {
      const values = key.map((name) => valueOf(here[name]));
      const row = from.rawExact(
        trustedSql(
          `SELECT ${columns.map(quoted).join(', ')} FROM main.${quoted(table)} WHERE ${where}`,
          values,
        ),
      );
      if (row === undefined) to.run(trustedSql(`DELETE FROM main.${quoted(table)} WHERE ${where}`, values));
      else {
        const same = columns.map((name) => `${quoted(name)} IS ?`).join(' AND ');
        const now = columns.map((name) => valueOf(row[name]));
        const set = columns.map((name) => `${quoted(name)} = ?`).join(', ');
        to.run(
          trustedSql(`UPDATE main.${quoted(table)} SET ${set} WHERE ${where} AND NOT (${same})`, [
            ...now,
            ...values,
            ...now,
          ]),
        );
      }
    }
  }
};

/** Whether a table is there at all; a snapshot can be older than its migration. */
export const hasTable = (connection: Connection, table: string): boolean =>
  connection.rawAll(sql`SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ${table}`).length >
  0;
