import type { z } from 'zod';
import type { newCredentialsSchema, SlotFactor } from '#shared/contract/slots.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import type { HeaderBody } from '../../crypto/header.ts';
import { openSlots, type SecondFactor } from '../../crypto/slots.ts';
import type { CoreContext } from '../../context.ts';
import {
  currentHeader,
  deriveAccessKeys,
  requireStrongEnough,
  secondFactorOf,
  wipeFactor,
  type OpenVault,
} from '../vault/index.ts';

/** A new passphrase as it came from the window. */
export type Fresh = z.output<typeof newCredentialsSchema>;

/** A new passphrase ready to seal a slot with. */
export interface FreshAccess {
  /** Under the newest epoch, 32 bytes. */
  readonly accessKey: Buffer;
  readonly factor: SecondFactor;
  readonly epoch: number;
}

/** Records that these keys open: the same passphrase twice would make a header that nobody can use. */
const opensSomething = (
  vault: OpenVault,
  body: HeaderBody,
  accessKeys: readonly Buffer[],
  factor: SecondFactor,
): boolean => {
  const { crypto } = vault.ports;
  try {
    crypto.zero(openSlots(crypto, vault.vaultId, body.slots, accessKeys, factor).slotSecret);
    return true;
  } catch (thrown) {
    if (!isAppError(thrown)) throw thrown;
    return thrown.code !== 'vault.wrongPassphrase';
  }
};

/** What was asked for on the main screen and what came must be the same kind of slot. */
const requireFactor = (factor: SecondFactor, wanted: SlotFactor): void => {
  if (factor.kind !== wanted) throw new AppError('call.invalidInput', { field: 'fresh' });
};

/**
 * Refuses a weak passphrase before anything is tried, so that the window may stay.
 *
 * @throws AppError `vault.passphraseTooWeak`, `slots.keyFileSize`, `slots.keyFileEditable`, `slots.machineSecret`,
 *   `call.invalidInput`.
 */
export const lookAtFresh = async (core: CoreContext, fresh: Fresh, wanted: SlotFactor): Promise<void> => {
  await requireStrongEnough(fresh.passphrase);
  const factor = await secondFactorOf(core, fresh, fresh.editableKeyFile);
  wipeFactor(core, factor);
  requireFactor(factor, wanted);
};

/**
 * Derives a new passphrase under every live epoch, refuses one that opens a slot already, runs `work`, wipes.
 *
 * @throws AppError `slots.passphraseTaken`, `vault.passphraseLength`, and whatever `work` throws.
 */
export const withFresh = async <T>(
  core: CoreContext,
  vault: OpenVault,
  fresh: Fresh,
  work: (access: FreshAccess) => Promise<T>,
): Promise<T> => {
  const { crypto } = vault.ports;
  const { body } = await currentHeader(vault);
  const newestFirst = [...body.epochs].reverse();
  // First: a key file that is out of reach now must not leave derived keys behind.
  const factor = await secondFactorOf(core, fresh);
  let accessKeys: readonly Buffer[] = [];
  try {
    accessKeys = await deriveAccessKeys(crypto, newestFirst, fresh.passphrase);
    const [accessKey] = accessKeys;
    const [newest] = newestFirst;
    if (accessKey === undefined || newest === undefined) throw new AppError('vault.headerDamaged');
    if (opensSomething(vault, body, accessKeys, factor)) throw new AppError('slots.passphraseTaken');
    return await work({ accessKey, factor, epoch: newest.n });
  } finally {
    crypto.zero(...accessKeys);
    wipeFactor(core, factor);
  }
};
