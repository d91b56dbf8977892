import { CASE_VISIBILITIES } from '#shared/contract/access.ts';
import { z } from 'zod';
import { list, sql, type Reader, type Tx } from '../../db/index.ts';
import { uuidV7 } from '../../ids.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { SlotFamilies } from './slot-families-repo.ts';

/** Clock and chance, for ids and times of rows. */
export interface IdPorts {
  readonly clock: Clock;
  readonly random: Random;
}

const accessRow = z.object({
  id: z.string(),
  visibility: z.enum(CASE_VISIBILITIES),
  responsible: z.string(),
  since: z.number().int(),
});
export type StoredAccess = z.output<typeof accessRow>;

/** What was decided for a case, or null for one that was made before there were such decisions. */
export const accessOf = (reader: Reader, caseId: string): StoredAccess | null =>
  reader.get(sql`SELECT id, visibility, responsible, since FROM case_access WHERE id = ${caseId}`, accessRow);

const memberRow = z.object({ id: z.string(), slot_id: z.string(), since: z.number().int() });

/** Who is on the list of a case. */
export const membersOf = (reader: Reader, caseId: string): z.output<typeof memberRow>[] =>
  reader.all(
    sql`SELECT id, slot_id, since FROM case_access_person WHERE case_id = ${caseId} ORDER BY since, id`,
    memberRow,
  );

/** Writes the decision for a case in the place of what was there. */
export const putAccess = (tx: Tx, row: StoredAccess): void => {
  tx.run(sql`INSERT INTO case_access (id, visibility, responsible, since)
    VALUES (${row.id}, ${row.visibility}, ${row.responsible}, ${row.since})
    ON CONFLICT (id) DO UPDATE SET visibility = excluded.visibility, responsible = excluded.responsible`);
};

/** Puts a person on the list of a case; nothing changes for one who is there. */
export const addMember = (tx: Tx, ports: IdPorts, caseId: string, slotId: string): void => {
  const id = uuidV7(ports.clock.now(), ports.random);
  tx.run(sql`INSERT INTO case_access_person (id, case_id, slot_id, since)
    VALUES (${id}, ${caseId}, ${slotId}, ${ports.clock.now()}) ON CONFLICT (case_id, slot_id) DO NOTHING`);
};

export const removeMember = (tx: Tx, id: string): void => {
  tx.run(sql`DELETE FROM case_access_person WHERE id = ${id}`);
};

const idRow = z.object({ id: z.string() });

/** Ids of the cases that a person answers for. */
export const casesOf = (reader: Reader, slotIds: readonly string[]): string[] =>
  reader
    .all(sql`SELECT id FROM case_access WHERE responsible IN ${list(slotIds)} ORDER BY id`, idRow)
    .map((row) => row.id);

/**
 * Makes another person answer for cases, and lets them see these. The caller declares the journal entry with
 * `case_access` and `case_access_person` among its children.
 *
 * @param move `caseIds` left out: all cases of `from`.
 * @returns how many cases changed hands.
 */
export const handOver = (
  tx: Tx,
  ports: IdPorts,
  move: { readonly from: string; readonly to: string; readonly caseIds?: readonly string[] | undefined },
): number => {
  const family = new SlotFamilies(tx).of(move.from);
  if (family === undefined) return 0;
  const wanted = move.caseIds === undefined ? null : new Set(move.caseIds);
  const ids = casesOf(tx, family.ids).filter((id) => wanted?.has(id) ?? true);
  for (const id of ids) {
    tx.run(sql`UPDATE case_access SET responsible = ${move.to} WHERE id = ${id}`);
    addMember(tx, ports, id, move.to);
  }
  return ids.length;
};

/** Takes a person off every list. */
export const leaveLists = (tx: Tx, slotId: string): void => {
  const family = new SlotFamilies(tx).of(slotId);
  tx.run(sql`DELETE FROM case_access_person WHERE slot_id IN ${list(family?.ids ?? [slotId])}`);
};

const countRow = z.object({ responsible: z.string(), n: z.number().int() });

/** How many cases each person answers for, by the slot that opens now. */
export const responsibleCounts = (reader: Reader): Map<string, number> => {
  const families = new SlotFamilies(reader);
  const counts = new Map<string, number>();
  for (const row of reader.all(
    sql`SELECT responsible, count(*) AS n FROM case_access GROUP BY responsible`,
    countRow,
  )) {
    const current = families.of(row.responsible)?.current ?? row.responsible;
    counts.set(current, (counts.get(current) ?? 0) + row.n);
  }
  return counts;
};

/** A notice, as it is stored. */
export interface StoredNotice {
  readonly id: string;
  readonly kind: 'emergencyAccess' | 'nameInHiddenCase' | 'bulkReading';
  readonly slotId: string;
  readonly caseId: string | null;
  readonly reason: string;
  readonly cases: number | null;
  readonly at: number;
  readonly until: number | null;
}

export const insertNotice = (tx: Tx, notice: StoredNotice): void => {
  tx.run(sql`INSERT INTO access_notice (id, kind, slot_id, case_id, reason, cases, at, until, reviewed_by,
      reviewed_at, review_note)
    VALUES (${notice.id}, ${notice.kind}, ${notice.slotId}, ${notice.caseId}, ${notice.reason}, ${notice.cases},
      ${notice.at}, ${notice.until}, NULL, NULL, '')
    ON CONFLICT (id) DO NOTHING`);
};
