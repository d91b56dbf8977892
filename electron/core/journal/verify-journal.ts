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
  JOURNAL_COLUMNS,
  journalRow,
  bytesColumn,
  lastEntry,
  rowsOfEntry,
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
  const latest = new Map<string, Buffer>();
  const walked = await walkEntries(parts, report, latest);
  const notes = parts.db.connection.need(
    sql`SELECT count(*) AS n FROM journal_row WHERE position <= ${walked.entries}`,
    countRow,
  );
  // A note that no signed entry answers for: somebody wrote it to make a changed row look noted.
  if (notes.n !== walked.notes) report({ part: 'journal', code: 'vault.journalDamaged', subject: 'notes' });
  const rows = await compareRows(parts, report, latest, walked.entries);
  return { findings, entries: walked.entries, rows, erasedPayloads: walked.erased };
};

const walkEntries = async (
  parts: VerifyJournalParts,
  report: (finding: JournalFinding) => void,
  latest: Map<string, Buffer>,
): Promise<{ entries: number; erased: number; notes: number }> => {
  const { connection } = parts.db;
  const chains = new Map<string, Chain>();
  let position = 0;
  let before: JournalRow | null = null;
  let entries = 0;
  let erased = 0;
  let notes = 0;
  for (;;) {
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
      for (const row of rows) latest.set(keyOf(row.table, row.id), row.after);
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

const maySign = (signers: readonly KnownSigner[], entry: JournalRow): boolean =>
  signers.some(
    (signer) =>
      signer.signPublic.equals(entry.actor) &&
      (signer.retiredAfter === null || entry.position <= signer.retiredAfter),
  );

const newest = z.object({ after: bytesColumn });

/** The last `after` of a row as it is noted now; the walk may be older than what people did meanwhile. */
const notedNow = (connection: Connection, table: string, id: string): Buffer | null =>
  connection.get(
    sql`SELECT after FROM journal_row WHERE row_table = ${table} AND row_id = ${id}
        ORDER BY position DESC LIMIT 1`,
    newest,
  )?.after ?? null;

const compareRows = async (
  parts: VerifyJournalParts,
  report: (finding: JournalFinding) => void,
  latest: Map<string, Buffer>,
  walkedTo: number,
): Promise<number> => {
  const { connection } = parts.db;
  // While this waits between batches, other calls may commit: what they changed is compared as it is now.
  const movedOn = (): boolean => (lastEntry(connection)?.position ?? 0) > walkedTo;
  let rows = 0;
  for (const table of AUDITED_TABLES) {
    const part = table === 'roster' ? 'roster' : 'journal';
    const code = table === 'roster' ? 'vault.rosterDamaged' : 'vault.rowTampered';
    let last = '';
    for (;;) {
      const batch = connection.rawAllExact(
        // eslint-disable-next-line resguardo/no-sql-here -- the table's name is from the closed list of audited tables
        trustedSql(`SELECT * FROM main.${table} WHERE id > ? ORDER BY id LIMIT ${BATCH}`, [last]),
      );
      if (batch.length === 0) break;
      for (const row of batch) {
        const id = String(row['id']);
        const subject = keyOf(table, id);
        const stands = parts.db.rowHash(table, id, cellsOf(row));
        let noted = latest.get(subject) ?? null;
        if (noted?.equals(stands) !== true && movedOn()) noted = notedNow(connection, table, id);
        if (noted?.equals(stands) !== true) report({ part, code, subject });
        latest.delete(subject);
        last = id;
        rows += 1;
      }
      await parts.breathe(rows);
    }
  }
  for (const [subject, after] of latest) {
    if (after.equals(GONE)) continue;
    const cut = subject.indexOf('/');
    const now = movedOn() ? notedNow(connection, subject.slice(0, cut), subject.slice(cut + 1)) : after;
    if (now === null || !now.equals(GONE)) report({ part: 'journal', code: 'vault.rowTampered', subject });
  }
  return rows;
};
