import {
  consentFieldsSchema,
  impedimentSchema,
  type Consent,
  type ConsentFields,
} from '#shared/contract/consents.ts';
import {
  caseIdSchema,
  consentIdSchema,
  evidenceIdSchema,
  personIdSchema,
  type ConsentId,
} from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import { CONSENT_ANSWERS, CONSENT_FORMS, RECIPIENT_CLASSES } from '#shared/model/vocabularies.ts';
import { z } from 'zod';
import {
  empty,
  flagColumn,
  instantColumn,
  jsonColumn,
  jsonColumnOrNull,
  sql,
  type Reader,
  type Tx,
} from '../../db/index.ts';
import { SHOWN_PERSON } from '../holds/index.ts';

const consentRow = z
  .object({
    id: consentIdSchema,
    case_id: caseIdSchema,
    person_id: personIdSchema,
    person_name: z.string(),
    recipient_class: z.enum(RECIPIENT_CLASSES),
    answer: z.enum(CONSENT_ANSWERS),
    to_body: flagColumn,
    to_state: flagColumn,
    to_public: flagColumn,
    form: z.enum(CONSENT_FORMS),
    given_on: jsonColumn(partialDateSchema),
    expires_day: z.string().nullable(),
    impediment: jsonColumnOrNull(impedimentSchema),
    to_ratify: flagColumn,
    ratified_day: z.string().nullable(),
    withdrawn_day: z.string().nullable(),
    condition: z.string(),
    evidence_id: evidenceIdSchema.nullable(),
    note: z.string(),
    version: z.number().int(),
    created_at: instantColumn,
    updated_at: instantColumn,
  })
  .transform((row): Consent => ({
    id: row.id,
    caseId: row.case_id,
    personId: row.person_id,
    personName: row.person_name,
    recipientClass: row.recipient_class,
    answer: row.answer,
    toBody: row.to_body,
    toState: row.to_state,
    toPublic: row.to_public,
    form: row.form,
    givenOn: row.given_on,
    expiresDay: row.expires_day,
    impediment: row.impediment,
    toRatify: row.to_ratify,
    ratifiedDay: row.ratified_day,
    withdrawnDay: row.withdrawn_day,
    condition: row.condition,
    evidenceId: row.evidence_id,
    note: row.note,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));

const selection = sql`SELECT c.id, c.case_id, c.person_id, p.name AS person_name, c.recipient_class, c.answer, c.to_body,
  c.to_state, c.to_public, c.form, c.given_on, c.expires_day, c.impediment, c.to_ratify, c.ratified_day,
  c.withdrawn_day, c.condition, c.evidence_id, c.note, c.version, c.created_at, c.updated_at
  FROM consent c JOIN person p ON p.id = c.person_id`;

/** Consents of a case, newest first: of two answers about the same recipient the newer counts. */
export const consentsOfCase = (db: Reader, caseId: string, personId?: string): Consent[] =>
  db.all(
    personId === undefined
      ? sql`${selection} WHERE c.case_id = ${caseId} ORDER BY c.created_at DESC, c.id DESC`
      : sql`${selection} WHERE c.case_id = ${caseId} AND c.person_id = ${personId} ORDER BY c.created_at DESC, c.id DESC`,
    consentRow,
  );

/** The same for a screen: without people who are held back, whose names no list shows. */
export const shownConsentsOfCase = (db: Reader, caseId: string, personId?: string): Consent[] => {
  const person = personId === undefined ? empty : sql`AND c.person_id = ${personId}`;
  return db.all(
    sql`${selection} WHERE c.case_id = ${caseId} ${person} AND ${SHOWN_PERSON} ORDER BY c.created_at DESC, c.id DESC`,
    consentRow,
  );
};

/** Everything that one person answered, in every case, newest first. */
export const consentsOfPerson = (db: Reader, personId: string): Consent[] =>
  db.all(sql`${selection} WHERE c.person_id = ${personId} ORDER BY c.created_at DESC, c.id DESC`, consentRow);

/** @throws AppError `record.notFound` */
export const needConsent = (db: Reader, id: ConsentId): Consent =>
  db.need(sql`${selection} WHERE c.id = ${id}`, consentRow);

/** Fields of a consent that a person fills in. */
export const consentDefaults = (): Omit<
  ConsentFields,
  'caseId' | 'personId' | 'recipientClass' | 'answer'
> => ({
  toBody: false,
  toState: false,
  toPublic: false,
  form: 'other',
  givenOn: { kind: 'unknown' },
  expiresDay: null,
  impediment: null,
  condition: '',
  evidenceId: null,
  note: '',
});

export function insertConsent(tx: Tx, id: string, fields: ConsentFields, nowMs: number): void {
  const complete = consentFieldsSchema.parse(fields);
  tx.run(sql`
    INSERT INTO consent (id, case_id, person_id, recipient_class, answer, to_body, to_state, to_public, form, given_on,
      expires_day, impediment, to_ratify, ratified_day, withdrawn_day, condition, evidence_id, note, version, created_at,
      updated_at)
    VALUES (${id}, ${complete.caseId}, ${complete.personId}, ${complete.recipientClass}, ${complete.answer},
      ${complete.toBody}, ${complete.toState}, ${complete.toPublic}, ${complete.form}, ${JSON.stringify(complete.givenOn)},
      ${complete.expiresDay}, ${complete.impediment === null ? null : JSON.stringify(complete.impediment)},
      ${complete.answer === 'impeded'}, NULL, NULL, ${complete.condition}, ${complete.evidenceId}, ${complete.note}, 1,
      ${nowMs}, ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export const ratify = (
  tx: Tx,
  id: string,
  version: number,
  given: { day: string; toBody: boolean; toState: boolean; toPublic: boolean; form: string },
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE consent SET answer = 'given', ratified_day = ${given.day}, to_body = ${given.toBody},
      to_state = ${given.toState}, to_public = ${given.toPublic}, form = ${given.form}, version = version + 1,
      updated_at = ${nowMs} WHERE id = ${id} AND version = ${version}`).changes === 1;

/** Gives false where somebody else was faster. */
export const withdraw = (
  tx: Tx,
  id: string,
  version: number,
  day: string,
  note: string,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE consent SET answer = 'withdrawn', withdrawn_day = ${day}, note = ${note}, version = version + 1,
      updated_at = ${nowMs} WHERE id = ${id} AND version = ${version}`).changes === 1;
