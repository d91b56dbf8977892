import { z } from 'zod';
import { instantSchema } from '../model/common.ts';

/** What no search in finished bytes can see; each has its words in the catalogues. */
export const NOT_EXAMINED = [
  'voices',
  'faces',
  'handwriting',
  'placesInPictures',
  'otherWords',
  'filesDeliveredWhole',
] as const;

/** One place of the finished bytes in which a withheld value seems to stand. */
export const leakHitSchema = z
  .object({
    id: z.string(),
    /** Kind of the value, never the value alone without its context. */
    kind: z.string(),
    strength: z.enum(['strong', 'middle', 'weak']),
    file: z.string(),
    where: z.string(),
    encoding: z.string(),
    before: z.string(),
    found: z.string(),
    after: z.string(),
    /** Strong hits are final; the others can be judged one by one. */
    adjudicable: z.boolean(),
    verdict: z.enum(['same', 'other']).nullable(),
  })
  .strict();
export type LeakHit = z.infer<typeof leakHitSchema>;

/** What the search of the finished bytes came to, and what it could not see. */
export const leakReportSchema = z
  .object({
    checkedAt: instantSchema,
    filesChecked: z.number().int(),
    bytesChecked: z.number(),
    valuesSearched: z.record(z.string(), z.number().int()),
    decoders: z.array(z.string()),
    hits: z.array(leakHitSchema),
    undecoded: z.array(z.object({ file: z.string(), where: z.string(), reason: z.string() }).strict()),
    outsideAllowList: z.array(z.object({ file: z.string(), where: z.string(), name: z.string() }).strict()),
    inventory: z.array(
      z
        .object({
          kind: z.enum([
            'word',
            'number',
            'email',
            'url',
            'handle',
            'date',
            'coordinate',
            'plate',
            'picture',
          ]),
          text: z.string(),
          count: z.number().int(),
          places: z.array(z.string()).max(20),
        })
        .strict(),
    ),
    inventoryConfirmed: z.boolean(),
    notExamined: z.array(z.enum(NOT_EXAMINED)),
  })
  .strict();
export type LeakReport = z.infer<typeof leakReportSchema>;
