import { z } from 'zod';
import { daySchema, instantSchema } from './common.ts';

/** How the date is known, in a few words, such as `capturas con fecha`; and the words in which it was told. */
const told = {
  words: z.string().max(300).optional(),
  basis: z.string().max(300).optional(),
};
const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** A date as testimony gives it: from an exact instant down to nothing at all. Times are local to `zone`. */
export const partialDateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('instant'), at: instantSchema, zone: z.string().max(60), ...told }).strict(),
  z
    .object({
      kind: z.literal('day'),
      day: daySchema,
      time: timeSchema.optional(),
      untilTime: timeSchema.optional(),
      approximate: z.boolean().optional(),
      ...told,
    })
    .strict(),
  z
    .object({ kind: z.literal('month'), month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/), ...told })
    .strict(),
  z.object({ kind: z.literal('year'), year: z.number().int().min(1900).max(2200), ...told }).strict(),
  z.object({ kind: z.literal('range'), from: daySchema, to: daySchema, ...told }).strict(),
  z.object({ kind: z.literal('unknown'), ...told }).strict(),
]);
export type PartialDate = z.infer<typeof partialDateSchema>;
