import { z } from 'zod';
import { lineSchema } from '../model/common.ts';
import { caseIdSchema } from '../model/ids.ts';
import { query } from './define.ts';

export const SEARCH_KINDS = [
  'case',
  'person',
  'incident',
  'note',
  'evidence',
  'device',
  'examination',
  'message',
  'notification',
  'digitalAttack',
  'milestone',
] as const;

export const searchHitSchema = z
  .object({
    kind: z.enum(SEARCH_KINDS),
    id: z.string(),
    caseId: z.string().nullable(),
    title: z.string(),
    /** Words around the hit; `hit` parts are to be shown marked. */
    snippet: z.array(z.object({ text: z.string(), hit: z.boolean() }).strict()),
    whenKey: z.string(),
  })
  .strict();
export type SearchHit = z.infer<typeof searchHitSchema>;

export const search = {
  /**
   * One box over everything. Accents and case never matter; every word is also a beginning;
   * `"..."` is a phrase, `-word` excludes.
   */
  'search.everything': query({
    input: z
      .object({
        text: lineSchema.min(1),
        kinds: z.array(z.enum(SEARCH_KINDS)).max(SEARCH_KINDS.length).optional(),
        caseId: caseIdSchema.optional(),
        limit: z.number().int().min(1).max(200).default(50),
      })
      .strict(),
    output: z.object({ hits: z.array(searchHitSchema), more: z.boolean() }).strict(),
  }),
} as const;
