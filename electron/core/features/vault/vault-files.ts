import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { readSmallFile, removeQuietly } from '../../files/atomic-write.ts';
import { MAX_HEADER_BYTES } from '../../crypto/header.ts';
import type { Disk } from '../../ports/index.ts';

/** Names inside a vault folder. */
export const HEADER_FILE = 'vault.json';
export const ANCHOR_FILE = 'vault.anchor';
export const LOCK_FILE = 'vault.lock';
export const OBJECTS_FOLDER = 'objects';
export const SCRATCH_FOLDER = 'scratch';

/**
 * The bytes of `vault.json`.
 *
 * @throws AppError `vault.notFound`, `vault.headerUnreadable` where it is no file, `vault.headerOutOfBounds`
 *   where it is larger than any header.
 */
export const readHeaderFile = async (disk: Disk, folder: string): Promise<Buffer> => {
  const path = join(folder, HEADER_FILE);
  const stat = await onDisk('reading', () => disk.stat(path));
  if (stat === null) throw new AppError('vault.notFound');
  if (stat.kind !== 'file') throw new AppError('vault.headerUnreadable');
  if (stat.sizeBytes > MAX_HEADER_BYTES) throw new AppError('vault.headerOutOfBounds');
  const bytes = await readSmallFile(disk, path, MAX_HEADER_BYTES);
  if (bytes === null) throw new AppError('vault.notFound');
  return bytes;
};

/**
 * Makes a file that must not exist yet, and makes its bytes durable. Its name is durable after `syncFolder`. On
 * failure nothing stays behind.
 */
export const writeNewFile = (disk: Disk, path: string, bytes: Buffer): Promise<void> =>
  onDisk('writing', async () => {
    const file = await disk.open(path, 'create');
    try {
      try {
        await file.write(bytes, 0);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (thrown) {
      // Ours, because it did not exist; half of a file must not stand for a whole one.
      await removeQuietly(disk, path);
      throw thrown;
    }
  });

const DATABASE_FILE = /^vault-[0-9a-f]{16}\.db(?:-wal|-journal)?$/u;
const TEMPORARY_FILE = /^\.[0-9a-f]{16}\.tmp$/u;

/**
 * Removes what a process that died left behind: work files, temporary files, and databases that the verified
 * header does not name (a change of key that was cut off before or after its commit point). Only in a vault
 * that is held alone and whose header and database belong together.
 *
 * @param database name of the file that the header names.
 */
export const removeLeftovers = async (disk: Disk, folder: string, database: string): Promise<void> => {
  await onDisk('writing', async () => {
    for (const name of await disk.list(folder)) {
      const stray = DATABASE_FILE.test(name) && !name.startsWith(database);
      if (stray || TEMPORARY_FILE.test(name)) await disk.remove(join(folder, name));
    }
    const scratch = join(folder, SCRATCH_FOLDER);
    if ((await disk.stat(scratch))?.kind !== 'folder') return;
    for (const name of await disk.list(scratch)) {
      if ((await disk.stat(join(scratch, name)))?.kind === 'file') await disk.remove(join(scratch, name));
    }
  });
};
