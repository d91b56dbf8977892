import { AppError } from '#shared/errors.ts';
import { secretCopy } from './bytes.ts';
import { hasLoneSurrogate } from './surrogates.ts';

const MAX_BYTES = 1024;
const UNICODE_SPACES = /\p{Zs}/gu;

/**
 * The bytes that a typed passphrase stands for, by the OpaqueString profile of RFC 8265: every Unicode
 * space becomes U+0020, then NFC; letters keep their case and nothing is trimmed. Keyboards and systems
 * write `ñ` and the space in several ways, and a vault made on one must open on the other.
 *
 * Throws `vault.passphraseLength` for fewer than 1 or more than 1024 bytes of UTF-8, and for text with half
 * a surrogate pair, which has no bytes of its own. The caller wipes the buffer.
 */
export const normalisePassphrase = (text: string): Buffer => {
  // Far longer than any passphrase: refused before work is spent on it.
  if (text.length > MAX_BYTES * 4 || hasLoneSurrogate(text)) throw new AppError('vault.passphraseLength');
  const encoded = new TextEncoder().encode(text.replace(UNICODE_SPACES, ' ').normalize('NFC'));
  const bytes = secretCopy(encoded);
  encoded.fill(0);
  if (bytes.length < 1 || bytes.length > MAX_BYTES) {
    bytes.fill(0);
    throw new AppError('vault.passphraseLength');
  }
  return bytes;
};
