import type { TimelineEntry, TimelineKind } from '#shared/contract/timeline.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import { deviceIdSchema, type DeviceId } from '#shared/model/surveillance-ids.ts';
import { FINDING_LEVELS } from '#shared/model/surveillance.ts';
import { plainNarrative } from '#shared/rules/mentions.ts';
import { localMinute } from '#shared/rules/partial-date.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import { z } from 'zod';
import { empty, jsonColumn, sql, type Reader, type Sql } from '../../db/index.ts';
import { STANDING_FINDING } from '../finding-runs/index.ts';
import { SHOWN_PERSON } from '../holds/index.ts';

/** Whose time is told: one case, or one device. */
export type Subject = { readonly caseId: CaseId } | { readonly deviceId: DeviceId };

const TITLE_CHARS = 120;
const shortly = (text: string): string => {
  const plain = defangText(text).replace(/\s+/gu, ' ').trim();
  return plain.length > TITLE_CHARS ? `${plain.slice(0, TITLE_CHARS)}…` : plain;
};

/** A row of any source: instants as milliseconds, partial dates as JSON with their sort key. */
const sourceRow = z.object({
  id: z.string(),
  at: z.number().int().nullable(),
  happened: jsonColumn(partialDateSchema).nullable(),
  sort_key: z.string(),
  title: z.string(),
  fallback: z.string(),
  code: z.string(),
  state: z.string(),
  digital: z.number().int(),
  device_id: deviceIdSchema.nullable(),
  person: z.string().nullable(),
  kept: z.number().int(),
});

/** Whether the data of the person of a column is held back: what came from her or tells of her goes out with nobody. */
const held = (person: Sql): Sql => sql`EXISTS (SELECT 1 FROM main.person_hold w WHERE w.id = ${person})`;

const inCase = (subject: Subject, condition: (caseId: CaseId) => Sql): Sql | null =>
  'caseId' in subject ? condition(subject.caseId) : null;
const ofDevice = (subject: Subject): Sql =>
  'caseId' in subject ? sql`d.case_id = ${subject.caseId}` : sql`d.id = ${subject.deviceId}`;
const ofEither = (subject: Subject, table: 'm' | 'n'): Sql => {
  if ('caseId' in subject)
    return table === 'm' ? sql`m.case_id = ${subject.caseId}` : sql`n.case_id = ${subject.caseId}`;
  return table === 'm' ? sql`m.device_id = ${subject.deviceId}` : sql`n.device_id = ${subject.deviceId}`;
};

/** Findings of one examination that a timeline takes; the rest is read in the examination itself. */
const MAX_FINDINGS = 2_000;

