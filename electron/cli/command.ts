import type { OptionSpec } from './arguments.ts';
import type { Arguments } from './arguments.ts';
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
