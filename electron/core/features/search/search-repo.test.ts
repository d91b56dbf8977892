import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Connection } from '../../db/connection.ts';
import { sql, type Tx } from '../../db/index.ts';
import { openDatabase } from '../../db/open.ts';
import { runMigrations } from '../../migrations/run-migrations.ts';
import { compareIndex, indexDocument, rebuildIndex, settleIndex, unindexDocument } from './search-repo.ts';

let folder: string;
let connection: Connection;
let tx: Tx;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'search-'));
  connection = openDatabase(join(folder, 'a.db'), Buffer.alloc(32, 1));
  runMigrations(connection);
  tx = Object.assign(Object.create(connection) as Connection, {
    all: connection.all.bind(connection),
    get: connection.get.bind(connection),
    need: connection.need.bind(connection),
    run: connection.run.bind(connection),
    journal: () => undefined,
    afterCommit: () => undefined,
  });
});
afterAll(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const refRow = z.object({ ref: z.string() });
/** References whose words the index holds, waiting ones left out, in order. */
const found = (word: string): string[] =>
  connection
    .all(
      sql`SELECT d.ref AS ref FROM search_text t JOIN search_doc d ON d.doc = t.rowid
          WHERE search_text MATCH ${`"${word}"`} ORDER BY d.ref`,
      refRow,
    )
    .map((row) => row.ref);
const put = (ref: string, body: string): void => {
  indexDocument(tx, { kind: 'note', ref, caseId: null, title: '', body, whenKey: '' });
};
/** Throws where index and documents differ, in either direction. */
const compare = (): void => {
  compareIndex(connection);
};

const WORDS = ['amenaza', 'camioneta', 'radio', 'lluvia'];
const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('put' as const),
      ref: fc.integer({ min: 0, max: 5 }),
      word: fc.constantFrom(...WORDS),
    }),
    fc.record({ kind: fc.constant('drop' as const), ref: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constantFrom('settle' as const, 'rebuild' as const) }),
  ),
  { maxLength: 40 },
);

test('whatever is put in, replaced and taken out between settlings, the settled index equals the documents', () => {
  fc.assert(
    fc.property(steps, (list) => {
      connection.run(sql`DELETE FROM search_doc`);
      const model = new Map<string, string>();
      for (const step of list) {
        if (step.kind === 'put') {
          put(`n${step.ref}`, step.word);
          model.set(`n${step.ref}`, step.word);
        } else if (step.kind === 'drop') {
          unindexDocument(tx, 'note', `n${step.ref}`);
          model.delete(`n${step.ref}`);
        } else if (step.kind === 'settle') settleIndex(tx);
        else rebuildIndex(tx);
      }
      settleIndex(tx);
      compare();
      for (const word of WORDS) {
        expect(found(word)).toEqual([...model].flatMap(([ref, text]) => (text === word ? [ref] : [])).sort());
      }
    }),
    { numRuns: 150 },
  );
});

test('an index that lacks a settled document is noticed', () => {
  put('lost', 'faro');
  settleIndex(tx);
  connection.run(sql`INSERT INTO search_text (search_text, rowid, title, body)
    SELECT 'delete', doc, title, body FROM search_doc WHERE ref = 'lost'`);
  expect(compare).toThrow();
  rebuildIndex(tx);
  compare();
});

test('no more than a lot ever waits', () => {
  const waiting = (): number =>
    connection.need(sql`SELECT count(*) AS n FROM search_waiting`, z.object({ n: z.number() })).n;
  settleIndex(tx);
  for (let i = 0; i < 200; i += 1) {
    put(`many${i}`, 'tejado');
    expect(waiting()).toBeLessThan(64);
  }
  expect(found('tejado').length).toBeGreaterThan(100);
});
