import type { Handlers } from '../../api/handlers.ts';
import { amendEvidence } from './amend-evidence.ts';
import { linkToIncident } from './link-evidence.ts';
import { evidenceThumbnail, getEvidence, listEvidence } from './list-evidence.ts';
import { pictureEvidence } from './picture-evidence.ts';
import { saveEvidence } from './save-evidence.ts';
import { takeEvidence, takePasted } from './take-evidence.ts';
import { verifyEvidence } from './verify-evidence.ts';

export { addCustody } from './custody.ts';
export { needEvidence, type StoredEvidence } from './evidence-repo.ts';
export { formBecomes, recordTakes } from './form-intakes.ts';
export { keepHouse, sweepObjects } from './keep-house.ts';
export { followIncident, linkEvidence } from './link-evidence.ts';
export {
  objectStore,
  openEvidence,
  readEvidence,
  type EvidenceContext,
  type OpenedEvidence,
} from './open-evidence.ts';
export { takeSource } from './take-evidence.ts';
export { indexEvidence } from './index-evidence.ts';
export { isPreservedOnly, PRESERVED_ONLY } from './preservation-repo.ts';
export { encodePng } from './png.ts';

export const evidenceHandlers: Handlers<
  | 'evidence.take'
  | 'evidence.takePasted'
  | 'evidence.list'
  | 'evidence.get'
  | 'evidence.thumbnail'
  | 'evidence.picture'
  | 'evidence.amend'
  | 'evidence.link'
  | 'evidence.verify'
  | 'evidence.save'
> = {
  'evidence.take': takeEvidence,
  'evidence.takePasted': takePasted,
  'evidence.list': listEvidence,
  'evidence.get': getEvidence,
  'evidence.thumbnail': evidenceThumbnail,
  'evidence.picture': pictureEvidence,
  'evidence.amend': amendEvidence,
  'evidence.link': linkToIncident,
  'evidence.verify': verifyEvidence,
  'evidence.save': saveEvidence,
};
