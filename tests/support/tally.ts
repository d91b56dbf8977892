import { appendFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the runs of one `npm test` leave their counts; `scripts/test.mjs` empties it first and prints it last. */
const FOLDER = resolve(import.meta.dirname, '..', '..', '.build', 'tally');

export type TallyKind =
  | 'kills'
  | 'bit flips'
  | 'page replays'
  | 'power cuts'
  | 'calls to the disk at which a process died'
  | 'mutations that had to fail'
  | 'fuzz executions'
  | 'canary bytes scanned'
  | 'connections and datagrams watched for, in seconds';

/** What a test did many times over. `control`: what showed, in the same run, that a failure would have been seen. */
export interface Tally {
  readonly kind: TallyKind;
  /** What was done to what, a few words. */
  readonly what: string;
  readonly done: number;
  readonly failures: number;
  readonly control: string;
}

/** Notes a count for the table at the end of the run. A test still asserts by itself that nothing failed. */
export const tally = (entry: Tally): void => {
  mkdirSync(FOLDER, { recursive: true });
  appendFileSync(join(FOLDER, `${process.pid}.jsonl`), `${JSON.stringify(entry)}\n`);
};
