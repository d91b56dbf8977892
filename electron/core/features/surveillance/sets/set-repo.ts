import { indicatorSetRowSchema, type IndicatorSetRow } from '#shared/contract/indicator-sets.ts';
import type { SetInForce } from '#shared/contract/examinations.ts';
import { evidenceIdSchema } from '#shared/model/ids.ts';
import { indicatorSetIdSchema, type IndicatorSetId } from '#shared/model/surveillance-ids.ts';
import { SKIP_REASONS, type IndicatorSet, type SkipReason } from '#shared/surveillance/indicator-set.ts';
import { z } from 'zod';
import {
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

/** What was counted when a set was read. */
export const readingSchema = indicatorSetRowSchema
  .pick({
    indicators: true,
    byType: true,
    collections: true,
    skipped: true,
    revoked: true,
    expired: true,
    refusedFiles: true,
  })
  .extend({ skippedCounts: z.partialRecord(z.enum(SKIP_REASONS), z.number().int()) })
  .strict();
export type SetReading = z.output<typeof readingSchema>;

/** Counts what the parser found in the files of a set. */
export function readingOf(set: IndicatorSet): SetReading {
  const byType: SetReading['byType'] = {};
  const skippedCounts: SetReading['skippedCounts'] = {};
  const reading = { indicators: 0, collections: 0, skipped: 0, revoked: 0, expired: 0 };
  const refusedFiles: SetReading['refusedFiles'] = [];
  for (const member of set.members) {
    if (member.refused !== null) refusedFiles.push({ name: member.name, reason: member.refused });
    reading.indicators += member.indicators.length;
    reading.collections += member.collections.length;
    reading.revoked += member.revoked;
    reading.expired += member.expired;
    for (const { type } of member.indicators) byType[type] = (byType[type] ?? 0) + 1;
    for (const reason of SKIP_REASONS) {
      const count = member.skippedCounts[reason] ?? 0;
      if (count === 0) continue;
      skippedCounts[reason] = (skippedCounts[reason] ?? 0) + count;
      reading.skipped += count;
    }
  }
  return { ...reading, byType, skippedCounts, refusedFiles };
}

const setRow = z
  .object({
    id: indicatorSetIdSchema,
    evidence_id: evidenceIdSchema,
    file_name: z.string(),
    name: z.string(),
    source: z.string(),
    licence: z.string(),
    set_day: z.string().nullable(),
    set_version: z.string(),
    sha256: z.instanceof(Uint8Array),
    size: z.number().int(),
    reading: jsonColumn(readingSchema),
    in_use: flagColumn,
    retired_reason: z.string(),
    added_by: z.string(),
    version: z.number().int(),
    created_at: instantColumn,
  })
  .transform((row): IndicatorSetRow => {
    const { skippedCounts: _counts, ...reading } = row.reading;
    return {
      ...reading,
      id: row.id,
      evidenceId: row.evidence_id,
      fileName: row.file_name,
      name: row.name,
      source: row.source,
      licence: row.licence,
      day: row.set_day,
      version: row.set_version,
      sha256: Buffer.from(row.sha256).toString('hex'),
      sizeBytes: row.size,
      inUse: row.in_use,
      retiredReason: row.retired_reason,
      addedBy: row.added_by,
      addedAt: row.created_at,
      recordVersion: row.version,
    };
  });

const selection = sql`SELECT s.id, s.evidence_id, e.original_name AS file_name, s.name, s.source, s.licence, s.set_day,
  s.set_version, s.sha256, s.size, s.reading, s.in_use, s.retired_reason, s.added_by, s.version, s.created_at
  FROM indicator_set s JOIN evidence e ON e.id = s.evidence_id`;

/** Sets in the order in which they were added, which is the load order of matching. */
export const setsOf = (db: Reader, includeRetired: boolean): IndicatorSetRow[] =>
  db.all(
    includeRetired
      ? sql`${selection} ORDER BY s.created_at, s.id`
      : sql`${selection} WHERE s.in_use = 1 ORDER BY s.created_at, s.id`,
    setRow,
  );

/** @throws AppError `record.notFound` */
export const needSet = (db: Reader, id: IndicatorSetId): IndicatorSetRow =>
  db.need(sql`${selection} WHERE s.id = ${id}`, setRow);

/** The set with these bytes, or null. */
export const setWithHash = (db: Reader, sha256: Uint8Array): IndicatorSetRow | null =>
  db.get(sql`${selection} WHERE s.sha256 = ${sha256}`, setRow);

/** A set as results name it. */
export const inForce = (set: IndicatorSetRow): SetInForce => ({
  setId: set.id,
  name: set.name,
  sha256: set.sha256,
  day: set.day,
  version: set.version,
  indicators: set.indicators,
});

export interface NewSet {
  readonly id: IndicatorSetId;
  readonly evidenceId: z.output<typeof evidenceIdSchema>;
  readonly name: string;
  readonly source: string;
  readonly licence: string;
  readonly day: string | null;
  readonly version: string;
  readonly sha256: Buffer;
  readonly sizeBytes: number;
  readonly addedBy: string;
}

/** Rows of one INSERT of skipped entries. */
const ROWS_AT_ONCE = 500;

export function insertSet(tx: Tx, set: NewSet, read: IndicatorSet, nowMs: number): void {
  tx.run(sql`INSERT INTO indicator_set (id, evidence_id, name, source, licence, set_day, set_version, sha256, size,
      reading, in_use, retired_reason, added_by, version, created_at, updated_at)
    VALUES (${set.id}, ${set.evidenceId}, ${set.name}, ${set.source}, ${set.licence}, ${set.day}, ${set.version},
      ${set.sha256}, ${set.sizeBytes}, ${JSON.stringify(readingOf(read))}, 1, '', ${set.addedBy}, 1, ${nowMs}, ${nowMs})`);
  let position = 0;
  let waiting: Sql[] = [];
  const flush = (): void => {
    if (waiting.length > 0)
      tx.run(
        sql`INSERT INTO indicator_skipped (set_id, position, file, entry, what, reason) VALUES ${join(waiting, ', ')}`,
      );
    waiting = [];
  };
  for (const member of read.members) {
    for (const { id, what, reason } of member.skipped) {
      waiting.push(sql`(${set.id}, ${position}, ${member.name}, ${id}, ${what}, ${reason})`);
      position += 1;
      if (waiting.length === ROWS_AT_ONCE) flush();
    }
  }
  flush();
}

/** Gives false where somebody else was faster. */
export const updateSet = (
  tx: Tx,
  set: Pick<
    IndicatorSetRow,
    'id' | 'name' | 'source' | 'licence' | 'day' | 'version' | 'inUse' | 'retiredReason'
  >,
  recordVersion: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE indicator_set SET name = ${set.name}, source = ${set.source}, licence = ${set.licence},
      set_day = ${set.day}, set_version = ${set.version}, in_use = ${set.inUse}, retired_reason = ${set.retiredReason},
      version = version + 1, updated_at = ${nowMs} WHERE id = ${set.id} AND version = ${recordVersion}`)
    .changes === 1;

/** One page of what could not be used, with all counts. */
export function skippedOf(
  db: Reader,
  id: IndicatorSetId,
  reasons: readonly SkipReason[] | undefined,
  page: { readonly offset: number; readonly limit: number },
) {
  const condition =
    reasons === undefined ? sql`set_id = ${id}` : sql`set_id = ${id} AND reason IN ${list(reasons)}`;
  const { reading } = db.need(
    sql`SELECT reading FROM indicator_set WHERE id = ${id}`,
    z.object({ reading: jsonColumn(readingSchema) }),
  );
  return {
    counts: reading.skippedCounts,
    total: db.need(
      sql`SELECT count(*) AS n FROM indicator_skipped WHERE ${condition}`,
      z.object({ n: z.number().int() }),
    ).n,
    rows: db.all(
      sql`SELECT file, entry, what, reason FROM indicator_skipped WHERE ${condition} ORDER BY position
          LIMIT ${page.limit} OFFSET ${page.offset}`,
      z.object({ file: z.string(), entry: z.string(), what: z.string(), reason: z.enum(SKIP_REASONS) }),
    ),
  };
}
