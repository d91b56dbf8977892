import type { Handlers } from '../../api/handlers.ts';
import { listAttackPage, listAttacks, amendAttack, recordAttack } from './attacks/digital-attacks.ts';
import { amendMilestone, listMilestones, recordMilestone } from './attacks/milestones.ts';
import { amendDevice, getDevice, listDevices, recordCustodyStep, recordDevice } from './devices/devices.ts';
import { amendReception, recordReception, returnDevice } from './devices/receptions.ts';
import {
  amendExamination,
  getExamination,
  listExaminations,
  recordExamination,
} from './examinations/examinations.ts';
import { findingElsewhere, findingFacets, findingsAcross } from './examinations/findings-across.ts';
import { enterFinding, getFinding, listFindings, reviewFindings } from './examinations/findings.ts';
import { matchExamination } from './examinations/match-examination.ts';
import {
  amendMessage,
  getMessage,
  listMessages,
  recordDestination,
  recordMessage,
} from './messages/messages.ts';
import { amendNotification, listNotifications, recordNotification } from './messages/notifications.ts';
import { readMessagePicture } from './messages/read-picture.ts';
import { similarMessages } from './messages/similar-messages.ts';
import { triageMessage } from './messages/triage.ts';
import { addSet, amendSet, inspectSet, listSets, listSkipped, useSet } from './sets/sets.ts';

export { Matcher, type Answer } from '../../../matching/matcher.ts';
export { matchModule, type ModuleAnswer, type StrictHit } from '../../../matching/modules/match-module.ts';
export { MODULE_NAMES, UNCHECKED_MODULES, FORMER_NAMES } from '../../../matching/modules/modules.ts';
export type { AlertLevel, ModuleAlert } from '../../../matching/modules/rule.ts';
export { LINK_SHORTENERS, matcherOf } from '../../../matching/matcher-of.ts';

export { deviceCustody, devicesOfCase, needDevice, type StoredDevice } from './devices/device-repo.ts';
export {
  forensicMaterial,
  identifiersOfDevices,
  JUDGED,
  peopleOfDevices,
  wordsOfDevices,
  type AlteredExamination,
  type ForensicDevice,
  type ForensicFinding,
} from './forensic-material.ts';
export { handedBy } from './devices/receptions.ts';
export { needReception, receptionsOf } from './devices/reception-repo.ts';
export { examinationsOf, needExamination, needReadable, runsOf } from './examinations/examination-repo.ts';
export { findingsIn, reviewsOf, type StoredFinding } from './examinations/finding-repo.ts';
export { isRunIntact, storeRun, type NewFinding, type NewRun } from './examinations/finding-store-repo.ts';
export { importHandlers } from './import/index.ts';
export { addMessage } from './messages/messages.ts';
export { linksOf, messagesOfCase } from './messages/message-repo.ts';
export { randomUuid, sightedIndicators, type SightingTimes } from './sighted-indicators.ts';
export { chosenSets, matcherFor, readSet } from './sets/read-sets.ts';
export { inForce } from './sets/set-repo.ts';
export { fillWords, forensicWords, type ForensicWords } from './words.ts';

export const surveillanceHandlers: Handlers<
  | 'devices.record'
  | 'devices.amend'
  | 'devices.list'
  | 'devices.get'
  | 'devices.custody'
  | 'receptions.record'
  | 'receptions.amend'
  | 'receptions.return'
  | 'examinations.record'
  | 'examinations.amend'
  | 'examinations.list'
  | 'examinations.get'
  | 'examinations.match'
  | 'findings.list'
  | 'findings.across'
  | 'findings.facets'
  | 'findings.elsewhere'
  | 'findings.get'
  | 'findings.review'
  | 'findings.enter'
  | 'messages.record'
  | 'messages.amend'
  | 'messages.list'
  | 'messages.get'
  | 'messages.readPicture'
  | 'messages.recordDestination'
  | 'messages.triage'
  | 'messages.similar'
  | 'notifications.record'
  | 'notifications.amend'
  | 'notifications.list'
  | 'digitalAttacks.record'
  | 'digitalAttacks.amend'
  | 'digitalAttacks.list'
  | 'digitalAttacks.page'
  | 'milestones.record'
  | 'milestones.amend'
  | 'milestones.list'
  | 'indicatorSets.add'
  | 'indicatorSets.list'
  | 'indicatorSets.amend'
  | 'indicatorSets.use'
  | 'indicatorSets.skipped'
  | 'indicatorSets.inspect'
> = {
  'devices.record': recordDevice,
  'devices.amend': amendDevice,
  'devices.list': listDevices,
  'devices.get': getDevice,
  'devices.custody': recordCustodyStep,
  'receptions.record': recordReception,
  'receptions.amend': amendReception,
  'receptions.return': returnDevice,
  'examinations.record': recordExamination,
  'examinations.amend': amendExamination,
  'examinations.list': listExaminations,
  'examinations.get': getExamination,
  'examinations.match': matchExamination,
  'findings.list': listFindings,
  'findings.across': findingsAcross,
  'findings.facets': findingFacets,
  'findings.elsewhere': findingElsewhere,
  'findings.get': getFinding,
  'findings.review': reviewFindings,
  'findings.enter': enterFinding,
  'messages.record': recordMessage,
  'messages.amend': amendMessage,
  'messages.list': listMessages,
  'messages.get': getMessage,
  'messages.readPicture': readMessagePicture,
  'messages.recordDestination': recordDestination,
  'messages.triage': triageMessage,
  'messages.similar': similarMessages,
  'notifications.record': recordNotification,
  'notifications.amend': amendNotification,
  'notifications.list': listNotifications,
  'digitalAttacks.record': recordAttack,
  'digitalAttacks.amend': amendAttack,
  'digitalAttacks.list': listAttacks,
  'digitalAttacks.page': listAttackPage,
  'milestones.record': recordMilestone,
  'milestones.amend': amendMilestone,
  'milestones.list': listMilestones,
  'indicatorSets.add': addSet,
  'indicatorSets.list': listSets,
  'indicatorSets.amend': amendSet,
  'indicatorSets.use': useSet,
  'indicatorSets.skipped': listSkipped,
  'indicatorSets.inspect': inspectSet,
};