/** The query of each kind, or null where the subject has nothing of it. */
const QUERIES: Readonly<Record<TimelineKind, (subject: Subject) => Sql | null>> = {
  incident: (subject) => {
    const where =
      inCase(subject, (caseId) => sql`i.case_id = ${caseId}`) ??
      ('deviceId' in subject
        ? sql`EXISTS (SELECT 1 FROM digital_attack a WHERE a.incident_id = i.id AND a.device_id = ${subject.deviceId})`
        : empty);
    return sql`SELECT i.id, NULL AS at, i.happened, i.sort_key, i.title, substr(i.narrative, 1, 600) AS fallback,
        i.main_act AS code, coalesce((SELECT a.type FROM digital_attack a WHERE a.incident_id = i.id LIMIT 1), '') AS state,
        (i.online OR i.main_act IN ('digitalAttack', 'genderedDigitalViolence', 'doxing', 'sexualisedSmear')
          OR EXISTS (SELECT 1 FROM digital_attack a WHERE a.incident_id = i.id)) AS digital,
        NULL AS device_id, NULL AS person, i.very_sensitive AS kept
      FROM incident i WHERE ${where}`;
  },
  message: (subject) => sql`SELECT m.id, NULL AS at, m.received AS happened, m.sort_key, m.sender AS title,
      substr(m.text, 1, 600) AS fallback, m.channel AS code, m.clicked AS state, 1 AS digital, m.device_id,
      p.name AS person, ${held(sql`m.person_id`)} AS kept
    FROM suspicious_message m LEFT JOIN person p ON p.id = m.person_id AND ${SHOWN_PERSON} WHERE ${ofEither(subject, 'm')}`,
  notification: (
    subject,
  ) => sql`SELECT n.id, NULL AS at, n.received AS happened, n.sort_key, n.account AS title,
      substr(n.text, 1, 600) AS fallback, n.provider AS code, '' AS state, 1 AS digital, n.device_id, p.name AS person,
      ${held(sql`n.person_id`)} AS kept
    FROM provider_notification n LEFT JOIN person p ON p.id = n.person_id AND ${SHOWN_PERSON} WHERE ${ofEither(subject, 'n')}`,
  finding: (subject) => sql`SELECT f.id, NULL AS at, NULL AS happened, substr(f.when_key, 1, 16) AS sort_key,
      f.observed AS title, f.message AS fallback, CAST(f.level AS TEXT) AS code, coalesce(r.state, 'toReview') AS state,
      1 AS digital, d.id AS device_id, p.name AS person, ${held(sql`d.owner_id`)} AS kept
    FROM finding f JOIN examination x ON x.id = f.examination_id JOIN device d ON d.id = x.device_id
    LEFT JOIN person p ON p.id = d.owner_id AND ${SHOWN_PERSON}
    LEFT JOIN finding_review r ON r.finding_id = f.id AND r.current = 1
    WHERE ${ofDevice(subject)} AND x.basis <> 'pending' AND ${STANDING_FINDING}
      AND coalesce(r.state, 'toReview') IN ('toReview', 'suspicious', 'confirmed')
    ORDER BY f.level DESC, f.when_key LIMIT ${MAX_FINDINGS}`,
  reception: (subject) => sql`SELECT v.id, v.received_at AS at, NULL AS happened, '' AS sort_key,
      trim(d.make || ' ' || d.model) AS title, v.folio AS fallback, '' AS code, v.seal AS state, 0 AS digital,
      d.id AS device_id, p.name AS person, (${held(sql`d.owner_id`)} OR ${held(sql`v.handed_by_id`)}) AS kept
    FROM reception v JOIN device d ON d.id = v.device_id LEFT JOIN person p ON p.id = v.handed_by_id AND ${SHOWN_PERSON}
    WHERE ${ofDevice(subject)}`,
  return: (
    subject,
  ) => sql`SELECT v.id, CAST(strftime('%s', json_extract(v.returned, '$.returnedAt')) AS INTEGER) * 1000
        AS at, NULL AS happened, '' AS sort_key, trim(d.make || ' ' || d.model) AS title,
      json_extract(v.returned, '$.toWords') AS fallback, '' AS code, json_extract(v.returned, '$.sealIntact') AS state,
      0 AS digital, d.id AS device_id, NULL AS person, ${held(sql`d.owner_id`)} AS kept
    FROM reception v JOIN device d ON d.id = v.device_id WHERE ${ofDevice(subject)} AND v.returned IS NOT NULL`,
  custody: (
    subject,
  ) => sql`SELECT k.id, k.at, NULL AS happened, '' AS sort_key, trim(d.make || ' ' || d.model) AS title,
      k.detail AS fallback, k.action AS code, k.holder AS state, 0 AS digital, d.id AS device_id, NULL AS person,
      ${held(sql`d.owner_id`)} AS kept
    FROM device_custody k JOIN device d ON d.id = k.device_id
    WHERE ${ofDevice(subject)} AND k.action NOT IN ('received', 'returned')`,
  examination: (
    subject,
  ) => sql`SELECT x.id, coalesce(x.started_at, x.created_at) AS at, NULL AS happened, '' AS sort_key,
      x.tool AS title, trim(d.make || ' ' || d.model) AS fallback, x.method AS code, x.basis AS state, 1 AS digital,
      d.id AS device_id, p.name AS person, ${held(sql`d.owner_id`)} AS kept
    FROM examination x JOIN device d ON d.id = x.device_id LEFT JOIN person p ON p.id = d.owner_id AND ${SHOWN_PERSON}
    WHERE ${ofDevice(subject)}`,
  milestone: (subject) =>
    inCase(
      subject,
      (
        caseId,
      ) => sql`SELECT t.id, NULL AS at, t.happened, t.sort_key, t.title, '' AS fallback, t.kind AS code,
          '' AS state, 0 AS digital, NULL AS device_id, NULL AS person, 0 AS kept FROM milestone t WHERE t.case_id = ${caseId}`,
    ),
  evidence: (subject) =>
    inCase(
      subject,
      (
        caseId,
      ) => sql`SELECT e.id, e.received_at AS at, NULL AS happened, '' AS sort_key, e.title, '' AS fallback,
          e.kind AS code, '' AS state, 0 AS digital, NULL AS device_id, p.name AS person,
          (e.restricted OR ${held(sql`e.from_person_id`)} OR EXISTS (SELECT 1 FROM evidence_link l
            JOIN incident i ON i.id = l.incident_id WHERE l.evidence_id = e.id AND i.very_sensitive)) AS kept
        FROM evidence e LEFT JOIN person p ON p.id = e.from_person_id AND ${SHOWN_PERSON} WHERE e.case_id = ${caseId}`,
    ),
  export: (subject) =>
    inCase(
      subject,
      (
        caseId,
      ) => sql`SELECT l.id, l.released_at AS at, NULL AS happened, '' AS sort_key, l.recipient AS title,
          l.purpose AS fallback, l.profile AS code, l.form AS state, 0 AS digital, NULL AS device_id, NULL AS person, 0 AS kept
        FROM ledger l WHERE l.case_id = ${caseId}`,
    ),
  consent: (subject) =>
    inCase(
      subject,
      (
        caseId,
      ) => sql`SELECT c.id, c.created_at AS at, c.given_on AS happened, '' AS sort_key, p.name AS title,
          '' AS fallback, c.recipient_class AS code, c.answer AS state, 0 AS digital, NULL AS device_id, p.name AS person,
          ${held(sql`c.person_id`)} AS kept
        FROM consent c JOIN person p ON p.id = c.person_id AND ${SHOWN_PERSON} WHERE c.case_id = ${caseId}`,
    ),
};

