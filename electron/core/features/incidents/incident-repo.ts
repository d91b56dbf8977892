import {
  emergencySchema,
  incidentFieldsSchema,
  placeSchema,
  sourceSchema,
  type IncidentFields,
} from '#shared/contract/incidents.ts';
import {
  actIdSchema,
  caseIdSchema,
  incidentIdSchema,
  involvementIdSchema,
  personIdSchema,
  type IncidentId,
} from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import {
  ACT_TYPES,
  HARMS,
  INVOLVEMENT_DEGREES,
  PERPETRATOR_KINDS,
  TARGET_KINDS,
  VERIFICATION_STATES,
} from '#shared/model/vocabularies.ts';
import { partialDateSortKey } from '#shared/rules/partial-date.ts';
import { z } from 'zod';
import {
  flagColumn,
  instantColumn,
  jsonColumn,
  jsonColumnOrNull,
  sql,
  type Reader,
  type Tx,
} from '../../db/index.ts';

/** What an incident is when only words are known. */
export const emptyIncident = (): IncidentFields => ({
  caseId: null,
  title: '',
  happened: { kind: 'unknown' },
  place: {
    stateCode: '',
    municipality: '',
    locality: '',
    words: '',
    latitude: null,
    longitude: null,
    precisionMeters: null,
  },
  online: false,
  narrative: '',
  restrictedNarrative: '',
  linkToWork: '',
  verification: 'pending',
  sources: [],
  emergency: null,
  verySensitive: false,
  acts: [],
});

const incidentRow = z.object({
  id: incidentIdSchema,
  case_id: caseIdSchema.nullable(),
  title: z.string(),
  happened: jsonColumn(partialDateSchema),
  place: jsonColumn(placeSchema),
  online: flagColumn,
  narrative: z.string(),
  restricted_narrative: z.string(),
  link_to_work: z.string(),
  verification: z.enum(VERIFICATION_STATES),
  sources: jsonColumn(z.array(sourceSchema)),
  emergency: jsonColumnOrNull(emergencySchema),
  very_sensitive: flagColumn,
  version: z.number().int(),
  created_at: instantColumn,
  updated_at: instantColumn,
});

const actRow = z.object({
  id: actIdSchema,
  type: z.enum(ACT_TYPES),
  subtype: z.string(),
  person_id: personIdSchema.nullable(),
  person_words: z.string(),
  target_kind: z.enum(TARGET_KINDS),
  harms: jsonColumn(z.array(z.enum(HARMS))),
  note: z.string(),
});

const involvementRow = z.object({
  id: involvementIdSchema,
  act_id: actIdSchema,
  person_id: personIdSchema.nullable(),
  person_words: z.string(),
  kind: z.enum(PERPETRATOR_KINDS),
  degree: z.enum(INVOLVEMENT_DEGREES),
  certainty: z.string(),
  collusion: flagColumn,
});

