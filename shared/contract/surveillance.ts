import { z } from 'zod';
import { languageSchema, lineSchema, instantSchema } from '../model/common.ts';
import { caseIdSchema, targetIdSchema } from '../model/ids.ts';
import { examinationIdSchema } from '../model/surveillance-ids.ts';
import { query, task } from './define.ts';
import { devices } from './devices.ts';
import { digitalAttacks, milestones } from './digital-attacks.ts';
import { examinations } from './examinations.ts';
import { indicatorSets } from './indicator-sets.ts';
import { notifications, suspiciousMessages } from './suspicious-messages.ts';

/** What left the vault outside a filing: receipts, indicator bundles and timelines. */
export const surveillanceOutputSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['receipt', 'stix', 'timeline']),
    caseId: caseIdSchema.nullable(),
    recipient: z.string(),
    sizeBytes: z.number().int(),
    sha256: z.string(),
    actor: z.string(),
    at: instantSchema,
  })
  .strict();

export const surveillance = {
  ...devices,
  ...examinations,
  ...suspiciousMessages,
  ...notifications,
  ...digitalAttacks,
  ...milestones,
  ...indicatorSets,
  /**
   * STIX 2.1 bundle of the indicators that findings coincided with, and one sighting each: no person, no device, no
   * observed value, ids made for this bundle, times cut to the day unless asked. Only confirmed and suspicious findings
   * unless asked. Errors: `examination.preservationOnly`, `stix.nothingToTell`, `export.cloudFolder`, `disk.*`.
   */
  'surveillance.exportStix': task({
    power: 'release',
    input: z
      .object({
        examinationIds: z.array(examinationIdSchema).min(1).max(500),
        recipient: lineSchema.min(1),
        includeToReview: z.boolean().default(false),
        /** `none` leaves the times out; `exact` is chosen knowingly. */
        times: z.enum(['none', 'day', 'exact']).default('day'),
        language: languageSchema.default('es'),
        target: targetIdSchema,
      })
      .strict(),
    output: z
      .object({
        indicators: z.number().int(),
        sightings: z.number().int(),
        sizeBytes: z.number().int(),
        sha256: z.string(),
      })
      .strict(),
  }),
  'surveillance.outputs': query({
    input: z.object({ caseId: caseIdSchema.optional() }).strict(),
    output: z.object({ rows: z.array(surveillanceOutputSchema) }).strict(),
  }),
} as const;
