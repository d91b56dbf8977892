import { AppError, type ErrorCode } from '#shared/errors.ts';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { touchesHidden } from './guarded-views.ts';
import { hashRow, type RowHash } from './row-hash.ts';
import { sql } from './sql.ts';
import { fromSqlite } from './sqlite-errors.ts';
import type { TouchTracker } from './touch-tracker.ts';
import type { JournalDeclaration, Reader, RowRef, Tx } from './types.ts';

/** A row together with the hash of how the transaction leaves it (all zero when deleted). */
export interface RowAfter extends RowRef {
  readonly after: Buffer;
}

/** One journal entry ready to be appended: what the feature declared and what really changed. */
export interface JournalAppend extends RowRef {
  readonly method: string;
  readonly payload: JournalDeclaration['payload'];
  readonly rows: readonly RowAfter[];
}

/** What the person of a session may see; see `guarded-views.ts`. */
export interface VisibilityRule {
  /** Whether anything is hidden at this moment. */
  readonly hiding: boolean;
  /** Before every read and write: brings the views up to date where something changed. Cheap otherwise. */
  prepare(connection: Connection): void;
  /** After a commit: tables of which rows changed. */
  touched(tables: ReadonlySet<string>): void;
  /** The connection was exchanged. */
  forget(): void;
}

/** What the journal does inside and around a transaction. */
export interface JournalWriter {
  append(connection: Connection, entry: JournalAppend): void;
  /** After COMMIT: moves the head forward and writes the anchor. */
  committed(): void;
  /** The transaction did not happen: forget what was appended. */
  rolledBack(): void;
}

export interface VaultDatabaseParts {
  readonly connection: Connection;
  readonly touches: TouchTracker;
  readonly journal: JournalWriter;
  readonly rowHash: RowHash;
  /** Our token in `meta.writer`; a stranger's token means that another program took the vault over. */
  readonly writer: Buffer;
  /** Called before every write; throws where the fence outside the database fell. */
  readonly guard: () => void;
}

const writerRow = z.object({ value: z.instanceof(Uint8Array) });

/** The open database of one session. Features use `read` and `write`; the vault feature makes and closes it. */
export class VaultDatabase {
  readonly rowHash: RowHash;
  #parts: VaultDatabaseParts;
  #readOnly: ErrorCode | null;
  #writing = false;
  #held = false;
  #rule: VisibilityRule | null = null;

  constructor(parts: VaultDatabaseParts, readOnly: ErrorCode | null) {
    this.#parts = parts;
    this.rowHash = parts.rowHash;
    this.#readOnly = readOnly;
  }

  /** Ask for it anew after every `await`: a rotation goes on with another one. */
  get connection(): Connection {
    return this.#parts.connection;
  }

  /** Why the vault is open to look only, or null. */
  get readOnlyBecause(): ErrorCode | null {
    return this.#readOnly;
  }

  /** Ends or begins looking only: after a loss was accepted, or when another program took over. */
  setReadOnly(code: ErrorCode | null): void {
    this.#readOnly = code;
  }

  /**
   * While held, every write is refused: a rotation copies the file, and what came after the copy would be lost.
   */
  hold(held: boolean): void {
    this.#held = held;
  }

