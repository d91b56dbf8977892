import { AppError } from '#shared/errors.ts';
import { z } from 'zod';
import { u64, readU64 } from '../../crypto/bytes.ts';
import type { Connection } from '../../db/connection.ts';
import { sql } from '../../db/sql.ts';
import type { Sql } from '../../db/sql.ts';
import type { Reader } from '../../db/types.ts';

/** Names of the rows of `meta`: what ties the database to header, anchor and writer. */
export type MetaKey =
  | 'vault_id'
  | 'incarnation'
  | 'device'
  | 'writer'
  | 'header_seq'
  | 'header_hash'
  | 'generation'
  /** Head of the journal as a rotation left it; there until the anchor was written under the new key. */
  | 'rotated_head'
  /** Lists of backups that were about to be written: known by their hash should the keys change meanwhile. */
  | 'backup_announced'
  /** The list for the hour before a visit. */
  | 'safeguard'
  | 'created_at';

const valueRow = z.object({ value: z.instanceof(Uint8Array) });

/** Bytes of one row. @throws AppError `vault.databaseDamaged` where it is missing. */
export const metaBytes = (reader: Reader, key: MetaKey): Buffer => {
  const row = reader.get(sql`SELECT value FROM meta WHERE key = ${key}`, valueRow);
  if (row === null) throw new AppError('vault.databaseDamaged');
  return Buffer.from(row.value);
};

/** A row that holds a number as 8 bytes. */
export const metaNumber = (reader: Reader, key: MetaKey): number => {
  const bytes = metaBytes(reader, key);
  const value = bytes.length === 8 ? readU64(bytes, 0) : null;
  if (value === null) throw new AppError('vault.databaseDamaged');
  return value;
};

/** Sets one row. */
export const setMeta = (runner: { run(query: Sql): unknown }, key: MetaKey, value: Buffer | number): void => {
  const bytes = typeof value === 'number' ? u64(value) : value;
  runner.run(sql`INSERT INTO meta (key, value) VALUES (${key}, ${bytes})
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
};

/** Notes, in one transaction, which header belongs to this database. `hash`: of the header's body, 32 bytes. */
export const rememberHeader = (connection: Connection, seq: number, hash: Buffer): void => {
  connection.run(sql`BEGIN IMMEDIATE`);
  setMeta(connection, 'header_seq', seq);
  setMeta(connection, 'header_hash', hash);
  connection.run(sql`COMMIT`);
};

/** Takes one row away. */
export const dropMeta = (runner: { run(query: Sql): unknown }, key: MetaKey): void => {
  runner.run(sql`DELETE FROM meta WHERE key = ${key}`);
};

/** Bytes of a row that need not be there. */
export const metaBytesOrNull = (reader: Reader, key: MetaKey): Buffer | null => {
  const row = reader.get(sql`SELECT value FROM meta WHERE key = ${key}`, valueRow);
  return row === null ? null : Buffer.from(row.value);
};
