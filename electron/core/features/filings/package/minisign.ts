import type { Crypto, Random } from '../../../ports/index.ts';

/**
 * Signatures in the format of minisign: Ed25519 over BLAKE2b-512 of the file (`ED`), and a second one over
 * the first and the trusted comment. Each series of exports to one recipient has its own key, so that two
 * recipients cannot join their packages; the comments are fixed words, without time, name or file name.
 */
const KEY_ALGORITHM = 'Ed';
const HASHED_ALGORITHM = 'ED';
const UNTRUSTED_COMMENT = 'untrusted comment: ';
const TRUSTED_COMMENT = 'trusted comment: ';
export const SIGNATURE_COMMENTS = { untrusted: 'signature', trusted: 'resguardo-package-1' } as const;

/** Signing key of one recipient series. Kept in the vault; `secretKey` is 64 bytes and is zeroed by its owner. */
export interface SeriesKey {
  readonly publicKey: Buffer;
  readonly secretKey: Buffer;
}

export interface PublicKey {
  readonly keyId: Buffer;
  readonly publicKey: Buffer;
}

/** New key for a recipient series, from 32 random bytes (zeroed here after use). */
export const createSeriesKey = (crypto: Crypto, random: Random): SeriesKey => {
  const seed = random.bytes(32);
  try {
    return crypto.signSeedKeyPair(seed);
  } finally {
    crypto.zero(seed);
  }
};

/** First 8 bytes of BLAKE2b-512 of the public key: says nothing that the key itself does not. */
export const keyIdOf = (crypto: Crypto, publicKey: Uint8Array): Buffer =>
  Buffer.from(crypto.blake2b(64, [publicKey]).subarray(0, 8));

/** What is given to the recipient by another way: the one line that `minisign -P` takes. */
export const publicKeyLine = (crypto: Crypto, publicKey: Uint8Array): string =>
  Buffer.concat([Buffer.from(KEY_ALGORITHM, 'ascii'), keyIdOf(crypto, publicKey), publicKey]).toString(
    'base64',
  );

/** Text of a `minisign.pub` file. */
export const publicKeyFile = (crypto: Crypto, publicKey: Uint8Array): string =>
  `${UNTRUSTED_COMMENT}public key\n${publicKeyLine(crypto, publicKey)}\n`;

/** Short form for reading aloud and printing: SHA-256-free, the key line itself in groups of four. */
export const publicKeyForReading = (crypto: Crypto, publicKey: Uint8Array): string =>
  (publicKeyLine(crypto, publicKey).match(/.{1,4}/g) ?? []).join(' ');

const base64Line = (line: string | undefined, length: number): Buffer | null => {
  if (line === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(line)) return null;
  const bytes = Buffer.from(line, 'base64');
  return bytes.length === length && bytes.toString('base64') === line ? bytes : null;
};

/** Reads a public key: the file, or its second line alone. Null where it is none. */
export const parsePublicKey = (text: string): PublicKey | null => {
  if (text.length > 4_096) return null;
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith(UNTRUSTED_COMMENT.trim()));
  const bytes = lines.length === 1 ? base64Line(lines[0], 42) : null;
  if (bytes === null || bytes.toString('ascii', 0, 2) !== KEY_ALGORITHM) return null;
  return { keyId: Buffer.from(bytes.subarray(2, 10)), publicKey: Buffer.from(bytes.subarray(10)) };
};

/** Text of the `.minisig` file for `content`. */
export const sign = (crypto: Crypto, key: SeriesKey, content: Uint8Array): string => {
  const signature = crypto.sign(crypto.blake2b(64, [content]), key.secretKey);
  const comment = Buffer.from(SIGNATURE_COMMENTS.trusted, 'utf8');
  const over = crypto.sign(Buffer.concat([signature, comment]), key.secretKey);
  const line = Buffer.concat([
    Buffer.from(HASHED_ALGORITHM, 'ascii'),
    keyIdOf(crypto, key.publicKey),
    signature,
  ]).toString('base64');
  return [
    `${UNTRUSTED_COMMENT}${SIGNATURE_COMMENTS.untrusted}`,
    line,
    `${TRUSTED_COMMENT}${SIGNATURE_COMMENTS.trusted}`,
    over.toString('base64'),
    '',
  ].join('\n');
};

export type SignatureVerdict = 'valid' | 'invalid' | 'otherKey' | 'malformed';

/**
 * Checks a `.minisig` text against a key that was got by another way. `otherKey`: made with a key of
 * another number. Only prehashed signatures are taken, as only those are made.
 */
export const verifySignature = (
  crypto: Crypto,
  key: PublicKey,
  content: Uint8Array,
  signatureText: string,
): SignatureVerdict => {
  const lines = signatureText.split(/\r?\n/);
  if (signatureText.length > 4_096 || lines.length < 4 || lines.slice(4).some((line) => line !== ''))
    return 'malformed';
  const [untrusted = '', signatureLine, trusted = '', overLine] = lines;
  const bytes = base64Line(signatureLine, 74);
  const over = base64Line(overLine, 64);
  if (!untrusted.startsWith(UNTRUSTED_COMMENT) || !trusted.startsWith(TRUSTED_COMMENT)) return 'malformed';
  if (bytes === null || over === null) return 'malformed';
  if (bytes.toString('ascii', 0, 2) !== HASHED_ALGORITHM) return 'malformed';
  if (!bytes.subarray(2, 10).equals(key.keyId)) return 'otherKey';
  const signature = bytes.subarray(10);
  const comment = Buffer.from(trusted.slice(TRUSTED_COMMENT.length), 'utf8');
  const valid =
    crypto.verify(signature, crypto.blake2b(64, [content]), key.publicKey) &&
    crypto.verify(over, Buffer.concat([signature, comment]), key.publicKey);
  return valid ? 'valid' : 'invalid';
};
