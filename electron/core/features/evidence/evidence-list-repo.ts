import { derivedStatusSchema, type EvidenceRow } from '#shared/contract/evidence.ts';
import type { HandlerInput } from '#shared/contract/index.ts';
import { caseIdSchema, evidenceIdSchema, type EvidenceId } from '#shared/model/ids.ts';
import { EVIDENCE_KINDS } from '#shared/model/vocabularies.ts';
import { z } from 'zod';
import {
  countRow,
  flagColumn,
  instantColumn,
  join,
  list,
  sql,
  type Reader,
  type Sql,
} from '../../db/index.ts';
import { KEPT_EVIDENCE } from '../holds/index.ts';

const listRow = z
  .object({
    id: evidenceIdSchema,
    case_id: caseIdSchema.nullable(),
    case_code: z.string().nullable(),
    title: z.string(),
    original_name: z.string(),
    kind: z.enum(EVIDENCE_KINDS),
    mime: z.string(),
    size: z.number().int(),
    sha256: z.instanceof(Uint8Array),
    derived: derivedStatusSchema,
    has_thumbnail: flagColumn,
    hard_to_view: flagColumn,
    restricted: flagColumn,
    incidents: z.number().int(),
    received_at: instantColumn,
  })
  .transform((row) => ({
    id: row.id,
    caseId: row.case_id,
    caseCode: row.case_code,
    title: row.title,
    originalName: row.original_name,
    kind: row.kind,
    mime: row.mime,
    sizeBytes: row.size,
    sha256: Buffer.from(row.sha256).toString('hex'),
    derived: row.derived,
    hasThumbnail: row.has_thumbnail,
    hardToView: row.hard_to_view,
    restricted: row.restricted,
    incidents: row.incidents,
    receivedAt: row.received_at,
  }));

const rows = (where: Sql, page: Sql): Sql => sql`
  SELECT e.id, e.case_id, c.code AS case_code, e.title, e.original_name, e.kind, e.mime, e.size, e.sha256,
    coalesce(d.status, 'none') AS derived, d.thumbnail IS NOT NULL AS has_thumbnail, e.hard_to_view, e.restricted,
    (SELECT count(*) FROM evidence_link l WHERE l.evidence_id = e.id) AS incidents, e.received_at
  FROM evidence e LEFT JOIN case_file c ON c.id = e.case_id LEFT JOIN evidence_derived d ON d.evidence_id = e.id
  WHERE ${where} ORDER BY e.received_at DESC, e.id ${page}`;

/** One page of items, newest first. */
export const evidencePage = (
  db: Reader,
  filter: HandlerInput<'evidence.list'>,
): { total: number; rows: EvidenceRow[] } => {
  const { caseId, incidentId, kinds = [] } = filter;
  const conditions: Sql[] = [KEPT_EVIDENCE];
  if (caseId !== undefined) conditions.push(sql`e.case_id = ${caseId}`);
  if (kinds.length > 0) conditions.push(sql`e.kind IN ${list(kinds)}`);
  if (incidentId !== undefined) {
    conditions.push(sql`e.id IN (SELECT evidence_id FROM evidence_link WHERE incident_id = ${incidentId})`);
  }
  const where = join(conditions, ' AND ');
  return {
    total: db.need(sql`SELECT count(*) AS n FROM evidence e WHERE ${where}`, countRow).n,
    rows: db.all(rows(where, sql`LIMIT ${filter.limit} OFFSET ${filter.offset}`), listRow),
  };
};

/** One item as lists show it. Throws `record.notFound`. */
export const evidenceListRow = (db: Reader, id: EvidenceId): EvidenceRow =>
  db.need(rows(sql`e.id = ${id}`, sql`LIMIT 1`), listRow);
