import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { caseIdSchema } from '#shared/model/ids.ts';
import { deviceIdSchema, messageIdSchema, type MessageId } from '#shared/model/surveillance-ids.ts';
import { FINDING_LEVELS, FINDING_STATES } from '#shared/model/surveillance.ts';
import { z } from 'zod';
import { empty, join, list, sql, type Reader, type Sql } from '../../../db/index.ts';
import { STANDING_FINDING } from '../../finding-runs/index.ts';
import { SHOWN_PERSON } from '../../holds/index.ts';
import { linkKeys } from '../messages/message-keys.ts';
import { FINDING_COLUMNS, findingOf, findingRow, shownFinding, type StoredFinding } from './finding-repo.ts';

type Asked = HandlerInput<'findings.across'>;
type Row = CallOutput<'findings.across'>['rows'][number];

/**
 * Findings of every device that this person may see, and never those of a copy that may not be read yet or of a
 * withdrawn comparison. Cases that are
 * closed to her are out of sight already: unqualified names mean the guarded views.
 */
const SOURCE = sql`finding f JOIN examination x ON x.id = f.examination_id AND x.basis <> 'pending'
  AND ${STANDING_FINDING} JOIN device d ON d.id = x.device_id`;
const REVIEWED = sql`LEFT JOIN finding_review r ON r.finding_id = f.id AND r.current = 1`;

function conditionOf(asked: Omit<Asked, 'offset' | 'limit' | 'sort'>): Sql {
  const parts: Sql[] = [sql`1 = 1`];
  if (asked.states !== undefined) parts.push(sql`coalesce(r.state, 'toReview') IN ${list(asked.states)}`);
  if (asked.levels !== undefined)
    parts.push(sql`f.level IN ${list(asked.levels.map((level) => FINDING_LEVELS.indexOf(level)))}`);
  if (asked.sets !== undefined)
    parts.push(sql`EXISTS (SELECT 1 FROM json_each(f.hits) h
      WHERE json_extract(h.value, '$.set') IN ${list(asked.sets)})`);
  if (asked.deviceId !== undefined) parts.push(sql`d.id = ${asked.deviceId}`);
  if (asked.caseId !== undefined) parts.push(sql`d.case_id = ${asked.caseId}`);
  // Whose clock it was is told beside the time; here the day as it was written counts.
  if (asked.fromDay !== undefined)
    parts.push(sql`f.when_key <> '' AND substr(f.when_key, 1, 10) >= ${asked.fromDay}`);
  if (asked.toDay !== undefined)
    parts.push(sql`f.when_key <> '' AND substr(f.when_key, 1, 10) <= ${asked.toDay}`);
  if (asked.text !== undefined && asked.text !== '') {
    // People type what they see, which is defanged.
    const wanted = asked.text.replaceAll('[.]', '.').replaceAll('[@]', '@').replace(/hxxp/giu, 'http');
    parts.push(sql`(instr(lower(f.observed), lower(${wanted})) > 0 OR instr(lower(f.hits), lower(${wanted})) > 0
      OR instr(lower(f.message), lower(${wanted})) > 0)`);
  }
  return join(parts, ' AND ');
}

const ORDER = {
  level: sql`ORDER BY f.level DESC, f.when_key DESC, f.id`,
  time: sql`ORDER BY f.when_key DESC, f.id`,
} as const;

const countRow = z.object({ n: z.number().int() });
const placed = findingRow.extend({
  device_id: deviceIdSchema,
  device: z.string(),
  case_id: caseIdSchema.nullable(),
  case_code: z.string().nullable(),
  person: z.string().nullable(),
});
const sameRow = z.object({ observed: z.string(), devices: z.number().int() });

/** On how many devices each of these values was observed. */
function devicesWith(db: Reader, observed: readonly string[]): ReadonlyMap<string, number> {
  if (observed.length === 0) return new Map();
  return new Map(
    db
      .all(
        sql`SELECT f.observed, count(DISTINCT d.id) AS devices FROM ${SOURCE}
            WHERE f.observed IN ${list([...new Set(observed)])} GROUP BY f.observed`,
        sameRow,
      )
      .map((row) => [row.observed, row.devices]),
  );
}

/** A page of findings of all devices. */
export function pageAcross(db: Reader, asked: Asked): { readonly total: number; readonly rows: Row[] } {
  const condition = conditionOf(asked);
  const joined = asked.states === undefined ? empty : REVIEWED;
  const rows = db.all(
    sql`SELECT ${FINDING_COLUMNS}, d.id AS device_id, trim(d.make || ' ' || d.model) AS device, d.case_id,
          c.code AS case_code, coalesce(p.name, CASE WHEN d.owner_id IS NULL THEN d.owner_words END) AS person
        FROM ${SOURCE} ${REVIEWED}
        LEFT JOIN case_file c ON c.id = d.case_id LEFT JOIN person p ON p.id = d.owner_id AND ${SHOWN_PERSON}
        WHERE ${condition} ${ORDER[asked.sort]} LIMIT ${asked.limit} OFFSET ${asked.offset}`,
    placed,
  );
  const same = devicesWith(
    db,
    rows.map((row) => row.observed),
  );
  return {
    total: db.need(sql`SELECT count(*) AS n FROM ${SOURCE} ${joined} WHERE ${condition}`, countRow).n,
    rows: rows.map((row) => ({
      ...shownFinding(findingOf(row)),
      deviceId: row.device_id,
      device: row.device,
      caseId: row.case_id,
      caseCode: row.case_code,
      person: row.person ?? '',
      otherDevices: Math.max(0, (same.get(row.observed) ?? 1) - 1),
    })),
  };
}

