import { AppError, isAppError } from '#shared/errors.ts';
import type { ErrorCode } from '#shared/errors.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'disk.full',
  EDQUOT: 'disk.full',
  EFBIG: 'disk.full',
  ENOENT: 'disk.notFound',
  ENOTDIR: 'disk.notFound',
  EISDIR: 'disk.isFolder',
  EEXIST: 'disk.targetExists',
};

/**
 * Turns an error of the file system into one of ours. The original is dropped, not wrapped: its message
 * quotes the path. `doing` decides what an unknown failure (EIO, EACCES, a pulled stick) is called.
 */
export const toDiskError = (thrown: unknown, doing: 'reading' | 'writing'): AppError => {
  if (isAppError(thrown)) return thrown;
  const code = thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined;
  const known = code === undefined ? undefined : CODES[code];
  return new AppError(known ?? (doing === 'reading' ? 'disk.notReadable' : 'disk.notWritable'));
};

/** Runs disk work and lets only our own errors out. */
export const onDisk = async <T>(doing: 'reading' | 'writing', work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    throw toDiskError(thrown, doing);
  }
};
