import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { AppError, isAppError, type ErrorCode } from '#shared/errors.ts';
import type { Anchor } from '../../crypto/anchor.ts';
import { parseHeader, type UnverifiedHeader, type VerifiedHeader } from '../../crypto/header.ts';
import {
  deriveSlotKeys,
  deriveVaultKeys,
  type SlotKeys,
  type VaultKeys,
} from '../../crypto/key-hierarchy.ts';
import { normalisePassphrase } from '../../crypto/passphrase.ts';
import { openMaster, openSlots, type SecondFactor } from '../../crypto/slots.ts';
import type { Connection } from '../../db/connection.ts';
import { openDatabase } from '../../db/open.ts';
import { hashRow } from '../../db/row-hash.ts';
import { sql } from '../../db/sql.ts';
import {
  entryOfChain,
  JOURNAL_COLUMNS,
  journalRow,
  journalRowHash,
  lastEntry,
  requireUntampered,
} from '../../journal/index.ts';
import { runMigrations } from '../../migrations/run-migrations.ts';
import type { Ports } from '../../ports/index.ts';
import { ProfileAnchors, readAnchor, type AnchorParts } from './anchor-keeper.ts';
import { setMeta } from './meta.ts';
import { OpenVault } from './open-vault.ts';
import { readRoster, rosterRowHolds, type RosterRow } from './roster.ts';
import { tieHeader, tieJournal } from './ties.ts';
import { readHeaderFile, removeLeftovers } from './vault-files.ts';
import { readLockNote, VaultLock } from './vault-lock.ts';
import { whyNotHere } from './vault-place.ts';
import { z } from 'zod';

export interface UnlockVault {
  readonly folder: string;
  readonly passphrase: string;
  readonly factor?: SecondFactor;
  /** Called when another program takes the vault over later on. */
  readonly onLost: () => void;
}

/**
 * Reads the header and refuses what may not be opened here, before anybody types or derives anything.
 *
 * @throws AppError `vault.notFound`, `vault.headerUnreadable`, `vault.headerOutOfBounds`,
 *   `vault.newerFormat`, `vault.practiceOnly`.
 */
export const lookAtHeader = async (ports: Ports, folder: string): Promise<UnverifiedHeader> => {
  const header = parseHeader(await readHeaderFile(ports.disk, folder));
  if (ports.platform.practiceOnly && !header.claimsPractice()) throw new AppError('vault.practiceOnly');
  return header;
};

interface OpenedHeader {
  readonly header: VerifiedHeader;
  readonly keys: VaultKeys;
  readonly slot: SlotKeys;
  readonly slotId: string;
}

/** One derivation for each epoch, all records with each, then seal, generation and MAC. */
const openHeader = async (
  ports: Ports,
  unverified: UnverifiedHeader,
  typed: string,
  factor: SecondFactor,
): Promise<OpenedHeader> => {
  const { crypto } = ports;
  const passphrase = normalisePassphrase(typed);
  const accessKeys: Buffer[] = [];
  try {
    for (const epoch of unverified.epochs) {
      accessKeys.push(await crypto.argon2id13(passphrase, epoch.salt, epoch.ops, epoch.memBytes));
    }
    const opened = openSlots(crypto, unverified.id, unverified.slots, accessKeys, factor);
    const slot = deriveSlotKeys(crypto, opened.slotSecret);
    crypto.zero(opened.slotSecret);
    let keys: VaultKeys | null = null;
    try {
      const master = openMaster(crypto, opened.sealedMaster, slot);
      keys = deriveVaultKeys(crypto, master.masterKey);
      crypto.zero(master.masterKey);
      const header = unverified.verify(crypto, keys.header);
      if (header.body.generation !== master.generation) throw new AppError('vault.headerDamaged');
      return { header, keys, slot, slotId: opened.slotId.toString('hex') };
    } catch (thrown) {
      keys?.wipe();
      slot.wipe();
      throw thrown;
    }
  } finally {
    crypto.zero(passphrase, ...accessKeys);
  }
};

