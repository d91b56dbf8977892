import type { BridgeFailure, FileToken } from '#shared/contract/bridge.ts';
import type { SlotFactor } from '#shared/contract/slots.ts';
import { unlockHost } from '../../api/bridge.ts';

/** What stands in the fields of one person's passphrase. */
export interface TypedCredentials {
  readonly passphrase: string;
  readonly factor: SlotFactor;
  readonly keyFile: FileToken | null;
}
export const noCredentials: TypedCredentials = { passphrase: '', factor: 'none', keyFile: null };

export const isTyped = (typed: TypedCredentials): boolean =>
  typed.passphrase !== '' && (typed.factor !== 'keyFile' || typed.keyFile !== null);

export type Credentials = { passphrase: string; keyFile?: string; machine?: string };

/** What goes to the engine; a failure where this computer does not give its secret. */
export async function credentialsOf(
  typed: TypedCredentials,
): Promise<{ ok: true; value: Credentials } | { ok: false; error: BridgeFailure }> {
  const { passphrase } = typed;
  if (typed.factor === 'keyFile' && typed.keyFile !== null)
    return { ok: true, value: { passphrase, keyFile: typed.keyFile.id } };
  if (typed.factor !== 'machine') return { ok: true, value: { passphrase } };
  const token = await unlockHost().machineSecret();
  return token === null
    ? { ok: false, error: { code: 'slots.machineSecret' } }
    : { ok: true, value: { passphrase, machine: token.id } };
}
