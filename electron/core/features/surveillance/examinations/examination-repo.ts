import {
  examinationFieldsSchema,
  setInForceSchema,
  type Examination,
  type ExaminationFields,
  type SetInForce,
} from '#shared/contract/examinations.ts';
import { AppError } from '#shared/errors.ts';
import { caseIdSchema, evidenceIdSchema, personIdSchema, type CaseId } from '#shared/model/ids.ts';
import {
  deviceIdSchema,
  examinationIdSchema,
  runIdSchema,
  type DeviceId,
  type ExaminationId,
} from '#shared/model/surveillance-ids.ts';
import { EXAMINATION_BASES, EXAMINATION_METHODS, FINDING_STATES } from '#shared/model/surveillance.ts';
import {
  comparedAt,
  noFindings,
  outcomeOf,
  unreadIn,
  type FindingCounts,
} from '#shared/surveillance/findings.ts';
import { z } from 'zod';
import { flagColumn, instantColumn, jsonColumn, sql, type Reader, type Tx } from '../../../db/index.ts';
import { tiedEvidence } from '../evidence-tie-repo.ts';
import { SHOWN_PERSON } from '../../holds/index.ts';

/** What is said of an examination that nobody has filled in yet. */
export const emptyExamination = (): Omit<ExaminationFields, 'deviceId' | 'basis'> => ({
  basisPersonId: null,
  basisWords: '',
  basisDay: null,
  method: 'other',
  tool: '',
  toolVersion: '',
  startedAt: null,
  endedAt: null,
  examiner: '',
  organisation: '',
  statedHashes: [],
  limits: '',
  note: '',
});

const examinationRow = z.object({
  id: examinationIdSchema,
  device_id: deviceIdSchema,
  case_id: caseIdSchema.nullable(),
  device: z.string(),
  basis: z.enum(EXAMINATION_BASES),
  basis_person_id: personIdSchema.nullable(),
  basis_person: z.string().nullable(),
  basis_words: z.string(),
  basis_day: z.string().nullable(),
  method: z.enum(EXAMINATION_METHODS),
  tool: z.string(),
  tool_version: z.string(),
  started_at: instantColumn.nullable(),
  ended_at: instantColumn.nullable(),
  examiner: z.string(),
  organisation: z.string(),
  stated_hashes: jsonColumn(examinationFieldsSchema.shape.statedHashes),
  limits: z.string(),
  note: z.string(),
  version: z.number().int(),
  created_at: instantColumn,
  updated_at: instantColumn,
});

/** How lists name a device: make and model, or its kind's code where nobody wrote either. */
const selection = sql`SELECT x.id, x.device_id, d.case_id, trim(d.make || ' ' || d.model) AS device, x.basis,
  x.basis_person_id, p.name AS basis_person, x.basis_words, x.basis_day, x.method, x.tool, x.tool_version, x.started_at,
  x.ended_at, x.examiner, x.organisation, x.stated_hashes, x.limits, x.note, x.version, x.created_at, x.updated_at
  FROM examination x JOIN device d ON d.id = x.device_id LEFT JOIN person p ON p.id = x.basis_person_id AND ${SHOWN_PERSON}`;

const runRow = z
  .object({
    id: runIdSchema,
    started_at: instantColumn,
    ended_at: instantColumn,
    actor: z.string(),
    evidence_id: evidenceIdSchema.nullable(),
    source: z.string(),
    records: z.number().int(),
    unread: z.number().int(),
    findings: z.number().int(),
    new_since_tool: z.number().int(),
    sets: jsonColumn(z.array(setInForceSchema)),
    digest: z.instanceof(Uint8Array),
    withdrawn: flagColumn,
  })
  .transform((row) => ({
    id: row.id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    actor: row.actor,
    evidenceId: row.evidence_id,
    source: row.source,
    records: row.records,
    unread: row.unread,
    findings: row.findings,
    newSinceTool: row.new_since_tool,
    sets: row.sets,
    digest: Buffer.from(row.digest).toString('hex'),
    withdrawn: row.withdrawn,
  }));

