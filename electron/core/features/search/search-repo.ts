import type { SEARCH_KINDS } from '#shared/contract/search.ts';
import { sql, type Tx } from '../../db/index.ts';

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

/** Puts a record into the search index, or replaces it, in the transaction that changes the record. */
export function indexDocument(tx: Tx, document: SearchDocument): void {
  tx.run(sql`
    INSERT INTO search_doc (kind, ref, case_id, title, body, when_key)
    VALUES (${document.kind}, ${document.ref}, ${document.caseId}, ${document.title}, ${document.body}, ${document.whenKey})
    ON CONFLICT (kind, ref) DO UPDATE SET
      case_id = excluded.case_id, title = excluded.title, body = excluded.body, when_key = excluded.when_key`);
}

/** Takes a record out of the search index. */
export function unindexDocument(tx: Tx, kind: SearchDocument['kind'], ref: string): void {
  tx.run(sql`DELETE FROM search_doc WHERE kind = ${kind} AND ref = ${ref}`);
}
