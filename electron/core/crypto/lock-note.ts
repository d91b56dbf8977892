import type { Crypto } from '../ports/crypto.ts';
import type { Random } from '../ports/random.ts';
import { expectLength, isZero, label, readU64, secretBuffer, u16, u64 } from './bytes.ts';

/**
 * `vault.lock` says that somebody has the vault open. Who and on which computer is sealed and always of the
 * same length: a folder that is found must not name the staff.
 */
export const LOCK_FILE_BYTES = 8 + 16 + 8 + 24 + 512 + 16;
const MAGIC = Buffer.from('RSGLOCK\u0001', 'latin1');
const TOKEN_AT = 8;
/** The counter stands alone so that a heartbeat rewrites eight bytes and nothing else. */
export const LOCK_HEARTBEAT_AT = 24;
const NONCE_AT = 32;
const SEALED_AT = 56;
const NOTE_BYTES = 512;
const MAX_TEXT_BYTES = 250;

export interface LockNote {
  readonly who: string;
  readonly device: string;
}

const noteAd = (vaultId: Uint8Array, token: Uint8Array): Buffer =>
  Buffer.concat([label('RSG lock note v1'), vaultId, token]);

/** UTF-8, cut at a whole character so that it fits. */
const field = (text: string): Buffer => {
  let bytes = Buffer.from(text);
  let kept = [...text];
  while (bytes.length > MAX_TEXT_BYTES) {
    kept = kept.slice(0, -1);
    bytes = Buffer.from(kept.join(''));
  }
  return Buffer.concat([u16(bytes.length), bytes]);
};

/** The whole file. `token`: the 16 random bytes of this session. */
export const encodeLockFile = (
  crypto: Crypto,
  random: Random,
  noteKey: Uint8Array,
  vaultId: Buffer,
  lock: LockNote & { readonly token: Buffer; readonly heartbeat: number },
): Buffer => {
  expectLength(lock.token, 16);
  const note = secretBuffer(NOTE_BYTES);
  Buffer.concat([field(lock.who), field(lock.device)]).copy(note);
  const nonce = random.bytes(24);
  const sealed = secretBuffer(NOTE_BYTES + 16);
  crypto.aeadEncrypt(sealed, note, noteAd(vaultId, lock.token), nonce, noteKey);
  crypto.zero(note);
  return Buffer.concat([MAGIC, lock.token, u64(lock.heartbeat), nonce, sealed]);
};

/** What can be read without a key: whose lock it is (a random token) and whether it still beats. */
export const readLockFile = (file: Buffer): { readonly token: Buffer; readonly heartbeat: number } | null => {
  if (file.length !== LOCK_FILE_BYTES || !file.subarray(0, TOKEN_AT).equals(MAGIC)) return null;
  const heartbeat = readU64(file, LOCK_HEARTBEAT_AT);
  if (heartbeat === null) return null;
  return { token: Buffer.from(file.subarray(TOKEN_AT, LOCK_HEARTBEAT_AT)), heartbeat };
};

/** Who and where; null where the file is damaged or sealed under another key. */
export const openLockNote = (
  crypto: Crypto,
  noteKey: Uint8Array,
  vaultId: Buffer,
  file: Buffer,
): LockNote | null => {
  const lock = readLockFile(file);
  if (lock === null) return null;
  const note = secretBuffer(NOTE_BYTES);
  const nonce = file.subarray(NONCE_AT, SEALED_AT);
  if (!crypto.aeadDecrypt(note, file.subarray(SEALED_AT), noteAd(vaultId, lock.token), nonce, noteKey)) {
    return null;
  }
  const whoEnd = 2 + note.readUInt16BE(0);
  if (whoEnd > 2 + MAX_TEXT_BYTES) return null;
  const deviceEnd = whoEnd + 2 + note.readUInt16BE(whoEnd);
  if (deviceEnd > NOTE_BYTES || !isZero(note.subarray(deviceEnd))) return null;
  return {
    who: note.subarray(2, whoEnd).toString('utf8'),
    device: note.subarray(whoEnd + 2, deviceEnd).toString('utf8'),
  };
};
