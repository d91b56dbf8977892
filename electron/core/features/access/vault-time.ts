import { CLOCK_SLACK_MS, lastEntry, lastSettlement } from '../../journal/index.ts';
import type { OpenCall } from '../../context.ts';
import { sql, type Reader, type Sql } from '../../db/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Session } from '../../session.ts';
import { hlcMs } from './bulk-reading-repo.ts';

/** What a session knows about the time. */
export interface JudgedTime {
  /** Ms since epoch by which permissions begin and end. */
  readonly nowMs: number;
  /** The computer's clock does not fit what is known: no permission with an end can be given. */
  readonly wrong: boolean;
  /** It was behind the journal when the session began: nobody can say whether a permission has ended, so none holds. */
  readonly behind: boolean;
  /** Permissions with an end hold: the clock is not behind, and the journal can be told that they are used. */
  readonly honours: boolean;
}

/**
 * The time by which permissions end. It is read off the computer's clock once, never before the last entry of the
 * journal, and then counted by the clock that only grows: setting the clock forward inside a session ends nothing
 * early, setting it back prolongs nothing. A session that finds the clock behind the journal honours no permission and
 * reads the clock again each time it is asked, until the clock has come to the journal's time, by itself or because it
 * was set right, or until somebody who gives access says that the journal's time was the wrong one
 * (`settle-clock-repo.ts`). From then on it counts as any other, and so does the journal (`Session.countFromHere`).
 * What cannot be seen is a clock that was set forward before unlocking: that looks like time that passed. (That clock
 * does not count while the computer sleeps; sleeping locks.)
 *
 * In a vault that is open to look only no permission holds either: no entry can say that it is used, so the same day
 * could be had again and again.
 */
export class VaultTime {
  readonly #session: Pick<Session, 'db' | 'countFromHere'>;
  readonly #clock: Clock;
  #read: { readonly ms: number; readonly at: number; readonly behind: boolean } | null = null;

  constructor(session: Pick<Session, 'db' | 'countFromHere'>, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
  }

  /** Reads the clock again: what the journal bears was said to be wrong, and every permission ended with that. */
  readAgain(): void {
    this.#read = null;
  }

  judge(reader: Reader): JudgedTime {
    const wall = this.#clock.now();
    const at = this.#clock.monotonic();
    if (this.#read === null || this.#read.behind) {
      const seen = hlcMs(lastEntry(reader)?.hlc ?? Buffer.alloc(8));
      this.#read = { ms: Math.max(wall, seen), at, behind: seen > wall + CLOCK_SLACK_MS };
      if (!this.#read.behind) this.#session.countFromHere();
    }
    const { behind } = this.#read;
    const nowMs = this.#read.ms + Math.floor(at - this.#read.at);
    return {
      nowMs,
      behind,
      wrong: behind || Math.abs(wall - nowMs) > CLOCK_SLACK_MS,
      honours: !behind && this.#session.db.readOnlyBecause === null,
    };
  }
}

const known = new WeakMap<Session, VaultTime>();

/** The time of a session: one for everything that is asked in it. */
export const timeOf = (session: Session, clock: Clock): VaultTime => {
  const time = known.get(session) ?? new VaultTime(session, clock);
  known.set(session, time);
  return time;
};

/** The same for a call. */
export const judgedTime = (call: OpenCall, reader: Reader): JudgedTime =>
  timeOf(call.session, call.core.ports.clock).judge(reader);

/** What the end of a permission is compared with: where none is honoured, none has an end that is late enough. */
const endsAfter = ({ honours, nowMs }: JudgedTime): number => (honours ? nowMs : Number.MAX_SAFE_INTEGER);

/** Holds for notices `n` that were given since the clock was settled last: that ended all before, whatever their end. */
export const sinceSettlement = (reader: Reader): Sql =>
  sql`(SELECT min(r.position) FROM main.journal_row r WHERE r.row_table = 'access_notice' AND r.row_id = n.id)
    > ${lastSettlement(reader, Number.MAX_SAFE_INTEGER)?.position ?? 0}`;

/** Holds for notices `n` that are emergency accesses and open a case now. */
export const opensNow = (reader: Reader, time: JudgedTime): Sql =>
  sql`(n.kind = 'emergencyAccess' AND n.until > ${endsAfter(time)} AND ${sinceSettlement(reader)})`;
