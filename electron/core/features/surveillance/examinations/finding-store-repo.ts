import type { Hit, SetInForce } from '#shared/contract/examinations.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import {
  findingIdSchema,
  runIdSchema,
  type ExaminationId,
  type RunId,
} from '#shared/model/surveillance-ids.ts';
import { FINDING_LEVELS, type CLOCKS, type FINDING_KINDS } from '#shared/model/surveillance.ts';
import type { OpenCall } from '../../../context.ts';
import { nodeSha256Stream } from '../../../crypto/node-sha256.ts';
import { join, sql, type Sql, type Tx } from '../../../db/index.ts';
import { digestLine } from '../../finding-runs/index.ts';

export { isRunIntact } from '../../finding-runs/index.ts';

/** One hit as matching makes it. Values are exact here; they are defanged when they are shown. */
export interface NewFinding {
  readonly kind: (typeof FINDING_KINDS)[number];
  /** Module slug, such as `safari_history`. */
  readonly module: string;
  /** Place of the record in the module's results, from 0. */
  readonly record: number;
  /** Where in the record, such as `url` or `links[2]`; empty for the whole record. */
  readonly field: string;
  readonly observed: string;
  /** What a person needs of the record to judge it; the record itself stays in the evidence. */
  readonly excerpt: readonly { readonly name: string; readonly value: string }[];
  /** As the tool wrote it, or empty. */
  readonly time: string;
  /** `YYYY-MM-DDTHH:MM:SS` in the clock's own time, or empty; for order only. */
  readonly whenKey: string;
  readonly clock: (typeof CLOCKS)[number];
  readonly level: (typeof FINDING_LEVELS)[number];
  readonly message: string;
  readonly hits: readonly Hit[];
  readonly difference: string | null;
  readonly shortener: string | null;
  readonly newSinceTool: boolean;
}

export interface NewRun {
  readonly examinationId: ExaminationId;
  readonly evidenceId: EvidenceId | null;
  /** What was read, in words: name of the folder, or that a person entered it. */
  readonly source: string;
  readonly sets: readonly SetInForce[];
  readonly records: number;
  /** Files of the results that could not be read whole. */
  readonly unread: number;
  readonly startedAtMs: number;
}

/** Bounds of one finding; a hostile file cannot make the vault grow by long values. */
const MAX_OBSERVED = 4_096;
const MAX_EXCERPT_FIELDS = 40;
const MAX_EXCERPT_VALUE = 2_000;
const MAX_HITS = 50;
/** Rows of one INSERT: 18 values each, far below what SQLite binds. */
const ROWS_AT_ONCE = 200;

/** The database keeps no half of a character: what it would change behind the digest's back is changed before. */
const mended = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');
const cut = (text: string, max: number): string =>
  mended(text.length > max ? `${text.slice(0, max)}…` : text);

type FindingTexts = Pick<NewFinding, 'module' | 'field' | 'message' | 'excerpt' | 'hits'>;

/** What is kept of the texts of a finding. What was kept before is left as it is. */
export const keptTexts = (finding: FindingTexts): FindingTexts => ({
  module: cut(finding.module, 200),
  field: cut(finding.field, 200),
  message: cut(finding.message, MAX_OBSERVED),
  excerpt: finding.excerpt.slice(0, MAX_EXCERPT_FIELDS).map(({ name, value }) => ({
    name: cut(name, 200),
    value: cut(value, MAX_EXCERPT_VALUE),
  })),
  hits: finding.hits.slice(0, MAX_HITS).map((hit) => ({
    ...hit,
    indicator: mended(hit.indicator),
    collection: mended(hit.collection),
    set: mended(hit.set),
    how: mended(hit.how),
  })),
});

interface FindingColumns {
  readonly kind: string;
  readonly module: string;
  readonly record: number;
  readonly field: string;
  readonly observed: string;
  readonly excerpt: string;
  readonly time: string;
  readonly when_key: string;
  readonly clock: string;
  readonly level: number;
  readonly message: string;
  readonly hits: string;
  readonly difference: string | null;
  readonly shortener: string | null;
  readonly new_since_tool: number;
}

const columnsOf = (finding: NewFinding): FindingColumns => {
  const { module, field, message, excerpt, hits } = keptTexts(finding);
  return {
    kind: finding.kind,
    module,
    record: finding.record,
    field,
    observed: cut(finding.observed, MAX_OBSERVED),
    excerpt: JSON.stringify(excerpt),
    time: cut(finding.time, 100),
    when_key: cut(finding.whenKey, 30),
    clock: finding.clock,
    level: FINDING_LEVELS.indexOf(finding.level),
    message,
    hits: JSON.stringify(hits),
    difference: finding.difference === null ? null : mended(finding.difference),
    shortener: finding.shortener === null ? null : mended(finding.shortener),
    new_since_tool: finding.newSinceTool ? 1 : 0,
  };
};

const valuesOf = (call: OpenCall, run: NewRun, runId: RunId, row: FindingColumns): Sql => sql`(
  ${findingIdSchema.parse(call.core.newId())}, ${run.examinationId}, ${runId}, ${row.kind}, ${row.module}, ${row.record},
  ${row.field}, ${row.observed}, ${row.excerpt}, ${row.time}, ${row.when_key}, ${row.clock}, ${row.level}, ${row.message},
  ${row.hits}, ${row.difference}, ${row.shortener}, ${row.new_since_tool})`;

/**
 * Keeps the findings of one pass of matching: rows in bulk, then the run with its count and the digest that binds
 * them, journalled. Call it inside the `write` of the use case; the findings may be any iterable and are held in
 * pieces only. Nobody else inserts findings.
 */
export function storeRun(call: OpenCall, tx: Tx, run: NewRun, findings: Iterable<NewFinding>): RunId {
  const runId = runIdSchema.parse(call.core.newId());
  const hash = nodeSha256Stream();
  let count = 0;
  let fresh = 0;
  let waiting: Sql[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    tx.run(sql`INSERT INTO finding (id, examination_id, run_id, kind, module, record, field, observed, excerpt, time,
      when_key, clock, level, message, hits, difference, shortener, new_since_tool) VALUES ${join(waiting, ', ')}`);
    waiting = [];
  };
  for (const finding of findings) {
    const row = columnsOf(finding);
    hash.update(Buffer.from(digestLine(row)));
    waiting.push(valuesOf(call, run, runId, row));
    count += 1;
    fresh += row.new_since_tool;
    if (waiting.length === ROWS_AT_ONCE) flush();
  }
  flush();
  const digest = hash.digest();
  const now = call.core.ports.clock.now();
  tx.run(sql`INSERT INTO matching_run (id, examination_id, evidence_id, source, sets, actor, records, findings,
      new_since_tool, digest, started_at, ended_at)
    VALUES (${runId}, ${run.examinationId}, ${run.evidenceId}, ${run.source}, ${JSON.stringify(run.sets)},
      ${call.session.actor.name}, ${run.records}, ${count}, ${fresh}, ${digest}, ${run.startedAtMs}, ${now})`);
  if (run.unread > 0) tx.run(sql`INSERT INTO run_unread (id, files) VALUES (${runId}, ${run.unread})`);
  tx.journal({
    table: 'matching_run',
    id: runId,
    ...(run.unread > 0 ? { children: ['run_unread'] } : {}),
    payload: {
      examinationId: run.examinationId,
      evidenceId: run.evidenceId,
      records: run.records,
      ...(run.unread > 0 ? { unread: run.unread } : {}),
      findings: count,
      sets: run.sets.map((set) => set.sha256),
      digest: digest.toString('hex'),
    },
  });
  return runId;
}
