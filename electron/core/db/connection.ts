import type Database from '@signalapp/sqlcipher';
import type { Statement } from '@signalapp/sqlcipher';
import { AppError } from '#shared/errors.ts';
import type { z } from 'zod';
import type { Sql, SqlValue } from './sql.ts';
import { fromSqlite } from './sqlite-errors.ts';
import type { Reader } from './types.ts';

type Native = string | number | bigint | Uint8Array<ArrayBuffer> | null;

/** The driver binds every JavaScript number as REAL; whole numbers must arrive as INTEGER. */
const toNative = (value: SqlValue): Native => {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value instanceof Uint8Array) return value as Uint8Array<ArrayBuffer>;
  return value;
};

type Prepared = Statement<{ persistent: true; bigint: true }>;

/** The table that a statement writes to, unqualified. */
const WRITES = /^(\s*(?:INSERT(?: OR [A-Z]+)? INTO|UPDATE(?: OR [A-Z]+)?|DELETE FROM)\s+)([a-z_]+)(?=[\s(])/u;

/** Prepared statements kept; enough for every statement of the product, bounded because `IN` lists vary. */
const MAX_STATEMENTS = 400;

/**
 * One open database: prepared-statement cache, bound parameters, our errors. Features never see it; they get
 * a `Reader` or a `Tx`.
 */
export class Connection implements Reader {
  readonly #native: Database;
  readonly #statements = new Map<string, Prepared>();
  #open = true;
  #shadowed: ReadonlySet<string> | null = null;

  constructor(native: Database) {
    this.#native = native;
  }

  /**
   * Names of tables that temporary views stand in front of: statements that write mean the table, not the view.
   * Null where there are none.
   */
  shadow(tables: ReadonlySet<string> | null): void {
    this.#shadowed = tables;
  }

  #meant(text: string): string {
    const tables = this.#shadowed;
    if (tables === null) return text;
    return text.replace(WRITES, (whole, verb: string, table: string) =>
      tables.has(table) ? `${verb}main.${table}` : whole,
    );
  }

  get isOpen(): boolean {
    return this.#open;
  }

  #prepare(text: string, bigint: boolean): Prepared {
    if (!this.#open) throw new AppError('call.locked');
    const key = bigint ? `b${text}` : text;
    const known = this.#statements.get(key);
    if (known !== undefined) {
      // Most recently used last, so that the first key is the one to drop.
      this.#statements.delete(key);
      this.#statements.set(key, known);
      return known;
    }
    const made = this.#native.prepare(text, {
      persistent: true,
      ...(bigint ? { bigint: true } : {}),
    }) as Prepared;
    this.#statements.set(key, made);
    if (this.#statements.size > MAX_STATEMENTS) {
      const [oldest] = this.#statements;
      if (oldest !== undefined) {
        this.#statements.delete(oldest[0]);
        oldest[1].close();
      }
    }
    return made;
  }

  /** Rows as the driver gives them: INTEGER as number. Only for code that parses them at once. */
  rawAll(query: Sql): unknown[] {
    try {
      return this.#prepare(query.text, false).all(query.values.map(toNative));
    } catch (thrown) {
      throw fromSqlite(thrown);
    }
  }

  /** First row with INTEGER as bigint and REAL as number: the storage classes stay apart (row hashes). */
  rawExact(query: Sql): Record<string, unknown> | undefined {
    try {
      return this.#prepare(query.text, true).get(query.values.map(toNative));
    } catch (thrown) {
      throw fromSqlite(thrown);
    }
  }

  /** All rows with INTEGER as bigint and REAL as number. */
  rawAllExact(query: Sql): Record<string, unknown>[] {
    try {
      return this.#prepare(query.text, true).all(query.values.map(toNative));
    } catch (thrown) {
      throw fromSqlite(thrown);
    }
  }

  all<S extends z.ZodType>(query: Sql, row: S): z.output<S>[] {
    return this.rawAll(query).map((raw) => parseRow(row, raw));
  }

  get<S extends z.ZodType>(query: Sql, row: S): z.output<S> | null {
    let raw: unknown;
    try {
      raw = this.#prepare(query.text, false).get(query.values.map(toNative));
    } catch (thrown) {
      throw fromSqlite(thrown);
    }
    return raw === undefined ? null : parseRow(row, raw);
  }

  need<S extends z.ZodType>(query: Sql, row: S): z.output<S> {
    const found = this.get(query, row);
    if (found === null) throw new AppError('record.notFound');
    return found;
  }

  /** Runs one statement; gives the number of rows changed. */
  run(query: Sql): { readonly changes: number } {
    try {
      return {
        changes: this.#prepare(this.#meant(query.text), false).run(query.values.map(toNative)).changes,
      };
    } catch (thrown) {
      throw fromSqlite(thrown);
    }
  }

  /** Several statements of our own, without parameters: schema and pragmas. */
  exec(text: string): void {
    if (!this.#open) throw new AppError('call.locked');
    try {
      this.#native.exec(text);
    } catch (thrown) {
      throw fromSqlite(thrown);
    }
  }

  /** All rows of one pragma. Not cached: pragmas run at open and in checks. */
  pragma(source: string): Record<string, unknown>[] {
    if (!this.#open) throw new AppError('call.locked');
    try {
      return this.#native.pragma(source);
    } catch (thrown) {
      throw fromSqlite(thrown);
    }
  }

  defineFunction(name: string, body: (...values: readonly unknown[]) => void): void {
    this.#native.createFunction(name, body);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#statements.clear();
    try {
      this.#native.close();
    } catch (thrown) {
      throw fromSqlite(thrown);
    }
  }
}

const parseRow = <S extends z.ZodType>(schema: S, raw: unknown): z.output<S> => {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    throw new AppError('vault.databaseDamaged', { cause: parsed.error.issues.map((issue) => issue.path) });
  }
  return parsed.data;
};
