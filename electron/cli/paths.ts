import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
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
