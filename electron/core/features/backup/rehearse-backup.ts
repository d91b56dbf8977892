import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { throwIfCancelled } from '../../files/object-writer.ts';
import { checkVault, vaultOf, type AccessWay, type OpenVault } from '../vault/index.ts';
import { noteRehearsed, readTarget } from './backup-repo.ts';
import { removeTree } from './copy-file.ts';
import type { TaskCall } from './copy-objects.ts';
import { containsSnapshot, readKnownTarget, type KnownTarget } from './known-target.ts';
import { chooseEntry, openBackup, openEntry, withSecret } from './open-backup.ts';
import { resolvePlace } from './place.ts';
import { proveObject, restoreInto, type RestoredVault } from './restore-into.ts';
import { changesAfter } from './state-repo.ts';
import { snapshotOut } from './state.ts';
import { TargetFiles } from './target-files.ts';
import { Findings, findingsOfTarget, objectBytes } from './verify-backup.ts';
import { recordCounts } from './record-counts-repo.ts';

type Output = CallOutput<'backup.rehearse'>;

/**
 * Where rehearsals happen: inside the vault's work folder, which is emptied at every unlock. Only the database is
 * put there, under the vault's own key; nothing is ever there in clear. Evidence is proved where it lies.
 */
export const rehearsalFolder = (vaultFolder: string): string => join(vaultFolder, 'scratch', 'rehearsal');

/** Everything that `vault.check` looks at, but for the evidence, which was left on the target. */
const checkRestored = async (call: TaskCall, restored: RestoredVault, found: Findings): Promise<void> => {
  const verdict = await checkVault(restored.vault, {
    objects: 'presence',
    signal: call.task.signal,
    progress: (stage, done, total) => {
      call.task.progress(stage, done, total, 'items');
    },
  });
  for (const finding of verdict.findings) {
    if (finding.part === 'objects') continue;
    found.list.push({
      part: finding.part === 'journal' ? 'journal' : 'snapshot',
      code: finding.code,
      subject: finding.subject,
    });
  }
};

const rehearse = async (
  call: TaskCall,
  vault: OpenVault,
  files: TargetFiles,
  known: KnownTarget,
  way: AccessWay,
): Promise<Output> => {
  const { ports } = vault;
  const { signal } = call.task;
  const found = new Findings();
  await findingsOfTarget(found, files, known);
  const backup = await openBackup(ports, files.root, way);
  const folder = rehearsalFolder(vault.folder);
  try {
    if (!backup.catalogue.body.vaultId.equals(vault.vaultId)) throw new AppError('backup.otherVault');
    const entry = chooseEntry(backup, undefined);
    const from = await openEntry(ports, backup, entry, way);
    try {
      await onDisk('writing', () => removeTree(ports.disk, folder));
      const restored = await restoreInto({
        ports,
        files,
        from,
        catalogue: backup.catalogue.body,
        way,
        folder,
        objects: 'none',
        mayMiss: false,
        signal,
        progress: (stage, done, total, unit) => {
          call.task.progress(stage, done, total, unit);
        },
      });
      let counts: Output['counts'];
      try {
        await checkRestored(call, restored, found);
        counts = recordCounts(restored.vault.db.connection);
      } finally {
        await restored.vault.close();
      }
      const keys = { wrap: from.opened.keys.wrap, vaultId: vault.vaultId };
      const total = objectBytes(restored.objects);
      let done = 0;
      let objects = 0;
      for (const object of restored.objects) {
        throwIfCancelled(signal);
        await found.look('object', object.objectId.toString('hex'), async () => {
          await proveObject(ports, keys, files.root, object, 'content', signal);
          objects += 1;
        });
        done += objectBytes([object]);
        call.task.progress('checkingObjects', done, total, 'bytes');
      }
      return conclude(call, vault, { known, entry, found, counts, objects });
    } finally {
      from.close();
    }
  } finally {
    backup.close();
    await removeTree(ports.disk, folder).catch(() => undefined);
  }
};

/** Compares with the open vault: a copy that opens is no good copy where it is an old one in the place of a newer. */
const conclude = (
  call: TaskCall,
  vault: OpenVault,
  done: {
    readonly known: KnownTarget;
    readonly entry: Parameters<typeof snapshotOut>[2];
    readonly found: Findings;
    readonly counts: Output['counts'];
    readonly objects: number;
  },
): Output => {
  if (call.core.session !== vault) throw new AppError('call.locked');
  const { known, entry, found } = done;
  const wentBack = known.warnings.includes('wentBack') || known.warnings.includes('replaced');
  const contained = vault.db.read((db) => containsSnapshot(db, entry));
  if (!contained) found.add('journal', 'backup.targetAhead', entry.snapshotId.toString('hex'));
  const ok = found.list.length === 0 && !wentBack && contained;
  const id = known.row?.id ?? null;
  if (ok && id !== null && vault.db.readOnlyBecause === null) {
    vault.db.write(call.method, (tx) => {
      noteRehearsed(tx, id, vault.ports.clock.now());
    });
    call.core.emit({ name: 'backup.changed', payload: {} });
  }
  return vault.db.read((db) => {
    const lastMs = id === null ? null : (readTarget(db, id)?.rehearsed_at ?? null);
    return {
      ok,
      findings: found.list,
      snapshot: snapshotOut(db, vault.generation, entry),
      changesBehind: changesAfter(vault.ports.crypto, db, entry.position),
      wentBack,
      counts: done.counts,
      objects: done.objects,
      lastSuccessAt: lastMs === null ? null : new Date(lastMs).toISOString(),
    };
  });
};

/**
 * A restore that is thrown away: the same code, with a passphrase typed now, checked like a vault, compared with
 * the open one. Only so is it known that the passphrase on paper, the header on the stick and the copy belong
 * together.
 *
 * @throws AppError the codes of `readKnownTarget`, `openBackup` and `restoreInto`, `call.cancelled`, `call.locked`.
 */
export const rehearseBackup = async (
  call: TaskCall,
  input: HandlerInput<'backup.rehearse'>,
): Promise<Output> => {
  const vault = vaultOf(call);
  const place = resolvePlace(call, input.target);
  call.task.describe(place.name);
  const files = new TargetFiles(vault.ports, place.path);
  const known = await readKnownTarget(vault, files, place);
  if (known === null) throw new AppError('backup.notABackup');
  return withSecret(call.core, input.secret, (way) => rehearse(call, vault, files, known, way));
};
