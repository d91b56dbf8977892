import { join } from 'node:path';
import { AppError, type ErrorCode } from '#shared/errors.ts';
import type { SlotKeys, VaultKeys } from '../../crypto/key-hierarchy.ts';
import { AUDITED_TABLES } from '../../db/audited-tables.ts';
import type { Connection } from '../../db/connection.ts';
import { VaultDatabase } from '../../db/vault-database.ts';
import { checkpoint } from '../../db/open.ts';
import { TouchTracker } from '../../db/touch-tracker.ts';
import { headOf, JournalLog, journalRowHash, lastEntry, ReadLog } from '../../journal/index.ts';
import type { Ports } from '../../ports/index.ts';
import type { Session, SessionKeys } from '../../session.ts';
import { AnchorKeeper, ProfileAnchors, type AnchorParts } from './anchor-keeper.ts';
import { metaBytes, metaNumber } from './meta.ts';
import type { RosterRow } from './roster.ts';
import { OBJECTS_FOLDER } from './vault-files.ts';
import type { VaultLock } from './vault-lock.ts';

const HEARTBEAT_MS = 5_000;
const ANCHOR_SYNC_MS = 30_000;

/** What creation and unlocking hand over once everything was verified. */
export interface OpenVaultParts {
  readonly ports: Ports;
  readonly folder: string;
  readonly vaultId: Buffer;
  readonly use: 'real' | 'practice';
  readonly kdf: { readonly ops: number; readonly memBytes: number };
  readonly keys: VaultKeys;
  readonly slot: SlotKeys;
  readonly actor: RosterRow;
  readonly connection: Connection;
  readonly writer: Buffer;
  /** Newest counter of any anchor of this vault that is known. */
  readonly anchorCounter: number;
  /** True where one of the two anchor records was damaged, which the check then names. */
  readonly anchorDamaged: boolean;
  readonly readOnly: ErrorCode | null;
  /** Number of changes that the anchor knows and the database lacks. */
  readonly missingChanges: number;
}

/** The unlocked vault: keys, database, fence and anchor of one session. Ended by `close`. */
export class OpenVault implements Session {
  readonly db: VaultDatabase;
  readonly vaultId: Buffer;
  readonly use: 'real' | 'practice';
  readonly generation: number;
  readonly folder: string;
  readonly keys: SessionKeys;
  readonly actor: Session['actor'];
  readonly reads: ReadLog;
  readonly kdf: OpenVaultParts['kdf'];
  readonly journal: JournalLog;
  readonly anchor: AnchorKeeper;
  readonly anchorParts: AnchorParts;
  readonly missingChanges: number;
  readonly slot: SlotKeys;
  readonly #parts: OpenVaultParts;
  readonly #headerSeq: number;
  #anchorDamaged: boolean;
  #lock: VaultLock | null = null;
  #heartbeat: ReturnType<typeof setInterval> | null = null;
  #lastSyncMs = 0;
  #closed = false;

