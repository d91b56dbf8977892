import {
  encodeHlc,
  decodeHlc,
  journalHash,
  JOURNAL_VERSION,
  payloadCommitment,
  signJournal,
  ZERO_HASH,
  type Hlc,
} from '../crypto/journal-format.ts';
import type { Connection } from '../db/connection.ts';
import { sql } from '../db/sql.ts';
import type { JournalAppend, JournalWriter } from '../db/vault-database.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Random } from '../ports/random.ts';
import { afterOf, answersForItself, type JournalRow } from './chain.ts';

/** Where the chain of this device and incarnation stands. */
export interface JournalHead {
  readonly position: number;
  readonly seq: number;
  readonly hash: Buffer;
  readonly hlc: Hlc;
}

export interface JournalLogParts {
  readonly crypto: Crypto;
  readonly random: Random;
  readonly clock: Clock;
  readonly vaultId: Buffer;
  readonly device: Buffer;
  /** Ed25519 pair of the slot that is open; `signSecret` is wiped by its owner at lock. */
  readonly signer: { readonly signPublic: Buffer; readonly signSecret: Buffer };
  /** Called after a COMMIT that appended entries: writes the anchor. */
  readonly onAdvance: (head: JournalHead) => void;
}

/** The head of a journal whose last entry this is; the start of a chain where there is none. */
export const headOf = (entry: JournalRow | null): JournalHead =>
  entry === null
    ? { position: 0, seq: 0, hash: ZERO_HASH, hlc: { ms: 0, count: 0 } }
    : { position: entry.position, seq: entry.seq, hash: entry.hash, hlc: decodeHlc(entry.hlc) };

/** Clocks of two computers that open the same vault differ a little; more than this (ms), and one of them is wrong. */
export const CLOCK_SLACK_MS = 15 * 60 * 1000;

/**
 * What a session whose end nobody wrote may have lived since its last entry, ms, while a permission ran in it: one is
 * noted each minute and written at the next heartbeat (5 s), with room for a slow computer.
 */
export const UNSAID_MS = 90 * 1000;

/**
 * What the time of a session is counted from: a reading of the wall clock, and where the growing clock stood then.
 * `behind`: the wall clock stood behind the journal.
 */
export interface Floor {
  readonly ms: number;
  readonly at: number;
  readonly behind: boolean;
}

/** The next reading of a hybrid logical clock: never backwards, even when the computer's clock was set back. */
export const tick = (last: Hlc, nowMs: number): Hlc => {
  if (nowMs > last.ms) return { ms: nowMs, count: 0 };
  return last.count < 0xffff ? { ms: last.ms, count: last.count + 1 } : { ms: last.ms + 1, count: 0 };
};

/**
 * Appends signed entries inside the transactions of one session. The head in memory moves only after COMMIT;
 * a transaction that rolls back leaves it where it was.
 *
 * An entry never bears less time than the session has lasted: with the clock set back inside a session, the journal
 * would otherwise stand still, and the next session would take up there as if the hours between had not been.
 * A session whose clock stands behind the journal honours no permission, so none can be drawn out in it: its entries
 * stand still at the journal's time until the clock has caught up, or it would never be right again.
 */
export class JournalLog implements JournalWriter {
  readonly #parts: JournalLogParts;
  #incarnation: Buffer;
  #head: JournalHead;
  #pending: JournalHead;
  #pendingIncarnation: Buffer | null = null;
  #floor: Floor;
  #pendingFloor: Floor | null = null;

  /** @param floor what a session that goes on with another file has counted from. */
  constructor(parts: JournalLogParts, incarnation: Buffer, head: JournalHead, floor: Floor | null = null) {
    this.#parts = parts;
    this.#incarnation = incarnation;
    this.#head = head;
    this.#pending = head;
    this.#floor = floor ?? this.#floorFrom(head.hlc);
  }

