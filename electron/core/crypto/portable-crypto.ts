import { timingSafeEqual } from 'node:crypto';
import type Sodium from 'libsodium-wrappers-sumo';
import type { Crypto, HashStream } from '../ports/crypto.ts';
import { expectLength, secretCopy } from './bytes.ts';
import { assertArgonInput, kdfContext } from './crypto-arguments.ts';
import { nodeSha256Stream } from './node-sha256.ts';

/** Loaded where it is needed: it takes ten megabytes, and the native implementation does without. */
let sodium: typeof Sodium;

/** Takes the bytes out of the library's own array, and wipes that. */
const own = (bytes: Uint8Array): Buffer => {
  const copy = secretCopy(bytes);
  bytes.fill(0);
  return copy;
};

const blake2bStream = (length: number, key: Uint8Array | undefined): HashStream => {
  const state = sodium.crypto_generichash_init(key ?? null, length);
  return {
    update: (bytes) => sodium.crypto_generichash_update(state, bytes),
    digest: () => own(sodium.crypto_generichash_final(state, length)),
  };
};

/**
 * The primitives on the WebAssembly build, for computers where the native file cannot load. About six
 * times slower; Argon2id blocks the loop; memory cannot be locked; copies inside the WebAssembly heap are
 * out of our reach, and go when the process ends.
 */
export const createPortableCrypto = async (): Promise<Crypto> => {
  sodium = (await import('libsodium-wrappers-sumo')).default;
  await sodium.ready;
  return {
    implementation: 'portable',

    blake2b(length, parts, key) {
      if (length < 16 || length > 64) throw new RangeError('length of a BLAKE2b hash');
      const stream = blake2bStream(length, key);
      for (const part of parts) stream.update(part);
      return stream.digest();
    },
    blake2bStream,
    sha256Stream: nodeSha256Stream,
    deriveKey(key, id, context) {
      expectLength(key, 32);
      kdfContext(context);
      return own(sodium.crypto_kdf_derive_from_key(32, id, context, key));
    },
    argon2id13(passphrase, salt, ops, memBytes) {
      return new Promise((resolve) => {
        assertArgonInput(passphrase, salt, ops, memBytes);
        resolve(
          own(sodium.crypto_pwhash(32, passphrase, salt, ops, memBytes, sodium.crypto_pwhash_ALG_ARGON2ID13)),
        );
      });
    },

    aeadEncrypt(out, message, ad, nonce, key) {
      expectLength(out, message.length + 16);
      expectLength(nonce, 24);
      expectLength(key, 32);
      out.set(sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(message, ad, null, nonce, key));
    },
    aeadDecrypt(out, sealed, ad, nonce, key) {
      if (sealed.length < 16) return false;
      expectLength(out, sealed.length - 16);
      expectLength(nonce, 24);
      expectLength(key, 32);
      let plain: Uint8Array;
      try {
        plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, ad, nonce, key);
      } catch {
        return false;
      }
      out.set(plain);
      plain.fill(0);
      return true;
    },

    boxSeedKeyPair(seed) {
      expectLength(seed, 32);
      const pair = sodium.crypto_box_seed_keypair(seed);
      return { publicKey: own(pair.publicKey), secretKey: own(pair.privateKey) };
    },
    boxSeal(message, publicKey) {
      expectLength(publicKey, 32);
      return own(sodium.crypto_box_seal(message, publicKey));
    },
    boxSealOpen(sealed, pair) {
      if (sealed.length < 48) return null;
      try {
        return own(sodium.crypto_box_seal_open(sealed, pair.publicKey, pair.secretKey));
      } catch {
        return null;
      }
    },

    signSeedKeyPair(seed) {
      expectLength(seed, 32);
      const pair = sodium.crypto_sign_seed_keypair(seed);
      return { publicKey: own(pair.publicKey), secretKey: own(pair.privateKey) };
    },
    sign(message, secretKey) {
      expectLength(secretKey, 64);
      return own(sodium.crypto_sign_detached(message, secretKey));
    },
    verify(signature, message, publicKey) {
      if (signature.length !== 64 || publicKey.length !== 32) return false;
      return sodium.crypto_sign_verify_detached(signature, message, publicKey);
    },

    equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
    zero(...buffers) {
      for (const buffer of buffers) buffer.fill(0);
    },
    lockMemory: () => false,
  };
};
