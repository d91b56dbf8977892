import { CASE_VISIBILITIES } from '#shared/contract/access.ts';
import { z } from 'zod';
import { sql, type Reader, type Tx } from '../../db/index.ts';
import { uuidV7 } from '../../ids.ts';
import { SlotFamilies } from '../access/index.ts';
import type { OpenVault } from '../vault/index.ts';

const visibility = z.enum(CASE_VISIBILITIES);
const accessRow = z.object({ id: z.string(), visibility, responsible: z.string() });
const memberRow = z.object({ id: z.string(), case_id: z.string(), slot_id: z.string() });
const idRow = z.object({ id: z.string() });

const WIDTH: Readonly<Record<z.output<typeof visibility>, number>> = { open: 0, restricted: 1, sealed: 2 };

/** A case that fewer people may open in the newer state than in the snapshot. */
export interface ClosedCase {
  readonly caseId: string;
  readonly visibility: z.output<typeof visibility>;
  /** Who answers for it, where the snapshot knows this person. */
  readonly responsible: string | null;
  /** Entries of its list that went since, by id. */
  readonly gone: readonly string[];
  /** People of the snapshot who came to its list since, by roster id. */
  readonly came: readonly string[];
  /** False: only entries of people who left altogether, which the list of people says already. */
  readonly tell: boolean;
}

/** Cases of the snapshot whose access was narrowed since: another visibility, or somebody taken off the list. */
export const closedSince = (chosen: Reader, newer: Reader): ClosedCase[] => {
  const access = (db: Reader): z.output<typeof accessRow>[] =>
    db.all(sql`SELECT id, visibility, responsible FROM main.case_access ORDER BY id`, accessRow);
  const members = (db: Reader): Map<string, z.output<typeof memberRow>[]> => {
    const byCase = new Map<string, z.output<typeof memberRow>[]>();
    for (const row of db.all(
      sql`SELECT id, case_id, slot_id FROM main.case_access_person ORDER BY id`,
      memberRow,
    ))
      byCase.set(row.case_id, [...(byCase.get(row.case_id) ?? []), row]);
    return byCase;
  };
  const known = new Set(chosen.all(sql`SELECT id FROM main.case_file`, idRow).map((row) => row.id));
  const people = new Set(
    chosen.all(sql`SELECT id FROM main.roster WHERE retired_at_seq IS NULL`, idRow).map((row) => row.id),
  );
  const families = new SlotFamilies(newer);
  // Whoever changed their passphrase since goes by another id there.
  const here = (slot: string): string => families.of(slot)?.ids.find((id) => people.has(id)) ?? slot;
  const stillHere = (slot: string): boolean => families.of(slot)?.active === true;
  const before = new Map(access(chosen).map((row) => [row.id, row]));
  const listedBefore = members(chosen);
  const listedNow = members(newer);
  return access(newer).flatMap((row): ClosedCase[] => {
    if (!known.has(row.id)) return [];
    const was = listedBefore.get(row.id) ?? [];
    const now = (listedNow.get(row.id) ?? []).map((one) => ({ ...one, slot_id: here(one.slot_id) }));
    const responsible = here(row.responsible);
    const kept = new Set(now.map((one) => one.id));
    const listed = new Set(now.map((one) => one.slot_id));
    const gone = was.filter((one) => !kept.has(one.id) && !listed.has(here(one.slot_id)));
    const had = new Set(was.map((one) => here(one.slot_id)));
    const narrower = WIDTH[row.visibility] > WIDTH[before.get(row.id)?.visibility ?? 'open'];
    if (!narrower && gone.length === 0) return [];
    return [
      {
        caseId: row.id,
        visibility: narrower ? row.visibility : (before.get(row.id)?.visibility ?? row.visibility),
        responsible: people.has(responsible) ? responsible : null,
        gone: gone.map((one) => one.id),
        came: now.map((one) => one.slot_id).filter((slot) => people.has(slot) && !had.has(slot)),
        tell: narrower || gone.some((one) => stillHere(one.slot_id)),
      },
    ];
  });
};

/**
 * Narrows access again. Whom the snapshot does not know cannot come along (the list of people is signed), so a case
 * never stays without anybody: then it is answered for by whom the snapshot named, or by the first keeper of keys.
 *
 * @param removed roster ids of people who do not come back either.
 */
export const closeAgain = (
  vault: OpenVault,
  tx: Tx,
  closed: readonly ClosedCase[],
  removed: readonly string[],
): void => {
  if (closed.length === 0) return;
  const { clock, random } = vault.ports;
  const keepers = tx
    .all(
      sql`SELECT id FROM main.roster WHERE retired_at_seq IS NULL
          ORDER BY powers LIKE '%"keys"%' DESC, added_at, id`,
      idRow,
    )
    .map((row) => row.id)
    .filter((id) => !removed.includes(id));
  for (const one of closed) {
    const own = tx.get(
      sql`SELECT id, visibility, responsible FROM main.case_access WHERE id = ${one.caseId}`,
      accessRow,
    );
    const named = own === null || removed.includes(own.responsible) ? null : own.responsible;
    const responsible = one.responsible ?? named ?? keepers[0];
    if (responsible === undefined) continue;
    tx.run(sql`INSERT INTO main.case_access (id, visibility, responsible, since)
      VALUES (${one.caseId}, ${one.visibility}, ${responsible}, ${clock.now()})
      ON CONFLICT (id) DO UPDATE SET visibility = excluded.visibility, responsible = excluded.responsible`);
    for (const id of one.gone) tx.run(sql`DELETE FROM main.case_access_person WHERE id = ${id}`);
    for (const slot of new Set([...one.came, responsible])) {
      const id = uuidV7(clock.now(), random);
      tx.run(sql`INSERT INTO main.case_access_person (id, case_id, slot_id, since)
        VALUES (${id}, ${one.caseId}, ${slot}, ${clock.now()}) ON CONFLICT (case_id, slot_id) DO NOTHING`);
    }
  }
};
