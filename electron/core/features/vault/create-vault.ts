import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { AppError } from '#shared/errors.ts';
import { PRESETS } from '#shared/model/roster.ts';
import { APP_FORMAT, assertKdfBounds, encodeHeader, type HeaderBody } from '../../crypto/header.ts';
import { ZERO_HASH } from '../../crypto/journal-format.ts';
import { deriveSlotKeys, deriveVaultKeys } from '../../crypto/key-hierarchy.ts';
import { normalisePassphrase } from '../../crypto/passphrase.ts';
import { arrangeSlots, sealSlot } from '../../crypto/slots.ts';
import { checkpoint, openDatabase } from '../../db/open.ts';
import { sql } from '../../db/sql.ts';
import { runMigrations } from '../../migrations/run-migrations.ts';
import type { Ports } from '../../ports/index.ts';
import { calibrate, type KdfCost } from './calibrate.ts';
import { setMeta } from './meta.ts';
import { OpenVault } from './open-vault.ts';
import { requireGoingOn, unlessEnding } from './openings.ts';
import { requireStrongEnough } from './passphrase-floor.ts';
import { insertRosterRow, signRosterRow, type RosterStatement, type StoredRosterRow } from './roster.ts';
import { onDisk } from '../../files/disk-errors.ts';
import {
  ANCHOR_FILE,
  HEADER_FILE,
  LOCK_FILE,
  OBJECTS_FOLDER,
  SCRATCH_FOLDER,
  writeNewFile,
} from './vault-files.ts';
import { VaultLock } from './vault-lock.ts';
import { whyNotHere } from './vault-place.ts';

export interface CreateVault {
  /** Absolute path of a folder that is missing or empty; the folder above it exists. */
  readonly folder: string;
  readonly use: 'real' | 'practice';
  readonly ownerName: string;
  readonly passphrase: string;
  /** Cost of one attempt; left out: calibrated on this computer. Memory in bytes. */
  readonly cost?: KdfCost | undefined;
  /** Called when another program takes the vault over later on. */
  readonly onLost: () => void;
  /** Aborted when the program ends: a derivation is not waited for, and no vault is made. */
  readonly signal?: AbortSignal;
}

/** An empty folder of our own, for this user alone. Gives whether there was none before. */
const prepareFolder = async (ports: Ports, folder: string): Promise<boolean> => {
  const { disk } = ports;
  const stat = await disk.stat(folder);
  if (stat === null) {
    if ((await disk.stat(dirname(folder)))?.kind !== 'folder') throw new AppError('disk.notFound');
    await onDisk('writing', () => disk.makeFolder(folder));
    await onDisk('writing', () => disk.syncFolder(dirname(folder)));
    return true;
  }
  if (stat.kind !== 'folder') throw new AppError('vault.folderNotEmpty');
  const names = await onDisk('writing', () => disk.list(folder));
  if (names.includes(HEADER_FILE)) throw new AppError('vault.exists');
  if (names.length > 0) throw new AppError('vault.folderNotEmpty');
  if ((stat.mode & 0o077) !== 0) {
    // Made anew with 0700. Where that cannot be (a mount point) the files inside are still 0600.
    await disk.removeFolder(folder).catch(() => undefined);
    await onDisk('writing', () => disk.makeFolder(folder));
    await onDisk('writing', () => disk.syncFolder(dirname(folder)));
  }
  return false;
};

/** Calibration and derivation take seconds, and another program may have begun a vault in the same folder. */
const requireStillEmpty = async ({ disk }: Ports, folder: string): Promise<void> => {
  const names = await onDisk('writing', () => disk.list(folder));
  if (names.includes(HEADER_FILE)) throw new AppError('vault.exists');
  if (names.length > 0) throw new AppError('vault.folderNotEmpty');
};

/**
 * Makes a vault and leaves it open for its founder, who is its first coordinator. `vault.json` is written
 * last: before it exists there is no vault, and what a failed attempt left is removed.
 *
 * @throws AppError `vault.practiceOnly`, `vault.passphraseTooWeak`, `vault.passphraseLength`,
 *   `vault.headerOutOfBounds` (cost), `vault.syncedFolder`, `vault.networkFolder`, `vault.exists`,
 *   `vault.folderNotEmpty`, `call.cancelled` where `signal` says so, `disk.*`.
 */
export const createVault = async (ports: Ports, input: CreateVault): Promise<OpenVault> => {
  const { disk, platform } = ports;
  if (platform.practiceOnly && input.use === 'real') throw new AppError('vault.practiceOnly');
  await requireStrongEnough(input.passphrase);
  if (input.cost !== undefined) assertKdfBounds(input.cost);
  const why = await whyNotHere(disk, input.folder);
  if (why !== null) throw new AppError(why);
  if (isMainThread) process.umask(0o077);
  const isNew = await prepareFolder(ports, input.folder);
  try {
    return await fillFolder(ports, input);
  } catch (thrown) {
    // Goes only where it is empty, as all that was made in it was taken away.
    if (isNew) await disk.removeFolder(input.folder).catch(() => undefined);
    throw thrown;
  }
};

