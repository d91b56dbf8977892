import { join } from 'node:path';
import { AppError, isAppError } from '#shared/errors.ts';
import { encodeHeader, type HeaderBody } from '../../crypto/header.ts';
import { deriveVaultKeys, type VaultKeys } from '../../crypto/key-hierarchy.ts';
import { arrangeSlots, resealSlot, slotIdOf } from '../../crypto/slots.ts';
import type { Connection } from '../../db/connection.ts';
import {
  checkpoint,
  damageOf,
  databaseBytes,
  exportDatabase,
  openDatabase,
  schemaParts,
} from '../../db/open.ts';
import type { Tx } from '../../db/types.ts';
import { readSmallFile, removeQuietly, writeFileAtomically } from '../../files/atomic-write.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { lastEntry } from '../../journal/index.ts';
import { currentHeader, HEADER_FILE, type OpenVault, type RosterRow } from '../vault/index.ts';
import { compareIndex } from '../search/index.ts';
import { recordInCopy } from './record-in-copy.ts';
import { allKeysOpen, rewrapObjectKeys } from './object-keys-repo.ts';

/** What a rotation is to do. */
export interface RotationPlan {
  /** Slots that keep their way in. The one that rotates is among them. */
  readonly staying: readonly RosterRow[];
  readonly removed: readonly RosterRow[];
  /**
   * Changes that belong to the rotation, in its transaction, with their journal entries.
   *
   * @param position journal position after which the removed may not sign.
   */
  readonly record: (tx: Tx, facts: { readonly generation: number; readonly position: number }) => void;
}

/** What a rotation tells and asks while it runs. */
export interface RotationWatch {
  readonly signal: AbortSignal;
  progress(stage: RotationStage, done: number, total: number): void;
}

/** A rotation under way. */
export interface Rotation {
  readonly vault: OpenVault;
  readonly plan: RotationPlan;
  readonly watch: RotationWatch;
  readonly before: { readonly header: HeaderBody };
  readonly next: {
    readonly generation: number;
    readonly database: string;
    readonly path: string;
    readonly keys: VaultKeys;
    readonly header: ReturnType<typeof encodeHeader>;
    readonly seq: number;
  };
  /** The copy, while it is open. */
  copy: Connection | null;
  /** Hash of the last journal entry that the copy must end on. */
  head: Buffer | null;
  objects: number;
  /** From the moment the new header may be on disk. */
  committed: boolean;
  /** Nobody can tell which header is on the disk: both files stay, and the next opening decides. */
  unknown: boolean;
  /** The session goes on with the new keys. */
  continued: boolean;
  oldFileRemoved: boolean;
}

export type RotationStage =
  'room' | 'copy' | 'rewrap' | 'record' | 'verify' | 'settle' | 'header' | 'move' | 'clear';

/** Names that SQLite may give to the parts of one database. */
export const databaseFiles = (database: string): string[] => [
  database,
  `${database}-wal`,
  `${database}-journal`,
];

/** Room for the copy, for the log of its rewrapped keys, and for the header. */
export const roomNeeded = (bytes: number): number => Math.ceil(bytes * 1.1) + 4 * 1024 * 1024;

/**
 * Draws the new master key, seals it to every slot that stays, and makes the header that will name the copy.
 *
 * @throws AppError `vault.headerMismatch`, `vault.rosterDamaged` where a slot that stays has no record.
 */
export const beginRotation = async (
  vault: OpenVault,
  plan: RotationPlan,
  watch: RotationWatch,
): Promise<Rotation> => {
  const { crypto, random } = vault.ports;
  const verified = await currentHeader(vault);
  const { body } = verified;
  const records = new Map(body.slots.map((record) => [slotIdOf(record).toString('hex'), record]));
  const generation = body.generation + 1;
  const masterKey = random.bytes(32);
  crypto.lockMemory(masterKey);
  try {
    const slots = plan.staying.map((row) => {
      const record = records.get(row.id);
      if (record === undefined) throw new AppError('vault.rosterDamaged');
      return resealSlot(crypto, record, generation, masterKey, row.box_public);
    });
    const keys = deriveVaultKeys(crypto, masterKey);
    const database = `vault-${random.bytes(8).toString('hex')}.db`;
    const header = encodeHeader(
      crypto,
      {
        ...body,
        seq: body.seq + 1,
        prev: verified.hash,
        generation,
        database,
        slots: arrangeSlots(random, slots),
      },
      keys.header,
    );
    return {
      vault,
      plan,
      watch,
      before: { header: body },
      next: {
        generation,
        database,
        path: join(vault.folder, database),
        keys,
        header,
        seq: body.seq + 1,
      },
      copy: null,
      head: null,
      objects: 0,
      committed: false,
      unknown: false,
      continued: false,
      oldFileRemoved: false,
    };
  } finally {
    crypto.zero(masterKey);
  }
};

