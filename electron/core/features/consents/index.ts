import type { Handlers } from '../../api/handlers.ts';
import { read } from '../../db/index.ts';
import { consentsOfCase } from './consent-repo.ts';
import { ratifyConsent, recordConsent, withdrawConsent } from './record-consent.ts';

export { consentsOfCase } from './consent-repo.ts';

export const consentsHandlers: Handlers<
  'consents.record' | 'consents.ratify' | 'consents.withdraw' | 'consents.list'
> = {
  'consents.record': recordConsent,
  'consents.ratify': ratifyConsent,
  'consents.withdraw': withdrawConsent,
  'consents.list': (call, input) => ({
    rows: read(call, (db) => consentsOfCase(db, input.caseId, input.personId)),
  }),
};
