import type { Handlers } from '../../api/handlers.ts';
import { amendPerson } from './amend-person.ts';
import { getPerson, listPersons } from './list-persons.ts';
import { recordPerson } from './record-person.ts';

export { indexPerson } from './index-person.ts';
export { addPerson, linkPerson } from './record-person.ts';
export { needPerson, personsOfCase, type StoredPerson } from './person-repo.ts';

export const peopleHandlers: Handlers<'persons.record' | 'persons.amend' | 'persons.list' | 'persons.get'> = {
  'persons.record': recordPerson,
  'persons.amend': amendPerson,
  'persons.list': listPersons,
  'persons.get': getPerson,
};
