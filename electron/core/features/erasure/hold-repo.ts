import type { PersonId } from '#shared/model/ids.ts';
import { sql, type Tx } from '../../db/index.ts';
import type { Hold } from '../holds/index.ts';

export interface NewHold {
  readonly personId: PersonId;
  readonly state: Hold;
  readonly code: string;
  readonly reason: string;
  readonly legalBasis: string;
  readonly requestId: string | null;
  readonly actor: string;
}

/** Holds a person's data back, or further back than before. */
export function putHold(tx: Tx, hold: NewHold, nowMs: number): void {
  tx.run(sql`INSERT INTO main.person_hold (id, state, code, reason, legal_basis, request_id, actor, since)
    VALUES (${hold.personId}, ${hold.state}, ${hold.code}, ${hold.reason}, ${hold.legalBasis}, ${hold.requestId},
      ${hold.actor}, ${nowMs})
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, code = excluded.code, reason = excluded.reason,
      legal_basis = excluded.legal_basis, request_id = excluded.request_id, actor = excluded.actor,
      since = excluded.since`);
}

export function removeHold(tx: Tx, id: PersonId): void {
  tx.run(sql`DELETE FROM main.person_hold WHERE id = ${id}`);
}

/** Shuts the frozen copy of a delivery away; one that is erased stays erased. */
export function blockCopy(tx: Tx, ledgerId: string, personId: PersonId, nowMs: number): void {
  tx.run(sql`INSERT INTO main.copy_hold (id, state, person_id, since) VALUES (${ledgerId}, 'blocked', ${personId}, ${nowMs})
    ON CONFLICT (id) DO NOTHING`);
}

/** Opens the copies that were shut for her; those of another blocked person are shut again by the caller. */
export function openCopies(tx: Tx, personId: PersonId): void {
  tx.run(sql`DELETE FROM main.copy_hold WHERE person_id = ${personId} AND state = 'blocked'`);
}

/** The bytes go; that there were some, and their hash in the ledger, stays. */
export function eraseCopy(tx: Tx, ledgerId: string, personId: PersonId, nowMs: number): void {
  tx.run(sql`UPDATE main.ledger_copy SET frozen = zeroblob(0) WHERE ledger_id = ${ledgerId}`);
  tx.run(sql`INSERT INTO main.copy_hold (id, state, person_id, since) VALUES (${ledgerId}, 'erased', ${personId}, ${nowMs})
    ON CONFLICT (id) DO UPDATE SET state = 'erased', person_id = excluded.person_id, since = excluded.since`);
}
