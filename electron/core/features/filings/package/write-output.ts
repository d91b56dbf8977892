import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors.ts';
import type { Disk } from '../../../ports/index.ts';

export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

const TURN = 4 * 1024 * 1024;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Turns Node's error on writing into ours; the path and its words stay behind. */
const writeError = (cause: unknown): unknown => {
  if (cause instanceof AppError) return cause;
  switch (codeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('disk.full', { cause });
    case 'EEXIST':
      return new AppError('disk.targetExists', { cause });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EIO':
      return new AppError('disk.notWritable', { cause });
    default:
      return cause;
  }
};

/**
 * Writes a stream into `folder/name`: under a temporary name, synced, read back and compared, and renamed
 * only then; so a file of the right name is whole. Its times are the export day at midnight UTC and tell no
 * hour. Never replaces a file. Gives size and SHA-256, and tells them to `named` before the file gets its name, so
 * that it can be known again whatever happens then.
 * Throws `AppError` `disk.targetExists`, `disk.full`, `disk.notWritable`, and what the stream throws; the
 * half-written file is removed.
 */
export const writeOutput = async (
  disk: Disk,
  folder: string,
  name: string,
  content: AsyncIterable<Uint8Array>,
  day: string,
  signal?: AbortSignal,
  named?: (file: WrittenFile) => void,
): Promise<WrittenFile> => {
  const target = `${folder}/${name}`;
  const partial = `${target}.part`;
  if ((await disk.stat(target)) !== null) throw new AppError('disk.targetExists');
  let created = false;
  try {
    const file = await disk.open(partial, 'create');
    created = true;
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of content) {
        signal?.throwIfAborted();
        hash.update(chunk);
        await file.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), bytes);
        bytes += chunk.length;
      }
      await file.setTimes(Date.parse(`${day}T00:00:00Z`) / 1000);
      await file.sync();
    } finally {
      await file.close();
    }
    const sha256 = hash.digest('hex');
    if ((await hashOf(disk, partial, signal)) !== sha256) throw new AppError('disk.notWritable');
    if ((await disk.stat(target)) !== null) throw new AppError('disk.targetExists');
    named?.({ bytes, sha256 });
    await disk.rename(partial, target);
    await disk.syncFolder(folder);
    return { bytes, sha256 };
  } catch (error) {
    if (created) await disk.remove(partial).catch(() => false);
    throw writeError(error);
  }
};

/** SHA-256 of a file, in hex. Stops where `signal` throws. */
export const hashOf = async (
  disk: Disk,
  path: string,
  signal?: Pick<AbortSignal, 'throwIfAborted'>,
): Promise<string> => {
  const file = await disk.open(path, 'read');
  const hash = createHash('sha256');
  try {
    const buffer = Buffer.allocUnsafeSlow(TURN);
    for (let at = 0; ;) {
      signal?.throwIfAborted();
      const read = await file.read(buffer, at);
      if (read === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, read));
      at += read;
    }
  } finally {
    await file.close();
  }
};
