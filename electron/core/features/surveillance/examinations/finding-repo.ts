import { hitSchema, type Finding, type Hit } from '#shared/contract/examinations.ts';
import type { HandlerInput } from '#shared/contract/index.ts';
import { caseIdSchema } from '#shared/model/ids.ts';
import {
  deviceIdSchema,
  examinationIdSchema,
  findingIdSchema,
  runIdSchema,
  type ExaminationId,
  type FindingId,
} from '#shared/model/surveillance-ids.ts';
import { CLOCKS, FINDING_KINDS, FINDING_LEVELS, FINDING_STATES } from '#shared/model/surveillance.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import { z } from 'zod';
import {
  empty,
  flagColumn,
  instantColumn,
  join,
  jsonColumn,
  list,
  sql,
  type Reader,
  type Sql,
  type Tx,
} from '../../../db/index.ts';
import { STANDING_FINDING } from '../../finding-runs/index.ts';

const excerptSchema = z.array(z.object({ name: z.string(), value: z.string() }).strict());

/** A row of `FINDING_COLUMNS`. */
export const findingRow = z.object({
  id: findingIdSchema,
  examination_id: examinationIdSchema,
  run_id: runIdSchema,
  kind: z.enum(FINDING_KINDS),
  module: z.string(),
  record: z.number().int(),
  field: z.string(),
  observed: z.string(),
  time: z.string(),
  when_key: z.string(),
  clock: z.enum(CLOCKS),
  level: z.number().int().min(0).max(4),
  message: z.string(),
  hits: jsonColumn(z.array(hitSchema)),
  difference: z.string().nullable(),
  shortener: z.string().nullable(),
  new_since_tool: flagColumn,
  state: z.enum(FINDING_STATES),
  reviews: z.number().int(),
});

/** A finding with exact values, for exports and comparisons inside the engine. */
export interface StoredFinding extends Finding {
  readonly exact: string;
  readonly exactHits: readonly Hit[];
  readonly whenKey: string;
}

/** The finding that a row holds. */
export const findingOf = (row: z.output<typeof findingRow>): StoredFinding => ({
  id: row.id,
  examinationId: row.examination_id,
  runId: row.run_id,
  kind: row.kind,
  module: row.module,
  record: row.record,
  field: row.field,
  observed: defangText(row.observed),
  exact: row.observed,
  exactHits: row.hits,
  time: row.time,
  whenKey: row.when_key,
  clock: row.clock,
  level: FINDING_LEVELS[row.level] ?? 'informational',
  message: defangText(row.message),
  hits: row.hits.map((hit) => ({ ...hit, indicator: defangText(hit.indicator) })),
  difference: row.difference,
  shortener: row.shortener,
  newSinceTool: row.new_since_tool,
  state: row.state,
  reviews: row.reviews,
});

/** The finding as the contract shows it. */
export const shownFinding = ({
  exact: _exact,
  exactHits: _hits,
  whenKey: _whenKey,
  ...shown
}: StoredFinding): Finding => shown;

/** What a finding is read from, of `finding f` and its current `finding_review r`. */
export const FINDING_COLUMNS: Sql = sql`f.id, f.examination_id, f.run_id, f.kind, f.module, f.record, f.field, f.observed,
  f.time, f.when_key, f.clock, f.level, f.message, f.hits, f.difference, f.shortener, f.new_since_tool,
  coalesce(r.state, 'toReview') AS state, coalesce(r.position, 0) AS reviews`;

const selection = sql`SELECT ${FINDING_COLUMNS}
  FROM finding f LEFT JOIN finding_review r ON r.finding_id = f.id AND r.current = 1`;

type Filter = Omit<HandlerInput<'findings.list'>, 'offset' | 'limit' | 'sort'>;

function conditionOf(filter: Filter): Sql {
  const parts: Sql[] = [sql`f.examination_id = ${filter.examinationId}`, STANDING_FINDING];
  if (filter.states !== undefined) parts.push(sql`coalesce(r.state, 'toReview') IN ${list(filter.states)}`);
  if (filter.levels !== undefined)
    parts.push(sql`f.level IN ${list(filter.levels.map((level) => FINDING_LEVELS.indexOf(level)))}`);
  if (filter.modules !== undefined) parts.push(sql`f.module IN ${list(filter.modules)}`);
  if (filter.kinds !== undefined) parts.push(sql`f.kind IN ${list(filter.kinds)}`);
  if (filter.newOnly === true) parts.push(sql`f.new_since_tool = 1`);
  if (filter.text !== undefined && filter.text !== '') {
    // People type what they see, which is defanged.
    const wanted = filter.text.replaceAll('[.]', '.').replaceAll('[@]', '@').replace(/hxxp/giu, 'http');
    parts.push(sql`(instr(lower(f.observed), lower(${wanted})) > 0 OR instr(lower(f.hits), lower(${wanted})) > 0
      OR instr(lower(f.message), lower(${wanted})) > 0)`);
  }
  return join(parts, ' AND ');
}

const ORDER = {
  level: sql`ORDER BY f.level DESC, f.when_key, f.id`,
  time: sql`ORDER BY f.when_key, f.id`,
  module: sql`ORDER BY f.module, f.record, f.id`,
} as const;

