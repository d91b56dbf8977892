import type { Connection } from './connection.ts';
import type { RowRef } from './types.ts';

/**
 * Notices every insert, update and delete in an audited table, whoever wrote the SQL. It works with TEMP
 * triggers, which live in this connection only: an attacker cannot take them out of the file, and a
 * foreign-key cascade or a REPLACE fires them too.
 */
export class TouchTracker {
  readonly #touched = new Map<string, Set<string>>();

  constructor(connection: Connection, tables: readonly string[]) {
    connection.defineFunction('resguardo_touched', (table, id) => {
      if (typeof table === 'string' && typeof id === 'string') this.#add(table, id);
    });
    connection.exec(tables.map((table) => triggersFor(table)).join('\n'));
  }

  #add(table: string, id: string): void {
    const ids = this.#touched.get(table);
    if (ids === undefined) this.#touched.set(table, new Set([id]));
    else ids.add(id);
  }

  /** Rows touched since `clear`, ordered by table and id so that list hashes have one form. */
  rows(): RowRef[] {
    const rows: RowRef[] = [];
    for (const table of [...this.#touched.keys()].sort()) {
      for (const id of [...(this.#touched.get(table) ?? [])].sort()) rows.push({ table, id });
    }
    return rows;
  }

  clear(): void {
    this.#touched.clear();
  }
}

const triggersFor = (table: string): string => `
  CREATE TEMP TRIGGER touched_${table}_i AFTER INSERT ON main.${table}
    BEGIN SELECT resguardo_touched('${table}', new.id); END;
  CREATE TEMP TRIGGER touched_${table}_u AFTER UPDATE ON main.${table}
    BEGIN SELECT resguardo_touched('${table}', old.id), resguardo_touched('${table}', new.id); END;
  CREATE TEMP TRIGGER touched_${table}_d AFTER DELETE ON main.${table}
    BEGIN SELECT resguardo_touched('${table}', old.id); END;`;
