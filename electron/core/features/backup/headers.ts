import { AppError, isAppError } from '#shared/errors.ts';
import { headerFileName, type CatalogueEntry } from '../../crypto/backup-catalogue.ts';
import { parseHeader } from '../../crypto/header.ts';
import { readHeaderFile, type OpenVault } from '../vault/index.ts';
import { requireOpen, type Run } from './copy-objects.ts';
import type { KnownTarget } from './known-target.ts';
import type { TargetFiles } from './target-files.ts';

interface OwnHeader {
  readonly bytes: Buffer;
  readonly hash: Buffer;
  readonly seq: number;
  readonly generation: number;
}

/** The vault's header of now, proved. */
const ownHeader = async (run: Run): Promise<OwnHeader> => {
  const { vault } = run;
  const bytes = await readHeaderFile(vault.ports.disk, vault.folder);
  requireOpen(run);
  const { body, hash } = parseHeader(bytes).verify(vault.ports.crypto, vault.headerKey);
  return { bytes, hash, seq: body.seq, generation: body.generation };
};

/** Writes a header unless the very same one lies there. */
const putUnlessSame = async (files: TargetFiles, name: string, bytes: Buffer): Promise<void> => {
  const there = await files.readHeader(name).catch(() => null);
  if (there === null || !there.equals(bytes)) await files.putHeader(name, bytes);
};

/**
 * Puts the header of now on the target. Another one of the same number belongs to a vault that went another way: it
 * stays, and ours gets a name of its own.
 */
export const putHeader = async (run: Run): Promise<{ file: string; seq: number; generation: number }> => {
  const { files } = run;
  const { bytes, hash, seq, generation } = await ownHeader(run);
  const plain = headerFileName(seq);
  const there = await files.readHeader(plain).catch(() => null);
  const file = there === null || there.equals(bytes) ? plain : headerFileName(seq, hash);
  await putUnlessSame(files, file, bytes);
  return { file, seq, generation };
};

/**
 * A header that a snapshot names: there, of this vault, and with a good MAC where its key is still known.
 *
 * @throws AppError `backup.headerDamaged`, `vault.headerUnreadable`, `vault.headerDamaged`, `disk.*`.
 */
export const proveHeader = async (
  vault: OpenVault,
  files: TargetFiles,
  entry: Pick<CatalogueEntry, 'headerFile' | 'generation'> & { readonly headerSeq: number | null },
): Promise<void> => {
  const bytes = await files.readHeader(entry.headerFile);
  if (bytes === null) throw new AppError('backup.headerDamaged');
  const header = parseHeader(bytes);
  if (!header.id.equals(vault.vaultId)) throw new AppError('backup.headerDamaged');
  if (entry.generation !== vault.generation) return;
  const { body } = header.verify(vault.ports.crypto, vault.headerKey);
  if (entry.headerSeq !== null && body.seq !== entry.headerSeq) throw new AppError('backup.headerDamaged');
};

const isSound = async (...what: Parameters<typeof proveHeader>): Promise<boolean> => {
  try {
    await proveHeader(...what);
    return true;
  } catch (thrown) {
    // A disk that does not answer says nothing about the file.
    if (!isAppError(thrown) || thrown.code.startsWith('disk.')) throw thrown;
    return false;
  }
};

/**
 * Looks at every header that the list names, also where nothing else changed: without its header a snapshot opens to
 * nobody. What is the vault's own of now is written again; an older one that is gone cannot be, and is named.
 *
 * @returns false where the list itself names a header that is not there any more: it has to be written anew.
 */
export const mendHeaders = async (run: Run, known: KnownTarget): Promise<boolean> => {
  const { vault, files } = run;
  const own = await ownHeader(run);
  const ahead = new Set(known.ahead);
  for (const entry of known.present) {
    if (await isSound(vault, files, entry)) continue;
    const isOwn = !ahead.has(entry) && entry.generation === own.generation && entry.headerSeq === own.seq;
    if (isOwn) await putUnlessSame(files, entry.headerFile, own.bytes);
    else run.warnings.add('headerLost');
  }
  const { headerFile, generation } = known.catalogue.body;
  return isSound(vault, files, { headerFile, generation, headerSeq: null });
};
