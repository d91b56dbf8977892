import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import type { ComesBack } from '#shared/contract/backup.ts';
import type { CatalogueEntry } from '../../crypto/backup-catalogue.ts';
import { AUDITED_TABLES } from '../../db/audited-tables.ts';
import { countRow, sql, type Reader } from '../../db/index.ts';
import { SlotFamilies } from '../access/index.ts';
import { closedSince, type ClosedCase } from './closed-cases-repo.ts';
import { containsSnapshot } from './known-target.ts';

const GONE = Buffer.alloc(32);

const touchedRow = z.object({ row_table: z.string(), row_id: z.string() });
const consentRow = z.object({ id: z.string(), title: z.string() });
const rosterRow = z.object({ id: z.string(), name: z.string() });
const titleRow = z.object({ title: z.string() });

/** One audited row that the newer state changed in a way that a restore must not undo. */
export interface TouchedRow {
  readonly table: string;
  readonly id: string;
}

/** What the newer state took away, and how to take it away again. */
export interface Returning {
  readonly list: readonly ComesBack[];
  /** Rows to bring to the newer state: changed or gone there. */
  readonly rows: readonly TouchedRow[];
  /** Cases whose access was narrowed. */
  readonly closed: readonly ClosedCase[];
  /** Roster ids of people who were removed. */
  readonly removed: readonly string[];
  /** Roster ids of people who are still in, by another slot: the passphrase before opens the snapshot again. */
  readonly renewed: readonly string[];
}

/** Whether there is anything to take away again; rows count without a line for a person to read. */
export const takesAnythingAway = (known: Returning): boolean =>
  known.list.length + known.rows.length + known.closed.length + known.removed.length > 0;

const tableNames = (db: Reader): Set<string> =>
  new Set(
    db
      .all(sql`SELECT name FROM main.sqlite_schema WHERE type = 'table'`, z.object({ name: z.string() }))
      .map((row) => row.name),
  );

/** What a person recognises a record by, as the snapshot has it. */
const titleOf = (db: Reader, table: string, id: string): string => {
  const found =
    table === 'case_file'
      ? db.get(sql`SELECT code || ' ' || title AS title FROM case_file WHERE id = ${id}`, titleRow)
      : table === 'person'
        ? db.get(sql`SELECT name AS title FROM person WHERE id = ${id}`, titleRow)
        : table === 'incident'
          ? db.get(sql`SELECT title FROM incident WHERE id = ${id}`, titleRow)
          : table === 'evidence'
            ? db.get(sql`SELECT title FROM evidence WHERE id = ${id}`, titleRow)
            : null;
  return (found?.title ?? '').slice(0, 500);
};

/** Consents that were given in the snapshot and were taken back since. */
const withdrawn = (chosen: Reader, newer: Reader): ComesBack[] => {
  const given = chosen.all(
    sql`SELECT c.id, p.name AS title FROM consent c JOIN person p ON p.id = c.person_id
        WHERE c.answer NOT IN ('withdrawn', 'refused')`,
    consentRow,
  );
  return given
    .filter(
      ({ id }) =>
        newer.need(
          sql`SELECT count(*) AS n FROM consent WHERE id = ${id} AND answer NOT IN ('withdrawn', 'refused')`,
          countRow,
        ).n === 0,
    )
    .map(({ id, title }) => ({ kind: 'withdrawnConsent', table: 'consent', id, title: title.slice(0, 500) }));
};

/** Rows of `table` that only the newer state has, such as tombstones: `id` is that of the record it speaks of. */
const added = (chosen: Reader, newer: Reader, table: 'evidence_tombstone' | 'person_hold'): string[] => {
  const ids = (db: Reader): string[] =>
    db
      .all(
        table === 'evidence_tombstone'
          ? sql`SELECT id FROM evidence_tombstone`
          : sql`SELECT id FROM person_hold WHERE state = 'erased'`,
        z.object({ id: z.string() }),
      )
      .map((row) => row.id);
  const before = new Set(ids(chosen));
  return ids(newer).filter((id) => !before.has(id));
};

const STRICTER = { none: 0, restricted: 1, blocked: 2, erased: 3 } as const;
const holdRow = z.object({ id: z.string(), state: z.enum(['restricted', 'blocked', 'erased']) });

/** People of the snapshot who are held back further now, short of erasure. */
const heldSince = (chosen: Reader, newer: Reader): string[] => {
  const holds = (db: Reader): z.output<typeof holdRow>[] =>
    db.all(sql`SELECT id, state FROM main.person_hold ORDER BY id`, holdRow);
  const before = new Map(holds(chosen).map((row) => [row.id, row.state]));
  return holds(newer)
    .filter(
      ({ id, state }) =>
        state !== 'erased' &&
        STRICTER[state] > STRICTER[before.get(id) ?? 'none'] &&
        has(chosen, 'person', id),
    )
    .map((row) => row.id);
};

const COUNTED = {
  person: (id: string) => sql`SELECT count(*) AS n FROM main.person WHERE id = ${id}`,
  ledger: (id: string) => sql`SELECT count(*) AS n FROM main.ledger WHERE id = ${id}`,
  matching_run: (id: string) => sql`SELECT count(*) AS n FROM main.matching_run WHERE id = ${id}`,
} as const;

