import { z } from 'zod';
import { countRow, jsonColumn, sql, type Reader, type Tx } from '../../db/index.ts';
import type { Connection } from '../../db/connection.ts';
import { trustedSql, type Sql } from '../../db/sql.ts';
import { PRESERVED_ONLY } from '../evidence/index.ts';

/** One column as the file declares it. `type` is one of the four storage classes: every table is STRICT. */
export interface Column {
  readonly name: string;
  readonly type: 'TEXT' | 'INTEGER' | 'REAL' | 'BLOB';
  readonly nullable: boolean;
  readonly key: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** True where rows are numbered by the file itself and not by a primary key of theirs. */
  readonly hasRowId: boolean;
}

const tableRow = z.object({ name: z.string(), wr: z.number().int() });
const columnRow = z.object({
  name: z.string(),
  type: z.enum(['TEXT', 'INTEGER', 'REAL', 'BLOB']),
  notnull: z.number().int(),
  pk: z.number().int(),
});

/**
 * Tables that no dump holds, each with why. All others are in it: a new table leaves with the rest without anybody
 * having to think of it.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  object_key: 'keys of this vault; the files themselves are in the dump, decrypted',
  series_key: 'secret signing keys',
  meta: 'counters and tokens of the running vault',
  outbox: 'work begun outside the vault',
  erasure_open: 'empty but during an erasure',
  kept_copy: 'copies of the database on this computer',
  search_doc: 'search index, made from the other tables',
};

/** Every table that leaves, by name, with its columns in the order of the file. */
export const dumpedTables = (connection: Connection): Table[] =>
  connection
    .all(
      trustedSql(`SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\_text%' ESCAPE '\\' ORDER BY name`),
      tableRow,
    )
    .filter((table) => LEFT_OUT[table.name] === undefined)
    .map(({ name, wr }) => ({
      name,
      hasRowId: wr === 0,
      columns: connection
        .pragma(`main.table_info("${name}")`)
        .map((raw) => columnRow.parse(raw))
        .map((column) => ({
          name: column.name,
          type: column.type,
          nullable: column.notnull === 0 && column.pk === 0,
          key: column.pk > 0,
        })),
    }));

const quoted = (name: string): string => `"${name}"`;

/** Rows that stay behind unless reserved work notes were asked for. */
const withoutReserved: Readonly<Record<string, Sql>> = {
  note: trustedSql(`WHERE kind <> 'privileged'`),
  // What was being typed may be such a note.
  draft: trustedSql('WHERE 0'),
};

/** Of copies that may be kept and not read: what was made of their content stays behind with it. */
const withoutPreserved: Readonly<Record<string, Sql>> = {
  evidence_derived: sql`WHERE evidence_id NOT IN (SELECT e.id FROM main.evidence e WHERE ${PRESERVED_ONLY})`,
  finding: sql`WHERE NOT EXISTS (SELECT 1 FROM main.examination x WHERE x.id = finding.examination_id AND x.basis = 'pending')
    AND NOT EXISTS (SELECT 1 FROM main.matching_run r JOIN main.evidence e ON e.id = r.evidence_id
      WHERE r.id = finding.run_id AND ${PRESERVED_ONLY})`,
};

const where = (table: Table, reserved: boolean): Sql =>
  withoutPreserved[table.name] ?? (reserved ? undefined : withoutReserved[table.name]) ?? trustedSql('');

export const rowCount = (connection: Connection, table: Table, reserved: boolean): number =>
  connection.need(
    sql`SELECT count(*) AS n FROM main.${trustedSql(quoted(table.name))} ${where(table, reserved)}`,
    countRow,
  ).n;

/** A page of rows in the order of the primary key, cells in their storage classes. */
export const rowsOf = (
  connection: Connection,
  table: Table,
  reserved: boolean,
  offset: number,
  limit: number,
): Record<string, unknown>[] => {
  const keys = table.columns.filter((column) => column.key).map((column) => quoted(column.name));
  const columns = table.columns.map((column) => quoted(column.name)).join(', ');
  return connection.rawAllExact(
    sql`SELECT ${trustedSql(columns)} FROM main.${trustedSql(quoted(table.name))} ${where(table, reserved)}
        ORDER BY ${trustedSql(keys.join(', '))} LIMIT ${limit} OFFSET ${offset}`,
  );
};

