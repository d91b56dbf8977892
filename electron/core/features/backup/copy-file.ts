import { join } from 'node:path';
import { AppError, type ErrorCode } from '#shared/errors.ts';
import { removeQuietly } from '../../files/atomic-write.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { throwIfCancelled } from '../../files/object-writer.ts';
import type { Crypto, Disk, DiskFile } from '../../ports/index.ts';

/** Two of these are in memory, whatever the size of the file. */
const BLOCK_BYTES = 1024 * 1024;

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes copied since the last call. */
  readonly progress?: ((bytes: number) => void) | undefined;
  /** Size that the file must have, and what it means when it has another. */
  readonly expect?: { readonly bytes: number; readonly otherwise: ErrorCode } | undefined;
}

const hashOf = async (
  crypto: Crypto,
  file: DiskFile,
  take: ((block: Buffer, position: number) => Promise<void>) | null,
  options: CopyOptions,
): Promise<{ bytes: number; sha256: Buffer }> => {
  const hash = crypto.sha256Stream();
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let position = 0;
  for (;;) {
    throwIfCancelled(options.signal);
    const at = position;
    const count = await onDisk('reading', () => file.read(block, at));
    if (count === 0) break;
    const part = block.subarray(0, count);
    hash.update(part);
    if (take !== null) await take(part, at);
    position += count;
    options.progress?.(count);
  }
  return { bytes: position, sha256: hash.digest() };
};

/** SHA-256 and size of a file. Throws `disk.notFound`, `disk.notReadable`, `call.cancelled`. */
export const hashFile = async (
  { crypto, disk }: { readonly crypto: Crypto; readonly disk: Disk },
  path: string,
  options: CopyOptions = {},
): Promise<{ readonly bytes: number; readonly sha256: Buffer }> => {
  const file = await onDisk('reading', () => disk.open(path, 'read'));
  try {
    return await hashOf(crypto, file, null, options);
  } finally {
    await file.close();
  }
};

/**
 * Copies a file into one that does not exist yet, with constant times, durable when this returns (its name after
 * `syncFolder`). On any failure nothing stays behind.
 *
 * @returns size and SHA-256 of what was copied.
 * @throws AppError `disk.*`, `call.cancelled`, and the code of `expect`.
 */
export const copyFile = async (
  { crypto, disk }: { readonly crypto: Crypto; readonly disk: Disk },
  from: string,
  to: string,
  options: CopyOptions = {},
): Promise<{ readonly bytes: number; readonly sha256: Buffer }> => {
  const source = await onDisk('reading', () => disk.open(from, 'read'));
  try {
    const found = await onDisk('reading', () => source.stat());
    if (found.kind !== 'file') throw new AppError('disk.notReadable');
    if (options.expect !== undefined && found.sizeBytes !== options.expect.bytes) {
      throw new AppError(options.expect.otherwise);
    }
    const target = await onDisk('writing', () => disk.open(to, 'create'));
    try {
      let copied: { bytes: number; sha256: Buffer };
      try {
        copied = await hashOf(
          crypto,
          source,
          (block, position) => onDisk('writing', () => target.write(block, position)),
          options,
        );
        if (options.expect !== undefined && copied.bytes !== options.expect.bytes) {
          throw new AppError(options.expect.otherwise);
        }
        await onDisk('writing', () => target.setTimes(0));
        await onDisk('writing', () => target.sync());
      } finally {
        await target.close();
      }
      return copied;
    } catch (thrown) {
      await removeQuietly(disk, to);
      throw thrown;
    }
  } finally {
    await source.close();
  }
};

/** Removes a folder of ours with everything in it; follows no link. */
export const removeTree = async (disk: Disk, path: string): Promise<void> => {
  const stat = await disk.stat(path);
  if (stat === null) return;
  if (stat.kind !== 'folder') {
    await disk.remove(path);
    return;
  }
  for (const name of await disk.list(path)) await removeTree(disk, join(path, name));
  await disk.removeFolder(path);
};
