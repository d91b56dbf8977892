import {
  receptionFieldsSchema,
  returnSchema,
  type Reception,
  type ReceptionFields,
} from '#shared/contract/devices.ts';
import { caseIdSchema, personIdSchema } from '#shared/model/ids.ts';
import {
  deviceIdSchema,
  receptionIdSchema,
  type DeviceId,
  type ReceptionId,
} from '#shared/model/surveillance-ids.ts';
import { POWER_STATES } from '#shared/model/surveillance.ts';
import { z } from 'zod';
import { instantColumn, jsonColumn, jsonColumnOrNull, sql, type Reader, type Tx } from '../../../db/index.ts';
import { tiedEvidence } from '../evidence-tie-repo.ts';

const receptionRow = z.object({
  id: receptionIdSchema,
  device_id: deviceIdSchema,
  folio: z.string(),
  handed_by_id: personIdSchema.nullable(),
  handed_by_words: z.string(),
  relation: z.string(),
  received_at: instantColumn,
  received_by: z.string(),
  place: z.string(),
  power: jsonColumn(z.array(z.enum(POWER_STATES))),
  condition: z.string(),
  accessories: z.string(),
  seal: z.string(),
  prosecutor_file: receptionFieldsSchema.shape.prosecutorFile,
  reason: z.string(),
  note: z.string(),
  returned: jsonColumnOrNull(returnSchema),
  version: z.number().int(),
  created_at: instantColumn,
  updated_at: instantColumn,
});

const receptionOf = (db: Reader, row: z.output<typeof receptionRow>): Reception => ({
  id: row.id,
  deviceId: row.device_id,
  folio: row.folio,
  handedById: row.handed_by_id,
  handedByWords: row.handed_by_words,
  relation: row.relation,
  receivedAt: row.received_at,
  receivedBy: row.received_by,
  place: row.place,
  power: row.power,
  condition: row.condition,
  accessories: row.accessories,
  seal: row.seal,
  prosecutorFile: row.prosecutor_file,
  reason: row.reason,
  note: row.note,
  returned: row.returned,
  evidence: tiedEvidence(db, row.id),
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const columns = sql`id, device_id, folio, handed_by_id, handed_by_words, relation, received_at, received_by, place, power,
  condition, accessories, seal, prosecutor_file, reason, note, returned, version, created_at, updated_at`;

/** @throws AppError `record.notFound` */
export const needReception = (db: Reader, id: ReceptionId): Reception =>
  receptionOf(db, db.need(sql`SELECT ${columns} FROM reception WHERE id = ${id}`, receptionRow));

/** Receptions of a device, oldest first. */
export const receptionsOf = (db: Reader, deviceId: DeviceId): Reception[] =>
  db
    .all(
      sql`SELECT ${columns} FROM reception WHERE device_id = ${deviceId} ORDER BY received_at, id`,
      receptionRow,
    )
    .map((row) => receptionOf(db, row));

/** The reception that was not closed by a return, or null. */
export const openReception = (db: Reader, deviceId: DeviceId): ReceptionId | null =>
  db.get(
    sql`SELECT id FROM reception WHERE device_id = ${deviceId} AND returned IS NULL`,
    z.object({ id: receptionIdSchema }),
  )?.id ?? null;

export const caseOfDevice = (db: Reader, deviceId: DeviceId) =>
  db.need(
    sql`SELECT case_id FROM device WHERE id = ${deviceId}`,
    z.object({ case_id: caseIdSchema.nullable() }),
  ).case_id;

export function insertReception(
  tx: Tx,
  id: ReceptionId,
  fields: ReceptionFields,
  given: { readonly folio: string; readonly receivedBy: string },
  nowMs: number,
): void {
  tx.run(sql`INSERT INTO reception (id, device_id, folio, handed_by_id, handed_by_words, relation, received_at,
      received_by, place, power, condition, accessories, seal, prosecutor_file, reason, note, returned, version,
      created_at, updated_at)
    VALUES (${id}, ${fields.deviceId}, ${given.folio}, ${fields.handedById}, ${fields.handedByWords},
      ${fields.relation}, ${Date.parse(fields.receivedAt)}, ${given.receivedBy}, ${fields.place},
      ${JSON.stringify(fields.power)}, ${fields.condition}, ${fields.accessories}, ${fields.seal},
      ${fields.prosecutorFile}, ${fields.reason}, ${fields.note}, NULL, 1, ${nowMs}, ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export const updateReception = (
  tx: Tx,
  id: ReceptionId,
  fields: Omit<ReceptionFields, 'deviceId' | 'receivedAt'>,
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE reception SET handed_by_id = ${fields.handedById}, handed_by_words = ${fields.handedByWords},
      relation = ${fields.relation}, place = ${fields.place}, power = ${JSON.stringify(fields.power)},
      condition = ${fields.condition}, accessories = ${fields.accessories}, seal = ${fields.seal},
      prosecutor_file = ${fields.prosecutorFile}, reason = ${fields.reason}, note = ${fields.note},
      version = version + 1, updated_at = ${nowMs}
    WHERE id = ${id} AND version = ${version}`).changes === 1;

/** Closes a reception. Gives false where somebody else was faster or it is closed already. */
export const closeReception = (
  tx: Tx,
  id: ReceptionId,
  returned: z.output<typeof returnSchema>,
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE reception SET returned = ${JSON.stringify(returned)}, version = version + 1, updated_at = ${nowMs}
    WHERE id = ${id} AND version = ${version} AND returned IS NULL`).changes === 1;
