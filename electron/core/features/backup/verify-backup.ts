import { join } from 'node:path';
import { AppError, isAppError, type ErrorCode } from '#shared/errors.ts';
import type { BackupFinding, BackupWarning } from '#shared/contract/backup.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { snapshotFileName } from '../../crypto/backup-catalogue.ts';
import { ObjectStore } from '../../files/object-store.ts';
import { throwIfCancelled } from '../../files/object-writer.ts';
import { vaultOf, type OpenVault } from '../vault/index.ts';
import { noteVerified } from './backup-repo.ts';
import { hashFile } from './copy-file.ts';
import type { TaskCall } from './copy-objects.ts';
import { proveHeader } from './headers.ts';
import { readKnownTarget, type KnownTarget } from './known-target.ts';
import { resolvePlace } from './place.ts';
import { objectsOfSnapshot, proveObject } from './restore-into.ts';
import type { SealedObject } from './sealed-objects-repo.ts';
import { openSnapshot } from './snapshot.ts';
import { TargetFiles } from './target-files.ts';

const MAX_FINDINGS = 10_000;

/** Gathers what is wrong, by code; what is not ours to judge goes on up. */
export class Findings {
  readonly list: BackupFinding[] = [];

  add(part: BackupFinding['part'], code: ErrorCode, subject: string): void {
    if (this.list.length < MAX_FINDINGS) this.list.push({ part, code, subject });
  }

  /** Runs one look; a refusal becomes a finding, a cancelled task or a mistake of ours does not. */
  async look<T>(part: BackupFinding['part'], subject: string, work: () => Promise<T> | T): Promise<T | null> {
    try {
      return await work();
    } catch (thrown) {
      if (!isAppError(thrown) || PASSED_ON.has(thrown.code)) throw thrown;
      this.add(part, thrown.code, subject);
      return null;
    }
  }
}
const PASSED_ON: ReadonlySet<string> = new Set([
  'call.cancelled',
  'call.locked',
  'call.internal',
  'disk.full',
  'backup.targetMissing',
  'backup.folderNotEmpty',
]);

const FINDING_OF: Partial<Record<BackupWarning, ErrorCode>> = {
  wentBack: 'backup.wentBack',
  replaced: 'backup.replaced',
};

/** What the comparison with the vault's memory found, as findings. */
export const findingsOfTarget = async (
  found: Findings,
  files: TargetFiles,
  known: KnownTarget,
): Promise<void> => {
  for (const warning of known.warnings) {
    const code = FINDING_OF[warning];
    if (code !== undefined) found.add('catalogue', code, String(known.catalogue.body.n));
  }
  for (const entry of known.lost) {
    const there = await files.snapshotBytes(snapshotFileName(entry.snapshotId));
    found.add(
      'snapshot',
      there === null ? 'backup.snapshotMissing' : 'backup.snapshotDamaged',
      entry.snapshotId.toString('hex'),
    );
  }
};

/** Bytes that reading these objects takes. */
export const objectBytes = (objects: readonly SealedObject[]): number =>
  objects.reduce((sum, object) => sum + (object.size === null ? 0 : ObjectStore.fileBytes(object.size)), 0);

type Checked = CallOutput<'backup.verify'>['checked'];

const verifyAll = async (
  call: TaskCall,
  vault: OpenVault,
  files: TargetFiles,
  known: KnownTarget,
  how: 'content' | 'ends',
  found: Findings,
): Promise<Checked> => {
  const { signal } = call.task;
  const requireOpen = (): void => {
    throwIfCancelled(signal);
    if (call.core.session !== vault) throw new AppError('call.locked');
  };
  const checked = { snapshots: 0, objects: 0, bytes: 0 };
  await findingsOfTarget(found, files, known);
  const snapshotTotal = known.present.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const entry of known.present) {
    requireOpen();
    const subject = entry.snapshotId.toString('hex');
    await found.look('header', subject, () => proveHeader(vault, files, entry));
    await found.look('snapshot', subject, async () => {
      const { sha256 } = await hashFile(vault.ports, files.snapshotPath(snapshotFileName(entry.snapshotId)), {
        signal,
        progress: (count) => {
          checked.bytes += count;
          call.task.progress('hashing', checked.bytes, snapshotTotal, 'bytes');
        },
      });
      if (!sha256.equals(entry.sha256)) throw new AppError('backup.snapshotDamaged');
      checked.snapshots += 1;
    });
  }
  const ahead = new Set(known.ahead);
  const newest = known.present
    .filter((entry) => !ahead.has(entry) && entry.generation === vault.generation)
    .at(-1);
  if (newest === undefined) {
    found.add('snapshot', 'backup.snapshotMissing', 'newest');
    return checked;
  }
  requireOpen();
  const objects = await found.look('snapshot', newest.snapshotId.toString('hex'), async () => {
    const source = {
      ports: vault.ports,
      target: files,
      backupKey: vault.backupKey,
      workFolder: join(vault.folder, 'scratch'),
    };
    const snapshot = await openSnapshot(source, newest, { signal });
    try {
      return objectsOfSnapshot(vault.ports, snapshot.connection, newest);
    } finally {
      await snapshot.close();
    }
  });
  if (objects === null) return checked;
  const total = objectBytes(objects);
  let done = 0;
  for (const object of objects) {
    requireOpen();
    const keys = { wrap: vault.keys.wrap, vaultId: vault.vaultId };
    await found.look('object', object.objectId.toString('hex'), async () => {
      await proveObject(vault.ports, keys, files.root, object, how, signal);
      checked.objects += 1;
    });
    done += objectBytes([object]);
    checked.bytes += how === 'content' ? objectBytes([object]) : 0;
    call.task.progress('checkingObjects', done, total, 'bytes');
  }
  return checked;
};

/**
 * Reads a whole target against its list and against what the vault remembers: every hash, every header, and every
 * object with the keys that the newest snapshot holds. Changes nothing on it.
 *
 * @throws AppError `backup.targetMissing`, `backup.notABackup`, `disk.full` (the snapshot is looked at in the
 *   vault's work folder), `call.cancelled`, `call.locked`; everything else is a finding.
 */
export const verifyBackup = async (
  call: TaskCall,
  input: HandlerInput<'backup.verify'>,
): Promise<CallOutput<'backup.verify'>> => {
  const vault = vaultOf(call);
  const place = resolvePlace(call, input.target);
  call.task.describe(place.name);
  const files = new TargetFiles(vault.ports, place.path);
  const found = new Findings();
  const known = await found.look('catalogue', 'catalogue', async () => {
    const target = await readKnownTarget(vault, files, place);
    if (target === null) throw new AppError('backup.targetMissing');
    return target;
  });
  const checked =
    known === null
      ? { snapshots: 0, objects: 0, bytes: 0 }
      : await verifyAll(call, vault, files, known, input.objects, found);
  const ok = found.list.length === 0;
  if (call.core.session !== vault) throw new AppError('call.locked');
  const id = known?.row?.id ?? place.named?.id ?? null;
  if (id !== null && vault.db.readOnlyBecause === null) {
    vault.db.write(call.method, (tx) => {
      noteVerified(tx, id, vault.ports.clock.now(), ok);
    });
    call.core.emit({ name: 'backup.changed', payload: {} });
  }
  return { ok, findings: found.list, checked, warnings: [...(known?.warnings ?? [])] };
};
