import type { Crypto } from '../../ports/crypto.ts';
import type { Random } from '../../ports/random.ts';
import { deriveSlotKeys } from '../key-hierarchy.ts';
import { sealSlot, type SecondFactor } from '../slots.ts';
import { sequence } from './sequence.ts';

/** A slot of its own, with everything that belongs to it. */
export const madeSlot = (
  crypto: Crypto,
  random: Random,
  vaultId: Buffer,
  accessKey: Buffer,
  factor: SecondFactor = { kind: 'none' },
) => {
  const slotSecret = random.bytes(32);
  const keys = deriveSlotKeys(crypto, slotSecret);
  const masterKey = sequence(0x80, 32);
  const record = sealSlot(crypto, random, {
    vaultId,
    slotId: random.bytes(16),
    accessKey,
    factor,
    slotSecret,
    generation: 1,
    masterKey,
    boxPublic: keys.boxPublic,
  });
  return { record, slotSecret, keys, masterKey };
};