const closeCopy = (rotation: Rotation): void => {
  const { copy } = rotation;
  rotation.copy = null;
  copy?.close();
};

const openCopy = (rotation: Rotation): Connection => {
  rotation.copy ??= openDatabase(rotation.next.path, rotation.next.keys.database);
  return rotation.copy;
};

const room = async ({ vault }: Rotation): Promise<void> => {
  const { connection } = vault.db;
  checkpoint(connection);
  const needed = roomNeeded(databaseBytes(connection));
  const free = await onDisk('writing', () => vault.ports.disk.freeBytes(vault.folder));
  if (free >= needed) return;
  const inMegabytes = (bytes: number): number => Math.ceil(bytes / 1_000_000);
  throw new AppError('vault.noRoomToRotate', {
    params: { needed: inMegabytes(needed), free: inMegabytes(free) },
  });
};

const copy = ({ vault, next }: Rotation): void => {
  const { connection } = vault.db;
  checkpoint(connection);
  exportDatabase(connection, next.path, next.keys.database);
};

const rewrap = async (rotation: Rotation): Promise<void> => {
  const { vault, next, watch } = rotation;
  rotation.objects = await rewrapObjectKeys(openCopy(rotation), {
    crypto: vault.ports.crypto,
    random: vault.ports.random,
    vaultId: vault.vaultId,
    from: vault.keys.wrap,
    to: next.keys.wrap,
    generation: next.generation,
    breathe: async (done, total) => {
      watch.progress('rewrap', done, total);
      await breathe(rotation);
    },
  });
};

const record = (rotation: Rotation): void => {
  const connection = openCopy(rotation);
  rotation.head = recordInCopy(rotation.vault, connection, {
    generation: rotation.next.generation,
    headerSeq: rotation.next.seq,
    headerHash: rotation.next.header.hash,
    record: rotation.plan.record,
  });
  checkpoint(connection);
  closeCopy(rotation);
};

/** Tables that the rotation itself writes into; their contents are compared by the journal's head. */
const WRITTEN = new Set([
  'journal',
  'journal_row',
  'journal_payload',
  'meta',
  'case_access_person',
  'kept_copy',
]);

/** Copies from before a migration, under the keys of their time. */
const KEPT_COPY = /^before-[0-9]+-[0-9a-f]{32}\.db(?:-journal)?$/u;

/** Opens the closed copy anew and compares it with the original. Throws `vault.copyDamaged`. */
const verify = (rotation: Rotation): void => {
  try {
    if (isWhole(rotation)) return;
  } catch (thrown) {
    if (!isAppError(thrown) || thrown.code !== 'vault.databaseDamaged') throw thrown;
  }
  throw new AppError('vault.copyDamaged');
};

const isWhole = (rotation: Rotation): boolean => {
  const { vault } = rotation;
  const connection = openCopy(rotation);
  const shape = (of: Connection): string =>
    JSON.stringify(schemaParts(of).map((part) => (WRITTEN.has(part.name) ? { ...part, rows: null } : part)));
  const entries = (of: Connection): number => lastEntry(of)?.position ?? 0;
  compareIndex(connection);
  checkpoint(connection);
  const whole =
    damageOf(connection).length === 0 &&
    shape(connection) === shape(vault.db.connection) &&
    allKeysOpen(connection, {
      crypto: vault.ports.crypto,
      vaultId: vault.vaultId,
      to: rotation.next.keys.wrap,
      generation: rotation.next.generation,
    }) &&
    rotation.head !== null &&
    lastEntry(connection)?.hash.equals(rotation.head) === true &&
    entries(connection) > entries(vault.db.connection);
  closeCopy(rotation);
  return whole;
};

/**
 * The copy and its name reach the disk. Only then is it opened for the session: closing our own descriptor would give
 * up the locks that SQLite holds on the file.
 */
const settle = async (rotation: Rotation): Promise<void> => {
  const { vault, next } = rotation;
  const { disk } = vault.ports;
  closeCopy(rotation);
  await onDisk('writing', async () => {
    const file = await disk.open(next.path, 'update');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.syncFolder(vault.folder);
  });
  openCopy(rotation);
};

