import { basename, relative, sep } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { BackupWarning } from '#shared/contract/backup.ts';
import type { CoreContext, OpenCall } from '../../context.ts';
import { read } from '../../db/index.ts';
import { onDisk } from '../../files/disk-errors.ts';
import type { Disk } from '../../ports/index.ts';
import { whyNotHere } from '../vault/index.ts';
import { readTarget, type TargetRow } from './backup-repo.ts';

/** Where a target is: by the id of one that the vault knows, or by a grant. */
export interface Place {
  readonly path: string;
  readonly name: string;
  /** Set where the caller named a known target: then its folder must be that one. */
  readonly named: TargetRow | null;
}

/** Path of a folder that a person chose. Throws `evidence.targetUnknown`. */
export const grantedFolder = (core: CoreContext, id: string): string => {
  const grant = core.grants.need(id);
  if (grant.kind === 'bytes' || grant.kind === 'file' || grant.kind === 'targetFile') {
    throw new AppError('evidence.targetUnknown');
  }
  return grant.path;
};

/** Takes the id of a known target, or of a grant; both are 32 hex digits. */
export const resolvePlace = (call: OpenCall, id: string): Place => {
  const named = read(call, (db) => readTarget(db, id));
  const path = named?.path ?? grantedFolder(call.core, id);
  return { path, name: basename(path), named };
};

/** True where `inner` is `outer` or lies below it. */
const isInside = (outer: string, inner: string): boolean => {
  const below = relative(outer, inner);
  return (
    below === '' || (!below.startsWith(`..${sep}`) && below !== '..' && !/^(?:[A-Za-z]:|\/)/u.test(below))
  );
};

/** Refuses a backup and a vault that lie one in the other. Throws `backup.insideVault`. */
export const requireApart = (vaultFolder: string, target: string): void => {
  if (isInside(vaultFolder, target) || isInside(target, vaultFolder))
    throw new AppError('backup.insideVault');
};

/** What should be said about the place itself. A backup may lie there all the same: everything in it is sealed. */
export const warningsOfPlace = async (
  disk: Disk,
  vaultFolder: string,
  target: string,
): Promise<BackupWarning[]> => {
  const warnings: BackupWarning[] = [];
  const [ours, theirs] = await onDisk('reading', () =>
    Promise.all([disk.stat(vaultFolder), disk.stat(target)]),
  );
  if (ours !== null && theirs !== null && ours.device === theirs.device) warnings.push('sameDisk');
  const why = await onDisk('reading', () => whyNotHere(disk, target));
  if (why === 'vault.syncedFolder') warnings.push('synced');
  if (why === 'vault.networkFolder') warnings.push('network');
  return warnings;
};
