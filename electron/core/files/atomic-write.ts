import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { Disk } from '../ports/disk.ts';
import type { Random } from '../ports/random.ts';
import { onDisk } from './disk-errors.ts';

/** Temporary names end like this; what is left of them after a crash may be removed. */
export const TEMPORARY_SUFFIX = '.tmp';

/** True for a name that `temporaryName` gave: only such a file is ever removed by what was noted of it. */
export const isTemporaryName = (name: string): boolean => /^\.[0-9a-f]{16}\.tmp$/u.test(name);

/** A name that nothing has. It begins with a dot so that file managers do not show it. */
export const temporaryName = (random: Random): string =>
  `.${random.bytes(8).toString('hex')}${TEMPORARY_SUFFIX}`;

/**
 * Puts `bytes` in the place of `path` so that after a crash or power cut at any moment there is the whole old
 * file or the whole new one: temporary file beside it, fsync, rename, fsync of the folder. On failure the
 * temporary file is removed and the old one untouched. Throws `disk.full`, `disk.notWritable`, ...
 */
export const writeFileAtomically = (
  ports: { readonly disk: Disk; readonly random: Random },
  path: string,
  bytes: Buffer,
): Promise<void> =>
  onDisk('writing', async () => {
    const { disk, random } = ports;
    const folder = dirname(path);
    const temporary = join(folder, temporaryName(random));
    try {
      const file = await disk.open(temporary, 'create');
      try {
        await file.write(bytes, 0);
        await file.sync();
      } finally {
        await file.close();
      }
      await disk.rename(temporary, path);
    } catch (thrown) {
      await removeQuietly(disk, temporary);
      throw thrown;
    }
    await disk.syncFolder(folder);
  });

/** Removes what can be removed; used while another error is on its way to the person. */
export const removeQuietly = async (disk: Disk, path: string): Promise<void> => {
  try {
    await disk.remove(path);
  } catch {
    // The error that led here says more; leftovers are found at the next start.
  }
};

/** Reads a small file whole. Null where there is none; throws `disk.notReadable` above `maxBytes`. */
export const readSmallFile = (disk: Disk, path: string, maxBytes: number): Promise<Buffer | null> =>
  onDisk('reading', async () => {
    if ((await disk.stat(path)) === null) return null;
    const file = await disk.open(path, 'read');
    try {
      const { sizeBytes } = await file.stat();
      if (sizeBytes > maxBytes) throw new AppError('disk.notReadable');
      const bytes = Buffer.alloc(sizeBytes);
      let done = 0;
      while (done < bytes.length) {
        const count = await file.read(bytes.subarray(done), done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    } finally {
      await file.close();
    }
  });
