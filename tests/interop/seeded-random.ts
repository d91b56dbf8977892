import { createHash } from 'node:crypto';
import type { Random } from '../../electron/core/ports/index.ts';

/** Random bytes that are the same in every run: a counter through SHA-256, seeded by a word. */
export const seededRandom = (seed: string): Random => {
  let counter = 0;
  return {
    bytes(count) {
      const out = Buffer.alloc(count);
      for (let at = 0; at < count; at += 32) {
        createHash('sha256')
          .update(`${seed}:${String(counter)}`)
          .digest()
          .copy(out, at);
        counter += 1;
      }
      return out;
    },
  };
};
