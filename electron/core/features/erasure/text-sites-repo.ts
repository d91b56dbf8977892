import { z } from 'zod';
import type { Connection } from '../../db/connection.ts';
import { sql, type Tx } from '../../db/index.ts';
import { join, trustedSql, type SqlValue } from '../../db/sql.ts';

/** One table with text in it. */
export interface TextTable {
  readonly name: string;
  readonly keys: readonly string[];
  readonly columns: readonly string[];
}

/** A row of such a table: its key, and its texts. */
export interface TextRow {
  readonly table: TextTable;
  readonly key: readonly SqlValue[];
  readonly cells: Readonly<Record<string, string>>;
}

/**
 * Tables in which nothing is replaced, each with why. Every other table is searched, one that a later version
 * adds as well: what is forgotten here is erased, not kept.
 */
const UNTOUCHED: ReadonlySet<string> = new Set([
  // Of the vault itself, and of staff; signed rows would no longer hold.
  'meta',
  'roster',
  'roster_past',
  'slot_detail',
  'approval',
  'object_key',
  'series_key',
  // The key under which a recipient's letters and signature are found again.
  'series',
  // The journal has its own way; its payloads are emptied.
  'journal',
  'journal_row',
  'journal_payload',
  'erased_payload',
  'erasure_open',
  // Places outside the vault.
  'outbox',
  'backup_target',
  'backup_snapshot',
  'backup_preference',
  'kept_copy',
]);

/** Columns that keep what they say: whom something was given to can never be taken back by forgetting it. */
const KEPT_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  ledger: ['recipient', 'purpose', 'prepared_by', 'approved_by', 'emergency_reason', 'profile', 'form'],
  export: ['recipient', 'purpose', 'profile', 'state', 'language'],
  evidence: ['kind', 'mime', 'method'],
  custody: ['action'],
  person: ['kind'],
  act: ['type', 'target_kind', 'harms'],
  involvement: ['kind', 'degree', 'certainty'],
  incident: ['main_act', 'verification', 'state_code', 'sort_key', 'happened'],
  consent: ['recipient_class', 'answer', 'form', 'given_on', 'expires_day', 'ratified_day', 'withdrawn_day'],
  case_file: ['state', 'interpreter', 'opened_day'],
  note: ['kind'],
  search_doc: ['kind', 'when_key'],
};

const tableRow = z.object({ name: z.string() });
const columnRow = z.object({ name: z.string(), type: z.string(), pk: z.number().int() });

/** Every table that may hold words about somebody. */
export const textTables = (connection: Connection): TextTable[] =>
  connection
    .all(
      trustedSql(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\_text%' ESCAPE '\\' ORDER BY name`),
      tableRow,
    )
    .filter(({ name }) => !UNTOUCHED.has(name))
    .flatMap(({ name }) => {
      const columns = connection.pragma(`main.table_info("${name}")`).map((raw) => columnRow.parse(raw));
      const keys = columns.filter((column) => column.pk > 0).map((column) => column.name);
      const texts = columns
        .filter((column) => column.type === 'TEXT' && column.pk === 0 && !isReference(column.name))
        .map((column) => column.name)
        .filter((column) => !(KEPT_COLUMNS[name] ?? []).includes(column));
      return texts.length === 0 ? [] : [{ name, keys, columns: texts }];
    });

/** Columns that hold the id of another row. */
const isReference = (column: string): boolean => column === 'ref' || column.endsWith('_id');

const quoted = (name: string): string => `"${name}"`;
const names = (list: readonly string[]): string => list.map(quoted).join(', ');

const isKeyValue = (value: unknown): value is SqlValue =>
  typeof value === 'string' || typeof value === 'bigint' || value instanceof Uint8Array;

const toRow = (table: TextTable, raw: Readonly<Record<string, unknown>>): TextRow => {
  const cells: Record<string, string> = {};
  for (const column of table.columns) {
    const value = raw[column];
    if (typeof value === 'string') cells[column] = value;
  }
  return { table, key: table.keys.map((name) => raw[name]).filter(isKeyValue), cells };
};

/** A page of rows in the order of their keys; `after`: the last key of the page before. */
export const textRows = (
  connection: Connection,
  table: TextTable,
  after: readonly SqlValue[] | null,
  limit: number,
): TextRow[] => {
  const from =
    after === null
      ? trustedSql('')
      : trustedSql(`WHERE (${names(table.keys)}) > (${table.keys.map(() => '?').join(', ')})`, after);
  return connection
    .rawAllExact(
      sql`SELECT ${trustedSql(names([...table.keys, ...table.columns]))} FROM main.${trustedSql(quoted(table.name))}
          ${from} ORDER BY ${trustedSql(names(table.keys))} LIMIT ${limit}`,
    )
    .map((raw) => toRow(table, raw));
};

const whereKey = (table: TextTable, key: readonly SqlValue[]) =>
  join(
    table.keys.map((name, at) => sql`${trustedSql(quoted(name))} = ${key[at] ?? null}`),
    ' AND ',
  );

/** One row as it stands now, or null. */
export const textRow = (
  connection: Connection,
  table: TextTable,
  key: readonly SqlValue[],
): TextRow | null => {
  const raw = connection.rawExact(
    sql`SELECT ${trustedSql(names([...table.keys, ...table.columns]))} FROM main.${trustedSql(quoted(table.name))}
        WHERE ${whereKey(table, key)}`,
  );
  return raw === undefined ? null : toRow(table, raw);
};

/** Writes changed texts of one row. */
export function updateTexts(
  tx: Tx,
  table: TextTable,
  key: readonly SqlValue[],
  changes: Readonly<Record<string, string>>,
): void {
  const set = join(
    Object.entries(changes).map(([name, value]) => sql`${trustedSql(quoted(name))} = ${value}`),
    ', ',
  );
  tx.run(sql`UPDATE main.${trustedSql(quoted(table.name))} SET ${set} WHERE ${whereKey(table, key)}`);
}

const viewRow = z.object({ name: z.string() });

/** Rows of cases that the person of this session does not see. Empty where nothing is hidden from her. */
export const outOfSight = (connection: Connection, rows: readonly TextRow[]): TextRow[] => {
  const views = new Set(
    connection
      .all(sql`SELECT name FROM temp.sqlite_schema WHERE type = 'view'`, viewRow)
      .map((row) => row.name),
  );
  return rows.filter(
    ({ table, key }) =>
      views.has(table.name) &&
      connection.rawAll(
        sql`SELECT 1 FROM temp.${trustedSql(quoted(table.name))} WHERE ${whereKey(table, key)}`,
      ).length === 0,
  );
};
