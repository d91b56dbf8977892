import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { CaseId, IncidentId, PersonId } from '#shared/model/ids.ts';
import type { OpenCall } from '../../context.ts';
import { write, type Reader, type Tx } from '../../db/index.ts';
import { insertLink, needRow } from './evidence-link-repo.ts';
import { needEvidence } from './evidence-repo.ts';

/**
 * Throws `record.notFound` unless everything that an item points at is there. Asked by id alone: incidents
 * and people use this feature, so this one cannot use theirs.
 */
export function requireReferences(
  db: Reader,
  to: {
    readonly caseId?: CaseId | null | undefined;
    readonly incidentId?: IncidentId | null | undefined;
    readonly fromPersonId?: PersonId | null | undefined;
  },
): void {
  if (to.caseId) needRow(db, 'case_file', to.caseId);
  if (to.incidentId) needRow(db, 'incident', to.incidentId);
  if (to.fromPersonId) needRow(db, 'person', to.fromPersonId);
}

/**
 * Ties an item to an incident inside a transaction, with its journal entry. A tie that is there already stays
 * as it is. Throws `record.notFound`.
 */
export function linkEvidence(call: OpenCall, tx: Tx, input: HandlerInput<'evidence.link'>): void {
  const { evidenceId, incidentId } = input;
  const { caseId } = needEvidence(tx, evidenceId);
  requireReferences(tx, { incidentId });
  const id = call.core.newId();
  if (!insertLink(tx, { id, evidenceId, incidentId })) return;
  tx.journal({ table: 'evidence_link', id, payload: { evidenceId, incidentId } });
  tx.afterCommit(() => {
    call.core.emit({ name: 'evidence.changed', payload: { caseId } });
  });
}

/** @throws AppError `record.notFound` */
export function linkToIncident(
  call: OpenCall,
  input: HandlerInput<'evidence.link'>,
): CallOutput<'evidence.link'> {
  write(call, (tx) => {
    linkEvidence(call, tx, input);
  });
  return {};
}
