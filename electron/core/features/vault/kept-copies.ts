import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { deriveSnapshotKey } from '../../crypto/key-hierarchy.ts';
import type { Connection } from '../../db/connection.ts';
import { checkpoint, exportDatabase } from '../../db/open.ts';
import { removeQuietly } from '../../files/atomic-write.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { MIGRATIONS, newestVersion, schemaVersion } from '../../migrations/run-migrations.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { Disk, Ports } from '../../ports/index.ts';
import { countAndList } from './kept-copies-repo.ts';

/** After so many unlocks without a complaint the copy has served. */
const OPENS_KEPT = 5;
const COPY_NAME = /^before-[0-9]+-[0-9a-f]{32}\.db(?:-journal)?$/u;

/** The pages of a file and what fits beside them; SQLCipher answers the size of a page under a name of its own. */
const bytesOf = (connection: Connection): number => {
  const one = (name: string): number => Number(Object.values(connection.pragma(name)[0] ?? {})[0] ?? 0);
  return one('page_count') * one('cipher_page_size');
};

/**
 * Keeps the database as it was before a migration, in the vault's folder, as an export under a key of its own
 * (that of a snapshot whose id is in the name). Not a copy of pages: those would fit back into the live file.
 *
 * @param backupKey from which the copy's key is made.
 * @returns name of the copy; null where no migration is due.
 * @throws AppError `disk.full` before anything is written, `vault.newerFormat` by the migrations themselves.
 */
export const keepBeforeMigration = async (
  { disk, crypto, random }: Pick<Ports, 'disk' | 'crypto' | 'random'>,
  folder: string,
  connection: Connection,
  backupKey: Buffer,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<string | null> => {
  const version = schemaVersion(connection);
  if (version === 0 || version >= newestVersion(migrations)) return null;
  checkpoint(connection);
  const free = await onDisk('reading', () => disk.freeBytes(folder));
  // The migration itself may need as much again.
  if (free < 2 * bytesOf(connection)) throw new AppError('disk.full');
  const id = random.bytes(16);
  const name = `before-${version}-${id.toString('hex')}.db`;
  const path = join(folder, name);
  const key = deriveSnapshotKey(crypto, backupKey, id);
  try {
    exportDatabase(connection, path, key);
  } catch (thrown) {
    await removeQuietly(disk, path);
    await removeQuietly(disk, `${path}-journal`);
    throw thrown;
  } finally {
    crypto.zero(key);
  }
  await onDisk('writing', async () => {
    const file = await disk.open(path, 'update');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.syncFolder(folder);
  });
  return name;
};

const remove = async (disk: Disk, folder: string, name: string): Promise<void> => {
  // Only what we named ourselves, whatever a row says.
  if (!COPY_NAME.test(name)) return;
  await removeQuietly(disk, join(folder, name));
};

/**
 * Counts one successful unlock and removes copies that have served. Copies without a row (of a migration that did
 * not come to its end) go as well: the database they were made from is still the old one.
 *
 * @param made name of the copy of this unlock, if a migration ran.
 */
export const countOpen = async (
  { disk, clock }: Pick<Ports, 'disk' | 'clock'>,
  folder: string,
  connection: Connection,
  made: { readonly name: string; readonly version: number } | null,
): Promise<void> => {
  const kept = countAndList(connection, OPENS_KEPT, made === null ? null : { ...made, atMs: clock.now() });
  for (const name of await disk.list(folder)) {
    if (COPY_NAME.test(name) && !kept.has(name)) await remove(disk, folder, name);
  }
};

/**
 * Copies from before a migration that lie in the folder without a row: given up, and not removed yet. `madeMs`: when
 * the file was written, milliseconds since epoch. What SQLite keeps beside a copy holds pages of it, and is a file of
 * its own where the copy itself is gone.
 *
 * @throws the disk's own errors.
 */
export const leftKeptCopies = async (
  disk: Disk,
  folder: string,
  staying: ReadonlySet<string>,
): Promise<{ readonly name: string; readonly madeMs: number }[]> => {
  const left: { name: string; madeMs: number }[] = [];
  const names = await disk.list(folder);
  const copies = new Set(names.filter((name) => COPY_NAME.test(name)));
  for (const name of copies) {
    const copy = name.replace(/-journal$/u, '');
    if (staying.has(copy) || (copy !== name && copies.has(copy))) continue;
    const stat = await disk.stat(join(folder, name));
    if (stat !== null) left.push({ name, madeMs: Math.trunc(stat.modifiedMs) });
  }
  return left;
};

/**
 * Removes the copies from before a migration whose row was taken away: what was erased or deleted here must not stay
 * beside the vault. One that cannot be removed now goes with the next opening.
 *
 * @param staying names of those that have a row.
 * @returns true where no other is left.
 */
export const removeKeptCopies = async (
  disk: Disk,
  folder: string,
  staying: ReadonlySet<string>,
): Promise<boolean> => {
  const leaving = async (): Promise<string[]> =>
    (await disk.list(folder)).filter((name) => COPY_NAME.test(name) && !staying.has(name));
  const names = await leaving();
  if (names.length === 0) return true;
  for (const name of names) await remove(disk, folder, name);
  if ((await leaving()).length > 0) return false;
  await disk.syncFolder(folder);
  return true;
};
