import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { CaseId, IncidentId, PersonId } from '#shared/model/ids.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { sql, write, type Reader, type Tx } from '../../db/index.ts';
import { needEvidence } from './evidence-repo.ts';

const idRow = z.object({ id: z.string() });

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
  if (to.caseId != null) db.need(sql`SELECT id FROM case_file WHERE id = ${to.caseId}`, idRow);
  if (to.incidentId != null) db.need(sql`SELECT id FROM incident WHERE id = ${to.incidentId}`, idRow);
  if (to.fromPersonId != null) db.need(sql`SELECT id FROM person WHERE id = ${to.fromPersonId}`, idRow);
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
  const { changes } = tx.run(sql`
    INSERT INTO evidence_link (id, evidence_id, incident_id) VALUES (${id}, ${evidenceId}, ${incidentId})
    ON CONFLICT (evidence_id, incident_id) DO NOTHING`);
  if (changes === 0) return;
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
