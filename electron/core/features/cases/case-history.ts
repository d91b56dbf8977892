import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { countRow, read, sql } from '../../db/index.ts';

/** Milliseconds in the first 48 bits of a hybrid logical clock value. */
const hlcMs = (hlc: Uint8Array): number => Buffer.from(hlc).readUIntBE(0, 6);

const entryRow = z
  .object({
    position: z.number().int(),
    hlc: z.instanceof(Uint8Array),
    actor: z.string().nullable(),
    method: z.string(),
    entity_table: z.string(),
    entity_id: z.string(),
    payload: z.string().nullable(),
  })
  .transform((row) => ({
    position: row.position,
    at: new Date(hlcMs(row.hlc)).toISOString(),
    actor: row.actor ?? '',
    method: row.method,
    table: row.entity_table,
    id: row.entity_id,
    fields: fieldNames(row.payload),
  }));

function fieldNames(payload: string | null): string[] {
  if (payload === null) return [];
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return [];
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** Everything that the journal holds of one case and what belongs to it, newest first. */
export function caseHistory(
  call: OpenCall,
  input: HandlerInput<'cases.history'>,
): CallOutput<'cases.history'> {
  const id = input.caseId;
  const belonging = sql`(
    SELECT 'case_file' AS t, id AS i FROM case_file WHERE id = ${id}
    UNION ALL SELECT 'case_person', id FROM case_person WHERE case_id = ${id}
    UNION ALL SELECT 'incident', id FROM incident WHERE case_id = ${id}
    UNION ALL SELECT 'consent', id FROM consent WHERE case_id = ${id}
    UNION ALL SELECT 'note', id FROM note WHERE case_id = ${id}
    UNION ALL SELECT 'evidence', id FROM evidence WHERE case_id = ${id}
    UNION ALL SELECT 'export', id FROM export WHERE case_id = ${id}
    UNION ALL SELECT 'ledger', id FROM ledger WHERE case_id = ${id})`;
  return read(call, (db) => ({
    total: db.need(
      sql`SELECT count(*) AS n FROM ${belonging} b CROSS JOIN journal j ON j.entity_table = b.t AND j.entity_id = b.i`,
      countRow,
    ).n,
    rows: db.all(
      sql`SELECT j.position, j.hlc, r.name AS actor, j.method, j.entity_table, j.entity_id, CAST(p.payload AS TEXT) AS payload
          FROM ${belonging} b CROSS JOIN journal j ON j.entity_table = b.t AND j.entity_id = b.i
          LEFT JOIN journal_payload p ON p.position = j.position
          LEFT JOIN roster r ON r.sign_public = j.actor
          ORDER BY j.position DESC LIMIT ${input.limit} OFFSET ${input.offset}`,
      entryRow,
    ),
  }));
}
