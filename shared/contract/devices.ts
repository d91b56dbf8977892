import { z } from 'zod';
import {
  instantSchema,
  languageSchema,
  lineSchema,
  pageInputSchema,
  textSchema,
  versionSchema,
} from '../model/common.ts';
import { caseIdSchema, evidenceIdSchema, personIdSchema, targetIdSchema } from '../model/ids.ts';
import { partialDateSchema } from '../model/partial-date.ts';
import { deviceIdSchema, receptionIdSchema } from '../model/surveillance-ids.ts';
import {
  DEVICE_CUSTODY_ACTIONS,
  DEVICE_IDENTIFIER_KINDS,
  DEVICE_KINDS,
  DEVICE_STATES,
  FORENSIC_EVIDENCE_ROLES,
  POWER_STATES,
} from '../model/surveillance.ts';
import { command, query, task } from './define.ts';

/** An evidence item and what it is to the record; as it is sent in. */
export const evidenceTieSchema = z
  .object({ role: z.enum(FORENSIC_EVIDENCE_ROLES), evidenceId: evidenceIdSchema })
  .strict();
/** The same as it comes back, with what a list shows. */
export const tiedEvidenceSchema = evidenceTieSchema
  .extend({ title: z.string(), mime: z.string(), sha256: z.string(), sizeBytes: z.number().int() })
  .strict();
export const evidenceTiesSchema = z.array(evidenceTieSchema).max(500);

export const deviceFieldsSchema = z
  .object({
    caseId: caseIdSchema.nullable(),
    ownerId: personIdSchema.nullable(),
    /** Owner in words, such as an organisation without a record; empty where `ownerId` says it. */
    ownerWords: lineSchema,
    kind: z.enum(DEVICE_KINDS),
    make: lineSchema,
    model: lineSchema,
    os: lineSchema,
    osVersion: lineSchema,
    /** Sensitive: in no export by default. */
    identifiers: z
      .array(z.object({ kind: z.enum(DEVICE_IDENTIFIER_KINDS), value: lineSchema.min(1) }).strict())
      .max(50),
    since: partialDateSchema,
    stillInUse: z.enum(['yes', 'no', 'unknown']),
    /** Who else uses it. */
    sharedWith: lineSchema,
    state: z.enum(DEVICE_STATES),
    note: textSchema,
  })
  .strict();
export type DeviceFields = z.infer<typeof deviceFieldsSchema>;

export const deviceRowSchema = z
  .object({
    id: deviceIdSchema,
    caseId: caseIdSchema.nullable(),
    caseCode: z.string().nullable(),
    /** Owner as lists show it: name of the person, or the words. */
    owner: z.string(),
    kind: z.enum(DEVICE_KINDS),
    make: z.string(),
    model: z.string(),
    os: z.string(),
    osVersion: z.string(),
    state: z.enum(DEVICE_STATES),
    /** Is it with us: received and not yet returned. */
    received: z.boolean(),
    examinations: z.number().int(),
    findingsToReview: z.number().int(),
    updatedAt: instantSchema,
  })
  .strict();
export type DeviceRow = z.infer<typeof deviceRowSchema>;

/** One entry of the custody of a device. `holder` has it from then on. */
export const deviceCustodySchema = z
  .object({
    position: z.number().int(),
    action: z.enum(DEVICE_CUSTODY_ACTIONS),
    /** When it happened, as stated. */
    at: instantSchema,
    /** When it was written down. */
    recordedAt: instantSchema,
    actor: z.string(),
    holder: z.string(),
    detail: z.string(),
    evidenceId: evidenceIdSchema.nullable(),
  })
  .strict();
export type DeviceCustodyEntry = z.infer<typeof deviceCustodySchema>;

/** What is wrong with a chain of custody; an empty list says that it has no gap. */
export const custodyGapSchema = z
  .object({
    position: z.number().int(),
    problem: z.enum(['startsWithoutReception', 'backInTime', 'afterEnd', 'copiedUnsealed', 'receivedTwice']),
  })
  .strict();

export const receptionFieldsSchema = z
  .object({
    deviceId: deviceIdSchema,
    /** Who handed it over; a person of the vault or only words. */
    handedById: personIdSchema.nullable(),
    handedByWords: lineSchema,
    /** Relation to the owner, in words: mother, colleague, lawyer. */
    relation: lineSchema,
    receivedAt: instantSchema,
    place: lineSchema,
    power: z.array(z.enum(POWER_STATES)).max(POWER_STATES.length),
    condition: lineSchema,
    accessories: lineSchema,
    /** Number on the seal; empty: not sealed at reception. */
    seal: lineSchema,
    /** A prosecutor's file may exist: the device could be evidence there. A warning is shown, nothing is blocked. */
    prosecutorFile: z.enum(['yes', 'no', 'unknown']),
    /** Why it was handed over. Never printed on the receipt. */
    reason: textSchema,
    note: textSchema,
  })
  .strict();
