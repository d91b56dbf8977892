import { z } from 'zod';
import { daySchema, instantSchema, lineSchema, textSchema, versionSchema } from '../model/common.ts';
import { caseIdSchema, consentIdSchema, evidenceIdSchema, personIdSchema } from '../model/ids.ts';
import { partialDateSchema } from '../model/partial-date.ts';
import { CONSENT_ANSWERS, CONSENT_FORMS, IMPEDIMENTS, RECIPIENT_CLASSES } from '../model/vocabularies.ts';
import { command, query } from './define.ts';

/** Why the person could not be asked; an answer of its own, offered first in an emergency. */
export const impedimentSchema = z
  .object({ reason: z.enum(IMPEDIMENTS), words: lineSchema.min(1), since: partialDateSchema })
  .strict();

export const consentFieldsSchema = z
  .object({
    caseId: caseIdSchema,
    personId: personIdSchema,
    recipientClass: z.enum(RECIPIENT_CLASSES),
    answer: z.enum(CONSENT_ANSWERS),
    /** Three answers, because bodies pass information on. */
    toBody: z.boolean(),
    toState: z.boolean(),
    toPublic: z.boolean(),
    form: z.enum(CONSENT_FORMS),
    givenOn: partialDateSchema,
    expiresDay: daySchema.nullable(),
    impediment: impedimentSchema.nullable(),
    condition: lineSchema,
    evidenceId: evidenceIdSchema.nullable(),
    note: textSchema,
  })
  .strict();
export type ConsentFields = z.infer<typeof consentFieldsSchema>;

export const consentSchema = consentFieldsSchema
  .extend({
    id: consentIdSchema,
    personName: z.string(),
    toRatify: z.boolean(),
    ratifiedDay: daySchema.nullable(),
    withdrawnDay: daySchema.nullable(),
    version: versionSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .strict();
export type Consent = z.infer<typeof consentSchema>;

export const consents = {
  /** `impeded` needs an impediment and leaves a task to ratify. Errors: `consent.needsReason`. */
  'consents.record': command({
    input: consentFieldsSchema
      .partial()
      .extend({
        caseId: caseIdSchema,
        personId: personIdSchema,
        recipientClass: z.enum(RECIPIENT_CLASSES),
        answer: z.enum(CONSENT_ANSWERS),
      })
      .strict(),
    output: z.object({ id: consentIdSchema, version: versionSchema }).strict(),
  }),
  'consents.ratify': command({
    input: z
      .object({
        id: consentIdSchema,
        version: versionSchema,
        day: daySchema,
        toBody: z.boolean(),
        toState: z.boolean(),
        toPublic: z.boolean(),
        form: z.enum(CONSENT_FORMS),
      })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'consents.withdraw': command({
    input: z
      .object({ id: consentIdSchema, version: versionSchema, day: daySchema, reason: lineSchema })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'consents.list': query({
    input: z.object({ caseId: caseIdSchema, personId: personIdSchema.optional() }).strict(),
    output: z.object({ rows: z.array(consentSchema) }).strict(),
  }),
} as const;
