import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database, { setLogger } from '@signalapp/sqlcipher';

/** The same driver without our engine: what encryption, full-text index and durable commits cost by themselves. */
export interface BareDatabase {
  insertMany(rows: readonly { readonly happened: string; readonly text: string }[]): void;
  /** One row in a transaction of its own, durable when it returns. */
  insertOne(happened: string, text: string): void;
  /** One row and its full-text index entry, in one durable transaction. */
  insertIndexed(happened: string, text: string): void;
  search(match: string): number;
  page(offset: number): number;
  close(): void;
}

export const bareDatabase = (folder: string): BareDatabase => {
  setLogger(() => undefined);
  const db = new Database(join(folder, 'bare.db'));
  db.pragma(`key="x'${randomBytes(32).toString('hex')}'"`);
  for (const setting of [
    'locking_mode=EXCLUSIVE',
    'journal_mode=WAL',
    'synchronous=FULL',
    'fullfsync=ON',
    'secure_delete=ON',
    'temp_store=MEMORY',
  ]) {
    db.pragma(setting);
  }
  db.exec(`
    CREATE TABLE incident (id INTEGER PRIMARY KEY, happened TEXT NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE INDEX incident_happened ON incident (happened);
    CREATE VIRTUAL TABLE words USING fts5 (body, tokenize = "unicode61 remove_diacritics 2");`);
  const insert = db.prepare('INSERT INTO incident (happened, body) VALUES (?, ?)');
  const index = db.prepare('INSERT INTO words (rowid, body) VALUES (last_insert_rowid(), ?)');
  const find = db.prepare(
    'SELECT rowid, snippet(words, 0, char(1), char(2), char(3), 12) AS part FROM words WHERE words MATCH ? ORDER BY rank LIMIT 50',
  );
  const list = db.prepare(
    'SELECT id, happened, substr(body, 1, 80) AS title FROM incident ORDER BY happened DESC, id DESC LIMIT 100 OFFSET ?',
  );
  return {
    insertMany: (rows) => {
      db.exec('BEGIN IMMEDIATE');
      for (const { happened, text } of rows) {
        insert.run([happened, text]);
        index.run([text]);
      }
      db.exec('COMMIT');
    },
    insertOne: (happened, text) => {
      insert.run([happened, text]);
    },
    insertIndexed: (happened, text) => {
      db.exec('BEGIN IMMEDIATE');
      insert.run([happened, text]);
      index.run([text]);
      db.exec('COMMIT');
    },
    search: (match) => find.all([match]).length,
    page: (offset) => list.all([offset]).length,
    close: () => db.close(),
  };
};
