import { DATA_REQUEST_KINDS } from '#shared/contract/erasure.ts';
import { personIdSchema, type PersonId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { empty, flagColumn, instantColumn, jsonColumn, sql, type Reader, type Tx } from '../../db/index.ts';

const requestRow = z
  .object({
    id: z.string(),
    person_id: personIdSchema,
    person: z.string(),
    kinds: jsonColumn(z.array(z.enum(DATA_REQUEST_KINDS))),
    received_on: z.string(),
    channel: z.string(),
    identified_by: z.string(),
    note: z.string(),
    state: z.enum(['open', 'answered', 'closed']),
    outcome: z.string(),
    answered_on: z.string().nullable(),
    carried_out_on: z.string().nullable(),
    extended: flagColumn,
    hold: z.enum(['none', 'restricted', 'blocked', 'erased']),
    version: z.number().int(),
    updated_at: instantColumn,
  })
  .transform((row) => ({
    id: row.id,
    personId: row.person_id,
    person: row.person,
    kinds: row.kinds,
    receivedOn: row.received_on,
    channel: row.channel,
    identifiedBy: row.identified_by,
    note: row.note,
    state: row.state,
    outcome: row.outcome,
    answeredOn: row.answered_on,
    carriedOutOn: row.carried_out_on,
    extended: row.extended,
    hold: row.hold,
    version: row.version,
    updatedAt: row.updated_at,
  }));
export type StoredRequest = z.output<typeof requestRow>;

/** Through what the session sees: a request names a person, and somebody known from hidden cases only is hidden. */
const selection = sql`SELECT r.id, r.person_id, p.name AS person, r.kinds, r.received_on, r.channel, r.identified_by,
    r.note, r.state, r.outcome, r.answered_on, r.carried_out_on, r.extended, coalesce(h.state, 'none') AS hold,
    r.version, r.updated_at
  FROM data_request r JOIN person p ON p.id = r.person_id LEFT JOIN main.person_hold h ON h.id = r.person_id`;

/** @throws AppError `record.notFound` */
export const needRequest = (db: Reader, id: string): StoredRequest =>
  db.need(sql`${selection} WHERE r.id = ${id}`, requestRow);

/** Requests, the oldest first: their time runs out first. */
export const requestsIn = (db: Reader, state: StoredRequest['state'] | undefined): StoredRequest[] =>
  db.all(
    sql`${selection} ${state === undefined ? empty : sql`WHERE r.state = ${state}`} ORDER BY r.received_on, r.id`,
    requestRow,
  );

export interface NewRequest {
  readonly id: string;
  readonly personId: PersonId;
  readonly kinds: readonly string[];
  readonly receivedOn: string;
  readonly channel: string;
  readonly identifiedBy: string;
  readonly note: string;
}

export function insertRequest(tx: Tx, row: NewRequest, nowMs: number): void {
  tx.run(sql`INSERT INTO main.data_request (id, person_id, kinds, received_on, channel, identified_by, note, state,
      outcome, answered_on, carried_out_on, extended, version, created_at, updated_at)
    VALUES (${row.id}, ${row.personId}, ${JSON.stringify(row.kinds)}, ${row.receivedOn}, ${row.channel},
      ${row.identifiedBy}, ${row.note}, 'open', '', NULL, NULL, 0, 1, ${nowMs}, ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export const updateRequest = (
  tx: Tx,
  row: Pick<StoredRequest, 'id' | 'state' | 'outcome' | 'answeredOn' | 'carriedOutOn' | 'extended'>,
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE main.data_request SET state = ${row.state}, outcome = ${row.outcome}, answered_on = ${row.answeredOn},
      carried_out_on = ${row.carriedOutOn}, extended = ${row.extended}, version = version + 1, updated_at = ${nowMs}
    WHERE id = ${row.id} AND version = ${version}`).changes === 1;
