import { createHash, timingSafeEqual } from 'node:crypto';
import type { Random } from '../../../ports/index.ts';

/**
 * Stands in an export for an original that stays behind. A bare hash would tell anyone who holds the same
 * file that it is in the case; this tells nothing until the 32 random bytes are handed over, which is done
 * when a court asks. Fresh for each package, so that two packages cannot be joined by it.
 */
const PREFIX = Buffer.from('RSG commit v1', 'ascii');

export interface Commitment {
  /** Hex, for the custody table. */
  readonly commitment: string;
  /** 32 bytes that stay in the ledger. */
  readonly opening: Buffer;
}

const compute = (opening: Uint8Array, sha256: Uint8Array): Buffer => {
  if (opening.length !== 32 || sha256.length !== 32) throw new RangeError('length of a commitment');
  return createHash('sha256').update(PREFIX).update(opening).update(sha256).digest();
};

/** `SHA-256("RSG commit v1" ‖ 32 random bytes ‖ SHA-256 of the original)`. `sha256`: the 32 raw bytes. */
export const commitTo = (sha256: Uint8Array, random: Random): Commitment => {
  const opening = random.bytes(32);
  return { commitment: compute(opening, sha256).toString('hex'), opening };
};

/** Whether a commitment (hex) was made to this hash with this opening. */
export const opensCommitment = (commitment: string, opening: Uint8Array, sha256: Uint8Array): boolean => {
  const given = Buffer.from(commitment, 'hex');
  return given.length === 32 && timingSafeEqual(given, compute(opening, sha256));
};

/** The command that opens it with `sha256sum` alone, for the paper that goes to a court. */
export const openingCommand = (opening: Uint8Array, sha256: Uint8Array): string => {
  const octal = [...Buffer.concat([PREFIX, opening, sha256])].map(
    (byte) => `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `printf '${octal.join('')}' | sha256sum`;
};
