import { z } from 'zod';
import { languageSchema, lineSchema } from '../model/common.ts';
import { targetIdSchema } from '../model/ids.ts';
import { command, task } from './define.ts';

/** How the dump is closed. A passphrase is made by the application and comes back in the answer, once. */
export const dumpLockSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('recipients'), keys: z.array(z.string().max(200)).min(1).max(20) }).strict(),
  z.object({ kind: z.literal('passphrase') }).strict(),
  /** In clear. Needs the phrase of `DUMP_CONFIRMATIONS.plain` typed when the dump is written. */
  z.object({ kind: z.literal('plain') }).strict(),
]);
export type DumpLock = z.infer<typeof dumpLockSchema>;

/** What has to be typed, letter by letter (case and accents do not matter), in the language of the person. */
export const DUMP_CONFIRMATIONS = {
  plain: { es: 'sin cifrar', en: 'not encrypted' },
  reserved: { es: 'notas reservadas', en: 'reserved notes' },
} as const;

export const dumpPlanSchema = z
  .object({
    id: z.string().regex(/^[0-9a-f]{32}$/),
    tables: z.array(z.object({ name: z.string(), rows: z.number().int() }).strict()),
    evidence: z
      .object({
        files: z.number().int(),
        bytes: z.number(),
        /** Programs, application packages and the like: they leave inside an age file of their own. */
        executables: z.number().int(),
        /** Copies that may be kept and not read yet: their content is left out. */
        preservedOnly: z.number().int(),
      })
      .strict(),
    /** Reserved work notes: left out unless asked for and confirmed. */
    reservedNotes: z.number().int(),
    /** Two or more coordinators: another one has to approve (`approvals.*`, kind `dump`). */
    secondPerson: z.boolean(),
  })
  .strict();
export type DumpPlan = z.infer<typeof dumpPlanSchema>;

export const dumpResultSchema = z
  .object({
    file: z.string(),
    sizeBytes: z.number(),
    sha256: z.string(),
    tables: z.number().int(),
    rows: z.number().int(),
    evidence: z.number().int(),
    /** Of a dump closed with a passphrase. Shown once; the vault does not keep it. */
    passphrase: z.string().nullable(),
    /** Of executable evidence inside a dump in clear; shown once. */
    executablesPassphrase: z.string().nullable(),
  })
  .strict();

export const CHECK_REPORT_FORMATS = ['text', 'json', 'pdf'] as const;

export const dump = {
  /** Counts what a dump would hold; nothing is written. The plan lives until the lock, at most one hour. */
  'dump.prepare': command({
    power: 'keys',
    input: z
      .object({ lock: dumpLockSchema, reservedNotes: z.boolean().default(false), language: languageSchema })
      .strict(),
    output: dumpPlanSchema,
  }),
  /**
   * Writes the whole vault in open formats to one archive at a chosen place.
   * Errors: `dump.planUnknown`, `dump.notConfirmed`, `approval.needed`, `export.cloudFolder`,
   * `export.recipientKeyInvalid`, `evidence.object*`, `disk.*`, `call.cancelled`.
   */
  'dump.write': task({
    power: 'keys',
    input: z
      .object({
        id: z.string().regex(/^[0-9a-f]{32}$/),
        target: targetIdSchema,
        /** Words of `DUMP_CONFIRMATIONS.plain`, where the plan is in clear. */
        typedPlain: lineSchema.default(''),
        /** Words of `DUMP_CONFIRMATIONS.reserved`, where the plan has reserved notes. */
        typedReserved: lineSchema.default(''),
      })
      .strict(),
    output: dumpResultSchema,
  }),
  /** Checks the vault and writes the findings to a file, the same facts in each format. Repairs nothing. */
  'vault.checkReport': task({
    power: 'read',
    input: z
      .object({
        objects: z.enum(['presence', 'content']).default('content'),
        format: z.enum(CHECK_REPORT_FORMATS),
        language: languageSchema,
        target: targetIdSchema,
      })
      .strict(),
    output: z
      .object({ ok: z.boolean(), findings: z.number().int(), sizeBytes: z.number(), sha256: z.string() })
      .strict(),
  }),
} as const;
