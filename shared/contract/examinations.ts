import { z } from 'zod';
import {
  daySchema,
  instantSchema,
  lineSchema,
  pageInputSchema,
  textSchema,
  versionSchema,
} from '../model/common.ts';
import { caseIdSchema, evidenceIdSchema, personIdSchema } from '../model/ids.ts';
import { partialDateSchema } from '../model/partial-date.ts';
import {
  deviceIdSchema,
  examinationIdSchema,
  findingIdSchema,
  indicatorSetIdSchema,
  messageIdSchema,
  runIdSchema,
} from '../model/surveillance-ids.ts';
import {
  CLOCKS,
  EXAMINATION_BASES,
  EXAMINATION_METHODS,
  FINDING_KINDS,
  FINDING_LEVELS,
  FINDING_STATES,
} from '../model/surveillance.ts';
import { INDICATOR_STATES, INDICATOR_TYPES } from '../surveillance/indicators.ts';
import { command, query, task } from './define.ts';
import { evidenceTiesSchema, tiedEvidenceSchema } from './devices.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const examinationFieldsSchema = z
  .object({
    deviceId: deviceIdSchema,
    basis: z.enum(EXAMINATION_BASES),
    /** Who gave it: the owner, the relative, the guardian, who speaks for the organisation. */
    basisPersonId: personIdSchema.nullable(),
    /** Kinship and why the owner cannot be asked; number of the court order; name of the organisation. */
    basisWords: lineSchema,
    basisDay: daySchema.nullable(),
    method: z.enum(EXAMINATION_METHODS),
    tool: lineSchema,
    toolVersion: lineSchema,
    startedAt: instantSchema.nullable(),
    endedAt: instantSchema.nullable(),
    examiner: lineSchema,
    organisation: lineSchema,
    /** Hashes that the tool or the laboratory gave for files that may not be in the vault. */
    statedHashes: z.array(z.object({ name: lineSchema, sha256 }).strict()).max(5_000),
    /** What this examination could not see, in plain words. */
    limits: textSchema,
    note: textSchema,
  })
  .strict();
export type ExaminationFields = z.infer<typeof examinationFieldsSchema>;

export const setInForceSchema = z
  .object({
    setId: indicatorSetIdSchema,
    name: z.string(),
    sha256,
    day: daySchema.nullable(),
    version: z.string(),
    indicators: z.number().int(),
  })
  .strict();
export type SetInForce = z.infer<typeof setInForceSchema>;

/** Findings by review state; `total` is the sum. */
export const findingCountsSchema = z
  .object({
    total: z.number().int(),
    toReview: z.number().int(),
    falsePositive: z.number().int(),
    suspicious: z.number().int(),
    confirmed: z.number().int(),
    discarded: z.number().int(),
  })
  .strict();

/**
 * What may be said of an examination, as a code whose fixed words stand in the catalogues and in the exports.
 * `noSignsSoFar` is never worded as clean and never shown in green.
 */
export const EXAMINATION_OUTCOMES = [
  'preservedOnly',
  'notMatched',
  'noSignsSoFar',
  'toReview',
  'suspicious',
  'confirmed',
] as const;

/** One pass of matching over the examination's results. Its findings are bound to the journal by `digest`. */
export const matchingRunSchema = z
  .object({
    id: runIdSchema,
    startedAt: instantSchema,
    endedAt: instantSchema,
    actor: z.string(),
    /** What was read: an evidence item, or null where findings were entered by hand. */
    evidenceId: evidenceIdSchema.nullable(),
    source: z.string(),
    records: z.number().int(),
    /** Files of the results that this pass could not read whole. */
    unread: z.number().int(),
    findings: z.number().int(),
    /** Findings that the tool itself had not reported. */
    newSinceTool: z.number().int(),
    sets: z.array(setInForceSchema),
    digest: sha256,
    /** What it read was not of this device, as was said when it was deleted: kept for the record, and counts no more. */
    withdrawn: z.boolean(),
  })
  .strict();

