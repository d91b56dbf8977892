import { createHmac } from 'node:crypto';
import type { Random } from '../../ports/index.ts';

/**
 * Bytes that follow from a seed: numbering, order and file ids of one export are drawn from it, so that the
 * build at release gives the very bytes that were checked. The seed is random and never leaves the vault.
 */
export const seededRandom = (seedHex: string, use: string): Random => {
  const seed = Buffer.from(seedHex, 'hex');
  let counter = 0;
  let left = Buffer.alloc(0);
  return {
    bytes(count) {
      const out = Buffer.allocUnsafeSlow(count);
      let filled = 0;
      while (filled < count) {
        if (left.length === 0) {
          left = createHmac('sha256', seed)
            .update(`${use} ${String(counter)}`)
            .digest();
          counter += 1;
        }
        const take = Math.min(left.length, count - filled);
        left.copy(out, filled, 0, take);
        left = left.subarray(take);
        filled += take;
      }
      return out;
    },
  };
};
