import type { z } from 'zod';
import type { Sql } from './sql.ts';

/** Anything that JSON can hold; the typed changes of a journal entry. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Reads inside a snapshot. Each row is parsed by its schema; a row that does not fit is `vault.databaseDamaged`. */
export interface Reader {
  all<S extends z.ZodType>(query: Sql, row: S): z.output<S>[];
  /** First row, or null. */
  get<S extends z.ZodType>(query: Sql, row: S): z.output<S> | null;
  /** First row, or `record.notFound`. */
  need<S extends z.ZodType>(query: Sql, row: S): z.output<S>;
}

/** One row of an audited table. For a composite primary key, `id` is `rowId(part, part)`. */
export interface RowRef {
  readonly table: string;
  readonly id: string;
}

export interface JournalDeclaration extends RowRef {
  /** What changed, typed by the feature. Kept apart from the signed entry and erasable; never key material. */
  readonly payload: Json;
  /** Further rows, changed in this transaction, that this entry answers for (bulk commands). */
  readonly rows?: readonly RowRef[];
  /** Tables of which this entry answers for every row changed in this transaction (parts of one record). */
  readonly children?: readonly string[];
  /** Another method than the transaction's, for what was gathered from several calls. */
  readonly method?: string;
}

/** One write transaction. Everything is synchronous: an `await` inside would let another request in between. */
export interface Tx extends Reader {
  run(query: Sql): { readonly changes: number };
  /**
   * Declares the change of a record. The row hashes are taken at the end of the transaction from the rows as
   * they then stand. A changed audited row that no declaration covers rolls the transaction back.
   */
  journal(entry: JournalDeclaration): void;
  /** Runs once after COMMIT and after the anchor was written: events, outbox. Never runs on rollback. */
  afterCommit(callback: () => void): void;
}

/** The only shape of parts a row id can have. */
export const rowId = (...parts: readonly (string | number | bigint)[]): string => parts.join('|');