export type ReceptionFields = z.infer<typeof receptionFieldsSchema>;

export const returnSchema = z
  .object({
    returnedAt: instantSchema,
    toPersonId: personIdSchema.nullable(),
    toWords: lineSchema,
    relation: lineSchema,
    condition: lineSchema,
    sealIntact: z.enum(['yes', 'no', 'notSealed']),
  })
  .strict();

export const receptionSchema = receptionFieldsSchema
  .extend({
    id: receptionIdSchema,
    /** Printed on the receipt; random, says nothing of case or year. */
    folio: z.string(),
    receivedBy: z.string(),
    returned: returnSchema.nullable(),
    evidence: z.array(tiedEvidenceSchema),
    version: versionSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .strict();
export type Reception = z.infer<typeof receptionSchema>;

export const devices = {
  'devices.record': command({
    input: deviceFieldsSchema.partial().strict(),
    output: z.object({ id: deviceIdSchema, version: versionSchema }).strict(),
  }),
  /** Errors: `device.returnNeedsEntry` where the state would become `returned` by hand. */
  'devices.amend': command({
    input: z
      .object({ id: deviceIdSchema, version: versionSchema, changes: deviceFieldsSchema.partial() })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'devices.list': query({
    input: pageInputSchema
      .extend({ caseId: caseIdSchema.optional(), personId: personIdSchema.optional() })
      .strict(),
    output: z.object({ total: z.number().int(), rows: z.array(deviceRowSchema) }).strict(),
  }),
  'devices.get': query({
    input: z.object({ id: deviceIdSchema }).strict(),
    output: deviceFieldsSchema
      .extend({
        id: deviceIdSchema,
        owner: z.string(),
        caseCode: z.string().nullable(),
        version: versionSchema,
        createdAt: instantSchema,
        updatedAt: instantSchema,
        receptions: z.array(receptionSchema),
        custody: z.array(deviceCustodySchema),
        custodyGaps: z.array(custodyGapSchema),
      })
      .strict(),
  }),
  /**
   * A step between reception and return: sealed, copied, examined, transferred ... `received` and `returned` come
   * from the reception alone. Errors: `device.notReceived`, `device.custodyOrder`.
   */
  'devices.custody': command({
    input: z
      .object({
        deviceId: deviceIdSchema,
        action: z.enum([
          'sealed',
          'unsealed',
          'switchedOn',
          'copied',
          'examined',
          'transferred',
          'destroyed',
        ]),
        at: instantSchema,
        detail: lineSchema.default(''),
        /** Who has it from now on; left out: as before. */
        holder: lineSchema.optional(),
        evidenceId: evidenceIdSchema.nullable().default(null),
      })
      .strict(),
    output: z.object({ position: z.number().int() }).strict(),
  }),
  /**
   * Errors: `device.alreadyReceived`. A seal number makes a `sealed` entry at the same instant. It changes the state of
   * the device: `deviceVersion` is the version that it has from then on.
   */
  'receptions.record': command({
    input: receptionFieldsSchema
      .partial()
      .extend({ deviceId: deviceIdSchema, evidence: evidenceTiesSchema.default([]) })
      .strict(),
    output: z
      .object({
        id: receptionIdSchema,
        folio: z.string(),
        version: versionSchema,
        deviceVersion: versionSchema,
      })
      .strict(),
  }),
  'receptions.amend': command({
    input: z
      .object({
        id: receptionIdSchema,
        version: versionSchema,
        changes: receptionFieldsSchema.omit({ deviceId: true, receivedAt: true }).partial(),
        evidence: evidenceTiesSchema.optional(),
      })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  /** Return entry: closes the reception, the custody and sets the device to `returned`. */
  'receptions.return': command({
    input: returnSchema.extend({ id: receptionIdSchema, version: versionSchema }).strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  /**
   * Writes the receipt (PDF) to a chosen place: device, state, seal, who, when, two signatures; never the reason nor
   * anything of the case. Recorded among what left. Errors: `disk.*`, `export.cloudFolder`.
   */
  'receptions.receipt': task({
    power: 'document',
    input: z.object({ id: receptionIdSchema, language: languageSchema, target: targetIdSchema }).strict(),
    output: z.object({ sizeBytes: z.number().int(), sha256: z.string() }).strict(),
  }),
} as const;