/** Passes of matching over an examination, newest first. */
export const runsOf = (db: Reader, id: ExaminationId) =>
  db.all(
    sql`SELECT m.id, started_at, ended_at, actor, m.evidence_id, source, records, coalesce(u.files, 0) AS unread, findings,
          new_since_tool, sets, digest, (w.id IS NOT NULL) AS withdrawn
        FROM matching_run m LEFT JOIN run_unread u ON u.id = m.id LEFT JOIN run_withdrawn w ON w.id = m.id
        WHERE examination_id = ${id} ORDER BY ended_at DESC, m.id DESC`,
    runRow,
  );

/** Findings of an examination by review state, without those of withdrawn passes; what nobody judged counts as to review. */
export function findingCounts(db: Reader, id: ExaminationId): FindingCounts {
  const total = db.need(
    sql`SELECT (SELECT count(*) FROM finding WHERE examination_id = ${id})
          - (SELECT count(*) FROM run_withdrawn w JOIN finding f ON f.run_id = w.id WHERE f.examination_id = ${id}) AS n`,
    z.object({ n: z.number().int() }),
  ).n;
  const judged = db.all(
    sql`SELECT r.state, count(*) AS n FROM finding_review r WHERE r.examination_id = ${id} AND r.current = 1
          AND NOT EXISTS (SELECT 1 FROM main.run_withdrawn w JOIN main.finding f ON f.run_id = w.id WHERE f.id = r.finding_id)
        GROUP BY r.state`,
    z.object({ state: z.enum(FINDING_STATES), n: z.number().int() }),
  );
  const counts = { ...noFindings(), total };
  let said = 0;
  for (const { state, n } of judged) {
    counts[state] = n;
    said += n;
  }
  counts.toReview += total - said;
  return counts;
}

/** Sets in force of an examination, in load order. */
export const setsInForce = (db: Reader, id: ExaminationId): SetInForce[] =>
  db.all(
    sql`SELECT s.id AS setId, s.name, lower(hex(s.sha256)) AS sha256, s.set_day AS day, s.set_version AS version,
          json_extract(s.reading, '$.indicators') AS indicators
        FROM examination_set e JOIN indicator_set s ON s.id = e.set_id
        WHERE e.examination_id = ${id} ORDER BY e.position`,
    setInForceSchema,
  );

const keptRow = z.object({ evidenceId: z.string(), sha256: z.string() });

/** Results of an examination whose bytes are still there: of those that were deleted nobody can read anything. */
const keptResults = (db: Reader, id: ExaminationId) =>
  db.all(
    sql`SELECT f.evidence_id AS evidenceId, lower(hex(e.sha256)) AS sha256
        FROM forensic_evidence f JOIN evidence e ON e.id = f.evidence_id
          JOIN object_key k ON k.object_id = e.object_id
        WHERE f.subject = 'examination' AND f.subject_id = ${id} AND f.role = 'results'`,
    keptRow,
  );

