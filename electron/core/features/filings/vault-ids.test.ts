import { expect, it } from 'vitest';
import type { Reader } from '../../db/index.ts';
import { MIGRATIONS } from '../../migrations/run-migrations.ts';
import { allIds } from './vault-ids.ts';

it('asks every table that gives its rows an id', () => {
  const tables = MIGRATIONS.flatMap((migration) => migration.statements).flatMap((statement) =>
    [...statement.matchAll(/CREATE TABLE (\w+) \(\s*id TEXT PRIMARY KEY/g)].map((match) => match[1] ?? ''),
  );
  expect(tables.length).toBeGreaterThan(15);
  let asked = '';
  const reader = {
    all: (query: { text: string }) => {
      asked = query.text;
      return [];
    },
  } as unknown as Reader;
  allIds(reader);
  expect(tables.filter((table) => !new RegExp(`FROM main\\.${table}\\b`).test(asked))).toEqual([]);
});
