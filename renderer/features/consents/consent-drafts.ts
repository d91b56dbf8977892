import type { Consent } from '#shared/contract/consents.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import { kindOfDraft } from '../../lib/draft-kinds.ts';

/** The name of a new answer, half written. */
export const answerDraft = (caseId: CaseId, personId: PersonId) => `consent:${caseId}:${personId}` as const;

/** The name of a withdrawal, half written. */
export const withdrawalDraft = ({ caseId, personId, id }: Pick<Consent, 'caseId' | 'personId' | 'id'>) =>
  `withdrawal:${caseId}:${personId}:${id}` as const;

/**
 * Whether a draft is of exactly this person in this case. What one person answered, and how far it reaches, must
 * never stand in the form of another.
 */
export const isDraftOf = (form: string, caseId: CaseId, personId: PersonId): boolean => {
  const [, inCase, of] = form.split(':');
  return ['consent', 'withdrawal'].includes(kindOfDraft(form)) && inCase === caseId && of === personId;
};
