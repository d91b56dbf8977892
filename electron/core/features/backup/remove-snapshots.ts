import { AppError } from '#shared/errors.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { encodeCatalogue, snapshotFileName, type CatalogueBody } from '../../crypto/backup-catalogue.ts';
import { vaultOf, type OpenVault } from '../vault/index.ts';
import { announceCatalogue } from './announced-lists-repo.ts';
import { noteCatalogue, readTarget } from './backup-repo.ts';
import type { TaskCall } from './copy-objects.ts';
import { readKnownTarget } from './known-target.ts';
import { asOnlyWriter } from './one-writer.ts';
import { resolvePlace } from './place.ts';
import { targetOut } from './state.ts';
import { TargetFiles } from './target-files.ts';

/**
 * Takes snapshots off a target now: those that still hold what was deleted, or that people who were removed can
 * still open. First off the list, then off the disk, so that no list ever names what is gone. The newest snapshot
 * of this vault stays.
 *
 * @throws AppError `backup.targetBusy`, `backup.snapshotUnknown`, `backup.lastSnapshot`, the codes of `readKnownTarget`, `disk.*`.
 */
export const removeSnapshots = async (
  call: TaskCall,
  input: HandlerInput<'backup.removeSnapshots'>,
): Promise<CallOutput<'backup.removeSnapshots'>> => {
  const vault = vaultOf(call);
  vault.db.requireWritable();
  return asOnlyWriter(vault, () => removeNow(call, input, vault));
};

const removeNow = async (
  call: TaskCall,
  input: HandlerInput<'backup.removeSnapshots'>,
  vault: OpenVault,
): Promise<CallOutput<'backup.removeSnapshots'>> => {
  const place = resolvePlace(call, input.target);
  call.task.describe(place.name);
  const files = new TargetFiles(vault.ports, place.path);
  const known = await readKnownTarget(vault, files, place);
  if (known?.row == null) throw new AppError('backup.targetMissing');
  const { row, catalogue } = known;
  const ahead = new Set(known.ahead);
  const newest = known.present.filter((entry) => !ahead.has(entry)).at(-1);
  const asked = new Set(input.snapshots);
  const listed = catalogue.body.snapshots.map((entry) => entry.snapshotId.toString('hex'));
  if ([...asked].some((id) => !listed.includes(id))) throw new AppError('backup.snapshotUnknown');
  if (newest !== undefined && asked.has(newest.snapshotId.toString('hex'))) {
    throw new AppError('backup.lastSnapshot');
  }
  // The list is sealed with the key of today: after a change of keys a run comes first, with a snapshot of its own.
  if (newest === undefined || newest.generation !== vault.generation)
    throw new AppError('backup.lastSnapshot');
  const body: CatalogueBody = {
    ...catalogue.body,
    n: Math.max(catalogue.body.n, row.catalogue_n) + 1,
    prev: catalogue.hash,
    writtenMs: vault.ports.clock.now(),
    generation: newest.generation,
    headerFile: newest.headerFile,
    snapshots: known.present.filter((entry) => !asked.has(entry.snapshotId.toString('hex'))),
  };
  if (call.core.session !== vault) throw new AppError('call.locked');
  const { file, hash } = encodeCatalogue(vault.ports.crypto, body, vault.backupKey);
  // Another computer may have written to the stick since: its list must not be lost under ours.
  const again = await readKnownTarget(vault, files, place);
  if (again === null || !again.catalogue.hash.equals(catalogue.hash)) throw new AppError('backup.targetBusy');
  if (call.core.session !== vault) throw new AppError('call.locked');
  vault.db.write(call.method, (tx) => {
    announceCatalogue(tx, body.targetId, hash);
  });
  await files.putCatalogue(file);
  await files.removeUnlisted(
    new Set(body.snapshots.map((entry) => snapshotFileName(entry.snapshotId))),
    new Set([body.headerFile, ...body.snapshots.map((entry) => entry.headerFile)]),
  );
  if (call.core.session !== vault) throw new AppError('call.locked');
  vault.db.write(call.method, (tx) => {
    noteCatalogue(tx, row.id, body.n, hash, body.snapshots);
    tx.journal({ table: 'backup_target', id: row.id, payload: { removedSnapshots: [...asked] } });
  });
  call.core.emit({ name: 'backup.changed', payload: {} });
  return vault.db.read((db) => {
    const after = readTarget(db, row.id);
    if (after === null) throw new AppError('backup.targetMissing');
    return { removed: [...asked], target: targetOut(db, vault.generation, after) };
  });
};
