import { dirname } from 'node:path';
import type { Disk } from '../../ports/index.ts';
import { hashOf, type WrittenFile } from './package/index.ts';

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

/**
 * The same where others may have put a file under that name since: what has another sum is theirs and stays.
 *
 * @param sum of the file that was ours; null: it never got its name, only the half of it can lie there.
 * @returns whether it is certain that nothing of ours lies there any more. Never throws.
 */
export const removeKnown = async (
  disk: Disk,
  path: string,
  sum: WrittenFile | null,
  signal: Pick<AbortSignal, 'throwIfAborted'>,
): Promise<boolean> => {
  try {
    const there = await disk.stat(path);
    const ours =
      sum !== null &&
      there?.kind === 'file' &&
      there.sizeBytes === sum.bytes &&
      (await hashOf(disk, path, signal)) === sum.sha256;
    if (ours) return await removeOutside(disk, path, false);
    if ((await disk.stat(dirname(path))) === null) return false;
    await disk.remove(`${path}.part`);
    return true;
  } catch {
    return false;
  }
};
