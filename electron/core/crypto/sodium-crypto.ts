import sodium from 'sodium-native';
import type { Crypto, HashStream } from '../ports/crypto.ts';
import { expectLength, secretBuffer } from './bytes.ts';
import { assertArgonInput, kdfContext } from './crypto-arguments.ts';
import { nodeSha256Stream } from './node-sha256.ts';

// `sodium_malloc` is never used: it hands out external buffers, which Electron forbids.

class NativeBlake2b implements HashStream {
  readonly #state = secretBuffer(sodium.crypto_generichash_STATEBYTES);
  readonly #length: number;

  constructor(length: number, key: Uint8Array | undefined) {
    this.#length = length;
    sodium.crypto_generichash_init(this.#state, key ?? null, length);
  }

  update(bytes: Uint8Array): void {
    sodium.crypto_generichash_update(this.#state, bytes);
  }

  digest(): Buffer {
    const out = secretBuffer(this.#length);
    sodium.crypto_generichash_final(this.#state, out);
    sodium.sodium_memzero(this.#state);
    return out;
  }
}

/** The primitives on `sodium-native`. Throws where the native file cannot load. */
export const createSodiumCrypto = (): Crypto => ({
  implementation: 'native',

  blake2b(length, parts, key) {
    if (length < 16 || length > 64) throw new RangeError('length of a BLAKE2b hash');
    const out = secretBuffer(length);
    const only = parts.length === 1 ? parts[0] : undefined;
    if (only !== undefined) sodium.crypto_generichash(out, only, key);
    else sodium.crypto_generichash_batch(out, parts, key);
    return out;
  },
  blake2bStream: (length, key) => new NativeBlake2b(length, key),
  sha256Stream: nodeSha256Stream,
  deriveKey(key, id, context) {
    expectLength(key, 32);
    const out = secretBuffer(32);
    sodium.crypto_kdf_derive_from_key(out, id, kdfContext(context), key);
    return out;
  },
  async argon2id13(passphrase, salt, ops, memBytes) {
    assertArgonInput(passphrase, salt, ops, memBytes);
    const out = secretBuffer(32);
    await sodium.crypto_pwhash_async(
      out,
      passphrase,
      salt,
      ops,
      memBytes,
      sodium.crypto_pwhash_ALG_ARGON2ID13,
    );
    return out;
  },

  aeadEncrypt(out, message, ad, nonce, key) {
    expectLength(out, message.length + 16);
    expectLength(nonce, 24);
    expectLength(key, 32);
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(out, message, ad, null, nonce, key);
  },
  aeadDecrypt(out, sealed, ad, nonce, key) {
    if (sealed.length < 16) return false;
    expectLength(out, sealed.length - 16);
    expectLength(nonce, 24);
    expectLength(key, 32);
    try {
      // The lengths were checked above, so the only thing left to throw is a tag that does not fit.
      sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(out, null, sealed, ad, nonce, key);
      return true;
    } catch {
      return false;
    }
  },

  boxSeedKeyPair(seed) {
    expectLength(seed, 32);
    const pair = { publicKey: secretBuffer(32), secretKey: secretBuffer(32) };
    sodium.crypto_box_seed_keypair(pair.publicKey, pair.secretKey, seed);
    return pair;
  },
  boxSeal(message, publicKey) {
    expectLength(publicKey, 32);
    const out = secretBuffer(message.length + 48);
    sodium.crypto_box_seal(out, message, publicKey);
    return out;
  },
  boxSealOpen(sealed, pair) {
    if (sealed.length < 48) return null;
    const out = secretBuffer(sealed.length - 48);
    return sodium.crypto_box_seal_open(out, sealed, pair.publicKey, pair.secretKey) ? out : null;
  },

  signSeedKeyPair(seed) {
    expectLength(seed, 32);
    const pair = { publicKey: secretBuffer(32), secretKey: secretBuffer(64) };
    sodium.crypto_sign_seed_keypair(pair.publicKey, pair.secretKey, seed);
    return pair;
  },
  sign(message, secretKey) {
    expectLength(secretKey, 64);
    const signature = secretBuffer(64);
    sodium.crypto_sign_detached(signature, message, secretKey);
    return signature;
  },
  verify(signature, message, publicKey) {
    if (signature.length !== 64 || publicKey.length !== 32) return false;
    return sodium.crypto_sign_verify_detached(signature, message, publicKey);
  },

  equal: (a, b) => a.length === b.length && (a.length === 0 || sodium.sodium_memcmp(a, b)),
  zero(...buffers) {
    for (const buffer of buffers) if (buffer.length > 0) sodium.sodium_memzero(buffer);
  },
  lockMemory(buffer) {
    try {
      sodium.sodium_mlock(buffer);
      return true;
    } catch {
      return false;
    }
  },
});
