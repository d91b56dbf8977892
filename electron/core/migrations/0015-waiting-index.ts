import type { Migration } from './migration.ts';

/**
 * The words of a changed document wait in a list and enter the full-text index in lots: writing its segments
 * took a third of the time of every save. A search settles the list first, so nobody notices. A document that
 * waits has no words in the index, so none are taken out of it either. (In a
 * trigger `OR IGNORE` gives way to the conflict clause of the statement that fired it, hence the conditions.)
 */
export const waitingIndex: Migration = {
  number: 15,
  name: 'waiting-index',
  statements: [
    /* sql */ `CREATE TABLE search_waiting (doc INTEGER PRIMARY KEY) STRICT`,
    /* sql */ `DROP TRIGGER search_doc_insert`,
    /* sql */ `DROP TRIGGER search_doc_delete`,
    /* sql */ `DROP TRIGGER search_doc_update`,
    /* sql */ `CREATE TRIGGER search_doc_insert AFTER INSERT ON search_doc BEGIN
      INSERT INTO search_waiting (doc)
        SELECT new.doc WHERE NOT EXISTS (SELECT 1 FROM search_waiting w WHERE w.doc = new.doc);
    END`,
    /* sql */ `CREATE TRIGGER search_doc_delete AFTER DELETE ON search_doc BEGIN
      INSERT INTO search_text (search_text, rowid, title, body)
        SELECT 'delete', old.doc, old.title, old.body
        WHERE NOT EXISTS (SELECT 1 FROM search_waiting w WHERE w.doc = old.doc);
      DELETE FROM search_waiting WHERE doc = old.doc;
    END`,
    /* sql */ `CREATE TRIGGER search_doc_update AFTER UPDATE ON search_doc BEGIN
      INSERT INTO search_text (search_text, rowid, title, body)
        SELECT 'delete', old.doc, old.title, old.body
        WHERE NOT EXISTS (SELECT 1 FROM search_waiting w WHERE w.doc = old.doc);
      INSERT INTO search_waiting (doc)
        SELECT new.doc WHERE NOT EXISTS (SELECT 1 FROM search_waiting w WHERE w.doc = new.doc);
    END`,
  ],
};
