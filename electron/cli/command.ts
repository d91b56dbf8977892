import type { Arguments, OptionSpec } from './arguments.ts';
import type { Output } from './output.ts';

/** One thing that `resguardo` can do. */
export interface Command {
  /** Words that call it, such as `['vault', 'create']`. */
  readonly words: readonly string[];
  readonly options: OptionSpec;
  readonly positionals: { readonly min: number; readonly max: number };
  /** What follows the words in the help, such as `DIR [--practice]`. */
  readonly form: string;
  /** Gives the exit code: 0 done, 1 refused. Throws `AppError`, `UsageError` or `Refusal`. */
  run(args: Arguments, output: Output): Promise<number>;
}

/** Commands that take no word besides their options, and those that take one. */
export const NO_WORDS = { min: 0, max: 0 } as const;
export const ONE_WORD = { min: 1, max: 1 } as const;

/** Options that each take one value: most do. */
export const valued = (...names: readonly string[]): OptionSpec =>
  Object.fromEntries(names.map((name) => [name, 'value' as const]));
