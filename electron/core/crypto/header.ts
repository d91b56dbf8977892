import { AppError } from '#shared/errors.ts';
import type { Crypto } from '../ports/crypto.ts';
import { label } from './bytes.ts';
import { base64, hex, integer, openSealed, writeSealed, type SealedKind } from './sealed-document.ts';
import { SLOT_BYTES, SLOT_COUNT } from './slots.ts';
import { exactObject, parseStrictJson, StrictJsonError } from './strict-json.ts';
import type { StrictJson } from './strict-json.ts';

export const HEADER_FORMAT = 'resguardo-vault';
export const HEADER_VERSION = 1;
/** Newest vault contents that this application can read; compared with `minAppFormat`. */
export const APP_FORMAT = 1;
export const MAX_HEADER_BYTES = 64 * 1024;

const MIB = 1024 * 1024;
/** Below the floor a stolen vault is cheap to guess at; above the ceiling a forged header freezes the computer. */
export const KDF_BOUNDS = {
  minOps: 1,
  maxOps: 10,
  minMemBytes: 64 * MIB,
  maxMemBytes: 1024 * MIB,
  minWork: 3 * 64 * MIB,
} as const;

/** Salt and cost that all passphrase slots share, so that an attempt costs one derivation. */
export interface KdfEpoch {
  readonly n: number;
  readonly ops: number;
  /** Bytes; in the file this is the member `mem`. */
  readonly memBytes: number;
  readonly salt: Buffer;
}

export interface HeaderBody {
  readonly id: Buffer;
  readonly use: 'real' | 'practice';
  readonly seq: number;
  /** BLAKE2b-256 of the body before this one; zeros in the first. */
  readonly prev: Buffer;
  readonly generation: number;
  readonly database: string;
  readonly minAppFormat: number;
  /** One, or two while the cost is being raised; the newest last. */
  readonly epochs: readonly KdfEpoch[];
  /** 16 records of 172 bytes. */
  readonly slots: readonly Buffer[];
}

const SEALED: SealedKind = {
  format: HEADER_FORMAT,
  version: HEADER_VERSION,
  unreadable: 'vault.headerUnreadable',
};

const BODY_KEYS = [
  'id',
  'use',
  'seq',
  'prev',
  'generation',
  'database',
  'minAppFormat',
  'epochs',
  'slots',
] as const;
const DATABASE_NAME = /^vault-[0-9a-f]{16}\.db$/u;

/** Throws `vault.headerOutOfBounds`; run on every epoch before a single derivation. */
export const assertKdfBounds = (epoch: { readonly ops: number; readonly memBytes: number }): void => {
  const { ops, memBytes } = epoch;
  const inside =
    Number.isInteger(ops) &&
    Number.isInteger(memBytes) &&
    ops >= KDF_BOUNDS.minOps &&
    ops <= KDF_BOUNDS.maxOps &&
    memBytes >= KDF_BOUNDS.minMemBytes &&
    memBytes <= KDF_BOUNDS.maxMemBytes &&
    memBytes % 1024 === 0 &&
    ops * memBytes >= KDF_BOUNDS.minWork;
  if (!inside) throw new AppError('vault.headerOutOfBounds');
};

const parseEpoch = (value: StrictJson): KdfEpoch => {
  const epoch = exactObject(value, ['n', 'alg', 'ops', 'mem', 'salt']);
  if (epoch.alg !== 'argon2id13') throw new StrictJsonError();
  const parsed = {
    n: integer(epoch.n, 1, 0xffff_ffff),
    ops: integer(epoch.ops, 0),
    memBytes: integer(epoch.mem, 0),
    salt: hex(epoch.salt, 16),
  };
  assertKdfBounds(parsed);
  return parsed;
};

const parseBody = (bytes: Buffer): HeaderBody => {
  const body = exactObject(parseStrictJson(bytes), BODY_KEYS);
  if (!Array.isArray(body.epochs) || !Array.isArray(body.slots)) throw new StrictJsonError();
  const epochs = (body.epochs as readonly StrictJson[]).map(parseEpoch);
  if (epochs.length < 1 || epochs.length > 2) throw new AppError('vault.headerOutOfBounds');
  if (epochs.length === 2 && (epochs[0]?.n ?? 0) >= (epochs[1]?.n ?? 0)) throw new StrictJsonError();
  const slots = (body.slots as readonly StrictJson[]).map((slot) => base64(slot, SLOT_BYTES));
  if (slots.length !== SLOT_COUNT) throw new AppError('vault.headerOutOfBounds');
  const { use, database } = body;
  if (use !== 'real' && use !== 'practice') throw new StrictJsonError();
  if (typeof database !== 'string' || !DATABASE_NAME.test(database)) throw new StrictJsonError();
  return {
    id: hex(body.id, 16),
    use,
    seq: integer(body.seq, 0),
    prev: hex(body.prev, 32),
    generation: integer(body.generation, 1, 0xffff_ffff),
    database,
    minAppFormat: integer(body.minAppFormat, 1),
    epochs,
    slots,
  };
};

