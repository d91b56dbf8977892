import { AppError } from '#shared/errors.ts';
import type { BackupWarning } from '#shared/contract/backup.ts';
import {
  snapshotFileName,
  type CatalogueEntry,
  type UnverifiedCatalogue,
  type VerifiedCatalogue,
} from '../../crypto/backup-catalogue.ts';
import type { Reader } from '../../db/index.ts';
import { entryOfChain } from '../../journal/index.ts';
import type { OpenVault } from '../vault/index.ts';
import { announcedCatalogue } from './announced-lists-repo.ts';
import { readSnapshots, readTarget, type TargetRow } from './backup-repo.ts';
import type { Place } from './place.ts';
import type { TargetFiles } from './target-files.ts';

/** A target as the open vault sees it: its list believed, and compared with what the vault remembers. */
export interface KnownTarget {
  readonly row: TargetRow | null;
  readonly catalogue: VerifiedCatalogue;
  /** Entries whose file is there with the right size. */
  readonly present: readonly CatalogueEntry[];
  /** Entries of the list or of the vault's memory whose file is gone or has another size. */
  readonly lost: readonly CatalogueEntry[];
  /** Of `present`: those that hold changes which this vault does not have. */
  readonly ahead: readonly CatalogueEntry[];
  readonly warnings: readonly BackupWarning[];
}

/** True where the open vault went on from this snapshot. */
export const containsSnapshot = (db: Reader, entry: CatalogueEntry): boolean => {
  const found = entryOfChain(db, entry.incarnation, entry.journalSeq);
  return found !== null && found.hash.equals(entry.head);
};

/**
 * The list under the key of today. One from before the last change of keys is known by its hash, and by nothing
 * else: under today's key a damaged seal is damage, since nobody else could open that list any more.
 */
const believe = (vault: OpenVault, found: UnverifiedCatalogue, row: TargetRow | null): VerifiedCatalogue => {
  const { crypto } = vault.ports;
  if (!found.vaultId.equals(vault.vaultId)) throw new AppError('backup.otherVault');
  // The second is of a run that died between writing the list and taking note of it.
  const announced = vault.db.read((db) => announcedCatalogue(db, found.targetId));
  for (const hash of [row?.catalogue_hash ?? null, announced]) {
    const known = hash === null ? null : found.recognise(crypto, hash);
    if (known !== null && known.body.generation !== vault.generation) return known;
  }
  try {
    return found.verify(crypto, vault.backupKey);
  } catch (thrown) {
    // Not believed, only said: a vault from before a change of keys cannot tell a newer list from a forged one.
    if (found.claimedGeneration > vault.generation) throw new AppError('backup.newerKeys');
    throw thrown;
  }
};

/**
 * Reads the list of a target and compares it with the vault's own. A list is believed by its MAC, or because it is
 * the very one that this vault wrote last.
 *
 * @returns null where the folder holds no backup yet.
 * @throws AppError `backup.targetMissing` (a known target that is not there), `backup.folderNotEmpty`,
 *   `backup.otherVault`, `backup.catalogueUnreadable`, `backup.catalogueDamaged`, `backup.newerKeys`, `disk.*`.
 */
export const readKnownTarget = async (
  vault: OpenVault,
  files: TargetFiles,
  place: Place,
): Promise<KnownTarget | null> => {
  const looks = await files.look();
  if (looks === 'absent') throw new AppError('backup.targetMissing');
  if (looks === 'other') throw new AppError('backup.folderNotEmpty');
  const found = looks === 'empty' ? null : await files.readCatalogue();
  if (found === null) {
    // A mount point without its stick is an empty folder: nothing may be begun there in the stick's name.
    if (place.named !== null) throw new AppError('backup.targetMissing');
    return null;
  }
  const { db } = vault;
  const id = found.targetId.toString('hex');
  // Two sticks take turns at one path: this is another one.
  if (place.named !== null && place.named.id !== id) throw new AppError('backup.targetMissing');
  const row = db.read((reader) => readTarget(reader, id));
  const catalogue = believe(vault, found, row);
  const { body, hash } = catalogue;
  const warnings: BackupWarning[] = [];
  if (row !== null && body.n < row.catalogue_n) warnings.push('wentBack');
  // One further is ours: the run died after its commit point, before the vault took note.
  const continued = row !== null && body.n === row.catalogue_n + 1 && body.prev.equals(row.catalogue_hash);
  // After a restore the number is 0: the vault cannot know how its targets went on.
  if (
    row !== null &&
    row.catalogue_n > 0 &&
    body.n >= row.catalogue_n &&
    !hash.equals(row.catalogue_hash) &&
    !continued
  ) {
    warnings.push('replaced');
  }
  const present: CatalogueEntry[] = [];
  const lost: CatalogueEntry[] = [];
  for (const entry of body.snapshots) {
    const bytes = await files.snapshotBytes(snapshotFileName(entry.snapshotId));
    (bytes === entry.bytes ? present : lost).push(entry);
  }
  const listed = new Set(body.snapshots.map((entry) => entry.snapshotId.toString('hex')));
  for (const { entry, lost: known } of row === null ? [] : db.read((reader) => readSnapshots(reader, id))) {
    // What a further run of ours took off the list is not lost.
    if (!known && !continued && !listed.has(entry.snapshotId.toString('hex'))) lost.push(entry);
  }
  if (lost.length > 0) warnings.push('snapshotLost');
  const ahead = db.read((reader) => present.filter((entry) => !containsSnapshot(reader, entry)));
  if (ahead.length > 0) warnings.push('ahead');
  return { row, catalogue, present, lost, ahead, warnings };
};
