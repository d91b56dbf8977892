import { AppError, type ErrorCode } from '#shared/errors.ts';
import { exactObject, parseStrictJson, StrictJsonError, type StrictJson } from './strict-json.ts';

/*
 * The frame that the header of a vault and the catalogue of a backup share: a small JSON file that says which format
 * it is, and holds a body's exact bytes with their MAC. Both are read before anything of them can be proved.
 */

/** A whole number within bounds, both included. Throws `StrictJsonError`. */
export const integer = (value: StrictJson, min: number, max = Number.MAX_SAFE_INTEGER): number => {
  if (typeof value !== 'number' || value < min || value > max) throw new StrictJsonError();
  return value;
};

/** Bytes written as lower-case hexadecimal; `length` in bytes. Throws `StrictJsonError`. */
export const hex = (value: StrictJson, length: number): Buffer => {
  if (typeof value !== 'string' || value.length !== 2 * length || !/^[0-9a-f]*$/u.test(value)) {
    throw new StrictJsonError();
  }
  return Buffer.from(value, 'hex');
};

/** Only the one canonical spelling: otherwise two texts would stand for one document. Throws `StrictJsonError`. */
export const base64 = (value: StrictJson, length?: number): Buffer => {
  if (typeof value !== 'string') throw new StrictJsonError();
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') !== value || (length !== undefined && bytes.length !== length)) {
    throw new StrictJsonError();
  }
  return bytes;
};

/** Which document a file has to be. */
export interface SealedKind {
  readonly format: string;
  /** The newest version that is read. */
  readonly version: number;
  /** What is told when it is no such document, or a broken one. */
  readonly unreadable: ErrorCode;
}

/**
 * Opens the frame and hands its parts to `make`, which may throw `StrictJsonError` for what is wrong inside. Exact
 * keys, no duplicates, canonical base64. The caller bounds the size of the file.
 *
 * @throws AppError `unreadable` of the kind, `vault.newerFormat`, and what `make` throws otherwise.
 */
export const openSealed = <T>(
  file: Buffer,
  kind: SealedKind,
  make: (bodyBytes: Buffer, mac: Buffer) => T,
): T => {
  try {
    const document = parseStrictJson(file);
    if (!(document instanceof Map) || document.get('format') !== kind.format) throw new StrictJsonError();
    const version = integer(document.get('version') as StrictJson, 1);
    // Before the keys are compared: a later version may have others, and is not a damaged file.
    if (version > kind.version) throw new AppError('vault.newerFormat');
    const outer = exactObject(document, ['format', 'version', 'body', 'mac']);
    const bodyBytes = base64(outer.body);
    return make(bodyBytes, base64(outer.mac, 32));
  } catch (thrown) {
    if (thrown instanceof StrictJsonError) throw new AppError(kind.unreadable);
    throw thrown;
  }
};

/** The bytes of a file that `openSealed` opens. `mac`: 32 bytes over the body. */
export const writeSealed = ({ format, version }: SealedKind, bodyBytes: Buffer, mac: Buffer): Buffer =>
  Buffer.from(
    JSON.stringify({ format, version, body: bodyBytes.toString('base64'), mac: mac.toString('base64') }),
  );
