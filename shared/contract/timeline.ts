import { z } from 'zod';
import { daySchema, instantSchema, languageSchema, lineSchema, pageInputSchema } from '../model/common.ts';
import { caseIdSchema, targetIdSchema } from '../model/ids.ts';
import { partialDateSchema } from '../model/partial-date.ts';
import { deviceIdSchema } from '../model/surveillance-ids.ts';
import { query, task } from './define.ts';

export const TIMELINE_KINDS = [
  'incident',
  'message',
  'notification',
  'finding',
  'reception',
  'return',
  'custody',
  'examination',
  'milestone',
  'evidence',
  'export',
  'consent',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** One line of a timeline; `kind` and `id` say which record to open. */
export const timelineEntrySchema = z
  .object({
    kind: z.enum(TIMELINE_KINDS),
    id: z.string(),
    /** Local minute `YYYY-MM-DDTHH:MM` by which it is ordered; a shorter key is a less exact date, empty: undated. */
    whenKey: z.string(),
    when: partialDateSchema,
    /** Short words: title, sender, indicator. Links defanged. */
    title: z.string(),
    /** Code of a closed list of the kind: main act, channel, provider, level, custody action ... or empty. */
    code: z.string(),
    /** Second code: review state of a finding, outcome of an examination, answer of a consent ... or empty. */
    state: z.string(),
    digital: z.boolean(),
    deviceId: deviceIdSchema.nullable(),
    person: z.string(),
  })
  .strict();
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** Something digital near something else, with the distance in days (negative: before it). */
export const patternSchema = z
  .object({
    anchor: timelineEntrySchema,
    near: z.array(z.object({ entry: timelineEntrySchema, days: z.number().int() }).strict()),
  })
  .strict();

/** Whose timeline leaves, and which view of it. */
export const timelineSubjectSchema = z.discriminatedUnion('view', [
  z.object({ view: z.literal('case'), caseId: caseIdSchema }).strict(),
  z.object({ view: z.literal('device'), deviceId: deviceIdSchema }).strict(),
  z
    .object({ view: z.literal('patterns'), caseId: caseIdSchema, days: z.number().int().min(0).max(90) })
    .strict(),
]);
export type TimelineSubject = z.infer<typeof timelineSubjectSchema>;
export const TIMELINE_FORMATS = ['pdf', 'csv', 'svg'] as const;
export type TimelineFormat = (typeof TIMELINE_FORMATS)[number];

const range = { fromDay: daySchema.optional(), toDay: daySchema.optional() };

export const timeline = {
  'timeline.ofCase': query({
    input: pageInputSchema
      .extend({
        caseId: caseIdSchema,
        kinds: z.array(z.enum(TIMELINE_KINDS)).max(TIMELINE_KINDS.length).optional(),
        digitalOnly: z.boolean().default(false),
        descending: z.boolean().default(true),
        ...range,
      })
      .strict(),
    output: z
      .object({
        total: z.number().int(),
        undated: z.number().int(),
        rows: z.array(timelineEntrySchema),
      })
      .strict(),
  }),
  'timeline.ofDevice': query({
    input: pageInputSchema
      .extend({
        deviceId: deviceIdSchema,
        kinds: z.array(z.enum(TIMELINE_KINDS)).max(TIMELINE_KINDS.length).optional(),
        descending: z.boolean().default(true),
        ...range,
      })
      .strict(),
    output: z
      .object({ total: z.number().int(), undated: z.number().int(), rows: z.array(timelineEntrySchema) })
      .strict(),
  }),
  /**
   * Around each attack, hearing or publication of the case: messages, findings and notifications within `days`.
   * Only dates known to the day count; what cannot be placed is in `unplaced`.
   */
  'timeline.patterns': query({
    input: z.object({ caseId: caseIdSchema, days: z.number().int().min(0).max(90).default(7) }).strict(),
    output: z
      .object({
        patterns: z.array(patternSchema),
        unplaced: z.number().int(),
        computedAt: instantSchema,
      })
      .strict(),
  }),
  /**
   * Writes a timeline in clear to a chosen place: a sheet to print (PDF), a table (CSV) or a drawing (SVG). Dates and
   * classes; titles only where `titles` is chosen, and in them whatever people, devices and the case are known by is
   * withheld. Nothing of it names a person. Recorded among what left. Errors: `finding.altered`, `export.leakFound`,
   * `export.cloudFolder`, `disk.*`, `record.notFound`.
   */
  'timeline.export': task({
    power: 'release',
    input: z
      .object({
        of: timelineSubjectSchema,
        kinds: z.array(z.enum(TIMELINE_KINDS)).min(1).max(TIMELINE_KINDS.length).optional(),
        ...range,
        format: z.enum(TIMELINE_FORMATS),
        titles: z.boolean().default(false),
        recipient: lineSchema.min(1),
        language: languageSchema.default('es'),
        target: targetIdSchema,
      })
      .strict(),
    output: z
      .object({
        entries: z.number().int(),
        /** Places of titles in which something was withheld. */
        withheld: z.number().int(),
        sizeBytes: z.number().int(),
        sha256: z.string(),
      })
      .strict(),
  }),
} as const;
