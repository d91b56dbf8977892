import { AppError, isAppError } from '#shared/errors.ts';
import type { CoreContext } from '../../context.ts';
import { removeKnown } from './remove-outside.ts';
import { forgetPending, pendingReleases, type Sums } from './release-outbox-repo.ts';

/** After this long a place that never came back is given up; what lies there is out of reach for good. */
const GIVE_UP_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Cleans up after releases that a crash, a power cut or a lock interrupted: what they had written is in no
 * ledger and must not lie about, so it is removed, finished files and half-written ones alike, but never a file of
 * the same name that it did not write: names go by the day, and another vault may export to that place. The journal says
 * that the release was interrupted, and the export stays on the list of what is unfinished. Run once after
 * unlocking. A place that cannot be reached now (a stick that was taken out) is tried again next time.
 */
export async function sweepReleases(core: CoreContext): Promise<void> {
  const { session } = core;
  if (session === null || session.db.readOnlyBecause !== null) return;
  try {
    for (const { id, payload, createdMs } of session.db.read(pendingReleases)) {
      const gone = await removeWritten(core, payload.paths, payload.sums);
      if (core.session !== session) return;
      if (!gone && core.ports.clock.now() - createdMs < GIVE_UP_MS) continue;
      session.db.write('exports.sweep', (tx) => {
        forgetPending(tx, id);
        tx.journal({ table: 'export', id: payload.exportId, payload: { release: 'interrupted' } });
        tx.afterCommit(() => {
          core.emit({ name: 'exports.changed', payload: { caseId: null } });
        });
      });
    }
  } catch (thrown) {
    core.log('exports.sweep', isAppError(thrown) ? thrown.code : 'call.internal');
  }
}

/** Gives false where a place could not be looked at or a file could not be removed. */
async function removeWritten(core: CoreContext, paths: readonly string[], sums: Sums): Promise<boolean> {
  const { session } = core;
  const signal = {
    throwIfAborted: (): void => {
      if (core.session !== session) throw new AppError('call.cancelled');
    },
  };
  let all = true;
  for (const path of paths) {
    if (!(await removeKnown(core.ports.disk, path, sums[path] ?? null, signal))) all = false;
  }
  return all;
}
