import { join } from 'node:path';
import { AppError, type ErrorCode } from '#shared/errors.ts';
import type { SlotKeys, VaultKeys } from '../../crypto/key-hierarchy.ts';
import { AUDITED_TABLES } from '../../db/audited-tables.ts';
import type { Connection } from '../../db/connection.ts';
import { VaultDatabase } from '../../db/vault-database.ts';
import { checkpoint } from '../../db/open.ts';
import { TouchTracker } from '../../db/touch-tracker.ts';
import { headOf, JournalLog, journalRowHash, lastEntry, ReadLog, type Floor } from '../../journal/index.ts';
import type { Ports } from '../../ports/index.ts';
import type { Session, SessionKeys } from '../../session.ts';
import { AnchorKeeper, ProfileAnchors, type AnchorParts } from './anchor-keeper.ts';
import { dropMeta, metaBytes, metaNumber } from './meta.ts';
import type { StoredRosterRow } from './roster.ts';
import { permissionRuns } from './session-end-repo.ts';
import { OBJECTS_FOLDER } from './vault-files.ts';
import { VaultLock } from './vault-lock.ts';

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
  readonly actor: StoredRosterRow;
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

const actorOf = (row: StoredRosterRow): Session['actor'] => ({
  slotId: row.id,
  name: row.name,
  powers: row.powers,
  signPublic: row.sign_public,
});

/** The unlocked vault: keys, database, fence and anchor of one session. Ended by `close`. */
export class OpenVault implements Session {
  readonly db: VaultDatabase;
  readonly vaultId: Buffer;
  readonly use: 'real' | 'practice';
  readonly folder: string;
  readonly reads: ReadLog;
  readonly missingChanges: number;
  readonly #parts: OpenVaultParts;
  readonly #scratchKey: Buffer;
  #keys: VaultKeys;
  #slot: SlotKeys;
  #actor: Session['actor'];
  #kdf: OpenVaultParts['kdf'];
  #generation: number;
  #headerSeq: number;
  #journal: JournalLog;
  #anchor: AnchorKeeper;
  #anchorDamaged: boolean;
  #lock: VaultLock | null = null;
  #heartbeat: ReturnType<typeof setInterval> | null = null;
  #lastSyncMs = 0;
  #closed = false;
  #ending = false;
  #moving = false;
  /** This session has an entry in the journal. */
  #begun = false;

