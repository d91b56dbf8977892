import { z } from 'zod';
import { daySchema, instantSchema, languageSchema, lineSchema, versionSchema } from '../model/common.ts';
import {
  caseIdSchema,
  evidenceIdSchema,
  exportIdSchema,
  incidentIdSchema,
  personIdSchema,
  targetIdSchema,
} from '../model/ids.ts';
import { examinationIdSchema } from '../model/surveillance-ids.ts';
import { DEVICE_KINDS } from '../model/surveillance.ts';
import { RECIPIENT_CLASSES } from '../model/vocabularies.ts';
import { boxSchema } from '../parser/jobs.ts';
import { command, query, task } from './define.ts';
import { leakReportSchema } from './leak-report.ts';

export const PROFILE_IDS = ['iachr-precautionary', 'public', 'forensic-summary'] as const;
export const profileIdSchema = z.enum(PROFILE_IDS);
export type ProfileId = z.infer<typeof profileIdSchema>;

export const exportStateSchema = z.enum(['deciding', 'checked', 'blocked', 'released']);

/** How one person appears in one export. */
export const personTreatmentSchema = z.enum(['name', 'pseudonym', 'withhold']);
export const annexTreatmentSchema = z.enum([
  'leaveOut',
  'reencode',
  'redactContent',
  'redactPictures',
  'whole',
]);

export const runSchema = z
  .object({
    text: z.string(),
    mark: z.enum(['plain', 'strong', 'name', 'pseudonym', 'withheld', 'pending', 'annex']),
    /** The pending suggestion that this run belongs to. */
    suggestionId: z.string().optional(),
  })
  .strict();
export type Run = z.infer<typeof runSchema>;

export const viewBlockSchema = z
  .object({
    kind: z.enum(['paragraph', 'fact', 'list', 'table']),
    number: z.number().int().optional(),
    runs: z.array(runSchema).optional(),
    items: z.array(z.array(runSchema)).optional(),
    header: z.array(z.string()).optional(),
    rows: z.array(z.array(z.array(runSchema))).optional(),
  })
  .strict();
export const viewSectionSchema = z
  .object({
    id: z.string(),
    heading: z.string(),
    article:
      z.string() /** What people wrote for this section, as they wrote it; left out where it is not theirs to write. */,
    written: z.string().optional(),
    blocks: z.array(viewBlockSchema),
  })
  .strict();

export const suggestionSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['knownName', 'knownContact', 'identifier', 'pattern', 'place', 'combination', 'initials']),
    /** The words as they stand in the text. */
    text: z.string(),
    /** Words before and after. */
    before: z.string(),
    after: z.string(),
    where: z.string(),
    personId: personIdSchema.nullable(),
    strength: z.enum(['strong', 'middle', 'weak']),
    actions: z.array(z.enum(['pseudonym', 'withhold', 'keep'])),
    decision: z.enum(['pseudonym', 'withhold', 'keep']).nullable(),
  })
  .strict();
export type Suggestion = z.infer<typeof suggestionSchema>;

export const consentFindingSchema = z
  .object({
    personId: personIdSchema,
    name: z.string(),
    result: z.enum(['allowed', 'allowedByImpediment', 'pseudonymOnly', 'excluded', 'blocked', 'missing']),
    because: z.enum([
      'given',
      'impediment',
      'refused',
      'withdrawn',
      'expired',
      'none',
      'notToState',
      'notPublic',
      'role',
      'minor',
      /** Her data is restricted, blocked or erased: only without it. */
      'held',
    ]),
    treatment: personTreatmentSchema,
    /** Somebody chose the treatment for this export; else it is what the profile begins with. */
    chosen: z.boolean(),
  })
  .strict();
export type ConsentFinding = z.infer<typeof consentFindingSchema>;

