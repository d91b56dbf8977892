import type { Crypto } from '../ports/crypto.ts';
import { decodeHlc, encodeHlc, rowListHash, type TouchedRow } from '../crypto/journal-format.ts';
import { z } from 'zod';
import { sql, trustedSql } from '../db/sql.ts';
import type { Reader } from '../db/types.ts';

/** A BLOB column as a Buffer. */
export const bytesColumn = z.instanceof(Uint8Array).transform((value): Buffer => Buffer.from(value));

/** One row of `journal`. */
export const journalRow = z.object({
  position: z.number().int(),
  version: z.number().int(),
  incarnation: bytesColumn,
  device: bytesColumn,
  seq: z.number().int(),
  prev: bytesColumn,
  hlc: bytesColumn,
  actor: bytesColumn,
  method: z.string(),
  entity_table: z.string(),
  entity_id: z.string(),
  after: bytesColumn,
  commitment: bytesColumn,
  hash: bytesColumn,
  signature: bytesColumn,
});
export type JournalRow = z.output<typeof journalRow>;

export const JOURNAL_COLUMNS = trustedSql(
  'position, version, incarnation, device, seq, prev, hlc, actor, method, entity_table, entity_id, after, commitment, hash, signature',
);

/**
 * The one method whose entry may bear an earlier time than the entry before it. Its table is `journal`, its id the
 * position of the first entry that was made while the computer's clock stood ahead.
 */
export const SETTLES_CLOCK = 'access.settleClock';

/** The newest entry up to `end` that settled the clock, or null. Goes by the index on table and id. */
export const lastSettlement = (reader: Reader, end: number): JournalRow | null =>
  reader.get(
    sql`SELECT ${JOURNAL_COLUMNS} FROM journal WHERE entity_table = 'journal' AND method = ${SETTLES_CLOCK}
        AND position <= ${end} ORDER BY position DESC LIMIT 1`,
    journalRow,
  );

/** A settlement: the entries from `first` up to the one before `position` bear a wrong time; it was said at `ms`. */
export interface Settlement {
  readonly first: number;
  readonly position: number;
  readonly ms: number;
  /**
   * The latest time that an entry before it bears and that has come since, ms since epoch. That time may have been
   * right, so nothing from the settlement on is older: one that was made under a clock set back makes nothing old.
   */
  readonly notBefore: number;
}

const settledRow = z
  .object({ position: z.number().int(), entity_id: z.string(), hlc: bytesColumn })
  .transform(({ position, entity_id, hlc }) => ({
    position,
    first: Number(entity_id),
    ms: decodeHlc(hlc).ms,
  }));

const timeRow = z.object({ hlc: bytesColumn }).transform(({ hlc }) => decodeHlc(hlc).ms);

/** The latest time up to `nowMs` from position `from` up to before `to`, where no time falls; 0 where there is none. */
const latestThatCame = (reader: Reader, from: number, to: number, nowMs: number): number =>
  reader.get(
    sql`SELECT hlc FROM journal WHERE position >= ${from} AND position < ${to}
        AND hlc < ${encodeHlc({ ms: Math.max(0, nowMs) + 1, count: 0 })} ORDER BY position DESC LIMIT 1`,
    timeRow,
  ) ?? 0;

/**
 * Every settlement of the clock, oldest first. Each names the first entry that it declares wrong.
 *
 * @param nowMs the judged time of the session, ms since epoch.
 */
export const settlements = (reader: Reader, nowMs: number): Settlement[] => {
  const rows = reader.all(
    sql`SELECT position, entity_id, hlc FROM journal WHERE entity_table = 'journal' AND method = ${SETTLES_CLOCK}
        ORDER BY position`,
    settledRow,
  );
  let from = 1;
  let notBefore = 0;
  return rows.map((row) => {
    notBefore = Math.max(notBefore, latestThatCame(reader, from, row.position, nowMs));
    from = row.position;
    return { ...row, notBefore };
  });
};

/** The least time that an entry at `position` can have been made at, as far as is known; ms since epoch. */
export const notBeforeMs = (position: number, settled: readonly Settlement[]): number =>
  settled.findLast((one) => one.position <= position)?.notBefore ?? 0;

