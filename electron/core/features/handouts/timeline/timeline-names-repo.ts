import {
  caseIdSchema,
  incidentIdSchema,
  personIdSchema,
  type CaseId,
  type PersonId,
} from '#shared/model/ids.ts';
import { deviceIdSchema, type DeviceId } from '#shared/model/surveillance-ids.ts';
import { z } from 'zod';
import { list, sql, type Reader, type Sql } from '../../../db/index.ts';
import { needCase } from '../../cases/index.ts';
import { knownValuesOf, peopleOfIncidents, type KnownValue } from '../../filings/index.ts';
import { heldPersons } from '../../holds/index.ts';
import { incidentsOfCase, needIncident, type StoredIncident } from '../../incidents/index.ts';
import { needPerson } from '../../people/index.ts';

/** Whose timeline it is. */
export type Whose = { readonly caseId: CaseId } | { readonly deviceId: DeviceId };

const personRow = z.object({ id: personIdSchema });
const wordsRow = z.object({ words: z.string() });

/** The records behind a timeline: what any of them is known by may not stand in it. */
interface Behind {
  readonly cases: readonly CaseId[];
  readonly devices: readonly DeviceId[];
  readonly incidents: readonly StoredIncident[];
}

/**
 * A device's timeline tells incidents that hang on it, and these may be of other cases than the device: all of these
 * cases stand behind it as a whole. A case's timeline tells what reached devices that are of no case or of another one.
 */
function behindOf(db: Reader, whose: Whose): Behind {
  const cases =
    'caseId' in whose
      ? [whose.caseId]
      : db
          .all(
            sql`SELECT id FROM case_file WHERE id IN (
              SELECT case_id FROM device WHERE id = ${whose.deviceId}
              UNION SELECT i.case_id FROM digital_attack a JOIN incident i ON i.id = a.incident_id
                WHERE a.device_id = ${whose.deviceId}
              UNION SELECT case_id FROM suspicious_message WHERE device_id = ${whose.deviceId}
              UNION SELECT case_id FROM provider_notification WHERE device_id = ${whose.deviceId})`,
            z.object({ id: caseIdSchema }),
          )
          .map(({ id }) => id);
  const own = 'caseId' in whose ? [] : [whose.deviceId];
  const devices = db
    .all(
      sql`SELECT id FROM device WHERE id IN ${list(own)} OR case_id IN ${list(cases)} OR id IN (
        SELECT a.device_id FROM digital_attack a JOIN incident i ON i.id = a.incident_id
          WHERE i.case_id IN ${list(cases)}
        UNION SELECT device_id FROM suspicious_message WHERE case_id IN ${list(cases)}
        UNION SELECT device_id FROM provider_notification WHERE case_id IN ${list(cases)})`,
      z.object({ id: deviceIdSchema }),
    )
    .map(({ id }) => id);
  const loose = db.all(
    sql`SELECT DISTINCT i.id FROM digital_attack a JOIN incident i ON i.id = a.incident_id
        WHERE i.case_id IS NULL AND a.device_id IN ${list(devices)}`,
    z.object({ id: incidentIdSchema }),
  );
  return {
    cases,
    devices,
    incidents: [
      ...cases.flatMap((caseId) => incidentsOfCase(db, caseId)),
      ...loose.map(({ id }) => needIncident(db, id)),
    ],
  };
}

/** Messages and notifications of the devices or of the cases. */
const reached = ({ devices, cases }: Behind): Sql =>
  sql`(device_id IN ${list(devices)} OR case_id IN ${list(cases)})`;

