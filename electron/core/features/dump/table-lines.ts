import { z } from 'zod';
import type { Connection } from '../../db/connection.ts';
import { rowsOf, type Column, type Table } from './dump-repo.ts';

const PAGE = 200;

/** BLOB columns are base64, JSON columns are the very text that the vault holds: only so can its hash be checked. */
const cellSchema = (column: Column): z.ZodType => {
  const base: z.ZodType =
    column.type === 'TEXT'
      ? z.string().meta({ sqliteType: 'TEXT' })
      : column.type === 'INTEGER'
        ? z.number().int().meta({ sqliteType: 'INTEGER' })
        : column.type === 'REAL'
          ? z.number().meta({ sqliteType: 'REAL' })
          : z.base64().meta({ sqliteType: 'BLOB', contentEncoding: 'base64' });
  return column.nullable ? base.nullable() : base;
};

/**
 * JSON Schema (2020-12) of one line of a table's file. Properties stand in the order of the vault's own columns,
 * which is the order in which they are hashed; `sqliteType` names the storage class.
 */
export const tableSchema = (table: Table): Buffer => {
  const shape = Object.fromEntries(table.columns.map((column) => [column.name, cellSchema(column)]));
  const schema = z.toJSONSchema(z.object(shape).strict());
  return Buffer.from(`${JSON.stringify({ title: table.name, ...schema }, null, 2)}\n`);
};

const cellText = (value: unknown): string => {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  return JSON.stringify(value) ?? 'null';
};

export const lineOf = (table: Table, row: Readonly<Record<string, unknown>>): string =>
  `{${table.columns.map(({ name }) => `${JSON.stringify(name)}:${cellText(row[name])}`).join(',')}}\n`;

/** Changes a row before it leaves; gives it back as it is where nothing is to be hidden. */
export type RowFilter = (row: Record<string, unknown>) => Record<string, unknown>;

/** Lines of a table, a page at a time; memory stays at one page however long the table is. */
export async function* tableLines(
  connection: Connection,
  table: Table,
  options: { readonly reserved: boolean; readonly filter?: RowFilter; readonly signal: AbortSignal },
): AsyncGenerator<Buffer, void, undefined> {
  for (let offset = 0; ; offset += PAGE) {
    if (options.signal.aborted) return;
    const rows = rowsOf(connection, table, options.reserved, offset, PAGE);
    if (rows.length > 0)
      yield Buffer.from(rows.map((row) => lineOf(table, options.filter?.(row) ?? row)).join(''));
    if (rows.length < PAGE) return;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