const headerMac = (crypto: Crypto, headerKey: Uint8Array, body: Uint8Array): Buffer =>
  crypto.blake2b(32, [label('RSG header v1'), body], headerKey);

/** BLAKE2b-256 of a body's exact bytes: what the next header names as `prev` and the database remembers. */
export const headerHash = (crypto: Crypto, bodyBytes: Uint8Array): Buffer => crypto.blake2b(32, [bodyBytes]);

/** A header whose MAC fitted. */
export interface VerifiedHeader {
  readonly body: HeaderBody;
  readonly bodyBytes: Buffer;
  readonly hash: Buffer;
}

/**
 * A header as found on disk. Only what unlocking needs can be reached: everything else stays behind
 * `verify`, so that no caller can act on a value that a stranger may have written.
 */
export class UnverifiedHeader {
  readonly #body: HeaderBody;
  readonly #bodyBytes: Buffer;
  readonly #mac: Buffer;

  constructor(body: HeaderBody, bodyBytes: Buffer, mac: Buffer) {
    this.#body = body;
    this.#bodyBytes = bodyBytes;
    this.#mac = mac;
  }

  get id(): Buffer {
    return this.#body.id;
  }

  /** Newest first. */
  get epochs(): readonly KdfEpoch[] {
    return [...this.#body.epochs].reverse();
  }

  get slots(): readonly Buffer[] {
    return this.#body.slots;
  }

  /**
   * What the header says of itself before anything was proved. Good for one thing: to refuse early where
   * only practice vaults may open. That it is a practice vault counts after `verify` alone.
   */
  claimsPractice(): boolean {
    return this.#body.use === 'practice';
  }

  /** Throws `vault.headerDamaged` where the MAC does not fit, `vault.newerFormat` where the contents are too new. */
  verify(crypto: Crypto, headerKey: Uint8Array): VerifiedHeader {
    if (!crypto.equal(headerMac(crypto, headerKey, this.#bodyBytes), this.#mac)) {
      throw new AppError('vault.headerDamaged');
    }
    if (this.#body.minAppFormat > APP_FORMAT) throw new AppError('vault.newerFormat');
    return { body: this.#body, bodyBytes: this.#bodyBytes, hash: headerHash(crypto, this.#bodyBytes) };
  }
}

/**
 * Reads `vault.json`. Strict: exact keys, no duplicates, exact lengths, canonical base64, bounds.
 * Throws `vault.headerUnreadable`, `vault.headerOutOfBounds`, `vault.newerFormat`.
 */
export const parseHeader = (file: Buffer): UnverifiedHeader => {
  if (file.length > MAX_HEADER_BYTES) throw new AppError('vault.headerOutOfBounds');
  return openSealed(
    file,
    SEALED,
    (bodyBytes, mac) => new UnverifiedHeader(parseBody(bodyBytes), bodyBytes, mac),
  );
};

/** The bytes of a new `vault.json` and the hash of its body. Refuses by the same rules as `parseHeader`. */
export const encodeHeader = (
  crypto: Crypto,
  body: HeaderBody,
  headerKey: Uint8Array,
): { readonly file: Buffer; readonly bodyBytes: Buffer; readonly hash: Buffer } => {
  const bodyBytes = Buffer.from(
    JSON.stringify({
      id: body.id.toString('hex'),
      use: body.use,
      seq: body.seq,
      prev: body.prev.toString('hex'),
      generation: body.generation,
      database: body.database,
      minAppFormat: body.minAppFormat,
      epochs: body.epochs.map((epoch) => ({
        n: epoch.n,
        alg: 'argon2id13',
        ops: epoch.ops,
        mem: epoch.memBytes,
        salt: epoch.salt.toString('hex'),
      })),
      slots: body.slots.map((slot) => slot.toString('base64')),
    }),
  );
  const file = writeSealed(SEALED, bodyBytes, headerMac(crypto, headerKey, bodyBytes));
  // What we would refuse to read must never be written: it would lock everybody out.
  parseHeader(file);
  return { file, bodyBytes, hash: headerHash(crypto, bodyBytes) };
};

/**
 * How a verified header stands to what the database remembers of it. `same`: good. `interrupted`: the header
 * was replaced and the process died before the database heard of it; finish that change. `foreign`: an older
 * copy or another vault's; read-only, no silent repair.
 */
export const relateHeader = (
  crypto: Crypto,
  header: VerifiedHeader,
  stored: { readonly seq: number; readonly hash: Buffer },
): 'same' | 'interrupted' | 'foreign' => {
  const { seq, prev } = header.body;
  if (seq === stored.seq && crypto.equal(header.hash, stored.hash)) return 'same';
  if (seq === stored.seq + 1 && crypto.equal(prev, stored.hash)) return 'interrupted';
  return 'foreign';
};