export const annexViewSchema = z
  .object({
    evidenceId: evidenceIdSchema,
    title: z.string(),
    mime: z.string(),
    sizeBytes: z.number().int(),
    treatment: annexTreatmentSchema,
    allowedTreatments: z.array(annexTreatmentSchema),
    /** Number in the package, once included. */
    number: z.number().int().nullable(),
    neutralName: z.string().nullable(),
    boxes: z.array(z.object({ page: z.number().int().min(0), box: boxSchema }).strict()),
    reserved: z.boolean(),
    warnings: z.array(
      z.enum([
        'hasLocation',
        'hasMetadata',
        'formatNotAccepted',
        'tooLarge',
        'notExamined',
        'nameInFileName',
      ]),
    ),
    /** Why it does not go; null where it goes. */
    leftOut: z
      .enum([
        /** Nobody has chosen it, or somebody chose to leave it out. */
        'notChosen',
        /** Its kind holds more than an eye sees, and this recipient gets no such file whole. */
        'kindNotGiven',
        /** It came from somebody whose data is held back. */
        'held',
      ])
      .nullable(),
  })
  .strict();
export type AnnexView = z.infer<typeof annexViewSchema>;

/** An examination whose kept findings do not agree with the signed record of a comparison. */
export const alteredExaminationSchema = z
  .object({
    examinationId: examinationIdSchema,
    /** Make and model, or empty where nobody wrote either. */
    device: z.string(),
    deviceKind: z.enum(DEVICE_KINDS),
    /** When the comparisons ended that do not agree, newest first. */
    comparedAt: z.array(instantSchema),
  })
  .strict();

export const exportViewSchema = z
  .object({
    id: exportIdSchema,
    caseId: caseIdSchema,
    caseCode: z.string(),
    profile: profileIdSchema,
    recipient: z.string(),
    purpose: z.string(),
    language: languageSchema,
    state: exportStateSchema,
    version: versionSchema,
    title: z.string(),
    sections: z.array(viewSectionSchema),
    suggestions: z.array(suggestionSchema),
    /** What the body's rules ask for and the case lacks. Never blocks. */
    completeness: z.array(z.object({ id: z.string(), article: z.string(), met: z.boolean() }).strict()),
    consents: z.array(consentFindingSchema),
    annexes: z.array(annexViewSchema),
    quasiIdentifiers: z.array(
      z.object({ id: z.string(), fields: z.array(z.string()), text: z.string() }).strict(),
    ),
    /** Incidents that stay out unless somebody takes them in. */
    verySensitive: z.array(
      z.object({ incidentId: incidentIdSchema, title: z.string(), included: z.boolean() }).strict(),
    ),
    /** Of devices and examinations: what goes, what may be chosen, and how many stay out because of an answer. */
    digital: z
      .object({
        findings: z.boolean(),
        indicators: z.boolean(),
        /** Whether this profile ever lets indicators go along. */
        indicatorsOffered: z.boolean(),
        devices: z.number().int(),
        withheld: z.number().int(),
        /** Each stops check and release until it is left out; `findings`: how many are kept, as they stand now. */
        altered: z.array(
          alteredExaminationSchema.extend({ findings: z.number().int(), leftOut: z.boolean() }).strict(),
        ),
      })
      .strict(),
    /** Names of other recipients who can join their version with this one. */
    joinableWith: z.array(z.string()),
    report: leakReportSchema.nullable(),
  })
  .strict();
export type ExportView = z.infer<typeof exportViewSchema>;

export const profileSchema = z
  .object({
    id: profileIdSchema,
    version: z.number().int(),
    recipientClass: z.enum(RECIPIENT_CLASSES),
    languages: z.array(languageSchema),
    audiences: z.array(z.enum(['body', 'state', 'public'])),
    signedByDefault: z.boolean(),
    secondPerson: z.boolean(),
    forms: z.array(z.enum(['filing', 'package'])),
    annexMaxBytes: z.number().int().nullable(),
  })
  .strict();
export type Profile = z.infer<typeof profileSchema>;

export const ledgerRowSchema = z
  .object({
    id: z.string(),
    exportId: exportIdSchema,
    caseId: caseIdSchema,
    caseCode: z.string(),
    recipient: z.string(),
    purpose: z.string(),
    profile: profileIdSchema,
    form: z.enum(['filing', 'package']),
    preparedBy: z.string(),
    /** Whose signature let it out; null in an emergency, or where the profile asks for none. */
    approvedBy: z.string().nullable(),
    /** The frozen copy: kept, shut away because of a person's data, or erased with them. */
    copy: z.enum(['kept', 'blocked', 'erased']),
    emergency: z.boolean(),
    manifestSha256: z.string(),
    publicKey: z.string().nullable(),
    encrypted: z.boolean(),
    persons: z.number().int(),
    annexes: z.number().int(),
    /** Examinations without which it left, because their findings had been altered. */
    leftOut: z.number().int(),
    releasedAt: instantSchema,
  })
  .strict();
