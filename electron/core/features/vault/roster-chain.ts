import type { Connection } from '../../db/connection.ts';
import { entryAtPosition, entryHolds, type JournalRow } from '../../journal/index.ts';
import type { Crypto } from '../../ports/index.ts';
import {
  approvalDigest,
  ofOnePerson,
  readRoster,
  rosterDigest,
  type RosterRow,
  type Stated,
} from './roster.ts';

/** What is needed to follow signatures from a row back to the founder. */
export interface RosterChain {
  readonly crypto: Crypto;
  readonly vaultId: Buffer;
  readonly roster: readonly RosterRow[];
  /** Public key of the actor of the first journal entry; null in an empty journal. */
  readonly founder: Buffer | null;
  /** The journal entry at a position, if its hash and signature hold. */
  readonly entryAt: (position: number) => JournalRow | null;
}

/** Reads the roster and what its signatures lean on. */
export const rosterChain = (crypto: Crypto, vaultId: Buffer, connection: Connection): RosterChain => {
  const entryAt = (position: number): JournalRow | null => {
    const entry = entryAtPosition(connection, position);
    return entry !== null && entryHolds(crypto, vaultId, entry) ? entry : null;
  };
  return {
    crypto,
    vaultId,
    roster: readRoster(connection),
    founder: entryAt(1)?.actor ?? null,
    entryAt,
  };
};

const current = (row: RosterRow): Stated => ({
  name: row.name,
  powers: row.powers,
  signer: row.signer,
  signature: row.signature,
  stated_at: row.detail.stated_at,
});

/** What a row said when the entry at `position` was written. */
const statedBefore = (row: RosterRow, position: number): Stated | undefined =>
  [...row.past, current(row)].filter((stated) => stated.stated_at < position).at(-1);

/**
 * Whether one statement of a row was made by somebody who might make it *at that time*: its signature holds, the
 * journal has the entry in which that same key made it, and that key belonged to a slot that was not retired and
 * held the power over keys by a statement that holds in turn. Every step goes to an earlier position, so the walk
 * ends at the founder, whose own statement is the first entry.
 *
 * A person who changes their own passphrase signs the new slot with the old one: allowed for the same name and no
 * more powers, with the new slot naming the one it replaces.
 */
const statementHolds = (chain: RosterChain, row: RosterRow, stated: Stated): boolean => {
  const { crypto, vaultId } = chain;
  const digest = rosterDigest(crypto, vaultId, {
    ...row,
    name: stated.name,
    powers: stated.powers,
    signer: stated.signer,
  });
  if (!crypto.verify(stated.signature, digest, stated.signer)) return false;
  const entry = chain.entryAt(stated.stated_at);
  if (entry === null || entry.entity_table !== 'roster' || entry.entity_id !== row.id) return false;
  if (!entry.actor.equals(stated.signer)) return false;
  if (stated.stated_at === 1) {
    return (
      chain.founder?.equals(row.sign_public) === true &&
      stated.signer.equals(row.sign_public) &&
      stated.powers.includes('keys')
    );
  }
  const signer = chain.roster.find((other) => other.sign_public.equals(stated.signer));
  if (signer === undefined) return false;
  if (signer.retired_at_seq !== null && stated.stated_at > signer.retired_at_seq) return false;
  const then = statedBefore(signer, stated.stated_at);
  if (then === undefined || !statementHolds(chain, signer, then)) return false;
  if (then.powers.includes('keys')) return true;
  return (
    row.detail.replaces === signer.id &&
    stated.name === then.name &&
    stated.powers.every((power) => then.powers.includes(power)) &&
    statedBefore(row, stated.stated_at) === undefined
  );
};

/**
 * A second coordinator's yes, where a row has one: by the passphrase slot of another person than the one that signed,
 * which held the power over keys at that time. Paper signs for nobody. That a row *should* have one is not judged here: it depends on how many coordinators there were.
 */
const approvalHolds = (chain: RosterChain, row: RosterRow): boolean => {
  const { approver, approval, stated_at } = row.detail;
  if (approver === null && approval === null) return true;
  if (approver === null || approval === null || approver.equals(row.signer)) return false;
  const second = chain.roster.find((other) => other.sign_public.equals(approver));
  if (second?.kind !== 'passphrase') return false;
  const signer = chain.roster.find((other) => other.sign_public.equals(row.signer));
  if (signer !== undefined && ofOnePerson(chain.roster, signer.id, second.id)) return false;
  if (second.retired_at_seq !== null && stated_at > second.retired_at_seq) return false;
  const then = statedBefore(second, stated_at);
  return (
    then?.powers.includes('keys') === true &&
    chain.crypto.verify(approval, approvalDigest(chain.crypto, chain.vaultId, row), approver)
  );
};

/** Whether a row, as it stands, was signed by somebody who might, and approved by nobody who might not. */
export const rosterRowHolds = (chain: RosterChain, row: RosterRow): boolean =>
  statementHolds(chain, row, current(row)) &&
  row.past.every((stated) => statementHolds(chain, row, stated)) &&
  approvalHolds(chain, row);