  /**
   * What every write asks first, for work that changes the vault in another way than by a transaction.
   *
   * @throws AppError `vault.readOnly`, `vault.takenOver`, `disk.notWritable`.
   */
  requireWritable(): void {
    if (this.#readOnly !== null) throw new AppError('vault.readOnly', { params: { reason: this.#readOnly } });
    this.#parts.guard();
    this.#compareWriter();
  }

  /** Goes on with another file: the same contents under another key. The caller closes the connection before. */
  continueWith(next: Pick<VaultDatabaseParts, 'connection' | 'touches' | 'journal'>): void {
    this.#parts = { ...this.#parts, ...next };
    this.#rule?.forget();
  }

  /** From here on every query of this session finds only what the rule lets it see. */
  showOnly(rule: VisibilityRule): void {
    this.#rule = rule;
  }

  /** With each heartbeat: what ends by itself ends, and what runs is noted, also while nothing is asked. */
  keepUp(): void {
    if (this.#readOnly === null && !this.#writing) this.#rule?.prepare(this.connection);
  }

  /** Whether something is out of this person's sight at the moment. */
  get hiding(): boolean {
    return this.#rule?.hiding === true;
  }

  /** Hash of a row as it stands; zeros where there is none. */
  hashOf(table: string, id: string): Buffer {
    return hashRow(this.connection, this.#parts.rowHash, table, id);
  }

  /** Use `read(ctx, fn)`. */
  read<T>(work: (reader: Reader) => T): T {
    this.#rule?.prepare(this.connection);
    return work(this.connection);
  }

  /** Reads in a state that `prepare` makes and that is taken back afterwards: nothing of it reaches the disk. */
  readWithin<T>(prepare: (tx: Tx) => void, work: (reader: Reader) => T): T {
    const { connection } = this;
    if (this.#writing || this.#readOnly === 'vault.takenOver') return work(connection);
    connection.run(sql`BEGIN`);
    this.#writing = true;
    try {
      prepare(transaction(connection, [], []));
      return work(connection);
    } finally {
      this.#writing = false;
      rollBack(connection);
    }
  }

  /** Use `write(ctx, fn)`. */
  write<T>(method: string, work: (tx: Tx) => T): T {
    if (this.#readOnly !== null) throw new AppError('vault.readOnly', { params: { reason: this.#readOnly } });
    if (this.#held) throw new AppError('vault.busy');
    if (this.#writing) throw new AppError('call.internal');
    const { connection, journal, touches } = this.#parts;
    this.#parts.guard();
    this.#rule?.prepare(connection);
    this.#writing = true;
    const callbacks: (() => void)[] = [];
    let value: T;
    try {
      touches.clear();
      connection.run(sql`BEGIN IMMEDIATE`);
      this.#compareWriter();
      const declared: JournalDeclaration[] = [];
      value = work(transaction(connection, declared, callbacks));
      if (isThenable(value)) throw new AppError('call.internal');
      // A record out of sight cannot be changed by who knows its id.
      if (this.#rule?.hiding === true && touchesHidden(connection, touches.rows())) {
        throw new AppError('record.notFound');
      }
      this.#rule?.touched(new Set(touches.rows().map((row) => row.table)));
      for (const entry of this.#cover(declared, method)) journal.append(connection, entry);
      connection.run(sql`COMMIT`);
    } catch (thrown) {
      rollBack(connection);
      journal.rolledBack();
      throw fromSqlite(thrown);
    } finally {
      this.#writing = false;
      touches.clear();
    }
    journal.committed();
    for (const callback of callbacks) callback();
    return value;
  }

  #compareWriter(): void {
    const row = this.connection.get(sql`SELECT value FROM meta WHERE key = 'writer'`, writerRow);
    if (row === null || !this.#parts.writer.equals(row.value)) {
      this.#readOnly = 'vault.takenOver';
      throw new AppError('vault.takenOver');
    }
  }

  /** Gives each touched row to the one declaration that covers it; a row that none covers is a refusal. */
  #cover(declared: readonly JournalDeclaration[], method: string): JournalAppend[] {
    const rows = this.#parts.touches.rows();
    const owner = new Map<string, number>();
    const childOwner = new Map<string, number>();
    declared.forEach((entry, index) => {
      for (const row of [entry, ...(entry.rows ?? [])]) {
        const key = keyOf(row);
        if (!owner.has(key)) owner.set(key, index);
      }
      for (const table of entry.children ?? []) {
        if (!childOwner.has(table)) childOwner.set(table, index);
      }
    });
    const covered: RowAfter[][] = declared.map(() => []);
    for (const row of rows) {
      const index = owner.get(keyOf(row)) ?? childOwner.get(row.table);
      const target = index === undefined ? undefined : covered[index];
      if (target === undefined) {
        throw new AppError('call.internal', { cause: new UnjournalledChange(row.table) });
      }
      target.push({ ...row, after: this.hashOf(row.table, row.id) });
    }
    return declared.map((entry, index) => ({
      method: entry.method ?? method,
      table: entry.table,
      id: entry.id,
      payload: entry.payload,
      rows: covered[index] ?? [],
    }));
  }
}

/** A feature changed an audited row and declared no journal entry for it: a mistake in the program. */
export class UnjournalledChange extends Error {
  readonly table: string;

  constructor(table: string) {
    super(`audited table ${table} changed without a journal entry`);
    this.name = 'UnjournalledChange';
    this.table = table;
  }
}

const keyOf = (row: RowRef): string => `${row.table}\u0000${row.id}`;

const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

const rollBack = (connection: Connection): void => {
  try {
    if (connection.isOpen) connection.run(sql`ROLLBACK`);
  } catch {
    // SQLite has already rolled back by itself (full disk, I/O error): there is nothing left to undo.
  }
};

const transaction = (
  connection: Connection,
  declared: JournalDeclaration[],
  callbacks: (() => void)[],
): Tx => ({
  all: (query, row) => connection.all(query, row),
  get: (query, row) => connection.get(query, row),
  need: (query, row) => connection.need(query, row),
  run: (query) => connection.run(query),
  journal: (entry) => {
    declared.push(entry);
  },
  afterCommit: (callback) => {
    callbacks.push(callback);
  },
});

/** What `read` and `write` need of a call's context. */
export interface DbContext {
  readonly db: VaultDatabase;
  /** Name of the method of the contract; it goes into the journal entries. */
  readonly method: string;
}

/** Refuses, by type, a function that gives a promise: an `await` inside would open the transaction to others. */
type NotAPromise<T> = [Extract<T, PromiseLike<unknown>>] extends [never]
  ? []
  : [error: 'the function given to write() must be synchronous'];

/**
 * Reads. Synchronous, so nothing changes between two queries of one call.
 *
 * @throws AppError `vault.databaseDamaged` where a page or a row cannot be what we wrote.
 */
export const read = <T>(ctx: DbContext, work: (reader: Reader) => T, ..._sync: NotAPromise<T>): T =>
  ctx.db.read(work);

/**
 * One write transaction: BEGIN IMMEDIATE, the work, journal, COMMIT with an fsync, the anchor, and only then
 * the callbacks. Anything thrown inside rolls everything back.
 *
 * @throws AppError `vault.readOnly`, `vault.takenOver`, `disk.full`, `vault.databaseDamaged`; `call.internal`
 *   where an audited row changed without a journal entry.
 */
export const write = <T>(ctx: DbContext, work: (tx: Tx) => T, ..._sync: NotAPromise<T>): T =>
  ctx.db.write(ctx.method, work);
