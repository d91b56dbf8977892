import { AppError, type ErrorCode } from '#shared/errors.ts';
import { secretBuffer } from '../../crypto/bytes.ts';
import { pagesToSecrets } from '../../crypto/recovery-shares.ts';
import { wordsToSecrets } from '../../crypto/recovery-words.ts';
import type { SecondFactor } from '../../crypto/slots.ts';
import type { CoreContext } from '../../context.ts';
import { onDisk } from '../../files/disk-errors.ts';
import type { Disk } from '../../ports/index.ts';

/** How somebody wants in. `secrets`: candidates from words or pages, 32 bytes each; tried without a derivation. */
export type AccessWay =
  | { readonly kind: 'passphrase'; readonly passphrase: string; readonly factor: SecondFactor }
  | { readonly kind: 'secrets'; readonly secrets: readonly Buffer[]; readonly refusal: ErrorCode };

/** One way in, as it was typed; `keyFile` and `machine` are ids of grants. */
export interface TypedCredentials {
  readonly passphrase?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly machine?: string | undefined;
  readonly words?: string | undefined;
  readonly shares?: readonly string[] | undefined;
}

const KEY_FILE_MIN_BYTES = 32;
const KEY_FILE_MAX_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;
/** Saved anew by the programs that open them, and then no longer the same bytes. */
const EDITABLE =
  /\.(?:jpe?g|png|gif|webp|heic|tiff?|bmp|psd|docx?|odt|rtf|txt|md|pdf|xlsx?|ods|csv|pptx?|odp|mp3|m4a|mp4|mov|pages|numbers|key)$/iu;

const requireKeyFileSize = (sizeBytes: number): void => {
  if (sizeBytes < KEY_FILE_MIN_BYTES || sizeBytes > KEY_FILE_MAX_BYTES)
    throw new AppError('slots.keyFileSize');
};

const hashFile = (core: CoreContext, disk: Disk, path: string): Promise<Buffer> =>
  onDisk('reading', async () => {
    const stat = await disk.stat(path);
    if (stat === null) throw new AppError('disk.notFound');
    if (stat.kind !== 'file') throw new AppError('disk.isFolder');
    requireKeyFileSize(stat.sizeBytes);
    const file = await disk.open(path, 'read');
    const piece = secretBuffer(PIECE_BYTES);
    try {
      const hash = core.ports.crypto.blake2bStream(32);
      let done = 0;
      for (;;) {
        const count = await file.read(piece, done);
        if (count === 0) break;
        hash.update(piece.subarray(0, count));
        done += count;
        // It may grow while it is read.
        if (done > KEY_FILE_MAX_BYTES) throw new AppError('slots.keyFileSize');
      }
      requireKeyFileSize(done);
      return hash.digest();
    } finally {
      core.ports.crypto.zero(piece);
      await file.close();
    }
  });

/**
 * The second factor behind the grants: BLAKE2b-256 of a whole key file, or the 32 bytes of this computer. Whether
 * the file is the right one nobody can say: a stored hash would let a thief try files.
 *
 * @param editable whether a kind of file that programs rewrite is taken.
 * @throws AppError `slots.keyFileSize`, `slots.keyFileEditable`, `slots.machineSecret`, `disk.*`,
 *   `evidence.targetUnknown`.
 */
export const secondFactorOf = async (
  core: CoreContext,
  typed: Pick<TypedCredentials, 'keyFile' | 'machine'>,
  editable = true,
): Promise<SecondFactor> => {
  if (typed.keyFile !== undefined && typed.machine !== undefined) throw new AppError('call.invalidInput');
  if (typed.machine !== undefined) {
    const grant = core.grants.need(typed.machine);
    if (grant.kind !== 'bytes' || grant.bytes.length !== 32) throw new AppError('slots.machineSecret');
    const secret = secretBuffer(32);
    secret.set(grant.bytes);
    return { kind: 'machine', secret };
  }
  if (typed.keyFile === undefined) return { kind: 'none' };
  const grant = core.grants.need(typed.keyFile);
  if (grant.kind !== 'file' && grant.kind !== 'bytes') throw new AppError('evidence.targetUnknown');
  if (!editable && EDITABLE.test(grant.name)) throw new AppError('slots.keyFileEditable');
  if (grant.kind === 'file')
    return { kind: 'keyFile', hash: await hashFile(core, core.ports.disk, grant.path) };
  requireKeyFileSize(grant.bytes.length);
  return { kind: 'keyFile', hash: core.ports.crypto.blake2b(32, [grant.bytes]) };
};

/** Overwrites what a second factor holds. */
export const wipeFactor = (core: CoreContext, factor: SecondFactor): void => {
  if (factor.kind === 'keyFile') core.ports.crypto.zero(factor.hash);
  if (factor.kind === 'machine') core.ports.crypto.zero(factor.secret);
};

/** The refusal for a passphrase that opens nothing. It depends on what was given, never on what would have been right. */
export const passphraseRefusal = (factor: SecondFactor): ErrorCode =>
  factor.kind === 'none' ? 'vault.wrongPassphrase' : 'vault.wrongFactors';

/**
 * What was typed, ready to be tried. The caller wipes it with `wipeWay`.
 *
 * @throws AppError the codes of `secondFactorOf`, `wordsToSecrets` and `pagesToSecrets`; `call.invalidInput`.
 */
export const accessWay = async (core: CoreContext, typed: TypedCredentials): Promise<AccessWay> => {
  const { crypto } = core.ports;
  if (typed.words !== undefined)
    return {
      kind: 'secrets',
      secrets: wordsToSecrets(crypto, typed.words),
      refusal: 'recovery.wordsDoNotOpen',
    };
  if (typed.shares !== undefined)
    return {
      kind: 'secrets',
      secrets: await pagesToSecrets(crypto, typed.shares),
      refusal: 'recovery.pagesDoNotFit',
    };
  if (typed.passphrase === undefined) throw new AppError('call.invalidInput', { field: 'passphrase' });
  return {
    kind: 'passphrase',
    passphrase: typed.passphrase,
    factor: await secondFactorOf(core, typed),
  };
};

/** Overwrites the secrets of a way; the passphrase itself is a string and goes with its process. */
export const wipeWay = (core: CoreContext, way: AccessWay): void => {
  if (way.kind === 'secrets') core.ports.crypto.zero(...way.secrets);
  else wipeFactor(core, way.factor);
};
