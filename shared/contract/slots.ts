import { z } from 'zod';
import { instantSchema, languageSchema, lineSchema } from '../model/common.ts';
import { targetIdSchema } from '../model/ids.ts';
import { MAX_SHARES, RECOVERY_WORDS, SHARE_COLOURS, SHARE_WORDS } from '../model/recovery.ts';
import { PRESETS, powersSchema, type Preset } from '../model/roster.ts';
import { command, query } from './define.ts';

const passphraseSchema = z.string().min(1).max(4_096);
/** Id of a slot: of a person's way in, of the recovery words, of the shares. */
export const slotIdSchema = z.string().regex(/^[0-9a-f]{32}$/u);
export const ticketIdSchema = z.string().regex(/^[0-9a-f]{32}$/u);
const presetSchema = z.enum(Object.keys(PRESETS) as [Preset, ...Preset[]]);

export const SLOT_KINDS = ['passphrase', 'words', 'shares'] as const;
/** What a passphrase slot wants besides the passphrase. */
export const SLOT_FACTORS = ['none', 'keyFile', 'machine'] as const;
export type SlotFactor = (typeof SLOT_FACTORS)[number];

const costSchema = z.object({ ops: z.number().int(), memoryBytes: z.number().int() }).strict();

const waysIn = {
  passphrase: passphraseSchema.optional(),
  keyFile: targetIdSchema.optional(),
  machine: targetIdSchema.optional(),
  words: z.string().min(1).max(2_000).optional(),
  shares: z.array(z.string().min(1).max(2_000)).min(1).max(MAX_SHARES).optional(),
};

interface WaysIn {
  readonly passphrase?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly machine?: string | undefined;
  readonly words?: string | undefined;
  readonly shares?: readonly string[] | undefined;
}

/** Exactly one way in; a second factor only with a passphrase, and one of them. */
const isOneWay = ({ passphrase, keyFile, machine, words, shares }: WaysIn): boolean =>
  [passphrase, words, shares].filter((way) => way !== undefined).length === 1 &&
  (passphrase !== undefined || (keyFile === undefined && machine === undefined)) &&
  (keyFile === undefined || machine === undefined);

/**
 * What a person gives to show who they are, in the unlock window: a passphrase (with `keyFile`, a grant of a file, or
 * `machine`, a grant of 32 bytes that the shell took from the system's secret store), `words` as typed, or
 * `shares`, one text for each page.
 */
export const credentialsSchema = z.object(waysIn).strict().refine(isOneWay);
export type Credentials = z.input<typeof credentialsSchema>;

/** The same with the vault that is to be opened. */
export const unlockInputSchema = z
  .object({ folder: targetIdSchema, ...waysIn })
  .strict()
  .refine(isOneWay);

/**
 * A new passphrase. The window asks for it twice and compares; here it comes once. `editableKeyFile`: the person was
 * told that a photo or document changes whenever a program saves it, and wants it all the same.
 */
export const newCredentialsSchema = z
  .object({
    passphrase: passphraseSchema,
    keyFile: targetIdSchema.optional(),
    machine: targetIdSchema.optional(),
    editableKeyFile: z.boolean().default(false),
  })
  .strict();

export const slotSchema = z
  .object({
    id: slotIdSchema,
    name: z.string().max(500),
    kind: z.enum(SLOT_KINDS),
    factor: z.enum(SLOT_FACTORS),
    powers: powersSchema,
    /** Null where the powers are no named set. */
    preset: presetSchema.nullable(),
    since: instantSchema,
    /** Whose slot signed this one's row; null for the founder. */
    addedBy: z.string().max(500).nullable(),
    retired: z.boolean(),
    /** The slot that this session was opened with. */
    own: z.boolean(),
    /** Passphrases only: under the newest cost, or still under the one before. */
    cost: z.enum(['current', 'old']).nullable(),
    /** Shares only. */
    shares: z
      .object({ needed: z.number().int(), pages: z.number().int(), colour: z.enum(SHARE_COLOURS) })
      .strict()
      .nullable(),
  })
  .strict();
export type SlotRow = z.output<typeof slotSchema>;

/** What a ticket's window shows. `facts` is for purposes of other features; each documents its own. */
export const ticketDescriptionSchema = z
  .object({
    purpose: z.string().max(60),
    expiresAt: instantSchema,
    /** Whose passphrase is asked for: that of the session's person, or of somebody else. */
    prover: z.enum(['self', 'other']),
    /** Name of the session's person. */
    who: z.string().max(500),
    /** The slot that is made or changed. */
    subject: z
      .object({
        name: z.string().max(500),
        kind: z.enum(SLOT_KINDS),
        factor: z.enum(SLOT_FACTORS),
        powers: powersSchema,
        preset: presetSchema.nullable(),
      })
      .strict()
      .nullable(),
    /** A second coordinator has to type theirs as well. */
    needsApprover: z.boolean(),
    /** Slots to be read through before going on (those that stay, those that go). */
    confirm: z.array(slotSchema).max(200),
    facts: z.record(
      z.string().max(60),
      z.union([
        z.string().max(2_000),
        z.number(),
        z.boolean(),
        z.null(),
        z.array(z.string().max(500)).max(1_000),
      ]),
    ),
  })
  .strict();
