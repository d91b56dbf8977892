import { join } from 'node:path';
import { AppError, isAppError } from '#shared/errors.ts';
import type { BackupWarning } from '#shared/contract/backup.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { ObjectStore } from '../../files/object-store.ts';
import { throwIfCancelled } from '../../files/object-writer.ts';
import type { OpenVault } from '../vault/index.ts';
import { keyedObjects, type KeyedObject } from './backup-repo.ts';
import type { Place } from './place.ts';
import type { TargetFiles } from './target-files.ts';

/** Small files and the folders' own blocks, over what is counted. */
const SPARE_BYTES = 1024 * 1024;

/** The call of a running task. */
export type TaskCall = OpenCall & { readonly task: TaskHandle };

/** What a run carries from step to step. */
export interface Run {
  readonly call: TaskCall;
  readonly vault: OpenVault;
  readonly files: TargetFiles;
  readonly place: Place;
  /** False in a vault that is open to look only: nothing is noted in it. */
  readonly noting: boolean;
  readonly warnings: Set<BackupWarning>;
  copiedObjects: number;
  copiedBytes: number;
}

/**
 * Throws `call.cancelled`, `call.locked`. The keys are wiped when the vault is locked, and a list sealed with wiped keys would be worse than none: asked
 * right before each use, in the same turn.
 */
export const requireOpen = ({ call, vault }: Run): void => {
  throwIfCancelled(call.task.signal);
  if (call.core.session !== vault) throw new AppError('call.locked');
};

/** Bytes of the object's file that a good copy has; by the vault's own file where no record names the object. */
const expectedBytes = async (run: Run, object: KeyedObject): Promise<number | null> => {
  if (object.size !== null) return ObjectStore.fileBytes(object.size);
  const stat = await onDisk('reading', () => run.vault.ports.disk.stat(vaultObject(run, object)));
  return stat?.kind === 'file' ? stat.sizeBytes : null;
};

const vaultObject = ({ vault }: Run, object: KeyedObject): string => {
  const name = object.id.toString('hex');
  return join(vault.objectsFolder, name.slice(0, 2), name);
};

interface Missing {
  readonly object: KeyedObject;
  readonly bytes: number;
}

/** What the target lacks, by names and sizes; contents are compared by `backup.verify`. */
const missingObjects = async (
  run: Run,
  objects: readonly KeyedObject[],
  there: ReadonlyMap<string, number>,
): Promise<Missing[]> => {
  const missing: Missing[] = [];
  for (const object of objects) {
    const bytes = await expectedBytes(run, object);
    if (bytes === null) run.warnings.add('objectsMissing');
    else if (there.get(object.id.toString('hex')) !== bytes) missing.push({ object, bytes });
  }
  return missing;
};

const requireSpace = async (run: Run, missing: readonly Missing[], snapshotBytes: number): Promise<void> => {
  const { disk } = run.vault.ports;
  const needed = missing.reduce((sum, one) => sum + one.bytes, snapshotBytes + SPARE_BYTES);
  const [free, work] = await onDisk('reading', () =>
    Promise.all([disk.freeBytes(run.files.root), disk.freeBytes(run.vault.folder)]),
  );
  if (free < needed || work < snapshotBytes + SPARE_BYTES) throw new AppError('disk.full');
};

const copyMissing = async (run: Run, missing: readonly Missing[]): Promise<void> => {
  const total = missing.reduce((sum, one) => sum + one.bytes, 0);
  let done = 0;
  const copied: string[] = [];
  for (const { object, bytes } of missing) {
    requireOpen(run);
    const name = object.id.toString('hex');
    const before = done;
    try {
      await run.files.putObject(vaultObject(run, object), name, {
        signal: run.call.task.signal,
        expect: { bytes, otherwise: 'evidence.objectTruncated' },
        progress: (count) => {
          done += count;
          run.call.task.progress('copyingObjects', done, total, 'bytes');
        },
      });
      copied.push(name);
      run.copiedObjects += 1;
      run.copiedBytes += bytes;
    } catch (thrown) {
      // The vault itself has not got it whole (or it was deleted just now): the rest is copied all the same.
      const ours = isAppError(thrown) && ['evidence.objectTruncated', 'disk.notFound'].includes(thrown.code);
      if (!ours) throw thrown;
      run.warnings.add('objectsMissing');
      done = before + bytes;
    }
  }
  await run.files.syncObjectFolders(copied);
};

/**
 * Copies until nothing is missing: evidence may come in while a long copy runs. Compares names and sizes only, so
 * an unchanged vault costs no reading; contents are what `backup.verify` compares.
 *
 * @param snapshotBytes room that the snapshot will take, 0 where none is made.
 * @returns names of the objects that are there now, or that the vault itself could not give.
 * @throws AppError `disk.*` (`disk.full` before the first byte), `call.cancelled`, `call.locked`.
 */
export const copyObjects = async (run: Run, snapshotBytes: () => number): Promise<ReadonlySet<string>> => {
  const { vault, files, call } = run;
  call.task.progress('comparing', 0, 0, 'items');
  const there = await files.objects(call.task.signal);
  const covered = new Set<string>();
  for (;;) {
    requireOpen(run);
    const objects = vault.db.read(keyedObjects).filter((object) => !covered.has(object.id.toString('hex')));
    if (objects.length === 0) return covered;
    const missing = await missingObjects(run, objects, there);
    requireOpen(run);
    await requireSpace(run, missing, snapshotBytes());
    await copyMissing(run, missing);
    for (const object of objects) covered.add(object.id.toString('hex'));
  }
};
