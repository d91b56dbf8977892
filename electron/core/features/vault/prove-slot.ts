import { AppError, isAppError } from '#shared/errors.ts';
import type { Power } from '#shared/contract/define.ts';
import { parseHeader } from '../../crypto/header.ts';
import type { CoreContext, SlotProof } from '../../context.ts';
import { requireUntampered } from '../../journal/index.ts';
import { accessWay, wipeWay, type TypedCredentials } from './access-way.ts';
import { slowed } from './attempts.ts';
import { currentHeader } from './header-change.ts';
import { openHeader, type OpenedHeader } from './open-header.ts';
import type { OpenVault } from './open-vault.ts';
import { ofOnePerson, readRoster, type RosterRow } from './roster.ts';
import { rosterChain, rosterRowHolds } from './roster-chain.ts';
import { readHeaderFile } from './vault-files.ts';

/** A proof, and what it was made from. */
export interface ProvenSlot extends SlotProof {
  readonly row: RosterRow;
  readonly opened: OpenedHeader;
}

/** The row of a slot, from the roster as it stands, believed as at unlocking. Errors: `vault.rosterDamaged`. */
const believedRow = (vault: OpenVault, opened: OpenedHeader): RosterRow => {
  const { crypto } = vault.ports;
  const chain = rosterChain(crypto, vault.vaultId, vault.db.connection);
  const row = chain.roster.find((candidate) => candidate.id === opened.slotId);
  const holds =
    row !== undefined &&
    row.retired_at_seq === null &&
    row.box_public.equals(opened.slot.boxPublic) &&
    row.sign_public.equals(opened.slot.signPublic) &&
    rosterRowHolds(chain, row);
  if (!holds) throw new AppError('vault.rosterDamaged');
  try {
    requireUntampered({ crypto, vaultId: vault.vaultId, db: vault.db }, vault.db.connection, 'roster', [
      row.id,
    ]);
  } catch (thrown) {
    if (isAppError(thrown) && thrown.code === 'vault.rowTampered') throw new AppError('vault.rosterDamaged');
    throw thrown;
  }
  return row;
};

/**
 * Tries a passphrase (or words, or pages) against the open vault: whose slot it is, with that person's keys and the master key, which a
 * session does not keep. Slowed as unlocking is. The caller calls `wipe` in a `finally`.
 *
 * @throws AppError `vault.slowDown`, `vault.wrongPassphrase`, `vault.wrongFactors`, `vault.passphraseLength`,
 *   `vault.rosterDamaged`, `vault.headerMismatch`, `slots.keyFileSize`, `slots.machineSecret`, `disk.*`.
 */
export const proveSlot = (
  core: CoreContext,
  vault: OpenVault,
  typed: TypedCredentials,
): Promise<ProvenSlot> =>
  slowed(core, async () => {
    const { crypto, disk } = vault.ports;
    const header = await currentHeader(vault);
    const unverified = parseHeader(await readHeaderFile(disk, vault.folder));
    const way = await accessWay(core, typed);
    let opened: OpenedHeader;
    try {
      opened = await openHeader(crypto, unverified, way);
    } finally {
      wipeWay(core, way);
    }
    try {
      if (!opened.header.hash.equals(header.hash)) throw new AppError('vault.headerMismatch');
      const row = believedRow(vault, opened);
      return {
        slotId: row.id,
        name: row.name,
        powers: row.powers,
        keys: opened.slot,
        slotSecret: opened.slotSecret,
        masterKey: opened.masterKey,
        row,
        opened,
        wipe: opened.wipe,
      };
    } catch (thrown) {
      opened.wipe();
      throw thrown;
    }
  });

/** As `proveSlot`, for the person whose session it is. Errors: also `slots.otherPerson`. */
export const proveOwn = async (
  core: CoreContext,
  vault: OpenVault,
  typed: TypedCredentials,
): Promise<ProvenSlot> => {
  const proof = await proveSlot(core, vault, typed);
  if (proof.slotId === vault.actor.slotId) return proof;
  proof.wipe();
  throw new AppError('slots.otherPerson');
};

/**
 * As `proveSlot`, for somebody else who holds a power: a second person. Two slots that were given to one person
 * side by side are not seen; one that took the place of another is. Words and pages are nobody's: whoever finds the
 * paper would count as a person. Errors: also `slots.secondPersonSame`, `approval.notAPerson`, `call.notAllowed`.
 */
export const proveOther = async (
  core: CoreContext,
  vault: OpenVault,
  typed: TypedCredentials,
  power: Power,
): Promise<ProvenSlot> => {
  const proof = await proveSlot(core, vault, typed);
  const same = ofOnePerson(readRoster(vault.db.connection), proof.slotId, vault.actor.slotId);
  const person = proof.row.kind === 'passphrase';
  if (!same && person && proof.powers.includes(power)) return proof;
  proof.wipe();
  if (same) throw new AppError('slots.secondPersonSame');
  throw new AppError(person ? 'call.notAllowed' : 'approval.notAPerson');
};
