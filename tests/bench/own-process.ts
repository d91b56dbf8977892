import { execFileSync } from 'node:child_process';

/*
 * Parts of the measuring that run in a process of their own, this same program started again: making large files does
 * not count as memory of reading them, and what an earlier part left on the heap does not count as a later part's.
 */

const MARK = '--own-process';

/** A part by its name; takes and gives what JSON can hold. */
export type OwnPart = (input: never) => unknown;

/** Runs a part of `ownProcess` and waits for it. Throws where it failed; what it wrote to stderr is seen. */
export const inOwnProcess = (part: string, input: unknown): unknown => {
  const args = [...process.execArgv, process.argv[1] ?? '', MARK, part, JSON.stringify(input)];
  const answer = execFileSync(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  return JSON.parse(answer) as unknown;
};

/** The other side of it; gives false where the program was not started for a part. */
export const ownProcess = async (
  argv: readonly string[],
  parts: Readonly<Record<string, OwnPart>>,
): Promise<boolean> => {
  const [mark, name = '', input = 'null'] = argv;
  if (mark !== MARK) return false;
  const part = parts[name];
  if (part === undefined) throw new Error(`no part ${name}`);
  const answer = await part(JSON.parse(input) as never);
  process.stdout.write(JSON.stringify(answer ?? null));
  return true;
};
