import type { Migration } from './migration.ts';

/**
 * What is held back, deleted, erased and approved by a second person; and the rule that what the journal
 * keeps of changes is emptied by an erasure that says which entries it emptied, and by nothing else.
 *
 * A table whose rows must never change names `erasure_open` in its trigger: inside an erasure, and only there,
 * a person's name may be taken out of a row that is otherwise append-only.
 */
export const erasureAndApproval: Migration = {
  number: 40,
  name: 'erasure and approval',
  statements: [
    // Evidence whose key is gone. The id is the evidence's own: an item is deleted once.
    /* sql */ `CREATE TABLE evidence_tombstone (
      id TEXT PRIMARY KEY REFERENCES evidence (id),
      object_id BLOB NOT NULL UNIQUE CHECK (length(object_id) = 16),
      reason TEXT NOT NULL,
      legal_basis TEXT NOT NULL,
      actor TEXT NOT NULL,
      deleted_at INTEGER NOT NULL
    ) STRICT`,
    // How far a person's data is held back. The id is the person's own; no row: not at all.
    /* sql */ `CREATE TABLE person_hold (
      id TEXT PRIMARY KEY REFERENCES person (id),
      state TEXT NOT NULL CHECK (state IN ('restricted','blocked','erased')),
      code TEXT NOT NULL,
      reason TEXT NOT NULL,
      legal_basis TEXT NOT NULL,
      request_id TEXT REFERENCES data_request (id),
      actor TEXT NOT NULL,
      since INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX person_hold_state ON person_hold (state, id)`,
    /* sql */ `CREATE TABLE data_request (
      id TEXT PRIMARY KEY,
      person_id TEXT NOT NULL REFERENCES person (id),
      kinds TEXT NOT NULL,
      received_on TEXT NOT NULL,
      channel TEXT NOT NULL,
      identified_by TEXT NOT NULL,
      note TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open','answered','closed')),
      outcome TEXT NOT NULL,
      answered_on TEXT,
      carried_out_on TEXT,
      extended INTEGER NOT NULL,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX data_request_person ON data_request (person_id)`,
    /* sql */ `CREATE INDEX data_request_state ON data_request (state, received_on, id)`,
    // One erasure. 'positions_hash' binds the list of journal entries that it emptied.
    /* sql */ `CREATE TABLE erasure (
      id TEXT PRIMARY KEY,
      person_id TEXT NOT NULL REFERENCES person (id),
      request_id TEXT REFERENCES data_request (id),
      reason TEXT NOT NULL,
      legal_basis TEXT NOT NULL,
      actor TEXT NOT NULL,
      replaced INTEGER NOT NULL,
      payloads INTEGER NOT NULL,
      positions_hash BLOB NOT NULL CHECK (length(positions_hash) = 32),
      erased_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE TABLE erased_payload (
      position INTEGER PRIMARY KEY REFERENCES journal (position),
      erasure_id TEXT NOT NULL REFERENCES erasure (id)
    ) STRICT`,
    /* sql */ `CREATE INDEX erased_payload_erasure ON erased_payload (erasure_id, position)`,
    /* sql */ `CREATE TABLE erasure_open (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID`,
    // The frozen copy of a filing that was sent: shut away, or erased. The ledger itself never changes here.
    /* sql */ `CREATE TABLE copy_hold (
      id TEXT PRIMARY KEY REFERENCES ledger (id),
      state TEXT NOT NULL CHECK (state IN ('blocked','erased')),
      person_id TEXT NOT NULL REFERENCES person (id),
      since INTEGER NOT NULL
    ) STRICT`,
    // A second person's signature over what she saw.
    /* sql */ `CREATE TABLE approval (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('export','dump')),
      subject TEXT NOT NULL,
      digest BLOB NOT NULL CHECK (length(digest) = 32),
      slot_id TEXT NOT NULL REFERENCES roster (id),
      signer BLOB NOT NULL CHECK (length(signer) = 32),
      signature BLOB NOT NULL CHECK (length(signature) = 64),
      how TEXT NOT NULL CHECK (how IN ('window','session')),
      approved_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX approval_subject ON approval (kind, subject, approved_at DESC)`,

    /* sql */ `CREATE TRIGGER journal_payload_no_update BEFORE UPDATE ON journal_payload
      WHEN NOT (new.position = old.position AND new.payload IS NULL AND new.salt = zeroblob(16)
        AND EXISTS (SELECT 1 FROM erased_payload WHERE position = old.position)
        AND EXISTS (SELECT 1 FROM erasure_open))
      BEGIN SELECT RAISE(ABORT, 'journal'); END`,
    /* sql */ `CREATE TRIGGER journal_payload_no_delete BEFORE DELETE ON journal_payload
      BEGIN SELECT RAISE(ABORT, 'journal'); END`,
    /* sql */ `CREATE TRIGGER erased_payload_no_insert BEFORE INSERT ON erased_payload
      WHEN NOT EXISTS (SELECT 1 FROM erasure_open)
      BEGIN SELECT RAISE(ABORT, 'journal'); END`,
    /* sql */ `CREATE TRIGGER erased_payload_no_update BEFORE UPDATE ON erased_payload
      BEGIN SELECT RAISE(ABORT, 'journal'); END`,
    /* sql */ `CREATE TRIGGER erased_payload_no_delete BEFORE DELETE ON erased_payload
      BEGIN SELECT RAISE(ABORT, 'journal'); END`,
    /* sql */ `DROP TRIGGER custody_no_update`,
    /* sql */ `CREATE TRIGGER custody_no_update BEFORE UPDATE ON custody
      WHEN NOT (new.id = old.id AND new.evidence_id = old.evidence_id AND new.position = old.position
        AND new.action = old.action AND new.at = old.at AND EXISTS (SELECT 1 FROM erasure_open))
      BEGIN SELECT RAISE(ABORT, 'custody'); END`,
    /* sql */ `CREATE TRIGGER custody_no_delete BEFORE DELETE ON custody
      BEGIN SELECT RAISE(ABORT, 'custody'); END`,
  ],
};
