/**
 * Closed lists of the surveillance records. A code never changes its meaning; labels in both languages stand in
 * `resources/vocabularies/` under the group named beside each list.
 */

/** Group `deviceKind`. */
export const DEVICE_KINDS = [
  'phone',
  'tablet',
  'computer',
  'router',
  'storage',
  'simCard',
  'tracker',
  'other',
] as const;
/** Group `deviceState`. `returned` is only reached through a return entry. */
export const DEVICE_STATES = [
  'inUse',
  'keptAsEvidence',
  'seized',
  'returned',
  'lost',
  'destroyed',
  'unknown',
] as const;
/** Group `deviceIdentifier`. */
export const DEVICE_IDENTIFIER_KINDS = [
  'imei',
  'serial',
  'udid',
  'androidId',
  'mac',
  'iccid',
  'phoneNumber',
  'account',
  'other',
] as const;
/** How a device was when it was handed over; several hold at once. Group `powerState`. */
export const POWER_STATES = ['on', 'off', 'locked', 'unlocked', 'airplane', 'damaged', 'unknown'] as const;
/** Steps of the custody of a device. Group `deviceCustody`. */
export const DEVICE_CUSTODY_ACTIONS = [
  'received',
  'sealed',
  'unsealed',
  'switchedOn',
  'copied',
  'examined',
  'transferred',
  'returned',
  'destroyed',
] as const;
export type DeviceCustodyAction = (typeof DEVICE_CUSTODY_ACTIONS)[number];

/**
 * On what ground a device is examined. `pending` allows a sealed copy and nothing else: no reading, no matching, no
 * export. Group `examinationBasis`.
 */
export const EXAMINATION_BASES = [
  'owner',
  'relative',
  'guardian',
  'organisation',
  'courtOrder',
  'pending',
] as const;
export type ExaminationBasis = (typeof EXAMINATION_BASES)[number];
/** Group `examinationMethod`. */
export const EXAMINATION_METHODS = [
  'itunesBackup',
  'fileSystem',
  'androidBackup',
  'bugReport',
  'androidQf',
  'intrusionLogs',
  'sysdiagnose',
  'providerNotification',
  'laboratoryReport',
  'other',
] as const;

/** What made a finding. Group `findingKind`. */
export const FINDING_KINDS = ['indicator', 'heuristic', 'shortenedLink'] as const;
/** Levels of the Mobile Verification Toolkit. Group `findingLevel`. */
export const FINDING_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
/** Nothing is more than `toReview` until a person says so. Group `findingState`. */
export const FINDING_STATES = ['toReview', 'falsePositive', 'suspicious', 'confirmed', 'discarded'] as const;
export type FindingState = (typeof FINDING_STATES)[number];
/** Whose clock wrote the time of a record. Group `clock`. */
export const CLOCKS = ['utc', 'deviceLocal', 'analystLocal', 'unknown'] as const;
/** Group `matchMode`. */
export const MATCH_MODES = ['mvt', 'strict'] as const;

/** Group `messageChannel`. */
export const MESSAGE_CHANNELS = [
  'sms',
  'imessage',
  'whatsapp',
  'signal',
  'telegram',
  'messenger',
  'instagram',
  'facebook',
  'x',
  'email',
  'call',
  'other',
] as const;
/** Group `clicked`. */
export const CLICK_ANSWERS = ['no', 'yes', 'unknown', 'notAsked'] as const;
/** Group `provider`. */
export const PROVIDERS = ['apple', 'google', 'meta', 'whatsapp', 'microsoft', 'yahoo', 'x', 'other'] as const;

/** Dates of a case that attacks gather around. Group `milestone`. */
export const MILESTONE_KINDS = [
  'hearing',
  'publication',
  'complaint',
  'meeting',
  'travel',
  'protest',
  'other',
] as const;

/** Roles that an evidence item has for a surveillance record. Group `forensicEvidenceRole`. */
export const FORENSIC_EVIDENCE_ROLES = [
  'photo',
  'receipt',
  'basisDocument',
  'consentRecording',
  'acquisition',
  'results',
  'report',
  'screenshot',
] as const;
