import { closeSync, constants, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { DISK_BLOCK_BYTES } from '../disk.ts';
import type { Disk, DiskFile, DiskStat, OpenMode } from '../disk.ts';

// Nothing of ours may be readable by another user of the computer, whatever umask the process inherited.
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

// On Windows O_NOFOLLOW does not exist; `stat` looks at links there before anything is opened.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

const toStat = (stats: BigIntStats): DiskStat => ({
  kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other',
  sizeBytes: Number(stats.size),
  mode: Number(stats.mode) & 0o7777,
  // The nanoseconds count: a change within the same millisecond is a change.
  modifiedMs: Number(stats.mtimeNs) / 1e6,
  inode: stats.ino,
  device: stats.dev,
});

const hasCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && (thrown as NodeJS.ErrnoException).code === code;

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;

const OPEN_FLAGS: Readonly<Record<OpenMode, number>> = {
  // A pipe or device in the place of a file must not hold the engine up: without O_NONBLOCK the open waits.
  read: constants.O_RDONLY | (constants.O_NONBLOCK ?? 0),
  create: CREATE,
  createUncached: CREATE,
  update: constants.O_RDWR | NO_FOLLOW,
};

/**
 * A second door to a file just created, past the system's cache; null where system or file system has none.
 * On Linux alone: elsewhere Node does not offer it.
 */
const openUncached = async (path: string, created: FileHandle): Promise<FileHandle | null> => {
  const direct = constants.O_DIRECT as number | undefined;
  if (direct === undefined) return null;
  let handle: FileHandle | null = null;
  try {
    handle = await fs.open(path, constants.O_WRONLY | direct | NO_FOLLOW);
    const [one, other] = await Promise.all([created.stat({ bigint: true }), handle.stat({ bigint: true })]);
    if (one.ino === other.ino && one.dev === other.dev) return handle;
  } catch {
    // The ordinary way remains, and says what is wrong if something is.
  }
  await handle?.close();
  return null;
};

/** How a file system says that it does not write past the cache, or not from this memory. */
const DECLINED = ['EINVAL', 'EOPNOTSUPP', 'ENOTSUP'] as const;

class NodeDiskFile implements DiskFile {
  readonly #handle: FileHandle;
  readonly #uncached: FileHandle | null;
  /** False once the file system took the flag and then refused a write of whole blocks. */
  #uncachedWorks = true;

  constructor(handle: FileHandle, uncached: FileHandle | null = null) {
    this.#handle = handle;
    this.#uncached = uncached;
  }

  async read(buffer: Buffer, position: number): Promise<number> {
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, position);
    return bytesRead;
  }

  async write(buffer: Buffer, position: number): Promise<void> {
    let done = 0;
    while (done < buffer.length) {
      const length = buffer.length - done;
      const wholeBlocks = (position + done) % DISK_BLOCK_BYTES === 0 && length % DISK_BLOCK_BYTES === 0;
      const uncached = this.#uncachedWorks && wholeBlocks ? this.#uncached : null;
      try {
        const { bytesWritten } = await (uncached ?? this.#handle).write(
          buffer,
          done,
          length,
          position + done,
        );
        done += bytesWritten;
      } catch (thrown) {
        if (uncached === null || !DECLINED.some((code) => hasCode(thrown, code))) throw thrown;
        this.#uncachedWorks = false;
      }
    }
  }

  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async stat(): Promise<DiskStat> {
    return toStat(await this.#handle.stat({ bigint: true }));
  }

  async setTimes(seconds: number): Promise<void> {
    await this.#handle.utimes(seconds, seconds);
  }

  async close(): Promise<void> {
    try {
      await this.#uncached?.close();
    } finally {
      await this.#handle.close();
    }
  }
}

const withDescriptor = <T>(path: string, flags: number, use: (descriptor: number) => T): T => {
  const descriptor = openSync(path, flags);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** The real file system. `windows`: folders cannot be synced there; NTFS logs names by itself. */
export const createNodeDisk = (windows: boolean = process.platform === 'win32'): Disk => ({
  async open(path, mode) {
    const handle = await fs.open(path, OPEN_FLAGS[mode], FILE_MODE);
    return new NodeDiskFile(handle, mode === 'createUncached' ? await openUncached(path, handle) : null);
  },
  async stat(path) {
    try {
      return toStat(await fs.lstat(path, { bigint: true }));
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT') || hasCode(thrown, 'ENOTDIR')) return null;
      throw thrown;
    }
  },
  list: (folder) => fs.readdir(folder),
  async makeFolder(path) {
    try {
      await fs.mkdir(path, { mode: FOLDER_MODE });
      return true;
    } catch (thrown) {
      if (hasCode(thrown, 'EEXIST')) return false;
      throw thrown;
    }
  },
  rename: (from, to) => fs.rename(from, to),
  async remove(path) {
    try {
      await fs.unlink(path);
      return true;
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT')) return false;
      throw thrown;
    }
  },
  removeFolder: (path) => fs.rmdir(path),
  async syncFolder(path) {
    if (windows) return;
    const handle = await fs.open(path, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  async freeBytes(path) {
    const { bavail, bsize } = await fs.statfs(path);
    return bavail * bsize;
  },
  async fileSystemType(path) {
    return windows ? null : (await fs.statfs(path)).type;
  },
  writeInPlaceSync(path, bytes, position) {
    withDescriptor(path, constants.O_RDWR | NO_FOLLOW, (descriptor) => {
      let done = 0;
      while (done < bytes.length) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
      }
    });
  },
  readInPlaceSync(path, buffer, position) {
    try {
      return withDescriptor(path, constants.O_RDONLY | NO_FOLLOW, (descriptor) => {
        let done = 0;
        while (done < buffer.length) {
          const count = readSync(descriptor, buffer, done, buffer.length - done, position + done);
          if (count === 0) break;
          done += count;
        }
        return done;
      });
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT')) return -1;
      throw thrown;
    }
  },
  syncFileSync(path) {
    withDescriptor(path, constants.O_RDWR | NO_FOLLOW, fsyncSync);
  },
});
