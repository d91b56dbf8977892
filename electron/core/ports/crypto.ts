/**
 * The primitives that the formats are made of, and nothing else. Two implementations stand behind it:
 * the native library, and a portable one for computers where the native file cannot load; every vector
 * of the tests runs on both.
 *
 * Wrong lengths throw a `RangeError`: they are mistakes of the caller, never of an input. What an
 * attacker can cause (a wrong tag, a wrong signature, a seal for someone else) is a return value.
 * Buffers that are given back own their memory (never the shared pool), so that they can be wiped.
 */
export interface Crypto {
  readonly implementation: 'native' | 'portable';

  /** BLAKE2b of the parts as if joined; `length` 16-64 bytes; `key` 16-64 bytes or none. */
  blake2b(length: number, parts: readonly Uint8Array[], key?: Uint8Array): Buffer;
  /** The same, fed piece by piece. */
  blake2bStream(length: number, key?: Uint8Array): HashStream;
  /** SHA-256, fed piece by piece. */
  sha256Stream(): HashStream;
  /** `crypto_kdf`: 32 bytes from a 32-byte key, a number and a context of exactly 8 ASCII characters. */
  deriveKey(key: Uint8Array, id: number, context: string): Buffer;
  /** Argon2id version 1.3, 32 bytes out. `salt` 16 bytes, `memBytes` a multiple of 1024. Does not block the loop where it can. */
  argon2id13(passphrase: Uint8Array, salt: Uint8Array, ops: number, memBytes: number): Promise<Buffer>;

  /** XChaCha20-Poly1305-IETF into `out`, which is 16 bytes longer than `message`. Nonce 24, key 32. */
  aeadEncrypt(out: Buffer, message: Uint8Array, ad: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  /** Into `out`, 16 bytes shorter than `sealed`. False, and nothing of use in `out`, where the tag does not fit. */
  aeadDecrypt(out: Buffer, sealed: Uint8Array, ad: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;

  /** X25519 pair from a 32-byte seed. */
  boxSeedKeyPair(seed: Uint8Array): KeyPair;
  /** Anonymous seal to a public key; 48 bytes longer than the message. */
  boxSeal(message: Uint8Array, publicKey: Uint8Array): Buffer;
  /** Null where the seal is damaged or for another key. */
  boxSealOpen(sealed: Uint8Array, pair: KeyPair): Buffer | null;

  /** Ed25519 pair from a 32-byte seed; the secret key is 64 bytes. */
  signSeedKeyPair(seed: Uint8Array): KeyPair;
  /** Detached Ed25519 signature, 64 bytes. */
  sign(message: Uint8Array, secretKey: Uint8Array): Buffer;
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;

  /** Constant time for equal lengths; false for different ones. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
  /** Overwrites in a way that no optimiser removes. */
  zero(...buffers: readonly Uint8Array[]): void;
  /** Asks the system to keep these pages out of swap; false where it will not. */
  lockMemory(buffer: Uint8Array): boolean;
}

export interface HashStream {
  update(bytes: Uint8Array): void;
  /** Ends the stream; it cannot be used afterwards. */
  digest(): Buffer;
}

export interface KeyPair {
  readonly publicKey: Buffer;
  readonly secretKey: Buffer;
}
