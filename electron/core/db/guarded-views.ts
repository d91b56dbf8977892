import { z } from 'zod';
import type { Connection } from './connection.ts';
import { sql, trustedSql } from './sql.ts';

/**
 * Tables that speak of cases and are nevertheless never hidden: what decides who sees what, the vault's own
 * bookkeeping, and what keeps objects on disk from being taken for orphans.
 */
const NEVER_HIDDEN = new Set([
  'case_access',
  'case_access_person',
  'access_notice',
  'evidence_tombstone',
  'erased_payload',
  'copy_hold',
]);

const nameRow = z.object({ name: z.string() });
const tableRow = z.object({ name: z.string(), sql: z.string() });
const columnRow = z.object({ name: z.string() });
const referenceRow = z.object({ table: z.string(), from: z.string(), to: z.string().nullable() });

interface Guard {
  readonly table: string;
  /** Views have no row numbers of their own; lists that page by them need the table's. */
  readonly numbered: boolean;
  readonly condition: string;
  /** The row names its case itself, or may. */
  readonly caseColumn: boolean;
}

const HIDDEN_CASE = '(SELECT id FROM temp.hidden_case)';
const HIDDEN_PERSON = '(SELECT id FROM temp.hidden_person)';

const conditionOf = (table: string, columns: ReadonlySet<string>): string | null => {
  if (table === 'case_file') return `t.id NOT IN ${HIDDEN_CASE}`;
  if (table === 'person') return `t.id NOT IN ${HIDDEN_PERSON}`;
  if (table === 'search_doc') {
    return `(t.case_id IS NULL OR t.case_id NOT IN ${HIDDEN_CASE})
      AND NOT (t.kind = 'person' AND t.ref IN ${HIDDEN_PERSON})`;
  }
  if (columns.has('case_id')) return `(t.case_id IS NULL OR t.case_id NOT IN ${HIDDEN_CASE})`;
  return null;
};

type Reference = z.output<typeof referenceRow>;

/** Under which kind the index holds records that may name no case. */
const SEARCHED_AS = { suspicious_message: 'message', provider_notification: 'notification' } as const;

/** Not owners: of a case the `case_id` speaks, and whoever is named by a record does not own it. */
const NO_OWNERS = new Set(['case_file', 'person']);

const visibleThrough = (references: readonly Reference[]): string =>
  references
    .map(
      ({ table, from, to }) =>
        `(t.${from} IS NULL OR EXISTS (SELECT 1 FROM temp.${table} o WHERE o.${to ?? 'id'} = t.${from}))`,
    )
    .join(' AND ');

/**
 * A record that names no case may belong to one all the same, by the device or the incident that it is about: without
 * a case it is as visible as these.
 */
const fallBackToOwners = (
  guards: Map<string, Guard>,
  references: ReadonlyMap<string, readonly Reference[]>,
): void => {
  const ownersOf = (name: string): Reference[] =>
    (references.get(name) ?? []).filter(({ table }) => guards.has(table) && !NO_OWNERS.has(table));
  // A view that comes back to itself could not be read.
  const leadsTo = (from: string, to: string, seen: ReadonlySet<string> = new Set()): boolean =>
    from === to ||
    (!seen.has(from) && ownersOf(from).some(({ table }) => leadsTo(table, to, new Set([...seen, from]))));
  const fallen: string[] = [];
  for (const [name, guard] of guards) {
    if (!guard.caseColumn) continue;
    const owners = ownersOf(name).filter(({ table }) => !leadsTo(table, name));
    if (owners.length === 0) continue;
    guards.set(name, {
      ...guard,
      condition: `${guard.condition} AND (t.case_id IS NOT NULL OR (${visibleThrough(owners)}))`,
    });
    fallen.push(name);
  }
  // What a search finds of such a record is no more visible than the record.
  const index = guards.get('search_doc');
  if (index === undefined) return;
  const kept = Object.entries(SEARCHED_AS)
    .filter(([table]) => fallen.includes(table))
    .map(
      ([table, kind]) => `(t.kind <> '${kind}' OR EXISTS (SELECT 1 FROM temp.${table} o WHERE o.id = t.ref))`,
    );
  guards.set('search_doc', { ...index, condition: [index.condition, ...kept].join(' AND ') });
};

/**
 * Finds by the schema itself what has to be hidden together with a case: every table with a `case_id`, and every
 * table that refers to one of those. A table that is added tomorrow is guarded without anybody thinking of it.
 */
