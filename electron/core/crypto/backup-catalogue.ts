import { AppError } from '#shared/errors.ts';
import type { Crypto } from '../ports/crypto.ts';
import { label } from './bytes.ts';
import { hex, integer, openSealed, writeSealed, type SealedKind } from './sealed-document.ts';
import { exactObject, parseStrictJson, StrictJsonError, type StrictJson } from './strict-json.ts';

export const CATALOGUE_FORMAT = 'resguardo-backup';
export const CATALOGUE_VERSION = 1;
/** Read whole before anything of it is proved, so it is small: 64 entries need less than 64 KiB. */
export const MAX_CATALOGUE_BYTES = 128 * 1024;
export const MAX_SNAPSHOTS = 64;

/** One snapshot of the database on a target. Together with its MAC it is also the copy of the anchor. */
export interface CatalogueEntry {
  /** Grows from snapshot to snapshot on this target, never given twice. */
  readonly n: number;
  /** Milliseconds since epoch. */
  readonly takenMs: number;
  /** 16 bytes; the snapshot's key is made from it. */
  readonly snapshotId: Buffer;
  readonly bytes: number;
  /** Of the file as it lies there, encrypted. */
  readonly sha256: Buffer;
  readonly incarnation: Buffer;
  readonly journalSeq: number;
  /** Position over all chains: what the screens count with. */
  readonly position: number;
  readonly head: Buffer;
  readonly headerSeq: number;
  /** Name of the header's file below `headers/`. */
  readonly headerFile: string;
  readonly generation: number;
  readonly objectCount: number;
  /** BLAKE2b-256 of the sorted object ids, joined. */
  readonly objectsHash: Buffer;
}

export interface CatalogueBody {
  readonly vaultId: Buffer;
  /** 16 random bytes, drawn when the target was begun. */
  readonly targetId: Buffer;
  /** Grows by one with each catalogue of this target. */
  readonly n: number;
  /** BLAKE2b-256 of the body before this one; zeros in the first. */
  readonly prev: Buffer;
  readonly writtenMs: number;
  /** Of the key that made the MAC; `headerFile` opens to it. */
  readonly generation: number;
  readonly headerFile: string;
  /** Oldest first. */
  readonly snapshots: readonly CatalogueEntry[];
}

/** A catalogue whose MAC fitted, or whose hash is the one that the vault remembers. */
export interface VerifiedCatalogue {
  readonly body: CatalogueBody;
  readonly hash: Buffer;
}

const SEALED: SealedKind = {
  format: CATALOGUE_FORMAT,
  version: CATALOGUE_VERSION,
  unreadable: 'backup.catalogueUnreadable',
};

const BODY_KEYS = ['vault', 'target', 'n', 'prev', 'time', 'generation', 'header', 'snapshots'] as const;
const ENTRY_KEYS = [
  'n',
  'time',
  'id',
  'file',
  'bytes',
  'sha256',
  'incarnation',
  'journalSeq',
  'position',
  'head',
  'headerSeq',
  'header',
  'generation',
  'objectCount',
  'objects',
] as const;

/** A forked vault can have another header with the same number; the second one gets part of its hash as well. */
const HEADER_FILE = /^(0|[1-9][0-9]{0,14})(?:-[0-9a-f]{16})?\.json$/u;

/** Name of the header file with this number; `hash` (32 bytes) only where the plain name is taken. */
export const headerFileName = (seq: number, hash?: Buffer): string =>
  hash === undefined ? `${seq}.json` : `${seq}-${hash.subarray(0, 8).toString('hex')}.json`;

/** Where a snapshot lies, below the target. */
export const snapshotFileName = (snapshotId: Buffer): string => `${snapshotId.toString('hex')}.db`;

/** Names are used to open files before the MAC can be checked, so only the one shape that we write is taken. */
const headerFile = (value: StrictJson): string => {
  if (typeof value !== 'string' || !HEADER_FILE.test(value)) throw new StrictJsonError();
  return value;
};

const parseEntry = (value: StrictJson): CatalogueEntry => {
  const entry = exactObject(value, ENTRY_KEYS);
  const snapshotId = hex(entry.id, 16);
  if (entry.file !== snapshotFileName(snapshotId)) throw new StrictJsonError();
  return {
    n: integer(entry.n, 1),
    takenMs: integer(entry.time, 0),
    snapshotId,
    bytes: integer(entry.bytes, 1),
    sha256: hex(entry.sha256, 32),
    incarnation: hex(entry.incarnation, 16),
    journalSeq: integer(entry.journalSeq, 1),
    position: integer(entry.position, 1),
    head: hex(entry.head, 32),
    headerSeq: integer(entry.headerSeq, 0),
    headerFile: headerFile(entry.header),
    generation: integer(entry.generation, 1, 0xffff_ffff),
    objectCount: integer(entry.objectCount, 0),
    objectsHash: hex(entry.objects, 32),
  };
};

