import { dirname, join } from 'node:path';
import { AppError, isAppError } from '#shared/errors.ts';
import { objectSetHash, type CatalogueBody, type CatalogueEntry } from '../../crypto/backup-catalogue.ts';
import { unwrapObjectKey } from '../../crypto/object-format.ts';
import type { Connection } from '../../db/connection.ts';
import { exportDatabase } from '../../db/open.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { ObjectStore } from '../../files/object-store.ts';
import { throwIfCancelled } from '../../files/object-writer.ts';
import type { Disk, Ports } from '../../ports/index.ts';
import {
  dropMeta,
  HEADER_FILE,
  setMeta,
  unlockVault,
  type AccessWay,
  type OpenVault,
} from '../vault/index.ts';
import { forgetCatalogues, noteFound } from './backup-repo.ts';
import { copyFile } from './copy-file.ts';
import type { OpenedEntry } from './open-backup.ts';
import { sealedObjects, type SealedObject } from './sealed-objects-repo.ts';
import { openSnapshot } from './snapshot.ts';
import { beginUnfinished } from './unfinished-folder.ts';
import { OBJECTS_FOLDER, type TargetFiles } from './target-files.ts';

/** The objects of a snapshot, which must be exactly those that the list counted. Throws `backup.objectsDiffer`. */
export const objectsOfSnapshot = (
  ports: Ports,
  connection: Connection,
  entry: CatalogueEntry,
): SealedObject[] => {
  const objects = sealedObjects(connection);
  const hash = objectSetHash(
    ports.crypto,
    objects.map((object) => object.objectId),
  );
  if (objects.length !== entry.objectCount || !hash.equals(entry.objectsHash)) {
    throw new AppError('backup.objectsDiffer');
  }
  return objects;
};

/**
 * Opens one object with the key that a database holds and reads all of it, or only its ends.
 *
 * @param folder whose `objects/` it lies in.
 * @throws AppError `evidence.objectMissing`, `evidence.objectTruncated`, `evidence.objectSwapped`,
 *   `evidence.objectDamaged`, `call.cancelled`.
 */
export const proveObject = async (
  ports: Ports,
  keys: { readonly wrap: Buffer; readonly vaultId: Buffer },
  folder: string,
  object: SealedObject,
  how: 'content' | 'ends',
  signal: AbortSignal,
): Promise<void> => {
  const { objectId } = object;
  const key = unwrapObjectKey(ports.crypto, keys.wrap, { vaultId: keys.vaultId, objectId }, object.wrapped);
  try {
    // A key that no record names (a crash fell between them) has no size to compare with.
    if (object.size === null || object.sha256 === null) return;
    const reader = await new ObjectStore(ports, folder).open({ objectId, key, sizeBytes: object.size });
    try {
      if (how === 'content') await reader.verify(object.sha256, { signal });
    } finally {
      await reader.close();
    }
  } finally {
    ports.crypto.zero(key);
  }
};

export interface RestoreInto {
  readonly ports: Ports;
  readonly files: TargetFiles;
  readonly from: OpenedEntry;
  /** The list that the snapshot is in. */
  readonly catalogue: CatalogueBody;
  readonly way: AccessWay;
  /** Folder that does not exist; the folder above does. */
  readonly folder: string;
  /** `none`: a rehearsal, which proves them where they lie. */
  readonly objects: 'copy' | 'none';
  /** A later snapshot is there: objects that are gone were deleted since, and are not missed. */
  readonly mayMiss: boolean;
  readonly signal: AbortSignal;
  readonly progress: (stage: string, done: number, total: number, unit: 'bytes' | 'items') => void;
}

const makeFolders = async (disk: Disk, folder: string): Promise<void> => {
  await onDisk('writing', async () => {
    await beginUnfinished(disk, folder);
    await disk.makeFolder(join(folder, OBJECTS_FOLDER));
    await disk.makeFolder(join(folder, 'scratch'));
    await disk.syncFolder(dirname(folder));
  });
};

const syncFile = (disk: Disk, path: string): Promise<void> =>
  onDisk('writing', async () => {
    const file = await disk.open(path, 'update');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  });

