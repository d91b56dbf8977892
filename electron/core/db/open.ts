import Database, { setLogger } from '@signalapp/sqlcipher';
import { isMainThread } from 'node:worker_threads';
import { AppError } from '#shared/errors.ts';
import { z } from 'zod';
import { Connection } from './connection.ts';
import { trustedSql } from './sql.ts';
import { fromSqlite } from './sqlite-errors.ts';

/**
 * Every setting that a connection must have: name, value to set, value that reading back must give.
 * Each stands for a threat: `synchronous` because the build's WAL default loses the last commits at a power
 * cut; `locking_mode` because a second writer on the same file corrupts it; `temp_store` because sorting
 * must not spill case text to disk; `trusted_schema` because a changed schema must not call our functions.
 */
const SETTINGS: readonly (readonly [name: string, set: string, readBack: string])[] = [
  ['locking_mode', 'EXCLUSIVE', 'exclusive'],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', '2'],
  ['fullfsync', 'ON', '1'],
  ['checkpoint_fullfsync', 'ON', '1'],
  ['trusted_schema', 'OFF', '0'],
  ['cell_size_check', 'ON', '1'],
  ['mmap_size', '0', '0'],
  ['temp_store', 'MEMORY', '2'],
  // In KiB: a page that is still in memory need not be deciphered again. The indexes of 100,000 records fit.
  ['cache_size', '-65536', '-65536'],
  ['foreign_keys', 'ON', '1'],
  // REPLACE must fire delete triggers, or a replaced audited row would not be noticed.
  ['recursive_triggers', 'ON', '1'],
  ['secure_delete', 'ON', '1'],
];

const readBack = (connection: Connection, name: string): string => {
  const row = connection.pragma(name)[0];
  return row === undefined ? '' : String(Object.values(row)[0]);
};

/** Raw key as SQLCipher wants it. The string cannot be wiped: one more reason why locking ends the process. */
const keyLiteral = (key: Buffer): string => `"x'${key.toString('hex')}'"`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Opens an encrypted database and brings it to the required settings, each read back.
 *
 * @param path absolute path of the database file; it is created when missing, so callers check first.
 * @param key 32 bytes, the raw key. The caller wipes it.
 * @returns a connection that holds the file alone.
 * @throws AppError `vault.databaseDamaged` for a wrong key or a damaged first page, `vault.alreadyOpen` when
 *   another process holds the file, `call.internal` when a setting does not take.
 */
