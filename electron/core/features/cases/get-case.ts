import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { personIdSchema } from '#shared/model/ids.ts';
import { CASE_ROLES } from '#shared/model/vocabularies.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { flagColumn, jsonColumn, read, sql } from '../../db/index.ts';
import { requireDecided } from '../access/index.ts';
import { SHOWN_LINK } from '../holds/index.ts';
import { needCase } from './case-repo.ts';

const casePersonRow = z
  .object({
    person_id: personIdSchema,
    name: z.string(),
    kind: z.string(),
    minor: flagColumn,
    roles: jsonColumn(z.array(z.enum(CASE_ROLES))),
    relation: z.string(),
    reserved: flagColumn,
    given: z.number().int(),
    expired: z.number().int(),
    unrenewed: z.number().int(),
    impeded: z.number().int(),
    refused: z.number().int(),
    withdrawn: z.number().int(),
  })
  .transform(({ person_id, given, expired, unrenewed, impeded, refused, withdrawn, ...rest }) => ({
    ...rest,
    personId: person_id,
    consents: { given, expired, unrenewed, impeded, refused, withdrawn },
  }));

const countsRow = z
  .object({
    incidents: z.number().int(),
    evidence: z.number().int(),
    notes: z.number().int(),
    exports: z.number().int(),
    consents_to_ratify: z.number().int(),
  })
  .transform(({ consents_to_ratify, ...rest }) => ({ ...rest, consentsToRatify: consents_to_ratify }));

/**
 * A newer answer than `c` takes its place, as an export judges it: one about the same recipient, or a no to all. Looked
 * for through the index of a person's consents, and only where `c` has expired.
 */
const RENEWED = sql`EXISTS (SELECT 1 FROM consent n WHERE n.person_id = c.person_id AND n.case_id = c.case_id
  AND ((n.recipient_class = c.recipient_class AND (n.created_at, n.id) > (c.created_at, c.id))
    OR (n.recipient_class = 'all' AND n.answer IN ('refused', 'withdrawn') AND n.updated_at >= c.created_at)))`;

/** @throws AppError `record.notFound`, `vault.rowTampered` where who may open it is not what the journal says. */
export function getCase(call: OpenCall, input: HandlerInput<'cases.get'>): CallOutput<'cases.get'> {
  const { clock } = call.core.ports;
  // A consent holds through its last day, as an export judges it.
  const day = localDay(clock.now(), clock.zone());
  const found = read(call, (db) => ({
    ...needCase(db, input.id),
    persons: db.all(
      sql`SELECT l.person_id, p.name, p.kind, p.minor, l.roles, l.relation, l.reserved,
            count(CASE WHEN c.answer = 'given' AND coalesce(c.expires_day >= ${day}, 1) THEN 1 END) AS given,
            count(CASE WHEN c.answer = 'given' AND c.expires_day < ${day} THEN 1 END) AS expired,
            count(CASE WHEN c.answer = 'given' AND c.expires_day < ${day} AND NOT ${RENEWED} THEN 1 END) AS unrenewed,
            count(CASE c.answer WHEN 'impeded' THEN 1 END) AS impeded,
            count(CASE c.answer WHEN 'refused' THEN 1 END) AS refused,
            count(CASE c.answer WHEN 'withdrawn' THEN 1 END) AS withdrawn
          FROM case_person l JOIN person p ON p.id = l.person_id
          LEFT JOIN consent c ON c.person_id = l.person_id AND c.case_id = l.case_id
          WHERE l.case_id = ${input.id} AND ${SHOWN_LINK} GROUP BY l.id ORDER BY l.added_at, l.id`,
      casePersonRow,
    ),
    counts: db.need(
      sql`SELECT
            (SELECT count(*) FROM incident WHERE case_id = ${input.id}) AS incidents,
            (SELECT count(*) FROM evidence WHERE case_id = ${input.id}) AS evidence,
            (SELECT count(*) FROM note WHERE case_id = ${input.id}) AS notes,
            (SELECT count(*) FROM export WHERE case_id = ${input.id}) AS exports,
            (SELECT count(*) FROM consent WHERE case_id = ${input.id} AND to_ratify = 1 AND ratified_day IS NULL)
              AS consents_to_ratify`,
      countsRow,
    ),
  }));
  read(call, (db) => {
    requireDecided(call, db, input.id);
  });
  call.session.reads.note(call.method, 'case_file', input.id);
  return found;
}
