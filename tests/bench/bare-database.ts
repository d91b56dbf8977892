import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database, { setLogger } from '@signalapp/sqlcipher';
import { uuidV7 } from '../../electron/core/ids.ts';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { createNodeRandom } from '../../electron/core/ports/node/node-random.ts';
import { initial } from '../../electron/core/migrations/0010-initial.ts';

/** The same driver without our engine: what encryption, full-text index and durable commits cost by themselves. */
export interface BareDatabase {
  insertMany(rows: readonly { readonly happened: string; readonly text: string }[]): void;
  /** One narrow row with one index in a transaction of its own, durable when it returns. */
  insertOne(happened: string, text: string): void;
  /** The row that an incident is in our table, with that table's indexes and nothing besides, just as durable. */
  insertIncident(happened: string, text: string): void;
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
    'foreign_keys=OFF',
  ]) {
    db.pragma(setting);
  }
  db.exec(`
    CREATE TABLE incident (id INTEGER PRIMARY KEY, happened TEXT NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE INDEX incident_happened ON incident (happened);
    CREATE VIRTUAL TABLE words USING fts5 (body, tokenize = "unicode61 remove_diacritics 2");`);
  for (const statement of initial.statements) {
    if (/^CREATE (?:TABLE incident|INDEX incident_\w+ ON incident) /u.test(statement)) {
      db.exec(
        statement
          .replace('incident (', 'ours (')
          .replace(' ON incident ', ' ON ours ')
          .replace('INDEX ', 'INDEX ours_'),
      );
    }
  }
  const whole = db.prepare(
    `INSERT INTO ours (id, case_id, title, happened, sort_key, place, state_code, online, narrative,
       restricted_narrative, link_to_work, verification, sources, emergency, very_sensitive, main_act, version,
       created_at, updated_at)
     VALUES (?, NULL, 'Incidente', ?, ?, '{}', '', 0, ?, '', '', 'reported', '[]', NULL, 0, '', 1, ?, ?)`,
  );
  const clock = createNodeClock();
  const random = createNodeRandom();
  const insertWhole = (happened: string, text: string): void => {
    const now = clock.now();
    const date = JSON.stringify({ kind: 'day', day: happened });
    whole.run([uuidV7(now, random), date, happened, text, now, now]);
  };
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
        insertWhole(happened, text);
      }
      db.exec('COMMIT');
    },
    insertOne: (happened, text) => {
      insert.run([happened, text]);
    },
    insertIncident: insertWhole,
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
