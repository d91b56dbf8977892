import type { Clock } from '../ports/clock.ts';
import type { Json } from '../db/types.ts';
import type { VaultDatabase } from '../db/vault-database.ts';

const MINUTE_MS = 60_000;

interface Seen {
  readonly method: string;
  readonly table: string;
  readonly id: string;
  count: number;
}

const keyOf = (method: string, table: string, id: string): string => `${method}\u0000${table}\u0000${id}`;

/**
 * Reads that leave a trace: opening a case, a person, an evidence item, results of a search. They are
 * gathered and written once a minute and at lock, one entry for each method and record, so that looking is as
 * fast as ever. What the last minute held when the computer lost power is lost; what changed never is.
 */
export class ReadLog {
  readonly #clock: Clock;
  readonly #database: VaultDatabase;
  readonly #seen = new Map<string, Seen>();
  #since = 0;

  constructor(clock: Clock, database: VaultDatabase) {
    this.#clock = clock;
    this.#database = database;
  }

  /** Notes that a record was opened through the application. Cheap; never fails. */
  note(method: string, table: string, id: string): void {
    if (this.#seen.size === 0) this.#since = this.#clock.now();
    const key = keyOf(method, table, id);
    const known = this.#seen.get(key);
    if (known === undefined) this.#seen.set(key, { method, table, id, count: 1 });
    else known.count += 1;
  }

  /** Writes what was gathered if a minute has passed. */
  flushIfDue(): void {
    if (this.#seen.size > 0 && this.#clock.now() - this.#since >= MINUTE_MS) this.flush();
  }

  /**
   * Writes what was gathered. In a vault that is open to look only nothing can be written, and nothing is. What a
   * full disk keeps from being written stays gathered.
   *
   * @throws AppError as `VaultDatabase.write`.
   */
  flush(): void {
    if (this.#seen.size === 0) return;
    const entries = [...this.#seen.values()];
    const sinceMs = this.#since;
    if (this.#database.readOnlyBecause !== null) {
      this.#seen.clear();
      return;
    }
    for (const method of new Set(entries.map((entry) => entry.method))) {
      this.#database.write(method, (tx) => {
        for (const { table, id, count } of entries.filter((entry) => entry.method === method)) {
          const payload: Json = { read: true, count, sinceMs };
          tx.journal({ table, id, payload });
        }
      });
      for (const { table, id } of entries.filter((entry) => entry.method === method)) {
        this.#seen.delete(keyOf(method, table, id));
      }
    }
  }
}
