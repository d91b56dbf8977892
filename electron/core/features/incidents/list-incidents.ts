import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { caseIdSchema, evidenceIdSchema, incidentIdSchema } from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import { ACT_TYPES, VERIFICATION_STATES } from '#shared/model/vocabularies.ts';
import { mentionedIds } from '#shared/rules/mentions.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import {
  counted,
  empty,
  flagColumn,
  instantColumn,
  jsonColumn,
  list,
  read,
  sql,
  type Sql,
} from '../../db/index.ts';
import { needIncident } from './incident-repo.ts';
import { shownTitle } from './record-incident.ts';
import { SHOWN_PERSON } from '../holds/index.ts';

const listRow = z
  .object({
    id: incidentIdSchema,
    case_id: caseIdSchema.nullable(),
    case_code: z.string().nullable(),
    title: z.string(),
    opening: z.string(),
    happened: jsonColumn(partialDateSchema),
    state_code: z.string(),
    main_act: z.union([z.enum(ACT_TYPES), z.literal('').transform(() => null)]),
    acts: z.number().int(),
    evidence: z.number().int(),
    emergency: flagColumn,
    verification: z.enum(VERIFICATION_STATES),
    updated_at: instantColumn,
  })
  .transform((row) => ({
    id: row.id,
    caseId: row.case_id,
    caseCode: row.case_code,
    title: shownTitle({ title: row.title, narrative: row.opening }),
    happened: row.happened,
    stateCode: row.state_code,
    mainAct: row.main_act,
    acts: row.acts,
    evidence: row.evidence,
    emergency: row.emergency,
    verification: row.verification,
    updatedAt: row.updated_at,
  }));

type Order = readonly [ascending: Sql, descending: Sql];
const ORDERS: Record<HandlerInput<'incidents.list'>['sort'], Order> = {
  happened: [sql`i.sort_key, i.id DESC`, sql`i.sort_key DESC, i.id`],
  updated: [sql`i.updated_at, i.id DESC`, sql`i.updated_at DESC, i.id`],
};

/** One page. Everything that is counted or cut is so for the rows of the page only. */
export function listIncidents(
  call: OpenCall,
  input: HandlerInput<'incidents.list'>,
): CallOutput<'incidents.list'> {
  const where = sql`WHERE 1
    ${input.caseId === undefined ? empty : sql`AND i.case_id = ${input.caseId}`}
    ${input.withoutCase === true ? sql`AND i.case_id IS NULL` : empty}
    ${input.actTypes === undefined ? empty : sql`AND i.main_act IN ${list(input.actTypes)}`}
    ${input.stateCode === undefined ? empty : sql`AND i.state_code = ${input.stateCode}`}
    ${input.fromDay === undefined ? empty : sql`AND i.sort_key >= ${input.fromDay}`}
    ${input.toDay === undefined ? empty : sql`AND i.sort_key < ${`${input.toDay}U`}`}`;
  const order = ORDERS[input.sort][input.descending ? 1 : 0];
  return read(call, (db) => ({
    total: counted(call, sql`SELECT count(*) AS n FROM incident i ${where}`),
    rows: db.all(
      sql`WITH page AS (SELECT i.rowid AS at FROM incident i ${where} ORDER BY ${order} LIMIT ${input.limit} OFFSET ${input.offset})
          SELECT i.id, i.case_id, c.code AS case_code, i.title, substr(i.narrative, 1, 600) AS opening, i.happened,
            i.state_code, i.main_act, i.verification, i.updated_at, i.emergency IS NOT NULL AS emergency,
            (SELECT count(*) FROM act a WHERE a.incident_id = i.id) AS acts,
            (SELECT count(*) FROM evidence_link e WHERE e.incident_id = i.id) AS evidence
          FROM page p JOIN incident i ON i.rowid = p.at LEFT JOIN case_file c ON c.id = i.case_id ORDER BY ${order}`,
      listRow,
    ),
  }));
}

const nameRow = z.object({ id: z.string(), name: z.string() });
const linkedRow = z.object({ id: evidenceIdSchema, title: z.string(), mime: z.string() });
const codeRow = z.object({ code: z.string() });

/** @throws AppError `record.notFound` */
export function getIncident(
  call: OpenCall,
  input: HandlerInput<'incidents.get'>,
): CallOutput<'incidents.get'> {
  const found = read(call, (db) => {
    const incident = needIncident(db, input.id);
    const people = new Set([
      ...mentionedIds(incident.narrative, 'person'),
      ...mentionedIds(incident.restrictedNarrative, 'person'),
      ...mentionedIds(incident.linkToWork, 'person'),
      ...incident.sources.flatMap((source) => source.personId ?? []),
      ...incident.acts.flatMap((act) =>
        [act.personId ?? [], ...act.involvements.map((who) => who.personId ?? [])].flat(),
      ),
    ]);
    return {
      ...incident,
      caseCode:
        incident.caseId === null
          ? null
          : db.need(sql`SELECT code FROM case_file WHERE id = ${incident.caseId}`, codeRow).code,
      evidence: db.all(
        sql`SELECT e.id, e.title, e.mime FROM evidence_link l JOIN evidence e ON e.id = l.evidence_id
            WHERE l.incident_id = ${input.id} ORDER BY e.received_at, e.id`,
        linkedRow,
      ),
      personNames: Object.fromEntries(
        db
          .all(
            sql`SELECT p.id, p.name FROM person p WHERE p.id IN ${list([...people])} AND ${SHOWN_PERSON}`,
            nameRow,
          )
          .map((row) => [row.id, row.name]),
      ),
    };
  });
  call.session.reads.note(call.method, 'incident', input.id);
  return found;
}
