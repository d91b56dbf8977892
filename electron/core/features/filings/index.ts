import type { Handlers } from '../../api/handlers.ts';
import { checkExport } from './check-export.ts';
import { adjudicate, confirmInventory } from './judge-export.ts';
import { listExports, listLedger } from './list-exports.ts';
import {
  decideExport,
  prepareExport,
  takeIncident,
  treatAnnex,
  treatPerson,
  writeSection,
} from './prepare-export.ts';
import { listProfiles } from './profiles.ts';
import { releaseExport } from './release-export.ts';
import { verifyExport } from './verify-export.ts';
import { viewExport } from './view-export.ts';

export { sweepReleases } from './interrupted-release.ts';

export const filingsHandlers: Handlers<
  | 'exports.profiles'
  | 'exports.prepare'
  | 'exports.view'
  | 'exports.decide'
  | 'exports.treatPerson'
  | 'exports.treatAnnex'
  | 'exports.takeIncident'
  | 'exports.writeSection'
  | 'exports.check'
  | 'exports.adjudicate'
  | 'exports.confirmInventory'
  | 'exports.release'
  | 'exports.list'
  | 'exports.ledger'
  | 'exports.verify'
> = {
  'exports.profiles': () => ({ profiles: listProfiles() }),
  'exports.prepare': prepareExport,
  'exports.view': viewExport,
  'exports.decide': decideExport,
  'exports.treatPerson': treatPerson,
  'exports.treatAnnex': treatAnnex,
  'exports.takeIncident': takeIncident,
  'exports.writeSection': writeSection,
  'exports.check': checkExport,
  'exports.adjudicate': adjudicate,
  'exports.confirmInventory': confirmInventory,
  'exports.release': releaseExport,
  'exports.list': listExports,
  'exports.ledger': listLedger,
  'exports.verify': verifyExport,
};
