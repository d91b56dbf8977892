import { AppError, isAppError } from '#shared/errors.ts';
import type { UnlockSecret } from '#shared/contract/backup.ts';
import type { CoreContext } from '../../context.ts';
import type { CatalogueEntry, VerifiedCatalogue } from '../../crypto/backup-catalogue.ts';
import { parseHeader, type UnverifiedHeader } from '../../crypto/header.ts';
import type { Ports } from '../../ports/index.ts';
import { accessWay, openHeader, slowed, wipeWay, type AccessWay, type OpenedHeader } from '../vault/index.ts';
import { TargetFiles } from './target-files.ts';

/** A backup that somebody opened. Holds keys: `close` wipes them. */
export interface OpenedBackup {
  readonly files: TargetFiles;
  readonly catalogue: VerifiedCatalogue;
  readonly opened: OpenedHeader;
  readonly headerBytes: Buffer;
  readonly use: 'real' | 'practice';
  close(): void;
}

/** A header from a backup, which may come from anybody. Whatever is wrong with it is one refusal. */
const headerOf = (ports: Ports, bytes: Buffer | null): { header: UnverifiedHeader; bytes: Buffer } => {
  if (bytes === null) throw new AppError('backup.headerDamaged');
  try {
    const header = parseHeader(bytes);
    if (ports.platform.practiceOnly && !header.claimsPractice()) throw new AppError('vault.practiceOnly');
    return { header, bytes };
  } catch (thrown) {
    const damaged = isAppError(thrown) && thrown.code === 'vault.headerUnreadable';
    throw damaged ? new AppError('backup.headerDamaged') : thrown;
  }
};

/**
 * Opens a backup with what a person typed: list (strictly parsed, not yet believed), the header that it names, one
 * derivation, then the MAC of the list. Nothing of the list is used before but two ids and one file name of a fixed
 * shape.
 *
 * @throws AppError `backup.targetMissing`, `backup.notABackup`, `backup.catalogueUnreadable`,
 *   `backup.headerDamaged`, `backup.otherVault`, `vault.practiceOnly`, `vault.newerFormat`,
 *   `backup.catalogueDamaged`, the codes of `openHeader`, `disk.*`.
 */
export const openBackup = async (ports: Ports, folder: string, way: AccessWay): Promise<OpenedBackup> => {
  const files = new TargetFiles(ports, folder);
  const looks = await files.look();
  if (looks === 'absent') throw new AppError('backup.targetMissing');
  const found = looks === 'backup' ? await files.readCatalogue() : null;
  if (found === null) throw new AppError('backup.notABackup');
  const { header, bytes } = headerOf(ports, await files.readHeader(found.headerFile));
  if (!header.id.equals(found.vaultId)) throw new AppError('backup.otherVault');
  const opened = await openHeader(ports.crypto, header, way);
  try {
    const catalogue = found.verify(ports.crypto, opened.keys.backup);
    if (catalogue.body.generation !== opened.header.body.generation) {
      throw new AppError('backup.catalogueDamaged');
    }
    return {
      files,
      catalogue,
      opened,
      headerBytes: bytes,
      use: opened.header.body.use,
      close: () => {
        opened.wipe();
      },
    };
  } catch (thrown) {
    opened.wipe();
    throw thrown;
  }
};

/** The header that belongs to one snapshot, opened. `close` wipes its keys unless they are the backup's own. */
export interface OpenedEntry {
  readonly entry: CatalogueEntry;
  readonly opened: OpenedHeader;
  readonly headerBytes: Buffer;
  close(): void;
}

/**
 * Opens the header of the time of a snapshot: other slots, and before a change of keys another master key. What
 * was typed must open that one too.
 *
 * @throws AppError `backup.headerDamaged`, the codes of `openHeader`.
 */
export const openEntry = async (
  ports: Ports,
  backup: OpenedBackup,
  entry: CatalogueEntry,
  way: AccessWay,
): Promise<OpenedEntry> => {
  if (entry.headerFile === backup.catalogue.body.headerFile) {
    return { entry, opened: backup.opened, headerBytes: backup.headerBytes, close: () => undefined };
  }
  const { header, bytes } = headerOf(ports, await backup.files.readHeader(entry.headerFile));
  if (!header.id.equals(backup.catalogue.body.vaultId)) throw new AppError('backup.headerDamaged');
  const opened = await openHeader(ports.crypto, header, way);
  const { body } = opened.header;
  if (body.generation !== entry.generation || body.seq !== entry.headerSeq) {
    opened.wipe();
    throw new AppError('backup.headerDamaged');
  }
  return {
    entry,
    opened,
    headerBytes: bytes,
    close: () => {
      opened.wipe();
    },
  };
};

/** The chosen snapshot, or the newest. Throws `backup.snapshotUnknown`. */
export const chooseEntry = (backup: OpenedBackup, id: string | undefined): CatalogueEntry => {
  const { snapshots } = backup.catalogue.body;
  const entry =
    id === undefined ? snapshots.at(-1) : snapshots.find((one) => one.snapshotId.toString('hex') === id);
  if (entry === undefined) throw new AppError('backup.snapshotUnknown');
  return entry;
};

/** Runs work with what was typed, counted as one attempt to unlock, and wipes it. */
export const withSecret = <T>(
  core: CoreContext,
  secret: UnlockSecret,
  work: (way: AccessWay) => Promise<T>,
): Promise<T> =>
  slowed(core, async () => {
    const way = await accessWay(
      core,
      secret.kind === 'passphrase'
        ? { passphrase: secret.passphrase, keyFile: secret.keyFile, machine: secret.machine }
        : secret.kind === 'words'
          ? { words: secret.words }
          : { shares: secret.shares },
    );
    try {
      return await work(way);
    } finally {
      wipeWay(core, way);
    }
  });