function examinationOf(db: Reader, row: z.output<typeof examinationRow>): Examination {
  const runs = runsOf(db, row.id);
  const kept = keptResults(db, row.id);
  const counts = findingCounts(db, row.id);
  return {
    id: row.id,
    deviceId: row.device_id,
    caseId: row.case_id,
    device: row.device,
    basis: row.basis,
    basisPersonId: row.basis_person_id,
    basisPerson: row.basis_person ?? '',
    basisWords: row.basis_words,
    basisDay: row.basis_day,
    method: row.method,
    tool: row.tool,
    toolVersion: row.tool_version,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    examiner: row.examiner,
    organisation: row.organisation,
    statedHashes: row.stated_hashes,
    limits: row.limits,
    note: row.note,
    outcome: outcomeOf(row.basis, runs, counts),
    counts,
    sets: setsInForce(db, row.id),
    runs,
    unread: unreadIn(runs, kept),
    comparedAt: comparedAt(runs, kept),
    evidence: tiedEvidence(db, row.id),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** @throws AppError `record.notFound` */
export const needExamination = (db: Reader, id: ExaminationId): Examination =>
  examinationOf(db, db.need(sql`${selection} WHERE x.id = ${id}`, examinationRow));

/** Examinations of a device, or of all devices of a case, oldest first. */
export const examinationsOf = (
  db: Reader,
  where: { readonly deviceId: DeviceId } | { readonly caseId: CaseId },
): Examination[] =>
  db
    .all(
      'deviceId' in where
        ? sql`${selection} WHERE x.device_id = ${where.deviceId} ORDER BY x.created_at, x.id`
        : sql`${selection} WHERE d.case_id = ${where.caseId} ORDER BY x.created_at, x.id`,
      examinationRow,
    )
    .map((row) => examinationOf(db, row));

/** A page of examinations, newest first, with how many there are. */
export function pageOfExaminations(
  db: Reader,
  where: { readonly deviceId?: DeviceId | undefined; readonly caseId?: CaseId | undefined },
  page: { readonly offset: number; readonly limit: number },
): { readonly total: number; readonly rows: Examination[] } {
  const condition = sql`WHERE (${where.deviceId ?? null} IS NULL OR x.device_id = ${where.deviceId ?? null})
    AND (${where.caseId ?? null} IS NULL OR d.case_id = ${where.caseId ?? null})`;
  const total = db.need(
    sql`SELECT count(*) AS n FROM examination x JOIN device d ON d.id = x.device_id ${condition}`,
    z.object({ n: z.number().int() }),
  ).n;
  const rows = db.all(
    sql`${selection} ${condition} ORDER BY x.updated_at DESC, x.id DESC LIMIT ${page.limit} OFFSET ${page.offset}`,
    examinationRow,
  );
  return { total, rows: rows.map((row) => examinationOf(db, row)) };
}

/**
 * The examination, for whatever reads, compares or exports its content. While its basis is `pending` nothing of that
 * may happen.
 *
 * @throws AppError `record.notFound`, `examination.preservationOnly`
 */
export function needReadable(db: Reader, id: ExaminationId): Examination {
  const found = needExamination(db, id);
  if (found.basis === 'pending') throw new AppError('examination.preservationOnly', { field: 'basis' });
  return found;
}

export function insertExamination(tx: Tx, id: ExaminationId, fields: ExaminationFields, nowMs: number): void {
  tx.run(sql`INSERT INTO examination (id, device_id, basis, basis_person_id, basis_words, basis_day, method, tool,
      tool_version, started_at, ended_at, examiner, organisation, stated_hashes, limits, note, version, created_at,
      updated_at)
    VALUES (${id}, ${fields.deviceId}, ${fields.basis}, ${fields.basisPersonId}, ${fields.basisWords},
      ${fields.basisDay}, ${fields.method}, ${fields.tool}, ${fields.toolVersion}, ${msOf(fields.startedAt)},
      ${msOf(fields.endedAt)}, ${fields.examiner}, ${fields.organisation}, ${JSON.stringify(fields.statedHashes)},
      ${fields.limits}, ${fields.note}, 1, ${nowMs}, ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export const updateExamination = (
  tx: Tx,
  id: ExaminationId,
  fields: ExaminationFields,
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE examination SET basis = ${fields.basis}, basis_person_id = ${fields.basisPersonId},
      basis_words = ${fields.basisWords}, basis_day = ${fields.basisDay}, method = ${fields.method},
      tool = ${fields.tool}, tool_version = ${fields.toolVersion}, started_at = ${msOf(fields.startedAt)},
      ended_at = ${msOf(fields.endedAt)}, examiner = ${fields.examiner}, organisation = ${fields.organisation},
      stated_hashes = ${JSON.stringify(fields.statedHashes)}, limits = ${fields.limits}, note = ${fields.note},
      version = version + 1, updated_at = ${nowMs}
    WHERE id = ${id} AND version = ${version}`).changes === 1;

const msOf = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant));

/** Makes the given sets the ones in force. Throws `record.notFound` where one does not exist. */
export function setSets(
  tx: Tx,
  examinationId: ExaminationId,
  sets: readonly string[],
  newId: () => string,
): void {
  tx.run(sql`DELETE FROM examination_set WHERE examination_id = ${examinationId}`);
  [...new Set(sets)].forEach((setId, position) => {
    tx.need(sql`SELECT id FROM indicator_set WHERE id = ${setId}`, z.object({ id: z.string() }));
    tx.run(sql`INSERT INTO examination_set (id, examination_id, set_id, position)
      VALUES (${newId()}, ${examinationId}, ${setId}, ${position})`);
  });
}
