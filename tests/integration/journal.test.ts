import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { read, sql, write, type Tx } from '../../electron/core/db/index.ts';
import { checkVault, type OpenVault } from '../../electron/core/features/vault/index.ts';
import {
  insertRosterRow,
  putSlotDetail,
  signRosterRow,
  type RosterStatement,
} from '../../electron/core/features/vault/roster.ts';
import { journalHash, signJournal, rowListHash } from '../../electron/core/crypto/journal-format.ts';
import { deriveSlotKeys } from '../../electron/core/crypto/key-hierarchy.ts';
import { lastEntry, requireUntampered, tick } from '../../electron/core/journal/index.ts';
import { freshFolder, realPorts } from '../faults/support/ports.ts';
import {
  addCase,
  addConsent,
  addPerson,
  codeOf,
  create,
  unlock,
  withdrawConsent,
} from '../faults/support/vaults.ts';

const ports = realPorts();
let base: ReturnType<typeof freshFolder>;
let vault: OpenVault;

beforeEach(async () => {
  base = freshFolder();
  vault = await create(ports, base.path);
  addCase(vault, 'a', 'C-1');
  addPerson(vault, 'p', 'Rosa');
  addConsent(vault, 'k', 'a', 'p');
  withdrawConsent(vault, 'k');
});
afterEach(async () => {
  await vault.close();
  base.remove();
});

const everything = async (): Promise<{ code: string; subject: string }[]> => {
  const verdict = await checkVault(vault, {
    objects: 'presence',
    progress: () => undefined,
    signal: new AbortController().signal,
  });
  return verdict.findings;
};

/** Without the word about triggers that `tamper` took away; a test of its own asks for it. */
const findings = async (): Promise<string[]> =>
  (await everything())
    .filter((finding) => finding.code !== 'vault.schemaChanged')
    .map((finding) => `${finding.code} ${finding.subject}`);

/** Whoever holds the master key and own tools can write to the tables; the triggers are theirs to drop. */
const tamper = (...statements: string[]): void => {
  for (const name of [
    'journal_no_update',
    'journal_no_delete',
    'journal_row_no_update',
    'journal_row_no_delete',
    'journal_payload_no_update',
    'journal_payload_no_delete',
  ]) {
    vault.db.connection.exec(`DROP TRIGGER IF EXISTS ${name}`);
  }
  vault.db.connection.exec('PRAGMA foreign_keys = OFF');
  for (const statement of statements) vault.db.connection.exec(statement);
};

const guard = () => ({ crypto: ports.crypto, vaultId: vault.vaultId, db: vault.db });
const useConsent = () =>
  codeOf(() => read({ db: vault.db, method: 'm' }, (db) => requireUntampered(guard(), db, 'consent', ['k'])));

test('an untouched vault has no findings, and its consents can be used', async () => {
  expect(await findings()).toEqual([]);
  expect(await useConsent()).toBeNull();
});

describe('what somebody with the master key and own tools changes is named', () => {
  test.each([
    ['a row', `UPDATE case_file SET title = 'otro' WHERE id = 'a'`, 'vault.rowTampered case_file/a'],
    ['a row added', `INSERT INTO note VALUES ('n', 'a', 'k', 'b', 'x', 1, 1, 1)`, 'vault.rowTampered note/n'],
    ['a row removed', `DELETE FROM consent WHERE id = 'k'`, 'vault.rowTampered consent/k'],
    ['an entry changed', `UPDATE journal SET method = 'x' WHERE position = 3`, 'vault.journalDamaged 3'],
    [
      'a payload exchanged',
      `UPDATE journal_payload SET payload = x'7b7d' WHERE position = 3`,
      'vault.journalDamaged 3',
    ],
    ['a payload removed', `DELETE FROM journal_payload WHERE position = 3`, 'vault.journalDamaged 3'],
    [
      'a signature',
      `UPDATE journal SET signature = zeroblob(64) WHERE position = 2`,
      'vault.journalDamaged 2',
    ],
    ['a clock', `UPDATE journal SET hlc = zeroblob(8) WHERE position = 2`, 'vault.journalDamaged 2'],
    ['a name in the roster', `UPDATE roster SET name = 'Otra'`, 'vault.rosterDamaged'],
    ['powers in the roster', `UPDATE roster SET powers = '["read"]'`, 'vault.rosterDamaged'],
    [
      'the search index',
      `INSERT INTO search_text (rowid, title, body) VALUES (99, 'x', 'y')`,
      'vault.databaseDamaged search',
    ],
  ])('%s', async (_name, statement, expected) => {
    tamper(statement);
    expect((await findings()).some((finding) => finding.startsWith(expected))).toBe(true);
  });

  test('an entry taken out: the first place where the chain breaks', async () => {
    tamper(
      'DELETE FROM journal_row WHERE position = 3',
      'DELETE FROM journal_payload WHERE position = 3',
      'DELETE FROM journal WHERE position = 3',
    );
    expect((await findings())[0]).toBe('vault.journalDamaged 4');
  });

  test('a payload that is emptied although no erasure says so', async () => {
    tamper(`UPDATE journal_payload SET payload = NULL WHERE position = 3`);
    expect(await findings()).toEqual(['vault.journalDamaged payload 3']);
  });

  test('the rules of the tables taken away', async () => {
    tamper();
    const named = (await everything()).map((finding) => finding.subject);
    expect(named).toContain('trigger journal_no_update');
    expect(named).toContain('trigger journal_payload_no_update');
  });

  test('a consent put back to what it was is refused at the moment of use', async () => {
    tamper(`UPDATE consent SET answer = 'yes', withdrawn_day = NULL, version = 1 WHERE id = 'k'`);
    expect(await useConsent()).toBe('vault.rowTampered');
    expect(await findings()).toContain('vault.rowTampered consent/k');
  });

  test('together with its row hash, too', async () => {
    tamper(
      `UPDATE consent SET answer = 'yes', withdrawn_day = NULL, version = 1 WHERE id = 'k'`,
      `UPDATE journal_row SET after = (SELECT after FROM journal_row WHERE row_table = 'consent' AND position = 4)
         WHERE row_table = 'consent' AND position = 5`,
    );
    expect(await useConsent()).toBe('vault.rowTampered');
    expect((await findings())[0]).toBe('vault.journalDamaged 5');
  });
});

