import { z } from 'zod';
import { sql, type Reader } from '../../db/index.ts';

const countsRow = z.object({
  cases: z.number().int(),
  persons: z.number().int(),
  incidents: z.number().int(),
  evidence: z.number().int(),
  journal: z.number().int(),
});

/** How much of what a database holds; a person compares it with what they remember. */
export const recordCounts = (db: Reader): z.output<typeof countsRow> =>
  db.need(
    sql`SELECT (SELECT count(*) FROM case_file) AS cases, (SELECT count(*) FROM person) AS persons,
      (SELECT count(*) FROM incident) AS incidents, (SELECT count(*) FROM evidence) AS evidence,
      (SELECT coalesce(max(position), 0) FROM journal) AS journal`,
    countsRow,
  );
