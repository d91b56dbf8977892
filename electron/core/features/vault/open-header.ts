import { AppError, isAppError } from '#shared/errors.ts';
import type { KdfEpoch, UnverifiedHeader, VerifiedHeader } from '../../crypto/header.ts';
import {
  deriveSlotKeys,
  deriveVaultKeys,
  type SlotKeys,
  type VaultKeys,
} from '../../crypto/key-hierarchy.ts';
import { normalisePassphrase } from '../../crypto/passphrase.ts';
import { openMaster, openSlots, type OpenedSlot, type SecondFactor } from '../../crypto/slots.ts';
import type { Crypto } from '../../ports/index.ts';
import { passphraseRefusal, type AccessWay } from './access-way.ts';

/** A header that somebody opened. Holds secrets; whoever does not hand them on wipes them. */
export interface OpenedHeader {
  readonly header: VerifiedHeader;
  readonly keys: VaultKeys;
  readonly slot: SlotKeys;
  readonly slotId: string;
  readonly slotSecret: Buffer;
  readonly masterKey: Buffer;
  /** Derived keys of the passphrase, one for each epoch, newest first; empty for words and shares. */
  readonly accessKeys: readonly Buffer[];
  /** The epoch whose key fitted; null for words and shares. */
  readonly epoch: KdfEpoch | null;
  /** Wipes slot secret, master key and derived keys, which a session does not keep. */
  wipeTransient(): void;
  /** Wipes everything. */
  wipe(): void;
}

/** One derivation for each epoch, newest first. The caller wipes them. */
export const deriveAccessKeys = async (
  crypto: Crypto,
  epochs: readonly KdfEpoch[],
  typed: string,
): Promise<Buffer[]> => {
  const passphrase = normalisePassphrase(typed);
  const keys: Buffer[] = [];
  try {
    for (const epoch of epochs) {
      keys.push(await crypto.argon2id13(passphrase, epoch.salt, epoch.ops, epoch.memBytes));
    }
    return keys;
  } catch (thrown) {
    crypto.zero(...keys);
    throw thrown;
  } finally {
    crypto.zero(passphrase);
  }
};

const NO_FACTOR: SecondFactor = { kind: 'none' };

const tryRecords = (
  crypto: Crypto,
  unverified: UnverifiedHeader,
  way: AccessWay,
  accessKeys: readonly Buffer[],
): OpenedSlot => {
  const factor = way.kind === 'passphrase' ? way.factor : NO_FACTOR;
  const keys = way.kind === 'passphrase' ? accessKeys : distinct(way.secrets);
  try {
    return openSlots(crypto, unverified.id, unverified.slots, keys, factor);
  } catch (thrown) {
    if (!isAppError(thrown) || thrown.code !== 'vault.wrongPassphrase') throw thrown;
    throw new AppError(way.kind === 'passphrase' ? passphraseRefusal(factor) : way.refusal);
  }
};

/** Several choices of pages give the same secret; tried twice it would look like two slots. */
const distinct = (secrets: readonly Buffer[]): Buffer[] =>
  secrets.filter((secret, index) => secrets.findIndex((other) => other.equals(secret)) === index);

/**
 * One derivation for each epoch (none for words and shares), all records with each, then seal, generation and MAC.
 *
 * @throws AppError `vault.passphraseLength`, `vault.wrongPassphrase`, `vault.wrongFactors`,
 *   `recovery.wordsDoNotOpen`, `recovery.pagesDoNotFit`, `vault.headerDamaged`, `vault.newerFormat`.
 */
export const openHeader = async (
  crypto: Crypto,
  unverified: UnverifiedHeader,
  way: AccessWay,
): Promise<OpenedHeader> => {
  const accessKeys =
    way.kind === 'passphrase' ? await deriveAccessKeys(crypto, unverified.epochs, way.passphrase) : [];
  let opened: OpenedSlot;
  try {
    opened = tryRecords(crypto, unverified, way, accessKeys);
  } catch (thrown) {
    crypto.zero(...accessKeys);
    throw thrown;
  }
  let slot: SlotKeys;
  try {
    slot = deriveSlotKeys(crypto, opened.slotSecret);
  } catch (thrown) {
    crypto.zero(opened.slotSecret, ...accessKeys);
    throw thrown;
  }
  let masterKey: Buffer | null = null;
  let keys: VaultKeys | null = null;
  try {
    const master = openMaster(crypto, opened.sealedMaster, slot);
    masterKey = master.masterKey;
    keys = deriveVaultKeys(crypto, masterKey);
    const header = unverified.verify(crypto, keys.header);
    if (header.body.generation !== master.generation) throw new AppError('vault.headerDamaged');
    const held = { keys, masterKey };
    const wipeTransient = (): void => {
      crypto.zero(opened.slotSecret, held.masterKey, ...accessKeys);
    };
    return {
      header,
      keys,
      slot,
      slotId: opened.slotId.toString('hex'),
      slotSecret: opened.slotSecret,
      masterKey,
      accessKeys,
      epoch: way.kind === 'passphrase' ? (unverified.epochs[opened.accessKeyIndex] ?? null) : null,
      wipeTransient,
      wipe: () => {
        wipeTransient();
        held.keys.wipe();
        slot.wipe();
      },
    };
  } catch (thrown) {
    keys?.wipe();
    slot.wipe();
    crypto.zero(opened.slotSecret, ...accessKeys);
    if (masterKey !== null) crypto.zero(masterKey);
    throw thrown;
  }
};
