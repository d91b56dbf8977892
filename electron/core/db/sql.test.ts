import { expect, test } from 'vitest';
import { empty, join, list, sql } from './sql.ts';

test('every value becomes a parameter, every fragment is put in place', () => {
  const hostile = "x'; DROP TABLE person; --";
  const where = join([sql`name = ${hostile}`, sql`level IN ${list(['a', 'b'])}`], ' AND ');
  const query = sql`SELECT id FROM person WHERE ${where} ${empty} LIMIT ${10}`;
  expect(query.text).toBe('SELECT id FROM person WHERE name = ? AND level IN (?, ?)  LIMIT ?');
  expect(query.values).toEqual([hostile, 'a', 'b', 10]);
});

test('an object that looks like a fragment is not one', () => {
  // @ts-expect-error plain objects are no fragments
  const forged = sql`SELECT ${{ text: '1; DROP TABLE person', values: [] }}`;
  expect(forged.text).toBe('SELECT ?');
});

test('an empty list matches nothing', () => {
  expect(list([]).text).toBe('(NULL)');
});
