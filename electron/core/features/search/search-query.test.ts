import fc from 'fast-check';
import Database from '@signalapp/sqlcipher';
import { describe, expect, it } from 'vitest';
import { ftsQuery } from './search-query.ts';

const memory = (): Database => {
  const db = new Database(':memory:');
  db.exec(
    `CREATE VIRTUAL TABLE t USING fts5 (body, tokenize="unicode61 remove_diacritics 2", prefix='2 3 4')`,
  );
  return db;
};

describe('search box', () => {
  it('finds without accents and case, by beginnings, phrases and exclusions', () => {
    const db = memory();
    const put = db.prepare('INSERT INTO t (rowid, body) VALUES (?, ?)');
    put.run([1, 'Siguió a la periodista hasta la AGENCIA']);
    put.run([2, 'La periodísta recibió una amenaza']);
    put.run([3, 'camioneta gris sin placas']);
    const find = (typed: string): number[] => {
      const query = ftsQuery(typed);
      if (query === null) return [];
      return db
        .prepare('SELECT rowid AS n FROM t WHERE t MATCH ? ORDER BY rowid')
        .all([query])
        .map((row) => Number(row['n']));
    };
    expect(find('PERIODIS')).toEqual([1, 2]);
    expect(find('periodista -amenaza')).toEqual([1]);
    expect(find('"camioneta gris"')).toEqual([3]);
    expect(find('"gris camioneta"')).toEqual([]);
    expect(find('siguio agencia')).toEqual([1]);
    db.close();
  });

  it('takes whatever people type as words, never as query language', () => {
    const db = memory();
    const query = db.prepare('SELECT rowid FROM t WHERE t MATCH ?');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (typed) => {
        const fts = ftsQuery(typed);
        if (fts !== null) expect(() => query.all([fts])).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
    for (const typed of [
      'NEAR(a b)',
      'a AND',
      'title:x',
      '"',
      '* OR *',
      'a^b',
      '(',
      '-',
      '{a b}:c',
      "it's",
    ]) {
      const fts = ftsQuery(typed);
      if (fts !== null) expect(() => query.all([fts])).not.toThrow();
    }
    db.close();
  });
});