  constructor(parts: OpenVaultParts) {
    const { ports, connection } = parts;
    this.#parts = parts;
    this.folder = parts.folder;
    this.vaultId = parts.vaultId;
    this.use = parts.use;
    this.#kdf = parts.kdf;
    this.#slot = parts.slot;
    this.missingChanges = parts.missingChanges;
    this.#anchorDamaged = parts.anchorDamaged;
    this.#keys = parts.keys;
    this.#generation = metaNumber(connection, 'generation');
    this.#headerSeq = metaNumber(connection, 'header_seq');
    // Work files are sealed under a key that never leaves this process.
    this.#scratchKey = ports.random.bytes(32);
    this.#actor = actorOf(parts.actor);
    const incarnation = metaBytes(connection, 'incarnation');
    this.#anchor = new AnchorKeeper(this.anchorParts, this.#anchorState(incarnation), parts.anchorCounter);
    this.#journal = this.#journalOf(connection);
    this.db = new VaultDatabase(
      {
        connection,
        touches: new TouchTracker(connection, AUDITED_TABLES),
        journal: this.#journal,
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

  /** The journal from where `connection` stands; each step moves the anchor. */
  #journalOf(connection: Connection, floor: Floor | null = null): JournalLog {
    const { ports } = this.#parts;
    const slot = (): SlotKeys => this.#slot;
    return new JournalLog(
      {
        crypto: ports.crypto,
        random: ports.random,
        clock: ports.clock,
        vaultId: this.vaultId,
        device: metaBytes(connection, 'device'),
        // Looked up for each entry: a changed passphrase is another key.
        signer: {
          get signPublic() {
            return slot().signPublic;
          },
          get signSecret() {
            return slot().signSecret;
          },
        },
        onAdvance: (head) => {
          this.#begun = true;
          this.#anchor.advance(head);
        },
      },
      metaBytes(connection, 'incarnation'),
      headOf(lastEntry(connection)),
      floor,
    );
  }

  /** Key pairs of the slot that is open. Ask anew after every `await`: a changed passphrase is another slot. */
  get slot(): SlotKeys {
    return this.#slot;
  }

  get actor(): Session['actor'] {
    return this.#actor;
  }

  /** Cost of one attempt, of the newest epoch. */
  get kdf(): OpenVaultParts['kdf'] {
    return this.#kdf;
  }

  /** The header was replaced: anchors name its number from here on. */
  headerChanged(seq: number, kdf = this.#kdf): void {
    this.#headerSeq = seq;
    this.#kdf = kdf;
    this.#anchor.setState(this.#anchorState(this.#journal.incarnation));
  }

  /**
   * The session's person has other powers, or another slot. Keys that are given are owned by this vault from here
   * on, sign everything that follows, and those before are wiped.
   */
  actAs(row: StoredRosterRow, keys: SlotKeys | null = null): void {
    this.#actor = actorOf(row);
    if (keys === null) return;
    const before = this.#slot;
    this.#slot = keys;
    before.wipe();
  }

  get journal(): JournalLog {
    return this.#journal;
  }

  countFromHere(): void {
    this.#journal.countFromHere();
  }

  get anchor(): AnchorKeeper {
    return this.#anchor;
  }

  get anchorParts(): AnchorParts {
    const { crypto, disk, random } = this.#parts.ports;
    const { folder, vaultId } = this;
    return { crypto, disk, random, folder, anchorKey: this.#keys.anchor, vaultId };
  }

  /** Subkeys for features. Ask anew after every `await`: a rotation changes them. */
  get keys(): SessionKeys {
    return { wrap: this.#keys.wrap, scratch: this.#scratchKey };
  }

  get generation(): number {
    return this.#generation;
  }

  /** True once the session is ending: its keys are zero or about to be. */
  get closed(): boolean {
    return this.#closed || this.#ending;
  }

  get ports(): Ports {
    return this.#parts.ports;
  }

  get objectsFolder(): string {
    return join(this.folder, OBJECTS_FOLDER);
  }

  get headerKey(): Buffer {
    return this.#keys.header;
  }

  /** Key of the backups of this generation: MAC of their catalogues, root of the snapshots' keys. */
  get backupKey(): Buffer {
    return this.#keys.backup;
  }

  /** Number of the header that belongs to this session. */
  get headerSeq(): number {
    return this.#headerSeq;
  }

  /** Our token in `meta.writer`. */
  get writer(): Buffer {
    return this.#parts.writer;
  }

  get noteKey(): Buffer {
    return this.#keys.note;
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

  /** One heartbeat: fence, gathered reads, anchor made durable every half minute; a step that fails stops no other. */
  async beat(onLost: () => void): Promise<void> {
    if (this.#closed || this.#moving) return;
    const steps: (() => void | Promise<void>)[] = [
      () => this.#lock?.beat(),
      () => {
        this.db.keepUp();
      },
      () => {
        this.reads.flushIfDue();
      },
      () => {
        if (this.ports.clock.monotonic() - this.#lastSyncMs < ANCHOR_SYNC_MS) return;
        this.#lastSyncMs = this.ports.clock.monotonic();
        this.anchor.sync();
      },
    ];
    for (const step of steps) {
      if (this.closed) return;
      try {
        await step();
      } catch (thrown) {
        const code = thrown instanceof AppError ? thrown.code : 'disk.notWritable';
        this.ports.logger.write({ event: 'vault', name: 'heartbeat', code });
        // What is another program's now is not touched any more.
        if (code === 'vault.takenOver') {
          onLost();
          return;
        }
      }
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
   * Goes on under the keys of the next generation, in the file that the header names since. The keys before are
   * wiped and their connection is closed; its file stays for the caller to delete. The header is replaced already,
   * so nothing here may fail the call: what could not be done is done by the next unlocking.
   *
   * @param next keys and connection are owned by this vault from here on.
   */
  async continueWith(next: { readonly keys: VaultKeys; readonly connection: Connection }): Promise<void> {
    const before = { keys: this.#keys, connection: this.db.connection, counter: this.#anchor.counter };
    this.#moving = true;
    this.#keys = next.keys;
    this.#generation = metaNumber(next.connection, 'generation');
    this.#headerSeq = metaNumber(next.connection, 'header_seq');
    this.#journal = this.#journalOf(next.connection, this.#journal.floor);
    this.#anchor = new AnchorKeeper(
      this.anchorParts,
      this.#anchorState(this.#journal.incarnation),
      before.counter,
    );
    this.db.continueWith({
      connection: next.connection,
      touches: new TouchTracker(next.connection, AUDITED_TABLES),
      journal: this.#journal,
    });
    await this.#each([
      () => {
        before.connection.close();
      },
      async () => {
        await this.#anchor.writeWhole(this.#journal.head, false);
        this.#anchorDamaged = false;
        dropMeta(next.connection, 'rotated_head');
      },
      () => this.#keepProfileCopies(before.keys.anchor),
      async () => {
        if (this.#lock === null || this.#closed) return;
        const parts = { ...this.anchorParts, noteKey: this.#keys.note };
        this.#lock = await VaultLock.take(parts, this.ports.random.bytes(16), this.#lock.note);
      },
    ]);
    before.keys.wipe();
    this.#moving = false;
  }

  /** Tries each step, also where one before it failed; gives the code of the first failure to the log. */
  async #each(steps: readonly (() => void | Promise<void>)[]): Promise<void> {
    let failed: unknown = null;
    for (const step of steps) {
      try {
        await step();
      } catch (thrown) {
        failed ??= thrown;
      }
    }
    if (failed === null) return;
    const code = failed instanceof AppError ? failed.code : 'disk.notWritable';
    this.ports.logger.write({ event: 'vault', name: 'close', code });
  }

  /**
   * Copies for this computer's profile: one under the new key, and one under the key before, so that the folder as
   * it was before the rotation is recognised here as the older one.
   */
  async #keepProfileCopies(anchorKeyBefore: Buffer): Promise<void> {
    await this.#keepProfileCopy(true);
    const { profileFolder } = this.ports.platform;
    if (profileFolder === null) return;
    const parts = { ...this.anchorParts, anchorKey: anchorKeyBefore };
    const copies = new ProfileAnchors(parts, profileFolder);
    await copies.find();
    const state = this.#anchorState(this.#journal.incarnation);
    await copies.keep(new AnchorKeeper(parts, state, this.#anchor.counter).copyOf(this.#journal.head));
  }

  /**
   * Ends the session: gathered reads written and, where that is worth an entry, that it ended; log emptied into the
   * database, anchor durable here and in the device profile, lock file gone, keys zeroed. Each step is tried even where
   * one before it failed: nothing may keep a key alive.
   */
  async close(): Promise<void> {
    if (this.#closed || this.#ending) return;
    this.#ending = true;
    const { connection } = this.db;
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    const overtaken = this.db.readOnlyBecause === 'vault.takenOver' || !this.#stillOurs();
    const writable = this.db.readOnlyBecause === null && !overtaken;
    const steps: (() => void | Promise<void>)[] = [
      () => {
        // A session that never began, its unlocking refused, has no end: it would stand for the end of one cut off.
        if (!writable || !this.#begun) this.reads.flush();
        else this.reads.end(this.#actor.slotId, permissionRuns(connection));
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
    await this.#each(steps);
    this.#closed = true;
    this.#keys.wipe();
    this.#slot.wipe();
    this.ports.crypto.zero(this.#scratchKey);
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
