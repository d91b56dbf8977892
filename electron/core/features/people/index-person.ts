import type { PersonFields } from '#shared/contract/persons.ts';
import type { Tx } from '../../db/index.ts';
import { indexDocument } from '../search/index.ts';

/** Everything by which somebody may look for a person: every name, contact, number and her own words. */
export function indexPerson(tx: Tx, id: string, person: PersonFields): void {
  const words = Object.values(person.inOwnWords).flatMap((answer) =>
    answer.kind === 'said' ? [answer.words] : [],
  );
  indexDocument(tx, {
    kind: 'person',
    ref: id,
    caseId: null,
    title: person.name,
    body: [
      person.legalName,
      ...person.aliases,
      ...person.contacts.flatMap((contact) => [contact.value, contact.note]),
      ...person.identifiers.map((identifier) => identifier.value),
      ...words,
      person.work,
      person.level,
      person.note,
    ]
      .filter((part) => part !== '')
      .join('\n'),
    whenKey: '',
  });
}
