import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

/** `flag`: present or not. `value`: once, with a value. `values`: any number of times. */
export type OptionKind = 'flag' | 'value' | 'values';
export type OptionSpec = Readonly<Record<string, OptionKind>>;

/** What every command takes. */
const COMMON = {
  json: 'flag',
  language: 'value',
  vault: 'value',
  'passphrase-file': 'value',
  'passphrase-fd': 'value',
  'key-file': 'value',
  'words-file': 'value',
  'shares-file': 'values',
  'profile-folder': 'value',
} as const satisfies OptionSpec;

/** Arguments after they were told apart; each is asked for by the type it must have. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly json: boolean;
  /** Whether the option stands there at all, whatever its kind. */
  has(name: string): boolean;
  flag(name: string): boolean;
  value(name: string): string | undefined;
  values(name: string): readonly string[];
  /** A value that must be there. Errors: `UsageError`. */
  need(name: string): string;
}

/**
 * Tells options and positionals apart, strictly: an unknown option, one given twice, or one without its value
 * is refused, because a mistyped option that is ignored can end in an unencrypted file.
 *
 * @param positionals how many the command takes.
 * @param words of the command itself, for the help that an error points to.
 */
export const readArguments = (
  argv: readonly string[],
  options: OptionSpec,
  positionals: { readonly min: number; readonly max: number },
  words: readonly string[] = [],
): Arguments => {
  const spec: OptionSpec = { ...COMMON, ...options };
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries(
        Object.entries(spec).map(([name, kind]) => [
          name,
          kind === 'flag' ? { type: 'boolean' as const } : { type: 'string' as const, multiple: true },
        ]),
      ),
    });
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    const option = /'(?:-\w, )?(--?[\w-]+)/u.exec(thrown instanceof Error ? thrown.message : '')?.[1] ?? '';
    throw new UsageError(
      code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? 'usage.unknownOption' : 'usage.optionValue',
      { option },
    );
  }
  const given = parsed.values as Readonly<Record<string, boolean | string[] | undefined>>;
  if (parsed.positionals.length < positionals.min)
    throw new UsageError('usage.tooFew', { command: ['help', ...words].join(' ') });
  if (parsed.positionals.length > positionals.max) throw new UsageError('usage.tooMany');
  const all = (name: string): string[] => {
    const found = given[name];
    return Array.isArray(found) ? found : [];
  };
  for (const [name, kind] of Object.entries(spec)) {
    if (kind === 'value' && all(name).length > 1)
      throw new UsageError('usage.twice', { option: `--${name}` });
    if (all(name).includes('')) throw new UsageError('usage.optionValue', { option: `--${name}` });
  }
  return {
    positionals: parsed.positionals,
    json: given['json'] === true,
    has: (name) => given[name] === true || all(name).length > 0,
    flag: (name) => given[name] === true,
    value: (name) => all(name)[0],
    values: (name) => all(name),
    need: (name) => {
      const value = all(name)[0];
      if (value === undefined) throw new UsageError('usage.missingOption', { option: `--${name}` });
      return value;
    },
  };
};

/**
 * Options that would do nothing beside `option`: refused, because whoever typed them believes that they count.
 * Errors: `UsageError` `usage.notBeside`.
 */
export const refuseBeside = (args: Arguments, option: string, others: readonly string[]): void => {
  const idle = others.find((name) => args.has(name));
  if (args.has(option) && idle !== undefined)
    throw new UsageError('usage.notBeside', { option: `--${idle}`, other: `--${option}` });
};

/** Options that do nothing without `option`. Errors: `UsageError` `usage.onlyBeside`. */
export const refuseWithout = (args: Arguments, option: string, others: readonly string[]): void => {
  const idle = others.find((name) => args.has(name));
  if (!args.has(option) && idle !== undefined)
    throw new UsageError('usage.onlyBeside', { option: `--${idle}`, other: `--${option}` });
};

/** Common options that mean nothing to this command. Errors: `UsageError` `usage.noEffect`. */
export const refuseIdle = (args: Arguments, others: readonly string[]): void => {
  const idle = others.find((name) => args.has(name));
  if (idle !== undefined) throw new UsageError('usage.noEffect', { option: `--${idle}` });
};

/** One of a closed list. Errors: `UsageError`. */
export const oneOf = <T extends string>(option: string, value: string, list: readonly T[]): T => {
  const found = list.find((item) => item === value);
  if (found === undefined) {
    throw new UsageError('usage.oneOf', { option: `--${option}`, list: list.join(', ') });
  }
  return found;
};