const facetRow = z.object({ name: z.string(), n: z.number().int() });
const deviceRow = z.object({
  id: deviceIdSchema,
  device: z.string(),
  person: z.string().nullable(),
  n: z.number().int(),
});
const stateRow = z.object({ state: z.enum(FINDING_STATES), n: z.number().int() });

/** What a list of all findings can be narrowed by. */
export function facetsAcross(db: Reader): CallOutput<'findings.facets'> {
  const counts = { toReview: 0, falsePositive: 0, suspicious: 0, confirmed: 0, discarded: 0 };
  for (const { state, n } of db.all(
    sql`SELECT coalesce(r.state, 'toReview') AS state, count(*) AS n FROM ${SOURCE} ${REVIEWED}
        GROUP BY coalesce(r.state, 'toReview')`,
    stateRow,
  ))
    counts[state] = n;
  return {
    counts: { ...counts, total: Object.values(counts).reduce((sum, n) => sum + n, 0) },
    sets: db
      .all(
        sql`SELECT json_extract(h.value, '$.set') AS name, count(DISTINCT f.id) AS n
            FROM ${SOURCE}, json_each(f.hits) h GROUP BY 1 ORDER BY 1 LIMIT 500`,
        facetRow,
      )
      .map(({ name, n }) => ({ set: name, findings: n })),
    devices: db
      .all(
        sql`SELECT d.id, trim(d.make || ' ' || d.model) AS device,
              coalesce(p.name, CASE WHEN d.owner_id IS NULL THEN d.owner_words END) AS person, count(*) AS n
            FROM ${SOURCE} LEFT JOIN person p ON p.id = d.owner_id AND ${SHOWN_PERSON}
            GROUP BY d.id ORDER BY device, d.id LIMIT 2000`,
        deviceRow,
      )
      .map((row) => ({
        deviceId: row.id,
        device: row.device,
        person: row.person ?? '',
        findings: row.n,
      })),
  };
}

const elsewhereRow = deviceRow.extend({
  case_id: caseIdSchema.nullable(),
  case_code: z.string().nullable(),
  examination_id: findingRow.shape.examination_id,
});

/** Other devices on which the same value was observed. */
export const sameElsewhere = (
  db: Reader,
  finding: StoredFinding,
): CallOutput<'findings.elsewhere'>['devices'] =>
  db
    .all(
      sql`SELECT d.id, trim(d.make || ' ' || d.model) AS device,
            coalesce(p.name, CASE WHEN d.owner_id IS NULL THEN d.owner_words END) AS person, count(*) AS n,
            d.case_id, c.code AS case_code, max(x.id) AS examination_id
          FROM ${SOURCE} LEFT JOIN person p ON p.id = d.owner_id AND ${SHOWN_PERSON}
          LEFT JOIN case_file c ON c.id = d.case_id
          WHERE f.observed = ${finding.exact}
            AND d.id <> (SELECT device_id FROM examination WHERE id = ${finding.examinationId})
          GROUP BY d.id ORDER BY n DESC, d.id LIMIT 200`,
      elsewhereRow,
    )
    .map((row) => ({
      deviceId: row.id,
      device: row.device,
      person: row.person ?? '',
      findings: row.n,
      caseId: row.case_id,
      caseCode: row.case_code,
      examinationId: row.examination_id,
    }));

/** Suspicious messages that came over the same link or host as what was observed; the same link first. */
export function messagesOver(
  db: Reader,
  finding: StoredFinding,
  limit: number,
): { readonly id: MessageId; readonly because: 'sameLink' | 'sameHost' }[] {
  const keys = linkKeys(finding.exact);
  if (keys === null || keys.host === '') return [];
  return db.all(
    sql`SELECT l.message_id AS id, CASE WHEN max(l.url_key = ${keys.url}) THEN 'sameLink' ELSE 'sameHost' END AS because
        FROM message_link l WHERE l.host_key = ${keys.host} OR l.url_key = ${keys.url}
        GROUP BY l.message_id ORDER BY max(l.url_key = ${keys.url}) DESC, l.message_id DESC LIMIT ${limit}`,
    z.object({ id: messageIdSchema, because: z.enum(['sameLink', 'sameHost']) }),
  );
}
