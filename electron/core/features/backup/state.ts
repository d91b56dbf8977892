import type { BackupReminder, BackupSnapshot, BackupTarget, BackupWarning } from '#shared/contract/backup.ts';
import type { CatalogueEntry } from '../../crypto/backup-catalogue.ts';
import { targetIdSchema } from '#shared/model/ids.ts';
import type { Reader } from '../../db/index.ts';
import { lastEntry, headOf } from '../../journal/index.ts';
import type { Crypto } from '../../ports/index.ts';
import { readPreferences, readSnapshots, readTargets, type TargetRow } from './backup-repo.ts';
import { changesAfter, holdsDeleted, newestPosition } from './state-repo.ts';

const DAY_MS = 86_400_000;
/** A copy that nobody has read through for so long may have rotted unseen. */
const VERIFY_AFTER_DAYS = 90;
/** Passphrases are forgotten faster than sticks break. */
const REHEARSE_AFTER_DAYS = 180;
/** Clocks of two computers differ a little; what lies further in the future was written under another clock. */
const CLOCK_SLACK_MS = 60 * 60 * 1000;

const instant = (ms: number): string => new Date(ms).toISOString();
const instantOrNull = (ms: number | null): string | null => (ms === null ? null : instant(ms));

/** One entry of a list, as the contract shows it. `generation`: of the newest keys. `db`: null where none is open. */
export const snapshotOut = (
  db: Reader | null,
  generation: number,
  entry: CatalogueEntry,
): BackupSnapshot => ({
  id: entry.snapshotId.toString('hex'),
  takenAt: instant(entry.takenMs),
  bytes: entry.bytes,
  objects: entry.objectCount,
  position: entry.position,
  olderKeys: entry.generation !== generation,
  holdsDeleted: db !== null && holdsDeleted(db, entry.position),
});

/** A target as the vault remembers it. */
export const targetOut = (db: Reader, generation: number, row: TargetRow): BackupTarget => ({
  id: targetIdSchema.parse(row.id),
  name: row.name,
  addedAt: instant(row.added_at),
  lastSuccessAt: instantOrNull(row.success_at),
  lastTriedAt: instantOrNull(row.tried_at),
  lastError: row.error,
  lastVerifiedAt: instantOrNull(row.verified_at),
  lastVerifiedOk: row.verified_ok,
  lastRehearsedAt: instantOrNull(row.rehearsed_at),
  snapshots: readSnapshots(db, row.id)
    .filter(({ lost }) => !lost)
    .map(({ entry }) => snapshotOut(db, generation, entry)),
  warnings: row.warnings,
});

/** The same for a vault that takes no notes (open to look only, on its way out of a synchronised folder). */
export const unnotedTarget = (
  db: Reader,
  generation: number,
  seen: {
    readonly id: string;
    readonly name: string;
    readonly atMs: number;
    readonly snapshots: readonly CatalogueEntry[];
    readonly warnings: readonly BackupWarning[];
  },
): BackupTarget => ({
  id: targetIdSchema.parse(seen.id),
  name: seen.name,
  addedAt: instant(seen.atMs),
  lastSuccessAt: instant(seen.atMs),
  lastTriedAt: instant(seen.atMs),
  lastError: null,
  lastVerifiedAt: null,
  lastVerifiedOk: null,
  lastRehearsedAt: null,
  snapshots: seen.snapshots.map((entry) => snapshotOut(db, generation, entry)),
  warnings: [...seen.warnings],
});

/**
 * What the first screen reminds of; it stays until done. Deduced from the database alone, so it costs nothing and
 * touches no stick. A clock that was set back is said first: with it no number of days means anything. A success
 * noted under a clock that ran ahead counts for nothing either: it would look fresh until that day has come.
 *
 * @param nowMs the computer's clock.
 */
export const reminderOf = (crypto: Crypto, db: Reader, nowMs: number): BackupReminder => {
  const targets = readTargets(db);
  const { remindAfterDays } = readPreferences(db);
  const latest = nowMs + CLOCK_SLACK_MS;
  const newest = (pick: (row: TargetRow) => number | null): number | null => {
    const known = targets.map(pick).flatMap((ms) => (ms !== null && ms <= latest ? [ms] : []));
    return known.length === 0 ? null : Math.max(...known);
  };
  const behind = headOf(lastEntry(db)).hlc.ms > latest;
  const days = (ms: number | null): number | null =>
    ms === null || behind ? null : Math.max(0, Math.floor((nowMs - ms) / DAY_MS));
  const sinceSuccess = days(newest((row) => row.success_at));
  const sinceVerified = days(newest((row) => (row.verified_ok === true ? row.verified_at : null)));
  const sinceRehearsal = days(newest((row) => row.rehearsed_at));
  const due = ((): BackupReminder['due'] => {
    if (behind) return 'clockWrong';
    if (sinceSuccess === null) return targets.some((row) => row.success_at !== null) ? 'clockWrong' : 'never';
    if (targets.some((row) => row.error !== null)) return 'failing';
    if (sinceSuccess >= remindAfterDays) return 'old';
    if (sinceVerified === null || sinceVerified >= VERIFY_AFTER_DAYS) return 'unverified';
    if (sinceRehearsal === null || sinceRehearsal >= REHEARSE_AFTER_DAYS) return 'unrehearsed';
    return 'none';
  })();
  return {
    due,
    daysSinceSuccess: sinceSuccess,
    daysSinceRehearsal: sinceRehearsal,
    changesSince: changesAfter(crypto, db, newestPosition(db) ?? 0),
    targets: targets.length,
  };
};
