import { z } from 'zod';
import { instantSchema, pageInputSchema, textSchema, versionSchema } from '../model/common.ts';
import { caseIdSchema, noteIdSchema } from '../model/ids.ts';
import { NOTE_KINDS } from '../model/vocabularies.ts';
import { command, query } from './define.ts';

export const noteSchema = z
  .object({
    id: noteIdSchema,
    caseId: caseIdSchema,
    /** `privileged` notes are work product: they enter no package whatever the profile. */
    kind: z.enum(NOTE_KINDS),
    body: textSchema,
    author: z.string(),
    version: versionSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .strict();
export type Note = z.infer<typeof noteSchema>;

export const notes = {
  'notes.write': command({
    input: z.object({ caseId: caseIdSchema, kind: z.enum(NOTE_KINDS), body: textSchema.min(1) }).strict(),
    output: z.object({ id: noteIdSchema, version: versionSchema }).strict(),
  }),
  'notes.amend': command({
    input: z.object({ id: noteIdSchema, version: versionSchema, body: textSchema.min(1) }).strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'notes.list': query({
    input: pageInputSchema.extend({ caseId: caseIdSchema }).strict(),
    output: z.object({ total: z.number().int(), rows: z.array(noteSchema) }).strict(),
  }),
} as const;
