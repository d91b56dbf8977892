import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { u64 } from '../../crypto/bytes.ts';
import {
  encodeLockFile,
  LOCK_FILE_BYTES,
  LOCK_HEARTBEAT_AT,
  openLockNote,
  readLockFile,
  type LockNote,
} from '../../crypto/lock-note.ts';
import type { Crypto, Disk, Random } from '../../ports/index.ts';
import { readSmallFile } from '../../files/atomic-write.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { LOCK_FILE, writeNewFile } from './vault-files.ts';

export interface VaultLockParts {
  readonly crypto: Crypto;
  readonly disk: Disk;
  readonly random: Random;
  readonly folder: string;
  readonly noteKey: Buffer;
  readonly vaultId: Buffer;
}

/** Who has the vault open, for the person who was refused; null where it cannot be told. */
export const readLockNote = async (parts: VaultLockParts): Promise<LockNote | null> => {
  const path = join(parts.folder, LOCK_FILE);
  const stat = await parts.disk.stat(path);
  if (stat === null || stat.kind !== 'file' || stat.sizeBytes !== LOCK_FILE_BYTES) return null;
  const file = await readSmallFile(parts.disk, path, LOCK_FILE_BYTES);
  return file === null ? null : openLockNote(parts.crypto, parts.noteKey, parts.vaultId, file);
};

/**
 * `vault.lock`. In exclusive mode SQLite keeps the database's log index in its own memory and would not see
 * what another computer wrote after the system's lock was lost; so the fence before every write is this file:
 * whoever takes the vault over puts another token into it.
 */
export class VaultLock {
  readonly #parts: VaultLockParts;
  readonly #path: string;
  readonly #token: Buffer;
  readonly #note: LockNote;
  readonly #seen = Buffer.alloc(LOCK_HEARTBEAT_AT);
  readonly #expected: Buffer;
  #heartbeat = 0;
  #lost = false;

  constructor(parts: VaultLockParts, token: Buffer, note: LockNote, file: Buffer) {
    this.#parts = parts;
    this.#path = join(parts.folder, LOCK_FILE);
    this.#token = token;
    this.#note = note;
    this.#expected = Buffer.from(file.subarray(0, LOCK_HEARTBEAT_AT));
  }

  /** Who holds it, as others are told. */
  get note(): LockNote {
    return this.#note;
  }

  /** Takes the lock. Call it only while the database is held exclusively: that is what decides who may. */
  static async take(parts: VaultLockParts, token: Buffer, note: LockNote): Promise<VaultLock> {
    const file = encodeLockFile(parts.crypto, parts.random, parts.noteKey, parts.vaultId, {
      ...note,
      token,
      heartbeat: 0,
    });
    await onDisk('writing', () => parts.disk.remove(join(parts.folder, LOCK_FILE)));
    await writeNewFile(parts.disk, join(parts.folder, LOCK_FILE), file);
    return new VaultLock(parts, token, note, file);
  }

  /**
   * Before every write. A missing file is no proof of anything (somebody tidied up) and is made again by the
   * next heartbeat; another token is.
   *
   * @throws AppError `vault.takenOver`.
   */
  requireOurs(): void {
    if (this.#lost) throw new AppError('vault.takenOver');
    const count = this.#parts.disk.readInPlaceSync(this.#path, this.#seen, 0);
    if (count === -1) return;
    if (count !== this.#seen.length || !this.#seen.equals(this.#expected)) {
      this.#lost = true;
      throw new AppError('vault.takenOver');
    }
  }

  /** Shows that this session is alive. Makes a deleted file again. Throws `vault.takenOver`. */
  async beat(): Promise<void> {
    this.requireOurs();
    this.#heartbeat += 1;
    if ((await this.#parts.disk.stat(this.#path)) === null) {
      const file = encodeLockFile(
        this.#parts.crypto,
        this.#parts.random,
        this.#parts.noteKey,
        this.#parts.vaultId,
        { ...this.#note, token: this.#token, heartbeat: this.#heartbeat },
      );
      // Fails where another program made it in between; the next look then sees the other token.
      await writeNewFile(this.#parts.disk, this.#path, file).catch(() => undefined);
      return;
    }
    this.#parts.disk.writeInPlaceSync(this.#path, u64(this.#heartbeat), LOCK_HEARTBEAT_AT);
  }

  /** Removes the file if it is still ours. */
  async release(): Promise<void> {
    const file = await readSmallFile(this.#parts.disk, this.#path, LOCK_FILE_BYTES).catch(() => null);
    const found = file === null ? null : readLockFile(file);
    if (found !== null && found.token.equals(this.#token)) await this.#parts.disk.remove(this.#path);
  }
}
