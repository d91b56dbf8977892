import { expectLength } from './bytes.ts';

/** Argument checks that both implementations share, so that neither accepts what the other refuses. */

const CONTEXT = /^[A-Za-z0-9]{8}$/u;

/** `crypto_kdf` takes exactly 8 bytes of context; anything else would be padded or cut without a word. */
export const kdfContext = (context: string): Buffer => {
  if (!CONTEXT.test(context)) throw new RangeError('a context is 8 ASCII letters or digits');
  return Buffer.from(context, 'ascii');
};

/** Lengths of the Argon2id call. The bounds of a vault's parameters are the header's business. */
export const assertArgonInput = (
  passphrase: Uint8Array,
  salt: Uint8Array,
  ops: number,
  memBytes: number,
): void => {
  expectLength(salt, 16);
  if (passphrase.length === 0) throw new RangeError('empty passphrase');
  if (!Number.isInteger(ops) || ops < 1) throw new RangeError('ops');
  if (!Number.isInteger(memBytes) || memBytes < 8192 || memBytes % 1024 !== 0) throw new RangeError('mem');
};
