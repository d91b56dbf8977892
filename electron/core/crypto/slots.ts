import { AppError } from '#shared/errors.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Random } from '../ports/random.ts';
import { expectLength, label, secretBuffer, secretJoin, u32 } from './bytes.ts';

/** Every header has this many records; unused ones are random, so it shows neither how many people nor of which kind. */
export const SLOT_COUNT = 16;
/** slot id 16, nonce 24, sealed slot secret 48, sealed master key 84. */
export const SLOT_BYTES = 172;
const NONCE_AT = 16;
const SECRET_AT = 40;
const MASTER_AT = 88;

/** What a person gives besides the passphrase. `hash` and `secret` are 32 bytes. */
export type SecondFactor =
  | { readonly kind: 'none' }
  | { readonly kind: 'keyFile'; readonly hash: Buffer }
  | { readonly kind: 'machine'; readonly secret: Buffer };

/** The byte form of a second factor that goes into the key of a slot. */
export const secondFactorBytes = (factor: SecondFactor): Buffer => {
  switch (factor.kind) {
    case 'none':
      return secretJoin([Buffer.of(0)]);
    case 'keyFile':
      expectLength(factor.hash, 32);
      return secretJoin([Buffer.of(1), factor.hash]);
    case 'machine':
      expectLength(factor.secret, 32);
      return secretJoin([Buffer.of(2), factor.secret]);
  }
};

/** Key that seals a slot secret. `accessKey`: Argon2id of the passphrase, or the recovery secret itself. */
export const slotKek = (
  crypto: Crypto,
  accessKey: Uint8Array,
  vaultId: Uint8Array,
  slotId: Uint8Array,
  factor: SecondFactor,
): Buffer => {
  expectLength(accessKey, 32);
  expectLength(vaultId, 16);
  expectLength(slotId, 16);
  const factorBytes = secondFactorBytes(factor);
  const kek = crypto.blake2b(32, [label('RSG slot kek v1'), vaultId, slotId, factorBytes], accessKey);
  crypto.zero(factorBytes);
  return kek;
};

const secretAd = (vaultId: Uint8Array, slotId: Uint8Array): Buffer =>
  Buffer.concat([label('RSG slot v1'), vaultId, slotId]);

const sealMaster = (
  crypto: Crypto,
  generation: number,
  masterKey: Uint8Array,
  boxPublic: Uint8Array,
): Buffer => {
  expectLength(masterKey, 32);
  const message = secretJoin([u32(generation), masterKey]);
  const sealed = crypto.boxSeal(message, boxPublic);
  crypto.zero(message);
  return sealed;
};

export interface SlotContent {
  readonly vaultId: Buffer;
  /** 16 random bytes, new for every new slot secret. */
  readonly slotId: Buffer;
  readonly accessKey: Buffer;
  readonly factor: SecondFactor;
  readonly slotSecret: Buffer;
  readonly generation: number;
  readonly masterKey: Buffer;
  /** X25519 public key that belongs to `slotSecret`. */
  readonly boxPublic: Buffer;
}

/** A new 172-byte record. */
export const sealSlot = (crypto: Crypto, random: Random, content: SlotContent): Buffer => {
  expectLength(content.slotSecret, 32);
  const kek = slotKek(crypto, content.accessKey, content.vaultId, content.slotId, content.factor);
  const nonce = random.bytes(24);
  const sealedSecret = secretBuffer(48);
  const ad = secretAd(content.vaultId, content.slotId);
  crypto.aeadEncrypt(sealedSecret, content.slotSecret, ad, nonce, kek);
  crypto.zero(kek);
  return Buffer.concat([
    content.slotId,
    nonce,
    sealedSecret,
    sealMaster(crypto, content.generation, content.masterKey, content.boxPublic),
  ]);
};

/**
 * The same slot with another master key inside, for rotation: needs the slot's public key only, so nobody
 * but the coordinator has to be there, and words and shares on paper stay valid.
 */
export const resealSlot = (
  crypto: Crypto,
  record: Buffer,
  generation: number,
  masterKey: Uint8Array,
  boxPublic: Uint8Array,
): Buffer => {
  expectLength(record, SLOT_BYTES);
  return Buffer.concat([record.subarray(0, MASTER_AT), sealMaster(crypto, generation, masterKey, boxPublic)]);
};

/** A record that nothing opens, indistinguishable from a used one. */
export const unusedSlot = (random: Random): Buffer => random.bytes(SLOT_BYTES);

