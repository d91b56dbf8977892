import { createCipheriv, hkdfSync, scrypt } from 'node:crypto';
import type { Recipient } from 'age-encryption';
import { AppError } from '#shared/errors.ts';
import { loadModule } from '../load-module.ts';
import type { Crypto, Random } from '../ports/index.ts';
import { isBech32 } from './bech32.ts';

/**
 * Encryption to recipients in the format of age. The header comes from the age library through its public
 * interface; the payload is done here on OpenSSL, because the library's own takes four times as long and
 * hundreds of megabytes. Nothing of the content touches the disk in clear.
 */
const CHUNK = 64 * 1024;
const TAG = 16;
/** Chunks put together before they are handed on: fewer, larger writes. */
const BATCH = 64;
/** 256 MiB and about a second for one guess. */
const SCRYPT_WORK_FACTOR = 18;
const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/** Loaded by the first file that leaves: it takes as much memory as a tenth of the engine. */
const age = () => loadModule(() => import('age-encryption'));

export type AgeLock =
  | { readonly kind: 'recipients'; readonly keys: readonly string[] }
  /** UTF-8 of the passphrase; stands alone, as age forbids mixing. */
  | { readonly kind: 'passphrase'; readonly passphrase: Uint8Array };

/** Whether a text is an X25519 key that `age` takes (`age1...`, checksum included). */
export const isAgeRecipient = (key: string): boolean => RECIPIENT.test(key) && isBech32(key);

const scryptKey = (passphrase: Uint8Array, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const N = 2 ** SCRYPT_WORK_FACTOR;
    scrypt(passphrase, salt, 32, { N, r: 8, p: 1, maxmem: 2 * 128 * N * 8 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });

/** The passphrase as a recipient of its own, on the native scrypt. */
const passphraseRecipient = (passphrase: Uint8Array, random: Random, crypto: Crypto): Recipient => ({
  async wrapFileKey(fileKey) {
    const { Stanza } = await age();
    const salt = random.bytes(16);
    const key = await scryptKey(
      passphrase,
      Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt', 'ascii'), salt]),
    );
    const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: TAG });
    const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
    crypto.zero(key);
    const saltText = salt.toString('base64').replace(/=+$/, '');
    return [new Stanza(['scrypt', saltText, String(SCRYPT_WORK_FACTOR)], body)];
  },
});

interface Opened {
  readonly header: Buffer;
  readonly fileKey: Buffer;
}

const END_OF_HEADER = Buffer.from('\n--- ', 'ascii');

/** Lets the library write the header around a file key that we learn on the way. */
const makeHeader = async (lock: AgeLock, random: Random, crypto: Crypto): Promise<Opened> => {
  const { Encrypter } = await age();
  const encrypter = new Encrypter();
  let fileKey: Buffer | undefined;
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = Buffer.allocUnsafeSlow(key.length);
      fileKey.set(key);
      return [];
    },
  });
  if (lock.kind === 'passphrase') {
    encrypter.addRecipient(passphraseRecipient(lock.passphrase, random, crypto));
  } else {
    if (lock.keys.length === 0) throw new AppError('export.recipientKeyInvalid');
    for (const key of new Set(lock.keys)) {
      if (!isAgeRecipient(key)) throw new AppError('export.recipientKeyInvalid');
      encrypter.addRecipient(key);
    }
  }
  let empty: Buffer;
  try {
    empty = Buffer.from(await encrypter.encrypt(new Uint8Array(0)));
  } catch (cause) {
    // A key that is a point of small order ends here: it would share its secret with everybody.
    throw new AppError('export.recipientKeyInvalid', { cause });
  }
  const mark = empty.indexOf(END_OF_HEADER);
  const end = mark < 0 ? -1 : empty.indexOf(0x0a, mark + END_OF_HEADER.length);
  if (end < 0 || fileKey === undefined) throw new AppError('call.internal');
  return { header: empty.subarray(0, end + 1), fileKey };
};

/**
 * Streams `content` encrypted. Gives the header with its nonce first, then chunks of about 4 MiB; about 8
 * MiB in memory. Throws `AppError` `export.recipientKeyInvalid`, `call.programChanged` before anything is given.
 */
export async function* encryptAge(
  content: AsyncIterable<Uint8Array>,
  lock: AgeLock,
  ports: { random: Random; crypto: Crypto },
): AsyncGenerator<Buffer, void, undefined> {
  const { header, fileKey } = await makeHeader(lock, ports.random, ports.crypto);
  const nonce = ports.random.bytes(16);
  const key = Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
  ports.crypto.zero(fileKey);
  const counter = Buffer.alloc(12);
  const seal = (chunk: Uint8Array, last: boolean, out: Buffer, at: number): number => {
    counter[11] = last ? 1 : 0;
    const cipher = createCipheriv('chacha20-poly1305', key, counter, { authTagLength: TAG });
    const sealed = cipher.update(chunk);
    cipher.final();
    sealed.copy(out, at);
    cipher.getAuthTag().copy(out, at + chunk.length);
    // The counter has 11 bytes; six of them already count more than any disk holds.
    counter.writeUIntBE(counter.readUIntBE(5, 6) + 1, 5, 6);
    return chunk.length + TAG;
  };
  // A whole chunk is kept back until it is known whether another byte follows: the last one is marked.
  const held = Buffer.allocUnsafeSlow(CHUNK);
  try {
    yield Buffer.concat([header, nonce]);
    let filled = 0;
    let out = Buffer.allocUnsafeSlow(BATCH * (CHUNK + TAG));
    let used = 0;
    for await (const piece of content) {
      let at = 0;
      while (at < piece.length) {
        if (filled === CHUNK) {
          used += seal(held, false, out, used);
          filled = 0;
        }
        // Straight from the input where more than a chunk is there, without a copy.
        if (filled === 0 && piece.length - at > CHUNK && used < out.length) {
          used += seal(piece.subarray(at, at + CHUNK), false, out, used);
          at += CHUNK;
        } else if (used < out.length) {
          const take = Math.min(CHUNK - filled, piece.length - at);
          held.set(piece.subarray(at, at + take), filled);
          filled += take;
          at += take;
        }
        if (used === out.length) {
          yield out;
          out = Buffer.allocUnsafeSlow(BATCH * (CHUNK + TAG));
          used = 0;
        }
      }
    }
    used += seal(held.subarray(0, filled), true, out, used);
    yield out.subarray(0, used);
  } finally {
    // Whoever takes this may stop at any piece, a full disk for one.
    ports.crypto.zero(key, held);
  }
}

/** Size of the encrypted payload of so many bytes, without header and nonce. */
export const payloadSize = (bytes: number): number => bytes + TAG * Math.max(1, Math.ceil(bytes / CHUNK));

/** Whether the library can open this header with a secret key: the check of a key pair that a person made here. */
export const headerOpensWith = async (header: Uint8Array, identity: string): Promise<boolean> => {
  const { Decrypter } = await age();
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
    (await decrypter.decryptHeader(header)).fill(0);
    return true;
  } catch {
    return false;
  }
};
