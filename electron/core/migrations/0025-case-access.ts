import type { Migration } from './migration.ts';

/**
 * Who may open which case, who answers for it, and what waits for somebody's eyes because of that. The tables stand
 * beside `case_file`: another column there would change the hash of every row that the journal already knows.
 * A case without a row was made before there were any and is open to everybody.
 */
export const caseAccess: Migration = {
  number: 25,
  name: 'case access',
  statements: [
    // The id is the case's own.
    /* sql */ `CREATE TABLE case_access (
      id TEXT PRIMARY KEY REFERENCES case_file (id),
      visibility TEXT NOT NULL CHECK (visibility IN ('open','restricted','sealed')),
      responsible TEXT NOT NULL REFERENCES roster (id),
      since INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX case_access_responsible ON case_access (responsible)`,
    /* sql */ `CREATE INDEX case_access_closed ON case_access (visibility, id) WHERE visibility <> 'open'`,
    /* sql */ `CREATE TABLE case_access_person (
      id TEXT PRIMARY KEY,
      case_id TEXT NOT NULL REFERENCES case_file (id),
      slot_id TEXT NOT NULL REFERENCES roster (id),
      since INTEGER NOT NULL,
      UNIQUE (case_id, slot_id)
    ) STRICT`,
    /* sql */ `CREATE INDEX case_access_person_slot ON case_access_person (slot_id, case_id)`,
    /* sql */ `CREATE TABLE access_notice (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('emergencyAccess','nameInHiddenCase','bulkReading')),
      slot_id TEXT NOT NULL REFERENCES roster (id),
      case_id TEXT REFERENCES case_file (id),
      reason TEXT NOT NULL,
      cases INTEGER,
      at INTEGER NOT NULL,
      until INTEGER,
      reviewed_by TEXT REFERENCES roster (id),
      reviewed_at INTEGER,
      review_note TEXT NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX access_notice_case ON access_notice (case_id, at DESC)`,
    /* sql */ `CREATE INDEX access_notice_slot ON access_notice (slot_id, until)`,
    /* sql */ `CREATE INDEX access_notice_waiting ON access_notice (at DESC) WHERE reviewed_at IS NULL`,
    // Whose draft it is, by roster id; empty: typed before anybody asked.
    /* sql */ `ALTER TABLE draft ADD COLUMN author TEXT NOT NULL DEFAULT ''`,
  ],
};
