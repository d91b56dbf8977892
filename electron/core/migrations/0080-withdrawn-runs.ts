import type { Migration } from './migration.ts';

/**
 * Passes over results of which somebody said, when they were deleted, that they were not of this device. They stay for
 * the record and count no more: "no signs" must not rest on somebody else's phone. A table of its own, as `run_unread`.
 */
export const withdrawnRuns: Migration = {
  number: 80,
  name: 'withdrawn runs',
  statements: [
    // `id`: the pass. `evidence_id`: the deleted item; who said it, and why, stands in its tombstone.
    /* sql */ `CREATE TABLE run_withdrawn (
      id TEXT PRIMARY KEY REFERENCES matching_run (id),
      evidence_id TEXT NOT NULL REFERENCES evidence (id),
      withdrawn_at INTEGER NOT NULL
    ) STRICT`,
  ],
};
