import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { sql, write } from '../../db/index.ts';
import { linkPerson, needPerson } from '../people/index.ts';
import { needCase } from './case-repo.ts';

/** @throws AppError `record.notFound` */
export function addCasePerson(
  call: OpenCall,
  input: HandlerInput<'cases.addPerson'>,
): CallOutput<'cases.addPerson'> {
  write(call, (tx) => {
    needCase(tx, input.caseId);
    needPerson(tx, input.personId);
    linkPerson(call, tx, input);
    tx.afterCommit(() => {
      call.core.emit({ name: 'cases.changed', payload: { caseId: input.caseId } });
    });
  });
  return {};
}

/** Takes a person out of a case; her record, and what incidents say of her, stay. @throws AppError `record.notFound` */
export function removeCasePerson(
  call: OpenCall,
  input: HandlerInput<'cases.removePerson'>,
): CallOutput<'cases.removePerson'> {
  write(call, (tx) => {
    const link = tx.need(
      sql`SELECT id FROM case_person WHERE case_id = ${input.caseId} AND person_id = ${input.personId}`,
      z.object({ id: z.string() }),
    );
    tx.run(sql`DELETE FROM case_person WHERE id = ${link.id}`);
    tx.journal({
      table: 'case_person',
      id: link.id,
      payload: { removed: true, caseId: input.caseId, personId: input.personId },
    });
    tx.afterCommit(() => {
      call.core.emit({ name: 'cases.changed', payload: { caseId: input.caseId } });
    });
  });
  return {};
}
