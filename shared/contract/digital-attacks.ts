import { z } from 'zod';
import { instantSchema, lineSchema, pageInputSchema, textSchema, versionSchema } from '../model/common.ts';
import { DIGITAL_ATTACK_FIELDS, DIGITAL_ATTACK_TYPES } from '../model/digital-attacks.ts';
import { caseIdSchema, incidentIdSchema } from '../model/ids.ts';
import { partialDateSchema } from '../model/partial-date.ts';
import { attackIdSchema, deviceIdSchema, milestoneIdSchema } from '../model/surveillance-ids.ts';
import { MILESTONE_KINDS } from '../model/surveillance.ts';
import { command, query } from './define.ts';

export const attackFieldsSchema = z
  .object({
    incidentId: incidentIdSchema,
    type: z.enum(DIGITAL_ATTACK_TYPES),
    deviceId: deviceIdSchema.nullable(),
    /** Answers by field; `fieldsOfAttack(type)` says which a form shows. An empty answer is left out. */
    details: z.partialRecord(z.enum(DIGITAL_ATTACK_FIELDS), z.string().trim().min(1).max(20_000)),
    note: textSchema,
  })
  .strict();
export type AttackFields = z.infer<typeof attackFieldsSchema>;

export const attackSchema = attackFieldsSchema
  .extend({
    id: attackIdSchema,
    version: versionSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .strict();
export type DigitalAttack = z.infer<typeof attackSchema>;

export const digitalAttacks = {
  /** Details of one digital attack, joined to the incident that tells it. */
  'digitalAttacks.record': command({
    input: attackFieldsSchema
      .partial()
      .extend({ incidentId: incidentIdSchema, type: z.enum(DIGITAL_ATTACK_TYPES) })
      .strict(),
    output: z.object({ id: attackIdSchema, version: versionSchema }).strict(),
  }),
  'digitalAttacks.amend': command({
    input: z
      .object({
        id: attackIdSchema,
        version: versionSchema,
        changes: attackFieldsSchema.omit({ incidentId: true }).partial(),
      })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'digitalAttacks.list': query({
    input: z.object({ incidentId: incidentIdSchema.optional(), caseId: caseIdSchema.optional() }).strict(),
    output: z.object({ rows: z.array(attackSchema) }).strict(),
  }),
  /** Digital attacks with the incident that tells each, the latest first; of everything in sight or of one case. */
  'digitalAttacks.page': query({
    input: pageInputSchema
      .extend({ caseId: caseIdSchema.optional(), type: z.enum(DIGITAL_ATTACK_TYPES).optional() })
      .strict(),
    output: z
      .object({
        total: z.number().int(),
        rows: z.array(
          attackSchema
            .extend({
              incidentTitle: z.string(),
              happened: partialDateSchema,
              caseId: caseIdSchema.nullable(),
              caseCode: z.string().nullable(),
              /** Make and model, or empty. */
              device: z.string(),
            })
            .strict(),
        ),
      })
      .strict(),
  }),
} as const;

export const milestoneFieldsSchema = z
  .object({
    caseId: caseIdSchema,
    kind: z.enum(MILESTONE_KINDS),
    title: lineSchema.min(1),
    happened: partialDateSchema,
    note: textSchema,
  })
  .strict();
export type MilestoneFields = z.infer<typeof milestoneFieldsSchema>;

export const milestoneSchema = milestoneFieldsSchema
  .extend({
    id: milestoneIdSchema,
    version: versionSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .strict();

/** Hearings, publications and other dates of a case, so that what gathers around them is seen. */
export const milestones = {
  'milestones.record': command({
    input: milestoneFieldsSchema
      .partial()
      .extend({ caseId: caseIdSchema, kind: z.enum(MILESTONE_KINDS), title: lineSchema.min(1) })
      .strict(),
    output: z.object({ id: milestoneIdSchema, version: versionSchema }).strict(),
  }),
  'milestones.amend': command({
    input: z
      .object({
        id: milestoneIdSchema,
        version: versionSchema,
        changes: milestoneFieldsSchema.omit({ caseId: true }).partial(),
      })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'milestones.list': query({
    input: z.object({ caseId: caseIdSchema }).strict(),
    output: z.object({ rows: z.array(milestoneSchema) }).strict(),
  }),
} as const;
