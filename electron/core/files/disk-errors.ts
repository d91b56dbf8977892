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
 * quotes the path. `doing` decides what an unknown failure (EIO, EACCES, a pulled stick) is called. What is no
 * error of the system (a mistake in our own code) comes back as it is, so that it is not taken for a bad disk.
 */
export const toDiskError = (thrown: unknown, doing: 'reading' | 'writing'): Error => {
  if (isAppError(thrown)) return thrown;
  if (!(thrown instanceof Error)) return new AppError('call.internal');
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === undefined) return thrown;
  return new AppError(CODES[code] ?? (doing === 'reading' ? 'disk.notReadable' : 'disk.notWritable'));
};

/** Runs disk work and lets only our own errors out. */
export const onDisk = async <T>(doing: 'reading' | 'writing', work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    throw toDiskError(thrown, doing);
  }
};
