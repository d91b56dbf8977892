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

/** The next reading of a hybrid logical clock: never backwards, even when the computer's clock was set back. */
export const tick = (last: Hlc, nowMs: number): Hlc => {
  if (nowMs > last.ms) return { ms: nowMs, count: 0 };
  return last.count < 0xffff ? { ms: last.ms, count: last.count + 1 } : { ms: last.ms + 1, count: 0 };
};

/**
 * Appends signed entries inside the transactions of one session. The head in memory moves only after COMMIT;
 * a transaction that rolls back leaves it where it was.
 */
export class JournalLog implements JournalWriter {
  readonly #parts: JournalLogParts;
  #incarnation: Buffer;
  #head: JournalHead;
  #pending: JournalHead;
  #pendingIncarnation: Buffer | null = null;

  constructor(parts: JournalLogParts, incarnation: Buffer, head: JournalHead) {
    this.#parts = parts;
    this.#incarnation = incarnation;
    this.#head = head;
    this.#pending = head;
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

  append(connection: Connection, entry: JournalAppend): void {
    const { crypto, random, clock, vaultId, device, signer } = this.#parts;
    const incarnation = this.#pendingIncarnation ?? this.#incarnation;
    const salt = random.bytes(16);
    const payload = Buffer.from(JSON.stringify(entry.payload));
    const hlc = tick(this.#pending.hlc, clock.now());
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
    if (this.#pendingIncarnation !== null) this.#incarnation = this.#pendingIncarnation;
    this.#pendingIncarnation = null;
    this.#parts.onAdvance(this.#head);
  }

  rolledBack(): void {
    this.#pending = this.#head;
    this.#pendingIncarnation = null;
  }
}
