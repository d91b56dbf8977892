import { z } from 'zod';
import {
  answerSchema,
  instantSchema,
  lineSchema,
  pageInputSchema,
  textSchema,
  versionSchema,
} from '../model/common.ts';
import { caseIdSchema, personIdSchema } from '../model/ids.ts';
import { CONTACT_KINDS, IDENTIFIER_KINDS, PERSON_KINDS } from '../model/vocabularies.ts';
import { command, query } from './define.ts';

export const contactSchema = z
  .object({
    kind: z.enum(CONTACT_KINDS),
    value: lineSchema.min(1),
    /** `sealed` never leaves in any export, whatever the profile says. */
    sensitivity: z.enum(['usual', 'sealed']),
    note: lineSchema.default(''),
  })
  .strict();

export const identifierSchema = z
  .object({ kind: z.enum(IDENTIFIER_KINDS), value: lineSchema.min(1) })
  .strict();

/** How the person describes herself; each may be an empty of one of three kinds, nothing is forced. */
export const inOwnWordsSchema = z
  .object({
    gender: answerSchema,
    pronoun: answerSchema,
    age: answerSchema,
    people: answerSchema,
    language: answerSchema,
    disability: answerSchema,
    family: answerSchema,
  })
  .strict();

export const personFieldsSchema = z
  .object({
    kind: z.enum(PERSON_KINDS),
    /** Whatever is used to refer to the person; an alias will do. */
    name: lineSchema.min(1),
    /** Searched for in every export and never printed. */
    legalName: lineSchema,
    aliases: z.array(lineSchema.min(1)).max(50),
    contacts: z.array(contactSchema).max(100),
    identifiers: z.array(identifierSchema).max(100),
    inOwnWords: inOwnWordsSchema,
    /** The defence or journalistic work, in her words or ours. */
    work: textSchema,
    minor: z.boolean(),
    /** People counted in a collective, community or organisation. */
    groupSize: z.number().int().min(1).max(10_000_000).nullable(),
    /** Office and level of an authority, or institution of an official. */
    level: lineSchema,
    note: textSchema,
  })
  .strict();
export type PersonFields = z.infer<typeof personFieldsSchema>;

export const personRowSchema = z
  .object({
    id: personIdSchema,
    name: z.string(),
    kind: z.enum(PERSON_KINDS),
    aliases: z.array(z.string()),
    minor: z.boolean(),
    cases: z.number().int(),
    updatedAt: instantSchema,
  })
  .strict();
export type PersonRow = z.infer<typeof personRowSchema>;

export const persons = {
  'persons.record': command({
    input: personFieldsSchema
      .partial()
      .extend({ name: lineSchema.min(1), caseId: caseIdSchema.optional() })
      .strict(),
    output: z.object({ id: personIdSchema, version: versionSchema }).strict(),
  }),
  'persons.amend': command({
    input: z
      .object({ id: personIdSchema, version: versionSchema, changes: personFieldsSchema.partial() })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'persons.list': query({
    input: pageInputSchema
      .extend({
        text: lineSchema.optional(),
        kinds: z.array(z.enum(PERSON_KINDS)).max(PERSON_KINDS.length).optional(),
      })
      .strict(),
    output: z.object({ total: z.number().int(), rows: z.array(personRowSchema) }).strict(),
  }),
  'persons.get': query({
    input: z.object({ id: personIdSchema }).strict(),
    output: personFieldsSchema
      .extend({
        id: personIdSchema,
        version: versionSchema,
        createdAt: instantSchema,
        updatedAt: instantSchema,
        cases: z.array(
          z
            .object({ id: caseIdSchema, code: z.string(), title: z.string(), roles: z.array(z.string()) })
            .strict(),
        ),
      })
      .strict(),
  }),
} as const;
