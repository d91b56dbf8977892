import { z } from 'zod';
import { BACKUP_WARNINGS, type BackupWarning } from '#shared/contract/backup.ts';
import type { CatalogueEntry } from '../../crypto/backup-catalogue.ts';
import { jsonColumn, sql, type Reader, type Tx } from '../../db/index.ts';

const bytes = z.instanceof(Uint8Array).transform((value): Buffer => Buffer.from(value));
const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);

const targetRow = z.object({
  id: z.string(),
  path: z.string(),
  name: z.string(),
  added_at: z.number().int(),
  tried_at: z.number().int().nullable(),
  error: z.string().nullable(),
  success_at: z.number().int().nullable(),
  success_position: z.number().int().nullable(),
  verified_at: z.number().int().nullable(),
  verified_ok: flag.nullable(),
  rehearsed_at: z.number().int().nullable(),
  catalogue_n: z.number().int(),
  catalogue_hash: bytes,
  warnings: jsonColumn(z.array(z.enum(BACKUP_WARNINGS))),
});
/** A target as the vault remembers it. */
export type TargetRow = z.output<typeof targetRow>;

const snapshotRow = z
  .object({
    target_id: z.string(),
    snapshot_id: bytes,
    n: z.number().int(),
    taken_at: z.number().int(),
    bytes: z.number().int(),
    sha256: bytes,
    incarnation: bytes,
    journal_seq: z.number().int(),
    position: z.number().int(),
    head: bytes,
    header_seq: z.number().int(),
    header_file: z.string(),
    generation: z.number().int(),
    object_count: z.number().int(),
    objects_hash: bytes,
    lost: flag,
  })
  .transform((row) => ({
    targetId: row.target_id,
    lost: row.lost,
    entry: {
      n: row.n,
      takenMs: row.taken_at,
      snapshotId: row.snapshot_id,
      bytes: row.bytes,
      sha256: row.sha256,
      incarnation: row.incarnation,
      journalSeq: row.journal_seq,
      position: row.position,
      head: row.head,
      headerSeq: row.header_seq,
      headerFile: row.header_file,
      generation: row.generation,
      objectCount: row.object_count,
      objectsHash: row.objects_hash,
    } satisfies CatalogueEntry,
  }));
export type SnapshotRow = z.output<typeof snapshotRow>;

export const readTargets = (db: Reader): TargetRow[] =>
  db.all(sql`SELECT * FROM backup_target ORDER BY added_at, id`, targetRow);

export const readTarget = (db: Reader, id: string): TargetRow | null =>
  db.get(sql`SELECT * FROM backup_target WHERE id = ${id}`, targetRow);

/** Snapshots that the vault remembers of a target, oldest first; `lost` ones were no longer there. */
export const readSnapshots = (db: Reader, targetId: string): SnapshotRow[] =>
  db.all(sql`SELECT * FROM backup_snapshot WHERE target_id = ${targetId} ORDER BY n`, snapshotRow);

export const insertTarget = (
  tx: Tx,
  row: Pick<TargetRow, 'id' | 'path' | 'name' | 'added_at' | 'catalogue_n' | 'catalogue_hash'>,
): void => {
  tx.run(sql`INSERT INTO backup_target (id, path, name, added_at, catalogue_n, catalogue_hash, warnings)
    VALUES (${row.id}, ${row.path}, ${row.name}, ${row.added_at}, ${row.catalogue_n}, ${row.catalogue_hash},
      ${'[]'})`);
};

/** Where the target was seen last. */
export const noteSeen = (tx: Tx, id: string, path: string, name: string): void => {
  tx.run(sql`UPDATE backup_target SET path = ${path}, name = ${name} WHERE id = ${id}`);
};

export const noteFailure = (tx: Tx, id: string, atMs: number, code: string): void => {
  tx.run(sql`UPDATE backup_target SET tried_at = ${atMs}, error = ${code} WHERE id = ${id}`);
};

/** After the catalogue is in its place: what now lies on the target, and how it was found. */
export const noteSuccess = (
  tx: Tx,
  id: string,
  done: {
    readonly atMs: number;
    readonly position: number;
    readonly catalogueN: number;
    readonly catalogueHash: Buffer;
    readonly warnings: readonly BackupWarning[];
    readonly snapshots: readonly CatalogueEntry[];
    readonly lost: readonly CatalogueEntry[];
  },
): void => {
  tx.run(sql`UPDATE backup_target SET tried_at = ${done.atMs}, error = NULL, success_at = ${done.atMs},
      success_position = ${done.position}, catalogue_n = ${done.catalogueN},
      catalogue_hash = ${done.catalogueHash}, warnings = ${JSON.stringify(done.warnings)} WHERE id = ${id}`);
  replaceSnapshots(tx, id, done.snapshots, done.lost);
};

