import { dirname } from 'node:path';
import type { Disk } from '../../ports/index.ts';

/**
 * Removes a file of ours outside the vault together with the half of it under its temporary name.
 *
 * @param whole the file was there: then one that is not found lies on a stick that was taken out.
 * @returns whether it is certain that nothing of it lies there any more. Never throws.
 */
export const removeOutside = async (disk: Disk, path: string, whole: boolean): Promise<boolean> => {
  try {
    if ((await disk.stat(dirname(path))) === null) return false;
    await disk.remove(`${path}.part`);
    return (await disk.remove(path)) || !whole;
  } catch {
    return false;
  }
};