/**
 * When an entry was made, as far as is known. Milliseconds since 1970: what it bears or, where a settlement declares
 * just that wrong, the moment of the settlement. A time that has come by now may have been right after all (what was
 * wrong then was the clock that it was settled under), so it stands, and what came later is no older: nothing is said
 * to be older than it may be for a clock that was set back.
 *
 * @param nowMs the judged time of the session, ms since epoch.
 * @param settled `settlements` at that time.
 */
export const honestMs = (
  entry: Pick<JournalRow, 'position' | 'hlc'>,
  nowMs: number,
  settled: readonly Settlement[],
): number => {
  const { ms } = decodeHlc(entry.hlc);
  const about = settled.filter(({ first, position }) => first <= entry.position && entry.position < position);
  const said = ms <= nowMs ? ms : Math.min(ms, ...about.map((one) => one.ms));
  return Math.max(said, notBeforeMs(entry.position, settled));
};

export const touchedRow = z.object({ row_table: z.string(), row_id: z.string(), after: bytesColumn });

/** Methods that begin a chain; every other entry continues one. */
export const CHAIN_STARTS: ReadonlySet<string> = new Set([
  'vault.create',
  'vault.acceptLoss',
  'vault.restore',
]);

/**
 * What an entry signs for its rows: the row's own hash where it answers for exactly its entity, otherwise the
 * hash of the ordered list (also of the empty list: an entry about a read).
 */
export const afterOf = (
  crypto: Crypto,
  entity: { readonly table: string; readonly id: string },
  rows: readonly TouchedRow[],
): Buffer => {
  const only = rows[0];
  return only !== undefined && answersForItself(entity, rows) ? only.after : rowListHash(crypto, rows);
};

/** The last entry, or null in an empty journal. */
export const lastEntry = (reader: Reader): JournalRow | null =>
  reader.get(sql`SELECT ${JOURNAL_COLUMNS} FROM journal ORDER BY position DESC LIMIT 1`, journalRow);

/** The entry at a position, or null. */
export const entryAtPosition = (reader: Reader, position: number): JournalRow | null =>
  reader.get(sql`SELECT ${JOURNAL_COLUMNS} FROM journal WHERE position = ${position}`, journalRow);

/** The last entry that a method wrote, or null. */
export const lastEntryOf = (reader: Reader, method: string): JournalRow | null =>
  reader.get(
    sql`SELECT ${JOURNAL_COLUMNS} FROM journal WHERE method = ${method} ORDER BY position DESC LIMIT 1`,
    journalRow,
  );

/** True where an entry answers for exactly its own entity and signs that row's hash itself. */
export const answersForItself = (
  entity: { readonly table: string; readonly id: string },
  rows: readonly { readonly table: string; readonly id: string }[],
): boolean => rows.length === 1 && rows[0]?.table === entity.table && rows[0].id === entity.id;

/** The rows that an entry answers for, in their canonical order. */
export const rowsOfEntry = (reader: Reader, entry: JournalRow): TouchedRow[] => {
  const own = reader.get(
    sql`SELECT row_table, row_id, after FROM journal_row WHERE row_table = ${entry.entity_table}
        AND row_id = ${entry.entity_id} AND position = ${entry.position} AND listed = 0`,
    touchedRow,
  );
  if (own !== null) return [toTouched(own)];
  return reader
    .all(
      sql`SELECT row_table, row_id, after FROM journal_row WHERE position = ${entry.position} AND listed = 1
          ORDER BY row_table, row_id`,
      touchedRow,
    )
    .map(toTouched);
};

/** The entry of a chain with this number, or null. Within a chain numbers follow positions. */
export const entryOfChain = (reader: Reader, incarnation: Buffer, seq: number): JournalRow | null => {
  const found = reader.get(
    sql`SELECT ${JOURNAL_COLUMNS} FROM journal WHERE position = ${seq} - 1 +
        (SELECT position FROM journal WHERE incarnation = ${incarnation} AND seq = 1)`,
    journalRow,
  );
  return found !== null && found.seq === seq && found.incarnation.equals(incarnation) ? found : null;
};

export const toTouched = (row: z.output<typeof touchedRow>): TouchedRow => ({
  table: row.row_table,
  id: row.row_id,
  after: row.after,
});
