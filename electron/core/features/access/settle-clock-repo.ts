import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { list, read, sql, write, type Reader } from '../../db/index.ts';
import {
  CLOCK_SLACK_MS,
  entryAtPosition,
  headOf,
  lastEntry,
  lastSettlement,
  type JournalHead,
} from '../../journal/index.ts';
import { vaultOf } from '../vault/index.ts';
import { hlcFrom, hlcMs } from './bulk-reading-repo.ts';
import { judgedTime, sinceSettlement, timeOf } from './vault-time.ts';

const positionRow = z.object({ position: z.number().int() });

/** Entries that were made while the clock stood ahead of what it says now. */
interface Ahead {
  /** Position of the first of them. */
  readonly first: number;
  /** Where the journal stood before it. */
  readonly before: JournalHead;
  readonly latestMs: number;
  readonly entries: number;
}

/**
 * The last entry that does not bear a time after `wallMs`; 0 where each does. The journal goes forward between two
 * settlements, and what one of them left out is left out here, too: the search goes from the newest stretch on to
 * what that one continued. From the end: entries that are ahead are few, those before may be a million.
 */
const lastThatFits = (reader: Reader, end: number, wallMs: number): number => {
  const settled = lastSettlement(reader, end);
  const fitting = reader.get(
    sql`SELECT position FROM journal WHERE position >= ${settled?.position ?? 1} AND position <= ${end}
        AND hlc < ${hlcFrom(wallMs + CLOCK_SLACK_MS + 1)} ORDER BY position DESC LIMIT 1`,
    positionRow,
  );
  if (fitting !== null) return fitting.position;
  if (settled === null) return 0;
  const continued = Number(settled.entity_id) - 1;
  if (!Number.isInteger(continued) || continued >= settled.position)
    throw new AppError('vault.journalDamaged');
  return lastThatFits(reader, continued, wallMs);
};

/** Entries that bear a time after `wallMs`, or null. They are all from the first of them on. */
const entriesAhead = (reader: Reader, wallMs: number): Ahead | null => {
  const last = lastEntry(reader);
  if (last === null || hlcMs(last.hlc) <= wallMs + CLOCK_SLACK_MS) return null;
  const fits = lastThatFits(reader, last.position, wallMs);
  return {
    first: fits + 1,
    before: headOf(entryAtPosition(reader, fits)),
    latestMs: hlcMs(last.hlc),
    entries: last.position - fits,
  };
};

const idRow = z.object({ id: z.string() });

/**
 * Emergency accesses that a settlement at `nowMs` ends: those that run by the time said there or by the vault's own.
 * What had its end by both is over: it stays as it was noted, and holds no more, because a settlement ends all before.
 */
const running = (reader: Reader, nowMs: number, latestMs: number): string[] =>
  reader
    .all(
      sql`SELECT n.id FROM main.access_notice n WHERE n.kind = 'emergencyAccess' AND ${sinceSettlement(reader)}
          AND ((n.at <= ${nowMs} AND n.until > ${nowMs}) OR n.until > ${latestMs})`,
      idRow,
    )
    .map(({ id }) => id);

const instant = (ms: number): string => new Date(ms).toISOString();

/** Whether the computer's clock and the vault agree, and what could be settled where they do not. */
export function clockState(call: OpenCall): CallOutput<'access.clock'> {
  const wallMs = call.core.ports.clock.now();
  return read(call, (reader) => {
    const { wrong, nowMs } = judgedTime(call, reader);
    const ahead = entriesAhead(reader, wallMs);
    return {
      computer: instant(wallMs),
      vault: instant(ahead?.latestMs ?? nowMs),
      state: ahead !== null ? 'vaultAhead' : wrong ? 'moved' : 'right',
      ahead:
        ahead === null
          ? null
          : {
              lastBefore: ahead.before.position === 0 ? null : instant(ahead.before.hlc.ms),
              latest: instant(ahead.latestMs),
              entries: ahead.entries,
              permissions: call.session.actor.powers.includes('keys')
                ? running(reader, Math.max(wallMs, ahead.before.hlc.ms), ahead.latestMs).length
                : null,
            },
    };
  });
}

/**
 * Says in a signed entry that the computer's clock stood ahead from one entry of the journal up to now, and that it is
 * right at this moment. The journal goes on from the last entry before those.
 *
 * It would be a way to make a permission last: set the clock back, and have it said that the time before was wrong.
 * So every emergency access that was given before ends with it, whoever uses it, and none comes back: only what was
 * given since the last settlement opens a case. Who needs one gives a reason again.
 *
 * @throws AppError `access.clockFits`, `access.clockMoved` where the clock is no longer what the person was shown.
 */
export function settleClock(
  call: OpenCall,
  input: HandlerInput<'access.settleClock'>,
): CallOutput<'access.settleClock'> {
  const { clock } = call.core.ports;
  const { journal } = vaultOf(call);
  return write(call, (tx) => {
    const wallMs = clock.now();
    if (Math.abs(Date.parse(input.computer) - wallMs) > CLOCK_SLACK_MS)
      throw new AppError('access.clockMoved');
    const ahead = entriesAhead(tx, wallMs);
    if (ahead === null) throw new AppError('access.clockFits');
    const nowMs = Math.max(wallMs, ahead.before.hlc.ms);
    const ended = running(tx, nowMs, ahead.latestMs);
    tx.run(
      sql`UPDATE access_notice SET until = max(at, ${nowMs}) WHERE id IN ${list(ended)} AND until > ${nowMs}`,
    );
    journal.goOnFrom(ahead.before.hlc);
    tx.journal({
      table: 'journal',
      id: String(ahead.first),
      payload: {
        first: ahead.first,
        entries: ahead.entries,
        latest: instant(ahead.latestMs),
        now: instant(nowMs),
        ended: ended.length,
        reason: input.reason,
      },
      children: ['access_notice'],
    });
    tx.afterCommit(() => {
      timeOf(call.session, clock).readAgain();
      call.core.emit({ name: 'cases.changed', payload: { caseId: null } });
      call.core.emit({ name: 'backup.changed', payload: {} });
    });
    return { now: instant(nowMs), entries: ahead.entries, ended: ended.length };
  });
}
