import type { ActivityRow } from '#shared/contract/access.ts';
import { AppError } from '#shared/errors.ts';
import { contract, METHOD_NAMES, type CallOutput, type HandlerInput } from '#shared/contract/index.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { countRow, empty, list, read, sql, type Reader, type Sql } from '../../db/index.ts';
import { TIMEKEEPING } from '../../journal/index.ts';
import { hlcFrom, hlcMs } from './bulk-reading-repo.ts';
import { SHOWN_PERSON } from '../holds/index.ts';
import { SlotFamilies, type SlotFamily } from './slot-families-repo.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Methods after which something stands outside the vault. */
const EXPORTING = ['exports.release', 'evidence.save', 'dump.run', 'dump.write'];
/** Reads that the journal keeps. */
const READING = METHOD_NAMES.filter((name) => contract[name].kind === 'query') as readonly string[];

type What = ActivityRow['what'];
const whatOf = (method: string): What =>
  READING.includes(method) ? 'opened' : EXPORTING.includes(method) ? 'exported' : 'changed';

interface Days {
  readonly fromDay?: string | undefined;
  readonly toDay?: string | undefined;
}

/** Days are those of the place where the computer is, as the screens show them. */
const within = (call: OpenCall, days: Days): Sql => {
  const zone = call.core.ports.clock.zone();
  const from = days.fromDay === undefined ? empty : sql`AND j.hlc >= ${hlcFrom(startOf(days.fromDay, zone))}`;
  const to =
    days.toDay === undefined ? empty : sql`AND j.hlc < ${hlcFrom(startOf(nextDay(days.toDay), zone))}`;
  // That a permission was running says nothing of what its holder did.
  return sql`${from} ${to} AND j.method NOT IN ${list(TIMEKEEPING)}`;
};

const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);

