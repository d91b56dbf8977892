import {
  attackFieldsSchema,
  type AttackFields,
  type DigitalAttack,
} from '#shared/contract/digital-attacks.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { DIGITAL_ATTACK_TYPES } from '#shared/model/digital-attacks.ts';
import { caseIdSchema, incidentIdSchema } from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import { plainNarrative } from '#shared/rules/mentions.ts';
import { attackIdSchema, deviceIdSchema, type DigitalAttackId } from '#shared/model/surveillance-ids.ts';
import { z } from 'zod';
import { instantColumn, jsonColumn, sql, type Reader, type Tx } from '../../../db/index.ts';

const attackRow = z
  .object({
    id: attackIdSchema,
    incident_id: incidentIdSchema,
    device_id: deviceIdSchema.nullable(),
    type: z.enum(DIGITAL_ATTACK_TYPES),
    details: jsonColumn(attackFieldsSchema.shape.details),
    note: z.string(),
    version: z.number().int(),
    created_at: instantColumn,
    updated_at: instantColumn,
  })
  .transform((row): DigitalAttack => ({
    id: row.id,
    incidentId: row.incident_id,
    deviceId: row.device_id,
    type: row.type,
    details: row.details,
    note: row.note,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));

const columns = sql`a.id, a.incident_id, a.device_id, a.type, a.details, a.note, a.version, a.created_at, a.updated_at`;

/** @throws AppError `record.notFound` */
export const needAttack = (db: Reader, id: DigitalAttackId): DigitalAttack =>
  db.need(sql`SELECT ${columns} FROM digital_attack a WHERE a.id = ${id}`, attackRow);

/** Digital attacks of an incident or of a case, oldest first. */
export const attacksOf = (db: Reader, where: HandlerInput<'digitalAttacks.list'>): DigitalAttack[] =>
  db.all(
    sql`SELECT ${columns} FROM digital_attack a JOIN incident i ON i.id = a.incident_id
        WHERE (${where.incidentId ?? null} IS NULL OR a.incident_id = ${where.incidentId ?? null})
          AND (${where.caseId ?? null} IS NULL OR i.case_id = ${where.caseId ?? null})
        ORDER BY i.sort_key, a.created_at, a.id LIMIT 5000`,
    attackRow,
  );

export function insertAttack(tx: Tx, id: DigitalAttackId, fields: AttackFields, now: number): void {
  tx.run(sql`INSERT INTO digital_attack (id, incident_id, device_id, type, details, note, version, created_at,
        updated_at)
      VALUES (${id}, ${fields.incidentId}, ${fields.deviceId}, ${fields.type}, ${JSON.stringify(fields.details)}, ${fields.note}, 1,
        ${now}, ${now})`);
}

/** Gives false where somebody else was faster. */
export const updateAttack = (
  tx: Tx,
  id: DigitalAttackId,
  fields: AttackFields,
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE digital_attack SET device_id = ${fields.deviceId}, type = ${fields.type},
        details = ${JSON.stringify(fields.details)}, note = ${fields.note}, version = version + 1,
        updated_at = ${nowMs}
      WHERE id = ${id} AND version = ${version}`).changes === 1;

const placeRow = z.object({
  id: attackIdSchema,
  title: z.string(),
  narrative: z.string(),
  happened: jsonColumn(partialDateSchema),
  case_id: caseIdSchema.nullable(),
  case_code: z.string().nullable(),
  device: z.string().nullable(),
});
const TITLE_CHARS = 120;

/** A page of digital attacks with what tells each of them, the latest first. */
export function pageOfAttacks(
  db: Reader,
  input: HandlerInput<'digitalAttacks.page'>,
): CallOutput<'digitalAttacks.page'> {
  const from = sql`digital_attack a JOIN incident i ON i.id = a.incident_id
    WHERE (${input.caseId ?? null} IS NULL OR i.case_id = ${input.caseId ?? null})
      AND (${input.type ?? null} IS NULL OR a.type = ${input.type ?? null})`;
  const places = db.all(
    sql`SELECT a.id, i.title, substr(i.narrative, 1, 600) AS narrative, i.happened, i.case_id,
          (SELECT c.code FROM case_file c WHERE c.id = i.case_id) AS case_code,
          (SELECT trim(d.make || ' ' || d.model) FROM device d WHERE d.id = a.device_id) AS device
        FROM ${from} ORDER BY i.sort_key DESC, a.created_at DESC, a.id DESC
        LIMIT ${input.limit} OFFSET ${input.offset}`,
    placeRow,
  );
  return {
    total: db.need(sql`SELECT count(*) AS n FROM ${from}`, z.object({ n: z.number().int() })).n,
    rows: places.map((row) => ({
      ...needAttack(db, row.id),
      incidentTitle: row.title === '' ? plainNarrative(row.narrative).slice(0, TITLE_CHARS) : row.title,
      happened: row.happened,
      caseId: row.case_id,
      caseCode: row.case_code,
      device: row.device ?? '',
    })),
  };
}
