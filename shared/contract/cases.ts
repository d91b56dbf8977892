import { z } from 'zod';
import {
  answerSchema,
  daySchema,
  instantSchema,
  lineSchema,
  pageInputSchema,
  textSchema,
  versionSchema,
} from '../model/common.ts';
import { caseIdSchema, personIdSchema } from '../model/ids.ts';
import { NEW_CASE } from '../model/new-case.ts';
import { CASE_ROLES, CASE_STATES } from '../model/vocabularies.ts';
import { command, query } from './define.ts';

/** How to reach people without putting them in danger. */
export const safeChannelSchema = z
  .object({ medium: lineSchema, hours: lineSchema, avoid: lineSchema })
  .strict();

export const caseFieldsSchema = z
  .object({
    /** Left out at creation: the next `EXP-<year>-<nnn>`. */
    code: lineSchema.regex(/^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39}$/u).optional(),
    title: lineSchema.min(1),
    state: z.enum(CASE_STATES),
    summary: textSchema,
    openedDay: daySchema,
    language: answerSchema,
    interpreter: z.enum(['needed', 'notNeeded', 'notAsked']),
    safeChannel: safeChannelSchema,
    placeOrigin: lineSchema,
    placeRefuge: lineSchema,
  })
  .strict();
export type CaseFields = z.infer<typeof caseFieldsSchema>;

/** Only title and day are asked for. */
const newCaseSchema = caseFieldsSchema.extend({
  state: caseFieldsSchema.shape.state.default(NEW_CASE.state),
  summary: caseFieldsSchema.shape.summary.default(NEW_CASE.summary),
  language: caseFieldsSchema.shape.language.default(NEW_CASE.language),
  interpreter: caseFieldsSchema.shape.interpreter.default(NEW_CASE.interpreter),
  safeChannel: caseFieldsSchema.shape.safeChannel.default(NEW_CASE.safeChannel),
  placeOrigin: caseFieldsSchema.shape.placeOrigin.default(NEW_CASE.placeOrigin),
  placeRefuge: caseFieldsSchema.shape.placeRefuge.default(NEW_CASE.placeRefuge),
});

export const caseRowSchema = z
  .object({
    id: caseIdSchema,
    code: z.string(),
    title: z.string(),
    state: z.enum(CASE_STATES),
    openedDay: daySchema,
    people: z.number().int(),
    incidents: z.number().int(),
    evidence: z.number().int(),
    lastIncidentKey: z.string(),
    updatedAt: instantSchema,
  })
  .strict();
export type CaseRow = z.infer<typeof caseRowSchema>;

export const casePersonSchema = z
  .object({
    personId: personIdSchema,
    name: z.string(),
    kind: z.string(),
    minor: z.boolean(),
    roles: z.array(z.enum(CASE_ROLES)),
    relation: z.string(),
    /** Identity reserved toward the State and the public. */
    reserved: z.boolean(),
    consents: z
      .object({
        /** Given, and not past their last day. */
        given: z.number().int(),
        expired: z.number().int(),
        /** Of the expired ones, those that no newer answer took the place of. */
        unrenewed: z.number().int(),
        impeded: z.number().int(),
        refused: z.number().int(),
        withdrawn: z.number().int(),
      })
      .strict(),
  })
  .strict();
export type CasePerson = z.infer<typeof casePersonSchema>;

export const caseDetailSchema = caseFieldsSchema
  .extend({
    id: caseIdSchema,
    code: z.string(),
    /** A code without meaning, for calendars and screens that others see. */
    neutralCode: z.string(),
    version: versionSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
    persons: z.array(casePersonSchema),
    counts: z
      .object({
        incidents: z.number().int(),
        evidence: z.number().int(),
        notes: z.number().int(),
        exports: z.number().int(),
        consentsToRatify: z.number().int(),
      })
      .strict(),
  })
  .strict();
export type CaseDetail = z.infer<typeof caseDetailSchema>;

export const historyEntrySchema = z
  .object({
    position: z.number().int(),
    at: instantSchema,
    actor: z.string(),
    method: z.string(),
    table: z.string(),
    id: z.string(),
    /** Names of the fields that changed; the values stay in the vault's journal. */
    fields: z.array(z.string()),
  })
  .strict();

export const cases = {
  'cases.open': command({
    input: newCaseSchema,
    output: z.object({ id: caseIdSchema, code: z.string(), version: versionSchema }).strict(),
  }),
  'cases.amend': command({
    input: z
      .object({ id: caseIdSchema, version: versionSchema, changes: caseFieldsSchema.partial() })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'cases.list': query({
    input: pageInputSchema
      .extend({
        states: z.array(z.enum(CASE_STATES)).max(CASE_STATES.length).optional(),
        text: lineSchema.optional(),
        sort: z.enum(['updated', 'code', 'opened']).default('updated'),
        descending: z.boolean().default(true),
      })
      .strict(),
    output: z.object({ total: z.number().int(), rows: z.array(caseRowSchema) }).strict(),
  }),
  /** Opening a case is a read that the journal keeps. */
  'cases.get': query({ input: z.object({ id: caseIdSchema }).strict(), output: caseDetailSchema }),
  'cases.addPerson': command({
    input: z
      .object({
        caseId: caseIdSchema,
        personId: personIdSchema,
        roles: z.array(z.enum(CASE_ROLES)).min(1).max(CASE_ROLES.length),
        relation: lineSchema.default(''),
        reserved: z.boolean().default(false),
      })
      .strict(),
    output: z.object({}).strict(),
  }),
  'cases.removePerson': command({
    input: z.object({ caseId: caseIdSchema, personId: personIdSchema }).strict(),
    output: z.object({}).strict(),
  }),
  'cases.history': query({
    input: pageInputSchema.extend({ caseId: caseIdSchema }).strict(),
    output: z.object({ total: z.number().int(), rows: z.array(historyEntrySchema) }).strict(),
  }),
} as const;
