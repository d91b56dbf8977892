import { z } from 'zod';
import { instantSchema } from '../model/common.ts';
import { targetIdSchema } from '../model/ids.ts';
import { command, query } from './define.ts';
import { slotIdSchema } from './slots.ts';

/** Steps of the list for the hour before a visit that only a person can tell to be done. */
export const SAFEGUARD_STEPS = ['recovery', 'paper'] as const;
export type SafeguardStep = (typeof SAFEGUARD_STEPS)[number];

const said = {
  /** Who said so. */
  by: z.string(),
  at: instantSchema,
} as const;

export const safeguardStateSchema = z
  .object({
    steps: z.array(z.object({ step: z.enum(SAFEGUARD_STEPS), ...said }).strict()),
    /** Who takes which stick along. */
    carriers: z.array(
      z.object({ target: targetIdSchema, slotId: slotIdSchema, name: z.string(), ...said }).strict(),
    ),
    /** Deliveries of which somebody said that no copy is left on this computer. */
    gone: z.array(z.object({ ledgerId: z.string(), ...said }).strict()),
  })
  .strict();
export type SafeguardState = z.infer<typeof safeguardStateSchema>;

/** The list is kept inside the vault: it says who has a copy where, so no file in clear may. */
export const safeguard = {
  'safeguard.state': query({ input: z.object({}).strict(), output: safeguardStateSchema }),
  'safeguard.tick': command({
    input: z.object({ step: z.enum(SAFEGUARD_STEPS), done: z.boolean() }).strict(),
    output: safeguardStateSchema,
  }),
  /** `slotId` null: nobody takes it yet. Errors: `record.notFound` for a stick or person that is not known. */
  'safeguard.carry': command({
    input: z.object({ target: targetIdSchema, slotId: slotIdSchema.nullable() }).strict(),
    output: safeguardStateSchema,
  }),
  /** Says that the copies of one delivery are deleted here, or takes that back. Errors: `record.notFound`. */
  'safeguard.copyGone': command({
    input: z.object({ ledgerId: z.string().max(60), gone: z.boolean() }).strict(),
    output: safeguardStateSchema,
  }),
  /** The list from the beginning, for the next time. What was deleted stays deleted. */
  'safeguard.startOver': command({ input: z.object({}).strict(), output: safeguardStateSchema }),
} as const;
