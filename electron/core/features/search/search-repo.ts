import type { Connection } from '../../db/connection.ts';
import { isAppError } from '#shared/errors.ts';
import type { SEARCH_KINDS } from '#shared/contract/search.ts';
import { countRow, read, sql, write, type DbContext, type Reader, type Tx } from '../../db/index.ts';

/** One thing that can be found. `body` is plain text; marks of mentions are taken out before. */
export interface SearchDocument {
  readonly kind: (typeof SEARCH_KINDS)[number];
  readonly ref: string;
  readonly caseId: string | null;
  readonly title: string;
  readonly body: string;
  /** Local minute by which the hit is dated, or empty. */
  readonly whenKey: string;
}

/** So many documents at most wait for the index: what the search after them costs stays a few milliseconds. */
const MOST_WAITING = 64;

/**
 * Puts a record where searches find it, or replaces it, in the transaction that changes the record. Its words enter
 * the full-text index with the next search or the next lot.
 */
export function indexDocument(tx: Tx, document: SearchDocument): void {
  tx.run(sql`
    INSERT INTO search_doc (kind, ref, case_id, title, body, when_key)
    VALUES (${document.kind}, ${document.ref}, ${document.caseId}, ${document.title}, ${document.body}, ${document.whenKey})
    ON CONFLICT (kind, ref) DO UPDATE SET
      case_id = excluded.case_id, title = excluded.title, body = excluded.body, when_key = excluded.when_key`);
  if (waiting(tx) >= MOST_WAITING) settleIndex(tx);
}

const waiting = (db: Reader): number => db.need(sql`SELECT count(*) AS n FROM search_waiting`, countRow).n;

/** Brings the words of all waiting documents into the index. Before the index is compared, copied or searched. */
export function settleIndex(tx: Pick<Tx, 'run'>): void {
  tx.run(sql`INSERT INTO search_text (rowid, title, body)
    SELECT d.doc, d.title, d.body FROM search_waiting w JOIN main.search_doc d ON d.doc = w.doc ORDER BY d.doc`);
  tx.run(sql`DELETE FROM search_waiting`);
}

/**
 * Reads with an index that lacks nothing. Where the vault may only be looked at, the words enter it for the length
 * of the query and are taken back.
 */
export const readSearchable = <T>(ctx: DbContext, work: (reader: Reader) => T): T => {
  if (read(ctx, waiting) === 0) return ctx.db.read(work);
  if (ctx.db.readOnlyBecause === null) {
    try {
      write({ db: ctx.db, method: 'search.settle' }, settleIndex);
      return ctx.db.read(work);
    } catch (thrown) {
      // A full disk or a rotation under way must not keep anybody from searching.
      if (!isAppError(thrown)) throw thrown;
    }
  }
  return ctx.db.readWithin(settleIndex, work);
};

/** Takes a record out of the search index. */
export function unindexDocument(tx: Tx, kind: SearchDocument['kind'], ref: string): void {
  tx.run(sql`DELETE FROM search_doc WHERE kind = ${kind} AND ref = ${ref}`);
}

/**
 * Writes the whole index anew from the documents as they now stand. Taking a document out only marks its words as
 * gone; they stay in the index until parts of it are merged, which may be never.
 */
export function rebuildIndex(tx: Tx): void {
  tx.run(sql`INSERT INTO search_text (search_text) VALUES ('rebuild')`);
  tx.run(sql`DELETE FROM search_waiting`);
}

/**
 * Compares the index, together with the documents that still wait for it, with the documents; leaves both as they were.
 *
 * @throws AppError `vault.databaseDamaged` where they differ.
 */
export function compareIndex(connection: Connection): void {
  connection.run(sql`SAVEPOINT compare_index`);
  try {
    settleIndex(connection);
    connection.run(sql`INSERT INTO search_text (search_text, rank) VALUES ('integrity-check', 1)`);
  } finally {
    connection.run(sql`ROLLBACK TO compare_index`);
    connection.run(sql`RELEASE compare_index`);
  }
}
