/**
 * Tables whose every change needs a journal entry. A table of the schema must stand in one of the two lists
 * (a test compares them with the schema), so a new table is a decision, not an oversight.
 */
export const AUDITED_TABLES = [
  'roster',
  'case_file',
  'person',
  'case_person',
  'incident',
  'act',
  'involvement',
  'consent',
  'note',
  'evidence',
  'evidence_link',
  'custody',
  'series',
  'pseudonym',
  'export',
  'export_decision',
  'ledger',
] as const;
export type AuditedTable = (typeof AUDITED_TABLES)[number];

/** Not audited, each with its reason. */
export const UNAUDITED_TABLES: Readonly<Record<string, string>> = {
  meta: 'counters and tokens of the vault itself, tied to header and anchor',
  object_key: 'key material never enters the journal',
  series_key: 'key material never enters the journal',
  journal: 'is the journal',
  journal_row: 'is the journal',
  journal_payload: 'is the journal; may be erased',
  evidence_derived: 'made from evidence by the parser, can be made again',
  draft: 'what a person is typing, saved every two seconds, not yet a record',
  search_doc: 'search index, made from the records',
  ledger_copy: 'frozen bytes bound by the manifest hash in the audited ledger row',
  outbox: 'work begun outside the database, emptied when done',
};
