import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors.ts';
import type { Crypto } from '../../../ports/index.ts';
import { BAG_DECLARATION, MANIFEST, SIGNATURE_FILE, TAG_MANIFEST } from './bag.ts';
import type { PublicKey, SignatureVerdict } from './minisign.ts';
import { verifySignature } from './minisign.ts';
import type { PackageReader } from './package-reader.ts';

export type PackageProblemKind =
  /** A listed file is not there. */
  | 'missing'
  /** A file is there that no list names. */
  | 'unlisted'
  /** A file is not what the list says, or cannot be read to its end. */
  | 'altered'
  /** A list cannot be read, or leaves out what it must hold. */
  | 'listInvalid'
  /** Not BagIt 1.0 in UTF-8. */
  | 'declaration'
  /** Octet count and lists disagree. */
  | 'oxum'
  | 'signatureMissing'
  | 'signatureMalformed'
  | 'signatureOtherKey'
  | 'signatureInvalid';

export interface PackageProblem {
  readonly kind: PackageProblemKind;
  /** Path inside the package: words of whoever made it, so it is shown as text and never as a link or a path to open. */
  readonly path: string | null;
}

export interface PackageVerdict {
  /** Nothing was damaged: every file is listed and is what the lists say. Says nothing about who made it. */
  readonly intact: boolean;
  /**
   * True: signed with the given key and intact. False: not signed, signed by another, or no longer what was
   * signed. Null: no key was given, so the author was not checked.
   */
  readonly authentic: boolean | null;
  readonly signature: SignatureVerdict | 'none' | 'unchecked';
  readonly problems: readonly PackageProblem[];
  /** Sums that the two lists hold; of an intact package each fits its file. */
  readonly sumCount: number;
  readonly totalBytes: number;
  /** SHA-256 of the tag manifest, to compare with the ledger; null where there is none. */
  readonly tagManifestSha256: string | null;
}

const MAX_TAG_BYTES = 32 * 1024 * 1024;
const MAX_PROBLEMS = 1_000;

const readSmall = async (reader: PackageReader, path: string): Promise<Buffer | null> => {
  const size = reader.files.get(path);
  if (size === undefined || size > MAX_TAG_BYTES) return null;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of reader.open(path)) chunks.push(chunk);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
  return Buffer.concat(chunks);
};

