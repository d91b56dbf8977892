import type { CallOutput } from '#shared/contract/index.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { instantColumn, read, sql, type Reader } from '../../db/index.ts';
import { reminderOf } from '../backup/index.ts';
import { KEPT_EVIDENCE, SHOWN_PERSON } from '../holds/index.ts';
import { draftHeads } from '../drafts/index.ts';

type Overview = CallOutput<'today.overview'>;

const MONTHS_SHOWN = 12;
const RECENT_SHOWN = 8;
/** Consents that end within this many days are due. */
const EXPIRY_NOTICE_DAYS = 30;

const dueRow = z
  .object({
    kind: z.enum(['ratifyConsent', 'consentExpires', 'completeEmergency', 'exportUnfinished']),
    id: z.string(),
    case_id: z.string().nullable(),
    case_code: z.string().nullable(),
    title: z.string(),
    day: z.string().nullable(),
    no_case: z.number().int(),
    no_act: z.number().int(),
  })
  .transform(({ case_id, case_code, no_case, no_act, ...rest }) => ({
    ...rest,
    caseId: case_id,
    caseCode: case_code,
    missing: [...(no_case === 1 ? (['case'] as const) : []), ...(no_act === 1 ? (['act'] as const) : [])],
  }));

const recentRow = z
  .object({
    kind: z.enum(['case', 'incident', 'evidence', 'person', 'export']),
    id: z.string(),
    case_id: z.string().nullable(),
    case_code: z.string().nullable(),
    title: z.string(),
    at: instantColumn,
  })
  .transform(({ case_id, case_code, ...rest }) => ({ ...rest, caseId: case_id, caseCode: case_code }));

const countsRow = z.object({
  active: z.number().int(),
  incidents: z.number().int(),
  persons: z.number().int(),
  evidence: z.number().int(),
});
const monthRow = z.object({ month: z.string(), incidents: z.number().int(), digital: z.number().int() });

const shiftDay = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** `YYYY-MM` of the last twelve months, oldest first. */
function lastMonths(day: string): string[] {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return Array.from({ length: MONTHS_SHOWN }, (_, index) =>
    new Date(Date.UTC(year, month - MONTHS_SHOWN + index, 1)).toISOString().slice(0, 7),
  );
}

const due = (db: Reader, today: string): Overview['due'] =>
  db.all(
    sql`SELECT 'ratifyConsent' AS kind, c.id, c.case_id, f.code AS case_code, p.name AS title, NULL AS day,
          0 AS no_case, 0 AS no_act
          FROM consent c JOIN case_file f ON f.id = c.case_id JOIN person p ON p.id = c.person_id
          WHERE c.to_ratify = 1 AND c.ratified_day IS NULL AND c.answer = 'impeded' AND ${SHOWN_PERSON}
        UNION ALL
        SELECT 'consentExpires', c.id, c.case_id, f.code, p.name, c.expires_day, 0, 0
          FROM consent c JOIN case_file f ON f.id = c.case_id JOIN person p ON p.id = c.person_id
          WHERE c.answer = 'given' AND c.expires_day IS NOT NULL AND c.expires_day <= ${shiftDay(today, EXPIRY_NOTICE_DAYS)}
            AND ${SHOWN_PERSON}
        UNION ALL
        SELECT * FROM (SELECT 'completeEmergency', i.id, i.case_id, f.code,
            CASE WHEN i.title <> '' THEN i.title ELSE substr(i.narrative, 1, 90) END, NULL,
            i.case_id IS NULL, i.main_act IN ('', 'other')
          FROM main.incident i INDEXED BY incident_emergency LEFT JOIN case_file f ON f.id = i.case_id
          WHERE i.emergency IS NOT NULL AND (i.case_id IS NULL OR i.main_act IN ('', 'other'))
            -- The index belongs to the table, not to what stands in front of it for those who do not see every case.
            AND (i.case_id IS NULL OR f.id IS NOT NULL)
          ORDER BY i.updated_at DESC LIMIT 20)
        UNION ALL
        SELECT 'exportUnfinished', e.id, e.case_id, f.code, e.recipient, NULL, 0, 0
          FROM export e JOIN case_file f ON f.id = e.case_id WHERE e.state IN ('checked', 'blocked')
        LIMIT 60`,
    dueRow,
  );

const recent = (db: Reader): Overview['recent'] =>
  db.all(
    sql`SELECT r.kind, r.id, r.case_id, f.code AS case_code, r.title, r.at FROM (
          SELECT * FROM (SELECT 'case' AS kind, id, id AS case_id, title, updated_at AS at FROM case_file
            ORDER BY updated_at DESC LIMIT ${RECENT_SHOWN})
          UNION ALL SELECT * FROM (SELECT 'incident', id, case_id,
            CASE WHEN title <> '' THEN title ELSE substr(narrative, 1, 90) END, updated_at FROM incident
            ORDER BY updated_at DESC LIMIT ${RECENT_SHOWN})
          UNION ALL SELECT * FROM (SELECT 'evidence', e.id, e.case_id, e.title, e.received_at FROM evidence e
            WHERE ${KEPT_EVIDENCE} ORDER BY e.received_at DESC LIMIT ${RECENT_SHOWN})
          UNION ALL SELECT * FROM (SELECT 'person', p.id, NULL, p.name, p.updated_at FROM person p
            WHERE ${SHOWN_PERSON} ORDER BY p.updated_at DESC LIMIT ${RECENT_SHOWN})
        ) r LEFT JOIN case_file f ON f.id = r.case_id ORDER BY r.at DESC LIMIT ${RECENT_SHOWN}`,
    recentRow,
  );

function months(db: Reader, today: string): Overview['months'] {
  const wanted = lastMonths(today);
  const rows = db.all(
    sql`SELECT substr(sort_key, 1, 7) AS month, count(*) AS incidents,
          count(CASE WHEN main_act IN ('digitalAttack', 'genderedDigitalViolence', 'doxing') THEN 1 END) AS digital
        FROM incident WHERE sort_key >= ${wanted[0] ?? today} GROUP BY 1`,
    monthRow,
  );
  const byMonth = new Map(rows.map((row) => [row.month, row]));
  return wanted.map((month) => byMonth.get(month) ?? { month, incidents: 0, digital: 0 });
}

/** What keeps the vault from being safe against loss, as far as it is not done. */
const unfinished = (call: OpenCall, backupDue: boolean): Overview['unfinished'] => [
  ...(call.session.use === 'practice' ? (['practiceVault'] as const) : []),
  'secondCoordinator',
  'recovery',
  ...(backupDue ? (['backup'] as const) : []),
];

/** What the first screen shows: what is due, what changed, what was left half done. */
export function todayOverview(call: OpenCall): Overview {
  const { clock } = call.core.ports;
  const today = localDay(clock.now(), clock.zone());
  return read(call, (db) => {
    const counts = db.need(
      sql`SELECT (SELECT count(*) FROM case_file WHERE state IN ('intake', 'active', 'followUp')) AS active,
            (SELECT count(*) FROM incident) AS incidents, (SELECT count(*) FROM person) AS persons,
            (SELECT count(*) FROM evidence) AS evidence`,
      countsRow,
    );
    const backup = reminderOf(call.core.ports.crypto, db, clock.now());
    return {
      activeCases: counts.active,
      counts: { incidents: counts.incidents, persons: counts.persons, evidence: counts.evidence },
      due: due(db, today),
      drafts: draftHeads(call, db),
      recent: recent(db),
      unfinished: unfinished(call, backup.due !== 'none'),
      backup,
      months: months(db, today),
    };
  });
}
