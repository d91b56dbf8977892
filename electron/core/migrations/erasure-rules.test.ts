import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Connection } from '../db/connection.ts';
import { trustedSql } from '../db/sql.ts';
import { withExpectedSchema } from './expected-schema.ts';

const refused = (connection: Connection, statement: string): boolean => {
  try {
    connection.exec(statement);
    return false;
  } catch {
    return true;
  }
};

/** A journal with one entry, an erasure, a custody row; references are another test's business. */
const fill = (connection: Connection): void => {
  // As every connection of the vault has it: a replaced row fires the triggers of deleting.
  connection.exec('PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = ON');
  connection.exec(`INSERT INTO journal VALUES (1, 1, zeroblob(16), zeroblob(16), 1, zeroblob(32), zeroblob(8),
    zeroblob(32), 'm', 't', 'i', zeroblob(32), zeroblob(32), zeroblob(32), zeroblob(64))`);
  connection.exec(`INSERT INTO journal_payload VALUES (1, randomblob(16), CAST('{"a":1}' AS BLOB))`);
  connection.exec(`INSERT INTO custody VALUES ('c', 'e', 1, 'received', 5, 'Ana', 'la trajo Berta')`);
};

const EMPTY = `UPDATE journal_payload SET payload = NULL, salt = zeroblob(16) WHERE position = 1`;

test('what the journal keeps of changes is emptied inside an erasure that names the entry, and in no other way', () => {
  withExpectedSchema((connection) => {
    fill(connection);
    expect(refused(connection, EMPTY)).toBe(true);
    expect(refused(connection, 'DELETE FROM journal_payload')).toBe(true);
    expect(refused(connection, `INSERT OR REPLACE INTO journal_payload VALUES (1, zeroblob(16), NULL)`)).toBe(
      true,
    );
    // Not even the list of what was emptied can be written outside of one.
    expect(refused(connection, `INSERT INTO erased_payload VALUES (1, 'x')`)).toBe(true);
    connection.exec(`INSERT INTO erasure_open VALUES ('x')`);
    expect(refused(connection, EMPTY)).toBe(true);
    connection.exec(`INSERT INTO erased_payload VALUES (1, 'x')`);
    // With the salt left, values could be tried against the commitment; another content is no erasure.
    expect(refused(connection, 'UPDATE journal_payload SET payload = NULL WHERE position = 1')).toBe(true);
    expect(
      refused(
        connection,
        `UPDATE journal_payload SET payload = x'00', salt = zeroblob(16) WHERE position = 1`,
      ),
    ).toBe(true);
    expect(refused(connection, EMPTY)).toBe(false);
    expect(refused(connection, 'DELETE FROM erased_payload')).toBe(true);
    expect(refused(connection, `UPDATE erased_payload SET erasure_id = 'y'`)).toBe(true);
    connection.exec('DELETE FROM erasure_open');
    expect(refused(connection, EMPTY)).toBe(true);
  });
});

test('custody is append-only; inside an erasure a name may be taken out of it, nothing else', () => {
  withExpectedSchema((connection) => {
    fill(connection);
    const rename = `UPDATE custody SET detail = '[…]'`;
    expect(refused(connection, rename)).toBe(true);
    expect(refused(connection, 'DELETE FROM custody')).toBe(true);
    connection.exec(`INSERT INTO erasure_open VALUES ('x')`);
    expect(refused(connection, rename)).toBe(false);
    for (const change of [`action = 'returned'`, 'at = 6', 'position = 2', `evidence_id = 'f'`])
      expect([change, refused(connection, `UPDATE custody SET ${change}`)]).toEqual([change, true]);
    expect(refused(connection, 'DELETE FROM custody')).toBe(true);
  });
});

const triggerRow = z.object({ tbl_name: z.string(), name: z.string(), sql: z.string() });

test('every other row that must not change lets an erasure in: a name could not be taken out of it otherwise', () => {
  withExpectedSchema((connection) => {
    const closed = connection
      .all(
        trustedSql(
          `SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%RAISE%'`,
        ),
        triggerRow,
      )
      .filter(({ sql }) => /BEFORE UPDATE/u.test(sql))
      .filter(({ tbl_name }) => !['journal', 'journal_row', 'erased_payload'].includes(tbl_name));
    expect(closed.length).toBeGreaterThanOrEqual(2);
    expect(closed.filter(({ sql }) => !sql.includes('erasure_open')).map(({ name }) => name)).toEqual([]);
  });
});
