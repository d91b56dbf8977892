import type { Migration } from './migration.ts';

/**
 * Files that were taken in for a form that is not a record yet. The form may be left, and the vault locked, while one
 * is still being sealed: what is written into the draft by the form itself then lacks it. A row goes when the form
 * becomes a record, and a while after its draft is gone.
 */
export const draftFiles: Migration = {
  number: 60,
  name: 'draft files',
  statements: [
    // `came_with`: the case that the form named when the file came in; it may be corrected before it is saved.
    // `author`: whose form it is, by roster id, as in `draft`.
    /* sql */ `CREATE TABLE draft_file (
      evidence_id TEXT PRIMARY KEY REFERENCES evidence (id),
      draft_id TEXT NOT NULL,
      came_with TEXT,
      author TEXT NOT NULL,
      taken_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX draft_file_draft ON draft_file (draft_id)`,
  ],
};