const countRow = z.object({ n: z.number().int() });

/** A page of findings, and how many there are of each module under the same filter. */
export function pageOfFindings(
  db: Reader,
  input: HandlerInput<'findings.list'>,
): {
  readonly total: number;
  readonly modules: { module: string; findings: number }[];
  readonly rows: StoredFinding[];
} {
  const condition = conditionOf(input);
  const joined =
    input.states === undefined
      ? empty
      : sql`LEFT JOIN finding_review r ON r.finding_id = f.id AND r.current = 1`;
  return {
    total: db.need(sql`SELECT count(*) AS n FROM finding f ${joined} WHERE ${condition}`, countRow).n,
    modules: db.all(
      sql`SELECT f.module, count(*) AS findings FROM finding f
          WHERE f.examination_id = ${input.examinationId} AND ${STANDING_FINDING}
          GROUP BY f.module ORDER BY f.module`,
      z.object({ module: z.string(), findings: z.number().int() }),
    ),
    rows: db
      .all(
        sql`${selection} WHERE ${condition} ${ORDER[input.sort]} LIMIT ${input.limit} OFFSET ${input.offset}`,
        findingRow,
      )
      .map(findingOf),
  };
}

/** The findings of an examination in the given review states, worst first, at most `limit`. */
export const findingsIn = (
  db: Reader,
  examinationId: ExaminationId,
  states: readonly (typeof FINDING_STATES)[number][],
  limit: number,
): StoredFinding[] =>
  db
    .all(
      sql`${selection} WHERE f.examination_id = ${examinationId} AND coalesce(r.state, 'toReview') IN ${list(states)}
          AND ${STANDING_FINDING} ${ORDER.level} LIMIT ${limit}`,
      findingRow,
    )
    .map(findingOf);

/** @throws AppError `record.notFound` */
export const needFinding = (db: Reader, id: FindingId): StoredFinding =>
  findingOf(db.need(sql`${selection} WHERE f.id = ${id}`, findingRow));

const placeRow = z.object({
  excerpt: jsonColumn(excerptSchema),
  case_id: caseIdSchema.nullable(),
  device_id: deviceIdSchema,
});

/** What belongs to a finding besides its own row. */
export const placeOf = (db: Reader, id: FindingId): z.output<typeof placeRow> =>
  db.need(
    sql`SELECT f.excerpt, d.case_id, x.device_id FROM finding f
        JOIN examination x ON x.id = f.examination_id JOIN device d ON d.id = x.device_id WHERE f.id = ${id}`,
    placeRow,
  );

const reviewRow = z
  .object({
    state: z.enum(FINDING_STATES),
    reason: z.string(),
    confirmed_by: z.string(),
    note: z.string(),
    actor: z.string(),
    at: instantColumn,
  })
  .transform(({ confirmed_by, ...rest }) => ({ ...rest, confirmedBy: confirmed_by }));
export type StoredReview = z.output<typeof reviewRow>;

/** What people said about a finding, newest first. */
export const reviewsOf = (db: Reader, id: FindingId): StoredReview[] =>
  db.all(
    sql`SELECT state, reason, confirmed_by, note, actor, at FROM finding_review WHERE finding_id = ${id}
        ORDER BY position DESC`,
    reviewRow,
  );

/** Appends a judgement; it becomes the current one. */
export function insertReview(
  tx: Tx,
  row: {
    readonly id: string;
    readonly findingId: FindingId;
    readonly examinationId: ExaminationId;
    readonly state: string;
    readonly reason: string;
    readonly confirmedBy: string;
    readonly note: string;
    readonly actor: string;
    readonly atMs: number;
  },
): void {
  tx.run(sql`UPDATE finding_review SET current = 0 WHERE finding_id = ${row.findingId} AND current = 1`);
  tx.run(sql`INSERT INTO finding_review (id, finding_id, examination_id, position, current, state, reason, confirmed_by,
      note, actor, at)
    VALUES (${row.id}, ${row.findingId}, ${row.examinationId},
      (SELECT coalesce(max(position), 0) + 1 FROM finding_review WHERE finding_id = ${row.findingId}), 1, ${row.state},
      ${row.reason}, ${row.confirmedBy}, ${row.note}, ${row.actor}, ${row.atMs})`);
}

/** Different values that findings of an examination observed, exact, at most `limit`. */
export const observedIn = (db: Reader, id: ExaminationId, limit: number): string[] =>
  db
    .all(
      sql`SELECT DISTINCT f.observed FROM finding f WHERE f.examination_id = ${id} AND ${STANDING_FINDING} LIMIT ${limit}`,
      z.object({ observed: z.string() }),
    )
    .map(({ observed }) => observed);

/** The first finding of a run. @throws AppError `record.notFound` */
export const firstOfRun = (db: Reader, runId: string): FindingId =>
  db.need(
    sql`SELECT id FROM finding WHERE run_id = ${runId} ORDER BY rowid LIMIT 1`,
    z.object({ id: findingIdSchema }),
  ).id;
