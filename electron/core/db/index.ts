/**
 * The database as features see it:
 *
 * ```ts
 * const found = read(ctx, (db) => db.all(sql`SELECT id, code FROM case_file WHERE id = ${id}`, caseRow));
 * write(ctx, (tx) => {
 *   tx.run(sql`UPDATE case_file SET title = ${title} WHERE id = ${id}`);
 *   tx.journal({ table: 'case_file', id, payload: { title } });
 *   tx.afterCommit(() => ctx.emit('cases.changed', { id }));
 * });
 * ```
 */
export { empty, join, list, sql, type Sql, type SqlValue } from './sql.ts';
export { rowId, type JournalDeclaration, type Json, type Reader, type RowRef, type Tx } from './types.ts';
export { countRow, flagColumn, instantColumn, jsonColumn, jsonColumnOrNull } from './columns.ts';
export { counted } from './counted.ts';
export { read, write, type DbContext, type VaultDatabase } from './vault-database.ts';