/** The one commit point: the header names another file and other keys, or it does not. */
const header = async (rotation: Rotation): Promise<void> => {
  const { vault, next } = rotation;
  const { disk } = vault.ports;
  const path = join(vault.folder, HEADER_FILE);
  if (vault.closed) throw new AppError('call.locked');
  vault.db.requireWritable();
  try {
    await writeFileAtomically(vault.ports, path, next.header.file);
    rotation.committed = true;
  } catch (thrown) {
    // A failed sync of the folder comes after the rename: what stands there now decides.
    const found = await readSmallFile(disk, path, next.header.file.length + 1).catch(() => null);
    if (found?.equals(next.header.file) === true) rotation.committed = true;
    else if (!(await stillTheOldOne(vault))) rotation.unknown = true;
    throw thrown;
  }
};

/** Only a header that was read and verified says that nothing happened. A disk that fails to answer says nothing. */
const stillTheOldOne = (vault: OpenVault): Promise<boolean> =>
  currentHeader(vault).then(
    () => true,
    () => false,
  );

const move = async (rotation: Rotation): Promise<void> => {
  const { vault, next } = rotation;
  if (vault.closed) {
    closeCopy(rotation);
    next.keys.wipe();
    throw new AppError('call.locked');
  }
  const connection = openCopy(rotation);
  rotation.copy = null;
  rotation.continued = true;
  await vault.continueWith({ keys: next.keys, connection });
};

const clear = async (rotation: Rotation): Promise<void> => {
  const { vault, before } = rotation;
  const { disk } = vault.ports;
  const kept = (await disk.list(vault.folder)).filter((name) => KEPT_COPY.test(name));
  for (const name of [...databaseFiles(before.header.database), ...kept]) {
    await disk.remove(join(vault.folder, name));
  }
  await disk.syncFolder(vault.folder);
  rotation.oldFileRemoved = true;
};

/** Lets other calls in between two steps, and stops when asked to, as long as nothing is final. */
const breathe = async (rotation: Rotation): Promise<void> => {
  if (rotation.committed) return;
  if (rotation.watch.signal.aborted) throw new AppError('call.cancelled');
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  if (rotation.vault.closed) throw new AppError('call.locked');
};

const STEPS: Readonly<Record<RotationStage, (rotation: Rotation) => void | Promise<void>>> = {
  room,
  copy,
  rewrap,
  record,
  verify,
  settle,
  header,
  move,
  clear,
};

/**
 * The order of the steps is what makes a rotation safe against death at any moment: nothing of the old vault is
 * touched before `header`, and nothing of the new one is wanting after it.
 */
export const ROTATION_ORDER: readonly RotationStage[] = [
  'room',
  'copy',
  'rewrap',
  'record',
  'verify',
  'settle',
  'header',
  'move',
  'clear',
];

const letGo = (rotation: Rotation): void => {
  try {
    closeCopy(rotation);
  } catch {
    // The first failure says more.
  }
  rotation.next.keys.wipe();
};

/**
 * Ends a rotation of which nobody knows whether its header took effect: the database that it names may be the only
 * one that counts, or the old one. Neither is removed, and nothing more is written into the old one, which would be
 * lost where the new one counts.
 */
const leaveOpen = (rotation: Rotation): void => {
  letGo(rotation);
  rotation.vault.db.setReadOnly('vault.headerMismatch');
};

/** Takes away what a rotation made that did not come to its commit point. */
const abandon = async (rotation: Rotation): Promise<void> => {
  letGo(rotation);
  for (const name of databaseFiles(rotation.next.database)) {
    await removeQuietly(rotation.vault.ports.disk, join(rotation.vault.folder, name));
  }
};

/**
 * Runs the steps in `order`. Before `header` any failure leaves the old vault as it was and removes the copy; after
 * it nothing is undone: what could not be finished is finished by the next unlocking. Where the disk does not tell
 * which header it has, both databases stay and the vault is open to look only until it is opened again.
 *
 * @throws AppError `rotation.unknown` in that last case; `vault.noRoomToRotate`, `vault.copyDamaged`, `call.cancelled`, `disk.*`, `vault.takenOver`.
 */
export const runSteps = async (
  rotation: Rotation,
  order: readonly RotationStage[] = ROTATION_ORDER,
): Promise<void> => {
  for (const [index, stage] of order.entries()) {
    try {
      await breathe(rotation);
      rotation.watch.progress(stage, index, order.length);
      await STEPS[stage](rotation);
    } catch (thrown) {
      if (rotation.unknown) {
        leaveOpen(rotation);
        throw new AppError('rotation.unknown');
      }
      if (!rotation.committed) {
        await abandon(rotation);
        throw thrown;
      }
      const code = thrown instanceof AppError ? thrown.code : 'disk.notWritable';
      rotation.vault.ports.logger.write({ event: 'vault', name: 'rotation', code });
      // Whether the new header survives a power cut is not known here: the old file is the other half of it.
      if (stage === 'header') {
        await move(rotation);
        return;
      }
    }
  }
};
