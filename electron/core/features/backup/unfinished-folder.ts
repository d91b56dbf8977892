import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { onDisk } from '../../files/disk-errors.ts';
import type { Disk } from '../../ports/index.ts';
import { removeTree } from './copy-file.ts';

/**
 * Says that a folder is being put together by a restore and is nobody's vault yet. It has the form of a temporary
 * file of the vault: whoever opens such a folder as a vault, and so can have worked in it, takes the mark off.
 */
const MARK = '.726573746f72696e.tmp';

/** What a restore that died left beside its folder; anything else there is somebody's and is not touched. */
const OURS =
  /^(?:vault\.json|vault\.anchor|vault\.lock|vault-[0-9a-f]{16}\.db(?:-wal|-journal)?|objects|scratch|[0-9a-f]{32}(?:-wal|-journal)?|before-.*\.db|\.[0-9a-f]{16}\.tmp)$/u;

/** Makes the folder with its mark. @throws AppError `disk.targetExists`, `disk.*` */
export const beginUnfinished = (disk: Disk, folder: string): Promise<void> =>
  onDisk('writing', async () => {
    if (!(await disk.makeFolder(folder))) throw new AppError('disk.targetExists');
    const mark = await disk.open(join(folder, MARK), 'create');
    try {
      await mark.sync();
    } finally {
      await mark.close();
    }
    await disk.syncFolder(folder);
  });

/** Takes the mark off: from now on the folder is a vault that no restore removes. */
export const endUnfinished = async (disk: Disk, folder: string): Promise<void> => {
  await disk.remove(join(folder, MARK));
  await disk.syncFolder(folder);
};

/** Whether a folder bears the mark and holds nothing of anybody else; one that is empty died before its mark. */
export const isUnfinished = async (disk: Disk, folder: string): Promise<boolean> => {
  if ((await disk.stat(folder))?.kind !== 'folder') return false;
  const names = await disk.list(folder);
  return names.length === 0 || (names.includes(MARK) && names.every((name) => OURS.test(name)));
};

/** Removes such a folder and no other, its mark last, so that a removal cut short can be gone on with. */
export const removeUnfinished = async (disk: Disk, folder: string): Promise<void> => {
  if (!(await isUnfinished(disk, folder))) return;
  for (const name of await disk.list(folder)) if (name !== MARK) await removeTree(disk, join(folder, name));
  await removeTree(disk, folder);
};
