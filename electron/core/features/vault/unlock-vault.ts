import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { AppError, isAppError, type ErrorCode } from '#shared/errors.ts';
import type { Anchor } from '../../crypto/anchor.ts';
import { parseHeader, type UnverifiedHeader, type VerifiedHeader } from '../../crypto/header.ts';
import type { SlotKeys, VaultKeys } from '../../crypto/key-hierarchy.ts';
import type { SecondFactor } from '../../crypto/slots.ts';
import type { Connection } from '../../db/connection.ts';
import { openDatabase } from '../../db/open.ts';
import { hashRow } from '../../db/row-hash.ts';
import { sql } from '../../db/sql.ts';
import {
  entryOfChain,
  journalRowHash,
  lastEntry,
  requireUntampered,
  UNSAID_MS,
} from '../../journal/index.ts';
import { runMigrations, schemaVersion } from '../../migrations/run-migrations.ts';
import type { Ports } from '../../ports/index.ts';
import type { AccessWay } from './access-way.ts';
import { ProfileAnchors, readAnchor, type AnchorParts } from './anchor-keeper.ts';
import { dropMeta, metaBytesOrNull, setMeta } from './meta.ts';
import { countOpen, keepBeforeMigration } from './kept-copies.ts';
import { keepUpWithCost } from './keep-up-with-cost.ts';
import { openHeader } from './open-header.ts';
import { OpenVault } from './open-vault.ts';
import { requireGoingOn, unlessEnding } from './openings.ts';
import type { RosterRow } from './roster.ts';
import { rosterChain, rosterRowHolds } from './roster-chain.ts';
import { wasCutOff } from './session-end-repo.ts';
import { settleSlots } from './settle-slots.ts';
import { tieHeader, tieJournal } from './ties.ts';
import { readHeaderFile, removeLeftovers } from './vault-files.ts';
import { readLockNote, VaultLock } from './vault-lock.ts';
import { whyNotHere } from './vault-place.ts';
import { z } from 'zod';

export interface UnlockVault {
  readonly folder: string;
  /** A passphrase and what goes with it; or another `way`, which the caller wipes. */
  readonly passphrase?: string;
  readonly factor?: SecondFactor;
  readonly way?: AccessWay;
  /** Called when another program takes the vault over later on. */
  readonly onLost: () => void;
  /** Aborted when the program ends: a derivation is not waited for, and what was begun is put away. */
  readonly signal?: AbortSignal;
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

const lastAfter = z.object({ after: z.instanceof(Uint8Array) });

/**
 * The roster row of the slot that opened: derived keys, signatures back to the founder, the journal's row hash.
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
  const chain = rosterChain(ports.crypto, vaultId, connection);
  const row = chain.roster.find((candidate) => candidate.id === slotId);
  const noted = connection.get(
    sql`SELECT after FROM journal_row WHERE row_table = 'roster' AND row_id = ${slotId}
        ORDER BY position DESC LIMIT 1`,
    lastAfter,
  );
  const holds =
    row !== undefined &&
    noted !== null &&
    row.retired_at_seq === null &&
    row.box_public.equals(slot.boxPublic) &&
    row.sign_public.equals(slot.signPublic) &&
    rosterRowHolds(chain, row) &&
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
  /** A rotation was cut off between header and anchor: the anchor is to be written under the new key. */
  readonly unwritten: boolean;
}

/**
 * True where this is the very state that a rotation left: then the anchor beside it is still under the key before.
 * The row is taken away with the first anchor under the new key, so it excuses no later loss.
 */
const isJustRotated = (connection: Connection): boolean => {
  const noted = metaBytesOrNull(connection, 'rotated_head');
  return noted !== null && lastEntry(connection)?.hash.equals(noted) === true;
};

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
  const unwritten = beside.newest === null && isJustRotated(connection);
  const readOnly =
    absent.length > 0
      ? 'vault.changesMissing'
      : beside.newest === null && !unwritten
        ? 'vault.anchorDamaged'
        : null;
  return { readOnly, missing, counter, damaged: beside.damaged && !unwritten, unwritten };
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
 * Opens a vault with a passphrase, words or pages. Steps, in order: header bounds, one derivation for each epoch
 * (none for paper), all 16 records, sealed master key, generation, header MAC, database alone, header and database tied, roster row,
 * anchors. A step that fails refuses by its own code; what only casts doubt on completeness opens the vault
 * to look, with the reason in `db.readOnlyBecause`.
 *
 * @throws AppError the codes of `lookAtHeader`, `vault.passphraseLength`, `vault.wrongPassphrase`,
 *   `vault.wrongFactors`, `recovery.wordsDoNotOpen`, `recovery.pagesDoNotFit`, `vault.headerDamaged`, `vault.databaseMissing`, `vault.databaseDamaged`, `vault.alreadyOpen`,
 *   `vault.headerMismatch`, `vault.rosterDamaged`, `call.cancelled` where `signal` says so, `disk.*`.
 */
export const unlockVault = async (ports: Ports, input: UnlockVault): Promise<OpenVault> => {
  const unverified = await lookAtHeader(ports, input.folder);
  const way = input.way ?? {
    kind: 'passphrase',
    passphrase: input.passphrase ?? '',
    factor: input.factor ?? { kind: 'none' },
  };
  const opened = await unlessEnding(input.signal, openHeader(ports.crypto, unverified, way), (late) => {
    late.wipe();
  });
  const { header, keys, slot, slotId } = opened;
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
    const version = schemaVersion(connection);
    const kept = await keepBeforeMigration(ports, input.folder, connection, keys.backup);
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
    if (readOnly === null && anchors.unwritten) await vault.anchor.writeWhole(vault.journal.head, false);
    if (readOnly === null) dropMeta(connection, 'rotated_head');
    requireGoingOn(input.signal);
    const lock = await VaultLock.take({ ...anchorParts, noteKey: keys.note }, ports.random.bytes(16), {
      who: actor.name,
      device: ports.platform.localNames[1] ?? '',
    });
    vault.hold(lock, input.onLost);
    if (readOnly === null) {
      if (wasCutOff(connection)) vault.journal.countLate(UNSAID_MS);
      vault.db.write('vault.unlock', (tx) => {
        tx.journal({ table: 'roster', id: slotId, payload: { read: true } });
      });
      await countOpen(ports, input.folder, connection, kept === null ? null : { name: kept, version });
      await settleSlots(vault, header);
      await keepUpWithCost(vault, opened, input.way?.kind === 'passphrase' ? input.way.factor : input.factor);
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
  } finally {
    opened.wipeTransient();
  }
};
