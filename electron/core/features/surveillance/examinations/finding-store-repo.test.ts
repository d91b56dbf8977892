import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { OpenCall } from '../../../context.ts';
import type { Connection } from '../../../db/connection.ts';
import { openDatabase } from '../../../db/open.ts';
import { sql, type Tx } from '../../../db/index.ts';
import { uuidV7 } from '../../../ids.ts';
import { runMigrations } from '../../../migrations/run-migrations.ts';
import { createNodeRandom } from '../../../ports/node/node-random.ts';
import { examinationIdSchema } from '#shared/model/surveillance-ids.ts';
import { alteredRuns, intactRunsOf, renewDigests } from '../../finding-runs/index.ts';
import { isRunIntact, storeRun, type NewFinding } from './finding-store-repo.ts';

let folder: string;
let connection: Connection;
let journalled: string[];
const random = createNodeRandom();
const newId = (): string => uuidV7(1_700_000_000_000, random);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'findings-'));
  connection = openDatabase(join(folder, 'a.db'), Buffer.alloc(32, 1));
  runMigrations(connection);
  journalled = [];
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The parts of a call and of a transaction that storing uses. */
const call = {
  core: { newId, ports: { clock: { now: () => 1_700_000_000_000 } } },
  session: { actor: { name: 'Julia' } },
} as unknown as OpenCall;
const tx = (): Tx => ({
  all: (query, row) => connection.all(query, row),
  get: (query, row) => connection.get(query, row),
  need: (query, row) => connection.need(query, row),
  run: (query) => connection.run(query),
  journal: ({ table, id }) => void journalled.push(`${table} ${id}`),
  afterCommit: () => undefined,
});

const finding = (record: number): NewFinding => ({
  kind: 'indicator',
  module: 'safari_history',
  record,
  field: 'url',
  observed: `https://evil.example/${String(record)}`,
  excerpt: [{ name: 'url', value: `https://evil.example/${String(record)}` }],
  time: '2026-01-02 03:04:05.000000',
  whenKey: '2026-01-02T03:04:05',
  clock: 'utc',
  level: 'critical',
  message: '',
  hits: [],
  difference: null,
  shortener: null,
  newSinceTool: record % 2 === 0,
});

function* many(count: number): Generator<NewFinding> {
  for (let record = 0; record < count; record += 1) yield finding(record);
}

const examination = (): ReturnType<typeof examinationIdSchema.parse> => {
  const deviceId = newId();
  const id = examinationIdSchema.parse(newId());
  connection.run(
    sql`INSERT INTO device VALUES (${deviceId}, NULL, NULL, '', 'phone', '', '', '', '', '[]', '{}', '', '', '', '', 1, 0, 0)`,
  );
  connection.run(sql`INSERT INTO examination VALUES (${id}, ${deviceId}, 'owner', NULL, '', NULL, 'other', '', '', NULL, NULL,
    '', '', '[]', '', '', 1, 0, 0)`);
  return id;
};

const store = (count: number): { runId: string; digest: Uint8Array } => {
  const examinationId = examination();
  connection.run(sql`BEGIN IMMEDIATE`);
  const runId = storeRun(
    call,
    tx(),
    {
      examinationId,
      evidenceId: null,
      source: 'prueba',
      sets: [],
      records: 10 * count,
      unread: 0,
      startedAtMs: 0,
    },
    many(count),
  );
  connection.run(sql`COMMIT`);
  const { digest } = connection.need(
    sql`SELECT digest FROM matching_run WHERE id = ${runId}`,
    z.object({ digest: z.instanceof(Uint8Array) }),
  );
  return { runId, digest };
};

test('thousands of findings are one run, one journal entry and one digest', () => {
  const { runId, digest } = store(4_321);
  expect(journalled).toEqual([`matching_run ${runId}`]);
  expect(
    connection.rawAll(sql`SELECT records, findings, new_since_tool FROM matching_run WHERE id = ${runId}`),
  ).toEqual([{ records: 43_210, findings: 4_321, new_since_tool: 2_161 }]);
  expect(isRunIntact(connection, runId, digest)).toBe(true);
});