  constructor(parts: OpenVaultParts) {
    const { ports, connection } = parts;
    this.#parts = parts;
    this.folder = parts.folder;
    this.vaultId = parts.vaultId;
    this.use = parts.use;
    this.kdf = parts.kdf;
    this.slot = parts.slot;
    this.missingChanges = parts.missingChanges;
    this.#anchorDamaged = parts.anchorDamaged;
    this.generation = metaNumber(connection, 'generation');
    this.#headerSeq = metaNumber(connection, 'header_seq');
    // Work files are sealed under a key that never leaves this process.
    this.keys = { wrap: parts.keys.wrap, scratch: ports.random.bytes(32) };
    this.actor = {
      slotId: parts.actor.id,
      name: parts.actor.name,
      powers: parts.actor.powers,
      signPublic: parts.actor.sign_public,
    };
    const incarnation = metaBytes(connection, 'incarnation');
    this.anchorParts = {
      crypto: ports.crypto,
      disk: ports.disk,
      random: ports.random,
      folder: parts.folder,
      anchorKey: parts.keys.anchor,
      vaultId: parts.vaultId,
    };
    this.anchor = new AnchorKeeper(this.anchorParts, this.#anchorState(incarnation), parts.anchorCounter);
    this.journal = new JournalLog(
      {
        crypto: ports.crypto,
        random: ports.random,
        clock: ports.clock,
        vaultId: parts.vaultId,
        device: metaBytes(connection, 'device'),
        signer: parts.slot,
        onAdvance: (head) => {
          this.anchor.advance(head);
        },
      },
      incarnation,
      headOf(lastEntry(connection)),
    );
    this.db = new VaultDatabase(
      {
        connection,
        touches: new TouchTracker(connection, AUDITED_TABLES),
        journal: this.journal,
        rowHash: journalRowHash(ports.crypto),
        writer: parts.writer,
        guard: () => {
          this.#guard();
        },
      },
      parts.readOnly,
    );
    this.reads = new ReadLog(ports.clock, this.db);
  }

  get ports(): Ports {
    return this.#parts.ports;
  }

  get objectsFolder(): string {
    return join(this.folder, OBJECTS_FOLDER);
  }

  get headerKey(): Buffer {
    return this.#parts.keys.header;
  }

  /** Our token in `meta.writer`. */
  get writer(): Buffer {
    return this.#parts.writer;
  }

  get noteKey(): Buffer {
    return this.#parts.keys.note;
  }

  /** Set where unlocking found one of the two anchor records damaged; a whole anchor written since clears it. */
  get anchorDamaged(): boolean {
    return this.#anchorDamaged;
  }

  #anchorState(incarnation: Buffer): { incarnation: Buffer; generation: number; headerSeq: number } {
    return { incarnation, generation: this.generation, headerSeq: this.#headerSeq };
  }

  #guard(): void {
    if (this.#closed) throw new AppError('call.locked');
    try {
      this.#lock?.requireOurs();
    } catch (thrown) {
      this.db.setReadOnly('vault.takenOver');
      throw thrown;
    }
    this.anchor.requireWritten();
  }

  /** Begins the heartbeat. `onLost`: the vault was taken over; the session is to be ended. */
  hold(lock: VaultLock, onLost: () => void): void {
    this.#lock = lock;
    this.#lastSyncMs = this.ports.clock.monotonic();
    this.#heartbeat = setInterval(() => {
      void this.beat(onLost);
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** One heartbeat: fence, gathered reads, anchor made durable every half minute. */
  async beat(onLost: () => void): Promise<void> {
    if (this.#closed) return;
    try {
      await this.#lock?.beat();
      this.reads.flushIfDue();
      if (this.ports.clock.monotonic() - this.#lastSyncMs >= ANCHOR_SYNC_MS) {
        this.#lastSyncMs = this.ports.clock.monotonic();
        this.anchor.sync();
      }
    } catch (thrown) {
      const code = thrown instanceof AppError ? thrown.code : 'disk.notWritable';
      this.ports.logger.write({ event: 'vault', name: 'heartbeat', code });
      if (code === 'vault.takenOver') onLost();
    }
  }

  /** After a loss was accepted: from here on anchors speak of the new incarnation. */
  async startAnew(): Promise<void> {
    this.anchor.setState(this.#anchorState(this.journal.incarnation));
    await this.anchor.writeWhole(this.journal.head, false);
    this.#anchorDamaged = false;
    // Otherwise the copy of this computer would go on naming the lost entries until the next orderly lock.
    await this.#keepProfileCopy(true);
  }

  /**
   * Ends the session: gathered reads written, log emptied into the database, anchor durable here and in the
   * device profile, lock file gone, keys zeroed. Each step is tried even where one before it failed: nothing
   * may keep a key alive.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    const { connection } = this.#parts;
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    const overtaken = this.db.readOnlyBecause === 'vault.takenOver' || !this.#stillOurs();
    const writable = this.db.readOnlyBecause === null && !overtaken;
    const steps: (() => void | Promise<void>)[] = [
      () => {
        this.reads.flush();
      },
      () => {
        if (writable) checkpoint(connection);
      },
      () => {
        if (writable) this.anchor.sync();
      },
      () => this.#keepProfileCopy(writable),
      () => {
        this.#closed = true;
        // SQLite empties the log into the database when it closes. Overtaken, it would do so from a stale
        // picture of the log, over the other program's work: the handle is left to the end of the process.
        if (!overtaken) connection.close();
      },
      () => this.#lock?.release(),
    ];
    let failed: unknown = null;
    for (const step of steps) {
      try {
        await step();
      } catch (thrown) {
        failed ??= thrown;
      }
    }
    this.#closed = true;
    this.#parts.keys.wipe();
    this.#parts.slot.wipe();
    this.ports.crypto.zero(this.keys.scratch);
    if (failed !== null) {
      const code = failed instanceof AppError ? failed.code : 'disk.notWritable';
      this.ports.logger.write({ event: 'vault', name: 'close', code });
    }
  }

  #stillOurs(): boolean {
    try {
      this.#lock?.requireOurs();
      return true;
    } catch {
      return false;
    }
  }

  async #keepProfileCopy(writable: boolean): Promise<void> {
    const { profileFolder } = this.ports.platform;
    if (profileFolder === null || !writable) return;
    const copies = new ProfileAnchors(this.anchorParts, profileFolder);
    await copies.find();
    await copies.keep(this.anchor.copyOf(this.journal.head));
  }
}
