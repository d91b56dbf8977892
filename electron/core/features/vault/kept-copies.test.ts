import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import { deriveSnapshotKey } from '../../crypto/key-hierarchy.ts';
import { createSodiumCrypto } from '../../crypto/sodium-crypto.ts';
import { openDatabase } from '../../db/open.ts';
import { sql } from '../../db/sql.ts';
import { initial } from '../../migrations/0010-initial.ts';
import { backups } from '../../migrations/0030-backups.ts';
import { runMigrations, schemaVersion } from '../../migrations/run-migrations.ts';
import { createNodeClock } from '../../ports/node/node-clock.ts';
import { createNodeDisk } from '../../ports/node/node-disk.ts';
import { createNodeRandom } from '../../ports/node/node-random.ts';
import { countOpen, keepBeforeMigration } from './kept-copies.ts';

const ports = {
  crypto: createSodiumCrypto(),
  disk: createNodeDisk(),
  random: createNodeRandom(),
  clock: createNodeClock(),
};
const key = Buffer.alloc(32, 1);
const backupKey = Buffer.alloc(32, 2);
const draftRow = z.object({ id: z.string(), payload: z.string() });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const old = () => {
  const connection = openDatabase(join(folder, 'vault.db'), key);
  runMigrations(connection, [initial]);
  connection.run(
    sql`INSERT INTO draft (id, form, title, payload, updated_at) VALUES ('d', 'f', 't', 'antes', 1)`,
  );
  return connection;
};
const copies = (): string[] => readdirSync(folder).filter((name) => name.startsWith('before-'));

test('before a migration the database is kept as it was, under a key of its own', async () => {
  const connection = old();
  expect(await keepBeforeMigration(ports, folder, connection, backupKey, [initial])).toBeNull();
  const name = await keepBeforeMigration(ports, folder, connection, backupKey, [initial, backups]);
  runMigrations(connection, [initial, backups]);
  connection.run(sql`UPDATE draft SET payload = 'después'`);
  expect(connection.all(sql`SELECT keep, remind_days FROM backup_preference`, z.unknown())).toEqual([
    { keep: 3, remind_days: 14 },
  ]);
  connection.close();
  expect(copies()).toEqual([name]);
  const path = join(folder, name ?? '');
  const id = Buffer.from(/before-10-([0-9a-f]{32})\.db/u.exec(name ?? '')?.[1] ?? '', 'hex');
  const copy = openDatabase(path, deriveSnapshotKey(ports.crypto, backupKey, id));
  expect(schemaVersion(copy)).toBe(10);
  expect(copy.all(sql`SELECT id, payload FROM draft`, draftRow)).toEqual([{ id: 'd', payload: 'antes' }]);
  copy.close();
  // No page of it passes for one of the live file.
  const live = readFileSync(join(folder, 'vault.db'));
  readFileSync(path).copy(live, 4096, 4096, 8192);
  writeFileSync(join(folder, 'vault.db'), live);
  const spliced = (): unknown => {
    const opened = openDatabase(join(folder, 'vault.db'), key);
    try {
      const bad = opened.pragma('cipher_integrity_check').length;
      if (bad > 0) throw new AppError('vault.databaseDamaged');
      return bad;
    } finally {
      opened.close();
    }
  };
  expect(spliced).toThrow('vault.databaseDamaged');
});

test('it goes after five unlocks, and one of a migration that never ended goes at once', async () => {
  const connection = old();
  const name = await keepBeforeMigration(ports, folder, connection, backupKey, [initial, backups]);
  const abandoned = `before-10-${'a'.repeat(32)}.db`;
  writeFileSync(join(folder, abandoned), 'x');
  writeFileSync(join(folder, 'before-notes.txt'), 'somebody');
  runMigrations(connection, [initial, backups]);
  await countOpen(ports, folder, connection, { name: name ?? '', version: 10 });
  expect(copies().sort()).toEqual([name, 'before-notes.txt'].sort());
  for (let n = 0; n < 4; n += 1) await countOpen(ports, folder, connection, null);
  expect(copies()).toContain(name);
  await countOpen(ports, folder, connection, null);
  expect(copies()).toEqual(['before-notes.txt']);
  connection.close();
});

test('without room nothing is written, and the old version stays', async () => {
  const connection = old();
  const full = { ...ports, disk: { ...ports.disk, freeBytes: () => Promise.resolve(10_000) } };
  await expect(
    keepBeforeMigration(full, folder, connection, backupKey, [initial, backups]),
  ).rejects.toMatchObject({
    code: 'disk.full',
  });
  expect(copies()).toEqual([]);
  expect(schemaVersion(connection)).toBe(10);
  connection.close();
});
