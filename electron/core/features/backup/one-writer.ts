import { AppError } from '#shared/errors.ts';
import type { OpenVault } from '../vault/index.ts';

const writing = new WeakSet<OpenVault>();

/**
 * One writer of one vault's targets at a time: two runs would remove each other's work files, and a list written
 * beside a run would name snapshots that the run has just taken off, or forget the one that it has just put there.
 *
 * @throws AppError `backup.targetBusy` where another one is at work, and what `work` throws.
 */
export const asOnlyWriter = async <T>(vault: OpenVault, work: () => Promise<T>): Promise<T> => {
  if (writing.has(vault)) throw new AppError('backup.targetBusy');
  writing.add(vault);
  try {
    return await work();
  } finally {
    writing.delete(vault);
  }
};