const lastAfter = z.object({ after: z.instanceof(Uint8Array) });

/**
 * The roster row of the slot that opened: derived keys, a coordinator's signature, the journal's row hash.
 *
 * @throws AppError `vault.rosterDamaged`.
 */
const requireRoster = (
  ports: Ports,
  connection: Connection,
  vaultId: Buffer,
  slotId: string,
  slot: SlotKeys,
): RosterRow => {
  const roster = readRoster(connection);
  const row = roster.find((candidate) => candidate.id === slotId);
  const first = connection.get(
    sql`SELECT ${JOURNAL_COLUMNS} FROM journal ORDER BY position LIMIT 1`,
    journalRow,
  );
  const noted = connection.get(
    sql`SELECT after FROM journal_row WHERE row_table = 'roster' AND row_id = ${slotId}
        ORDER BY position DESC LIMIT 1`,
    lastAfter,
  );
  const holds =
    row !== undefined &&
    first !== null &&
    noted !== null &&
    row.retired_at_seq === null &&
    row.box_public.equals(slot.boxPublic) &&
    row.sign_public.equals(slot.signPublic) &&
    rosterRowHolds(ports.crypto, vaultId, roster, row, first.actor) &&
    hashRow(connection, journalRowHash(ports.crypto), 'roster', slotId).equals(noted.after);
  if (!holds) throw new AppError('vault.rosterDamaged');
  return row;
};

/** Whether the journal contains the entry that an anchor names. */
const containsAnchored = (ports: Ports, connection: Connection, anchor: Anchor): boolean => {
  const entry = entryOfChain(connection, anchor.incarnation, anchor.journalSeq);
  return entry !== null && ports.crypto.equal(entry.hash, anchor.journalHead);
};

/** How many changes of the anchor's incarnation the database lacks; at least one, as something is missing. */
const countMissing = (connection: Connection, anchor: Anchor): number => {
  const last = lastEntry(connection);
  const ours = last !== null && last.incarnation.equals(anchor.incarnation) ? last.seq : 0;
  return Math.max(1, anchor.journalSeq - ours);
};

interface AnchorFinding {
  readonly readOnly: ErrorCode | null;
  readonly missing: number;
  readonly counter: number;
  readonly damaged: boolean;
}

/** Compares the journal with the anchor beside it and with the copy on this computer. */
const compareAnchors = async (
  ports: Ports,
  connection: Connection,
  parts: AnchorParts,
): Promise<AnchorFinding> => {
  const beside = await readAnchor(parts);
  const { profileFolder } = ports.platform;
  const copy = profileFolder === null ? null : await new ProfileAnchors(parts, profileFolder).find();
  const known = [beside.newest, copy].filter((anchor) => anchor !== null);
  const counter = Math.max(0, ...known.map((anchor) => anchor.counter));
  const absent = known.filter((anchor) => !containsAnchored(ports, connection, anchor));
  const missing = Math.max(0, ...absent.map((anchor) => countMissing(connection, anchor)));
  const readOnly =
    absent.length > 0 ? 'vault.changesMissing' : beside.newest === null ? 'vault.anchorDamaged' : null;
  return { readOnly, missing, counter, damaged: beside.damaged };
};

/** Opens the database file that the header names, alone. */
const openNamed = async (
  ports: Ports,
  parts: AnchorParts,
  keys: VaultKeys,
  header: VerifiedHeader,
): Promise<Connection> => {
  const path = join(parts.folder, header.body.database);
  const stat = await ports.disk.stat(path);
  if (stat === null) throw new AppError('vault.databaseMissing');
  // SQLite would take an empty file for a new database.
  if (stat.kind !== 'file' || stat.sizeBytes === 0) throw new AppError('vault.databaseDamaged');
  try {
    return openDatabase(path, keys.database);
  } catch (thrown) {
    if (!isAppError(thrown) || thrown.code !== 'vault.alreadyOpen') throw thrown;
    const note = await readLockNote({ ...parts, noteKey: keys.note });
    throw new AppError(
      'vault.alreadyOpen',
      note === null ? {} : { params: { who: note.who, device: note.device } },
    );
  }
};

