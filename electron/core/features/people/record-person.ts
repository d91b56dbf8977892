import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { PersonFields } from '#shared/contract/persons.ts';
import { personIdSchema, type CaseId, type PersonId } from '#shared/model/ids.ts';
import type { CASE_ROLES } from '#shared/model/vocabularies.ts';
import type { OpenCall } from '../../context.ts';
import { sql, write, type Tx } from '../../db/index.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { indexPerson } from './index-person.ts';
import { emptyPerson, insertPerson } from './person-repo.ts';

type CaseRole = (typeof CASE_ROLES)[number];

/**
 * Inserts a person inside a transaction of the caller, with index and journal; with a case she is linked to it.
 * For use cases of other features that meet a new name in a hurry.
 */
export function addPerson(
  call: OpenCall,
  tx: Tx,
  given: Partial<PersonFields> & { name: string },
  place: { caseId: CaseId; roles: readonly CaseRole[] } | null,
): PersonId {
  const now = call.core.ports.clock.now();
  const id = personIdSchema.parse(call.core.newId());
  const fields: PersonFields = { ...emptyPerson(given.name), ...given };
  insertPerson(tx, id, fields, now);
  tx.journal({ table: 'person', id, payload: fields });
  indexPerson(tx, id, fields);
  if (place !== null)
    linkPerson(call, tx, {
      caseId: place.caseId,
      personId: id,
      roles: place.roles,
      relation: '',
      reserved: true,
    });
  tx.afterCommit(() => {
    call.core.emit({ name: 'persons.changed', payload: { caseId: place?.caseId ?? null } });
  });
  return id;
}

/** Links a person with a case, or changes her roles in it. */
export function linkPerson(
  call: OpenCall,
  tx: Tx,
  link: {
    caseId: CaseId;
    personId: PersonId;
    roles: readonly CaseRole[];
    relation: string;
    reserved: boolean;
  },
): void {
  const id = call.core.newId();
  tx.run(sql`
    INSERT INTO case_person (id, case_id, person_id, roles, relation, reserved, added_at)
    VALUES (${id}, ${link.caseId}, ${link.personId}, ${JSON.stringify(link.roles)}, ${link.relation}, ${link.reserved},
      ${call.core.ports.clock.now()})
    ON CONFLICT (case_id, person_id) DO UPDATE SET
      roles = excluded.roles, relation = excluded.relation, reserved = excluded.reserved`);
  tx.journal({
    table: 'case_person',
    id,
    payload: {
      caseId: link.caseId,
      personId: link.personId,
      roles: link.roles,
      relation: link.relation,
      reserved: link.reserved,
    },
    children: ['case_person'],
  });
}

/** A new person, known at first by nothing more than a way to refer to her. */
export function recordPerson(
  call: OpenCall,
  input: HandlerInput<'persons.record'>,
): CallOutput<'persons.record'> {
  const { caseId, ...given } = input;
  const id = write(call, (tx) =>
    addPerson(
      call,
      tx,
      withoutUndefined(given),
      caseId === undefined ? null : { caseId, roles: ['beneficiary'] },
    ),
  );
  return { id, version: 1 };
}
