import type { Crypto } from '../ports/crypto.ts';
import { label } from './bytes.ts';

/**
 * Every use of `crypto_kdf` in the product. A context and number are used for one purpose only: two
 * purposes with one pair would share a key. A test keeps the pairs unique.
 *
 * Nothing that signs is derived from the master key: every colleague holds that one, so a signature made
 * with it would prove nothing about who signed. Signing keys come from the slot secret of one person.
 */
export const DERIVATIONS = {
  header: { context: 'RSGmast1', id: 1 },
  database: { context: 'RSGmast1', id: 2 },
  wrap: { context: 'RSGmast1', id: 3 },
  anchor: { context: 'RSGmast1', id: 4 },
  note: { context: 'RSGmast1', id: 5 },
  backup: { context: 'RSGmast1', id: 6 },
  slotBox: { context: 'RSGslot1', id: 1 },
  slotSign: { context: 'RSGslot1', id: 2 },
} as const;

export type VaultKeyName = 'header' | 'database' | 'wrap' | 'anchor' | 'note' | 'backup';

/** The six keys that one generation of the master key gives; 32 bytes each. */
export type VaultKeys = Readonly<Record<VaultKeyName, Buffer>> & {
  /** Overwrites all six. */
  readonly wipe: () => void;
};

/** The two key pairs of a slot. `signSecret` is 64 bytes, the others 32. */
export interface SlotKeys {
  readonly boxPublic: Buffer;
  readonly boxSecret: Buffer;
  readonly signPublic: Buffer;
  readonly signSecret: Buffer;
  /** Overwrites the two secret ones. */
  readonly wipe: () => void;
}

const derive = (crypto: Crypto, key: Uint8Array, name: keyof typeof DERIVATIONS): Buffer => {
  const { context, id } = DERIVATIONS[name];
  const derived = crypto.deriveKey(key, id, context);
  crypto.lockMemory(derived);
  return derived;
};

/** Takes the 32-byte master key (which the caller wipes); gives the keys of its generation. */
export const deriveVaultKeys = (crypto: Crypto, masterKey: Uint8Array): VaultKeys => {
  const keys = {
    header: derive(crypto, masterKey, 'header'),
    database: derive(crypto, masterKey, 'database'),
    wrap: derive(crypto, masterKey, 'wrap'),
    anchor: derive(crypto, masterKey, 'anchor'),
    note: derive(crypto, masterKey, 'note'),
    backup: derive(crypto, masterKey, 'backup'),
  };
  return { ...keys, wipe: () => crypto.zero(...Object.values(keys)) };
};

/** Takes the 32-byte slot secret (which the caller wipes); gives the person's key pairs. */
export const deriveSlotKeys = (crypto: Crypto, slotSecret: Uint8Array): SlotKeys => {
  const boxSeed = derive(crypto, slotSecret, 'slotBox');
  const signSeed = derive(crypto, slotSecret, 'slotSign');
  const box = crypto.boxSeedKeyPair(boxSeed);
  const sign = crypto.signSeedKeyPair(signSeed);
  crypto.zero(boxSeed, signSeed);
  crypto.lockMemory(box.secretKey);
  crypto.lockMemory(sign.secretKey);
  return {
    boxPublic: box.publicKey,
    boxSecret: box.secretKey,
    signPublic: sign.publicKey,
    signSecret: sign.secretKey,
    wipe: () => crypto.zero(box.secretKey, sign.secretKey),
  };
};

/** Raw key of one backup snapshot, from the backup key and the snapshot's 16-byte id. */
export const deriveSnapshotKey = (crypto: Crypto, backupKey: Uint8Array, snapshotId: Uint8Array): Buffer =>
  crypto.blake2b(32, [label('RSG snapshot v1'), snapshotId], backupKey);
