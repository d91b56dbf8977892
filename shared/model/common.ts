import { z } from 'zod';

/** Instant in UTC, ISO 8601 with milliseconds and `Z`. */
export const instantSchema = z.iso.datetime({ precision: 3 });
/** Calendar day without a zone, `YYYY-MM-DD`. */
export const daySchema = z.iso.date();

export const lineSchema = z.string().trim().max(500);
export const textSchema = z.string().max(200_000);
export const versionSchema = z.number().int().min(1);

/**
 * The three empties, kept apart because they mean different things in figures and in care:
 * nobody asked, the person did not want to say, the person does not know.
 */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('said'), words: z.string().trim().min(1).max(2_000) }).strict(),
  z.object({ kind: z.literal('notAsked') }).strict(),
  z.object({ kind: z.literal('declined') }).strict(),
  z.object({ kind: z.literal('unknown') }).strict(),
]);
export type Answer = z.infer<typeof answerSchema>;

/** Page of a list: `total` counts all rows that match. */
export const pageInputSchema = z.object({
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});

export const languageSchema = z.enum(['es', 'en']);
export type Language = z.infer<typeof languageSchema>;