/** First instant of a calendar day in a zone, found by asking what the clock there shows. */
const startOf = (day: string, zone: string): number => {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const offsetAt = (ms: number): number => {
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    }).formatToParts(ms);
    const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '00';
    const shown = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:00Z`;
    return Date.parse(shown) - Math.floor(ms / 60_000) * 60_000;
  };
  return utc - offsetAt(utc - offsetAt(utc));
};

/** What one kind of row is called, through the views: a title that the asker may not see, and the name of somebody held back, stay empty. */
const TITLES = sql`CASE j.entity_table
  WHEN 'case_file' THEN (SELECT title FROM case_file WHERE id = j.entity_id)
  WHEN 'case_access' THEN (SELECT title FROM case_file WHERE id = j.entity_id)
  WHEN 'person' THEN (SELECT p.name FROM person p WHERE p.id = j.entity_id AND ${SHOWN_PERSON})
  WHEN 'incident' THEN (SELECT title FROM incident WHERE id = j.entity_id)
  WHEN 'evidence' THEN (SELECT title FROM evidence WHERE id = j.entity_id)
  WHEN 'export' THEN (SELECT recipient FROM export WHERE id = j.entity_id)
  WHEN 'ledger' THEN (SELECT recipient FROM ledger WHERE id = j.entity_id) END`;
const CODES = sql`CASE j.entity_table
  WHEN 'case_file' THEN (SELECT code FROM case_file WHERE id = j.entity_id)
  WHEN 'case_access' THEN (SELECT code FROM case_file WHERE id = j.entity_id)
  WHEN 'incident' THEN (SELECT c.code FROM incident i JOIN case_file c ON c.id = i.case_id WHERE i.id = j.entity_id)
  WHEN 'evidence' THEN (SELECT c.code FROM evidence e JOIN case_file c ON c.id = e.case_id WHERE e.id = j.entity_id)
  WHEN 'export' THEN (SELECT c.code FROM export e JOIN case_file c ON c.id = e.case_id WHERE e.id = j.entity_id)
  WHEN 'ledger' THEN (SELECT c.code FROM ledger l JOIN case_file c ON c.id = l.case_id WHERE l.id = j.entity_id) END`;

const readPayload = z.object({ count: z.number().int().optional() });

const timesOf = (payload: string | null): number => {
  if (payload === null) return 1;
  try {
    return readPayload.parse(JSON.parse(payload)).count ?? 1;
  } catch {
    return 1;
  }
};

const activityRow = z
  .object({
    position: z.number().int(),
    hlc: z.instanceof(Uint8Array),
    method: z.string(),
    entity_table: z.string(),
    entity_id: z.string(),
    title: z.string().nullable(),
    case_code: z.string().nullable(),
    payload: z.string().nullable(),
  })
  .transform((row) => ({
    position: row.position,
    at: new Date(hlcMs(row.hlc)).toISOString(),
    what: whatOf(row.method),
    method: row.method,
    table: row.entity_table,
    id: row.entity_id,
    title: row.title ?? '',
    caseCode: row.case_code,
    count: timesOf(row.payload),
  }));

/** What one person opened, exported and changed, newest first. Throws `record.notFound`. */
export function activityOfPerson(
  call: OpenCall,
  input: HandlerInput<'activity.ofPerson'>,
): CallOutput<'activity.ofPerson'> {
  return read(call, (reader) => {
    const family = needFamily(reader, input.slotId);
    const what =
      input.what === 'all'
        ? empty
        : input.what === 'opened'
          ? sql`AND j.method IN ${list(READING)}`
          : input.what === 'exported'
            ? sql`AND j.method IN ${list(EXPORTING)}`
            : sql`AND j.method NOT IN ${list([...READING, ...EXPORTING])}`;
    const where = sql`WHERE j.actor IN ${list(family.signPublics)} ${within(call, input)} ${what}`;
    return {
      total: reader.need(sql`SELECT count(*) AS n FROM journal j ${where}`, countRow).n,
      rows: reader.all(
        sql`WITH page AS (SELECT j.position FROM journal j ${where} ORDER BY j.position DESC
              LIMIT ${input.limit} OFFSET ${input.offset})
            SELECT j.position, j.hlc, j.method, j.entity_table, j.entity_id, ${TITLES} AS title,
              ${CODES} AS case_code, CAST(p.payload AS TEXT) AS payload
            FROM page JOIN journal j ON j.position = page.position
            LEFT JOIN journal_payload p ON p.position = j.position ORDER BY j.position DESC`,
        activityRow,
      ),
    };
  });
}

/** The person of a slot, retired ones included. Throws `record.notFound`. */
export const needFamily = (reader: Reader, slotId: string): SlotFamily => {
  const family = new SlotFamilies(reader).of(slotId);
  if (family === undefined) throw new AppError('record.notFound');
  return family;
};

type Counts = CallOutput<'activity.summary'>['people'][number]['counts'];

const countedRow = z.object({
  table: z.string(),
  method: z.string(),
  records: z.number().int(),
  entries: z.number().int(),
});

const OPENED_TABLES: Readonly<Record<string, keyof Counts>> = {
  case_file: 'cases',
  person: 'persons',
  incident: 'incidents',
  evidence: 'evidence',
};

/** Different records that a person opened, what they exported, how many entries they changed something in. */
export const countsOf = (call: OpenCall, reader: Reader, family: SlotFamily, days: Days): Counts => {
  const counts: Counts = { cases: 0, persons: 0, incidents: 0, evidence: 0, exports: 0, changes: 0 };
  const rows = reader.all(
    sql`SELECT j.entity_table AS "table", j.method, count(DISTINCT j.entity_id) AS records, count(*) AS entries
        FROM journal j WHERE j.actor IN ${list(family.signPublics)} ${within(call, days)}
        GROUP BY j.entity_table, j.method`,
    countedRow,
  );
  for (const row of rows) {
    const what = whatOf(row.method);
    const opened = OPENED_TABLES[row.table];
    if (what === 'opened' && opened !== undefined) counts[opened] += row.records;
    else if (what === 'exported') counts.exports += row.entries;
    else if (what === 'changed' && row.method !== 'vault.unlock') counts.changes += row.entries;
  }
  return counts;
};

const dayRow = z.object({ hlc: z.instanceof(Uint8Array), entity_table: z.string(), entity_id: z.string() });

/** The same in numbers, by person and by day. */
export function activitySummary(
  call: OpenCall,
  input: HandlerInput<'activity.summary'>,
): CallOutput<'activity.summary'> {
  const zone = call.core.ports.clock.zone();
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
  return read(call, (reader) => {
    const families = new SlotFamilies(reader);
    const wanted = families.all.filter(
      (family) => input.slotId === undefined || family.ids.includes(input.slotId),
    );
    return {
      people: wanted.map((family) => {
        const days = new Map<string, Set<string>>();
        for (const row of reader.all(
          sql`SELECT j.hlc, j.entity_table, j.entity_id FROM journal j
              WHERE j.actor IN ${list(family.signPublics)} ${within(call, input)}
                AND j.method IN ${list(READING)} ORDER BY j.position`,
          dayRow,
        )) {
          const day = format.format(hlcMs(row.hlc));
          const seen = days.get(day) ?? new Set();
          seen.add(`${row.entity_table}/${row.entity_id}`);
          days.set(day, seen);
        }
        return {
          slotId: family.current,
          name: family.name,
          active: family.active,
          counts: countsOf(call, reader, family, input),
          days: [...days].map(([day, seen]) => ({ day, opened: seen.size })),
        };
      }),
    };
  });
}
