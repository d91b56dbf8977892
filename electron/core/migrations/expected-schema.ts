import Database from '@signalapp/sqlcipher';
import { Connection } from '../db/connection.ts';
import { runMigrations } from './run-migrations.ts';

/**
 * Runs all steps in memory and hands the empty database over: what a vault of this version has to consist of.
 * Whoever can write pages could add a trigger that changes what is stored, or take one away that protects it.
 */
export const withExpectedSchema = <T>(work: (connection: Connection) => T): T => {
  const connection = new Connection(new Database(':memory:'));
  try {
    runMigrations(connection);
    return work(connection);
  } finally {
    connection.close();
  }
};
