import { basename, dirname } from 'node:path';
import { isAppError } from '#shared/errors.ts';
import type { CoreContext } from '../../context.ts';
import type { Disk } from '../../ports/index.ts';
import { isTemporaryName } from '../../files/atomic-write.ts';
import type { Session } from '../../session.ts';
import { strayDraftFiles, sweepDraftFiles } from '../drafts/index.ts';
import { deriveEvidence } from './derive-evidence.ts';
import { knownObjects, needEvidence, waitingEvidence } from './evidence-repo.ts';
import { objectStore } from './open-evidence.ts';
import { forgetOrphan, noteOrphan, seenOrphans } from './orphan-repo.ts';
import { forgetUnfinishedCopy, unfinishedCopies } from './unfinished-copy-repo.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** After this long a place that never came back is given up; what lies there is out of reach for good. */
const GIVE_UP_MS = 30 * DAY_MS;

export interface OrphanSweep {
  /** Objects that no record knows, hex ids, still kept. */
  readonly waiting: readonly string[];
  readonly removed: number;
}

/**
 * Finds objects that no record knows: a crash fell between the file and its rows, or a restore brought older
 * rows. They are noted when first seen and removed a day later at the earliest, so that somebody who just went
 * back to a backup can still change their mind. File times are constant and tell nothing, hence the notes.
 * Run it once after unlocking, before the first intake.
 */
export async function sweepObjects(core: CoreContext, session: Session): Promise<OrphanSweep> {
  const store = objectStore({ core, session });
  const now = core.ports.clock.now();
  await store.removeTemporaries();
  const onDisk = new Set((await store.list()).map((id) => id.toString('hex')));
  // Asked after the listing: what was taken in meanwhile is in the rows.
  const known = session.db.read(knownObjects);
  const seen = session.db.read(seenOrphans);
  const orphans = [...onDisk].filter((id) => !known.has(id));
  const due = orphans.filter((id) => now - (seen.get(id)?.firstSeenMs ?? now) >= DAY_MS);
  for (const id of due) await store.remove(Buffer.from(id, 'hex'));
  const waiting = orphans.filter((id) => !due.includes(id));
  const fresh = waiting.filter((id) => !seen.has(id));
  const over = [...seen].filter(([id]) => !waiting.includes(id)).map(([, row]) => row.id);
  if (fresh.length + over.length > 0) {
    session.db.write('evidence.sweep', (tx) => {
      for (const id of over) forgetOrphan(tx, id);
      for (const id of fresh) noteOrphan(tx, core.newId(), id, now);
    });
  }
  return { waiting, removed: due.length };
}

/** True where nothing is left; false where the place cannot be reached now or does not let the file go. */
const removed = async (disk: Disk, path: string): Promise<boolean> => {
  try {
    if ((await disk.stat(dirname(path))) === null) return false;
    await disk.remove(path);
    return true;
  } catch {
    return false;
  }
};

/**
 * Removes what interrupted copies left in clear outside the vault: half of an evidence file under a temporary
 * name. A place that cannot be reached now (a stick that was taken out) is tried again, for a month.
 */
export async function sweepCopies(core: CoreContext, session: Session): Promise<void> {
  const { disk, clock } = core.ports;
  for (const { id, path, createdMs } of session.db.read(unfinishedCopies)) {
    const gone = !isTemporaryName(basename(path)) || (await removed(disk, path));
    // The vault can have been locked meanwhile.
    if (core.session !== session) return;
    if (!gone && clock.now() - createdMs < GIVE_UP_MS) continue;
    session.db.write('evidence.sweep', (tx) => {
      forgetUnfinishedCopy(tx, id);
    });
  }
}

/** Forgets which items were taken in for forms that came to nothing. */
function sweepForms(core: CoreContext, session: Session): void {
  const before = core.ports.clock.now() - DAY_MS;
  if (session.db.read((db) => strayDraftFiles(db, before)) === 0) return;
  session.db.write('evidence.sweep', (tx) => {
    sweepDraftFiles(tx, before);
  });
}

/**
 * What is to be done once after unlocking: leftovers of interrupted copies and intakes, and a look into items that were
 * kept when the intake was interrupted. Ends quietly when the vault is locked; a vault that is open to look
 * only is left alone.
 */
export async function keepHouse(core: CoreContext): Promise<void> {
  const { session } = core;
  if (session === null || session.db.readOnlyBecause !== null) return;
  const context = { core, session };
  try {
    await sweepCopies(core, session);
    await sweepObjects(core, session);
    sweepForms(core, session);
    for (const id of session.db.read(waitingEvidence)) {
      if (core.session !== session) return;
      await deriveEvidence(
        context,
        session.db.read((db) => needEvidence(db, id)),
      );
    }
  } catch (thrown) {
    // A lock in between closes the database under us; everything here is tried again after the next unlock.
    core.log('evidence.keepHouse', isAppError(thrown) ? thrown.code : 'call.internal');
  }
}