/** An incident as it is kept: fields, acts with their involvements, version and times. */
export interface StoredIncident extends IncidentFields {
  readonly id: IncidentId;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const columns = sql`id, case_id, title, happened, place, online, narrative, restricted_narrative, link_to_work,
  verification, sources, emergency, very_sensitive, version, created_at, updated_at`;

function withActs(db: Reader, row: z.output<typeof incidentRow>): StoredIncident {
  const involvements = db.all(
    sql`SELECT v.id, v.act_id, v.person_id, v.person_words, v.kind, v.degree, v.certainty, v.collusion
        FROM involvement v JOIN act a ON a.id = v.act_id WHERE a.incident_id = ${row.id} ORDER BY v.position`,
    involvementRow,
  );
  const acts = db.all(
    sql`SELECT id, type, subtype, person_id, person_words, target_kind, harms, note FROM act
        WHERE incident_id = ${row.id} ORDER BY position`,
    actRow,
  );
  return {
    id: row.id,
    caseId: row.case_id,
    title: row.title,
    happened: row.happened,
    place: row.place,
    online: row.online,
    narrative: row.narrative,
    restrictedNarrative: row.restricted_narrative,
    linkToWork: row.link_to_work,
    verification: row.verification,
    sources: row.sources,
    emergency: row.emergency,
    verySensitive: row.very_sensitive,
    acts: acts.map((act) => ({
      id: act.id,
      type: act.type,
      subtype: act.subtype,
      personId: act.person_id,
      personWords: act.person_words,
      targetKind: act.target_kind,
      harms: act.harms,
      note: act.note,
      involvements: involvements
        .filter((involvement) => involvement.act_id === act.id)
        .map((involvement) => ({
          id: involvement.id,
          personId: involvement.person_id,
          words: involvement.person_words,
          kind: involvement.kind,
          degree: involvement.degree,
          certainty: involvement.certainty,
          collusion: involvement.collusion,
        })),
    })),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** @throws AppError `record.notFound` */
export const needIncident = (db: Reader, id: IncidentId): StoredIncident =>
  withActs(db, db.need(sql`SELECT ${columns} FROM incident WHERE id = ${id}`, incidentRow));

/** All incidents of a case, oldest first. */
export const incidentsOfCase = (db: Reader, caseId: string): StoredIncident[] =>
  db
    .all(
      sql`SELECT ${columns} FROM incident WHERE case_id = ${caseId} ORDER BY sort_key, created_at, id`,
      incidentRow,
    )
    .map((row) => withActs(db, row));

/** The fields alone, without id, version and times. */
export const fieldsOf = (incident: StoredIncident): IncidentFields =>
  incidentFieldsSchema.strip().parse(incident);

export function insertIncident(tx: Tx, id: string, fields: IncidentFields, nowMs: number): void {
  tx.run(sql`
    INSERT INTO incident (id, case_id, title, happened, sort_key, place, state_code, online, narrative,
      restricted_narrative, link_to_work, verification, sources, emergency, very_sensitive, main_act, version,
      created_at, updated_at)
    VALUES (${id}, ${fields.caseId}, ${fields.title}, ${JSON.stringify(fields.happened)},
      ${partialDateSortKey(fields.happened)}, ${JSON.stringify(fields.place)}, ${fields.place.stateCode},
      ${fields.online}, ${fields.narrative}, ${fields.restrictedNarrative}, ${fields.linkToWork},
      ${fields.verification}, ${JSON.stringify(fields.sources)},
      ${fields.emergency === null ? null : JSON.stringify(fields.emergency)}, ${fields.verySensitive},
      ${fields.acts[0]?.type ?? ''}, 1, ${nowMs}, ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export function updateIncident(
  tx: Tx,
  id: string,
  fields: IncidentFields,
  version: number,
  nowMs: number,
): boolean {
  return (
    tx.run(sql`
      UPDATE incident SET case_id = ${fields.caseId}, title = ${fields.title},
        happened = ${JSON.stringify(fields.happened)}, sort_key = ${partialDateSortKey(fields.happened)},
        place = ${JSON.stringify(fields.place)}, state_code = ${fields.place.stateCode}, online = ${fields.online},
        narrative = ${fields.narrative}, restricted_narrative = ${fields.restrictedNarrative},
        link_to_work = ${fields.linkToWork}, verification = ${fields.verification},
        sources = ${JSON.stringify(fields.sources)},
        emergency = ${fields.emergency === null ? null : JSON.stringify(fields.emergency)},
        very_sensitive = ${fields.verySensitive}, main_act = ${fields.acts[0]?.type ?? ''}, version = version + 1,
        updated_at = ${nowMs}
      WHERE id = ${id} AND version = ${version}`).changes === 1
  );
}

/** Writes the acts of an incident anew: those with a known id are changed, the others are new or gone. */
export function replaceActs(
  tx: Tx,
  incidentId: string,
  acts: IncidentFields['acts'],
  newId: () => string,
): void {
  const keptActs = new Set(acts.flatMap((act) => (act.id === undefined ? [] : [act.id as string])));
  const keptInvolvements = new Set(
    acts.flatMap((act) =>
      act.involvements.flatMap((involvement) =>
        involvement.id === undefined ? [] : [involvement.id as string],
      ),
    ),
  );
  const idRow = z.object({ id: z.string() });
  const oldActs = tx
    .all(sql`SELECT id FROM act WHERE incident_id = ${incidentId}`, idRow)
    .map((row) => row.id);
  const oldInvolvements = tx
    .all(
      sql`SELECT v.id FROM involvement v JOIN act a ON a.id = v.act_id WHERE a.incident_id = ${incidentId}`,
      idRow,
    )
    .map((row) => row.id);
  for (const id of oldInvolvements)
    if (!keptInvolvements.has(id)) tx.run(sql`DELETE FROM involvement WHERE id = ${id}`);
  acts.forEach((act, position) => {
    const actId = act.id !== undefined && oldActs.includes(act.id) ? act.id : newId();
    tx.run(sql`
      INSERT INTO act (id, incident_id, position, type, subtype, person_id, person_words, target_kind, harms, note)
      VALUES (${actId}, ${incidentId}, ${position}, ${act.type}, ${act.subtype}, ${act.personId}, ${act.personWords},
        ${act.targetKind}, ${JSON.stringify(act.harms)}, ${act.note})
      ON CONFLICT (id) DO UPDATE SET position = excluded.position, type = excluded.type, subtype = excluded.subtype,
        person_id = excluded.person_id, person_words = excluded.person_words, target_kind = excluded.target_kind,
        harms = excluded.harms, note = excluded.note`);
    act.involvements.forEach((involvement, order) => {
      const id =
        involvement.id !== undefined && oldInvolvements.includes(involvement.id) ? involvement.id : newId();
      tx.run(sql`
        INSERT INTO involvement (id, act_id, position, person_id, person_words, kind, degree, certainty, collusion)
        VALUES (${id}, ${actId}, ${order}, ${involvement.personId}, ${involvement.words}, ${involvement.kind},
          ${involvement.degree}, ${involvement.certainty}, ${involvement.collusion})
        ON CONFLICT (id) DO UPDATE SET act_id = excluded.act_id, position = excluded.position,
          person_id = excluded.person_id, person_words = excluded.person_words, kind = excluded.kind,
          degree = excluded.degree, certainty = excluded.certainty, collusion = excluded.collusion`);
    });
  });
  for (const id of oldActs) if (!keptActs.has(id)) tx.run(sql`DELETE FROM act WHERE id = ${id}`);
}
