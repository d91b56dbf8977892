import type { Migration } from './migration.ts';

/**
 * What the vault remembers of its backups, so that a target that went back, lost an entry or was replaced is
 * recognised. Not audited: a run would otherwise change the journal whose state it has just copied, and an
 * unchanged vault could never be told from a changed one. Adding a target is journalled.
 */
export const backups: Migration = {
  number: 30,
  name: 'backups',
  statements: [
    /* sql */ `CREATE TABLE backup_target (
      id TEXT PRIMARY KEY CHECK (length(id) = 32),
      path TEXT NOT NULL,
      name TEXT NOT NULL,
      added_at INTEGER NOT NULL,
      tried_at INTEGER,
      error TEXT,
      success_at INTEGER,
      success_position INTEGER,
      verified_at INTEGER,
      verified_ok INTEGER CHECK (verified_ok IN (0, 1)),
      rehearsed_at INTEGER,
      catalogue_n INTEGER NOT NULL,
      catalogue_hash BLOB NOT NULL CHECK (length(catalogue_hash) = 32),
      warnings TEXT NOT NULL
    ) STRICT`,
    /* sql */ `CREATE TABLE backup_snapshot (
      target_id TEXT NOT NULL REFERENCES backup_target (id),
      snapshot_id BLOB NOT NULL CHECK (length(snapshot_id) = 16),
      n INTEGER NOT NULL,
      taken_at INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
      incarnation BLOB NOT NULL CHECK (length(incarnation) = 16),
      journal_seq INTEGER NOT NULL,
      position INTEGER NOT NULL,
      head BLOB NOT NULL CHECK (length(head) = 32),
      header_seq INTEGER NOT NULL,
      header_file TEXT NOT NULL,
      generation INTEGER NOT NULL,
      object_count INTEGER NOT NULL,
      objects_hash BLOB NOT NULL CHECK (length(objects_hash) = 32),
      lost INTEGER NOT NULL CHECK (lost IN (0, 1)),
      PRIMARY KEY (target_id, snapshot_id)
    ) STRICT, WITHOUT ROWID`,
    /* sql */ `CREATE TABLE backup_preference (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      keep INTEGER NOT NULL,
      remind_days INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `INSERT INTO backup_preference (only, keep, remind_days) VALUES (1, 3, 14)`,
    // Copies of the database kept from before a migration, and how often the vault was opened since.
    /* sql */ `CREATE TABLE kept_copy (
      name TEXT PRIMARY KEY,
      version INTEGER NOT NULL,
      made_at INTEGER NOT NULL,
      opens INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
  ],
};