/** An old roster page and the old note of it agree with each other; the signed entries of the journal do not. */
const requireOwnRole = ({ crypto }: Ports, vault: OpenVault, slotId: string): void => {
  try {
    requireUntampered({ crypto, vaultId: vault.vaultId, db: vault.db }, vault.db.connection, 'roster', [
      slotId,
    ]);
  } catch (thrown) {
    if (isAppError(thrown) && thrown.code === 'vault.rowTampered') throw new AppError('vault.rosterDamaged');
    throw thrown;
  }
};

/**
 * Opens a vault with a passphrase. Steps, in order: header bounds, one derivation for each epoch, all 16
 * records, sealed master key, generation, header MAC, database alone, header and database tied, roster row,
 * anchors. A step that fails refuses by its own code; what only casts doubt on completeness opens the vault
 * to look, with the reason in `db.readOnlyBecause`.
 *
 * @throws AppError the codes of `lookAtHeader`, `vault.passphraseLength`, `vault.wrongPassphrase`,
 *   `vault.headerDamaged`, `vault.databaseMissing`, `vault.databaseDamaged`, `vault.alreadyOpen`,
 *   `vault.headerMismatch`, `vault.rosterDamaged`, `disk.*`.
 */
export const unlockVault = async (ports: Ports, input: UnlockVault): Promise<OpenVault> => {
  const unverified = await lookAtHeader(ports, input.folder);
  const { header, keys, slot, slotId } = await openHeader(
    ports,
    unverified,
    input.passphrase,
    input.factor ?? { kind: 'none' },
  );
  const anchorParts: AnchorParts = {
    crypto: ports.crypto,
    disk: ports.disk,
    random: ports.random,
    folder: input.folder,
    anchorKey: keys.anchor,
    vaultId: header.body.id,
  };
  let connection: Connection | null = null;
  let vault: OpenVault | null = null;
  try {
    if (isMainThread) process.umask(0o077);
    const place = await whyNotHere(ports.disk, input.folder);
    connection = await openNamed(ports, anchorParts, keys, header);
    runMigrations(connection);
    const tie = tieHeader(ports, connection, header);
    const actor = requireRoster(ports, connection, header.body.id, slotId, slot);
    const anchors = await compareAnchors(ports, connection, anchorParts);
    const readOnly = tie ?? tieJournal(connection) ?? anchors.readOnly ?? place;
    const writer = ports.random.bytes(16);
    const epoch = header.body.epochs.at(-1);
    if (readOnly === null) {
      await removeLeftovers(ports.disk, input.folder, header.body.database);
      connection.run(sql`BEGIN IMMEDIATE`);
      setMeta(connection, 'writer', writer);
      connection.run(sql`COMMIT`);
    }
    vault = new OpenVault({
      ports,
      folder: input.folder,
      vaultId: header.body.id,
      use: header.body.use,
      kdf: { ops: epoch?.ops ?? 0, memBytes: epoch?.memBytes ?? 0 },
      keys,
      slot,
      actor,
      connection,
      writer,
      anchorCounter: anchors.counter,
      anchorDamaged: anchors.damaged,
      readOnly,
      missingChanges: anchors.missing,
    });
    requireOwnRole(ports, vault, slotId);
    const lock = await VaultLock.take({ ...anchorParts, noteKey: keys.note }, ports.random.bytes(16), {
      who: actor.name,
      device: ports.platform.localNames[1] ?? '',
    });
    vault.hold(lock, input.onLost);
    if (readOnly === null) {
      vault.db.write('vault.unlock', (tx) => {
        tx.journal({ table: 'roster', id: slotId, payload: { read: true } });
      });
    }
    return vault;
  } catch (thrown) {
    if (vault !== null) {
      await vault.close();
    } else {
      connection?.close();
      keys.wipe();
      slot.wipe();
    }
    throw thrown;
  }
};