  #floorFrom(hlc: Hlc): Floor {
    const { clock } = this.#parts;
    const now = clock.now();
    const behind = hlc.ms > now + CLOCK_SLACK_MS;
    return { ms: behind ? now : Math.max(hlc.ms, now), at: clock.monotonic(), behind };
  }

  get floor(): Floor {
    return this.#floor;
  }

  /**
   * The clock was found no longer behind, so permissions hold from here on: from here on their hours count, too,
   * whatever is done to the clock.
   */
  countFromHere(): void {
    if (this.#floor.behind) this.#floor = this.#floorFrom(this.#pending.hlc);
  }

  /**
   * Before the first entry of a session: the journal goes on `ms` after its last entry, unless the clock is past that
   * already. For time that passed and that no entry bears.
   */
  countLate(ms: number): void {
    this.#head = { ...this.#head, hlc: { ms: this.#head.hlc.ms + ms, count: 0 } };
    this.#pending = this.#head;
    this.#floor = this.#floorFrom(this.#head.hlc);
  }

  /** Ms since epoch for the next entry. */
  #time(): number {
    const { clock } = this.#parts;
    const { ms, at } = this.#pendingFloor ?? this.#floor;
    return Math.max(clock.now(), ms + Math.floor(clock.monotonic() - at));
  }

  get head(): JournalHead {
    return this.#head;
  }

  get incarnation(): Buffer {
    return this.#incarnation;
  }

  /**
   * The next entry begins a new chain: sequence numbers of a lost or replaced future are never used twice.
   * Takes effect with the transaction that it is called in.
   */
  beginIncarnation(incarnation: Buffer): void {
    this.#pendingIncarnation = incarnation;
    this.#pending = { ...this.#pending, seq: 0, hash: ZERO_HASH };
  }

  /**
   * What is appended from here on goes on from `before` instead of the last reading: a person said that the clock
   * stood wrong since. Only for an entry of the method `SETTLES_CLOCK`; takes effect with the transaction that it is
   * called in.
   */
  goOnFrom(before: Hlc): void {
    this.#pending = { ...this.#pending, hlc: before };
    this.#pendingFloor = this.#floorFrom(before);
  }

  append(connection: Connection, entry: JournalAppend): void {
    const { crypto, random, vaultId, device, signer } = this.#parts;
    const incarnation = this.#pendingIncarnation ?? this.#incarnation;
    const salt = random.bytes(16);
    const payload = Buffer.from(JSON.stringify(entry.payload));
    const hlc = tick(this.#pending.hlc, this.#time());
    const fields = {
      vaultId,
      incarnation,
      device,
      seq: this.#pending.seq + 1,
      prev: this.#pending.hash,
      hlc,
      actor: signer.signPublic,
      method: entry.method,
      entityTable: entry.table,
      entityId: entry.id,
      after: afterOf(crypto, entry, entry.rows),
      payloadCommitment: payloadCommitment(crypto, salt, payload),
    };
    const hash = journalHash(crypto, fields);
    const signature = signJournal(crypto, hash, signer.signSecret);
    const position = this.#pending.position + 1;
    connection.run(sql`INSERT INTO journal (position, version, incarnation, device, seq, prev, hlc, actor, method,
        entity_table, entity_id, after, commitment, hash, signature)
      VALUES (${position}, ${JOURNAL_VERSION}, ${incarnation}, ${device}, ${fields.seq}, ${fields.prev},
        ${encodeHlc(hlc)}, ${fields.actor}, ${fields.method}, ${fields.entityTable}, ${fields.entityId},
        ${fields.after}, ${fields.payloadCommitment}, ${hash}, ${signature})`);
    connection.run(
      sql`INSERT INTO journal_payload (position, salt, payload) VALUES (${position}, ${salt}, ${payload})`,
    );
    const listed = !answersForItself(entry, entry.rows);
    for (const row of entry.rows) {
      connection.run(sql`INSERT INTO journal_row (row_table, row_id, position, after, listed)
        VALUES (${row.table}, ${row.id}, ${position}, ${row.after}, ${listed})`);
    }
    this.#pending = { position, seq: fields.seq, hash, hlc };
  }

  committed(): void {
    if (this.#pending === this.#head) return;
    this.#head = this.#pending;
    if (this.#pendingFloor !== null) this.#floor = this.#pendingFloor;
    this.#pendingFloor = null;
    if (this.#pendingIncarnation !== null) this.#incarnation = this.#pendingIncarnation;
    this.#pendingIncarnation = null;
    this.#parts.onAdvance(this.#head);
  }

  rolledBack(): void {
    this.#pending = this.#head;
    this.#pendingIncarnation = null;
    this.#pendingFloor = null;
  }
}
