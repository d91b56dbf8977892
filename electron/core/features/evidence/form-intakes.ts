import type { CaseId, EvidenceId, IncidentId } from '#shared/model/ids.ts';
import type { OpenCall } from '../../context.ts';
import type { Tx } from '../../db/index.ts';
import type { Session } from '../../session.ts';
import {
  draftFilesAmong,
  filesOfDraft,
  forgetDraftFile,
  forgetDraftFiles,
  noteDraftFile,
  type DraftFile,
} from '../drafts/index.ts';
import { isTied, stands } from './evidence-link-repo.ts';
import { putIntoCase } from './link-evidence.ts';

/*
 * Files that are sealed for a form which may be saved before they are in: an emergency is saved in seconds, a long
 * recording takes minutes. What was sealed before the form is saved stands in the vault beside its draft, because the
 * form may be left and the vault locked in between. What the form became is remembered in memory only: a lock ends
 * the intakes that could still ask.
 */

/** Forms remembered at once; the oldest are forgotten, so that a long session cannot grow without bound. */
const MOST_FORMS = 500;
const saved = new WeakMap<Session, Map<string, IncidentId>>();

const remember = (session: Session, draftId: string, incidentId: IncidentId): void => {
  const forms = saved.get(session) ?? new Map<string, IncidentId>();
  saved.set(session, forms);
  forms.set(draftId, incidentId);
  const [oldest] = forms.keys();
  if (forms.size > MOST_FORMS && oldest !== undefined) forms.delete(oldest);
};

/** The incident that the form with this draft became, while it still stands; null before that, and without a draft. */
export function incidentOfForm(call: OpenCall, tx: Tx, draftId: string | undefined): IncidentId | null {
  if (draftId === undefined) return null;
  const incidentId = saved.get(call.session)?.get(draftId);
  return incidentId !== undefined && stands(tx, 'incident', incidentId) ? incidentId : null;
}

/** Notes, in the transaction of its intake, that an item was taken in for the form with this draft, and with which case. */
export function noteTaken(
  call: OpenCall,
  tx: Tx,
  draftId: string | undefined,
  item: { readonly id: EvidenceId; readonly caseId: CaseId | null },
): void {
  if (draftId !== undefined) noteDraftFile(call, tx, { evidenceId: item.id, draftId, cameWith: item.caseId });
}

/** Puts an item into the case of the record that its form became, where nobody touched it since it came in. */
function goAlong(call: OpenCall, tx: Tx, file: DraftFile, caseId: CaseId | null): void {
  const untouched = file.caseId === file.cameWith && !isTied(tx, file.id);
  if (caseId !== null && file.caseId !== caseId && untouched) putIntoCase(call, tx, file.id, caseId);
}

/**
 * Says, inside the transaction that ties these items to a record and before it does, which case the record is of: those
 * that were taken in for its form go there as with `formBecomes`.
 */
export function recordTakes(call: OpenCall, tx: Tx, ids: readonly EvidenceId[], caseId: CaseId | null): void {
  for (const file of draftFilesAmong(call, tx, ids)) {
    goAlong(call, tx, file, caseId);
    forgetDraftFile(tx, file.id);
  }
}

/**
 * Says, inside the transaction that saves a form, what it becomes: whatever is taken in for its draft from then on
 * is tied to that incident. Items that came in before and that nobody touched since go to the case of the incident:
 * the form may have named another one then. Nothing goes out of every case. Gives those items, which are still to be
 * tied; what the person does not see, or what was deleted, is none of them.
 */
export function formBecomes(
  call: OpenCall,
  tx: Tx,
  draftId: string,
  became: { readonly incidentId: IncidentId; readonly caseId: CaseId | null },
): readonly EvidenceId[] {
  const { incidentId, caseId } = became;
  tx.afterCommit(() => {
    remember(call.session, draftId, incidentId);
  });
  const files = filesOfDraft(call, tx, draftId);
  forgetDraftFiles(call, tx, draftId);
  for (const file of files) goAlong(call, tx, file, caseId);
  return files.map((file) => file.id);
}