export const openDatabase = (path: string, key: Buffer): Connection => {
  // SQLite makes its files with 0644 less the umask.
  if (isMainThread) process.umask(0o077);
  // The logger is handed SQL text, and the default one writes it to stderr.
  setLogger(() => undefined);
  let native: Database;
  try {
    native = new Database(path);
  } catch (thrown) {
    throw fromSqlite(thrown);
  }
  const connection = new Connection(native);
  try {
    connection.pragma('cipher_log_level=NONE');
    connection.pragma(`key=${keyLiteral(key)}`);
    // Before the first read: otherwise the log's index goes into a shared-memory file beside the database.
    connection.pragma('locking_mode=EXCLUSIVE');
    connection.rawAll(trustedSql('SELECT count(*) FROM sqlite_schema'));
    for (const [name, value] of SETTINGS) connection.pragma(`${name}=${value}`);
    for (const [name, , expected] of SETTINGS) {
      if (readBack(connection, name) !== expected) {
        throw new AppError('call.internal', { params: { setting: name } });
      }
    }
    // Takes the file for good: in exclusive mode the lock of the first access is kept until close.
    connection.exec('BEGIN IMMEDIATE; COMMIT');
    return connection;
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
};

const viewRow = z.object({ name: z.string(), sql: z.string() });

/** Makes the views again, or closes the connection: one that answers nothing is better than one that answers all. */
const standAgain = (connection: Connection, views: readonly z.output<typeof viewRow>[]): void => {
  try {
    for (const { sql } of views) {
      connection.exec(sql.replace(/^CREATE (?:TEMP )?VIEW (?:temp\.)?/iu, 'CREATE TEMP VIEW IF NOT EXISTS '));
    }
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
};

/**
 * Runs `work` without the temporary views that stand in front of the tables for whoever may not see every case: an
 * export reads names without a schema, so that with them it stops at the first index. Synchronous, so nobody can read
 * past them meanwhile; they stand again when this ends, whatever happens. Where they cannot be made again the
 * connection is closed.
 */
const withoutTemporaryViews = (connection: Connection, work: () => void): void => {
  const views = connection
    .rawAll(trustedSql(`SELECT name, sql FROM temp.sqlite_schema WHERE type = 'view' ORDER BY rowid`))
    .map((row) => viewRow.parse(row));
  try {
    for (const { name } of views) connection.exec(`DROP VIEW temp."${name}"`);
    work();
  } finally {
    standAgain(connection, views);
  }
};

/**
 * Writes everything into a new file under another key, with its own salt: pages of the two files never fit
 * into each other. `sqlcipher_export` forgets `user_version` and `application_id`; both are set.
 *
 * @param target path of a file that does not exist.
 * @param key 32 bytes of the new file's raw key. The caller wipes it.
 */
export const exportDatabase = (connection: Connection, target: string, key: Buffer): void => {
  const userVersion = readBack(connection, 'user_version');
  const applicationId = readBack(connection, 'application_id');
  connection.exec(`ATTACH DATABASE ${quoted(target)} AS copy KEY ${keyLiteral(key)}`);
  try {
    withoutTemporaryViews(connection, () => {
      connection.exec(`SELECT sqlcipher_export('copy')`);
    });
    connection.exec(`PRAGMA copy.user_version=${userVersion}; PRAGMA copy.application_id=${applicationId}`);
  } finally {
    // Closing let go of it already.
    if (connection.isOpen) connection.exec('DETACH DATABASE copy');
  }
};

/** Moves the whole write-ahead log into the database file and empties it. */
export const checkpoint = (connection: Connection): void => {
  const row = connection.pragma('wal_checkpoint(TRUNCATE)')[0];
  if (row === undefined || String(row['busy']) !== '0') throw new AppError('disk.notWritable');
};

/** SQLCipher answers some of its pragmas as text. */
const pragmaNumber = z.coerce.number().int().positive();

/** Bytes of the database file, the log moved into it. */
export const databaseBytes = (connection: Connection): number =>
  pragmaNumber.parse(Object.values(connection.pragma('page_count')[0] ?? {})[0]) *
  pragmaNumber.parse(Object.values(connection.pragma('page_size')[0] ?? {})[0]);

/** One object of the schema with the number of its rows, for comparing two files. */
export interface SchemaPart {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
  /** Null for what has no rows of its own. */
  readonly rows: number | null;
}

const schemaRow = z.object({ type: z.string(), name: z.string(), sql: z.string().nullable() });
const rowsRow = z.object({ n: z.number().int() });

/** Everything that the file consists of, in the order of names. */
export const schemaParts = (connection: Connection): SchemaPart[] =>
  connection
    .rawAll(trustedSql('SELECT type, name, sql FROM main.sqlite_schema ORDER BY type, name'))
    .map((raw) => {
      const { type, name, sql } = schemaRow.parse(raw);
      const counted = type === 'table' && !name.startsWith('sqlite_');
      const rows = counted
        ? rowsRow.parse(connection.rawAll(trustedSql(`SELECT count(*) AS n FROM main."${name}"`))[0]).n
        : null;
      return { type, name, sql: sql ?? '', rows };
    });

/**
 * Damage in the main file: pages whose MAC does not fit, broken structure, references that lead nowhere. The log has
 * to be empty: `cipher_integrity_check` does not read it.
 *
 * @returns what was found, by name; empty where all is well.
 */
export const damageOf = (connection: Connection): string[] => {
  const pages = connection.pragma('cipher_integrity_check').map((_row, index) => `page ${index + 1}`);
  const whole = connection.pragma('integrity_check(100)');
  const broken = whole.length === 1 && Object.values(whole[0] ?? {})[0] === 'ok' ? [] : ['integrity'];
  const references = connection.pragma('foreign_key_check').map((row) => `reference ${String(row['table'])}`);
  return [...pages, ...broken, ...references];
};
