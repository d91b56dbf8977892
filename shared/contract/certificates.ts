import { z } from 'zod';
import { languageSchema } from '../model/common.ts';
import { personIdSchema, targetIdSchema } from '../model/ids.ts';
import { task } from './define.ts';
import { slotIdSchema } from './slots.ts';

/** What is collected by hand from somebody who leaves. */
export const COLLECTED = ['usb', 'shares', 'backups', 'elsewhere'] as const;
export type Collected = (typeof COLLECTED)[number];

const written = z.object({ sizeBytes: z.number(), sha256: z.string() }).strict();

/** Sheets to be printed and signed that say what was closed. Each is a PDF at a chosen place. */
export const certificates = {
  /**
   * For the person who leaves and the one who closed: since when, until when, what was open, what was collected.
   * Errors: `leaving.stillOpen`, `record.notFound`, `evidence.targetUnknown`, `disk.*`, `export.cloudFolder`,
   * `export.glyphMissing`.
   */
  'leaving.certificate': task({
    power: 'keys',
    input: z
      .object({
        slotId: slotIdSchema,
        collected: z.array(z.enum(COLLECTED)).max(COLLECTED.length),
        target: targetIdSchema,
        language: languageSchema,
      })
      .strict(),
    output: written,
  }),
  /**
   * That a person's data was erased, under her neutral code: her name is written by hand, nobody here knows it.
   * Errors: `erasure.notErased`, and those above.
   */
  'erasure.certificate': task({
    power: 'keys',
    input: z.object({ personId: personIdSchema, target: targetIdSchema, language: languageSchema }).strict(),
    output: written,
  }),
} as const;
