import { z } from 'zod';
import { instantSchema, lineSchema, pageInputSchema, textSchema, versionSchema } from '../model/common.ts';
import {
  actIdSchema,
  caseIdSchema,
  evidenceIdSchema,
  incidentIdSchema,
  involvementIdSchema,
  personIdSchema,
} from '../model/ids.ts';
import { partialDateSchema } from '../model/partial-date.ts';
import {
  ACT_TYPES,
  HARMS,
  INVOLVEMENT_DEGREES,
  KNOWLEDGE,
  PERPETRATOR_KINDS,
  SAFETY_ANSWERS,
  TARGET_KINDS,
  VERIFICATION_STATES,
} from '../model/vocabularies.ts';
import { command, query } from './define.ts';

export const placeSchema = z
  .object({
    /** Two or three letter code of the Mexican state (ISO 3166-2:MX without `MX-`), or empty. */
    stateCode: z.string().regex(/^([A-Z]{3})?$/),
    municipality: lineSchema,
    locality: lineSchema,
    words: lineSchema,
    latitude: z.number().min(-90).max(90).nullable(),
    longitude: z.number().min(-180).max(180).nullable(),
    precisionMeters: z.number().min(0).max(10_000_000).nullable(),
  })
  .strict();
export type Place = z.infer<typeof placeSchema>;

/** Who told us and how they know. Describes the information; there is no score for a person. */
export const sourceSchema = z
  .object({
    personId: personIdSchema.nullable(),
    words: lineSchema,
    knowledge: z.enum(KNOWLEDGE),
    corroboratedBy: z.number().int().min(0).max(1_000).default(0),
  })
  .strict();

/** What the emergency form asks before anything else. */
export const emergencySchema = z
  .object({
    safe: z.enum(SAFETY_ANSWERS),
    caller: lineSchema,
    channel: lineSchema,
    noticeAt: instantSchema,
  })
  .strict();

export const involvementSchema = z
  .object({
    id: involvementIdSchema.optional(),
    personId: personIdSchema.nullable(),
    words: lineSchema,
    kind: z.enum(PERPETRATOR_KINDS),
    degree: z.enum(INVOLVEMENT_DEGREES),
    certainty: lineSchema,
    collusion: z.boolean(),
  })
  .strict();

/** One person, one kind of harm: the unit that is counted. */
export const actSchema = z
  .object({
    id: actIdSchema.optional(),
    type: z.enum(ACT_TYPES),
    subtype: lineSchema,
    personId: personIdSchema.nullable(),
    personWords: lineSchema,
    targetKind: z.enum(TARGET_KINDS),
    harms: z.array(z.enum(HARMS)).max(HARMS.length),
    note: textSchema,
    involvements: z.array(involvementSchema).max(100),
  })
  .strict();
export type ActInput = z.infer<typeof actSchema>;

export const incidentFieldsSchema = z
  .object({
    caseId: caseIdSchema.nullable(),
    /** Empty: the first words of the narrative are shown. */
    title: lineSchema,
    happened: partialDateSchema,
    place: placeSchema,
    online: z.boolean(),
    /** Text with mentions written `@[label](person:<id>)`. */
    narrative: textSchema,
    /** Intimate detail; in no export by default. */
    restrictedNarrative: textSchema,
    linkToWork: textSchema,
    verification: z.enum(VERIFICATION_STATES),
    sources: z.array(sourceSchema).max(100),
    emergency: emergencySchema.nullable(),
    verySensitive: z.boolean(),
    acts: z.array(actSchema).max(200),
  })
  .strict();
export type IncidentFields = z.infer<typeof incidentFieldsSchema>;

export const incidentRowSchema = z
  .object({
    id: incidentIdSchema,
    caseId: caseIdSchema.nullable(),
    caseCode: z.string().nullable(),
    title: z.string(),
    happened: partialDateSchema,
    stateCode: z.string(),
    mainAct: z.enum(ACT_TYPES).nullable(),
    acts: z.number().int(),
    evidence: z.number().int(),
    emergency: z.boolean(),
    verification: z.enum(VERIFICATION_STATES),
    updatedAt: instantSchema,
  })
  .strict();
export type IncidentRow = z.infer<typeof incidentRowSchema>;

export const incidents = {
  /** Saves with nothing but words: every other field may be left out. */
  'incidents.record': command({
    input: incidentFieldsSchema
      .partial()
      .extend({
        /** Names typed in a hurry: each becomes a person if no person of the case bears it. */
        against: z.array(lineSchema.min(1)).max(50).optional(),
        evidence: z.array(evidenceIdSchema).max(1_000).optional(),
        /** The draft that this record replaces; removed in the same transaction. */
        draftId: z.string().max(60).optional(),
      })
      .strict(),
    output: z.object({ id: incidentIdSchema, version: versionSchema }).strict(),
  }),
  'incidents.amend': command({
    input: z
      .object({ id: incidentIdSchema, version: versionSchema, changes: incidentFieldsSchema.partial() })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'incidents.list': query({
    input: pageInputSchema
      .extend({
        caseId: caseIdSchema.optional(),
        withoutCase: z.boolean().optional(),
        actTypes: z.array(z.enum(ACT_TYPES)).max(ACT_TYPES.length).optional(),
        stateCode: z.string().max(3).optional(),
        fromDay: z.iso.date().optional(),
        toDay: z.iso.date().optional(),
        sort: z.enum(['happened', 'updated']).default('happened'),
        descending: z.boolean().default(true),
      })
      .strict(),
    output: z.object({ total: z.number().int(), rows: z.array(incidentRowSchema) }).strict(),
  }),
  'incidents.get': query({
    input: z.object({ id: incidentIdSchema }).strict(),
    output: incidentFieldsSchema
      .extend({
        id: incidentIdSchema,
        version: versionSchema,
        caseCode: z.string().nullable(),
        createdAt: instantSchema,
        updatedAt: instantSchema,
        evidence: z.array(z.object({ id: evidenceIdSchema, title: z.string(), mime: z.string() }).strict()),
        personNames: z.record(z.string(), z.string()),
      })
      .strict(),
  }),
} as const;
