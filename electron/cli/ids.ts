import type { z } from 'zod';
import type { CaseId } from '#shared/model/ids.ts';
import type { Arguments } from './arguments.ts';
import type { Client } from './client.ts';
import { findCase } from './commands/evidence.ts';
import { UsageError } from './usage-error.ts';

/** An id as a person copied it. Errors: `UsageError` `usage.badId`. */
export const idOf = <S extends z.ZodType>(schema: S, text: string | undefined): z.output<S> => {
  const id = schema.safeParse(text);
  if (!id.success) throw new UsageError('usage.badId');
  return id.data;
};

/** The id after an option, or nothing where the option is not there. Errors: `UsageError` `usage.badId`. */
export const maybeId = <S extends z.ZodType>(
  schema: S,
  args: Arguments,
  option: string,
): z.output<S> | undefined => {
  const text = args.value(option);
  return text === undefined ? undefined : idOf(schema, text);
};

/** The case whose code stands after `--case`, or nothing. Errors: `Refusal` `case.notFound`. */
export const maybeCase = async (client: Client, args: Arguments): Promise<{ caseId?: CaseId }> => {
  const code = args.value('case');
  return code === undefined ? {} : { caseId: await findCase(client, code) };
};

/** Values that were given, by the field that each belongs to; options that are not there leave no field. */
export const given = <F extends string>(
  args: Arguments,
  options: Readonly<Record<F, string>>,
): Partial<Record<F, string>> => {
  const found: Partial<Record<F, string>> = {};
  for (const field of Object.keys(options) as F[]) {
    const value = args.value(options[field]);
    if (value !== undefined) found[field] = value;
  }
  return found;
};
