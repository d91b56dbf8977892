import type { Migration } from './migration.ts';

/**
 * The first schema. Audited tables are those named in `db/audited-tables.ts`: every change to one of their
 * rows needs a journal entry in the same transaction. Times are UTC milliseconds in INTEGER columns, days and
 * partial dates are text; JSON columns are parsed by the schemas of `shared/model` on every read.
 */
export const initial: Migration = {
  number: 10,
  name: 'initial',
  statements: [
    /* sql */ `CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID`,

    // Who may open the vault. Key material stays out of the journal: it names the slot only.
    /* sql */ `CREATE TABLE roster (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      powers TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('passphrase','words','shares')),
      box_public BLOB NOT NULL CHECK (length(box_public) = 32),
      sign_public BLOB NOT NULL CHECK (length(sign_public) = 32),
      added_at INTEGER NOT NULL,
      signer BLOB NOT NULL CHECK (length(signer) = 32),
      signature BLOB NOT NULL CHECK (length(signature) = 64),
      retired_at_seq INTEGER
    ) STRICT`,
    /* sql */ `CREATE TABLE object_key (
      object_id BLOB PRIMARY KEY CHECK (length(object_id) = 16),
      generation INTEGER NOT NULL,
      nonce BLOB NOT NULL CHECK (length(nonce) = 24),
      wrapped BLOB NOT NULL CHECK (length(wrapped) = 48)
    ) STRICT, WITHOUT ROWID`,

    /* sql */ `CREATE TABLE journal (
      position INTEGER PRIMARY KEY,
      version INTEGER NOT NULL,
      incarnation BLOB NOT NULL CHECK (length(incarnation) = 16),
      device BLOB NOT NULL CHECK (length(device) = 16),
      seq INTEGER NOT NULL,
      prev BLOB NOT NULL CHECK (length(prev) = 32),
      hlc BLOB NOT NULL CHECK (length(hlc) = 8),
      actor BLOB NOT NULL CHECK (length(actor) = 32),
      method TEXT NOT NULL,
      entity_table TEXT NOT NULL,
      entity_id TEXT NOT NULL,
      after BLOB NOT NULL CHECK (length(after) = 32),
      commitment BLOB NOT NULL CHECK (length(commitment) = 32),
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      signature BLOB NOT NULL CHECK (length(signature) = 64)
    ) STRICT`,
    // Where each chain begins: numbers within a chain follow positions, so an entry is found by adding.
    /* sql */ `CREATE INDEX journal_chain ON journal (incarnation, position) WHERE seq = 1`,
    /* sql */ `CREATE INDEX journal_entity ON journal (entity_table, entity_id, position)`,
    /* sql */ `CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal'); END`,
    /* sql */ `CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal'); END`,
    // Every row that an entry answers for, with its hash as the entry left it; bound by the entry's `after`.
    /* sql */ `CREATE TABLE journal_row (
      row_table TEXT NOT NULL,
      row_id TEXT NOT NULL,
      position INTEGER NOT NULL REFERENCES journal (position),
      after BLOB NOT NULL CHECK (length(after) = 32),
      listed INTEGER NOT NULL CHECK (listed IN (0, 1)),
      PRIMARY KEY (row_table, row_id, position)
    ) STRICT, WITHOUT ROWID`,
    /* sql */ `CREATE INDEX journal_row_listed ON journal_row (position) WHERE listed = 1`,
    /* sql */ `CREATE TRIGGER journal_row_no_update BEFORE UPDATE ON journal_row BEGIN SELECT RAISE(ABORT, 'journal'); END`,
    /* sql */ `CREATE TRIGGER journal_row_no_delete BEFORE DELETE ON journal_row BEGIN SELECT RAISE(ABORT, 'journal'); END`,
    /* sql */ `CREATE TABLE journal_payload (
      position INTEGER PRIMARY KEY REFERENCES journal (position),
      salt BLOB NOT NULL CHECK (length(salt) = 16),
      payload BLOB
    ) STRICT`,

    /* sql */ `CREATE TABLE case_file (
      id TEXT PRIMARY KEY,
      code TEXT NOT NULL UNIQUE,
      neutral_code TEXT NOT NULL,
      title TEXT NOT NULL,
      state TEXT NOT NULL,
      summary TEXT NOT NULL,
      opened_day TEXT NOT NULL,
      language TEXT NOT NULL,
      interpreter TEXT NOT NULL,
      safe_channel TEXT NOT NULL,
      place_origin TEXT NOT NULL,
      place_refuge TEXT NOT NULL,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX case_file_updated ON case_file (updated_at DESC, id)`,
    /* sql */ `CREATE INDEX case_file_state ON case_file (state, updated_at DESC, id)`,

    /* sql */ `CREATE TABLE person (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      legal_name TEXT NOT NULL,
      aliases TEXT NOT NULL,
      contacts TEXT NOT NULL,
      identifiers TEXT NOT NULL,
      in_own_words TEXT NOT NULL,
      work TEXT NOT NULL,
      minor INTEGER NOT NULL,
      group_size INTEGER,
      level TEXT NOT NULL,
      note TEXT NOT NULL,
      fold TEXT NOT NULL,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX person_fold ON person (fold, id)`,
    /* sql */ `CREATE INDEX person_updated ON person (updated_at DESC, id)`,
    /* sql */ `CREATE TABLE case_person (
      id TEXT PRIMARY KEY,
      case_id TEXT NOT NULL REFERENCES case_file (id),
      person_id TEXT NOT NULL REFERENCES person (id),
      roles TEXT NOT NULL,
      relation TEXT NOT NULL,
      reserved INTEGER NOT NULL,
      added_at INTEGER NOT NULL,
      UNIQUE (case_id, person_id)
    ) STRICT`,
    /* sql */ `CREATE INDEX case_person_person ON case_person (person_id)`,

    /* sql */ `CREATE TABLE incident (
      id TEXT PRIMARY KEY,
      case_id TEXT REFERENCES case_file (id),
      title TEXT NOT NULL,
      happened TEXT NOT NULL,
      sort_key TEXT NOT NULL,
      place TEXT NOT NULL,
      state_code TEXT NOT NULL,
      online INTEGER NOT NULL,
      narrative TEXT NOT NULL,
      restricted_narrative TEXT NOT NULL,
      link_to_work TEXT NOT NULL,
      verification TEXT NOT NULL,
      sources TEXT NOT NULL,
      emergency TEXT,
      very_sensitive INTEGER NOT NULL,
      main_act TEXT NOT NULL,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX incident_sort ON incident (sort_key DESC, id, main_act)`,
    /* sql */ `CREATE INDEX incident_emergency ON incident (updated_at DESC, id) WHERE emergency IS NOT NULL`,
    /* sql */ `CREATE INDEX incident_updated ON incident (updated_at DESC, id)`,
    /* sql */ `CREATE INDEX incident_case ON incident (case_id, sort_key DESC, id)`,
    /* sql */ `CREATE INDEX incident_act ON incident (main_act, sort_key DESC, id)`,
    /* sql */ `CREATE TABLE act (
      id TEXT PRIMARY KEY,
      incident_id TEXT NOT NULL REFERENCES incident (id),
      position INTEGER NOT NULL,
      type TEXT NOT NULL,
      subtype TEXT NOT NULL,
      person_id TEXT REFERENCES person (id),
      person_words TEXT NOT NULL,
      target_kind TEXT NOT NULL,
      harms TEXT NOT NULL,
      note TEXT NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX act_incident ON act (incident_id, position)`,
    /* sql */ `CREATE INDEX act_person ON act (person_id)`,
    /* sql */ `CREATE TABLE involvement (
      id TEXT PRIMARY KEY,
      act_id TEXT NOT NULL REFERENCES act (id),
      position INTEGER NOT NULL,
      person_id TEXT REFERENCES person (id),
      person_words TEXT NOT NULL,
      kind TEXT NOT NULL,
      degree TEXT NOT NULL,
      certainty TEXT NOT NULL,
      collusion INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX involvement_act ON involvement (act_id, position)`,
    /* sql */ `CREATE INDEX involvement_person ON involvement (person_id)`,

    /* sql */ `CREATE TABLE consent (
      id TEXT PRIMARY KEY,
      case_id TEXT NOT NULL REFERENCES case_file (id),
      person_id TEXT NOT NULL REFERENCES person (id),
      recipient_class TEXT NOT NULL,
      answer TEXT NOT NULL,
      to_body INTEGER NOT NULL,
      to_state INTEGER NOT NULL,
      to_public INTEGER NOT NULL,
      form TEXT NOT NULL,
      given_on TEXT NOT NULL,
      expires_day TEXT,
      impediment TEXT,
      to_ratify INTEGER NOT NULL,
      ratified_day TEXT,
      withdrawn_day TEXT,
      condition TEXT NOT NULL,
      evidence_id TEXT REFERENCES evidence (id),
      note TEXT NOT NULL,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX consent_person ON consent (person_id, case_id)`,
    /* sql */ `CREATE INDEX consent_case ON consent (case_id)`,
    /* sql */ `CREATE INDEX consent_ratify ON consent (to_ratify, ratified_day)`,

    /* sql */ `CREATE TABLE note (
      id TEXT PRIMARY KEY,
      case_id TEXT NOT NULL REFERENCES case_file (id),
      kind TEXT NOT NULL,
      body TEXT NOT NULL,
      author TEXT NOT NULL,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX note_case ON note (case_id, created_at DESC, id)`,

    /* sql */ `CREATE TABLE evidence (
      id TEXT PRIMARY KEY,
      object_id BLOB NOT NULL UNIQUE CHECK (length(object_id) = 16),
      case_id TEXT REFERENCES case_file (id),
      title TEXT NOT NULL,
      original_name TEXT NOT NULL,
      kind TEXT NOT NULL,
      mime TEXT NOT NULL,
      size INTEGER NOT NULL,
      sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
      from_person_id TEXT REFERENCES person (id),
      from_words TEXT NOT NULL,
      method TEXT NOT NULL,
      note TEXT NOT NULL,
      restricted INTEGER NOT NULL,
      hard_to_view INTEGER NOT NULL,
      source_modified_at INTEGER,
      received_at INTEGER NOT NULL,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX evidence_case ON evidence (case_id, received_at DESC, id)`,
    /* sql */ `CREATE INDEX evidence_received ON evidence (received_at DESC, id)`,
    /* sql */ `CREATE INDEX evidence_sha256 ON evidence (sha256)`,
    /* sql */ `CREATE TABLE evidence_link (
      id TEXT PRIMARY KEY,
      evidence_id TEXT NOT NULL REFERENCES evidence (id),
      incident_id TEXT NOT NULL REFERENCES incident (id),
      UNIQUE (evidence_id, incident_id)
    ) STRICT`,
    /* sql */ `CREATE INDEX evidence_link_incident ON evidence_link (incident_id)`,
    /* sql */ `CREATE TABLE custody (
      id TEXT PRIMARY KEY,
      evidence_id TEXT NOT NULL REFERENCES evidence (id),
      position INTEGER NOT NULL,
      action TEXT NOT NULL,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      detail TEXT NOT NULL,
      UNIQUE (evidence_id, position)
    ) STRICT`,
    /* sql */ `CREATE TRIGGER custody_no_update BEFORE UPDATE ON custody BEGIN SELECT RAISE(ABORT, 'custody'); END`,
    // What the parser found. Derived, can be made again: not audited.
    /* sql */ `CREATE TABLE evidence_derived (
      evidence_id TEXT PRIMARY KEY REFERENCES evidence (id),
      status TEXT NOT NULL,
      reason TEXT NOT NULL,
      thumbnail BLOB,
      text TEXT NOT NULL,
      facts TEXT NOT NULL,
      page_count INTEGER,
      width INTEGER,
      height INTEGER,
      updated_at INTEGER NOT NULL
    ) STRICT`,

    /* sql */ `CREATE TABLE draft (
      id TEXT PRIMARY KEY,
      form TEXT NOT NULL,
      title TEXT NOT NULL,
      payload TEXT NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX draft_updated ON draft (updated_at DESC, id)`,

    // Search: one row a thing; the words live in the FTS table, which folds accents and case.
    /* sql */ `CREATE TABLE search_doc (
      doc INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      ref TEXT NOT NULL,
      case_id TEXT,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      when_key TEXT NOT NULL,
      UNIQUE (kind, ref)
    ) STRICT`,
    /* sql */ `CREATE VIRTUAL TABLE search_text USING fts5 (
      title, body, content='search_doc', content_rowid='doc',
      tokenize="unicode61 remove_diacritics 2", prefix='2 3 4'
    )`,
    /* sql */ `CREATE TRIGGER search_doc_insert AFTER INSERT ON search_doc BEGIN
      INSERT INTO search_text (rowid, title, body) VALUES (new.doc, new.title, new.body);
    END`,
    /* sql */ `CREATE TRIGGER search_doc_delete AFTER DELETE ON search_doc BEGIN
      INSERT INTO search_text (search_text, rowid, title, body) VALUES ('delete', old.doc, old.title, old.body);
    END`,
    /* sql */ `CREATE TRIGGER search_doc_update AFTER UPDATE ON search_doc BEGIN
      INSERT INTO search_text (search_text, rowid, title, body) VALUES ('delete', old.doc, old.title, old.body);
      INSERT INTO search_text (rowid, title, body) VALUES (new.doc, new.title, new.body);
    END`,

    // Exports. A series binds pseudonyms and the signing key to the recipients who may see the same letters.
    /* sql */ `CREATE TABLE series (
      id TEXT PRIMARY KEY,
      recipient TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE TABLE series_key (
      series_id TEXT PRIMARY KEY REFERENCES series (id),
      seed BLOB NOT NULL CHECK (length(seed) = 32)
    ) STRICT`,
    /* sql */ `CREATE TABLE pseudonym (
      id TEXT PRIMARY KEY,
      series_id TEXT NOT NULL REFERENCES series (id),
      person_id TEXT NOT NULL REFERENCES person (id),
      role_code TEXT NOT NULL,
      letter TEXT NOT NULL,
      UNIQUE (series_id, person_id),
      UNIQUE (series_id, role_code, letter)
    ) STRICT`,
    /* sql */ `CREATE TABLE export (
      id TEXT PRIMARY KEY,
      case_id TEXT NOT NULL REFERENCES case_file (id),
      profile TEXT NOT NULL,
      profile_version INTEGER NOT NULL,
      series_id TEXT NOT NULL REFERENCES series (id),
      recipient TEXT NOT NULL,
      purpose TEXT NOT NULL,
      language TEXT NOT NULL,
      state TEXT NOT NULL,
      settings TEXT NOT NULL,
      plan_hash BLOB,
      report TEXT,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX export_case ON export (case_id, updated_at DESC, id)`,
    /* sql */ `CREATE TABLE export_decision (
      id TEXT PRIMARY KEY,
      export_id TEXT NOT NULL REFERENCES export (id),
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      verdict TEXT NOT NULL,
      reason TEXT NOT NULL,
      context_hash BLOB,
      actor TEXT NOT NULL,
      decided_at INTEGER NOT NULL,
      UNIQUE (export_id, kind, subject)
    ) STRICT`,
    /* sql */ `CREATE TABLE ledger (
      id TEXT PRIMARY KEY,
      export_id TEXT NOT NULL REFERENCES export (id),
      case_id TEXT NOT NULL REFERENCES case_file (id),
      recipient TEXT NOT NULL,
      purpose TEXT NOT NULL,
      profile TEXT NOT NULL,
      form TEXT NOT NULL,
      prepared_by TEXT NOT NULL,
      approved_by TEXT,
      emergency_reason TEXT,
      manifest_sha256 BLOB NOT NULL CHECK (length(manifest_sha256) = 32),
      public_key BLOB,
      encrypted INTEGER NOT NULL,
      persons TEXT NOT NULL,
      evidence TEXT NOT NULL,
      private_table TEXT NOT NULL,
      report TEXT NOT NULL,
      copies TEXT NOT NULL,
      released_at INTEGER NOT NULL
    ) STRICT`,
    /* sql */ `CREATE INDEX ledger_case ON ledger (case_id, released_at DESC, id)`,
    /* sql */ `CREATE TABLE ledger_copy (
      ledger_id TEXT PRIMARY KEY REFERENCES ledger (id),
      frozen BLOB NOT NULL
    ) STRICT`,
    // What was begun outside the database and must be finished or cleaned at the next start.
    /* sql */ `CREATE TABLE outbox (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      payload TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT`,
  ],
};
