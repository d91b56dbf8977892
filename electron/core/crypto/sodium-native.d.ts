/** The part of `sodium-native` 5 that is used here; the package ships no types. */
declare module 'sodium-native' {
  interface SodiumNative {
    readonly crypto_generichash_STATEBYTES: number;
    readonly crypto_pwhash_ALG_ARGON2ID13: number;
    crypto_generichash(out: Buffer, input: Uint8Array, key?: Uint8Array): void;
    crypto_generichash_batch(out: Buffer, batch: readonly Uint8Array[], key?: Uint8Array): void;
    crypto_generichash_init(state: Buffer, key: Uint8Array | null, length: number): void;
    crypto_generichash_update(state: Buffer, input: Uint8Array): void;
    crypto_generichash_final(state: Buffer, out: Buffer): void;
    crypto_kdf_derive_from_key(out: Buffer, id: number, context: Uint8Array, key: Uint8Array): void;
    crypto_pwhash_async(
      out: Buffer,
      passphrase: Uint8Array,
      salt: Uint8Array,
      ops: number,
      memBytes: number,
      algorithm: number,
    ): Promise<void>;
    crypto_aead_xchacha20poly1305_ietf_encrypt(
      out: Uint8Array,
      message: Uint8Array,
      ad: Uint8Array | null,
      secretNonce: null,
      nonce: Uint8Array,
      key: Uint8Array,
    ): number;
    crypto_aead_xchacha20poly1305_ietf_decrypt(
      out: Uint8Array,
      secretNonce: null,
      sealed: Uint8Array,
      ad: Uint8Array | null,
      nonce: Uint8Array,
      key: Uint8Array,
    ): number;
    crypto_box_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Uint8Array): void;
    crypto_box_seal(out: Buffer, message: Uint8Array, publicKey: Uint8Array): void;
    crypto_box_seal_open(
      out: Buffer,
      sealed: Uint8Array,
      publicKey: Uint8Array,
      secretKey: Uint8Array,
    ): boolean;
    crypto_sign_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Uint8Array): void;
    crypto_sign_detached(signature: Buffer, message: Uint8Array, secretKey: Uint8Array): void;
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
    sodium_memzero(buffer: Uint8Array): void;
    sodium_memcmp(a: Uint8Array, b: Uint8Array): boolean;
    sodium_mlock(buffer: Uint8Array): void;
  }
  const sodium: SodiumNative;
  export default sodium;
}
