import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { AUDITED_TABLES, UNAUDITED_TABLES } from '../db/audited-tables.ts';
import type { Connection } from '../db/connection.ts';
import { openDatabase } from '../db/open.ts';
import { sql, trustedSql } from '../db/sql.ts';
import type { Migration } from './migration.ts';
import { MIGRATIONS, newestVersion, runMigrations, schemaVersion } from './run-migrations.ts';

const FIXTURE = join(import.meta.dirname, '../../../tests/fixtures/schema.sql');
let folder: string;
let connection: Connection;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  connection = openDatabase(join(folder, 'a.db'), Buffer.alloc(32, 1));
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const nameRow = z.object({ name: z.string() });
const tableNames = (): string[] =>
  connection
    .all(
      trustedSql(
        `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
      ),
      nameRow,
    )
    .map((row) => row.name)
    .sort();

/** The schema as text, in a stable order. */
const dump = (): string =>
  connection
    .all(
      sql`SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'search_text_%'
          ORDER BY type DESC, name`,
      z.object({ type: z.string(), name: z.string(), sql: z.string() }),
    )
    .map((row) => `${row.sql.replace(/\n +/gu, '\n  ')};\n`)
    .join('\n');

test('the schema is the one that was reviewed (UPDATE_SCHEMA=1 writes the file anew)', () => {
  runMigrations(connection);
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(FIXTURE, dump());
  expect(dump()).toBe(readFileSync(FIXTURE, 'utf8'));
});

test('every table is either audited or listed with a reason, and audited ones have a text id', () => {
  runMigrations(connection);
  expect(tableNames()).toEqual([...AUDITED_TABLES, ...Object.keys(UNAUDITED_TABLES)].sort());
  for (const table of AUDITED_TABLES) {
    const columns = connection.pragma(`table_info(${table})`);
    const key = columns.filter((column) => Number(column['pk']) > 0);
    expect([table, key.map((column) => [column['name'], column['type']])]).toEqual([table, [['id', 'TEXT']]]);
  }
});

test('every table is STRICT', () => {
  runMigrations(connection);
  const loose = connection.all(
    trustedSql(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
       AND name NOT LIKE 'sqlite_%'`,
    ),
    nameRow,
  );
  expect(loose).toEqual([]);
});

test('journal rows cannot be changed or deleted', () => {
  runMigrations(connection);
  connection.exec(`INSERT INTO journal VALUES (1, 1, zeroblob(16), zeroblob(16), 1, zeroblob(32), zeroblob(8),
    zeroblob(32), 'm', 't', 'i', zeroblob(32), zeroblob(32), zeroblob(32), zeroblob(64));
    INSERT INTO journal_row VALUES ('t', 'i', 1, zeroblob(32), 0)`);
  for (const statement of [
    `UPDATE journal SET method = 'x'`,
    'DELETE FROM journal',
    `UPDATE journal_row SET row_id = 'x'`,
    'DELETE FROM journal_row',
    `INSERT OR REPLACE INTO journal SELECT * FROM journal`,
  ]) {
    expect(() => {
      connection.exec(statement);
    }).toThrow();
  }
});

const step = (number: number, ...statements: string[]): Migration => ({
  number,
  name: `step ${number}`,
  statements,
});

test('missing steps run once, in order, with the version in the same transaction', () => {
  const first = [step(10, 'CREATE TABLE a (v INTEGER) STRICT', 'INSERT INTO a VALUES (1)')];
  expect(runMigrations(connection, first)).toEqual([10]);
  expect(runMigrations(connection, first)).toEqual([]);
  const second = [
    ...first,
    {
      ...step(20, 'ALTER TABLE a ADD COLUMN w INTEGER'),
      moveData: (c: Connection) => c.exec('UPDATE a SET w = v + 1'),
    },
  ];
  expect(runMigrations(connection, second)).toEqual([20]);
  expect(connection.rawAll(sql`SELECT v, w FROM a`)).toEqual([{ v: 1, w: 2 }]);
  expect(schemaVersion(connection)).toBe(20);
});

test('a step that fails leaves everything as it was', () => {
  const first = [step(10, 'CREATE TABLE a (v INTEGER) STRICT')];
  runMigrations(connection, first);
  const broken = [...first, step(20, 'CREATE TABLE b (v INTEGER) STRICT'), step(30, 'SELECT nothing')];
  expect(() => runMigrations(connection, broken)).toThrow();
  expect(schemaVersion(connection)).toBe(10);
  expect(tableNames()).toEqual(['a']);
});

test('a vault of a newer program is refused and left untouched', () => {
  runMigrations(connection);
  connection.exec(`PRAGMA user_version = ${newestVersion() + 10}`);
  const before = dump();
  expect(() => runMigrations(connection)).toThrow(expect.objectContaining({ code: 'vault.newerFormat' }));
  expect(dump()).toBe(before);
});

test('numbers of the steps only grow', () => {
  expect(() => runMigrations(connection, [step(20), step(10)])).toThrow();
  const numbers = MIGRATIONS.map((migration) => migration.number);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
});
