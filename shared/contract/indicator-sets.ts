import { z } from 'zod';
import { daySchema, instantSchema, lineSchema, pageInputSchema, versionSchema } from '../model/common.ts';
import { evidenceIdSchema, targetIdSchema } from '../model/ids.ts';
import { indicatorSetIdSchema } from '../model/surveillance-ids.ts';
import { SET_REFUSALS, SKIP_REASONS } from '../surveillance/indicator-set.ts';
import { INDICATOR_STATES, INDICATOR_TYPES } from '../surveillance/indicators.ts';
import { command, query, task } from './define.ts';

export const setSourceSchema = z
  .object({
    name: lineSchema,
    /** Who publishes it and where it was got, in words; an address is shown defanged. */
    source: lineSchema,
    licence: lineSchema,
    /** Day of the set as its publisher dates it. */
    day: daySchema.nullable(),
    version: lineSchema,
  })
  .strict();

export const indicatorSetRowSchema = setSourceSchema
  .extend({
    id: indicatorSetIdSchema,
    evidenceId: evidenceIdSchema,
    fileName: z.string(),
    sha256: z.string(),
    sizeBytes: z.number().int(),
    indicators: z.number().int(),
    byType: z.partialRecord(z.enum(INDICATOR_TYPES), z.number().int()),
    collections: z.number().int(),
    skipped: z.number().int(),
    revoked: z.number().int(),
    expired: z.number().int(),
    /** Files of a zip that could not be read at all. */
    refusedFiles: z.array(z.object({ name: z.string(), reason: z.enum(SET_REFUSALS) }).strict()),
    inUse: z.boolean(),
    retiredReason: z.string(),
    addedAt: instantSchema,
    addedBy: z.string(),
    recordVersion: versionSchema,
  })
  .strict();
export type IndicatorSetRow = z.infer<typeof indicatorSetRowSchema>;

export const indicatorSets = {
  /**
   * Takes a STIX bundle (2.0, 2.1), a list or a table, or a zip of them; its file becomes evidence. A set with nothing
   * usable is refused with `indicators.nothingUsable`, and its file is kept. The same bytes again give the set that is there.
   */
  'indicatorSets.add': task({
    input: setSourceSchema
      .partial()
      .extend({ source: lineSchema.default(''), target: targetIdSchema })
      .strict(),
    output: indicatorSetRowSchema.extend({ existed: z.boolean() }).strict(),
  }),
  'indicatorSets.list': query({
    input: z.object({ includeRetired: z.boolean().default(false) }).strict(),
    output: z.object({ rows: z.array(indicatorSetRowSchema), suffixListDay: z.string() }).strict(),
  }),
  /** Corrects name, source, licence, day or version; the file stays as it is. */
  'indicatorSets.amend': command({
    input: z
      .object({ id: indicatorSetIdSchema, recordVersion: versionSchema, changes: setSourceSchema.partial() })
      .strict(),
    output: z.object({ recordVersion: versionSchema }).strict(),
  }),
  /** Out of use from now on, or into use again. Old results keep naming it. */
  'indicatorSets.use': command({
    input: z
      .object({
        id: indicatorSetIdSchema,
        recordVersion: versionSchema,
        inUse: z.boolean(),
        reason: lineSchema.default(''),
      })
      .strict(),
    output: z.object({ recordVersion: versionSchema }).strict(),
  }),
  /** What could not be used, one by one, with its reason. */
  'indicatorSets.skipped': query({
    input: pageInputSchema
      .extend({
        id: indicatorSetIdSchema,
        reasons: z.array(z.enum(SKIP_REASONS)).max(SKIP_REASONS.length).optional(),
      })
      .strict(),
    output: z
      .object({
        /** All that were skipped; one by one at most `SET_LIMITS.listed` of a file are listed. */
        counts: z.partialRecord(z.enum(SKIP_REASONS), z.number().int()),
        total: z.number().int(),
        rows: z.array(
          z
            .object({ file: z.string(), entry: z.string(), what: z.string(), reason: z.enum(SKIP_REASONS) })
            .strict(),
        ),
      })
      .strict(),
  }),
  /** The indicators of a set, read again from its file in a parser; values defanged. */
  'indicatorSets.inspect': task({
    power: 'read',
    input: pageInputSchema
      .extend({
        id: indicatorSetIdSchema,
        types: z.array(z.enum(INDICATOR_TYPES)).max(INDICATOR_TYPES.length).optional(),
        text: lineSchema.optional(),
      })
      .strict(),
    output: z
      .object({
        total: z.number().int(),
        rows: z.array(
          z
            .object({
              value: z.string(),
              type: z.enum(INDICATOR_TYPES),
              collection: z.string(),
              file: z.string(),
              state: z.enum(INDICATOR_STATES).nullable(),
            })
            .strict(),
        ),
      })
      .strict(),
  }),
} as const;
