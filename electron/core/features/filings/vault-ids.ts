import { z } from 'zod';
import { sql, type Reader } from '../../db/index.ts';

const idRow = z.object({ id: z.string() });

/**
 * Every id of every table: none may leave, because an id tells the minute of its making and joins whatever
 * holds it. Journal and search tables hold the same ids again.
 */
export const allIds = (db: Reader): string[] =>
  db
    .all(
      sql`SELECT id FROM roster UNION ALL SELECT id FROM case_file UNION ALL SELECT id FROM person
          UNION ALL SELECT id FROM case_person UNION ALL SELECT id FROM incident UNION ALL SELECT id FROM act
          UNION ALL SELECT id FROM involvement UNION ALL SELECT id FROM consent UNION ALL SELECT id FROM note
          UNION ALL SELECT id FROM evidence UNION ALL SELECT id FROM evidence_link UNION ALL SELECT id FROM custody
          UNION ALL SELECT id FROM draft UNION ALL SELECT id FROM series UNION ALL SELECT id FROM pseudonym
          UNION ALL SELECT id FROM export UNION ALL SELECT id FROM export_decision UNION ALL SELECT id FROM ledger
          UNION ALL SELECT id FROM outbox
          UNION ALL SELECT lower(hex(object_id)) AS id FROM evidence`,
      idRow,
    )
    .map((row) => row.id);
