import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Connection } from '../../db/connection.ts';
import { FOLLOWERS, followersOf } from '../../db/copy-row.ts';
import { openDatabase } from '../../db/open.ts';
import { sql, type Sql } from '../../db/index.ts';
import { runMigrations } from '../../migrations/run-migrations.ts';
import { documentsOf } from './erased-words-repo.ts';

let folder: string;
let connection: Connection;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'words-'));
  connection = openDatabase(join(folder, 'vault.db'), Buffer.alloc(32, 1));
  runMigrations(connection);
});
afterAll(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const planOf = (query: Sql): string =>
  connection
    .all(sql`EXPLAIN QUERY PLAN ${query}`, z.object({ detail: z.string() }))
    .map(({ detail }) => detail)
    .join(' / ');

test('documents of one record are looked up, not looked through', () => {
  // The control: by the ref alone all of them are read.
  expect(planOf(sql`SELECT doc FROM main.search_doc WHERE ref = ${'a'}`)).toMatch(/^SCAN/u);
  expect(planOf(documentsOf('a'))).toMatch(
    /^SEARCH main.search_doc USING INDEX \S+ \(kind=\? AND ref=\?\)$/u,
  );
  for (const [table, column] of FOLLOWERS)
    expect(planOf(followersOf(table, column, 'a'))).toMatch(/^SEARCH/u);
});

test('every kind of document is found by its ref', () => {
  for (const kind of ['case', 'note', 'evidence', 'examination', 'milestone'])
    connection.run(sql`INSERT INTO search_doc (kind, ref, case_id, title, body, when_key)
      VALUES (${kind}, 'r', NULL, '', '', '')`);
  expect(connection.rawAll(documentsOf('r'))).toHaveLength(5);
  expect(connection.rawAll(followersOf('search_doc', 'ref', 'r'))).toHaveLength(5);
});
