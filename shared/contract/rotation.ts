import { z } from 'zod';
import { instantSchema, lineSchema } from '../model/common.ts';
import { powersSchema } from '../model/roster.ts';
import { query, task } from './define.ts';
import { slotIdSchema, SLOT_KINDS, ticketIdSchema } from './slots.ts';

/** One way into the vault, as the screen shows it before anything is rotated. */
export const reviewedSlotSchema = z
  .object({
    id: slotIdSchema,
    name: z.string(),
    kind: z.enum(SLOT_KINDS),
    powers: powersSchema,
    since: instantSchema,
    /** Name of the coordinator who added it; the founder added himself. */
    addedBy: z.string(),
    /** The slot that this session was opened with: it cannot remove itself. */
    own: z.boolean(),
    /** Cases that this person answers for. */
    responsibleFor: z.number().int(),
  })
  .strict();
export type ReviewedSlot = z.infer<typeof reviewedSlotSchema>;

/** A copy made earlier, which keeps opening with what opened the vault then. */
export const olderCopySchema = z
  .object({ name: z.string(), lastAt: instantSchema, copies: z.number().int() })
  .strict();

/** Hash over the list of slots that a person confirmed: a slot added meanwhile makes it another one. */
export const rosterDigestSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const rotationDoneSchema = z
  .object({
    /** Generation of the master key from now on. */
    generation: z.number().int(),
    /** Slots whose way in is closed. */
    removed: z.array(z.object({ id: slotIdSchema, name: z.string() }).strict()),
    /** Slots that open the new key with the passphrase, words or shares they always had. */
    staying: z.number().int(),
    /** Cases that got another responsible person. */
    reassigned: z.number().int(),
    /** Objects whose keys were sealed anew. */
    objects: z.number().int(),
    /** False where the old file could not be deleted yet; the next opening does it. */
    oldFileRemoved: z.boolean(),
    olderCopies: z.array(olderCopySchema),
    durationMs: z.number(),
  })
  .strict();
export type RotationDone = z.infer<typeof rotationDoneSchema>;

/**
 * What a ticket of the purpose `rotation.run` is for. With `remove`, people, recovery words or shares are taken out:
 * there is no removal without a new master key. Their cases go to `reassignTo`, or to the one who removes them.
 */
export const rotationSchema = z
  .object({
    remove: z.array(slotIdSchema).max(15).default([]),
    reassignTo: slotIdSchema.optional(),
    /** Out now, tidy up later: the rest of the leaving stays as something to do. */
    immediate: z.boolean().default(false),
    reason: lineSchema.default(''),
    /** `digest` of `rotation.review`: who rotates has seen who stays. */
    confirmed: rosterDigestSchema,
  })
  .strict();
export type RotationOrder = z.output<typeof rotationSchema>;

export const rotation = {
  /** What a rotation would keep, how much room it needs, and which copies it cannot reach. */
  'rotation.review': query({
    power: 'keys',
    input: z.object({}).strict(),
    output: z
      .object({
        generation: z.number().int(),
        slots: z.array(reviewedSlotSchema),
        digest: rosterDigestSchema,
        neededBytes: z.number(),
        freeBytes: z.number(),
        olderCopies: z.array(olderCopySchema),
      })
      .strict(),
  }),
  /**
   * A new master key: the old one opens nothing that comes after. Takes a proven ticket of the purpose
   * `rotation.run` (`tickets.prepare`, then `tickets.prove` in the unlock window), whose payload is `rotationSchema`.
   */
  'rotation.run': task({
    power: 'keys',
    exclusive: true,
    input: z.object({ ticket: ticketIdSchema }).strict(),
    output: rotationDoneSchema,
  }),
} as const;
