import { randomFillSync } from 'node:crypto';
import type { Random } from '../random.ts';

/** The system's own generator, into memory that is not shared with anything. */
export const createNodeRandom = (): Random => ({
  bytes: (count) => randomFillSync(Buffer.allocUnsafeSlow(count)),
});
