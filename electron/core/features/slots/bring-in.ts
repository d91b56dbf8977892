import { AppError, isAppError } from '#shared/errors.ts';
import type { Power } from '#shared/contract/define.ts';
import type { SlotFactor } from '#shared/contract/slots.ts';
import { deriveSlotKeys, type SlotKeys } from '../../crypto/key-hierarchy.ts';
import { sealSlot, type SecondFactor } from '../../crypto/slots.ts';
import type { CoreContext } from '../../context.ts';
import {
  currentHeader,
  insertRosterRow,
  putSlotDetail,
  readRoster,
  replaceHeader,
  retireNow,
  rosterChain,
  rosterRowHolds,
  signRosterRow,
  usedRecords,
  type OpenVault,
  type RosterRow,
  type RosterStatement,
  type SlotDetail,
  type StoredRosterRow,
} from '../vault/index.ts';
import { requireFreeName, requireRoom } from './slot-rules.ts';

/** A slot that was sealed and is not in the vault yet. Holds secret keys until it is brought in or wiped. */
export interface SealedSlot {
  readonly slotId: Buffer;
  readonly keys: SlotKeys;
  readonly record: Buffer;
  /** Generation of the master key inside; after a rotation the record is no longer good. */
  readonly generation: number;
}

/**
 * Draws a slot secret and seals the master key to it.
 *
 * @param accessKey Argon2id of the passphrase under the newest epoch, or the recovery secret; 32 bytes.
 */
export const sealNewSlot = (
  vault: OpenVault,
  parts: { readonly masterKey: Buffer; readonly accessKey: Buffer; readonly factor: SecondFactor },
): SealedSlot => {
  const { crypto, random } = vault.ports;
  const slotId = random.bytes(16);
  const slotSecret = random.bytes(32);
  crypto.lockMemory(slotSecret);
  let keys: SlotKeys | null = null;
  try {
    keys = deriveSlotKeys(crypto, slotSecret);
    const record = sealSlot(crypto, random, {
      vaultId: vault.vaultId,
      slotId,
      ...parts,
      slotSecret,
      generation: vault.generation,
      boxPublic: keys.boxPublic,
    });
    return { slotId, keys, record, generation: vault.generation };
  } catch (thrown) {
    keys?.wipe();
    throw thrown;
  } finally {
    crypto.zero(slotSecret);
  }
};

/** What is signed about a slot, as far as its maker decides it. */
export interface SlotFacts {
  readonly name: string;
  readonly powers: readonly Power[];
  readonly kind: RosterRow['kind'];
  readonly sealed: SealedSlot;
}

/** The statement that the session's slot signs. `addedAt`: ms since epoch. */
export const statementOf = (vault: OpenVault, slot: SlotFacts, addedAt: number): RosterStatement => ({
  id: slot.sealed.slotId.toString('hex'),
  name: slot.name,
  powers: [...slot.powers],
  kind: slot.kind,
  box_public: slot.sealed.keys.boxPublic,
  sign_public: slot.sealed.keys.signPublic,
  added_at: addedAt,
  signer: vault.slot.signPublic,
});

/** A second coordinator's public key and signature over `approvalDigest`. */
export interface Approval {
  readonly approver: Buffer;
  readonly approval: Buffer;
}

export interface NewSlot extends SlotFacts {
  readonly factor: SlotFactor;
  /** KDF epoch of the record; null for words and shares. */
  readonly epoch: number | null;
  /** The slot whose place it takes. */
  readonly replaces: RosterRow | null;
  /** Somebody else may know what opened the replaced slot. */
  readonly exposed: boolean;
  readonly shares?: { setId: Buffer; commitment: Buffer; needed: number; pages: number };
  /** The statement, where a second coordinator has signed it already. */
  readonly stated?: {
    readonly addedAt: number;
    /** Public key of the slot that signs: with another one it is another statement. */
    readonly signer: Buffer;
    readonly approval: Approval | null;
  };
  /** Signs for a second coordinator, whose passphrase is there now. */
  readonly approve?: ((statement: RosterStatement) => Approval) | null;
}

