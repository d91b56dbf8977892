import { withExpectedSchema } from '../../migrations/expected-schema.ts';
import { schemaStatements } from './check-repo.ts';
import type { OpenVault } from './open-vault.ts';

const plain = (sql: string): string => sql.replace(/\s+/gu, ' ').trim();

const statementsOf = (db: Parameters<typeof schemaStatements>[0]): Map<string, string> =>
  new Map(schemaStatements(db).map(({ type, name, sql }) => [`${type} ${name}`, plain(sql)]));

/**
 * Tables, indexes, triggers and views of the vault against those that this program makes.
 *
 * @returns names of what is missing, added or different; empty where all is as it should be.
 */
export const schemaDifferences = (vault: OpenVault): string[] => {
  const expected = withExpectedSchema(statementsOf);
  const found = statementsOf(vault.db.connection);
  return [...new Set([...expected.keys(), ...found.keys()])]
    .filter((name) => expected.get(name) !== found.get(name))
    .sort();
};
