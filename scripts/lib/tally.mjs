import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/* What tests did many times over: `tests/support/tally.ts` writes it down, the end of a run prints it. */
const folder = join(root, '.build', 'tally');

/** Forgets the counts of the run before. */
export const clearTallies = () => {
  rmSync(folder, { recursive: true, force: true });
};

/** A table of all counts, with a sum for each kind; empty where nothing was counted. */
export const tallyTable = () => {
  if (!existsSync(folder)) return '';
  const entries = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
  const kinds = [...new Set(entries.map(({ kind }) => kind))].sort();
  const number = (value) => value.toLocaleString('en-US');
  return kinds
    .flatMap((kind) => {
      const of = entries.filter((entry) => entry.kind === kind);
      const sum = (field) => of.reduce((all, entry) => all + entry[field], 0);
      return [
        `${kind}: ${number(sum('done'))}, failures: ${number(sum('failures'))}`,
        ...of.map(
          ({ what, done, failures, control }) =>
            `  ${what}: ${number(done)}, ${number(failures)} failed; control: ${control}`,
        ),
      ];
    })
    .join('\n');
};