/** Derives, writes everything, the header last. A failure takes away what was written. */
const fillFolder = async (ports: Ports, input: CreateVault): Promise<OpenVault> => {
  const { crypto, random, clock, disk, platform } = ports;
  const { signal } = input;
  const cost = input.cost ?? (await unlessEnding(signal, calibrate(crypto, random, clock), () => undefined));
  const vaultId = random.bytes(16);
  const slotId = random.bytes(16);
  const salt = random.bytes(16);
  // Drawn into memory of their own by the port: a copy would leave the first one unwiped.
  const masterKey = random.bytes(32);
  const slotSecret = random.bytes(32);
  crypto.lockMemory(masterKey);
  crypto.lockMemory(slotSecret);
  const passphrase = normalisePassphrase(input.passphrase);
  let accessKey: Buffer;
  try {
    const derivation = crypto.argon2id13(passphrase, salt, cost.ops, cost.memBytes);
    accessKey = await unlessEnding(signal, derivation, (late) => {
      crypto.zero(late);
    });
  } catch (thrown) {
    crypto.zero(masterKey, slotSecret);
    throw thrown;
  } finally {
    crypto.zero(passphrase);
  }
  const slot = deriveSlotKeys(crypto, slotSecret);
  const keys = deriveVaultKeys(crypto, masterKey);
  const body: HeaderBody = {
    id: vaultId,
    use: input.use,
    seq: 1,
    prev: ZERO_HASH,
    generation: 1,
    database: `vault-${random.bytes(8).toString('hex')}.db`,
    minAppFormat: APP_FORMAT,
    epochs: [{ n: 1, ops: cost.ops, memBytes: cost.memBytes, salt }],
    slots: arrangeSlots(random, [
      sealSlot(crypto, random, {
        vaultId,
        slotId,
        accessKey,
        factor: { kind: 'none' },
        slotSecret,
        generation: 1,
        masterKey,
        boxPublic: slot.boxPublic,
      }),
    ]),
  };
  crypto.zero(accessKey, masterKey, slotSecret);
  const header = encodeHeader(crypto, body, keys.header);

  const statement: RosterStatement = {
    id: slotId.toString('hex'),
    name: input.ownerName,
    powers: [...PRESETS.coordination],
    kind: 'passphrase',
    box_public: slot.boxPublic,
    sign_public: slot.signPublic,
    added_at: clock.now(),
    signer: slot.signPublic,
  };
  const founder: StoredRosterRow = {
    ...statement,
    signature: signRosterRow(crypto, vaultId, statement, slot.signSecret),
    retired_at_seq: null,
  };
  const writer = random.bytes(16);
  const path = join(input.folder, body.database);
  let vault: OpenVault | null = null;
  /** What to take away again after a failure: these names and no others, whoever else came meanwhile. */
  const made: string[] = [];
  try {
    await requireStillEmpty(ports, input.folder);
    made.push(body.database, `${body.database}-wal`, `${body.database}-journal`);
    const connection = openDatabase(path, keys.database);
    try {
      runMigrations(connection);
      connection.run(sql`BEGIN IMMEDIATE`);
      setMeta(connection, 'vault_id', vaultId);
      setMeta(connection, 'incarnation', random.bytes(16));
      setMeta(connection, 'device', random.bytes(16));
      setMeta(connection, 'writer', writer);
      setMeta(connection, 'header_seq', body.seq);
      setMeta(connection, 'header_hash', header.hash);
      setMeta(connection, 'generation', body.generation);
      setMeta(connection, 'created_at', clock.now());
      connection.run(sql`COMMIT`);
      vault = new OpenVault({
        ports,
        folder: input.folder,
        vaultId,
        use: input.use,
        kdf: cost,
        keys,
        slot,
        actor: founder,
        connection,
        writer,
        anchorCounter: 0,
        anchorDamaged: false,
        readOnly: null,
        missingChanges: 0,
      });
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
    await vault.anchor.writeWhole(vault.journal.head, true);
    made.push(ANCHOR_FILE);
    vault.db.write('vault.create', (tx) => {
      insertRosterRow(tx, founder);
      tx.journal({
        table: 'roster',
        id: founder.id,
        payload: { name: founder.name, powers: founder.powers, kind: founder.kind, use: input.use },
      });
    });
    checkpoint(vault.db.connection);
    const objects = vault.objectsFolder;
    if (await onDisk('writing', () => disk.makeFolder(objects))) made.push(OBJECTS_FOLDER);
    if (await onDisk('writing', () => disk.makeFolder(join(input.folder, SCRATCH_FOLDER)))) {
      made.push(SCRATCH_FOLDER);
    }
    await vault.anchor.writeWhole(vault.journal.head, false);
    const lock = await VaultLock.take({ ...vault.anchorParts, noteKey: keys.note }, random.bytes(16), {
      who: input.ownerName,
      device: platform.localNames[1] ?? '',
    });
    made.push(LOCK_FILE);
    await onDisk('writing', () => disk.syncFolder(input.folder));
    requireGoingOn(signal);
    await writeNewFile(disk, join(input.folder, HEADER_FILE), header.file);
    made.push(HEADER_FILE);
    await onDisk('writing', () => disk.syncFolder(input.folder));
    vault.hold(lock, input.onLost);
    return vault;
  } catch (thrown) {
    if (vault === null) {
      keys.wipe();
      slot.wipe();
    } else {
      await vault.close();
    }
    await takeAway(ports, input.folder, made);
    throw thrown;
  }
};

/** A folder that never became a vault is left as it was found. */
const takeAway = async ({ disk }: Ports, folder: string, names: readonly string[]): Promise<void> => {
  for (const name of names) {
    const path = join(folder, name);
    const stat = await disk.stat(path).catch(() => null);
    if (stat?.kind === 'folder') await disk.removeFolder(path).catch(() => undefined);
    else await disk.remove(path).catch(() => false);
  }
};