/** Luis: a second person with a slot of his own, put into the roster by the founder. */
/** Notes that the row is signed in the entry that the transaction is about to write. */
const stateNow = (tx: Tx, id: string): void => {
  putSlotDetail(tx, {
    id,
    factor: 'none',
    epoch: 1,
    stated_at: vault.journal.head.position + 1,
    replaces: null,
    approver: null,
    approval: null,
    share_set: null,
    share_commitment: null,
    share_needed: null,
    share_pages: null,
    exposed_in: null,
  });
};

const addLuis = (powers: RosterStatement['powers'], retiredAt: number | null = null) => {
  const luis = deriveSlotKeys(ports.crypto, ports.random.bytes(32));
  const statement: RosterStatement = {
    id: ports.random.bytes(16).toString('hex'),
    name: 'Luis',
    powers,
    kind: 'passphrase',
    box_public: luis.boxPublic,
    sign_public: luis.signPublic,
    added_at: ports.clock.now() + 1,
    signer: vault.slot.signPublic,
  };
  write({ db: vault.db, method: 'slots.add' }, (tx) => {
    insertRosterRow(tx, {
      ...statement,
      signature: signRosterRow(ports.crypto, vault.vaultId, statement, vault.slot.signSecret),
      retired_at_seq: retiredAt,
    });
    stateNow(tx, statement.id);
    tx.journal({
      table: 'roster',
      id: statement.id,
      payload: { name: 'Luis' },
      children: ['slot_detail'],
    });
  });
  return luis;
};

/** An entry at the end of the chain, written with the master key and one person's slot secret. */
const forge = (actor: Buffer, secret: Buffer): void => {
  const last = lastEntry(vault.db.connection);
  if (last === null) throw new Error('empty journal');
  const fields = {
    vaultId: vault.vaultId,
    incarnation: last.incarnation,
    device: last.device,
    seq: last.seq + 1,
    prev: last.hash,
    hlc: { ms: ports.clock.now(), count: 0 },
    actor,
    method: 'cases.open',
    entityTable: 'case_file',
    entityId: 'a',
    after: rowListHash(ports.crypto, []),
    payloadCommitment: ports.crypto.blake2b(32, [Buffer.from('{}')], Buffer.alloc(16)),
  };
  const hash = journalHash(ports.crypto, fields);
  const hlc = Buffer.alloc(8);
  hlc.writeUIntBE(fields.hlc.ms, 0, 6);
  vault.db.connection
    .run(sql`INSERT INTO journal VALUES (${last.position + 1}, 1, ${fields.incarnation}, ${fields.device},
    ${fields.seq}, ${fields.prev}, ${hlc}, ${actor}, ${fields.method}, ${fields.entityTable}, ${fields.entityId},
    ${fields.after}, ${fields.payloadCommitment}, ${hash}, ${signJournal(ports.crypto, hash, secret)})`);
  vault.db.connection.run(
    sql`INSERT INTO journal_payload VALUES (${last.position + 1}, ${Buffer.alloc(16)}, ${Buffer.from('{}')})`,
  );
};