type SourceRow = z.output<typeof sourceRow>;

const rowsOf = (db: Reader, kind: TimelineKind, subject: Subject): SourceRow[] => {
  const query = QUERIES[kind](subject);
  return query === null ? [] : db.all(query, sourceRow);
};

const entryOf = (kind: TimelineKind, row: SourceRow, title: string, zone: string): TimelineEntry => ({
  kind,
  id: row.id,
  ...whenOf(kind, row, zone),
  title: shortly(title),
  code: kind === 'finding' ? (FINDING_LEVELS[Number(row.code)] ?? '') : row.code,
  state: row.state,
  digital: row.digital === 1,
  deviceId: row.device_id,
  person: row.person ?? '',
});

/** Everything of one kind, as lines of a timeline. Instants are told in `zone`. */
export const entriesOf = (db: Reader, kind: TimelineKind, subject: Subject, zone: string): TimelineEntry[] =>
  rowsOf(db, kind, subject).map((row) =>
    entryOf(kind, row, row.title === '' ? plainNarrative(row.fallback) : row.title, zone),
  );

/** Kinds without a title of their own: what stands in its place is a sender, an account, an observed value, a recipient. */
const UNTITLED: ReadonlySet<TimelineKind> = new Set(['message', 'notification', 'finding', 'export']);

/**
 * Everything of one kind for a sheet that leaves: only titles that somebody gave, and apart from it what goes out in no
 * sheet (very sensitive incidents, restricted evidence, whatever is of people whose data is held back).
 */
export function leavingOf(
  db: Reader,
  kind: TimelineKind,
  subject: Subject,
  zone: string,
): { readonly told: TimelineEntry[]; readonly kept: TimelineEntry[] } {
  const rows = rowsOf(db, kind, subject);
  const entries = (kept: boolean): TimelineEntry[] =>
    rows
      .filter((row) => (row.kept === 1) === kept)
      .map((row) => entryOf(kind, row, UNTITLED.has(kind) ? '' : row.title, zone));
  return { told: entries(false), kept: entries(true) };
}

function whenOf(kind: TimelineKind, row: SourceRow, zone: string): Pick<TimelineEntry, 'when' | 'whenKey'> {
  const { at, happened } = row;
  // A consent is dated by what was said of it; where nothing was, by when it was written down.
  if (happened !== null && happened.kind !== 'unknown')
    return { when: happened, whenKey: row.sort_key === '' ? keyOf(happened, zone) : row.sort_key };
  if (at !== null)
    return {
      when: { kind: 'instant', at: new Date(at).toISOString(), zone },
      whenKey: localMinute(at, zone),
    };
  if (kind === 'finding' && /^\d{4}-\d{2}-\d{2}/u.test(row.sort_key)) {
    // The clock of a finding is not ours: only its day is claimed.
    return { when: { kind: 'day', day: row.sort_key.slice(0, 10) }, whenKey: row.sort_key };
  }
  return { when: { kind: 'unknown' }, whenKey: '' };
}

const keyOf = (date: TimelineEntry['when'], zone: string): string => {
  switch (date.kind) {
    case 'instant':
      return localMinute(Date.parse(date.at), zone);
    case 'day':
      return `${date.day}T${date.time ?? '00:00'}`;
    case 'month':
      return `${date.month}-01T00:00`;
    case 'year':
      return `${String(date.year)}-01-01T00:00`;
    case 'range':
      return `${date.from}T00:00`;
    case 'unknown':
      return '';
  }
};
