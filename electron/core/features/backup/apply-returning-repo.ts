import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import { AUDITED_TABLES } from '../../db/audited-tables.ts';
import type { Connection } from '../../db/connection.ts';
import { copyFollowers, copyRow, followUnaudited, hasTable } from '../../db/copy-row.ts';
import { sql, type Tx } from '../../db/index.ts';
import { positionsHash } from '../../journal/index.ts';
import { rebuildIndex } from '../search/index.ts';
import { retireRow, type OpenVault } from '../vault/index.ts';
import { closeAgain } from './closed-cases-repo.ts';
import type { Returning } from './comes-back-repo.ts';

/** Rows that say that something was taken away: they are made here where the snapshot has not got them yet. */
const SAYINGS: ReadonlySet<string> = new Set([
  'evidence_tombstone',
  'run_withdrawn',
  'person_hold',
  'copy_hold',
  'data_request',
  'erasure',
]);

const objectRow = z.object({ object_id: z.instanceof(Uint8Array) });

const examinationRow = z.object({ examination_id: z.string() });

/**
 * A deletion empties the findings of the passes over what it deletes and binds the passes anew: without the first, a
 * pass that came with its new digest would be one that somebody altered, and what it found would be here again.
 */
const followFindings = (to: Connection, newer: Connection, { rows }: Returning): void => {
  const runs = rows.filter(({ table }) => table === 'matching_run').map(({ id }) => id);
  if (runs.length === 0) return;
  followUnaudited(to, newer, 'finding');
  const examinations = new Set(
    runs.flatMap((id) =>
      to
        .all(sql`SELECT examination_id FROM main.matching_run WHERE id = ${id}`, examinationRow)
        .map((row) => row.examination_id),
    ),
  );
  // Their words are in the index.
  for (const id of examinations) copyFollowers(to, newer, id);
};

const erasedRow = z.object({ position: z.number().int(), erasure_id: z.string() });
const idRow = z.object({ id: z.string() });

/**
 * Empties what erasures emptied of the journal that both share, and makes their rows list exactly that: positions
 * after the snapshot are other entries here.
 */
const emptyPayloads = (vault: OpenVault, tx: Tx, newer: Connection): void => {
  if (!hasTable(newer, 'erased_payload')) return;
  const { crypto } = vault.ports;
  const last = vault.journal.head.position;
  const before = new Set(
    tx.all(sql`SELECT position, erasure_id FROM main.erased_payload`, erasedRow).map((row) => row.position),
  );
  const shared = newer
    .all(sql`SELECT position, erasure_id FROM main.erased_payload ORDER BY position`, erasedRow)
    // The entry of the restore itself stands at the last position, which the newer state knows as another one.
    .filter(({ position }) => position < last);
  const zeros = Buffer.alloc(16);
  const copied = new Set(tx.all(sql`SELECT id FROM main.erasure`, idRow).map((row) => row.id));
  for (const { position, erasure_id } of shared) {
    if (before.has(position) || !copied.has(erasure_id)) continue;
    tx.run(sql`INSERT INTO erased_payload (position, erasure_id) VALUES (${position}, ${erasure_id})`);
    tx.run(sql`UPDATE journal_payload SET payload = NULL, salt = ${zeros} WHERE position = ${position}`);
  }
  for (const id of copied) {
    const positions = tx
      .all(
        sql`SELECT position, erasure_id FROM main.erased_payload WHERE erasure_id = ${id} ORDER BY position`,
        erasedRow,
      )
      .map((row) => row.position);
    const hash = positionsHash(crypto, positions);
    tx.run(sql`UPDATE erasure SET payloads = ${positions.length}, positions_hash = ${hash}
      WHERE id = ${id} AND positions_hash <> ${hash}`);
  }
};

/**
 * A vault that nobody can open is no vault: where everybody who keeps its keys in the snapshot has left since, those
 * who follow them are not in it. Throws `backup.nobodyLeft`.
 */
const requireSomebody = ({ connection }: OpenVault['db'], removed: readonly string[]): void => {
  const keepers = connection
    .all(sql`SELECT id FROM main.roster WHERE retired_at_seq IS NULL AND powers LIKE '%"keys"%'`, idRow)
    .filter(({ id }) => !removed.includes(id));
  if (keepers.length === 0) throw new AppError('backup.nobodyLeft');
};

/**
 * Takes away again, in one transaction of the restored vault, what the newer state had taken away: consents,
 * deleted and erased records with everything made from them, people.
 *
 * @param newer the state that it was compared with.
 * @returns hex ids of the objects whose keys went; their files are to be removed.
 * @throws AppError `backup.cannotApply`, `backup.nobodyLeft`; nothing of it was done then.
 */
export const applyReturning = (vault: OpenVault, newer: Connection, returning: Returning): string[] => {
  const { connection } = vault.db;
  const gone: string[] = [];
  requireSomebody(vault.db, returning.removed);
  try {
    vault.db.write('backup.restore', (tx) => {
      tx.run(sql`PRAGMA defer_foreign_keys = ON`);
      const erasing = hasTable(connection, 'erasure_open');
      if (erasing) tx.run(sql`INSERT INTO erasure_open (id) VALUES (${'restore'})`);
      for (const { table, id } of returning.rows) {
        copyRow(connection, newer, table, id, SAYINGS.has(table));
        copyFollowers(connection, newer, id);
      }
      // An erasure also empties what no entry lists: drafts, findings, text that a parser found.
      if (returning.rows.some(({ table }) => table === 'erasure')) followUnaudited(connection, newer);
      else followFindings(connection, newer, returning);
      closeAgain(vault, tx, returning.closed, returning.removed);
      if (hasTable(connection, 'evidence_tombstone')) {
        const dead = tx.all(
          sql`SELECT k.object_id FROM main.object_key k JOIN main.evidence_tombstone t ON t.object_id = k.object_id`,
          objectRow,
        );
        for (const row of dead) {
          tx.run(sql`DELETE FROM object_key WHERE object_id = ${row.object_id}`);
          gone.push(Buffer.from(row.object_id).toString('hex'));
        }
      }
      if (erasing) emptyPayloads(vault, tx, newer);
      for (const id of returning.removed) retireRow(tx, id, vault.journal.head.position + 1);
      // Words of what went stay in the index until parts of it are merged, which may be never.
      if (returning.rows.length > 0) rebuildIndex(tx);
      if (erasing) tx.run(sql`DELETE FROM erasure_open`);
      tx.journal({
        table: 'journal',
        id: vault.journal.head.hash.toString('hex'),
        payload: { applied: returning.list.length },
        children: AUDITED_TABLES,
      });
    });
  } catch {
    throw new AppError('backup.cannotApply');
  }
  return gone;
};