test.each([
  ['changed', sql`UPDATE finding SET observed = 'https://other.example' WHERE record = 3`],
  ['removed', sql`DELETE FROM finding WHERE record = 3`],
  [
    'added',
    sql`INSERT INTO finding SELECT 'x', examination_id, run_id, kind, module, 99, field, observed, excerpt, time, when_key,
        clock, level, message, hits, difference, shortener, new_since_tool FROM finding WHERE record = 3`,
  ],
])('a finding %s outside the program is noticed', (_what, harm) => {
  const { runId, digest } = store(10);
  expect(isRunIntact(connection, runId, digest)).toBe(true);
  connection.run(harm);
  expect(isRunIntact(connection, runId, digest)).toBe(false);
});

test('a digest follows what the program changes, and only in a run that was intact', () => {
  const good = store(5);
  const bad = store(5);
  connection.run(sql`UPDATE finding SET observed = 'ajeno' WHERE run_id = ${bad.runId} AND record = 1`);
  const idOf = (runId: string): string =>
    connection.need(
      sql`SELECT id FROM finding WHERE run_id = ${runId} AND record = 2`,
      z.object({ id: z.string() }),
    ).id;
  const touched = [idOf(good.runId), idOf(bad.runId)];
  const runs = intactRunsOf(connection, touched);
  expect(runs).toEqual([good.runId]);
  for (const id of touched) connection.run(sql`UPDATE finding SET excerpt = '[]' WHERE id = ${id}`);
  renewDigests(tx(), runs);
  expect([...alteredRuns(connection)].filter((id) => id !== null)).toEqual([bad.runId]);
});

test('halves of characters are mended before the digest is made, also those that cutting leaves', () => {
  const examinationId = examination();
  const halves = 'a\ud83d b\ude00';
  connection.run(sql`BEGIN IMMEDIATE`);
  const runId = storeRun(
    call,
    tx(),
    { examinationId, evidenceId: null, source: halves, sets: [], records: 1, unread: 0, startedAtMs: 0 },
    [
      {
        ...finding(1),
        module: halves,
        field: `${'f'.repeat(199)}😀`,
        observed: `${'x'.repeat(4_095)}😀`,
        excerpt: [{ name: halves, value: `${'v'.repeat(1_999)}😀` }],
        time: halves,
        message: `${halves}😀\u0000`,
        hits: [
          {
            mode: 'strict',
            indicator: halves,
            type: 'domains',
            collection: halves,
            set: '',
            how: 'equal',
            state: null,
          },
        ],
        shortener: halves,
      },
    ],
  );
  connection.run(sql`COMMIT`);
  const row = connection.need(
    sql`SELECT f.observed, f.field, f.module, f.message, f.excerpt || f.hits || f.time || f.shortener AS others, r.digest
        FROM finding f JOIN matching_run r ON r.id = f.run_id WHERE f.run_id = ${runId}`,
    z.object({
      observed: z.string(),
      field: z.string(),
      module: z.string(),
      message: z.string(),
      others: z.string(),
      digest: z.instanceof(Uint8Array),
    }),
  );
  expect(row.observed.slice(-3)).toBe('x\ufffd…');
  expect(row.field.slice(-3)).toBe('f\ufffd…');
  expect(row.module).toBe('a\ufffd b\ufffd');
  expect(row.message).toBe('a\ufffd b\ufffd😀\u0000');
  expect(row.others).not.toMatch(/\\ud[89a-f]/iu);
  expect(isRunIntact(connection, runId, row.digest)).toBe(true);
});

test('long values of a hostile file are cut, and the digest covers what is kept', () => {
  const examinationId = examination();
  connection.run(sql`BEGIN IMMEDIATE`);
  const runId = storeRun(
    call,
    tx(),
    { examinationId, evidenceId: null, source: '', sets: [], records: 1, unread: 0, startedAtMs: 0 },
    [{ ...finding(1), observed: 'x'.repeat(1_000_000), message: 'y'.repeat(1_000_000) }],
  );
  connection.run(sql`COMMIT`);
  const row = connection.need(
    sql`SELECT length(f.observed) AS observed, length(f.message) AS message, r.digest FROM finding f
        JOIN matching_run r ON r.id = f.run_id WHERE f.run_id = ${runId}`,
    z.object({ observed: z.number(), message: z.number(), digest: z.instanceof(Uint8Array) }),
  );
  expect(row.observed).toBeLessThan(5_000);
  expect(row.message).toBeLessThan(5_000);
  expect(isRunIntact(connection, runId, row.digest)).toBe(true);
});
