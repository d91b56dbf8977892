import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AppError } from '#shared/errors.ts';
import type { Crypto } from '../../../ports/index.ts';
import type { SeriesKey } from './minisign.ts';
import { sign } from './minisign.ts';
import { readmeBytes } from './readme.ts';
import type { ZipEntry } from './zip-writer.ts';
import { byCodeUnit, entryOfBytes, writeZip } from './zip-writer.ts';

/** One file of the payload. It is read twice: once for the lists, once for the archive. */
export interface PayloadFile {
  /** Path below `data/`, such as `annexes/Anexo_03_fotografia.png`. */
  readonly path: string;
  open(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface BagInput {
  /** Export day, `YYYY-MM-DD`. */
  readonly day: string;
  /** Of the folder inside the archive, and of the archive without its ending: `paquete-<day>`. */
  readonly baseName: string;
  readonly payload: readonly PayloadFile[];
  /** Key of the recipient's series; null: unsigned, as public and anonymous profiles are. */
  readonly signingKey: SeriesKey | null;
}

export interface ListedFile {
  /** Path inside the bag, `data/...` for the payload. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface PreparedBag {
  /** Name of the folder inside the archive, as RFC 8493 asks, and of the archive without its ending. */
  readonly baseName: string;
  /** All files of the bag, sorted. */
  readonly files: readonly ListedFile[];
  /** Binds the whole bag: goes to the ledger, and is what the signature covers. */
  readonly tagManifestSha256: string;
  readonly payloadBytes: number;
  /**
   * Streams the zip. The payload is hashed again on its way: `AppError` `evidence.changedWhileReading`
   * where a source gives other bytes than the lists say.
   */
  zip(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Content of one file of the bag by its path, for the leak check and for writing a plain folder. */
  open(path: string): AsyncIterable<Uint8Array>;
}

export const BAG_DECLARATION = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
export const TAG_MANIFEST = 'tagmanifest-sha256.txt';
export const MANIFEST = 'manifest-sha256.txt';
export const SIGNATURE_FILE = `${TAG_MANIFEST}.minisig`;
export const README = 'LEEME.txt';

const PAYLOAD_PATH = /^(?!\/)(?!.*(?:^|\/)\.)[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/;

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const manifestText = (files: readonly ListedFile[]): string =>
  files.map((file) => `${file.sha256}  ${file.path}\n`).join('');

interface Hashed extends ListedFile {
  readonly crc: number;
  readonly source: PayloadFile;
}

const hashPayload = async (source: PayloadFile): Promise<Hashed> => {
  // Plain ASCII names only: nothing in the lists then needs escaping, on any system.
  if (!PAYLOAD_PATH.test(source.path) || source.path.length > 200)
    throw new RangeError('path of a payload file');
  const hash = createHash('sha256');
  let crc = 0;
  let bytes = 0;
  for await (const chunk of source.open()) {
    hash.update(chunk);
    crc = crc32(chunk, crc);
    bytes += chunk.length;
  }
  return { path: `data/${source.path}`, sha256: hash.digest('hex'), bytes, crc, source };
};

async function* checked(file: Hashed): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of file.source.open()) {
    hash.update(chunk);
    bytes += chunk.length;
    if (bytes > file.bytes) throw new AppError('evidence.changedWhileReading');
    yield chunk;
  }
  if (bytes !== file.bytes || hash.digest('hex') !== file.sha256)
    throw new AppError('evidence.changedWhileReading');
}

/**
 * Prepares a BagIt 1.0 bag (RFC 8493): hashes the payload, writes the tag files, signs the tag manifest.
 * `bag-info.txt` holds the day and the octet count and no name of anybody or anything.
 * The same payload, day, name and key give the same bytes.
 */
export const prepareBag = async (input: BagInput, crypto: Crypto): Promise<PreparedBag> => {
  const payload: Hashed[] = [];
  for (const source of [...input.payload].sort((a, b) => byCodeUnit(a.path, b.path))) {
    payload.push(await hashPayload(source));
  }
  if (payload.length === 0) throw new RangeError('bag without payload');
  const payloadBytes = payload.reduce((sum, file) => sum + file.bytes, 0);
  const tags = new Map<string, Buffer>();
  const text = (name: string, content: string): void => void tags.set(name, Buffer.from(content, 'utf8'));
  text('bagit.txt', BAG_DECLARATION);
  text(
    'bag-info.txt',
    `Bagging-Date: ${input.day}\nPayload-Oxum: ${String(payloadBytes)}.${String(payload.length)}\n`,
  );
  tags.set(README, readmeBytes(input.signingKey !== null));
  text(MANIFEST, manifestText(payload));
  const listedTags = [...tags]
    .map(([path, bytes]): ListedFile => ({ path, sha256: sha256Of(bytes), bytes: bytes.length }))
    .sort((a, b) => byCodeUnit(a.path, b.path));
  const tagManifest = Buffer.from(manifestText(listedTags), 'utf8');
  tags.set(TAG_MANIFEST, tagManifest);
  if (input.signingKey !== null) text(SIGNATURE_FILE, sign(crypto, input.signingKey, tagManifest));

  const { baseName } = input;
  const entries: ZipEntry[] = [
    ...[...tags].map(([name, bytes]) => entryOfBytes(`${baseName}/${name}`, bytes)),
    ...payload.map((file): ZipEntry => ({
      name: `${baseName}/${file.path}`,
      storedSize: file.bytes,
      size: file.bytes,
      crc: file.crc,
      // Stored, not deflated: annexes are pictures and sound, and no version of zlib changes a byte.
      method: 'store',
      open: () => checked(file),
    })),
  ];
  const files = [
    ...payload.map(({ path, sha256, bytes }): ListedFile => ({ path, sha256, bytes })),
    ...[...tags].map(([path, bytes]): ListedFile => ({ path, sha256: sha256Of(bytes), bytes: bytes.length })),
  ].sort((a, b) => byCodeUnit(a.path, b.path));
  return {
    baseName,
    files,
    tagManifestSha256: sha256Of(tagManifest),
    payloadBytes,
    zip: () => writeZip(entries),
    async *open(path) {
      const tag = tags.get(path);
      const file = payload.find((one) => one.path === path);
      if (tag !== undefined) yield tag;
      else if (file !== undefined) yield* checked(file);
      else throw new RangeError('path inside the bag');
    },
  };
};
