import type { Handlers } from '../../api/handlers.ts';
import { checkExport } from './check-export.ts';
import { adjudicate, confirmInventory } from './judge-export.ts';
import { leaveOutExamination } from './leave-out-examination.ts';
import { listExports, listLedger } from './list-exports.ts';
import {
  decideExport,
  prepareExport,
  takeDigital,
  takeIncident,
  treatAnnex,
  treatPerson,
  writeSection,
} from './prepare-export.ts';
import { listProfiles } from './profiles.ts';
import { releaseExport } from './release-export.ts';
import { verifyExport } from './verify-export.ts';
import { viewExport } from './view-export.ts';

export { statementOfExport } from './approve-export.ts';
export { checkStix } from './leak-check/stix-allow-list.ts';
export { csvBytes } from './package/csv.ts';
export { encryptAge, isAgeRecipient, writeOutput, writeZip } from './package/index.ts';
export type { ZipEntry } from './package/index.ts';
export { renderDocx, renderPdf } from './render/index.ts';
export { createTextMatcher, searchForms, type KnownValue, type TextMatcher } from './redaction/index.ts';
export { peopleOfIncidents } from './case-material.ts';
export { knownValuesOf } from './known-values.ts';
export { renderHandoverSheet } from './render/index.ts';
export { removeOutside } from './remove-outside.ts';
export { sweepReleases } from './interrupted-release.ts';

export const filingsHandlers: Handlers<
  | 'exports.profiles'
  | 'exports.prepare'
  | 'exports.view'
  | 'exports.decide'
  | 'exports.treatPerson'
  | 'exports.treatAnnex'
  | 'exports.takeIncident'
  | 'exports.takeDigital'
  | 'exports.leaveOutExamination'
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
  'exports.takeDigital': takeDigital,
  'exports.leaveOutExamination': leaveOutExamination,
  'exports.writeSection': writeSection,
  'exports.check': checkExport,
  'exports.adjudicate': adjudicate,
  'exports.confirmInventory': confirmInventory,
  'exports.release': releaseExport,
  'exports.list': listExports,
  'exports.ledger': listLedger,
  'exports.verify': verifyExport,
};
