import { closeSync, constants, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
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

const OPEN_FLAGS: Readonly<Record<OpenMode, number>> = {
  // A pipe or device in the place of a file must not hold the engine up: without O_NONBLOCK the open waits.
  read: constants.O_RDONLY | (constants.O_NONBLOCK ?? 0),
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW,
  update: constants.O_RDWR | NO_FOLLOW,
};

class NodeDiskFile implements DiskFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(buffer: Buffer, position: number): Promise<number> {
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, position);
    return bytesRead;
  }

  async write(buffer: Buffer, position: number): Promise<void> {
    let done = 0;
    while (done < buffer.length) {
      const { bytesWritten } = await this.#handle.write(buffer, done, buffer.length - done, position + done);
      done += bytesWritten;
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
    await this.#handle.close();
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
    return new NodeDiskFile(await fs.open(path, OPEN_FLAGS[mode], FILE_MODE));
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