/** Everybody whom the records behind a timeline name, whatever they are there, and all whose data is held back. */
function peopleOf(db: Reader, behind: Behind): PersonId[] {
  const [devices, cases] = [list(behind.devices), list(behind.cases)];
  const told = db.all(
    sql`SELECT owner_id AS id FROM device WHERE id IN ${devices} AND owner_id IS NOT NULL
      UNION SELECT handed_by_id FROM reception WHERE device_id IN ${devices} AND handed_by_id IS NOT NULL
      UNION SELECT json_extract(returned, '$.toPersonId') FROM reception WHERE device_id IN ${devices}
        AND json_extract(returned, '$.toPersonId') IS NOT NULL
      UNION SELECT basis_person_id FROM examination WHERE device_id IN ${devices} AND basis_person_id IS NOT NULL
      UNION SELECT person_id FROM suspicious_message WHERE ${reached(behind)} AND person_id IS NOT NULL
      UNION SELECT person_id FROM provider_notification WHERE ${reached(behind)} AND person_id IS NOT NULL
      UNION SELECT person_id FROM case_person WHERE case_id IN ${cases}
      UNION SELECT person_id FROM consent WHERE case_id IN ${cases}
      UNION SELECT from_person_id FROM evidence WHERE case_id IN ${cases} AND from_person_id IS NOT NULL`,
    personRow,
  );
  const ids = new Set<string | null>([
    ...told.map(({ id }) => id),
    ...peopleOfIncidents(behind.incidents).map(({ id }) => id),
    ...heldPersons(db).flatMap(({ personId, state }) => (state === 'erased' ? [] : [personId])),
  ]);
  // A text may mention somebody who is gone, and whoever may not see a person cannot read her record.
  return db.all(sql`SELECT id FROM person WHERE id IN ${list([...ids])}`, personRow).map(({ id }) => id);
}

/** What kind of value somebody writes from or is written to at. A short code is looked for as a whole number only. */
function accountKind(text: string): KnownValue['kind'] {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(text.trim())) return 'email';
  return /^[+()\d\s.-]+$/u.test(text) && text.replace(/\D/gu, '').length >= 7 ? 'phone' : 'handle';
}

/**
 * What may not stand in the titles of a timeline: all that the people behind it, those whose data is held back, our own
 * people, its devices, its cases and their places are known by, and who wrote to them and at what account.
 *
 * @throws AppError `record.notFound`
 */
export function withheldFrom(db: Reader, whose: Whose): KnownValue[] {
  const behind = behindOf(db, whose);
  const devices = list(behind.devices);
  const words = (query: Sql): string[] => db.all(query, wordsRow).map((row) => row.words);
  const known = (ref: string, kind: KnownValue['kind'], texts: readonly string[]): KnownValue[] =>
    texts.filter((text) => text.trim().length >= 3).map((text) => ({ ref, kind, text }));
  const cases = behind.cases.map((caseId) => needCase(db, caseId));
  const senders = words(
    sql`SELECT DISTINCT sender AS words FROM suspicious_message WHERE ${reached(behind)}`,
  );
  const accounts = words(
    sql`SELECT account AS words FROM suspicious_message WHERE ${reached(behind)}
      UNION SELECT account FROM provider_notification WHERE ${reached(behind)}`,
  );
  return [
    ...peopleOf(db, behind).flatMap((id) => knownValuesOf(needPerson(db, id))),
    ...known(
      'words',
      'name',
      words(
        sql`SELECT owner_words AS words FROM device WHERE id IN ${devices}
          UNION SELECT handed_by_words FROM reception WHERE device_id IN ${devices}
          UNION SELECT coalesce(json_extract(returned, '$.toWords'), '') FROM reception WHERE device_id IN ${devices}`,
      ),
    ),
    ...known(
      'device',
      'fileNumber',
      words(sql`SELECT json_extract(n.value, '$.value') AS words FROM device d, json_each(d.identifiers) n
        WHERE d.id IN ${devices}`),
    ),
    ...senders.flatMap((text) => known('sender', accountKind(text), [text])),
    ...accounts.flatMap((text) => known('account', accountKind(text), [text])),
    ...known('staff', 'name', words(sql`SELECT name AS words FROM roster`)),
    ...known(
      'case',
      'fileNumber',
      cases.map(({ code }) => code),
    ),
    ...known('place', 'place', [
      ...cases.flatMap(({ placeOrigin, placeRefuge }) => [placeOrigin, placeRefuge]),
      ...behind.incidents.flatMap(({ place }) => [place.locality, place.words]),
    ]),
  ];
}
