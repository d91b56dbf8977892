import {
  contactSchema,
  identifierSchema,
  inOwnWordsSchema,
  personFieldsSchema,
  type PersonFields,
} from '#shared/contract/persons.ts';
import type { Answer } from '#shared/model/common.ts';
import { personIdSchema, type PersonId } from '#shared/model/ids.ts';
import { PERSON_KINDS } from '#shared/model/vocabularies.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
import { z } from 'zod';
import { flagColumn, instantColumn, jsonColumn, sql, type Reader, type Tx } from '../../db/index.ts';

const NOT_ASKED: Answer = { kind: 'notAsked' };

/** What a person is before anybody asked anything. */
export const emptyPerson = (name: string): PersonFields => ({
  kind: 'individual',
  name,
  legalName: '',
  aliases: [],
  contacts: [],
  identifiers: [],
  inOwnWords: {
    gender: NOT_ASKED,
    pronoun: NOT_ASKED,
    age: NOT_ASKED,
    people: NOT_ASKED,
    language: NOT_ASKED,
    disability: NOT_ASKED,
    family: NOT_ASKED,
  },
  work: '',
  minor: false,
  groupSize: null,
  level: '',
  note: '',
});

const personRow = z
  .object({
    id: personIdSchema,
    kind: z.enum(PERSON_KINDS),
    name: z.string(),
    legal_name: z.string(),
    aliases: jsonColumn(z.array(z.string())),
    contacts: jsonColumn(z.array(contactSchema)),
    identifiers: jsonColumn(z.array(identifierSchema)),
    in_own_words: jsonColumn(inOwnWordsSchema),
    work: z.string(),
    minor: flagColumn,
    group_size: z.number().int().nullable(),
    level: z.string(),
    note: z.string(),
    version: z.number().int(),
    created_at: instantColumn,
    updated_at: instantColumn,
  })
  .transform(({ legal_name, in_own_words, group_size, created_at, updated_at, ...rest }) => ({
    ...rest,
    legalName: legal_name,
    inOwnWords: in_own_words,
    groupSize: group_size,
    createdAt: created_at,
    updatedAt: updated_at,
  }));
export type StoredPerson = z.output<typeof personRow>;

const columns = sql`id, kind, name, legal_name, aliases, contacts, identifiers, in_own_words, work, minor, group_size,
  level, note, version, created_at, updated_at`;

/** The fields alone, without id, version and times. */
export const fieldsOf = (person: StoredPerson): PersonFields => personFieldsSchema.strip().parse(person);

/** @throws AppError `record.notFound` */
export const needPerson = (db: Reader, id: PersonId): StoredPerson =>
  db.need(sql`SELECT ${columns} FROM person WHERE id = ${id}`, personRow);

/** Persons of one case, in the order in which they were added. */
export const personsOfCase = (db: Reader, caseId: string): StoredPerson[] =>
  db.all(
    sql`SELECT ${columns} FROM person WHERE id IN (SELECT person_id FROM case_person WHERE case_id = ${caseId})
        ORDER BY created_at, id`,
    personRow,
  );

export function insertPerson(tx: Tx, id: string, fields: PersonFields, nowMs: number): void {
  tx.run(sql`
    INSERT INTO person (id, kind, name, legal_name, aliases, contacts, identifiers, in_own_words, work, minor,
      group_size, level, note, fold, version, created_at, updated_at)
    VALUES (${id}, ${fields.kind}, ${fields.name}, ${fields.legalName}, ${JSON.stringify(fields.aliases)},
      ${JSON.stringify(fields.contacts)}, ${JSON.stringify(fields.identifiers)}, ${JSON.stringify(fields.inOwnWords)},
      ${fields.work}, ${fields.minor}, ${fields.groupSize}, ${fields.level}, ${fields.note}, ${foldKey(fields.name)},
      1, ${nowMs}, ${nowMs})`);
}

/** Writes all fields over a known version; gives false where somebody else was faster. */
export function updatePerson(
  tx: Tx,
  id: string,
  fields: PersonFields,
  version: number,
  nowMs: number,
): boolean {
  return (
    tx.run(sql`
      UPDATE person SET kind = ${fields.kind}, name = ${fields.name}, legal_name = ${fields.legalName},
        aliases = ${JSON.stringify(fields.aliases)}, contacts = ${JSON.stringify(fields.contacts)},
        identifiers = ${JSON.stringify(fields.identifiers)}, in_own_words = ${JSON.stringify(fields.inOwnWords)},
        work = ${fields.work}, minor = ${fields.minor}, group_size = ${fields.groupSize}, level = ${fields.level},
        note = ${fields.note}, fold = ${foldKey(fields.name)}, version = version + 1, updated_at = ${nowMs}
      WHERE id = ${id} AND version = ${version}`).changes === 1
  );
}
