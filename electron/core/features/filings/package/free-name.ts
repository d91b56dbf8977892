import { AppError } from '#shared/errors.ts';
import type { Disk } from '../../../ports/index.ts';

/** More exports of one day in one folder than anybody makes. */
const MOST = 999;
const ENDINGS = ['', '.zip', '.age'] as const;

/**
 * The name under which an export is written: `<kind>-<day>`, and `-2`, `-3`, … behind it where something of that
 * name lies in the folder already, as a folder, a zip or an encrypted file. It tells of nothing but the day, and
 * two exports of one day never mix. A folder without any file is taken for what an interrupted export left.
 *
 * @param folder where it goes; need not exist yet.
 * @param day YYYY-MM-DD.
 * @throws AppError `disk.targetExists` where all names are taken, and what reading the folder throws.
 */
export const freeName = async (
  disk: Disk,
  folder: string,
  kind: 'paquete' | 'escrito',
  day: string,
): Promise<string> => {
  if ((await disk.stat(folder)) === null) return `${kind}-${day}`;
  // Some file systems tell no capitals apart.
  const taken = new Set((await disk.list(folder)).map((name) => name.toLowerCase()));
  for (let number = 1; number <= MOST; number += 1) {
    const name = number === 1 ? `${kind}-${day}` : `${kind}-${day}-${String(number)}`;
    const inTheWay = ENDINGS.filter((ending) => taken.has(`${name}${ending}`));
    if (inTheWay.length === 0) return name;
    if (inTheWay.length === 1 && inTheWay[0] === '' && (await holdsNothing(disk, `${folder}/${name}`)))
      return name;
  }
  throw new AppError('disk.targetExists');
};

/** Whether this is a folder in which folders alone lie, if anything. */
const holdsNothing = async (disk: Disk, path: string): Promise<boolean> => {
  if ((await disk.stat(path))?.kind !== 'folder') return false;
  for (const name of await disk.list(path)) {
    if (!(await holdsNothing(disk, `${path}/${name}`))) return false;
  }
  return true;
};
