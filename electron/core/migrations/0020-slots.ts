import type { Migration } from './migration.ts';

/**
 * What is known of a slot besides its signed row, and the statements that a row bore before its powers were
 * changed. Both are audited: whoever signed something at a position of the journal must have been allowed to at
 * that position, also after they were demoted or left. The founder of an older vault has no detail row.
 */
export const slotDetails: Migration = {
  number: 20,
  name: 'slot details',
  statements: [
    /* sql */ `CREATE TABLE slot_detail (
      id TEXT PRIMARY KEY REFERENCES roster (id),
      factor TEXT NOT NULL CHECK (factor IN ('none','keyFile','machine')),
      epoch INTEGER,
      stated_at INTEGER NOT NULL,
      replaces TEXT REFERENCES roster (id),
      approver BLOB CHECK (approver IS NULL OR length(approver) = 32),
      approval BLOB CHECK (approval IS NULL OR length(approval) = 64),
      share_set BLOB CHECK (share_set IS NULL OR length(share_set) = 4),
      share_commitment BLOB CHECK (share_commitment IS NULL OR length(share_commitment) = 32),
      share_needed INTEGER,
      share_pages INTEGER,
      exposed_in INTEGER
    ) STRICT`,
    /* sql */ `CREATE TABLE roster_past (
      id TEXT PRIMARY KEY,
      slot_id TEXT NOT NULL REFERENCES roster (id),
      name TEXT NOT NULL,
      powers TEXT NOT NULL,
      signer BLOB NOT NULL CHECK (length(signer) = 32),
      signature BLOB NOT NULL CHECK (length(signature) = 64),
      stated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX roster_past_slot ON roster_past (slot_id, stated_at)`,
  ],
};
