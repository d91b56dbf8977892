import { join } from 'node:path';
import { AppError, isAppError } from '#shared/errors.ts';
import { snapshotFileName, type CatalogueEntry } from '../../crypto/backup-catalogue.ts';
import { deriveSnapshotKey } from '../../crypto/key-hierarchy.ts';
import type { Connection } from '../../db/connection.ts';
import { exportDatabase, openDatabase } from '../../db/open.ts';
import { removeQuietly } from '../../files/atomic-write.ts';
import { lastEntry } from '../../journal/index.ts';
import type { Crypto, Disk, Random } from '../../ports/index.ts';
import { copyFile, type CopyOptions } from './copy-file.ts';
import type { TargetFiles } from './target-files.ts';

/** Names that a work database can leave behind. */
const SIDES = ['', '-wal', '-journal', '-shm'] as const;

/** Removes a work database, whatever became of it. */
export const removeWork = async (disk: Disk, path: string): Promise<void> => {
  for (const side of SIDES) await removeQuietly(disk, `${path}${side}`);
};

/** SQLCipher answers some pragmas under names of its own. */
const pragmaNumber = (connection: Connection, name: string): number =>
  Number(Object.values(connection.pragma(name)[0] ?? {})[0] ?? Number.NaN);

/** Bytes that a copy of this database takes. */
export const databaseBytes = (connection: Connection): number => {
  const bytes = pragmaNumber(connection, 'page_count') * pragmaNumber(connection, 'cipher_page_size');
  if (!Number.isSafeInteger(bytes) || bytes <= 0) throw new AppError('vault.databaseDamaged');
  return bytes;
};

/**
 * Reads a copy as somebody would who has nothing else: every page proved, references whole, the journal ending
 * where it must. Throws `backup.snapshotDamaged`.
 */
export const proveDatabase = (
  connection: Connection,
  head: { readonly position: number; readonly hash: Buffer },
): void => {
  const sound =
    connection.pragma('cipher_integrity_check').length === 0 &&
    Object.values(connection.pragma('integrity_check(1)')[0] ?? {})[0] === 'ok' &&
    connection.pragma('foreign_key_check').length === 0;
  const last = lastEntry(connection);
  if (!sound || last === null || last.position !== head.position || !last.hash.equals(head.hash)) {
    throw new AppError('backup.snapshotDamaged');
  }
};

/** Opens a database that lies in a work folder; whatever is wrong with it is a damaged snapshot. */
const openWork = (path: string, key: Buffer): Connection => {
  try {
    return openDatabase(path, key);
  } catch (thrown) {
    if (isAppError(thrown) && thrown.code === 'vault.databaseDamaged') {
      throw new AppError('backup.snapshotDamaged');
    }
    throw thrown;
  }
};

/**
 * Writes the whole database into `path` under the snapshot's own key and salt, then closes it and opens it again
 * to prove it. Synchronous up to the export, so that what the caller read in the same breath belongs together.
 * Never a copy of pages: pages under the live key and salt could be put back into the live file.
 *
 * @param path of a file that does not exist, in the vault's work folder.
 */
export const exportSnapshot = (
  connection: Connection,
  path: string,
  key: Buffer,
  head: { readonly position: number; readonly hash: Buffer },
): void => {
  exportDatabase(connection, path, key);
  const copy = openWork(path, key);
  try {
    proveDatabase(copy, head);
  } finally {
    copy.close();
  }
};

export interface SnapshotSource {
  readonly ports: { readonly crypto: Crypto; readonly disk: Disk; readonly random: Random };
  readonly target: TargetFiles;
  /** Backup key of the generation that the snapshot was made in. */
  readonly backupKey: Buffer;
  /** Folder for the work copy; it holds ciphertext under the snapshot's key, never anything in clear. */
  readonly workFolder: string;
}

/**
 * Brings a snapshot into the work folder, compares size and hash with the list, opens and proves it.
 *
 * @returns the open copy; the caller calls `close` whatever happens.
 * @throws AppError `backup.snapshotMissing`, `backup.snapshotDamaged`, `disk.*`, `call.cancelled`.
 */
export const openSnapshot = async (
  source: SnapshotSource,
  entry: CatalogueEntry,
  options: CopyOptions = {},
): Promise<{ readonly connection: Connection; close(): Promise<void> }> => {
  const { ports, target, workFolder } = source;
  const name = snapshotFileName(entry.snapshotId);
  const found = await target.snapshotBytes(name);
  if (found === null) throw new AppError('backup.snapshotMissing');
  const path = join(workFolder, ports.random.bytes(16).toString('hex'));
  let connection: Connection | null = null;
  const key = deriveSnapshotKey(ports.crypto, source.backupKey, entry.snapshotId);
  try {
    const { sha256 } = await copyFile(ports, target.snapshotPath(name), path, {
      ...options,
      expect: { bytes: entry.bytes, otherwise: 'backup.snapshotDamaged' },
    });
    if (!ports.crypto.equal(sha256, entry.sha256)) throw new AppError('backup.snapshotDamaged');
    const opened = openWork(path, key);
    connection = opened;
    proveDatabase(opened, { position: entry.position, hash: entry.head });
    return {
      connection: opened,
      close: async () => {
        opened.close();
        await removeWork(ports.disk, path);
      },
    };
  } catch (thrown) {
    connection?.close();
    await removeWork(ports.disk, path);
    throw thrown;
  } finally {
    ports.crypto.zero(key);
  }
};
