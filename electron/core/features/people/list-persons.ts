import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { caseIdSchema, personIdSchema, type PersonId } from '#shared/model/ids.ts';
import { PERSON_KINDS } from '#shared/model/vocabularies.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
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
  type Reader,
} from '../../db/index.ts';
import { requireShown, SHOWN_PERSON } from '../holds/index.ts';
import { ftsQuery, readSearchable } from '../search/index.ts';
import { needPerson, type StoredPerson } from './person-repo.ts';

const listRow = z
  .object({
    id: personIdSchema,
    name: z.string(),
    kind: z.enum(PERSON_KINDS),
    aliases: jsonColumn(z.array(z.string())),
    minor: flagColumn,
    cases: z.number().int(),
    updated_at: instantColumn,
  })
  .transform(({ updated_at, ...rest }) => ({ ...rest, updatedAt: updated_at }));

/** By name; with `text`, those whose name, alias, contact or words begin so. */
export function listPersons(call: OpenCall, input: HandlerInput<'persons.list'>): CallOutput<'persons.list'> {
  const query = input.text === undefined || foldKey(input.text) === '' ? null : ftsQuery(input.text);
  const found =
    query === null
      ? empty
      : sql`AND p.id IN (SELECT d.ref FROM search_text t JOIN search_doc d ON d.doc = t.rowid
            WHERE search_text MATCH ${query} AND d.kind = 'person')`;
  const kinds = input.kinds === undefined ? empty : sql`AND p.kind IN ${list(input.kinds)}`;
  const page = (db: Reader): CallOutput<'persons.list'> => ({
    total: counted(call, sql`SELECT count(*) AS n FROM person p WHERE ${SHOWN_PERSON} ${found} ${kinds}`),
    rows: db.all(
      sql`SELECT p.id, p.name, p.kind, p.aliases, p.minor, p.updated_at,
            (SELECT count(*) FROM case_person c WHERE c.person_id = p.id) AS cases
          FROM person p WHERE ${SHOWN_PERSON} ${found} ${kinds} ORDER BY p.fold, p.id LIMIT ${input.limit} OFFSET ${input.offset}`,
      listRow,
    ),
  });
  return query === null ? call.db.read(page) : readSearchable(call, page);
}

const caseRow = z.object({
  id: caseIdSchema,
  code: z.string(),
  title: z.string(),
  roles: jsonColumn(z.array(z.string())),
});

const shownPerson = (db: Reader, id: PersonId): StoredPerson => {
  requireShown(db, id);
  return needPerson(db, id);
};

/** @throws AppError `record.notFound`, `person.blocked` */
export function getPerson(call: OpenCall, input: HandlerInput<'persons.get'>): CallOutput<'persons.get'> {
  const found = read(call, (db) => ({
    ...shownPerson(db, input.id),
    cases: db.all(
      sql`SELECT c.id, c.code, c.title, l.roles FROM case_person l JOIN case_file c ON c.id = l.case_id
          WHERE l.person_id = ${input.id} ORDER BY c.code`,
      caseRow,
    ),
  }));
  call.session.reads.note(call.method, 'person', input.id);
  return found;
}
