import { z } from 'zod';
import { instantSchema, languageSchema, lineSchema } from '../model/common.ts';
import { targetIdSchema } from '../model/ids.ts';
import { actorSchema } from '../model/roster.ts';
import { command, query, task } from './define.ts';
import { unlockInputSchema } from './slots.ts';

const passphraseSchema = z.string().min(1).max(4_096);
const useSchema = z.enum(['real', 'practice']);

export const sessionInfoSchema = z
  .object({
    state: z.enum(['closed', 'open']),
    use: useSchema.optional(),
    actor: actorSchema.optional(),
    /** Set where the vault was opened to look only, with the code of the reason. */
    readOnlyBecause: z.string().max(60).optional(),
    vaultId: z.string().length(32).optional(),
  })
  .strict();
export type SessionInfo = z.infer<typeof sessionInfoSchema>;

export const checkFindingSchema = z
  .object({
    part: z.enum(['header', 'anchor', 'database', 'journal', 'roster', 'search', 'objects']),
    /** Code from the list of errors, so that it reads in both languages. */
    code: z.string().max(60),
    /** Which record, object or journal position, as an id or number; never content. */
    subject: z.string().max(200),
  })
  .strict();

export const vault = {
  /** Where things stand, callable while locked. */
  'vault.status': query({ session: 'none', input: z.object({}).strict(), output: sessionInfoSchema }),
  /** Makes a vault in an empty or missing folder and leaves it unlocked. */
  'vault.create': command({
    session: 'none',
    surface: 'unlock',
    input: z
      .object({
        folder: targetIdSchema,
        use: useSchema,
        ownerName: lineSchema.min(1),
        passphrase: passphraseSchema,
        /** Argon2id cost; left out: calibrated for this machine. Memory in bytes. */
        cost: z.object({ ops: z.number().int(), memoryBytes: z.number().int() }).strict().optional(),
      })
      .strict(),
    output: sessionInfoSchema,
  }),
  'vault.unlock': command({
    session: 'none',
    surface: 'unlock',
    input: unlockInputSchema,
    output: sessionInfoSchema,
  }),
  /** Ends the session: wipes keys, closes the database. The host then ends the process. */
  'vault.lock': command({ session: 'none', input: z.object({}).strict(), output: z.object({}).strict() }),
  /** Facts for the settings screen and `resguardo vault info`. */
  'vault.info': query({
    input: z.object({}).strict(),
    output: z
      .object({
        vaultId: z.string(),
        use: useSchema,
        createdAt: instantSchema,
        people: z.array(
          z.object({ name: z.string(), powers: z.array(z.string()), since: instantSchema }).strict(),
        ),
        counts: z
          .object({
            cases: z.number().int(),
            persons: z.number().int(),
            incidents: z.number().int(),
            evidence: z.number().int(),
            journal: z.number().int(),
          })
          .strict(),
        evidenceBytes: z.number(),
        kdf: z.object({ ops: z.number().int(), memoryBytes: z.number().int() }).strict(),
        cipher: z.string(),
      })
      .strict(),
  }),
  /** Verifies header, pages, foreign keys, search index, journal, anchor and every object. Repairs nothing. */
  'vault.check': task({
    power: 'read',
    input: z.object({ objects: z.enum(['presence', 'content']).default('content') }).strict(),
    output: z
      .object({
        ok: z.boolean(),
        findings: z.array(checkFindingSchema).max(10_000),
        checked: z
          .object({
            pages: z.number().int(),
            journal: z.number().int(),
            rows: z.number().int(),
            objects: z.number().int(),
            /** Documents of the search index. */
            documents: z.number().int(),
            /** Entries whose payload an erasure emptied; the chain holds without them. */
            erasedPayloads: z.number().int(),
          })
          .strict(),
      })
      .strict(),
  }),
  /** Takes note, with a signed entry, that the last changes are gone, and makes the vault writable again. */
  'vault.acceptLoss': command({
    power: 'keys',
    input: z.object({ confirm: z.literal(true) }).strict(),
    output: sessionInfoSchema,
  }),
  /** How strong a passphrase is, 0 (refused) to 4, before a vault is made with it. */
  'vault.rate': query({
    session: 'none',
    surface: 'unlock',
    input: z.object({ passphrase: z.string().max(4_096), language: languageSchema }).strict(),
    output: z.object({ score: z.number().int().min(0).max(4), accepted: z.boolean() }).strict(),
  }),
} as const;