const parseBody = (bytes: Buffer): CatalogueBody => {
  const body = exactObject(parseStrictJson(bytes), BODY_KEYS);
  if (!Array.isArray(body.snapshots)) throw new StrictJsonError();
  const raw = body.snapshots as readonly StrictJson[];
  if (raw.length > MAX_SNAPSHOTS) throw new StrictJsonError();
  const snapshots = raw.map(parseEntry);
  for (const [index, entry] of snapshots.entries()) {
    if (index > 0 && entry.n <= (snapshots[index - 1]?.n ?? 0)) throw new StrictJsonError();
  }
  return {
    vaultId: hex(body.vault, 16),
    targetId: hex(body.target, 16),
    n: integer(body.n, 1),
    prev: hex(body.prev, 32),
    writtenMs: integer(body.time, 0),
    generation: integer(body.generation, 1, 0xffff_ffff),
    headerFile: headerFile(body.header),
    snapshots,
  };
};

const catalogueMac = (crypto: Crypto, backupKey: Uint8Array, body: Uint8Array): Buffer =>
  crypto.blake2b(32, [label('RSG catalogue v1'), body], backupKey);

/**
 * A catalogue as found on a target. Before `verify` only what leads to the key can be reached: whose it claims to
 * be, and which header opens it.
 */
export class UnverifiedCatalogue {
  readonly #body: CatalogueBody;
  readonly #bodyBytes: Buffer;
  readonly #mac: Buffer;

  constructor(body: CatalogueBody, bodyBytes: Buffer, mac: Buffer) {
    this.#body = body;
    this.#bodyBytes = bodyBytes;
    this.#mac = mac;
  }

  get vaultId(): Buffer {
    return this.#body.vaultId;
  }

  get targetId(): Buffer {
    return this.#body.targetId;
  }

  get headerFile(): string {
    return this.#body.headerFile;
  }

  /** Of the key that it says its MAC belongs to: good for telling a person, for nothing else. */
  get claimedGeneration(): number {
    return this.#body.generation;
  }

  /** `backupKey`: of the generation that wrote it. Throws `backup.catalogueDamaged`. */
  verify(crypto: Crypto, backupKey: Uint8Array): VerifiedCatalogue {
    if (!crypto.equal(catalogueMac(crypto, backupKey, this.#bodyBytes), this.#mac)) {
      throw new AppError('backup.catalogueDamaged');
    }
    return { body: this.#body, hash: catalogueHash(crypto, this.#bodyBytes) };
  }

  /**
   * After a change of keys the old key is gone, and the vault knows its last catalogue by its hash instead.
   * Null where it is another one.
   */
  recognise(crypto: Crypto, remembered: Uint8Array): VerifiedCatalogue | null {
    const hash = catalogueHash(crypto, this.#bodyBytes);
    return crypto.equal(hash, remembered) ? { body: this.#body, hash } : null;
  }
}

/** BLAKE2b-256 of a body's exact bytes: what the next catalogue names as `prev`. */
export const catalogueHash = (crypto: Crypto, bodyBytes: Uint8Array): Buffer =>
  crypto.blake2b(32, [bodyBytes]);

/**
 * Reads `catalogue.json`, which may come from anybody: bounded, exact keys, no duplicates, exact lengths, one
 * spelling. Throws `backup.catalogueUnreadable`, `vault.newerFormat`.
 */
export const parseCatalogue = (file: Buffer): UnverifiedCatalogue => {
  if (file.length > MAX_CATALOGUE_BYTES) throw new AppError('backup.catalogueUnreadable');
  return openSealed(
    file,
    SEALED,
    (bodyBytes, mac) => new UnverifiedCatalogue(parseBody(bodyBytes), bodyBytes, mac),
  );
};

/** The bytes of a new `catalogue.json` and the hash of its body. Refuses by the same rules as `parseCatalogue`. */
export const encodeCatalogue = (
  crypto: Crypto,
  body: CatalogueBody,
  backupKey: Uint8Array,
): { readonly file: Buffer; readonly hash: Buffer } => {
  const bodyBytes = Buffer.from(
    JSON.stringify({
      vault: body.vaultId.toString('hex'),
      target: body.targetId.toString('hex'),
      n: body.n,
      prev: body.prev.toString('hex'),
      time: body.writtenMs,
      generation: body.generation,
      header: body.headerFile,
      snapshots: body.snapshots.map((entry) => ({
        n: entry.n,
        time: entry.takenMs,
        id: entry.snapshotId.toString('hex'),
        file: snapshotFileName(entry.snapshotId),
        bytes: entry.bytes,
        sha256: entry.sha256.toString('hex'),
        incarnation: entry.incarnation.toString('hex'),
        journalSeq: entry.journalSeq,
        position: entry.position,
        head: entry.head.toString('hex'),
        headerSeq: entry.headerSeq,
        header: entry.headerFile,
        generation: entry.generation,
        objectCount: entry.objectCount,
        objects: entry.objectsHash.toString('hex'),
      })),
    }),
  );
  const file = writeSealed(SEALED, bodyBytes, catalogueMac(crypto, backupKey, bodyBytes));
  // What we would refuse to read must never replace a catalogue that can be read.
  parseCatalogue(file);
  return { file, hash: catalogueHash(crypto, bodyBytes) };
};

/** The `objectsHash` of an entry. `ids`: 16 bytes each, in any order. */
export const objectSetHash = (crypto: Crypto, ids: readonly Buffer[]): Buffer => {
  const stream = crypto.blake2bStream(32);
  for (const id of [...ids].sort((a, b) => a.compare(b))) stream.update(id);
  return stream.digest();
};
