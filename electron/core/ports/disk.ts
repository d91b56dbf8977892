/**
 * Every touch of the file system that the core makes goes through here, so that tests can put a
 * full, failing or crashing disk in its place and can check the order of the calls.
 * Errors are Node's own (`code` such as ENOSPC); use cases turn them into `AppError`.
 * SQLite opens its own files and is not behind this port.
 */
export interface DiskStat {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly sizeBytes: number;
  readonly mode: number;
  /** Modification time, ms since epoch. */
  readonly modifiedMs: number;
  readonly inode: bigint;
  readonly device: bigint;
}

export interface DiskFile {
  /** Reads up to `buffer.length` bytes at `position`; gives the number read, 0 at the end. */
  read(buffer: Buffer, position: number): Promise<number>;
  /** Writes the whole buffer at `position`. */
  write(buffer: Buffer, position: number): Promise<void>;
  /** Makes content and size durable. */
  sync(): Promise<void>;
  stat(): Promise<DiskStat>;
  /** Sets access and modification time, seconds since epoch. */
  setTimes(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * `read`; `create` = write only, must not exist, mode 0600; `update` = read and write, must exist.
 * `createUncached` = as `create`, for much that is not read again soon: where the platform can, writes of whole
 * blocks (`DISK_BLOCK_BYTES`, from `blockBuffer` memory) go past the system's cache, which on a small machine
 * would push out everything else.
 */
export type OpenMode = 'read' | 'create' | 'createUncached' | 'update';

/** The library of types that tells of it also tells of windows and documents, which this code must not know. */
declare const WebAssembly: {
  readonly Memory: new (pages: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/** No disk in use has larger blocks. */
export const DISK_BLOCK_BYTES = 4096;

/**
 * Memory that begins on a block boundary, as writing past the cache asks; a `Buffer` of Node's own never does.
 * `count` bytes, rounded up to whole blocks, all zero. Where the system gives a process little address space it is
 * ordinary memory: the write then goes through the cache.
 */
export const blockBuffer = (count: number): Buffer => {
  const bytes = Math.ceil(count / DISK_BLOCK_BYTES) * DISK_BLOCK_BYTES;
  try {
    // The pages of a module's memory are the only ones whose address the language promises anything about.
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
    return Buffer.from(memory.buffer, 0, bytes);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return Buffer.allocUnsafeSlow(bytes).fill(0);
  }
};

export interface Disk {
  open(path: string, mode: OpenMode): Promise<DiskFile>;
  /** Follows no link. Gives null where nothing is. */
  stat(path: string): Promise<DiskStat | null>;
  list(folder: string): Promise<string[]>;
  /** Creates one folder, mode 0700; gives false if it was there. */
  makeFolder(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  /** Removes one file; gives false if there was none. */
  remove(path: string): Promise<boolean>;
  /** Removes one empty folder. */
  removeFolder(path: string): Promise<void>;
  /** Makes names in a folder durable. A no-op where the platform has no such call (Windows). */
  syncFolder(path: string): Promise<void>;
  /** Bytes free for this user on the file system that holds `path`. */
  freeBytes(path: string): Promise<number>;
  /** Kind of file system, for refusing network shares: a statfs magic number, or null where unknown. */
  fileSystemType(path: string): Promise<number | null>;
  /** Small synchronous positioned write into an existing file; only for the anchor, inside a commit. */
  writeInPlaceSync(path: string, bytes: Buffer, position: number): void;
  /** Reads up to `buffer.length` bytes at `position`, synchronously; -1 where no such file is. Only for the lock fence, before a commit. */
  readInPlaceSync(path: string, buffer: Buffer, position: number): number;
  /** Synchronous fsync of an existing file; only for the anchor. */
  syncFileSync(path: string): void;
}
