import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError } from '#shared/errors.ts';
import { Refusal } from './usage-error.ts';

/**
 * What lies at a path that was typed. The path is named on the terminal of whoever typed it, and nowhere else.
 * Errors: `Refusal` `disk.notFound`.
 */
export const needPath = async (path: string): Promise<Stats> => {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new Refusal('disk.notFound', { path });
  return found;
};

/** A dialogue asks before it replaces a file; a command has nobody to ask. Errors: `AppError` `disk.targetExists`. */
export const refuseExisting = async (path: string): Promise<void> => {
  if ((await stat(path).catch(() => null)) !== null) throw new AppError('disk.targetExists');
};