const guardsOf = (connection: Connection): Guard[] => {
  const tables = connection
    .all(
      sql`SELECT name, sql FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
          AND name NOT LIKE 'search_text%'`,
      tableRow,
    )
    .filter((row) => !NEVER_HIDDEN.has(row.name));
  const names = tables.map((row) => row.name);
  const numbered = new Set(tables.filter((row) => !/WITHOUT ROWID/u.test(row.sql)).map((row) => row.name));
  const guards = new Map<string, Guard>();
  const references = new Map<string, Reference[]>();
  for (const name of names) {
    const columns = new Set(
      z
        .array(columnRow)
        .parse(connection.pragma(`main.table_info('${name}')`))
        .map((row) => row.name),
    );
    const condition = conditionOf(name, columns);
    if (condition !== null) {
      const caseColumn = columns.has('case_id');
      guards.set(name, { table: name, condition, numbered: numbered.has(name), caseColumn });
    }
    references.set(name, z.array(referenceRow).parse(connection.pragma(`main.foreign_key_list('${name}')`)));
  }
  fallBackToOwners(guards, references);
  for (let found = true; found;) {
    found = false;
    for (const name of names) {
      if (guards.has(name)) continue;
      const guarded = (references.get(name) ?? []).filter((reference) => guards.has(reference.table));
      // A part of an incident belongs to the incident, whoever it names.
      const owners = guarded.filter((reference) => reference.table !== 'person');
      const followed = owners.length > 0 ? owners : guarded;
      if (followed.length === 0) continue;
      const condition = visibleThrough(followed);
      guards.set(name, { table: name, condition, numbered: numbered.has(name), caseColumn: false });
      found = true;
    }
  }
  return [...guards.values()];
};

/**
 * Puts temporary views in front of the tables, so that every query of every feature finds only what the person of
 * this session may see: an unqualified name means the view, `main.name` the table. Writes go to the tables (see
 * `Connection.run`). With nothing to hide there are no views, and nothing costs anything.
 *
 * @param hidden ids of the cases that are out of sight.
 * @param standing whether the views stand already.
 * @returns whether they stand now.
 */
export const guardTables = (
  connection: Connection,
  hidden: readonly string[],
  standing: boolean,
): boolean => {
  if (hidden.length === 0 && !standing) return false;
  if (!standing) {
    connection.exec('CREATE TEMP TABLE hidden_case (id TEXT PRIMARY KEY) WITHOUT ROWID');
    connection.exec('CREATE TEMP TABLE hidden_person (id TEXT PRIMARY KEY) WITHOUT ROWID');
  }
  connection.exec('DELETE FROM temp.hidden_case; DELETE FROM temp.hidden_person');
  for (const id of hidden) connection.run(sql`INSERT INTO temp.hidden_case (id) VALUES (${id})`);
  // Known from hidden cases only: whoever also occurs in a visible one is seen there anyway.
  connection.exec(`INSERT INTO temp.hidden_person (id)
    SELECT person_id FROM main.case_person WHERE case_id IN ${HIDDEN_CASE}
    EXCEPT SELECT person_id FROM main.case_person WHERE case_id NOT IN ${HIDDEN_CASE}`);
  const guards = standing && hidden.length > 0 ? [] : guardsOf(connection);
  if (hidden.length === 0) {
    for (const { table } of [...guards].reverse()) connection.exec(`DROP VIEW IF EXISTS temp.${table}`);
    connection.exec('DROP TABLE temp.hidden_case; DROP TABLE temp.hidden_person');
    connection.shadow(null);
    return false;
  }
  for (const { table, condition, numbered } of guards) {
    const columns = numbered ? 't.rowid AS rowid, t.*' : 't.*';
    connection.exec(`CREATE TEMP VIEW ${table} AS SELECT ${columns} FROM main.${table} t WHERE ${condition}`);
  }
  if (guards.length > 0) connection.shadow(new Set(guards.map((guard) => guard.table)));
  return true;
};

/** Whether rows that a transaction touched are out of the session's sight. Only asked while views stand. */
export const touchesHidden = (
  connection: Connection,
  rows: readonly { readonly table: string; readonly id: string }[],
): boolean => {
  const views = new Set(
    connection
      .all(sql`SELECT name FROM temp.sqlite_schema WHERE type = 'view'`, nameRow)
      .map((row) => row.name),
  );
  return rows.some(({ table, id }) => {
    if (!views.has(table)) return false;
    const inTable = connection.rawAll(trustedSql(`SELECT 1 FROM main.${table} WHERE id = ?`, [id]));
    const inView = connection.rawAll(trustedSql(`SELECT 1 FROM temp.${table} WHERE id = ?`, [id]));
    return inTable.length > inView.length;
  });
};
