import type { Handlers } from '../../api/handlers.ts';
import { caseHistory } from './case-history.ts';
import { addCasePerson, removeCasePerson } from './case-people.ts';
import { getCase } from './get-case.ts';
import { listCases } from './list-cases.ts';
import { amendCase, openCase } from './open-case.ts';

export { needCase, type StoredCase } from './case-repo.ts';

export const casesHandlers: Handlers<
  | 'cases.open'
  | 'cases.amend'
  | 'cases.list'
  | 'cases.get'
  | 'cases.addPerson'
  | 'cases.removePerson'
  | 'cases.history'
> = {
  'cases.open': openCase,
  'cases.amend': amendCase,
  'cases.list': listCases,
  'cases.get': getCase,
  'cases.addPerson': addCasePerson,
  'cases.removePerson': removeCasePerson,
  'cases.history': caseHistory,
};
