import { z } from 'zod';
import { sql, type Reader } from '../../db/index.ts';
import { honestMs, settlements } from '../../journal/index.ts';
import { burstsOf, type Opened } from './bulk-reading.ts';
import type { SlotFamilies, SlotFamily } from './slot-families-repo.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How far back notices are raised. */
const LOOK_BACK_MS = 30 * DAY_MS;
/** Read beyond that: what is about to grow too old is still counted with what belonged to it, under the same id. */
const MARGIN_MS = 2 * DAY_MS;

/** An hour in which one person opened many cases. */
export interface BulkReading {
  readonly id: string;
  readonly family: SlotFamily;
  /** When it became many. */
  readonly atMs: number;
  /** Different cases within the hour from its first. */
  readonly cases: number;
}

const openedRow = z.object({
  position: z.number().int(),
  hlc: z.instanceof(Uint8Array).transform((value) => Buffer.from(value)),
  actor: z.instanceof(Uint8Array),
  entity_id: z.string(),
  lived: z.number().nullable(),
});
type OpenedRow = z.output<typeof openedRow>;

const unlockRow = z.object({ position: z.number().int(), hlc: z.instanceof(Uint8Array) });
const livedRow = z.object({ lived: z.number().nullable() });

/** Milliseconds of a hybrid logical clock value, and the least value of a millisecond. */
export const hlcMs = (hlc: Uint8Array): number => Buffer.from(hlc).readUIntBE(0, 6);
export const hlcFrom = (ms: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUIntBE(Math.max(0, ms), 0, 6);
  return bytes;
};

/**
 * How long the session of an entry had lasted when it was written. Null where the payload was erased or is damaged: the
 * check names those, and one of them takes no notice away.
 */
const LIVED = sql`CASE WHEN json_valid(CAST(p.payload AS TEXT))
  AND json_type(CAST(p.payload AS TEXT), '$.livedMs') IN ('integer', 'real')
  THEN json_extract(CAST(p.payload AS TEXT), '$.livedMs') END`;

/** The least that the session between two positions went on after its first, ms. */
const livedOn = (reader: Reader, from: OpenedRow, before: number): number => {
  const { lived } = reader.need(
    sql`SELECT max(${LIVED}) AS lived FROM journal_payload p
        WHERE p.position >= ${from.position} AND p.position < ${before}`,
    livedRow,
  );
  return Math.max(0, (lived ?? 0) - (from.lived ?? 0));
};

/**
 * Finds them in the journal itself: the reader has no part in raising a notice, and leaving, or a clock that is set
 * back or settled afterwards, takes none away. What was looked at with other tools than this application has no entry
 * and cannot be found; nor can what only looks slow because the clock was set forward by a working day, each time,
 * while the vault was locked.
 */
export const bulkReadings = (reader: Reader, families: SlotFamilies, nowMs: number): BulkReading[] => {
  const settled = settlements(reader, nowMs);
  const sinceMs = nowMs - LOOK_BACK_MS - MARGIN_MS;
  const young = settled.find(({ notBefore }) => notBefore >= sinceMs)?.position ?? Number.MAX_SAFE_INTEGER;
  const rows = reader.all(
    sql`SELECT j.position, j.hlc, j.actor, j.entity_id, ${LIVED} AS lived
        FROM journal j LEFT JOIN journal_payload p ON p.position = j.position
        WHERE j.entity_table = 'case_file' AND j.method = 'cases.get'
          AND (j.hlc >= ${hlcFrom(sinceMs)} OR j.position >= ${young}) ORDER BY j.position`,
    openedRow,
  );
  const unlocks = reader.all(
    sql`SELECT position, hlc FROM journal WHERE entity_table = 'roster' AND method = 'vault.unlock'
        AND position >= ${rows[0]?.position ?? 0} ORDER BY position`,
    unlockRow,
  );
  const byFamily = new Map<SlotFamily, Opened<OpenedRow>[]>();
  let sessions = 0;
  for (const row of rows) {
    for (; (unlocks[sessions]?.position ?? row.position) < row.position; sessions += 1);
    const family = families.ofSigner(row.actor);
    if (family === undefined) continue;
    const begun = unlocks[sessions - 1];
    const ends = unlocks[sessions]?.position ?? Number.MAX_SAFE_INTEGER;
    const opened = byFamily.get(family) ?? [];
    opened.push({
      row,
      id: row.entity_id,
      ms: hlcMs(row.hlc),
      lived: row.lived,
      session: sessions,
      begunMs: begun === undefined ? null : hlcMs(begun.hlc),
      stretch: settled.filter(({ position }) => position < row.position).length,
      livedOn: () => livedOn(reader, row, ends),
    });
    byFamily.set(family, opened);
  }
  return [...byFamily].flatMap(([family, opened]) =>
    burstsOf(opened)
      .map(({ last, cases }) => ({
        id: `bulk-${family.current}-${last.row.position}`,
        family,
        atMs: honestMs(last.row, nowMs, settled),
        cases,
      }))
      .filter(({ atMs }) => atMs >= nowMs - LOOK_BACK_MS),
  );
};
