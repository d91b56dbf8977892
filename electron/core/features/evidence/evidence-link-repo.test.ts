import { expect, it } from 'vitest';
import { evidenceIdSchema } from '#shared/model/ids.ts';
import type { Reader } from '../../db/index.ts';
import { MIGRATIONS } from '../../migrations/run-migrations.ts';
import { isTied } from './evidence-link-repo.ts';

/** The item's own parts, and the note that a form waits for it: nothing of a case rests on these. */
const OWN = ['custody', 'draft_file', 'evidence_derived'];

it('asks every table whose rows may rest on an item', () => {
  const tables = MIGRATIONS.flatMap((migration) => migration.statements)
    .filter((statement) => /\bevidence_id TEXT\b[^,]*REFERENCES evidence \(id\)/u.test(statement))
    .flatMap((statement) => /CREATE TABLE (\w+)/u.exec(statement)?.[1] ?? []);
  expect(tables.length).toBeGreaterThan(6);
  let asked = '';
  const reader = {
    need: (query: { text: string }) => {
      asked = query.text;
      return { n: 0 };
    },
  } as unknown as Reader;
  isTied(reader, evidenceIdSchema.parse('019b0000-0000-7000-8000-000000000000'));
  const missing = tables.filter((table) => !OWN.includes(table) && !asked.includes(`FROM main.${table} `));
  expect(missing).toEqual([]);
});