const decode = (bytes: Buffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** RFC 8493: only CR, LF and the percent sign itself are encoded. */
const unescapePath = (path: string): string =>
  path.replace(/%(0[aA]|0[dD]|25)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

/** Lines `<sha256><blank><path>`; null where a line is anything else or a path is there twice. */
const parseManifest = (bytes: Buffer): Map<string, string> | null => {
  const text = decode(bytes);
  if (text === null) return null;
  const out = new Map<string, string>();
  for (const line of text.split(/\r?\n|\r/)) {
    if (line === '') continue;
    const match = /^([0-9a-fA-F]{64})[ \t]+\*?(.+)$/.exec(line);
    if (match === null) return null;
    const path = unescapePath((match[2] ?? '').replace(/^\.\//, ''));
    if (out.has(path)) return null;
    out.set(path, (match[1] ?? '').toLowerCase());
  }
  return out;
};

/**
 * Checks a package: everything listed, nothing else there, all hashes, the octet count, and the signature
 * where a key is given. Integrity and authorship are told apart, because whoever alters a package can write
 * new lists and a new signature: only a key that came another way tells the author.
 * It reads names, sizes and hashes and interprets no content. Gives a verdict for every package that can be
 * listed at all.
 */
export const verifyPackage = async (
  reader: PackageReader,
  crypto: Crypto,
  options: { publicKey?: PublicKey; signal?: AbortSignal } = {},
): Promise<PackageVerdict> => {
  const problems: PackageProblem[] = [];
  let damaged = false;
  const damage = (kind: PackageProblemKind, path: string | null): void => {
    damaged = true;
    if (problems.length < MAX_PROBLEMS) problems.push({ kind, path });
  };

  const declaration = await readSmall(reader, 'bagit.txt');
  const declared = declaration === null ? null : decode(declaration)?.replace(/\r\n?/g, '\n').trim();
  if (declared !== BAG_DECLARATION.trim()) damage('declaration', 'bagit.txt');

  const tagManifest = await readSmall(reader, TAG_MANIFEST);
  const tags = tagManifest === null ? null : parseManifest(tagManifest);
  const manifestBytes = await readSmall(reader, MANIFEST);
  const manifest = manifestBytes === null ? null : parseManifest(manifestBytes);
  if (tags === null) damage(tagManifest === null ? 'missing' : 'listInvalid', TAG_MANIFEST);
  if (manifest === null) damage(manifestBytes === null ? 'missing' : 'listInvalid', MANIFEST);

  const expected = new Map<string, string>();
  for (const [path, hash] of manifest ?? []) {
    if (path.startsWith('data/')) expected.set(path, hash);
    else damage('listInvalid', MANIFEST);
  }
  for (const [path, hash] of tags ?? []) {
    if (path.startsWith('data/') || path === TAG_MANIFEST || path === SIGNATURE_FILE)
      damage('listInvalid', TAG_MANIFEST);
    else expected.set(path, hash);
  }
  // The signature covers the tag manifest; what that leaves out would not be signed by anybody.
  for (const needed of ['bagit.txt', 'bag-info.txt', MANIFEST]) {
    if (tags !== null && !tags.has(needed)) damage('listInvalid', TAG_MANIFEST);
  }

  let payloadBytes = 0;
  let payloadCount = 0;
  let totalBytes = 0;
  for (const [path, size] of reader.files) {
    totalBytes += size;
    if (path.startsWith('data/')) {
      payloadBytes += size;
      payloadCount += 1;
    }
    if (path !== TAG_MANIFEST && path !== SIGNATURE_FILE && !expected.has(path)) damage('unlisted', path);
  }
  for (const [path, wanted] of expected) {
    options.signal?.throwIfAborted();
    if (!reader.files.has(path)) {
      damage('missing', path);
      continue;
    }
    const hash = createHash('sha256');
    try {
      for await (const chunk of reader.open(path)) {
        hash.update(chunk);
        options.signal?.throwIfAborted();
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      damage('altered', path);
      continue;
    }
    if (hash.digest('hex') !== wanted) damage('altered', path);
  }

  const info = await readSmall(reader, 'bag-info.txt');
  const oxum = info === null ? null : /^Payload-Oxum:\s*(\d{1,16})\.(\d{1,9})\s*$/m.exec(decode(info) ?? '');
  if (oxum === null || Number(oxum[1]) !== payloadBytes || Number(oxum[2]) !== payloadCount) {
    damage('oxum', 'bag-info.txt');
  }

  const signatureBytes = await readSmall(reader, SIGNATURE_FILE);
  const present = reader.files.has(SIGNATURE_FILE);
  let signature: PackageVerdict['signature'] = present ? 'unchecked' : 'none';
  let authentic: boolean | null = null;
  if (options.publicKey !== undefined) {
    if (present && tagManifest !== null) {
      const text = signatureBytes === null ? null : decode(signatureBytes);
      signature = text === null ? 'malformed' : verifySignature(crypto, options.publicKey, tagManifest, text);
    }
    authentic = signature === 'valid' && !damaged;
    const kind = SIGNATURE_PROBLEMS[signature];
    if (kind !== null) problems.push({ kind, path: SIGNATURE_FILE });
  }
  return {
    intact: !damaged,
    authentic,
    signature,
    problems,
    sumCount: expected.size,
    totalBytes,
    tagManifestSha256: tagManifest === null ? null : createHash('sha256').update(tagManifest).digest('hex'),
  };
};

const SIGNATURE_PROBLEMS: Record<PackageVerdict['signature'], PackageProblemKind | null> = {
  valid: null,
  unchecked: null,
  none: 'signatureMissing',
  malformed: 'signatureMalformed',
  otherKey: 'signatureOtherKey',
  invalid: 'signatureInvalid',
};
