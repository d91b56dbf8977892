import type { Handlers } from '../../api/handlers.ts';
import { read } from '../../db/index.ts';
import { shownConsentsOfCase } from './consent-repo.ts';
import { ratifyConsent, recordConsent, withdrawConsent } from './record-consent.ts';

export { consentsOfCase, consentsOfPerson } from './consent-repo.ts';
export { withdrawConsentNow } from './record-consent.ts';

export const consentsHandlers: Handlers<
  'consents.record' | 'consents.ratify' | 'consents.withdraw' | 'consents.list'
> = {
  'consents.record': recordConsent,
  'consents.ratify': ratifyConsent,
  'consents.withdraw': withdrawConsent,
  'consents.list': (call, input) => ({
    rows: read(call, (db) => shownConsentsOfCase(db, input.caseId, input.personId)),
  }),
};
