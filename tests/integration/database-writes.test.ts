import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { read, sql, write } from '../../electron/core/db/index.ts';
import { UnjournalledChange } from '../../electron/core/db/vault-database.ts';
import type { OpenVault } from '../../electron/core/features/vault/index.ts';
import { readAnchor } from '../../electron/core/features/vault/anchor-keeper.ts';
import { setMeta } from '../../electron/core/features/vault/meta.ts';
import { freshFolder, realPorts } from '../faults/support/ports.ts';
import { addCase, addPerson, create } from '../faults/support/vaults.ts';

let base: ReturnType<typeof freshFolder>;
let vault: OpenVault;

beforeEach(async () => {
  base = freshFolder();
  vault = await create(realPorts(), base.path);
  addCase(vault, 'a', 'C-1');
});
afterEach(async () => {
  await vault.close();
  base.remove();
});

const ctx = () => ({ db: vault.db, method: 'cases.amend' });
const titleOf = (id: string): string | undefined =>
  read(ctx(), (db) =>
    db.get(sql`SELECT title FROM case_file WHERE id = ${id}`, z.object({ title: z.string() })),
  )?.title;

/** The table that the refusal names. */
const refusedTable = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Error && thrown.cause instanceof UnjournalledChange) return thrown.cause.table;
    throw thrown;
  }
  return 'accepted';
};

describe('a change without a journal entry is rolled back', () => {
  test.each([
    ['update', sql`UPDATE case_file SET title = 'x' WHERE id = 'a'`],
    ['delete', sql`DELETE FROM case_file WHERE id = 'a'`],
    [
      'insert',
      sql`INSERT INTO case_file SELECT 'b', 'C-2', neutral_code, 'x', state, summary, opened_day, language, interpreter, safe_channel, place_origin, place_refuge, version, created_at, updated_at FROM case_file`,
    ],
    [
      'replace',
      sql`INSERT OR REPLACE INTO case_file SELECT id, code, neutral_code, 'x', state, summary, opened_day, language, interpreter, safe_channel, place_origin, place_refuge, version, created_at, updated_at FROM case_file`,
    ],
    [
      'upsert',
      sql`INSERT INTO case_file SELECT * FROM case_file WHERE id = 'a' ON CONFLICT (id) DO UPDATE SET title = 'x'`,
    ],
  ])('%s', (_name, statement) => {
    expect(refusedTable(() => write(ctx(), (tx) => tx.run(statement)))).toBe('case_file');
    expect(titleOf('a')).toBe('Caso C-1');
    expect(titleOf('b')).toBeUndefined();
  });

  test('an entry for another row does not cover it', () => {
    const work = () =>
      write(ctx(), (tx) => {
        tx.run(sql`UPDATE case_file SET title = 'x' WHERE id = 'a'`);
        tx.journal({ table: 'case_file', id: 'b', payload: {} });
      });
    expect(refusedTable(work)).toBe('case_file');
  });

  test('children and lists cover what they name, and nothing else', () => {
    addPerson(vault, 'p', 'Rosa');
    const touchBoth = (children: string[]) => () =>
      write(ctx(), (tx) => {
        tx.run(sql`UPDATE case_file SET title = 'x' WHERE id = 'a'`);
        tx.run(sql`UPDATE person SET note = 'x' WHERE id = 'p'`);
        tx.journal({ table: 'case_file', id: 'a', payload: {}, children });
      });
    expect(refusedTable(touchBoth(['incident']))).toBe('person');
    expect(refusedTable(touchBoth(['person']))).toBe('accepted');
    expect(titleOf('a')).toBe('x');
  });
});

describe('one write', () => {
  test('an asynchronous function is refused by type, and when it runs', () => {
    // @ts-expect-error a promise would leave the transaction open to other calls
    const asynchronous = () => write(ctx(), async () => Promise.resolve(1));
    expect(asynchronous).toThrow(expect.objectContaining({ code: 'call.internal' }));
    // @ts-expect-error also where only one branch gives a promise
    expect(() => write(ctx(), () => (titleOf('a') === '' ? 1 : Promise.resolve(1)))).toThrow();
    addCase(vault, 'c', 'C-3');
  });

  test('callbacks run after COMMIT and after the anchor, never on rollback', async () => {
    const seen: string[] = [];
    write(ctx(), (tx) => {
      tx.run(sql`UPDATE case_file SET title = 'y' WHERE id = 'a'`);
      tx.journal({ table: 'case_file', id: 'a', payload: { title: 'y' } });
      tx.afterCommit(() => {
        seen.push(`seq ${vault.journal.head.seq}`);
        // A transaction of its own works here: the one before is over.
        addCase(vault, 'later', 'C-9');
      });
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual(['seq 3']);
    const { newest } = await readAnchor(vault.anchorParts);
    expect(newest?.journalSeq).toBe(vault.journal.head.seq);
    expect(() =>
      write(ctx(), (tx) => {
        tx.afterCommit(() => seen.push('never'));
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(seen).toEqual(['seq 3']);
  });

  test('a rollback leaves the journal where it was, and the next entry continues it', () => {
    const before = vault.journal.head;
    expect(() =>
      write(ctx(), (tx) => {
        tx.run(sql`UPDATE case_file SET title = 'z' WHERE id = 'a'`);
        tx.journal({ table: 'case_file', id: 'a', payload: {} });
        tx.run(sql`INSERT INTO case_file (id) VALUES ('broken')`);
      }),
    ).toThrow();
    expect(vault.journal.head).toBe(before);
    addCase(vault, 'd', 'C-4');
    expect(vault.journal.head.seq).toBe(before.seq + 1);
  });

  test('a write inside a write is refused', () => {
    expect(() =>
      write(ctx(), () => {
        addCase(vault, 'n', 'C-5');
      }),
    ).toThrow(expect.objectContaining({ code: 'call.internal' }));
    expect(titleOf('n')).toBeUndefined();
  });

  test('a strange writer token ends the session for writing', () => {
    setMeta(vault.db.connection, 'writer', Buffer.alloc(16, 1));
    const attempt = () => {
      addCase(vault, 'e', 'C-6');
    };
    expect(attempt).toThrow(expect.objectContaining({ code: 'vault.takenOver' }));
    expect(vault.db.readOnlyBecause).toBe('vault.takenOver');
    expect(attempt).toThrow(expect.objectContaining({ code: 'vault.readOnly' }));
  });
});
