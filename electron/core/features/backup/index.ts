import { targetIdSchema } from '#shared/model/ids.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import type { Handlers } from '../../api/handlers.ts';
import type { CoreContext } from '../../context.ts';
import { read, write } from '../../db/index.ts';
import { vaultOf } from '../vault/index.ts';
import { forgetTarget, readPreferences, readTargets, savePreferences } from './backup-repo.ts';
import { removeTree } from './copy-file.ts';
import { backupsHolding } from './holding-repo.ts';
import { rehearsalFolder, rehearseBackup } from './rehearse-backup.ts';
import { removeSnapshots } from './remove-snapshots.ts';
import { inspectBackup, planRestore, restoreBackup } from './restore-backup.ts';
import { runBackup } from './run-backup.ts';
import { reminderOf, targetOut } from './state.ts';
import { verifyBackup } from './verify-backup.ts';

export { backupsHolding, type HoldingBackup } from './holding-repo.ts';
export { reminderOf } from './state.ts';

/**
 * Removes what a rehearsal that died left in the vault's work folder. Once after unlocking; ends quietly, and what
 * stays is ciphertext that the next rehearsal removes.
 */
export const sweepRehearsals = async (core: CoreContext): Promise<void> => {
  const { session } = core;
  if (session === null || session.db.readOnlyBecause !== null) return;
  try {
    await removeTree(core.ports.disk, rehearsalFolder(session.folder));
  } catch (thrown) {
    core.log('backup.sweep', isAppError(thrown) ? thrown.code : 'disk.notWritable');
  }
};

/** Handlers of the group `backup`. */
export const backupHandlers: Handlers<
  | 'backup.state'
  | 'backup.setPreferences'
  | 'backup.run'
  | 'backup.verify'
  | 'backup.rehearse'
  | 'backup.removeSnapshots'
  | 'backup.forgetTarget'
  | 'backup.holding'
  | 'backup.inspect'
  | 'backup.planRestore'
  | 'backup.restore'
> = {
  'backup.state': (call) => {
    const { generation } = vaultOf(call);
    const { crypto, clock } = call.core.ports;
    const state = read(call, (db) => ({
      targets: readTargets(db).map((row) => targetOut(db, generation, row)),
      reminder: reminderOf(crypto, db, clock.now()),
      ...readPreferences(db),
    }));
    return state;
  },
  'backup.setPreferences': (call, input) => {
    write(call, (tx) => {
      const before = readPreferences(tx);
      savePreferences(tx, input.keep ?? before.keep, input.remindAfterDays ?? before.remindAfterDays);
    });
    call.core.emit({ name: 'backup.changed', payload: {} });
    return read(call, readPreferences);
  },
  'backup.run': runBackup,
  'backup.verify': verifyBackup,
  'backup.rehearse': rehearseBackup,
  'backup.removeSnapshots': removeSnapshots,
  'backup.forgetTarget': (call, input) => {
    write(call, (tx) => {
      if (!forgetTarget(tx, input.target)) throw new AppError('record.notFound');
      tx.journal({ table: 'backup_target', id: input.target, payload: { forgotten: true } });
    });
    call.core.emit({ name: 'backup.changed', payload: {} });
    return {};
  },
  'backup.holding': (call, input) => {
    const rows = read(call, (db) =>
      backupsHolding(db, { evidenceId: input.evidence, beforePosition: input.beforePosition }),
    );
    return {
      rows: rows.map(({ target, name, snapshot, takenMs, lost }) => ({
        target: targetIdSchema.parse(target),
        name,
        snapshot,
        takenAt: new Date(takenMs).toISOString(),
        lost,
      })),
    };
  },
  'backup.inspect': inspectBackup,
  'backup.planRestore': planRestore,
  'backup.restore': restoreBackup,
};
