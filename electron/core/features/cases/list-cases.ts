import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { caseIdSchema } from '#shared/model/ids.ts';
import { CASE_STATES } from '#shared/model/vocabularies.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { counted, empty, instantColumn, list, sql, type Reader, type Sql } from '../../db/index.ts';
import { ftsQuery, readSearchable } from '../search/index.ts';

const listRow = z
  .object({
    id: caseIdSchema,
    code: z.string(),
    title: z.string(),
    state: z.enum(CASE_STATES),
    opened_day: z.string(),
    people: z.number().int(),
    incidents: z.number().int(),
    evidence: z.number().int(),
    last_incident: z.string().nullable(),
    updated_at: instantColumn,
  })
  .transform(({ opened_day, last_incident, updated_at, ...rest }) => ({
    ...rest,
    openedDay: opened_day,
    lastIncidentKey: last_incident ?? '',
    updatedAt: updated_at,
  }));

const ORDERS: Record<HandlerInput<'cases.list'>['sort'], readonly [ascending: Sql, descending: Sql]> = {
  updated: [sql`c.updated_at, c.id`, sql`c.updated_at DESC, c.id`],
  code: [sql`c.code`, sql`c.code DESC`],
  opened: [sql`c.opened_day, c.id`, sql`c.opened_day DESC, c.id`],
};

/** One page of cases; the counts are taken for the rows of the page only. */
export function listCases(call: OpenCall, input: HandlerInput<'cases.list'>): CallOutput<'cases.list'> {
  const query = input.text === undefined || foldKey(input.text) === '' ? null : ftsQuery(input.text);
  const found =
    query === null
      ? empty
      : sql`AND c.id IN (SELECT d.case_id FROM search_text t JOIN search_doc d ON d.doc = t.rowid
            WHERE search_text MATCH ${query} AND d.kind = 'case')`;
  const states = input.states === undefined ? empty : sql`AND c.state IN ${list(input.states)}`;
  const order = ORDERS[input.sort][input.descending ? 1 : 0];
  const page = (db: Reader): CallOutput<'cases.list'> => ({
    total: counted(call, sql`SELECT count(*) AS n FROM case_file c WHERE 1 ${found} ${states}`),
    rows: db.all(
      sql`WITH page AS (
            SELECT c.id, c.code, c.title, c.state, c.opened_day, c.updated_at FROM case_file c
            WHERE 1 ${found} ${states} ORDER BY ${order} LIMIT ${input.limit} OFFSET ${input.offset})
          SELECT c.*,
            (SELECT count(*) FROM case_person x WHERE x.case_id = c.id) AS people,
            (SELECT count(*) FROM incident x WHERE x.case_id = c.id) AS incidents,
            (SELECT count(*) FROM evidence x WHERE x.case_id = c.id) AS evidence,
            (SELECT max(x.sort_key) FROM incident x WHERE x.case_id = c.id) AS last_incident
          FROM page c ORDER BY ${order}`,
      listRow,
    ),
  });
  return query === null ? call.db.read(page) : readSearchable(call, page);
}