/** Id of a record; of an unused one it is just random. */
export const slotIdOf = (record: Buffer): Buffer => Buffer.from(record.subarray(0, NONCE_AT));

export interface OpenedSlot {
  readonly slotId: Buffer;
  /** Place among the 16 records; changes with every header write. */
  readonly index: number;
  /** Which of the access keys fitted: place in the list as given. */
  readonly accessKeyIndex: number;
  readonly slotSecret: Buffer;
  /** Sealed master key, opened with `openMaster` once the slot's key pair is derived. */
  readonly sealedMaster: Buffer;
}

/**
 * Tries all records with all access keys, always to the end: how long an attempt takes says nothing about
 * whether, or where, it fitted. `accessKeys`: one for each KDF epoch, newest first, or the recovery secret.
 * Throws `vault.wrongPassphrase` where nothing fits (a wrong key file looks the same on purpose) and
 * `vault.headerDamaged` where more than one record opens, which no header of ours does.
 */
export const openSlots = (
  crypto: Crypto,
  vaultId: Buffer,
  records: readonly Buffer[],
  accessKeys: readonly Buffer[],
  factor: SecondFactor,
): OpenedSlot => {
  let opened: OpenedSlot | null = null;
  let count = 0;
  const trial = secretBuffer(32);
  accessKeys.forEach((accessKey, accessKeyIndex) => {
    records.forEach((record, index) => {
      expectLength(record, SLOT_BYTES);
      const slotId = slotIdOf(record);
      const kek = slotKek(crypto, accessKey, vaultId, slotId, factor);
      const nonce = record.subarray(NONCE_AT, SECRET_AT);
      const sealed = record.subarray(SECRET_AT, MASTER_AT);
      if (crypto.aeadDecrypt(trial, sealed, secretAd(vaultId, slotId), nonce, kek)) {
        count += 1;
        if (opened !== null) crypto.zero(opened.slotSecret);
        const slotSecret = secretBuffer(32);
        crypto.lockMemory(slotSecret);
        trial.copy(slotSecret);
        opened = {
          slotId,
          index,
          accessKeyIndex,
          slotSecret,
          sealedMaster: Buffer.from(record.subarray(MASTER_AT)),
        };
      }
      crypto.zero(kek);
    });
  });
  crypto.zero(trial);
  // The compiler does not see assignments inside callbacks.
  const result = opened as OpenedSlot | null;
  if (result === null) throw new AppError('vault.wrongPassphrase');
  if (count > 1) {
    crypto.zero(result.slotSecret);
    throw new AppError('vault.headerDamaged');
  }
  return result;
};

/**
 * Opens the sealed master key with the slot's X25519 pair. `generation` is to be compared with the
 * header's once its MAC has verified. Throws `vault.headerDamaged`.
 */
export const openMaster = (
  crypto: Crypto,
  sealedMaster: Buffer,
  pair: { readonly boxPublic: Buffer; readonly boxSecret: Buffer },
): { readonly generation: number; readonly masterKey: Buffer } => {
  const message = crypto.boxSealOpen(sealedMaster, { publicKey: pair.boxPublic, secretKey: pair.boxSecret });
  if (message === null || message.length !== 36) throw new AppError('vault.headerDamaged');
  const masterKey = secretBuffer(32);
  crypto.lockMemory(masterKey);
  message.copy(masterKey, 0, 4);
  const generation = message.readUInt32BE(0);
  crypto.zero(message);
  return { generation, masterKey };
};

/** A number from 0 to `bound - 1`, each equally likely; `bound` up to 256. */
const below = (random: Random, bound: number): number => {
  const limit = 256 - (256 % bound);
  for (;;) {
    for (const byte of random.bytes(32)) if (byte < limit) return byte % bound;
  }
};

/** A new list in random order (Fisher-Yates), so that places in a header say nothing about who came first. */
export const shuffled = <T>(random: Random, items: readonly T[]): T[] => {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = below(random, i + 1);
    const a = list[i] as T;
    list[i] = list[j] as T;
    list[j] = a;
  }
  return list;
};

/** Fills up to 16 records with unused ones and shuffles. Throws a `RangeError` for more than 16. */
export const arrangeSlots = (random: Random, used: readonly Buffer[]): Buffer[] => {
  if (used.length > SLOT_COUNT) throw new RangeError('too many slots');
  const unused = Array.from({ length: SLOT_COUNT - used.length }, () => unusedSlot(random));
  return shuffled(random, [...used, ...unused]);
};