const has = (db: Reader, table: keyof typeof COUNTED, id: string): boolean =>
  db.need(COUNTED[table](id), countRow).n > 0;

/** A hold of somebody whom the snapshot does not know would bring her record along, as would a pass withdrawn since. */
const isOfAnother = (chosen: Reader, table: string, id: string): boolean =>
  (table === 'person_hold' && !has(chosen, 'person', id)) ||
  (table === 'copy_hold' && !has(chosen, 'ledger', id)) ||
  (table === 'run_withdrawn' && !has(chosen, 'matching_run', id));

/** Entries of the newer state whose work a restore must not undo. */
const isTakingAway = sql`(j.method LIKE 'erasure.%' OR j.method = 'evidence.delete')`;

/**
 * Compares a snapshot with a state that went on from it.
 *
 * @param newer the lost vault's database, or a later snapshot.
 * @returns null where `newer` did not go on from the snapshot: then nobody can say what was taken away.
 */
export const whatComesBack = (chosen: Reader, newer: Reader, entry: CatalogueEntry): Returning | null => {
  if (!containsSnapshot(newer, entry)) return null;
  const tables = tableNames(newer);
  const common = tableNames(chosen);
  const list: ComesBack[] = withdrawn(chosen, newer);
  const rows = new Map<string, TouchedRow>();
  const touch = (table: string, id: string): void => {
    rows.set(`${table}|${id}`, { table, id });
  };
  for (const consent of list) touch('consent', consent.id);

  if (tables.has('evidence_tombstone') && common.has('evidence_tombstone')) {
    for (const id of added(chosen, newer, 'evidence_tombstone')) {
      const title = titleOf(chosen, 'evidence', id);
      list.push({ kind: 'deletedEvidence', table: 'evidence', id, title });
    }
    for (const id of added(chosen, newer, 'person_hold')) {
      list.push({ kind: 'erasedEntry', table: 'person', id, title: titleOf(chosen, 'person', id) });
    }
    for (const id of heldSince(chosen, newer)) {
      touch('person_hold', id);
      list.push({ kind: 'heldPerson', table: 'person', id, title: titleOf(chosen, 'person', id) });
    }
  }
  const closed = tables.has('case_access') && common.has('case_access') ? closedSince(chosen, newer) : [];
  for (const { caseId } of closed.filter((one) => one.tell)) {
    list.push({
      kind: 'closedCase',
      table: 'case_file',
      id: caseId,
      title: titleOf(chosen, 'case_file', caseId),
    });
  }
  const auditedNow = new Set<string>(AUDITED_TABLES);
  for (const { row_table, row_id } of newer.all(
    sql`SELECT DISTINCT r.row_table, r.row_id FROM main.journal j JOIN main.journal_row r ON r.position = j.position
        WHERE j.position > ${entry.position} AND ${isTakingAway}`,
    touchedRow,
  )) {
    if (auditedNow.has(row_table) && common.has(row_table) && !isOfAnother(chosen, row_table, row_id))
      touch(row_table, row_id);
  }
  // A record whose own entry says that it is gone; parts of an amended record are replaced, not taken away.
  for (const { row_table, row_id } of newer.all(
    sql`SELECT DISTINCT r.row_table, r.row_id FROM main.journal_row r JOIN main.journal j ON j.position = r.position
        WHERE r.position > ${entry.position} AND r.after = ${GONE}
          AND j.entity_table = r.row_table AND j.entity_id = r.row_id`,
    touchedRow,
  )) {
    if (!auditedNow.has(row_table) || !common.has(row_table)) continue;
    touch(row_table, row_id);
    list.push({
      kind: 'deletedRecord',
      table: row_table,
      id: row_id,
      title: titleOf(chosen, row_table, row_id),
    });
  }
  const live = (db: Reader): z.output<typeof rosterRow>[] =>
    db.all(sql`SELECT id, name FROM roster WHERE retired_at_seq IS NULL`, rosterRow);
  const still = new Set(live(newer).map((row) => row.id));
  const changed = live(chosen).filter((row) => !still.has(row.id));
  // A changed passphrase makes a slot of another id. Whoever has one is in as before, and taking out the slot of the
  // snapshot would leave the restored vault without them: perhaps without anybody.
  const families = tables.has('slot_detail') ? new SlotFamilies(newer) : null;
  const isIn = (id: string): boolean => families?.of(id)?.active === true;
  const removed = changed.filter((row) => !isIn(row.id));
  const renewed = changed.filter((row) => isIn(row.id)).map((row) => row.id);
  for (const { id, name } of removed) {
    list.push({ kind: 'removedPerson', table: 'roster', id, title: name.slice(0, 500) });
  }
  return { list, rows: [...rows.values()], closed, removed: removed.map((row) => row.id), renewed };
};

/** Throws `backup.nothingToCompare` where something should be applied and nothing was compared. */
export const requireCompared = (returning: Returning | null): Returning => {
  if (returning === null) throw new AppError('backup.nothingToCompare');
  return returning;
};