export type TicketDescription = z.output<typeof ticketDescriptionSchema>;

const ticketed = { session: 'open', surface: 'unlock', power: 'read' } as const;
const ticket = ticketIdSchema;
const slotResult = z.object({ slot: slotIdSchema }).strict();

export const slots = {
  /** Who may open the vault, and how. */
  'slots.list': query({
    input: z.object({ retired: z.boolean().default(false) }).strict(),
    output: z
      .object({
        rows: z.array(slotSchema).max(5_000),
        /** People (not paper) who may do everything: the screen keeps reminding while it is one. */
        coordinators: z.number().int(),
        hasWords: z.boolean(),
        hasShares: z.boolean(),
        /** Slots still free, of 16. */
        free: z.number().int(),
        cost: costSchema,
        /** Set while the cost is being raised. */
        raising: z
          .object({
            since: instantSchema,
            /** From then on the old cost may be given up although somebody still waits. */
            closableFrom: instantSchema,
            /** Whether that has come, by the time that permissions go by; never while the clock is wrong. */
            closable: z.boolean(),
            waiting: z.array(z.object({ id: slotIdSchema, name: z.string() }).strict()).max(16),
          })
          .strict()
          .nullable(),
        /** A passphrase was changed because somebody else may know it, and the master key is still the same. */
        rotationAdvised: z.boolean(),
      })
      .strict(),
  }),
  /**
   * First half of everything that needs a passphrase: says what is wanted, gives a ticket for `askPassphrase`. The
   * unlock window then calls the method named beside the purpose. A ticket works once, for ten minutes, in this
   * session. Changing one's own passphrase is open to everybody; all else needs the power `keys`.
   */
  'slots.prepare': command({
    power: 'read',
    input: z.discriminatedUnion('purpose', [
      /** Then `slots.add`. */
      z
        .object({
          purpose: z.literal('slots.add'),
          name: lineSchema.min(1).max(200),
          powers: powersSchema.min(1),
          factor: z.enum(SLOT_FACTORS).default('none'),
        })
        .strict(),
      /** Then `slots.draw` and `slots.confirm`. */
      z
        .object({
          purpose: z.literal('slots.addWords'),
          name: lineSchema.min(1).max(200),
          language: languageSchema,
          /** Words that these take the place of. */
          replaces: slotIdSchema.optional(),
        })
        .strict(),
      /** Then `slots.draw` and `slots.confirm`. `needed` pages of `pages` open the vault. */
      z
        .object({
          purpose: z.literal('slots.addShares'),
          name: lineSchema.min(1).max(200),
          language: languageSchema,
          needed: z.number().int().min(2).max(MAX_SHARES),
          pages: z.number().int().min(2).max(MAX_SHARES),
          replaces: slotIdSchema.optional(),
        })
        .strict(),
      /** Then `slots.change`: one's own. */
      z.object({ purpose: z.literal('slots.change'), factor: z.enum(SLOT_FACTORS).optional() }).strict(),
      /** Then `slots.replace`: somebody forgot theirs. */
      z
        .object({
          purpose: z.literal('slots.replace'),
          slot: slotIdSchema,
          factor: z.enum(SLOT_FACTORS).default('none'),
        })
        .strict(),
      /** Then `slots.setPowers`. */
      z
        .object({ purpose: z.literal('slots.setPowers'), slot: slotIdSchema, powers: powersSchema.min(1) })
        .strict(),
      /** Then `slots.raiseCost`. Left out: calibrated for this computer. */
      z.object({ purpose: z.literal('slots.raiseCost'), cost: costSchema.optional() }).strict(),
    ]),
    output: z.object({ ticket, expiresAt: instantSchema }).strict(),
  }),
  /**
   * The same for purposes of other features, which name their purpose and the shape of its payload themselves. The
   * unlock window then calls `tickets.prove`, and the feature's own method takes the proven ticket.
   */
  'tickets.prepare': command({
    power: 'read',
    input: z.object({ purpose: z.string().max(60), payload: z.unknown() }).strict(),
    output: z.object({ ticket, expiresAt: instantSchema }).strict(),
  }),
  /** What the window of a ticket shows, whatever feature the ticket is of. */
  'tickets.describe': query({
    ...ticketed,
    input: z.object({ ticket }).strict(),
    output: ticketDescriptionSchema,
  }),
  /**
   * Shows that the right person is at the window: the one whose session it is or, where the ticket asks for another
   * person (an approval), that one. `tickets.changed` tells the main window, which then uses the ticket.
   */
  'tickets.prove': command({
    ...ticketed,
    input: z.object({ ticket, own: credentialsSchema }).strict(),
    output: z.object({}).strict(),
  }),
  /** A person's slot. `own`: the coordinator's; `approver`: a second coordinator's, where `needsApprover`. */
  'slots.add': command({
    ...ticketed,
    input: z
      .object({
        ticket,
        own: credentialsSchema,
        approver: credentialsSchema.optional(),
        fresh: newCredentialsSchema,
      })
      .strict(),
    output: slotResult,
  }),
  /**
   * Draws the words or pages of a recovery slot. Nothing is stored yet; called again (after a wrong passphrase made
   * a new window) it gives the same words. `ask`: words to be typed back by page and number; `retype`: the page to
   * be typed whole. The window shows these after the words are out of sight.
   */
  'slots.draw': command({
    ...ticketed,
    step: true,
    input: z.object({ ticket, own: credentialsSchema, approver: credentialsSchema.optional() }).strict(),
    output: z
      .object({
        kind: z.enum(['words', 'shares']),
        language: languageSchema,
        /** Pages needed; 1 for words. */
        needed: z.number().int(),
        colour: z.enum(SHARE_COLOURS).nullable(),
        pages: z
          .array(
            z
              .object({
                page: z.number().int(),
                words: z.array(z.string().max(20)).min(RECOVERY_WORDS).max(SHARE_WORDS),
              })
              .strict(),
          )
          .max(MAX_SHARES),
        ask: z
          .array(z.object({ page: z.number().int(), word: z.number().int() }).strict())
          .max(2 * MAX_SHARES),
        retype: z.number().int(),
      })
      .strict(),
  }),
  /** Typed back: the words asked for, in their order, and one page whole. Then the slot is live. */
  'slots.confirm': command({
    ...ticketed,
    input: z
      .object({
        ticket,
        asked: z.array(z.string().max(100)).max(2 * MAX_SHARES),
        retyped: z.string().max(2_000),
      })
      .strict(),
    output: slotResult,
  }),
  /** One's own passphrase. `exposed`: somebody else may know the old one, so the master key should change as well. */
  'slots.change': command({
    ...ticketed,
    input: z
      .object({
        ticket,
        own: credentialsSchema,
        fresh: newCredentialsSchema,
        exposed: z.boolean().default(false),
      })
      .strict(),
    output: slotResult.extend({ rotationAdvised: z.boolean() }).strict(),
  }),
  /** A new passphrase for somebody who forgot theirs; the old slot ends. */
  'slots.replace': command({
    ...ticketed,
    power: 'keys',
    input: z
      .object({
        ticket,
        own: credentialsSchema,
        approver: credentialsSchema.optional(),
        fresh: newCredentialsSchema,
        exposed: z.boolean().default(false),
      })
      .strict(),
    output: slotResult,
  }),
  /** What a slot may do, by a newly signed row. */
  'slots.setPowers': command({
    ...ticketed,
    power: 'keys',
    input: z.object({ ticket, own: credentialsSchema, approver: credentialsSchema.optional() }).strict(),
    output: slotResult,
  }),
  /** Makes every later attempt cost more. Each slot moves over when its person next unlocks. */
  'slots.raiseCost': command({
    ...ticketed,
    power: 'keys',
    input: z.object({ ticket, own: credentialsSchema }).strict(),
    output: z.object({ cost: costSchema, waiting: z.number().int() }).strict(),
  }),
  /**
   * Gives up the old cost. Without `leaveOut` only once everybody has moved; with it, 90 days after the raise, and
   * the slots named are ended (their people need new ones).
   */
  'slots.closeEpoch': command({
    power: 'keys',
    input: z.object({ leaveOut: z.array(slotIdSchema).max(16).default([]) }).strict(),
    output: z.object({}).strict(),
  }),
  /** Writes a key file of 64 random bytes to a place that the person chose; an existing file is never replaced. */
  'slots.makeKeyFile': command({
    power: 'read',
    input: z.object({ target: targetIdSchema }).strict(),
    output: z.object({}).strict(),
  }),
  /** A passphrase of random words, for whoever does not want to invent one. */
  'passphrases.generate': query({
    session: 'none',
    surface: 'unlock',
    input: z.object({ language: languageSchema, words: z.number().int().min(6).max(12).default(7) }).strict(),
    output: z.object({ passphrase: z.string(), bits: z.number() }).strict(),
  }),
} as const;
