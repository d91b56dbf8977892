import type { Connection } from '../db/connection.ts';

/**
 * One step of the schema. Steps are only ever appended; a step that has been released is never changed.
 */
export interface Migration {
  /** Grows from step to step; `user_version` after the step. */
  readonly number: number;
  readonly name: string;
  /** Statements in order, constants of our own. */
  readonly statements: readonly string[];
  /** Moves data, after the statements, in the same transaction. */
  readonly moveData?: (connection: Connection) => void;
}