const writeHeader = (disk: Disk, folder: string, header: Buffer): Promise<void> =>
  onDisk('writing', async () => {
    const file = await disk.open(join(folder, HEADER_FILE), 'create');
    try {
      await file.write(header, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.syncFolder(folder);
  });

/** Copies each object and reads it back whole with the key of the snapshot. */
const copyObjects = async (into: RestoreInto, objects: readonly SealedObject[]): Promise<number> => {
  const { ports, files, from, folder } = into;
  const keys = { wrap: from.opened.keys.wrap, vaultId: from.opened.header.body.id };
  const total = objects.reduce((sum, object) => sum + ObjectStore.fileBytes(object.size ?? 0), 0);
  let done = 0;
  const folders = new Set<string>();
  for (const object of objects) {
    throwIfCancelled(into.signal);
    const name = object.objectId.toString('hex');
    const at = join(folder, OBJECTS_FOLDER, name.slice(0, 2));
    if ((await ports.disk.stat(files.objectPath(name))) === null) {
      if (into.mayMiss) continue;
      throw new AppError('evidence.objectMissing');
    }
    await onDisk('writing', () => ports.disk.makeFolder(at));
    folders.add(at);
    await copyFile(ports, files.objectPath(name), join(at, name), {
      signal: into.signal,
      progress: (count) => {
        done += count;
        into.progress('copyingObjects', done, total, 'bytes');
      },
    });
    await proveObject(ports, keys, folder, object, 'content', into.signal);
  }
  await onDisk('writing', async () => {
    for (const at of folders) await ports.disk.syncFolder(at);
    await ports.disk.syncFolder(join(folder, OBJECTS_FOLDER));
  });
  return done;
};

/** What came of it. The vault is open and belongs to a chain of its own. */
export interface RestoredVault {
  readonly vault: OpenVault;
  readonly objects: readonly SealedObject[];
  readonly copiedBytes: number;
}

/**
 * Makes a vault of a snapshot in a folder of its own: database under the vault's key again, header of that time,
 * objects, then a new incarnation whose first entry names the head that it goes on from. No number of the old
 * chain is ever given again, whatever the lost vault had given meanwhile. Everything in the folder is encrypted at
 * any moment. The caller removes the folder where this throws.
 *
 * @throws AppError the codes of `openSnapshot`, `backup.objectsDiffer`, `evidence.object*`, of `unlockVault`.
 */
export const restoreInto = async (into: RestoreInto): Promise<RestoredVault> => {
  const { ports, files, from, folder } = into;
  const { disk } = ports;
  const { keys, header } = from.opened;
  await makeFolders(disk, folder);
  into.progress('copyingSnapshot', 0, from.entry.bytes, 'bytes');
  const snapshot = await openSnapshot(
    { ports, target: files, backupKey: keys.backup, workFolder: join(folder, 'scratch') },
    from.entry,
    { signal: into.signal },
  );
  const database = join(folder, header.body.database);
  let objects: SealedObject[];
  try {
    objects = objectsOfSnapshot(ports, snapshot.connection, from.entry);
    exportDatabase(snapshot.connection, database, keys.database);
  } finally {
    await snapshot.close();
  }
  await syncFile(disk, database);
  const copiedBytes = into.objects === 'copy' ? await copyObjects(into, objects) : 0;
  await writeHeader(disk, folder, from.headerBytes);
  into.progress('opening', 0, 0, 'items');
  // Without the profile: what this computer knows of the lost vault is compared by the plan, and must not be
  // replaced by the anchor of a vault that may never take its place.
  const apart = { ...ports, platform: { ...ports.platform, profileFolder: null } };
  const vault = await unlockVault(apart, { folder, way: into.way, onLost: () => undefined });
  try {
    const because = vault.db.readOnlyBecause;
    // There is no anchor beside a database that was just written; any other reason is a real one.
    if (because !== 'vault.anchorDamaged') throw new AppError(because ?? 'call.internal');
    await beginIncarnation(vault, from.entry, into.catalogue);
    return { vault, objects, copiedBytes };
  } catch (thrown) {
    await vault.close();
    throw isAppError(thrown) ? thrown : new AppError('call.internal');
  }
};

const beginIncarnation = async (
  vault: OpenVault,
  entry: CatalogueEntry,
  catalogue: CatalogueBody,
): Promise<void> => {
  const incarnation = vault.ports.random.bytes(16);
  const continued = vault.journal.head;
  vault.db.setReadOnly(null);
  setMeta(vault.db.connection, 'writer', vault.writer);
  vault.db.write('vault.restore', (tx) => {
    setMeta(tx, 'incarnation', incarnation);
    vault.journal.beginIncarnation(incarnation);
    // What was packed and who carries what was said of another day and, perhaps, of another computer.
    dropMeta(tx, 'safeguard');
    // What lies on the targets may have gone on since: their lists are believed by their seal the next time.
    forgetCatalogues(tx);
    noteFound(tx, catalogue.targetId.toString('hex'), catalogue.snapshots);
    tx.journal({
      table: 'journal',
      id: continued.hash.toString('hex'),
      payload: {
        restored: true,
        snapshot: entry.snapshotId.toString('hex'),
        takenMs: entry.takenMs,
        position: continued.position,
      },
    });
  });
  await vault.startAnew();
};