describe('who signed', () => {
  const journalFindings = async (): Promise<string[]> =>
    (await findings()).filter((finding) => finding.startsWith('vault.journalDamaged'));

  test('a person of the roster may sign: the control for the forgeries below', async () => {
    const luis = addLuis(['read', 'document']);
    forge(luis.signPublic, luis.signSecret);
    expect(await journalFindings()).toEqual([]);
  });

  test('an entry in the name of Ana, signed with the key of Luis', async () => {
    const luis = addLuis(['read', 'document']);
    forge(vault.slot.signPublic, luis.signSecret);
    expect(await journalFindings()).toEqual(['vault.journalDamaged 7']);
  });

  test('an entry by a key that is in no roster', async () => {
    const stranger = deriveSlotKeys(ports.crypto, ports.random.bytes(32));
    forge(stranger.signPublic, stranger.signSecret);
    expect(await journalFindings()).toEqual(['vault.journalDamaged 6']);
  });

  test('an entry by somebody who was removed before', async () => {
    const luis = addLuis(['read', 'document'], 6);
    forge(luis.signPublic, luis.signSecret);
    expect(await journalFindings()).toEqual(['vault.journalDamaged 7']);
  });

  test('a roster row signed by somebody who is no coordinator', async () => {
    const luis = addLuis(['read', 'document']);
    const eva = deriveSlotKeys(ports.crypto, ports.random.bytes(32));
    const statement: RosterStatement = {
      id: ports.random.bytes(16).toString('hex'),
      name: 'Eva',
      powers: ['read', 'keys'],
      kind: 'passphrase',
      box_public: eva.boxPublic,
      sign_public: eva.signPublic,
      added_at: ports.clock.now() + 2,
      signer: luis.signPublic,
    };
    write({ db: vault.db, method: 'slots.add' }, (tx) => {
      insertRosterRow(tx, {
        ...statement,
        signature: signRosterRow(ports.crypto, vault.vaultId, statement, luis.signSecret),
        retired_at_seq: null,
      });
      stateNow(tx, statement.id);
      tx.journal({ table: 'roster', id: statement.id, payload: {}, children: ['slot_detail'] });
    });
    expect(await findings()).toEqual([`vault.rosterDamaged ${statement.id}`]);
  });

  test('a changed roster row of the person who opens is refused at unlock', async () => {
    tamper(`UPDATE roster SET powers = '["read","document","prepare","release"]'`);
    await vault.close();
    expect(await codeOf(() => unlock(ports, base.path))).toBe('vault.rosterDamaged');
    base.remove();
    base = freshFolder();
    vault = await create(ports, base.path);
  });
});

describe('bulk commands and reads', () => {
  test('one entry answers for many rows, each of which is still checked alone', async () => {
    write({ db: vault.db, method: 'cases.import' }, (tx) => {
      for (let i = 0; i < 50; i += 1) {
        tx.run(sql`INSERT INTO note VALUES (${`n${i}`}, 'a', 'k', 'b', 'x', 1, 1, 1)`);
      }
      tx.journal({ table: 'case_file', id: 'a', payload: { notes: 50 }, children: ['note'] });
    });
    expect(vault.journal.head.seq).toBe(6);
    expect(await findings()).toEqual([]);
    expect(
      await codeOf(() => requireUntampered(guard(), vault.db.connection, 'note', ['n0', 'n49'])),
    ).toBeNull();
    tamper(`UPDATE note SET body = 'c' WHERE id = 'n7'`);
    expect(await findings()).toEqual(['vault.rowTampered note/n7']);
    expect(await codeOf(() => requireUntampered(guard(), vault.db.connection, 'note', ['n7']))).toBe(
      'vault.rowTampered',
    );
  });

  test('reads are gathered into one entry a record and change no row hash', async () => {
    for (let i = 0; i < 5; i += 1) vault.reads.note('cases.get', 'case_file', 'a');
    vault.reads.note('persons.get', 'person', 'p');
    vault.reads.flushIfDue();
    expect(vault.journal.head.seq).toBe(5);
    vault.reads.flush();
    expect(vault.journal.head.seq).toBe(7);
    const payload = vault.db.connection.need(
      sql`SELECT CAST(payload AS TEXT) AS payload FROM journal_payload WHERE position = 6`,
      z.object({ payload: z.string() }),
    );
    expect(JSON.parse(payload.payload)).toMatchObject({ read: true, count: 5 });
    expect(await findings()).toEqual([]);
  });

  test('an entry that bears less time than the one before it is found, whatever it names', async () => {
    const real = Date.now();
    let wall = real;
    const now = vi.spyOn(vault.ports.clock, 'now').mockImplementation(() => wall);
    const append = (method: string, table: string, id: string): string => {
      write({ db: vault.db, method }, (tx) => {
        vault.journal.goOnFrom({ ms: 1_000, count: 0 });
        tx.journal({ table, id, payload: {} });
      });
      return String(vault.journal.head.position);
    };
    try {
      wall = 0;
      const early = append('cases.update', 'case_file', 'a');
      const found = [early];
      // A settlement that names nothing, something that comes after it, or an entry that bears less itself.
      for (const id of ['', '0', '-1', '1.5', '9999', early]) {
        wall = real;
        append('cases.update', 'case_file', 'a');
        wall = 0;
        found.push(append('access.settleClock', 'journal', id));
      }
      expect(await findings()).toEqual(found.map((position) => `vault.journalDamaged ${position}`));
    } finally {
      now.mockRestore();
    }
  });

  test('the clock of the journal never goes back', () => {
    expect(tick({ ms: 100, count: 3 }, 99)).toEqual({ ms: 100, count: 4 });
    expect(tick({ ms: 100, count: 0xffff }, 50)).toEqual({ ms: 101, count: 0 });
    expect(tick({ ms: 100, count: 3 }, 101)).toEqual({ ms: 101, count: 0 });
  });
});
