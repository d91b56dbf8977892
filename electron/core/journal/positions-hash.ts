import { label, u64 } from '../crypto/bytes.ts';
import type { Crypto } from '../ports/crypto.ts';

/**
 * Binds the list of journal entries that one erasure emptied: 32 bytes over the label, the count and each position
 * (u64, ascending). It stands in the erasure's audited row, so that nobody can slip another entry in later.
 */
export const positionsHash = (crypto: Crypto, positions: readonly number[]): Buffer =>
  crypto.blake2b(32, [label('RSG erased v1'), u64(positions.length), ...positions.map((at) => u64(at))]);
