import type { Clock } from '../ports/clock.ts';
import type { Json } from '../db/types.ts';
import type { VaultDatabase } from '../db/vault-database.ts';

const MINUTE_MS = 60_000;
/** How long it may take to write that a permission is running, with the minute between two notes less than `UNSAID_MS`. */
const TOLD_MS = 25_000;

/** The method of an entry that says that a timed permission for a case was running in a session: nothing was opened. */
export const PERMISSION_RAN = 'access.permissionRan';

/**
 * The method of the last entry of a session that ended in order while a timed permission was running in the vault, or
 * that went on for a while after its last entry about a read. Where a permission ran and it is missing, the session was
 * cut off: how long it went on after its last entry nobody knows.
 */
export const SESSION_ENDED = 'access.sessionEnded';

/** Methods of entries that keep the time and say of nothing that it was looked at or changed. */
export const TIMEKEEPING: readonly string[] = [PERMISSION_RAN, SESSION_ENDED];

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
  /** The same by the clock that only grows: with the other set back, the minute would not be over before its end. */
  #sinceGrowing = 0;
  /** A permission is running: that is written with the next heartbeat. */
  #urgent = false;
  /** Since when, by the growing clock. */
  #urgentSince = 0;
  #telling = false;
  /** How long the session had lasted at its last entry that says so, ms; null where there is none. */
  #toldMs: number | null = null;
  /** Where the growing clock stood when the session began. */
  readonly #begun: number;

  constructor(clock: Clock, database: VaultDatabase) {
    this.#clock = clock;
    this.#database = database;
    this.#begun = clock.monotonic();
  }

  /** How long the session has lasted, by the clock that nobody sets. */
  get #livedMs(): number {
    return Math.floor(this.#clock.monotonic() - this.#begun);
  }

  /** Notes that a record was opened through the application. Cheap; never fails. */
  note(method: string, table: string, id: string): void {
    if (this.#seen.size === 0) {
      this.#since = this.#clock.now();
      this.#sinceGrowing = this.#clock.monotonic();
    }
    const key = keyOf(method, table, id);
    const known = this.#seen.get(key);
    if (known === undefined) this.#seen.set(key, { method, table, id, count: 1 });
    else known.count += 1;
  }

  /** Notes that a timed permission for a case is running: written with the next heartbeat. Cheap; never fails. */
  permissionRan(caseId: string): void {
    this.note(PERMISSION_RAN, 'case_access', caseId);
    if (!this.#urgent) this.#urgentSince = this.#clock.monotonic();
    this.#urgent = true;
  }

  /**
   * Whether the journal knows in time that a permission is running. What no heartbeat wrote is written now; false where
   * it cannot be, as on a full disk: a permission whose use nobody can note is not to be used.
   */
  toldInTime(): boolean {
    if (!this.#urgent || this.#telling || this.#clock.monotonic() - this.#urgentSince < TOLD_MS) return true;
    this.#telling = true;
    try {
      this.flush();
      return true;
    } catch {
      return false;
    } finally {
      this.#telling = false;
    }
  }

  /** Writes what was gathered if a minute has passed, or if a permission is running. */
  flushIfDue(): void {
    if (this.#seen.size === 0) return;
    if (this.#urgent || this.#clock.monotonic() - this.#sinceGrowing >= MINUTE_MS) this.flush();
  }

  /**
   * Writes what was gathered, in one transaction. In a vault that is open to look only nothing can be written, and
   * nothing is. What a full disk keeps from being written stays gathered.
   *
   * @throws AppError as `VaultDatabase.write`.
   */
  flush(): void {
    if (this.#seen.size === 0) return;
    if (this.#database.readOnlyBecause === null) this.#write(null);
    else this.#seen.clear();
  }

  /**
   * Writes what was gathered and, where it is worth an entry, that the session ended: one transaction, because a lock
   * has little time. It is worth one while a permission runs, whose time would be had again otherwise, and where a
   * session with reads went on after them: nobody could tell them from hurried ones.
   *
   * @param slotId roster id of the session's person.
   * @param permissionRuns whether a timed permission of anybody is running.
   * @throws AppError as `VaultDatabase.write`.
   */
  end(slotId: string, permissionRuns: boolean): void {
    const reads = [...this.#seen.values()].some(({ method }) => method !== PERMISSION_RAN);
    const untold = !reads && this.#toldMs !== null && this.#livedMs - this.#toldMs >= MINUTE_MS;
    if (this.#database.readOnlyBecause === null && (permissionRuns || untold)) this.#write(slotId);
    else this.flush();
  }

  #write(endedBy: string | null): void {
    let written: Seen[] = [];
    let livedMs = 0;
    this.#database.write(SESSION_ENDED, (tx) => {
      // Only here: what stands in front of every write may itself note that a permission runs.
      written = [...this.#seen.values()];
      livedMs = this.#livedMs;
      for (const { method, table, id, count } of written) {
        const payload: Json =
          method === PERMISSION_RAN
            ? { ran: 'emergencyAccess', sinceMs: this.#since }
            : { read: true, count, sinceMs: this.#since, livedMs };
        tx.journal({ method, table, id, payload });
      }
      if (endedBy !== null) tx.journal({ table: 'roster', id: endedBy, payload: { ended: true, livedMs } });
    });
    // All of it was written: nothing notes a read between the look at what was gathered and the end of the transaction.
    this.#seen.clear();
    this.#urgent = false;
    if (written.some(({ method }) => method !== PERMISSION_RAN)) this.#toldMs = livedMs;
  }
}
