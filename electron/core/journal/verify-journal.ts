import { z } from 'zod';
import { payloadCommitment, ZERO_HASH } from '../crypto/journal-format.ts';
import { AUDITED_TABLES } from '../db/audited-tables.ts';
import type { Connection } from '../db/connection.ts';
import { countRow } from '../db/columns.ts';
import { cellsOf, GONE } from '../db/row-hash.ts';
import { sql, trustedSql } from '../db/sql.ts';
import type { VaultDatabase } from '../db/vault-database.ts';
import type { Crypto } from '../ports/crypto.ts';
import {
  afterOf,
  CHAIN_STARTS,
  entryAtPosition,
  JOURNAL_COLUMNS,
  journalRow,
  bytesColumn,
  rowsOfEntry,
  SETTLES_CLOCK,
  type JournalRow,
} from './chain.ts';
import { entryHolds } from './verify-entry.ts';

/** Something that the journal does not bear out. `subject` names a position or `table/id`. */
export interface JournalFinding {
  readonly part: 'journal' | 'roster';
  readonly code: 'vault.journalDamaged' | 'vault.rowTampered' | 'vault.rosterDamaged';
  readonly subject: string;
}

/** A key that may sign, and until when. */
export interface KnownSigner {
  readonly signPublic: Buffer;
  /** Position after which it may not sign; null: it still may. */
  readonly retiredAfter: number | null;
}

export interface JournalVerdict {
  readonly findings: readonly JournalFinding[];
  readonly entries: number;
  readonly rows: number;
  readonly erasedPayloads: number;
}

export interface VerifyJournalParts {
  readonly crypto: Crypto;
  readonly vaultId: Buffer;
  readonly db: VaultDatabase;
  readonly signers: readonly KnownSigner[];
  /** Called now and then so that long work can report and give way; throws to cancel. */
  readonly breathe: (done: number) => Promise<void>;
}

const BATCH = 500;
const MAX_FINDINGS = 5_000;

const payloadRow = z.object({
  position: z.number().int(),
  salt: z.instanceof(Uint8Array),
  payload: z.instanceof(Uint8Array).nullable(),
});

interface Chain {
  readonly seq: number;
  readonly hash: Buffer;
}

/**
 * Walks the whole journal and then every audited row: numbers without holes, `prev`, hashes, signatures,
 * whether the signer was allowed to sign at that position, payloads against their commitments, the last
 * `after` of each row against the row as it stands, rows that no entry names, and entries whose row is gone.
 */
export const verifyJournal = async (parts: VerifyJournalParts): Promise<JournalVerdict> => {
  const findings: JournalFinding[] = [];
  const report = (finding: JournalFinding): void => {
    if (findings.length < MAX_FINDINGS) findings.push(finding);
  };
  const walked = await walkEntries(parts, report);
  const { connection } = parts.db;
  const notes = connection.need(
    sql`SELECT count(*) AS n FROM journal_row WHERE position <= ${walked.entries}`,
    countRow,
  );
  const ahead = connection.need(
    sql`SELECT count(*) AS n FROM journal_row WHERE position > (SELECT coalesce(max(position), 0) FROM journal)`,
    countRow,
  );
  // A note that no signed entry answers for: somebody wrote it to make a changed row look noted.
  if (notes.n !== walked.notes || ahead.n > 0)
    report({ part: 'journal', code: 'vault.journalDamaged', subject: 'notes' });
  const rows = await compareRows(parts, report);
  return { findings, entries: walked.entries, rows, erasedPayloads: walked.erased };
};

const walkEntries = async (
  parts: VerifyJournalParts,
  report: (finding: JournalFinding) => void,
): Promise<{ entries: number; erased: number; notes: number }> => {
  const chains = new Map<string, Chain>();
  let position = 0;
  let before: JournalRow | null = null;
  let entries = 0;
  let erased = 0;
  let notes = 0;
  for (;;) {
    const { connection } = parts.db;
    const batch = connection.all(
      sql`SELECT ${JOURNAL_COLUMNS} FROM journal WHERE position > ${position} ORDER BY position LIMIT ${BATCH}`,
      journalRow,
    );
    const last = batch.at(-1);
    if (last === undefined) return { entries, erased, notes };
    const payloads = new Map(
      connection
        .all(
          sql`SELECT position, salt, payload FROM journal_payload
              WHERE position > ${position} AND position <= ${last.position}`,
          payloadRow,
        )
        .map((row) => [row.position, row]),
    );
    for (const entry of batch) {
      const subject = String(entry.position);
      const rows = rowsOfEntry(connection, entry);
      if (entry.position !== position + 1 || !followsChain(chains, before, entry)) {
        report({ part: 'journal', code: 'vault.journalDamaged', subject });
      } else if (before !== null && !followsTime(connection, before, entry)) {
        report({ part: 'journal', code: 'vault.journalDamaged', subject });
      } else if (!entryHolds(parts.crypto, parts.vaultId, entry) || !maySign(parts.signers, entry)) {
        report({ part: 'journal', code: 'vault.journalDamaged', subject });
      } else if (
        !afterOf(parts.crypto, { table: entry.entity_table, id: entry.entity_id }, rows).equals(entry.after)
      ) {
        report({ part: 'journal', code: 'vault.journalDamaged', subject });
      }
      const payload = payloads.get(entry.position);
      if (payload === undefined) report({ part: 'journal', code: 'vault.journalDamaged', subject });
      else if (payload.payload === null) erased += 1;
      else if (!payloadCommitment(parts.crypto, payload.salt, payload.payload).equals(entry.commitment)) {
        report({ part: 'journal', code: 'vault.journalDamaged', subject });
      }
      notes += rows.length;
      chains.set(chainOf(entry), { seq: entry.seq, hash: entry.hash });
      before = entry;
      position = entry.position;
      entries += 1;
    }
    await parts.breathe(entries);
  }
};

