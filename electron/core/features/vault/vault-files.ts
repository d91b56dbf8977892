import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { Disk, Random } from '../../ports/index.ts';

/** Names inside a vault folder. */
export const HEADER_FILE = 'vault.json';
export const ANCHOR_FILE = 'vault.anchor';
export const LOCK_FILE = 'vault.lock';
export const OBJECTS_FOLDER = 'objects';
export const SCRATCH_FOLDER = 'scratch';

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;

/** Node's disk errors as ours; anything else as it is. */
export const fromDisk = (thrown: unknown): unknown => {
  switch (codeOf(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('disk.full');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EIO':
      return new AppError('disk.notWritable');
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('disk.notFound');
    default:
      return thrown;
  }
};

/** Runs file work and turns Node's errors into ours. */
export const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    throw fromDisk(thrown);
  }
};

/**
 * Reads a small file whole.
 *
 * @returns null where there is no such file.
 * @throws AppError `vault.headerOutOfBounds` where it is larger than `maxBytes`: nothing of ours is.
 */
export const readSmallFile = async (disk: Disk, path: string, maxBytes: number): Promise<Buffer | null> => {
  const stat = await disk.stat(path);
  if (stat === null) return null;
  if (stat.kind !== 'file') throw new AppError('vault.headerUnreadable');
  if (stat.sizeBytes > maxBytes) throw new AppError('vault.headerOutOfBounds');
  const file = await onDisk(() => disk.open(path, 'read'));
  try {
    const bytes = Buffer.alloc(stat.sizeBytes);
    let at = 0;
    while (at < bytes.length) {
      const count = await file.read(bytes.subarray(at), at);
      if (count === 0) break;
      at += count;
    }
    return bytes.subarray(0, at);
  } finally {
    await file.close();
  }
};

/** Makes a file that must not exist yet, and makes its bytes durable. The name is durable after `syncFolder`. */
export const writeNewFile = (disk: Disk, path: string, bytes: Buffer): Promise<void> =>
  onDisk(async () => {
    const file = await disk.open(path, 'create');
    try {
      await file.write(bytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
  });

/**
 * Replaces a file in one step: another name, fsync, rename, fsync of the folder. At every moment the old or
 * the new content is there whole; a leftover of the other name is removed at the next start.
 */
export const replaceFile = async (
  disk: Disk,
  random: Random,
  folder: string,
  name: string,
  bytes: Buffer,
): Promise<void> => {
  const temporary = join(folder, `${name}.${random.bytes(8).toString('hex')}.tmp`);
  try {
    await writeNewFile(disk, temporary, bytes);
    await onDisk(() => disk.rename(temporary, join(folder, name)));
  } catch (thrown) {
    await disk.remove(temporary).catch(() => false);
    throw thrown;
  }
  await onDisk(() => disk.syncFolder(folder));
};
