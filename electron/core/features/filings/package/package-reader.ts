import { AppError } from '#shared/errors.ts';
import type { Disk, DiskFile } from '../../../ports/index.ts';
import type { ByteSource } from './zip-reader.ts';
import { readZipDirectory, readZipEntry, ZIP_BOUNDS } from './zip-reader.ts';

/** A package as a list of files, whatever it is kept in. Paths have `/` and are relative to the bag. */
export interface PackageReader {
  readonly files: ReadonlyMap<string, number>;
  /** Streams a file of the list. */
  open(path: string): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

const CHUNK = 1024 * 1024;

/** The folder that all paths begin with, and `bagit.txt` in it; empty where the bag is at the top. */
const baseOf = (names: readonly string[]): string => {
  if (names.includes('bagit.txt')) return '';
  const [first = ''] = names;
  const base = first.slice(0, first.indexOf('/') + 1);
  if (base !== '' && names.every((name) => name.startsWith(base)) && names.includes(`${base}bagit.txt`))
    return base;
  throw new AppError('package.notAPackage');
};

/** A bag in a zip. Throws `AppError` `package.unreadable` or `package.notAPackage`. */
export const zipPackage = async (
  source: ByteSource,
  close: () => Promise<void> = () => Promise.resolve(),
): Promise<PackageReader> => {
  const entries = await readZipDirectory(source);
  const base = baseOf(entries.map((entry) => entry.name));
  const byPath = new Map(entries.map((entry) => [entry.name.slice(base.length), entry]));
  return {
    files: new Map([...byPath].map(([path, entry]) => [path, entry.size])),
    open: (path) => {
      const entry = byPath.get(path);
      if (entry === undefined) throw new AppError('package.unreadable');
      return readZipEntry(source, entry);
    },
    close,
  };
};

async function* fileBytes(disk: Disk, path: string, size: number): AsyncGenerator<Buffer> {
  const file = await disk.open(path, 'read');
  try {
    let at = 0;
    for (;;) {
      const buffer = Buffer.allocUnsafeSlow(CHUNK);
      const read = await file.read(buffer, at);
      if (read === 0) break;
      at += read;
      if (at > size) throw new AppError('package.unreadable');
      yield buffer.subarray(0, read);
    }
    if (at !== size) throw new AppError('package.unreadable');
  } finally {
    await file.close();
  }
}

/** A bag unpacked in a folder. Links and other special files are refused: they could point anywhere. */
export const folderPackage = async (disk: Disk, folder: string): Promise<PackageReader> => {
  const files = new Map<string, number>();
  const walk = async (path: string, prefix: string, depth: number): Promise<void> => {
    if (depth > 16) throw new AppError('package.unreadable');
    for (const name of (await disk.list(path)).sort()) {
      const stat = await disk.stat(`${path}/${name}`);
      if (stat === null || stat.kind === 'link' || stat.kind === 'other')
        throw new AppError('package.unreadable');
      if (stat.kind === 'folder') await walk(`${path}/${name}`, `${prefix}${name}/`, depth + 1);
      else files.set(`${prefix}${name}`, stat.sizeBytes);
      if (files.size > ZIP_BOUNDS.entries) throw new AppError('package.unreadable');
    }
  };
  await walk(folder, '', 0);
  if (!files.has('bagit.txt')) throw new AppError('package.notAPackage');
  return {
    files,
    open: (path) => {
      const size = files.get(path);
      if (size === undefined) throw new AppError('package.unreadable');
      return fileBytes(disk, `${folder}/${path}`, size);
    },
    close: () => Promise.resolve(),
  };
};

/** Positioned reads over an open file of the disk port. */
export const diskSource = async (file: DiskFile): Promise<ByteSource> => {
  const { sizeBytes } = await file.stat();
  return {
    size: sizeBytes,
    async read(position, length) {
      if (position < 0 || length < 0 || position + length > sizeBytes)
        throw new AppError('package.unreadable');
      const buffer = Buffer.allocUnsafeSlow(length);
      let filled = 0;
      while (filled < length) {
        const read = await file.read(buffer.subarray(filled), position + filled);
        if (read === 0) throw new AppError('package.unreadable');
        filled += read;
      }
      return buffer;
    },
  };
};

const AGE_MARK = Buffer.from('age-encryption.org/v1\n', 'ascii');

/**
 * Opens a package by its path: a folder, or a zip. The caller closes it.
 * Throws `AppError` `disk.notFound`, `package.notAPackage` (other kinds of file), `package.unreadable`, and
 * `package.encrypted` for a file of age, which only its recipient can open.
 */
export const openPackage = async (disk: Disk, path: string): Promise<PackageReader> => {
  const stat = await disk.stat(path);
  if (stat === null) throw new AppError('disk.notFound');
  if (stat.kind === 'folder') return folderPackage(disk, path);
  if (stat.kind !== 'file') throw new AppError('package.notAPackage');
  const file = await disk.open(path, 'read');
  try {
    const source = await diskSource(file);
    const head = await source.read(0, Math.min(source.size, AGE_MARK.length));
    if (head.equals(AGE_MARK)) throw new AppError('package.encrypted');
    if (head.length < 4 || head.readUInt32LE(0) !== 0x04034b50) throw new AppError('package.notAPackage');
    return await zipPackage(source, () => file.close());
  } catch (error) {
    await file.close();
    throw error;
  }
};
