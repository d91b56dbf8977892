import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { CaseId, EvidenceId, IncidentId, PersonId } from '#shared/model/ids.ts';
import type { OpenCall } from '../../context.ts';
import { write, type Reader, type Tx } from '../../db/index.ts';
import { caseOfIncident, followersOf, insertLink, needRow } from './evidence-link-repo.ts';
import { evidenceFieldsSchema, needEvidence, updateEvidence } from './evidence-repo.ts';
import { indexEvidence } from './index-evidence.ts';

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

/** Puts an item into a case inside a transaction, with its journal entry. Throws `record.notFound`. */
export function putIntoCase(call: OpenCall, tx: Tx, id: EvidenceId, caseId: CaseId): void {
  const item = needEvidence(tx, id);
  const next = { ...evidenceFieldsSchema.parse(item), caseId };
  updateEvidence(tx, id, next, item.version, call.core.ports.clock.now());
  tx.journal({ table: 'evidence', id, payload: { caseId } });
  indexEvidence(call.core, tx, id);
  tx.afterCommit(() => {
    call.core.emit({ name: 'evidence.changed', payload: { caseId } });
    if (item.caseId !== null) call.core.emit({ name: 'evidence.changed', payload: { caseId: item.caseId } });
  });
}

/**
 * Takes the items of an incident along when it moves from `from` to `to`, inside the transaction that moves
 * it: a filing of the case would else lack the very files that the incident shows. Nothing follows out of
 * every case (`to` null).
 */
export function followIncident(
  call: OpenCall,
  tx: Tx,
  move: { readonly incidentId: IncidentId; readonly from: CaseId | null; readonly to: CaseId | null },
): void {
  const { incidentId, from, to } = move;
  if (to === null || from === to) return;
  for (const id of followersOf(tx, incidentId, from)) putIntoCase(call, tx, id, to);
}

/**
 * Ties an item to an incident inside a transaction, with its journal entry. A tie that is there already stays
 * as it is. An item without a case joins the case of the incident. Throws `record.notFound`.
 */
export function linkEvidence(call: OpenCall, tx: Tx, input: HandlerInput<'evidence.link'>): void {
  const { evidenceId, incidentId } = input;
  const { caseId } = needEvidence(tx, evidenceId);
  requireReferences(tx, { incidentId });
  const id = call.core.newId();
  if (!insertLink(tx, { id, evidenceId, incidentId })) return;
  tx.journal({ table: 'evidence_link', id, payload: { evidenceId, incidentId } });
  const joined = caseId === null ? caseOfIncident(tx, incidentId) : null;
  if (joined !== null) putIntoCase(call, tx, evidenceId, joined);
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
