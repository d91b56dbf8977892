import { z } from 'zod';
import { unlockVault, type OpenVault } from '../../electron/core/features/vault/index.ts';
import { trustedSql } from '../../electron/core/db/sql.ts';
import type { Ports } from '../../electron/core/ports/index.ts';
import { PASSPHRASE } from '../integration/harness.ts';

/** Opens a locked vault directly, for looking at what no method shows. */
export const openDirectly = (ports: Ports, folder: string): Promise<OpenVault> =>
  unlockVault(ports, { folder, passphrase: PASSPHRASE, onLost: () => undefined });

const nameRow = z.object({ name: z.string() });

/** Every cell of every table as text, shadow tables of the index included, with the name of its table. */
export const everyCell = (vault: OpenVault): { table: string; text: string }[] => {
  const { connection } = vault.db;
  const tables = connection.all(
    trustedSql(`SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
      AND name <> 'search_text' ORDER BY name`),
    nameRow,
  );
  return tables.flatMap(({ name }) =>
    connection.rawAllExact(trustedSql(`SELECT * FROM main."${name}"`)).flatMap((row) =>
      Object.values(row).map((value) => ({
        table: name,
        text: value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
      })),
    ),
  );
};

/** Every word in the full-text index. */
export const indexedWords = (vault: OpenVault): string[] => {
  const { connection } = vault.db;
  connection.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab('main', 'search_text', 'row')`,
  );
  return connection.all(trustedSql('SELECT term AS name FROM temp.words'), nameRow).map((row) => row.name);
};