export type LedgerRow = z.infer<typeof ledgerRowSchema>;

/** What can be wrong with a package. Words for people stand in the catalogues. */
export const PACKAGE_PROBLEMS = [
  'missing',
  'unlisted',
  'altered',
  'listInvalid',
  'declaration',
  'oxum',
  'signatureMissing',
  'signatureMalformed',
  'signatureOtherKey',
  'signatureInvalid',
] as const;

/**
 * What a signature is found to be. `otherKey`: made with a key of another number; `invalid`: of that number, and does not
 * fit what it should be over; `unchecked`: no key was given, or the list that it is over is missing or cannot be read.
 */
export const PACKAGE_SIGNATURES = ['none', 'unchecked', 'valid', 'invalid', 'otherKey', 'malformed'] as const;

export const verifyResultSchema = z
  .object({
    intact: z.boolean(),
    /** null: no key was given, so the author was not checked. */
    authentic: z.boolean().nullable(),
    /**
     * What the signature is by itself, whatever became of the files: it is over the list of hashes, and may well be of
     * the given key where a file was changed afterwards (`valid` and not `authentic`). Null: encrypted.
     */
    signature: z.enum(PACKAGE_SIGNATURES).nullable(),
    /** Whether a signature lies in it, right or wrong; null: encrypted, so that nobody can look. */
    signed: z.boolean().nullable(),
    encrypted: z.boolean(),
    /** Files that have a sum. */
    files: z.number().int(),
    problems: z.array(z.object({ code: z.string(), file: z.string() }).strict()),
  })
  .strict();
export type VerifyResult = z.infer<typeof verifyResultSchema>;

const prepare = { power: 'prepare' } as const;

