import type { Migration } from './migration.ts';

/**
 * What a pass over results could not read whole. A pass that says nothing of it would let "no signs" stand for files
 * that nobody read. A table of its own: one more column would change the hash of every row that the journal vouches for.
 */
export const unreadResults: Migration = {
  number: 70,
  name: 'unread results',
  statements: [
    // `id`: the pass. `files`: how many; a pass that read all of them has no row.
    /* sql */ `CREATE TABLE run_unread (
      id TEXT PRIMARY KEY REFERENCES matching_run (id),
      files INTEGER NOT NULL CHECK (files > 0)
    ) STRICT`,
  ],
};
