import { AppError } from '#shared/errors.ts';
import { personIdSchema, type PersonId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { instantColumn, sql, type Reader, type Sql } from '../../db/index.ts';

const stateSchema = z.enum(['restricted', 'blocked', 'erased']);
/** `restricted`: not exported. `blocked`: also hidden. `erased`: nothing of hers is left but the unit. */
export type Hold = z.infer<typeof stateSchema>;

const holdRow = z
  .object({
    id: personIdSchema,
    state: stateSchema,
    code: z.string(),
    request_id: z.string().nullable(),
    since: instantColumn,
  })
  .transform(({ id, request_id, ...rest }) => ({ personId: id, requestId: request_id, ...rest }));
/** One person whose data is held back. `code`: the neutral word that stands for her once she is erased. */
export type PersonHold = z.output<typeof holdRow>;

/** How far a person's data is held back, or null. */
export const holdOf = (db: Reader, id: PersonId): PersonHold | null =>
  db.get(sql`SELECT id, state, code, request_id, since FROM main.person_hold WHERE id = ${id}`, holdRow);

/** Everybody whose data is held back, the latest first. */
export const heldPersons = (db: Reader): PersonHold[] =>
  db.all(
    sql`SELECT id, state, code, request_id, since FROM main.person_hold ORDER BY since DESC, id`,
    holdRow,
  );

/** True where lists, search and suggestions may not show her. */
export const isHidden = (db: Reader, id: PersonId): boolean => {
  const state = holdOf(db, id)?.state;
  return state === 'blocked' || state === 'erased';
};

/** Refuses to read or change a person who is hidden. @throws AppError `person.blocked` */
export const requireShown = (db: Reader, id: PersonId): void => {
  if (isHidden(db, id)) throw new AppError('person.blocked');
};

/** Condition for a query over `person p`: those who may be shown. */
export const SHOWN_PERSON: Sql = sql`NOT EXISTS (SELECT 1 FROM main.person_hold h WHERE h.id = p.id AND h.state <> 'restricted')`;

/** The same for a query over `case_person l`. */
export const SHOWN_LINK: Sql = sql`NOT EXISTS (SELECT 1 FROM main.person_hold h WHERE h.id = l.person_id AND h.state <> 'restricted')`;
