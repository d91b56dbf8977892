import { z } from 'zod';

/** A TEXT column that holds JSON of a known shape; anything else is a damaged row. */
export const jsonColumn = <S extends z.ZodType>(schema: S) =>
  z.string().transform((text, context): z.output<S> => {
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
    const parsed = schema.safeParse(raw);
    if (!parsed.success) {
      context.addIssue({ code: 'custom', message: 'other shape' });
      return z.NEVER;
    }
    return parsed.data;
  });

/** The same for a column that may be NULL. */
export const jsonColumnOrNull = <S extends z.ZodType>(schema: S) => z.union([z.null(), jsonColumn(schema)]);

/** An INTEGER column of milliseconds since epoch, given as an ISO instant. */
export const instantColumn = z
  .number()
  .int()
  .transform((ms) => new Date(ms).toISOString());

/** An INTEGER column that holds 0 or 1. */
export const flagColumn = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);

/** One row with one number, such as a count. */
export const countRow = z.object({ n: z.number().int() });