export const examinationSchema = examinationFieldsSchema
  .extend({
    id: examinationIdSchema,
    caseId: caseIdSchema.nullable(),
    device: z.string(),
    basisPerson: z.string(),
    outcome: z.enum(EXAMINATION_OUTCOMES),
    counts: findingCountsSchema,
    sets: z.array(setInForceSchema),
    runs: z.array(matchingRunSchema),
    /** Files of all its results of which nobody has read the whole: nothing that is said of it speaks of them. */
    unread: z.number().int(),
    /** Up to when all of its results were compared: the oldest of the newest comparisons. Null before the first. */
    comparedAt: instantSchema.nullable(),
    evidence: z.array(tiedEvidenceSchema),
    version: versionSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .strict();
export type Examination = z.infer<typeof examinationSchema>;

export const examinationRowSchema = z
  .object({
    id: examinationIdSchema,
    deviceId: deviceIdSchema,
    device: z.string(),
    caseId: caseIdSchema.nullable(),
    basis: z.enum(EXAMINATION_BASES),
    method: z.enum(EXAMINATION_METHODS),
    tool: z.string(),
    toolVersion: z.string(),
    startedAt: instantSchema.nullable(),
    outcome: z.enum(EXAMINATION_OUTCOMES),
    counts: findingCountsSchema,
    updatedAt: instantSchema,
  })
  .strict();

/** One indicator that a record coincided with. */
export const hitSchema = z
  .object({
    mode: z.enum(['mvt', 'strict']),
    indicator: z.string(),
    type: z.enum(INDICATOR_TYPES),
    collection: z.string(),
    set: z.string(),
    /** How it came about: one of the codes of `How`; words in the catalogue group `matchHow`. */
    how: z.string(),
    state: z.enum(INDICATOR_STATES).nullable(),
  })
  .strict();
export type Hit = z.infer<typeof hitSchema>;

export const findingSchema = z
  .object({
    id: findingIdSchema,
    examinationId: examinationIdSchema,
    runId: runIdSchema,
    kind: z.enum(FINDING_KINDS),
    /** Module slug as the tool names it, such as `safari_history`. */
    module: z.string(),
    /** Place of the record in the module's results, from 0. */
    record: z.number().int(),
    field: z.string(),
    /** What was observed, with links defanged: safe to show. */
    observed: z.string(),
    /** Time as the tool wrote it, empty where it wrote none; and whose clock it is. */
    time: z.string(),
    clock: z.enum(CLOCKS),
    level: z.enum(FINDING_LEVELS),
    /** The tool's own words, or empty. */
    message: z.string(),
    /** Empty for a heuristic. Every indicator of every mode. */
    hits: z.array(hitSchema),
    /** Why the two modes differ, as a code of `differenceOf`, or null. */
    difference: z.string().nullable(),
    shortener: z.string().nullable(),
    /** The tool had not reported it: found with today's indicators or the strict rules. */
    newSinceTool: z.boolean(),
    state: z.enum(FINDING_STATES),
    reviews: z.number().int(),
  })
  .strict();
export type Finding = z.infer<typeof findingSchema>;

export const findingReviewSchema = z
  .object({
    state: z.enum(FINDING_STATES),
    /** Needed for `falsePositive` and `discarded`. */
    reason: z.string(),
    /** Needed for `confirmed`: the person or laboratory that confirms. */
    confirmedBy: z.string(),
    note: z.string(),
    actor: z.string(),
    at: instantSchema,
  })
  .strict();

export const examinations = {
  /** A basis other than the owner's consent needs words or a document: `examination.basisNeedsDocument`. */
  'examinations.record': command({
    input: examinationFieldsSchema
      .partial()
      .extend({
        deviceId: deviceIdSchema,
        basis: z.enum(EXAMINATION_BASES),
        evidence: evidenceTiesSchema.default([]),
        sets: z.array(indicatorSetIdSchema).max(500).default([]),
      })
      .strict(),
    output: z.object({ id: examinationIdSchema, version: versionSchema }).strict(),
  }),
  'examinations.amend': command({
    input: z
      .object({
        id: examinationIdSchema,
        version: versionSchema,
        changes: examinationFieldsSchema.omit({ deviceId: true }).partial(),
        evidence: evidenceTiesSchema.optional(),
        sets: z.array(indicatorSetIdSchema).max(500).optional(),
      })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'examinations.list': query({
    input: pageInputSchema
      .extend({ caseId: caseIdSchema.optional(), deviceId: deviceIdSchema.optional() })
      .strict(),
    output: z.object({ total: z.number().int(), rows: z.array(examinationRowSchema) }).strict(),
  }),
  'examinations.get': query({
    input: z.object({ id: examinationIdSchema }).strict(),
    output: examinationSchema,
  }),
  /** Errors: `examination.preservationOnly` while the basis is `pending`. */
  'findings.list': query({
    input: pageInputSchema
      .extend({
        examinationId: examinationIdSchema,
        states: z.array(z.enum(FINDING_STATES)).max(FINDING_STATES.length).optional(),
        levels: z.array(z.enum(FINDING_LEVELS)).max(FINDING_LEVELS.length).optional(),
        modules: z.array(z.string().max(200)).max(500).optional(),
        kinds: z.array(z.enum(FINDING_KINDS)).max(FINDING_KINDS.length).optional(),
        newOnly: z.boolean().optional(),
        text: lineSchema.optional(),
        sort: z.enum(['level', 'time', 'module']).default('level'),
      })
      .strict(),
    output: z
      .object({
        total: z.number().int(),
        counts: findingCountsSchema,
        modules: z.array(z.object({ module: z.string(), findings: z.number().int() }).strict()),
        rows: z.array(findingSchema),
      })
      .strict(),
  }),
  'findings.get': query({
    input: z.object({ id: findingIdSchema }).strict(),
    output: findingSchema
      .extend({
        caseId: caseIdSchema.nullable(),
        deviceId: deviceIdSchema,
        /** The record as kept with the finding, name and value, links defanged. */
        excerpt: z.array(z.object({ name: z.string(), value: z.string() }).strict()),
        history: z.array(findingReviewSchema),
      })
      .strict(),
  }),
  /** Findings of every device in sight, except those of copies that may not be read yet. */
  'findings.across': query({
    input: pageInputSchema
      .extend({
        states: z.array(z.enum(FINDING_STATES)).max(FINDING_STATES.length).optional(),
        levels: z.array(z.enum(FINDING_LEVELS)).max(FINDING_LEVELS.length).optional(),
        /** Names of indicator sets: findings that coincide with one of them. */
        sets: z.array(z.string().max(500)).max(200).optional(),
        deviceId: deviceIdSchema.optional(),
        caseId: caseIdSchema.optional(),
        fromDay: daySchema.optional(),
        toDay: daySchema.optional(),
        text: lineSchema.optional(),
        sort: z.enum(['level', 'time']).default('level'),
      })
      .strict(),
    output: z
      .object({
        total: z.number().int(),
        rows: z.array(
          findingSchema
            .extend({
              deviceId: deviceIdSchema,
              device: z.string(),
              caseId: caseIdSchema.nullable(),
              caseCode: z.string().nullable(),
              /** Whose device it is. */
              person: z.string(),
              /** Other devices on which the same value was observed. */
              otherDevices: z.number().int().min(0),
            })
            .strict(),
        ),
      })
      .strict(),
  }),
  /** By what `findings.across` can be narrowed. */
  'findings.facets': query({
    input: z.object({}).strict(),
    output: z
      .object({
        counts: findingCountsSchema,
        sets: z.array(z.object({ set: z.string(), findings: z.number().int() }).strict()),
        devices: z.array(
          z
            .object({
              deviceId: deviceIdSchema,
              device: z.string(),
              person: z.string(),
              findings: z.number().int(),
            })
            .strict(),
        ),
      })
      .strict(),
  }),
  /** The same value on other devices, and messages over the same link or host. Errors: as `findings.get`. */
  'findings.elsewhere': query({
    input: z.object({ id: findingIdSchema }).strict(),
    output: z
      .object({
        devices: z.array(
          z
            .object({
              deviceId: deviceIdSchema,
              device: z.string(),
              person: z.string(),
              findings: z.number().int(),
              caseId: caseIdSchema.nullable(),
              caseCode: z.string().nullable(),
              examinationId: examinationIdSchema,
            })
            .strict(),
        ),
        messages: z.array(
          z
            .object({
              id: messageIdSchema,
              because: z.enum(['sameLink', 'sameHost']),
              caseId: caseIdSchema.nullable(),
              caseCode: z.string().nullable(),
              person: z.string(),
              sender: z.string(),
              excerpt: z.string(),
              received: partialDateSchema,
            })
            .strict(),
        ),
      })
      .strict(),
  }),
  /** One decision for one or many findings. Errors: `finding.needsReason`, `examination.preservationOnly`. */
  'findings.review': command({
    input: z
      .object({
        ids: z.array(findingIdSchema).min(1).max(500),
        state: z.enum(FINDING_STATES),
        reason: lineSchema.default(''),
        confirmedBy: lineSchema.default(''),
        note: textSchema.default(''),
      })
      .strict(),
    output: z.object({ changed: z.number().int() }).strict(),
  }),
  /** A finding that a person read in a report or saw on the device; goes in as to review. */
  'findings.enter': command({
    input: z
      .object({
        examinationId: examinationIdSchema,
        module: lineSchema,
        observed: textSchema.min(1),
        time: lineSchema.default(''),
        clock: z.enum(CLOCKS).default('unknown'),
        level: z.enum(FINDING_LEVELS).default('medium'),
        message: textSchema.default(''),
      })
      .strict(),
    output: z.object({ id: findingIdSchema }).strict(),
  }),
  /**
   * Compares the results kept with the examination (evidence with the role `results` or `report`, read as text, one
   * value a line or JSON lines) with the sets in force; only what no earlier pass over the same bytes had found is
   * stored. Folders of tools have their own import.
   * Errors: `examination.preservationOnly`, `examination.noSets`, `parser.*`.
   */
  'examinations.match': task({
    input: z
      .object({ id: examinationIdSchema, sets: z.array(indicatorSetIdSchema).max(500).optional() })
      .strict(),
    /** Each file is a run of its own; `runId`: of the first. The counts are of all. */
    output: z.object({ runId: runIdSchema, records: z.number().int(), findings: z.number().int() }).strict(),
  }),
} as const;
