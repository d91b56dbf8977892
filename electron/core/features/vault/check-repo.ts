import { z } from 'zod';
import { countRow, sql, type Reader } from '../../db/index.ts';
import { trustedSql } from '../../db/sql.ts';

const bytesColumn = z.instanceof(Uint8Array).transform((bytes): Buffer => Buffer.from(bytes));

const objectRow = z
  .object({
    id: z.string(),
    object_id: bytesColumn,
    size: z.number(),
    sha256: bytesColumn,
    generation: z.number().int().nullable(),
    nonce: bytesColumn.nullable(),
    wrapped: bytesColumn.nullable(),
    deleted: z.number().int(),
  })
  .transform(({ object_id, size, ...rest }) => ({ ...rest, objectId: object_id, sizeBytes: size }));
export type CheckedObject = z.output<typeof objectRow>;

/** A page of items with what is known of their files and keys, by id; deleted ones are marked. */
export const objectsAfter = (db: Reader, lastId: string, limit: number): CheckedObject[] =>
  db.all(
    sql`SELECT e.id, e.object_id, e.size, e.sha256, k.generation, k.nonce, k.wrapped,
          EXISTS (SELECT 1 FROM main.evidence_tombstone t WHERE t.id = e.id) AS deleted
        FROM main.evidence e LEFT JOIN main.object_key k ON k.object_id = e.object_id
        WHERE e.id > ${lastId} ORDER BY e.id LIMIT ${limit}`,
    objectRow,
  );

export const objectCount = (db: Reader): number =>
  db.need(sql`SELECT count(*) AS n FROM main.evidence`, countRow).n;

const positionRow = z.object({ position: z.number().int() });

const copyRow = z.object({
  id: z.string(),
  frozen: bytesColumn.nullable(),
  erased: z.number().int(),
  payload: bytesColumn.nullable(),
});
/** What was kept of one delivery, with what its first journal entry says of it. */
export type CheckedCopy = z.output<typeof copyRow>;

/**
 * The delivery after `lastId` in the order of ids, or null: one at a time, as each holds a whole filing. `frozen`:
 * null where there is no copy. `payload`: null where an erasure emptied it.
 */
export const copyAfter = (db: Reader, lastId: string): CheckedCopy | null =>
  db.get(
    sql`SELECT l.id, c.frozen,
          EXISTS (SELECT 1 FROM main.copy_hold h WHERE h.id = l.id AND h.state = 'erased') AS erased,
          (SELECT p.payload FROM main.journal j JOIN main.journal_payload p ON p.position = j.position
            WHERE j.entity_table = 'ledger' AND j.entity_id = l.id ORDER BY j.position LIMIT 1) AS payload
        FROM main.ledger l LEFT JOIN main.ledger_copy c ON c.ledger_id = l.id
        WHERE l.id > ${lastId} ORDER BY l.id LIMIT 1`,
    copyRow,
  );

/** Entries whose payload is empty although no erasure says that it emptied them. */
export const unexplainedErasures = (db: Reader, limit: number): number[] =>
  db
    .all(
      sql`SELECT p.position FROM main.journal_payload p
          WHERE p.payload IS NULL AND NOT EXISTS (
            SELECT 1 FROM main.erased_payload e JOIN main.erasure x ON x.id = e.erasure_id WHERE e.position = p.position)
          ORDER BY p.position LIMIT ${limit}`,
      positionRow,
    )
    .map((row) => row.position);

/** Entries that an erasure says it emptied and that are not empty. */
export const unfinishedErasures = (db: Reader, limit: number): number[] =>
  db
    .all(
      sql`SELECT e.position FROM main.erased_payload e JOIN main.journal_payload p ON p.position = e.position
          WHERE p.payload IS NOT NULL ORDER BY e.position LIMIT ${limit}`,
      positionRow,
    )
    .map((row) => row.position);

const erasureRow = z
  .object({ id: z.string(), payloads: z.number().int(), positions_hash: bytesColumn })
  .transform(({ positions_hash, ...rest }) => ({ ...rest, positionsHash: positions_hash }));

export const erasures = (db: Reader): z.output<typeof erasureRow>[] =>
  db.all(sql`SELECT id, payloads, positions_hash FROM main.erasure ORDER BY id`, erasureRow);

/** Positions that one erasure emptied, ascending. */
export const positionsOf = (db: Reader, erasureId: string): number[] =>
  db
    .all(
      sql`SELECT position FROM main.erased_payload WHERE erasure_id = ${erasureId} ORDER BY position`,
      positionRow,
    )
    .map((row) => row.position);

/** A permit that outlived its erasure: the rules for append-only rows would be open. */
export const isErasureOpen = (db: Reader): boolean =>
  db.need(sql`SELECT count(*) AS n FROM main.erasure_open`, countRow).n > 0;

const RECORDS = {
  case: 'case_file',
  person: 'person',
  incident: 'incident',
  note: 'note',
  evidence: 'evidence',
} as const;

const ghostRow = z.object({ kind: z.string(), ref: z.string() });

/** Documents of the search index whose record is gone: their words can still be found. */
export const ghostDocuments = (db: Reader, limit: number): z.output<typeof ghostRow>[] =>
  Object.entries(RECORDS).flatMap(([kind, table]) =>
    db.all(
      sql`SELECT d.kind, d.ref FROM main.search_doc d WHERE d.kind = ${kind}
          AND NOT EXISTS (SELECT 1 FROM main.${trustedSql(table)} r WHERE r.id = d.ref) ORDER BY d.ref LIMIT ${limit}`,
      ghostRow,
    ),
  );

/** Documents of deleted items and of people who are hidden: they should have been taken out. */
export const hiddenDocuments = (db: Reader, limit: number): z.output<typeof ghostRow>[] =>
  db.all(
    sql`SELECT d.kind, d.ref FROM main.search_doc d WHERE
          (d.kind = 'evidence' AND EXISTS (SELECT 1 FROM main.evidence_tombstone t WHERE t.id = d.ref))
          OR (d.kind = 'person' AND EXISTS (
            SELECT 1 FROM main.person_hold h WHERE h.id = d.ref AND h.state <> 'restricted'))
        ORDER BY d.kind, d.ref LIMIT ${limit}`,
    ghostRow,
  );

export const documentCount = (db: Reader): number =>
  db.need(sql`SELECT count(*) AS n FROM main.search_doc`, countRow).n;

const partRow = z.object({ type: z.string(), name: z.string(), sql: z.string() });

/** Every statement that the schema consists of, without SQLite's own. */
export const schemaStatements = (db: Reader): z.output<typeof partRow>[] =>
  db.all(
    sql`SELECT type, name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        ORDER BY type, name`,
    partRow,
  );