/** The catalogue changed without a run (snapshots removed by hand). */
export const noteCatalogue = (
  tx: Tx,
  id: string,
  n: number,
  hash: Buffer,
  snapshots: readonly CatalogueEntry[],
): void => {
  tx.run(sql`UPDATE backup_target SET catalogue_n = ${n}, catalogue_hash = ${hash} WHERE id = ${id}`);
  replaceSnapshots(tx, id, snapshots, []);
};

const replaceSnapshots = (
  tx: Tx,
  id: string,
  snapshots: readonly CatalogueEntry[],
  lost: readonly CatalogueEntry[],
): void => {
  tx.run(sql`DELETE FROM backup_snapshot WHERE target_id = ${id}`);
  const insert = (entry: CatalogueEntry, isLost: boolean): void => {
    tx.run(sql`INSERT INTO backup_snapshot (target_id, snapshot_id, n, taken_at, bytes, sha256, incarnation,
        journal_seq, position, head, header_seq, header_file, generation, object_count, objects_hash, lost)
      VALUES (${id}, ${entry.snapshotId}, ${entry.n}, ${entry.takenMs}, ${entry.bytes}, ${entry.sha256},
        ${entry.incarnation}, ${entry.journalSeq}, ${entry.position}, ${entry.head}, ${entry.headerSeq},
        ${entry.headerFile}, ${entry.generation}, ${entry.objectCount}, ${entry.objectsHash}, ${isLost})`);
  };
  for (const entry of snapshots) insert(entry, false);
  for (const entry of lost) insert(entry, true);
};

export const noteVerified = (tx: Tx, id: string, atMs: number, ok: boolean): void => {
  tx.run(sql`UPDATE backup_target SET verified_at = ${atMs}, verified_ok = ${ok} WHERE id = ${id}`);
};

export const noteRehearsed = (tx: Tx, id: string, atMs: number): void => {
  tx.run(sql`UPDATE backup_target SET rehearsed_at = ${atMs} WHERE id = ${id}`);
};

/** After a restore: what lies on the targets may have gone on, and their lists are believed by their seal. */
export const forgetCatalogues = (tx: Tx): void => {
  tx.run(sql`UPDATE backup_target SET catalogue_n = 0, error = NULL`);
};

/**
 * After a restore: the snapshots that lie on the target it came from. The database of a snapshot does not know of the
 * snapshot itself, nor of later ones, and would not name them among the backups that still hold something.
 */
export const noteFound = (tx: Tx, id: string, snapshots: readonly CatalogueEntry[]): void => {
  if (readTarget(tx, id) !== null) replaceSnapshots(tx, id, snapshots, []);
};

export const forgetTarget = (tx: Tx, id: string): boolean => {
  tx.run(sql`DELETE FROM backup_snapshot WHERE target_id = ${id}`);
  return tx.run(sql`DELETE FROM backup_target WHERE id = ${id}`).changes > 0;
};

const preferenceRow = z.object({ keep: z.number().int(), remind_days: z.number().int() });

export const readPreferences = (db: Reader): { keep: number; remindAfterDays: number } => {
  const row = db.need(sql`SELECT keep, remind_days FROM backup_preference`, preferenceRow);
  return { keep: row.keep, remindAfterDays: row.remind_days };
};

export const savePreferences = (tx: Tx, keep: number, remindAfterDays: number): void => {
  tx.run(sql`UPDATE backup_preference SET keep = ${keep}, remind_days = ${remindAfterDays}`);
};

const objectRow = z
  .object({ object_id: bytes, size: z.number().int().nullable() })
  .transform((row) => ({ id: row.object_id, size: row.size }));
/** An object with a key in the database; `size` of its content, null where no record names it. */
export type KeyedObject = z.output<typeof objectRow>;

/** Every object that the database has a key for, by id. */
export const keyedObjects = (db: Reader): KeyedObject[] =>
  db.all(
    sql`SELECT k.object_id, e.size FROM object_key k LEFT JOIN main.evidence e ON e.object_id = k.object_id
        ORDER BY k.object_id`,
    objectRow,
  );
