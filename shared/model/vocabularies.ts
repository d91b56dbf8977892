/**
 * Codes of the closed lists. A code never changes its meaning; labels in both languages, and the mappings
 * to Article 19 (México), SDG 16.10.1 and HURIDOCS act classes, stand in `resources/vocabularies/`.
 */
export const ACT_TYPES = [
  'murder',
  'attemptedMurder',
  'enforcedDisappearance',
  'disappearanceByPrivatePersons',
  'deprivationOfLiberty',
  'arbitraryDetention',
  'torture',
  'sexualViolence',
  'physicalAttack',
  'excessiveForce',
  'deathThreat',
  'threat',
  'harassment',
  'physicalSurveillance',
  'breakIn',
  'propertyAttack',
  'forcedDisplacement',
  'criminalisation',
  'civilSuit',
  'stigmatisation',
  'sexualisedSmear',
  'doxing',
  'dispossession',
  'labourReprisal',
  'assemblyRestriction',
  'contentRemoval',
  'digitalAttack',
  'genderedDigitalViolence',
  'reprisalForCooperation',
  'failureToProtect',
  'other',
] as const;

export const TARGET_KINDS = ['person', 'family', 'sameGroup', 'property', 'other'] as const;
export const HARMS = ['physical', 'psychological', 'moral', 'economic', 'digital'] as const;
export const INVOLVEMENT_DEGREES = [
  'direct',
  'ordered',
  'planned',
  'present',
  'complicit',
  'suspected',
  'failureToProtect',
  'implementerOfLaw',
] as const;
export const PERPETRATOR_KINDS = [
  'municipalPolice',
  'statePolice',
  'nationalGuard',
  'army',
  'navy',
  'prosecutor',
  'judiciary',
  'municipalOfficial',
  'stateOfficial',
  'federalOfficial',
  'migrationAuthority',
  'prisonSystem',
  'intelligence',
  'organisedCrime',
  'paramilitary',
  'selfDefenceGroup',
  'civilArmedGroup',
  'communityPolice',
  'company',
  'privateSecurity',
  'politicalParty',
  'media',
  'religiousGroup',
  'localStrongman',
  'privatePerson',
  'familyOrCommunity',
  'socialMediaAccount',
  'unidentified',
] as const;
/** Describes the information, never scores the person who gave it. */
export const KNOWLEDGE = ['livedIt', 'sawIt', 'wasTold', 'document', 'ourDeduction'] as const;

export const PERSON_KINDS = [
  'individual',
  'family',
  'collective',
  'community',
  'organisation',
  'authority',
  'unidentified',
  'account',
] as const;
export const CASE_ROLES = [
  'beneficiary',
  'defender',
  'journalist',
  'relative',
  'witness',
  'source',
  'allegedPerpetrator',
  'representative',
  'ally',
  'authority',
  'staff',
  'other',
] as const;
export const CONTACT_KINDS = ['phone', 'email', 'handle', 'address', 'other'] as const;
export const IDENTIFIER_KINDS = [
  'curp',
  'rfc',
  'voterCard',
  'plate',
  'fileNumber',
  'bankAccount',
  'other',
] as const;

export const CASE_STATES = ['intake', 'active', 'followUp', 'concluded'] as const;

export const RECIPIENT_CLASSES = [
  'mechanism',
  'prosecutor',
  'humanRightsCommission',
  'iachr',
  'interAmericanCourt',
  'un',
  'ally',
  'laboratory',
  'donor',
  'publicReport',
  'all',
] as const;
export const CONSENT_ANSWERS = ['given', 'impeded', 'refused', 'withdrawn'] as const;
export const CONSENT_FORMS = [
  'signed',
  'recorded',
  'verbalWithWitness',
  'assemblyMinutes',
  'guardianAndOpinion',
  'other',
] as const;
export const IMPEDIMENTS = [
  'detained',
  'disappeared',
  'injured',
  'incommunicado',
  'noSafeContact',
  'other',
] as const;

export const NOTE_KINDS = ['work', 'privileged'] as const;
export const EVIDENCE_KINDS = [
  'photograph',
  'screenshot',
  'video',
  'audio',
  'document',
  'scannedDocument',
  'spreadsheet',
  'email',
  'chatExport',
  'webCapture',
  'legalDocument',
  'medicalReport',
  'psychosocialReport',
  'deviceBackup',
  'other',
] as const;
export const CUSTODY_ACTIONS = [
  'received',
  'examined',
  'copied',
  'exported',
  'transferred',
  'returned',
  'verified',
  'destroyed',
] as const;
export const INTAKE_METHODS = [
  'handedOver',
  'messagingApp',
  'email',
  'download',
  'ownCapture',
  'scan',
  'unknown',
] as const;
export const VERIFICATION_STATES = ['pending', 'partly', 'verified', 'doubtful'] as const;
export const SAFETY_ANSWERS = ['yes', 'no', 'unknown'] as const;
