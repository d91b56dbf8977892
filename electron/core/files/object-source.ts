import { AppError } from '#shared/errors.ts';
import type { Disk, DiskStat } from '../ports/disk.ts';
import { onDisk } from './disk-errors.ts';

/** Bytes of known length that become an object. */
export interface ObjectSource {
  readonly sizeBytes: number;
  /** Like `DiskFile.read`: up to `buffer.length` bytes at `position`, 0 at the end. */
  read(buffer: Buffer, position: number): Promise<number>;
  /** Called after the last byte: throws `evidence.changedWhileReading` where the source is no longer what it was. */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
}

export interface FileSource extends ObjectSource {
  /** Modification time of the original, whole ms since epoch. */
  readonly modifiedMs: number;
}

const same = (a: DiskStat, b: DiskStat): boolean =>
  a.kind === b.kind &&
  a.sizeBytes === b.sizeBytes &&
  a.modifiedMs === b.modifiedMs &&
  a.inode === b.inode &&
  a.device === b.device;

/**
 * A file of the person's, opened for reading only. The open file and its name are both looked at afterwards:
 * a program may write into it, or put another file in its place. Throws `disk.notFound`, `disk.isFolder`,
 * `disk.notReadable` (pipes and devices too).
 */
export const openFileSource = (disk: Disk, path: string): Promise<FileSource> =>
  onDisk('reading', async () => {
    const named = await disk.stat(path);
    if (named === null) throw new AppError('disk.notFound');
    if (named.kind === 'folder') throw new AppError('disk.isFolder');
    if (named.kind === 'other') throw new AppError('disk.notReadable');
    const file = await disk.open(path, 'read');
    try {
      const before = await file.stat();
      if (before.kind === 'folder') throw new AppError('disk.isFolder');
      if (before.kind !== 'file') throw new AppError('disk.notReadable');
      return {
        sizeBytes: before.sizeBytes,
        modifiedMs: Math.floor(before.modifiedMs),
        read: (buffer, position) => onDisk('reading', () => file.read(buffer, position)),
        async assertUnchanged() {
          // The name may be a link that the person chose: then only what it is, not what it leads to, is compared.
          const [after, namedAfter] = await onDisk('reading', () =>
            Promise.all([file.stat(), disk.stat(path)]),
          );
          if (!same(before, after) || namedAfter === null || !same(named, namedAfter)) {
            throw new AppError('evidence.changedWhileReading');
          }
        },
        close: () => file.close(),
      };
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
  });

/** Bytes that are already in memory. */
export const bytesSource = (bytes: Uint8Array): ObjectSource => ({
  sizeBytes: bytes.length,
  read(buffer, position) {
    const part = bytes.subarray(position, position + buffer.length);
    buffer.set(part);
    return Promise.resolve(part.length);
  },
  assertUnchanged: () => Promise.resolve(),
  close: () => Promise.resolve(),
});