/** Reserved work notes of the vault. */
export const reservedNotes = (db: Reader): number =>
  db.need(sql`SELECT count(*) AS n FROM main.note WHERE kind = 'privileged'`, countRow).n;

/** Positions of journal entries about reserved notes: what they keep of the changes is left out with the notes. */
export const reservedPositions = (db: Reader): Set<number> =>
  new Set(
    db
      .all(
        sql`SELECT DISTINCT r.position FROM main.journal_row r JOIN main.note n ON n.id = r.row_id
            WHERE r.row_table = 'note' AND n.kind = 'privileged'`,
        z.object({ position: z.number().int() }),
      )
      .map((row) => row.position),
  );

const evidenceRow = z
  .object({
    id: z.string(),
    object_id: z.instanceof(Uint8Array),
    original_name: z.string(),
    mime: z.string(),
    size: z.number().int(),
    sha256: z.instanceof(Uint8Array),
    generation: z.number().int(),
    nonce: z.instanceof(Uint8Array),
    wrapped: z.instanceof(Uint8Array),
  })
  .transform((row) => ({
    id: row.id,
    objectId: Buffer.from(row.object_id),
    originalName: row.original_name,
    mime: row.mime,
    sizeBytes: row.size,
    sha256: Buffer.from(row.sha256),
    key: { generation: row.generation, nonce: Buffer.from(row.nonce), sealed: Buffer.from(row.wrapped) },
  }));
export type DumpedEvidence = z.output<typeof evidenceRow>;

/** Items whose content stays behind because nobody may read it yet. */
export const preservedOnly = (db: Reader): number =>
  db.need(
    sql`SELECT count(*) AS n FROM main.evidence e JOIN main.object_key k ON k.object_id = e.object_id
        WHERE ${PRESERVED_ONLY}`,
    countRow,
  ).n;

/** A page of the items whose content still exists and may be read, by id. */
export const evidenceAfter = (db: Reader, lastId: string, limit: number): DumpedEvidence[] =>
  db.all(
    sql`SELECT e.id, e.object_id, e.original_name, e.mime, e.size, e.sha256, k.generation, k.nonce, k.wrapped
        FROM main.evidence e JOIN main.object_key k ON k.object_id = e.object_id
        WHERE e.id > ${lastId} AND NOT ${PRESERVED_ONLY} ORDER BY e.id LIMIT ${limit}`,
    evidenceRow,
  );

const headRow = z.object({ position: z.number().int(), hash: z.instanceof(Uint8Array) });

/** The last entry of the journal: its position, and its hash in hex. */
export const journalHead = (db: Reader): { readonly position: number; readonly hash: string } => {
  const { position, hash } = db.need(
    sql`SELECT position, hash FROM main.journal ORDER BY position DESC LIMIT 1`,
    headRow,
  );
  return { position, hash: Buffer.from(hash).toString('hex') };
};

const KIND = 'dump';
const pendingRow = z
  .object({
    id: z.string(),
    payload: jsonColumn(z.object({ path: z.string() }).strict()),
    created_at: z.number().int(),
  })
  .transform(({ id, payload, created_at }) => ({ id, path: payload.path, createdMs: created_at }));

/** Names in the vault the file that is about to be written outside it. */
export function noteDump(tx: Tx, id: string, path: string, nowMs: number): void {
  tx.run(sql`INSERT INTO main.outbox (id, kind, payload, created_at)
    VALUES (${id}, ${KIND}, ${JSON.stringify({ path })}, ${nowMs})`);
}

export function forgetDump(tx: Tx, id: string): void {
  tx.run(sql`DELETE FROM main.outbox WHERE id = ${id} AND kind = ${KIND}`);
}

export const unfinishedDumps = (db: Reader): z.output<typeof pendingRow>[] =>
  db.all(
    sql`SELECT id, payload, created_at FROM main.outbox WHERE kind = ${KIND} ORDER BY created_at, id`,
    pendingRow,
  );
