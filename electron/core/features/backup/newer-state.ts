import { join } from 'node:path';
import { AppError, isAppError } from '#shared/errors.ts';
import type { RestorePlan } from '#shared/contract/backup.ts';
import type { CatalogueEntry } from '../../crypto/backup-catalogue.ts';
import { parseHeader } from '../../crypto/header.ts';
import type { Connection } from '../../db/connection.ts';
import type { Reader } from '../../db/index.ts';
import { checkpoint, damageOf, openDatabase } from '../../db/open.ts';
import { onDisk } from '../../files/disk-errors.ts';
import type { Ports } from '../../ports/index.ts';
import { HEADER_FILE, isWholeState, openHeader, readHeaderFile, type AccessWay } from '../vault/index.ts';
import { whatComesBack, type Returning } from './comes-back-repo.ts';
import { copyFile } from './copy-file.ts';
import { openBackup, openEntry, type OpenedBackup } from './open-backup.ts';
import { openSnapshot, removeWork } from './snapshot.ts';
import { CATALOGUE_FILE } from './target-files.ts';

type Why = RestorePlan['notCompared'];

/** A state that may know more than the chosen snapshot, opened for reading only. */
interface OpenedState {
  readonly connection: Connection;
  close(): Promise<void>;
}

/** A newer state that went on from the chosen snapshot and is whole. `close` is called whatever happens. */
export interface NewerState extends OpenedState {
  readonly from: NonNullable<RestorePlan['comparedWith']>;
  readonly returning: Returning;
}

/** What the comparison gave. */
export interface Newer {
  readonly state: NewerState | null;
  /** Why what the person named could not be compared; null: it could, or nothing was named. */
  readonly notCompared: Why;
}

export interface FindNewer {
  readonly ports: Ports;
  readonly way: AccessWay;
  readonly backup: OpenedBackup;
  readonly chosen: CatalogueEntry;
  /** Folder of the lost vault, or of another backup; null: only what this backup itself has. */
  readonly newer: string | null;
  /** Folder for work copies: ciphertext only. */
  readonly workFolder: string;
  readonly signal: AbortSignal;
}

/** Opens the newest snapshot of a backup in the work folder. */
const openNewest = async (
  { ports, way, workFolder, signal }: FindNewer,
  backup: OpenedBackup,
  entry: CatalogueEntry,
): Promise<OpenedState> => {
  const from = await openEntry(ports, backup, entry, way);
  try {
    return await openSnapshot(
      { ports, target: backup.files, backupKey: from.opened.keys.backup, workFolder },
      entry,
      { signal },
    );
  } finally {
    from.close();
  }
};

/** Where pages are damaged nothing of a database is believed; otherwise null. */
const damagedOrNull = async <T>(work: () => Promise<T>): Promise<T | null> => {
  try {
    return await work();
  } catch (thrown) {
    if (isAppError(thrown) && thrown.code === 'vault.databaseDamaged') return null;
    throw thrown;
  }
};

/**
 * The lost vault as it lies there: database and log are copied, so that nothing of it changes, and read in the work
 * folder. A log whose end is damaged opens without a word and without the last changes, withdrawals among them; so
 * the copy counts only where its anchor bears it out.
 *
 * @returns why it cannot be compared with, or the open copy.
 */
const openLost = async (
  { ports, way, backup, workFolder, signal }: FindNewer,
  folder: string,
): Promise<OpenedState | 'incomplete' | 'damaged'> => {
  const unverified = parseHeader(await readHeaderFile(ports.disk, folder));
  if (!unverified.id.equals(backup.catalogue.body.vaultId)) throw new AppError('backup.otherVault');
  const opened = await openHeader(ports.crypto, unverified, way);
  const work = join(workFolder, ports.random.bytes(16).toString('hex'));
  let connection: Connection | null = null;
  const drop = async (): Promise<void> => {
    connection?.close();
    await removeWork(ports.disk, work);
  };
  try {
    const { database, id } = opened.header.body;
    await copyFile(ports, join(folder, database), work, { signal });
    const log = join(folder, `${database}-wal`);
    if ((await onDisk('reading', () => ports.disk.stat(log)))?.kind === 'file') {
      await copyFile(ports, log, `${work}-wal`, { signal });
    }
    const parts = { ...ports, folder, anchorKey: opened.keys.anchor, vaultId: id };
    const whole = await damagedOrNull(async () => {
      const copy = openDatabase(work, opened.keys.database);
      connection = copy;
      // The check of pages reads the main file only.
      checkpoint(copy);
      if (damageOf(copy).length > 0) throw new AppError('vault.databaseDamaged');
      return { copy, whole: await isWholeState(ports, copy, opened.header, parts) };
    });
    if (whole?.whole !== true) {
      await drop();
      return whole === null ? 'damaged' : 'incomplete';
    }
    return { connection: whole.copy, close: drop };
  } catch (thrown) {
    await drop();
    throw thrown;
  } finally {
    opened.wipe();
  }
};