const keyOf = (table: string, id: string): string => `${table}/${id}`;

const chainOf = (entry: JournalRow): string =>
  `${entry.device.toString('hex')}${entry.incarnation.toString('hex')}`;

/** Within a chain: next number, last hash. A new chain names the head that it continues. */
const followsChain = (
  chains: ReadonlyMap<string, Chain>,
  before: JournalRow | null,
  entry: JournalRow,
): boolean => {
  const chain = chains.get(chainOf(entry));
  if (chain !== undefined) return entry.seq === chain.seq + 1 && entry.prev.equals(chain.hash);
  if (entry.seq !== 1 || !entry.prev.equals(ZERO_HASH) || !CHAIN_STARTS.has(entry.method)) return false;
  if (before === null) return entry.method === 'vault.create';
  return entry.entity_table === 'journal' && entry.entity_id === before.hash.toString('hex');
};

/**
 * Time does not go back, but where a person said that the clock stood ahead: that entry names the first that was made
 * so, bears less time than that one, and no less than the one before it.
 */
const followsTime = (connection: Connection, before: JournalRow, entry: JournalRow): boolean => {
  if (entry.hlc.compare(before.hlc) >= 0) return true;
  if (entry.method !== SETTLES_CLOCK || entry.entity_table !== 'journal') return false;
  const first = Number(entry.entity_id);
  if (!Number.isInteger(first) || first < 1 || first >= entry.position) return false;
  const wrong = entryAtPosition(connection, first);
  const right = entryAtPosition(connection, first - 1);
  return (
    wrong !== null &&
    entry.hlc.compare(wrong.hlc) < 0 &&
    (first === 1 || (right !== null && entry.hlc.compare(right.hlc) >= 0))
  );
};

const maySign = (signers: readonly KnownSigner[], entry: JournalRow): boolean =>
  signers.some(
    (signer) =>
      signer.signPublic.equals(entry.actor) &&
      (signer.retiredAfter === null || entry.position <= signer.retiredAfter),
  );

const newest = z.object({ after: bytesColumn });

/**
 * The last hash of a row, as the notes beside the journal have it. The walk before compared every note with the
 * signed entry that it belongs to and counted them, so these are as good as the entries themselves; asking for
 * them one by one keeps the memory of a check the same for a vault of ten records and of a million.
 */
const notedNow = (connection: Connection, table: string, id: string): Buffer | null =>
  connection.get(
    sql`SELECT after FROM journal_row WHERE row_table = ${table} AND row_id = ${id}
        ORDER BY position DESC LIMIT 1`,
    newest,
  )?.after ?? null;

const lastNote = z.object({ row_table: z.string(), row_id: z.string(), after: bytesColumn });

const compareRows = async (
  parts: VerifyJournalParts,
  report: (finding: JournalFinding) => void,
): Promise<number> => {
  let rows = 0;
  for (const table of AUDITED_TABLES) {
    const part = table === 'roster' ? 'roster' : 'journal';
    const code = table === 'roster' ? 'vault.rosterDamaged' : 'vault.rowTampered';
    let last = '';
    for (;;) {
      // Asked for anew after each pause: a change of keys goes on with another file.
      const { connection } = parts.db;
      const batch = connection.rawAllExact(
        // eslint-disable-next-line resguardo/no-sql-here -- the table's name is from the closed list of audited tables
        trustedSql(`SELECT * FROM main.${table} WHERE id > ? ORDER BY id LIMIT ${BATCH}`, [last]),
      );
      if (batch.length === 0) break;
      for (const row of batch) {
        const id = String(row['id']);
        const stands = parts.db.rowHash(table, id, cellsOf(row));
        if (notedNow(connection, table, id)?.equals(stands) !== true)
          report({ part, code, subject: keyOf(table, id) });
        last = id;
        rows += 1;
      }
      await parts.breathe(rows);
    }
  }
  await findGone(parts, report);
  return rows;
};

/** Rows that an entry left standing and that are not there any more. */
const findGone = async (
  parts: VerifyJournalParts,
  report: (finding: JournalFinding) => void,
): Promise<void> => {
  const audited: ReadonlySet<string> = new Set(AUDITED_TABLES);
  let at = { table: '', id: '' };
  let seen = 0;
  for (;;) {
    const { connection } = parts.db;
    const batch = connection.all(
      sql`SELECT r.row_table, r.row_id, r.after FROM journal_row r
          WHERE (r.row_table, r.row_id) > (${at.table}, ${at.id}) AND r.position = (
            SELECT max(q.position) FROM journal_row q WHERE q.row_table = r.row_table AND q.row_id = r.row_id)
          ORDER BY r.row_table, r.row_id LIMIT ${BATCH}`,
      lastNote,
    );
    const last = batch.at(-1);
    if (last === undefined) return;
    for (const { row_table, row_id, after } of batch) {
      if (after.equals(GONE)) continue;
      if (!audited.has(row_table) || parts.db.hashOf(row_table, row_id).equals(GONE))
        report({ part: 'journal', code: 'vault.rowTampered', subject: keyOf(row_table, row_id) });
    }
    at = { table: last.row_table, id: last.row_id };
    seen += batch.length;
    await parts.breathe(seen);
  }
};
