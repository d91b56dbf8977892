import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { checkpoint, exportDatabase, openDatabase } from './open.ts';
import { list, sql } from './sql.ts';

const KEY = Buffer.alloc(32, 7);
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'db-'));
  path = join(folder, 'a.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('every connection has the required settings', () => {
  const connection = openDatabase(path, KEY);
  // Written out here once more: a line taken out of the code must fail this test.
  const required: Record<string, string> = {
    locking_mode: 'exclusive',
    journal_mode: 'wal',
    synchronous: '2',
    fullfsync: '1',
    checkpoint_fullfsync: '1',
    trusted_schema: '0',
    cell_size_check: '1',
    mmap_size: '0',
    temp_store: '2',
    foreign_keys: '1',
    recursive_triggers: '1',
    secure_delete: '1',
    cipher_log_level: 'NONE',
  };
  const found = Object.fromEntries(
    Object.keys(required).map((name) => [name, String(Object.values(connection.pragma(name)[0] ?? {})[0])]),
  );
  connection.close();
  expect(found).toEqual(required);
});

test('files are private, hold no plain text, and there is no shared-memory file, also when opened again', () => {
  openDatabase(path, KEY).close();
  const connection = openDatabase(path, KEY);
  connection.exec('CREATE TABLE t (v TEXT) STRICT');
  connection.run(sql`INSERT INTO t (v) VALUES (${'canario-amarillo'})`);
  expect(readdirSync(folder).sort()).toEqual(['a.db', 'a.db-wal']);
  for (const name of [path, `${path}-wal`]) {
    expect(statSync(name).mode & 0o077).toBe(0);
    expect(readFileSync(name).includes('canario')).toBe(false);
    expect(readFileSync(name).includes('SQLite format 3')).toBe(false);
  }
  connection.close();
});

test('whole numbers are stored as INTEGER, booleans as 0 and 1, and exact reads keep the classes apart', () => {
  const connection = openDatabase(path, KEY);
  connection.exec('CREATE TABLE t (a ANY, b ANY, c ANY, d ANY) STRICT');
  connection.run(sql`INSERT INTO t VALUES (${3}, ${2.5}, ${true}, ${Buffer.from('x')})`);
  expect(connection.rawExact(sql`SELECT * FROM t`)).toEqual({ a: 3n, b: 2.5, c: 1n, d: Buffer.from('x') });
  connection.close();
});

test('a row that does not fit its schema is damage, not a value', () => {
  const connection = openDatabase(path, KEY);
  connection.exec(`CREATE TABLE t (a ANY) STRICT; INSERT INTO t VALUES ('text')`);
  const read = () => connection.all(sql`SELECT a FROM t`, z.object({ a: z.number() }));
  expect(read).toThrow(expect.objectContaining({ code: 'vault.databaseDamaged' }));
  connection.close();
});

test('statements with lists of every length do not pile up', () => {
  const connection = openDatabase(path, KEY);
  connection.exec('CREATE TABLE t (a INTEGER) STRICT');
  for (let length = 1; length < 900; length += 1) {
    const values = Array.from({ length }, (_, index) => index);
    connection.all(sql`SELECT a FROM t WHERE a IN ${list(values)}`, z.object({ a: z.number() }));
  }
  expect(connection.all(sql`SELECT a FROM t WHERE a IN ${list([1])}`, z.object({ a: z.number() }))).toEqual(
    [],
  );
  connection.close();
});

test('a second opener is refused while the first holds the file', () => {
  const connection = openDatabase(path, KEY);
  expect(() => openDatabase(path, KEY)).toThrow(expect.objectContaining({ code: 'vault.alreadyOpen' }));
  connection.close();
  openDatabase(path, KEY).close();
});

test('a wrong key is refused, and neither SQL nor complaint reaches stderr', () => {
  openDatabase(path, KEY).close();
  const script = `
    import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))};
    try { openDatabase(${JSON.stringify(path)}, Buffer.alloc(32, 8)); } catch (error) { process.stdout.write(String(error.code)); }
    const good = openDatabase(${JSON.stringify(path)}, Buffer.alloc(32, 7));
    try { good.exec("SELECT nothing FROM 'canario'"); } catch {}
  `;
  const built = spawnSync(
    join(import.meta.dirname, '../../../node_modules/.bin/esbuild'),
    ['--bundle', '--platform=node', '--format=esm', '--external:@signalapp/sqlcipher', '--loader=ts'],
    { input: script, cwd: join(import.meta.dirname, '../../..'), encoding: 'utf8' },
  );
  expect(built.stderr).toBe('');
  // On standard input: a program is too long for one argument.
  const ran = spawnSync(process.execPath, ['--input-type=module', '-'], {
    cwd: join(import.meta.dirname, '../../..'),
    input: built.stdout,
    encoding: 'utf8',
  });
  expect(ran.stdout).toBe('vault.databaseDamaged');
  expect(ran.stderr).toBe('');
});

test('an exported copy has its own key and salt, and keeps version and application id', () => {
  const other = Buffer.alloc(32, 9);
  const connection = openDatabase(path, KEY);
  connection.exec(`CREATE TABLE t (v TEXT) STRICT; INSERT INTO t VALUES ('x');
    PRAGMA user_version = 10; PRAGMA application_id = 1381189462`);
  exportDatabase(connection, join(folder, 'b.db'), other);
  checkpoint(connection);
  connection.close();
  const copy = openDatabase(join(folder, 'b.db'), other);
  expect(copy.pragma('user_version')).toEqual([{ user_version: 10 }]);
  expect(copy.pragma('application_id')).toEqual([{ application_id: 1381189462 }]);
  expect(copy.all(sql`SELECT v FROM t`, z.object({ v: z.string() }))).toEqual([{ v: 'x' }]);
  copy.close();
  const salts = [path, join(folder, 'b.db')].map((name) =>
    readFileSync(name).subarray(0, 16).toString('hex'),
  );
  expect(salts[0]).not.toBe(salts[1]);
});

test('where the views in front of the tables cannot be made again after a copy, nothing answers any more', () => {
  const guarded = () => {
    const connection = openDatabase(join(folder, 'c.db'), KEY);
    connection.exec(`CREATE TABLE IF NOT EXISTS t (v TEXT) STRICT; DELETE FROM t; INSERT INTO t VALUES ('hidden');
      CREATE TEMP VIEW t AS SELECT v FROM main.t WHERE v <> 'hidden'`);
    return connection;
  };
  const read = (connection: ReturnType<typeof guarded>) =>
    connection.all(sql`SELECT v FROM t`, z.object({ v: z.string() }));
  const whole = guarded();
  exportDatabase(whole, join(folder, 'd.db'), KEY);
  expect(read(whole)).toEqual([]);
  whole.close();
  const broken = guarded();
  const exec = broken.exec.bind(broken);
  vi.spyOn(broken, 'exec').mockImplementation((text) => {
    if (text.startsWith('CREATE TEMP VIEW IF NOT EXISTS')) throw new AppError('disk.full');
    exec(text);
  });
  expect(() => {
    exportDatabase(broken, join(folder, 'e.db'), KEY);
  }).toThrow(expect.objectContaining({ code: 'disk.full' }));
  expect(() => read(broken)).toThrow(expect.objectContaining({ code: 'call.locked' }));
  // The file itself is let go, and whole.
  const again = openDatabase(join(folder, 'c.db'), KEY);
  expect(read(again)).toEqual([{ v: 'hidden' }]);
  again.close();
});