/** Compares, and keeps the state open where it went on from the snapshot. */
const compareWith = async (
  find: FindNewer,
  chosen: Reader,
  from: NewerState['from'],
  state: OpenedState,
): Promise<NewerState | null> => {
  try {
    const returning = whatComesBack(chosen, state.connection, find.chosen);
    if (returning !== null) return { ...state, from, returning };
  } catch (thrown) {
    await state.close();
    throw thrown;
  }
  await state.close();
  return null;
};

/**
 * The newest snapshot of another backup that went on from the chosen one: the last of a stick may come from another
 * future of the vault. Of those before it only such as can know more are looked at.
 */
const otherBackup = async (find: FindNewer, chosen: Reader, folder: string): Promise<NewerState | null> => {
  const other = await openBackup(find.ports, folder, find.way);
  try {
    const { vaultId, snapshots } = other.catalogue.body;
    if (!vaultId.equals(find.backup.catalogue.body.vaultId)) throw new AppError('backup.otherVault');
    const last = snapshots.at(-1);
    if (last === undefined) throw new AppError('backup.snapshotUnknown');
    for (const entry of [...snapshots].reverse()) {
      if (entry !== last && entry.position <= find.chosen.position) continue;
      const state = await compareWith(find, chosen, 'newerBackup', await openNewest(find, other, entry));
      if (state !== null) return state;
    }
    return null;
  } finally {
    other.close();
  }
};

/**
 * What the person named: the lost vault's folder, or another backup.
 *
 * @returns what it was compared with, open, or why it was not.
 * @throws AppError `backup.notABackup`
 */
const compareNamed = async (
  find: FindNewer,
  chosen: Reader,
  folder: string,
): Promise<NewerState | NonNullable<Why>> => {
  const { disk } = find.ports;
  const has = async (name: string): Promise<boolean> =>
    (await onDisk('reading', () => disk.stat(join(folder, name)))) !== null;
  if (await has(CATALOGUE_FILE)) return (await otherBackup(find, chosen, folder)) ?? 'anotherChain';
  if (!(await has(HEADER_FILE))) throw new AppError('backup.notABackup');
  const lost = await openLost(find, folder);
  if (typeof lost === 'string') return lost;
  return (await compareWith(find, chosen, 'lostVault', lost)) ?? 'anotherChain';
};

/** The newest snapshot of the same backup that went on from the chosen one; a stick may hold another future as well. */
const newerSnapshot = async (find: FindNewer, chosen: Reader): Promise<NewerState | null> => {
  const later = find.backup.catalogue.body.snapshots.filter((entry) => entry.n > find.chosen.n);
  for (const entry of [...later].reverse()) {
    const opened = await openNewest(find, find.backup, entry);
    const state = await compareWith(find, chosen, 'newerSnapshot', opened);
    if (state !== null) return state;
  }
  return null;
};

/**
 * Finds what knows which changes were made after the chosen snapshot, and compares: the folder that the person named
 * (a lost vault that can still be read, or another backup), else the newest snapshot of the same backup. What was
 * named and is not whole, or went another way, is not compared with: a list that leaves out withdrawals without
 * saying so is worse than none.
 *
 * @param chosen the database of the chosen snapshot.
 * @throws AppError `backup.notABackup` for a folder that is neither, `backup.otherVault`, and the codes of opening.
 */
export const findNewer = async (find: FindNewer, chosen: Reader): Promise<Newer> => {
  let notCompared: Why = null;
  if (find.newer !== null) {
    const named = await compareNamed(find, chosen, find.newer);
    if (typeof named !== 'string') return { state: named, notCompared: null };
    notCompared = named;
  }
  return { state: await newerSnapshot(find, chosen), notCompared };
};