/**
 * Brings a slot in: entered in the roster and signed; put into the header, where in the same write the record that
 * it replaces goes; then the replaced row is retired. A crash after the first step leaves a row that nobody can open,
 * after the second one row too many; both are settled at the next unlocking. At no moment is there a header without
 * either the old record or the new one.
 *
 * @returns the new row. `sealed.keys` are still the caller's.
 * @throws AppError `call.notAllowed` where the row would not hold: whoever signs or approves lost what it takes; `slots.full`, `slots.nameTaken`, `vault.readOnly`, `vault.takenOver`, `disk.*`.
 */
export const bringIn = async (
  core: CoreContext,
  vault: OpenVault,
  method: string,
  slot: NewSlot,
): Promise<StoredRosterRow> => {
  const { crypto, clock } = vault.ports;
  const replaced = slot.replaces?.id ?? null;
  requireFreeName(vault, slot.name, replaced);
  requireRoom(vault, replaced);
  const statement = statementOf(vault, slot, slot.stated?.addedAt ?? clock.now());
  const { id } = statement;
  const row: StoredRosterRow = {
    ...statement,
    signature: signRosterRow(crypto, vault.vaultId, statement, vault.slot.signSecret),
    retired_at_seq: null,
  };
  const approval = slot.stated?.approval ?? slot.approve?.(statement) ?? null;
  enter(vault, method, row, {
    id,
    factor: slot.factor,
    epoch: slot.epoch,
    stated_at: vault.journal.head.position + 1,
    replaces: replaced,
    approver: approval?.approver ?? null,
    approval: approval?.approval ?? null,
    share_set: slot.shares?.setId ?? null,
    share_commitment: slot.shares?.commitment ?? null,
    share_needed: slot.shares?.needed ?? null,
    share_pages: slot.shares?.pages ?? null,
    exposed_in: null,
  });
  // A record under a row that does not hold would lock its owner out, and take the place of one that opens.
  if (!holdsNow(vault, id)) {
    takeBack(vault, id);
    throw new AppError('call.notAllowed');
  }
  await putRecord(vault, slot, id);
  if (slot.replaces !== null) endReplaced(vault, slot.replaces.id, slot.exposed);
  core.emit({ name: 'slots.changed', payload: {} });
  return row;
};

const holdsNow = (vault: OpenVault, id: string): boolean => {
  const chain = rosterChain(vault.ports.crypto, vault.vaultId, vault.db.connection);
  const row = chain.roster.find((one) => one.id === id);
  return row !== undefined && rosterRowHolds(chain, row);
};

const enter = (vault: OpenVault, method: string, row: StoredRosterRow, detail: SlotDetail): void => {
  vault.db.write(method, (tx) => {
    insertRosterRow(tx, row);
    putSlotDetail(tx, detail);
    tx.journal({
      table: 'roster',
      id: row.id,
      payload: {
        name: row.name,
        powers: row.powers,
        kind: row.kind,
        factor: detail.factor,
        replaces: detail.replaces,
      },
      children: ['slot_detail'],
    });
  });
};

/** The header with the new record; where that fails the row is taken back, unless the header did change. */
const putRecord = async (vault: OpenVault, slot: NewSlot, id: string): Promise<void> => {
  try {
    await replaceHeader(vault, (_header, used) => {
      const records = new Map(used);
      if (slot.replaces !== null) records.delete(slot.replaces.id);
      return { records: records.set(id, slot.sealed.record) };
    });
  } catch (thrown) {
    // A failed sync of the folder comes after the rename: what stands there now decides.
    const now = await currentHeader(vault).catch(() => null);
    if (now !== null && usedRecords(vault, now.body).has(id)) return;
    if (now !== null) takeBack(vault, id);
    throw thrown;
  }
};

/** The header has no record of it any more, so this no longer decides anything: what fails is settled later. */
const endReplaced = (vault: OpenVault, id: string, exposed: boolean): void => {
  try {
    retireNow(vault, id, 'slot.replaced', exposed);
  } catch (thrown) {
    const code = isAppError(thrown) ? thrown.code : 'call.internal';
    vault.ports.logger.write({ event: 'vault', name: 'slot.replaced', code });
  }
};

const takeBack = (vault: OpenVault, id: string): void => {
  try {
    retireNow(vault, id, 'slot.abandoned');
  } catch {
    // The first failure says more; the next unlocking retires a row without a record.
  }
};

/** The row of a slot as it stands, retired or not. */
export const rowOf = (vault: OpenVault, id: string): RosterRow | undefined =>
  readRoster(vault.db.connection).find((row) => row.id === id);
