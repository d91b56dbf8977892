import { createHash } from 'node:crypto';
import type { HashStream } from '../ports/crypto.ts';

/** SHA-256 by Node's OpenSSL, which uses the processor's own instructions; shared by both implementations. */
export const nodeSha256Stream = (): HashStream => {
  const hash = createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => hash.digest(),
  };
};
