import { z } from 'zod';
import { instantSchema, lineSchema } from '../model/common.ts';
import { command, query } from './define.ts';

export const clock = {
  /**
   * The computer's clock beside the time of the vault. `vaultAhead`: entries of the journal bear a time that has not
   * come yet by this clock, so one of the two was or is wrong; `moved`: the clock was set since unlocking.
   */
  'access.clock': query({
    input: z.object({}).strict(),
    output: z
      .object({
        computer: instantSchema,
        vault: instantSchema,
        state: z.enum(['right', 'vaultAhead', 'moved']),
        ahead: z
          .object({
            /** The last entry that this clock allows for; null where there is none. */
            lastBefore: instantSchema.nullable(),
            latest: instantSchema,
            entries: z.number().int(),
            /** Emergency accesses that end if the clock is settled; null for who may not settle it. */
            permissions: z.number().int().nullable(),
          })
          .strict()
          .nullable(),
      })
      .strict(),
  }),
  /**
   * Says that the clock is right now and stood ahead before: the vault goes by it again, and every emergency access
   * ends. `computer`: the time that the person was shown and compared with another clock.
   */
  'access.settleClock': command({
    power: 'keys',
    input: z.object({ computer: instantSchema, reason: lineSchema.min(10) }).strict(),
    output: z.object({ now: instantSchema, entries: z.number().int(), ended: z.number().int() }).strict(),
  }),
} as const;
