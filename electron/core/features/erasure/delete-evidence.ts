import { ERASURE_CONFIRMATIONS } from '#shared/contract/erasure.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import type { DeviceId } from '#shared/model/surveillance-ids.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
import type { CoreContext, OpenCall, TaskHandle } from '../../context.ts';
import { read, write, type Tx } from '../../db/index.ts';
import { checkpoint } from '../../db/open.ts';
import type { Session } from '../../session.ts';
import { addCustody, needEvidence, objectStore } from '../evidence/index.ts';
import type { StoredEvidence } from '../evidence/index.ts';
import { devicesComparedWith, intactAmong, renewDigests, withdrawRuns } from '../finding-runs/index.ts';
import { requireKept } from '../holds/index.ts';
import { rebuildIndex, unindexDocument } from '../search/index.ts';
import { forgetKeptCopies, keptCopies, removeKeptCopies } from '../vault/index.ts';
import { copiesHolding } from './backups-holding.ts';
import {
  consentsResting,
  deleteDerived,
  deleteObjectKey,
  forgetDeletion,
  incidentsShowing,
  insertTombstone,
  noteDeletion,
  pendingDeletions,
} from './deletion-repo.ts';
import { emptyFindings, leaveRunsToTwin, runsOver } from './digital-rows-repo.ts';
import { disclosuresOfEvidence } from './disclosure-repo.ts';
import { ErasedWords } from './erased-words-repo.ts';

/** Title of a document that was called as what was observed in a deleted item. */
const DELETED_TITLE = '—';

/** True where the words were typed that confirm it, in either language; case and accents do not matter. */
export const confirms = (typed: string, words: { readonly es: string; readonly en: string }): boolean =>
  foldKey(typed) === foldKey(words.es) || foldKey(typed) === foldKey(words.en);

/**
 * Takes one item away inside a transaction: its key, what was made from it, what findings read out
 * of it, its place in the search index. What it was, when it came and that it went stays: the record, its custody, that
 * there were findings and what was decided about them, and a tombstone with the object's id. The journal never held
 * the key. The file goes with `finishDeletions`, after the commit; whoever calls this takes `words` out of the index
 * (`leaveIndex`) and writes it anew (`rebuildIndex`) once for all items.
 *
 * @param words learns what findings observed in the item.
 * @param notOf devices of which somebody said that the item was never theirs: what was compared with it counts no more.
 * @throws AppError `evidence.deleted`, `evidence.inUse`
 */
export function deleteItem(
  call: OpenCall,
  tx: Tx,
  item: StoredEvidence,
  why: { readonly reason: string; readonly legalBasis: string },
  words: ErasedWords,
  notOf: readonly DeviceId[] = [],
): void {
  const now = call.core.ports.clock.now();
  requireKept(tx, item.id);
  const consents = consentsResting(tx, item.id);
  if (consents > 0) throw new AppError('evidence.inUse', { params: { count: consents } });
  deleteObjectKey(tx, item.objectId);
  deleteDerived(tx, item.id);
  const withdrawn = withdrawRuns(tx, item.id, notOf, now);
  // A digest follows what the deletion changes; a run that somebody altered before goes on saying so.
  leaveRunsToTwin(tx, item.id);
  const runs = [...new Set([...runsOver(tx, item.id), ...withdrawn])];
  const intact = intactAmong(tx, runs);
  emptyFindings(tx, runs, words);
  renewDigests(tx, intact);
  unindexDocument(tx, 'evidence', item.id);
  const actor = call.session.actor.name;
  insertTombstone(tx, { id: item.id, objectId: item.objectId, ...why, actor }, now);
  noteDeletion(tx, call.core.newId(), item.objectId, now);
  // A copy from before a migration has the key as well, and lies beside the vault.
  forgetKeptCopies(tx);
  addCustody(call, tx, item.id, { action: 'destroyed', detail: '' });
  tx.journal({
    table: 'evidence_tombstone',
    id: item.id,
    payload: {
      objectId: item.objectId.toString('hex'),
      ...why,
      ...(notOf.length > 0 ? { notOf: [...notOf], withdrawn: [...withdrawn] } : {}),
    },
    children: ['matching_run', 'run_withdrawn'],
  });
}

/** False where the disk refuses: what is left is tried again at the next start. */
const tried = async (work: () => boolean | Promise<boolean>): Promise<boolean> => {
  try {
    return await work();
  } catch {
    return false;
  }
};

