import type { Handlers } from '../../api/handlers.ts';
import { getRequest, listRequests, noteRequest, openRequest } from './data-requests.ts';
import { deleteEvidence, deletePreview } from './delete-evidence.ts';
import { erasePerson } from './erase-person.ts';
import { blockPerson, releasePerson, restrictPerson, withdrawAll } from './hold-person.ts';
import { knowOf } from './know.ts';
import { writeLetters } from './letters.ts';
import { listHeld, previewErasure } from './preview.ts';

export { findCopies } from './backups-holding.ts';
export { sweepDeletions } from './delete-evidence.ts';
export { disclosuresOfPerson } from './disclosure-repo.ts';

/** Handlers of the groups `dataRequests` and `erasure`, and of deleting evidence. */
export const erasureHandlers: Handlers<
  | 'dataRequests.open'
  | 'dataRequests.list'
  | 'dataRequests.get'
  | 'dataRequests.note'
  | 'erasure.know'
  | 'erasure.preview'
  | 'erasure.held'
  | 'erasure.restrict'
  | 'erasure.withdraw'
  | 'erasure.block'
  | 'erasure.release'
  | 'erasure.erase'
  | 'erasure.letters'
  | 'evidence.deletePreview'
  | 'evidence.delete'
> = {
  'dataRequests.open': openRequest,
  'dataRequests.list': listRequests,
  'dataRequests.get': getRequest,
  'dataRequests.note': noteRequest,
  'erasure.know': knowOf,
  'erasure.preview': previewErasure,
  'erasure.held': listHeld,
  'erasure.restrict': restrictPerson,
  'erasure.withdraw': withdrawAll,
  'erasure.block': blockPerson,
  'erasure.release': releasePerson,
  'erasure.erase': erasePerson,
  'erasure.letters': writeLetters,
  'evidence.deletePreview': deletePreview,
  'evidence.delete': deleteEvidence,
};
