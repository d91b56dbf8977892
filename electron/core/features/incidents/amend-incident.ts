import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall } from '../../context.ts';
import { write } from '../../db/index.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { needCase } from '../cases/index.ts';
import { followIncident } from '../evidence/index.ts';
import { fieldsOf, needIncident, replaceActs, updateIncident } from './incident-repo.ts';
import { indexIncident } from './record-incident.ts';

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function amendIncident(
  call: OpenCall,
  input: HandlerInput<'incidents.amend'>,
): CallOutput<'incidents.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    const before = fieldsOf(needIncident(tx, input.id));
    const next = { ...before, ...changes };
    if (next.caseId !== null) needCase(tx, next.caseId);
    if (!updateIncident(tx, input.id, next, input.version, call.core.ports.clock.now())) {
      throw new AppError('record.changedMeanwhile');
    }
    if (changes.acts !== undefined) replaceActs(tx, input.id, next.acts, () => call.core.newId());
    tx.journal({ table: 'incident', id: input.id, payload: changes, children: ['act', 'involvement'] });
    followIncident(call, tx, { incidentId: input.id, from: before.caseId, to: next.caseId });
    indexIncident(tx, input.id, next);
    tx.afterCommit(() => {
      call.core.emit({ name: 'incidents.changed', payload: { caseId: next.caseId } });
      if (before.caseId !== next.caseId)
        call.core.emit({ name: 'incidents.changed', payload: { caseId: before.caseId } });
    });
  });
  return { version: input.version + 1 };
}