/**
 * Finishes what deletions began: the log, which still has the pages with the key, is emptied into the database
 * (its freed cells are overwritten), then the files go, and with them copies of the database from before a migration
 * that were given up. What the disk refuses stops nothing of the rest. Run after a deletion, and after unlocking for
 * those that a crash or a full disk interrupted.
 *
 * @returns true where nothing is left to do.
 */
export async function finishDeletions(core: CoreContext, session: Session): Promise<boolean> {
  if (session.db.readOnlyBecause !== null) return false;
  const staying = new Set(session.db.read(keptCopies).map(({ name }) => name));
  let all = await tried(() => removeKeptCopies(core.ports.disk, session.folder, staying));
  if (core.session !== session) return false;
  const emptied = await tried(() => {
    checkpoint(session.db.connection);
    return true;
  });
  all &&= emptied;
  if (core.session !== session) return false;
  const pending = session.db.read(pendingDeletions);
  const store = objectStore({ core, session });
  for (const { id, objectId } of pending) {
    try {
      await store.remove(objectId);
    } catch {
      // Out of reach now (a drive that was taken out): its key is gone, the file is tried again at the next start.
      all = false;
      continue;
    }
    if (core.session !== session) return false;
    session.db.write('evidence.sweep', (tx) => {
      forgetDeletion(tx, id);
    });
  }
  return all;
}

/** `finishDeletions` after unlocking. Ends quietly when the vault is locked meanwhile. */
export async function sweepDeletions(core: CoreContext): Promise<void> {
  const { session } = core;
  if (session === null) return;
  try {
    await finishDeletions(core, session);
  } catch (thrown) {
    core.log('evidence.sweep', isAppError(thrown) ? thrown.code : 'call.internal');
  }
}

/** What deleting one item means, before it is done. @throws AppError `record.notFound`, `evidence.deleted` */
export async function deletePreview(
  call: OpenCall,
  input: HandlerInput<'evidence.deletePreview'>,
): Promise<CallOutput<'evidence.deletePreview'>> {
  const found = read(call, (db) => {
    const item = needEvidence(db, input.evidenceId);
    requireKept(db, item.id);
    return {
      title: item.title,
      sizeBytes: item.sizeBytes,
      incidents: incidentsShowing(db, item.id),
      consents: consentsResting(db, item.id),
      disclosures: disclosuresOfEvidence(db, item.id),
      compared: devicesComparedWith(db, item.id),
    };
  });
  const backups = await copiesHolding(call, () => ({ evidenceId: input.evidenceId }));
  return { ...found, backups };
}

/** Whose the item was not. Where it was compared somebody has to say it, also where it was theirs. */
function saidNotOf(tx: Tx, { evidenceId, notOf }: HandlerInput<'evidence.delete'>): DeviceId[] {
  const compared = new Set(devicesComparedWith(tx, evidenceId).map(({ deviceId }) => deviceId));
  if (notOf === undefined && compared.size > 0) throw new AppError('evidence.sayWhose', { field: 'notOf' });
  const said = [...new Set(notOf)];
  if (said.some((id) => !compared.has(id))) throw new AppError('record.notFound', { field: 'notOf' });
  return said;
}

/**
 * Deletes one item for good.
 *
 * @throws AppError `erasure.notConfirmed`, `record.notFound`, `evidence.deleted`, `evidence.inUse`, `evidence.sayWhose`
 */
export async function deleteEvidence(
  call: OpenCall & { readonly task: TaskHandle },
  input: HandlerInput<'evidence.delete'>,
): Promise<CallOutput<'evidence.delete'>> {
  if (!confirms(input.typed, ERASURE_CONFIRMATIONS.deleteEvidence))
    throw new AppError('erasure.notConfirmed');
  const item = write(call, (tx) => {
    const found = needEvidence(tx, input.evidenceId);
    const words = new ErasedWords();
    requireKept(tx, found.id);
    const why = { reason: input.reason, legalBasis: input.legalBasis };
    deleteItem(call, tx, found, why, words, saidNotOf(tx, input));
    words.leaveIndex(tx, DELETED_TITLE);
    rebuildIndex(tx);
    tx.afterCommit(() => {
      for (const name of ['evidence.changed', 'surveillance.changed'] as const)
        call.core.emit({ name, payload: { caseId: found.caseId } });
    });
    return found;
  });
  const removed = await finishDeletions(call.core, call.session);
  return {
    backups: await copiesHolding(call, () => ({ evidenceId: item.id })),
    removed,
  };
}
