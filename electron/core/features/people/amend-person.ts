import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall } from '../../context.ts';
import { write } from '../../db/index.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { requireShown } from '../holds/index.ts';
import { indexPerson } from './index-person.ts';
import { fieldsOf, needPerson, updatePerson } from './person-repo.ts';

/** @throws AppError `record.notFound`, `person.blocked`, `record.changedMeanwhile` */
export function amendPerson(
  call: OpenCall,
  input: HandlerInput<'persons.amend'>,
): CallOutput<'persons.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    requireShown(tx, input.id);
    const next = { ...fieldsOf(needPerson(tx, input.id)), ...changes };
    if (!updatePerson(tx, input.id, next, input.version, call.core.ports.clock.now())) {
      throw new AppError('record.changedMeanwhile');
    }
    tx.journal({ table: 'person', id: input.id, payload: changes });
    indexPerson(tx, input.id, next);
    tx.afterCommit(() => {
      call.core.emit({ name: 'persons.changed', payload: { caseId: null } });
    });
  });
  return { version: input.version + 1 };
}
