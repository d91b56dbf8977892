import { KDF_BOUNDS } from '../../crypto/header.ts';
import type { Clock, Crypto, Random } from '../../ports/index.ts';

const MIB = 1024 * 1024;
const DEFAULT = { ops: 3, memBytes: 256 * MIB };
const MAX_MS = 1_000;
const MIN_MS = 500;

export interface KdfCost {
  readonly ops: number;
  readonly memBytes: number;
}

/**
 * Cost of one attempt on this computer: 256 MiB and 3 passes where that takes half a second to a second, more
 * passes on a faster one, less memory on a slower one, never below the floor.
 */
export const calibrate = async (crypto: Crypto, random: Random, clock: Clock): Promise<KdfCost> => {
  const began = clock.monotonic();
  const derived = await crypto.argon2id13(random.bytes(32), random.bytes(16), DEFAULT.ops, DEFAULT.memBytes);
  const tookMs = Math.max(1, clock.monotonic() - began);
  crypto.zero(derived);
  if (tookMs > MAX_MS) {
    const memBytes = Math.floor((DEFAULT.memBytes * MAX_MS) / tookMs / MIB) * MIB;
    return { ops: DEFAULT.ops, memBytes: Math.max(KDF_BOUNDS.minMemBytes, memBytes) };
  }
  if (tookMs < MIN_MS) {
    const ops = Math.ceil((DEFAULT.ops * MIN_MS) / tookMs);
    return { ops: Math.min(KDF_BOUNDS.maxOps, ops), memBytes: DEFAULT.memBytes };
  }
  return DEFAULT;
};
