import { z } from 'zod';
import { cleanText, daySchema } from '#shared/model/filing-document.ts';
import { AppError } from '#shared/errors.ts';

/**
 * `case.json`: the redacted case as data, for laboratories, allies and archives. Every reference is a number
 * of this package (see `numberShuffled`); there is no place for an id, a moment or a free field.
 */
const number = z.number().int().min(1).max(1_000_000);
const text = z
  .string()
  .max(50_000)
  .refine(
    (value) =>
      value === '' || value.split('\n').every((line) => line === '' || cleanText(line) === line.trim()),
    'invisible signs',
  );
const line = text.refine((value) => !value.includes('\n'), 'one line');
/** A day, month or year, as exactly as the recipient may know it. */
const generalDate = z.string().regex(/^\d{4}(?:-\d{2}(?:-\d{2})?)?$/);

const annexNumbers = z.array(number).max(1_000);

export const packageCaseSchema = z
  .object({
    format: z.literal('resguardo-case-1'),
    language: z.enum(['es', 'en']),
    day: daySchema,
    title: line,
    persons: z
      .array(
        z
          .object({
            number,
            label: line,
            kind: z.enum(['person', 'family', 'collective', 'organisation']),
            roles: z.array(line).max(20),
          })
          .strict(),
      )
      .max(10_000),
    incidents: z
      .array(
        z
          .object({
            number,
            date: generalDate.nullable(),
            dateEnd: generalDate.nullable(),
            place: line.nullable(),
            title: line,
            narrative: text,
            linkToWork: text.nullable(),
            acts: z
              .array(
                z
                  .object({
                    number,
                    type: line,
                    affected: z.array(number).max(1_000),
                    alleged: z.array(line).max(100),
                    annexes: annexNumbers,
                  })
                  .strict(),
              )
              .max(1_000),
            annexes: annexNumbers,
          })
          .strict(),
      )
      .max(10_000),
    measures: z
      .array(
        z
          .object({
            number,
            name: line,
            state: line,
            requested: generalDate.nullable(),
            granted: generalDate.nullable(),
            working: z.boolean().nullable(),
            note: text.nullable(),
          })
          .strict(),
      )
      .max(10_000),
    proceedings: z
      .array(
        z.object({ number, kind: line, authority: line, state: line, date: generalDate.nullable() }).strict(),
      )
      .max(10_000),
    annexes: z
      .array(
        z
          .object({
            number,
            file: line,
            kind: line,
            description: text,
            sha256: z.string().regex(/^[0-9a-f]{64}$/),
            bytes: z.number().int().min(0),
          })
          .strict(),
      )
      .max(10_000),
  })
  .strict()
  .superRefine((value, context) => {
    const once = (name: string, numbers: readonly number[]): Set<number> => {
      const set = new Set(numbers);
      if (set.size !== numbers.length)
        context.addIssue({ code: 'custom', message: 'number twice', path: [name] });
      return set;
    };
    const persons = once(
      'persons',
      value.persons.map((one) => one.number),
    );
    const annexes = once(
      'annexes',
      value.annexes.map((one) => one.number),
    );
    once(
      'incidents',
      value.incidents.map((one) => one.number),
    );
    for (const incident of value.incidents) {
      const used = [...incident.annexes, ...incident.acts.flatMap((act) => act.annexes)];
      const affected = incident.acts.flatMap((act) => act.affected);
      // A number without its thing would tell that something was left out.
      if (used.some((one) => !annexes.has(one)) || affected.some((one) => !persons.has(one))) {
        context.addIssue({
          code: 'custom',
          message: 'reference to something not included',
          path: ['incidents'],
        });
      }
    }
  });
export type PackageCase = z.infer<typeof packageCaseSchema>;

const jsonBytes = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');

/** Bytes of `data/case.json`; keys in the order of the schema, lists by number. Throws `AppError` `export.outsideAllowList` for anything the schema does not allow. */
export const caseJsonBytes = (input: PackageCase): Buffer => {
  const parsed = packageCaseSchema.safeParse(input);
  if (!parsed.success) throw new AppError('export.outsideAllowList');
  const byNumber = <T extends { number: number }>(list: readonly T[]): T[] =>
    [...list].sort((a, b) => a.number - b.number);
  const value = parsed.data;
  return jsonBytes({
    ...value,
    persons: byNumber(value.persons),
    incidents: byNumber(value.incidents).map((incident) => ({ ...incident, acts: byNumber(incident.acts) })),
    measures: byNumber(value.measures),
    proceedings: byNumber(value.proceedings),
    annexes: byNumber(value.annexes),
  });
};

/** Bytes of `data/case.schema.json`: JSON Schema 2020-12 of the above. */
export const caseSchemaBytes = (): Buffer =>
  jsonBytes(z.toJSONSchema(packageCaseSchema, { unrepresentable: 'any', io: 'output' }));