export const exports = {
  'exports.profiles': query({
    input: z.object({}).strict(),
    output: z.object({ profiles: z.array(profileSchema) }).strict(),
  }),
  'exports.prepare': command({
    ...prepare,
    input: z
      .object({
        caseId: caseIdSchema,
        profile: profileIdSchema,
        recipient: lineSchema.min(1),
        purpose: lineSchema,
        language: languageSchema,
        fromDay: daySchema.optional(),
        toDay: daySchema.optional(),
      })
      .strict(),
    output: z.object({ id: exportIdSchema }).strict(),
  }),
  /** The whole workspace of one export: what would go, what is withheld, what is missing. */
  'exports.view': query({
    ...prepare,
    input: z.object({ id: exportIdSchema }).strict(),
    output: exportViewSchema,
  }),
  'exports.decide': command({
    ...prepare,
    input: z
      .object({
        id: exportIdSchema,
        decisions: z
          .array(
            z
              .object({
                suggestionId: z.string().max(200),
                action: z.enum(['pseudonym', 'withhold', 'keep']),
                reason: lineSchema.default(''),
              })
              .strict(),
          )
          .min(1)
          .max(5_000),
      })
      .strict(),
    output: z.object({ pending: z.number().int() }).strict(),
  }),
  'exports.treatPerson': command({
    ...prepare,
    input: z
      .object({ id: exportIdSchema, personId: personIdSchema, treatment: personTreatmentSchema })
      .strict(),
    output: z.object({}).strict(),
  }),
  'exports.treatAnnex': command({
    ...prepare,
    input: z
      .object({
        id: exportIdSchema,
        evidenceId: evidenceIdSchema,
        treatment: annexTreatmentSchema,
        boxes: z
          .array(z.object({ page: z.number().int().min(0), box: boxSchema }).strict())
          .max(2_000)
          .default([]),
        reserved: z.boolean().default(false),
      })
      .strict(),
    output: z.object({}).strict(),
  }),
  /** A very sensitive incident goes only where somebody takes it in. */
  'exports.takeIncident': command({
    ...prepare,
    input: z.object({ id: exportIdSchema, incidentId: incidentIdSchema, included: z.boolean() }).strict(),
    output: z.object({}).strict(),
  }),
  /**
   * Whether the sections on examinations go, and (in a package) the bundle of indicators that they coincide with.
   * Errors: `call.invalidInput` where this recipient gets no indicators.
   */
  'exports.takeDigital': command({
    ...prepare,
    input: z.object({ id: exportIdSchema, findings: z.boolean(), indicators: z.boolean() }).strict(),
    output: z.object({}).strict(),
  }),
  /**
   * Goes on without an examination whose findings somebody altered outside the program, or takes that back. Release and
   * ledger say which. A document for whoever hears of every examination says that one is missing: of which device, or,
   * where only indicators go, how many. A document that tells judged findings or counts says nothing of it: there an
   * intact one might not be mentioned either. Errors: `record.notFound` for one that is intact.
   */
  'exports.leaveOutExamination': command({
    ...prepare,
    input: z
      .object({ id: exportIdSchema, examinationId: examinationIdSchema, leftOut: z.boolean() })
      .strict(),
    output: z.object({}).strict(),
  }),
  /** Free text of a section that people write for this filing (gravity, urgency, measures asked ...). */
  'exports.writeSection': command({
    ...prepare,
    input: z
      .object({ id: exportIdSchema, section: lineSchema.min(1), text: z.string().max(100_000) })
      .strict(),
    output: z.object({}).strict(),
  }),
  /** Builds the finished bytes and searches them as an adversary would. */
  'exports.check': task({
    ...prepare,
    input: z.object({ id: exportIdSchema, form: z.enum(['filing', 'package']) }).strict(),
    output: z.object({ state: exportStateSchema, report: leakReportSchema }).strict(),
  }),
  'exports.adjudicate': command({
    ...prepare,
    input: z
      .object({ id: exportIdSchema, hitId: z.string().max(200), verdict: z.enum(['same', 'other']) })
      .strict(),
    output: z.object({ open: z.number().int() }).strict(),
  }),
  'exports.confirmInventory': command({
    ...prepare,
    input: z.object({ id: exportIdSchema }).strict(),
    output: z.object({}).strict(),
  }),
  /**
   * Writes the checked bytes to the chosen place, signs and encrypts as asked, and enters them in the ledger.
   * Errors: `export.notChecked`, `export.leakFound`, `export.consentRefused`, `finding.altered`, `export.changedSinceCheck`,
   * `export.approvalNeeded`, `export.cloudFolder`, `disk.*`.
   */
  'exports.release': task({
    power: 'release',
    input: z
      .object({
        id: exportIdSchema,
        form: z.enum(['filing', 'package']),
        target: targetIdSchema,
        sign: z.boolean().optional(),
        /** age recipients (`age1...`); empty: not encrypted. */
        ageRecipients: z.array(z.string().max(200)).max(20).default([]),
        /** One person releases at once; a review stays open for the second one. */
        emergencyReason: lineSchema.optional(),
      })
      .strict(),
    output: z
      .object({
        ledgerId: z.string(),
        files: z.array(
          z.object({ name: z.string(), sizeBytes: z.number().int(), sha256: z.string() }).strict(),
        ),
        manifestSha256: z.string(),
        publicKey: z.string().nullable(),
        /** Examinations without which it left, because their findings had been altered. */
        leftOut: z.array(alteredExaminationSchema),
      })
      .strict(),
  }),
  'exports.list': query({
    input: z.object({ caseId: caseIdSchema.optional() }).strict(),
    output: z
      .object({
        rows: z.array(
          z
            .object({
              id: exportIdSchema,
              caseId: caseIdSchema,
              caseCode: z.string(),
              profile: profileIdSchema,
              recipient: z.string(),
              state: exportStateSchema,
              updatedAt: instantSchema,
            })
            .strict(),
        ),
      })
      .strict(),
  }),
  'exports.ledger': query({
    input: z.object({ caseId: caseIdSchema.optional() }).strict(),
    output: z.object({ rows: z.array(ledgerRowSchema) }).strict(),
  }),
  /** Checks a package made here or elsewhere; needs no vault. */
  'exports.verify': task({
    session: 'none',
    power: null,
    input: z.object({ target: targetIdSchema, publicKey: z.string().max(400).optional() }).strict(),
    output: verifyResultSchema,
  }),
} as const;
