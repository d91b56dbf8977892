import { AppError } from '#shared/errors.ts';
import type { Connection } from '../db/connection.ts';
import { initial } from './0010-initial.ts';
import { waitingIndex } from './0015-waiting-index.ts';
import { slotDetails } from './0020-slots.ts';
import { caseAccess } from './0025-case-access.ts';
import { backups } from './0030-backups.ts';
import { erasureAndApproval } from './0040-erasure-and-approval.ts';
import { surveillance } from './0050-surveillance.ts';
import { draftFiles } from './0060-draft-files.ts';
import { unreadResults } from './0070-unread-results.ts';
import { withdrawnRuns } from './0080-withdrawn-runs.ts';
import type { Migration } from './migration.ts';

/** "RSGV" as a number: marks the file as ours for whoever holds its key. */
export const APPLICATION_ID = 0x52534756;

/** Every step, in order. */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  waitingIndex,
  slotDetails,
  caseAccess,
  backups,
  erasureAndApproval,
  surveillance,
  draftFiles,
  unreadResults,
  withdrawnRuns,
];

/** The version that this program writes. */
export const newestVersion = (migrations: readonly Migration[] = MIGRATIONS): number =>
  migrations.at(-1)?.number ?? 0;

const pragmaNumber = (connection: Connection, name: string): number =>
  Number(Object.values(connection.pragma(name)[0] ?? {})[0] ?? 0);

/** Version of the schema in a file; 0 for an empty one. */
export const schemaVersion = (connection: Connection): number => pragmaNumber(connection, 'user_version');

const expectGrowing = (migrations: readonly Migration[]): void => {
  let last = 0;
  for (const step of migrations) {
    if (!Number.isSafeInteger(step.number) || step.number <= last) throw new AppError('call.internal');
    last = step.number;
  }
};

/**
 * Brings a database to the newest version: all missing steps and the version number in one transaction, so
 * that a crash leaves the old version whole.
 *
 * @returns the numbers of the steps that ran.
 * @throws AppError `vault.newerFormat` for a file of a newer program, which is left untouched.
 */
export const runMigrations = (
  connection: Connection,
  migrations: readonly Migration[] = MIGRATIONS,
): readonly number[] => {
  expectGrowing(migrations);
  const version = schemaVersion(connection);
  if (version > newestVersion(migrations)) throw new AppError('vault.newerFormat');
  if (version > 0 && pragmaNumber(connection, 'application_id') !== APPLICATION_ID) {
    throw new AppError('vault.databaseDamaged');
  }
  const missing = migrations.filter((step) => step.number > version);
  if (missing.length === 0) return [];
  connection.exec('BEGIN IMMEDIATE');
  try {
    for (const step of missing) {
      for (const statement of step.statements) connection.exec(statement);
      step.moveData?.(connection);
    }
    connection.exec(`PRAGMA user_version=${newestVersion(migrations)}`);
    connection.exec(`PRAGMA application_id=${APPLICATION_ID}`);
    connection.exec('COMMIT');
  } catch (thrown) {
    try {
      connection.exec('ROLLBACK');
    } catch {
      // Rolled back by SQLite itself.
    }
    throw thrown;
  }
  return missing.map((step) => step.number);
};
