import { z } from 'zod';
import type { Connection } from '../../db/connection.ts';
import { list, sql } from '../../db/sql.ts';
import { guardTables } from '../../db/guarded-views.ts';
import type { VisibilityRule } from '../../db/vault-database.ts';
import type { Session } from '../../session.ts';
import { SlotFamilies } from './slot-families-repo.ts';
import { opensNow, sinceSettlement, type JudgedTime, type VaultTime } from './vault-time.ts';

const idRow = z.object({ id: z.string() });
const untilRow = z.object({ case_id: z.string(), until: z.number().int() });

/** How long an emergency access is used before the journal says so again. */
const USE_NOTED_MS = 60 * 1000;

type Uses = Pick<Session['reads'], 'permissionRan' | 'toldInTime'>;

/** Tables whose change may change what a person sees. */
const DECIDING = new Set([
  'case_access',
  'case_access_person',
  'access_notice',
  'case_person',
  'roster',
  'slot_detail',
]);

/**
 * What the person of a session may not see, kept in the connection's temporary tables. A person to whom nothing is
 * hidden pays for one comparison a call: the temporary views that stand in front of the tables do not exist then.
 */
export class Visibility implements VisibilityRule {
  readonly #time: VaultTime;
  readonly #slotId: string;
  readonly #reads: Uses;
  #stale = true;
  /** Ms since epoch at which an emergency access ends. */
  #endsAt = Number.POSITIVE_INFINITY;
  /** Cases that are seen by emergency access only while it lasts. */
  #byEmergency: readonly string[] = [];
  /** Ms since epoch at which the journal was last told that it is used. */
  #notedMs = Number.NEGATIVE_INFINITY;
  #hiding = false;
  /** Whether permissions with an end held when the tables were made. */
  #honours = true;

  /**
   * @param reads leaves word in the journal that a case is in use by emergency access. Time that no entry bears could
   *   be had again by setting the clock back and unlocking anew; lists and searches by themselves leave none.
   */
  constructor(time: VaultTime, slotId: string, reads: Uses) {
    this.#time = time;
    this.#slotId = slotId;
    this.#reads = reads;
  }

  get hiding(): boolean {
    return this.#hiding;
  }

  /** Another connection has none of our temporary tables. */
  forget(): void {
    this.#stale = true;
    this.#hiding = false;
  }

  touched(tables: ReadonlySet<string>): void {
    for (const table of tables) if (DECIDING.has(table)) this.#stale = true;
  }

  prepare(connection: Connection): void {
    // Asked of the journal only where an end is near or the clock is wrong: this stands in front of every call.
    if (!this.#stale && this.#honours && this.#endsAt === Number.POSITIVE_INFINITY) return;
    const judged = this.#time.judge(connection);
    const time = { ...judged, honours: judged.honours && this.#reads.toldInTime() };
    // While none holds nothing begins and nothing ends: what was made then stays right until one may hold again.
    const same = time.honours === this.#honours && (!time.honours || time.nowMs < this.#endsAt);
    if (!this.#stale && same) {
      this.#noteNow(time);
      return;
    }
    const opens = opensNow(connection, time);
    const mine = new SlotFamilies(connection).of(this.#slotId)?.ids ?? [this.#slotId];
    const unlisted = sql`NOT EXISTS (SELECT 1 FROM main.case_access_person m
              WHERE m.case_id = a.id AND m.slot_id IN ${list(mine)})`;
    const hidden = connection
      .all(
        sql`SELECT a.id FROM main.case_access a WHERE a.visibility <> 'open' AND ${unlisted}
            AND NOT (a.visibility = 'restricted' AND EXISTS (SELECT 1 FROM main.access_notice n
              WHERE n.case_id = a.id AND n.slot_id IN ${list(mine)} AND ${opens}))`,
        idRow,
      )
      .map((row) => row.id);
    // Also where none holds now: once the clock is right they may, and end.
    const running = connection.all(
      sql`SELECT n.case_id, n.until FROM main.access_notice n JOIN main.case_access a ON a.id = n.case_id
          WHERE n.kind = 'emergencyAccess' AND n.slot_id IN ${list(mine)} AND n.until > ${time.nowMs}
            AND ${sinceSettlement(connection)} AND a.visibility = 'restricted' AND ${unlisted}`,
      untilRow,
    );
    this.#endsAt = Math.min(Number.POSITIVE_INFINITY, ...running.map((one) => one.until));
    this.#byEmergency = time.honours ? [...new Set(running.map((one) => one.case_id))] : [];
    this.#hiding = guardTables(connection, hidden, this.#hiding);
    this.#stale = false;
    this.#honours = time.honours;
    this.#noteNow(time);
  }

  #noteNow({ nowMs }: JudgedTime): void {
    if (this.#byEmergency.length === 0 || Math.abs(nowMs - this.#notedMs) < USE_NOTED_MS) return;
    this.#notedMs = nowMs;
    for (const caseId of this.#byEmergency) this.#reads.permissionRan(caseId);
  }
}
