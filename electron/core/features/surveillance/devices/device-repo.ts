import {
  deviceFieldsSchema,
  type DeviceCustodyEntry,
  type DeviceFields,
  type DeviceRow,
} from '#shared/contract/devices.ts';
import {
  caseIdSchema,
  evidenceIdSchema,
  personIdSchema,
  type CaseId,
  type PersonId,
} from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import { deviceIdSchema, type DeviceId } from '#shared/model/surveillance-ids.ts';
import { DEVICE_CUSTODY_ACTIONS, DEVICE_KINDS, DEVICE_STATES } from '#shared/model/surveillance.ts';
import { z } from 'zod';
import {
  flagColumn,
  instantColumn,
  jsonColumn,
  sql,
  type Reader,
  type Sql,
  type Tx,
} from '../../../db/index.ts';
import { STANDING_FINDING } from '../../finding-runs/index.ts';
import { SHOWN_PERSON } from '../../holds/index.ts';

/** What a device is when nothing is known of it yet. */
export const emptyDevice = (): DeviceFields => ({
  caseId: null,
  ownerId: null,
  ownerWords: '',
  kind: 'phone',
  make: '',
  model: '',
  os: '',
  osVersion: '',
  identifiers: [],
  since: { kind: 'unknown' },
  stillInUse: 'unknown',
  sharedWith: '',
  state: 'unknown',
  note: '',
});

const deviceRow = z.object({
  id: deviceIdSchema,
  case_id: caseIdSchema.nullable(),
  case_code: z.string().nullable(),
  owner_id: personIdSchema.nullable(),
  owner_name: z.string().nullable(),
  owner_words: z.string(),
  kind: z.enum(DEVICE_KINDS),
  make: z.string(),
  model: z.string(),
  os: z.string(),
  os_version: z.string(),
  identifiers: jsonColumn(deviceFieldsSchema.shape.identifiers),
  since: jsonColumn(partialDateSchema),
  still_in_use: deviceFieldsSchema.shape.stillInUse,
  shared_with: z.string(),
  state: z.enum(DEVICE_STATES),
  note: z.string(),
  version: z.number().int(),
  created_at: instantColumn,
  updated_at: instantColumn,
});

export interface StoredDevice extends DeviceFields {
  readonly id: DeviceId;
  readonly owner: string;
  readonly caseCode: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const storedDevice = (row: z.output<typeof deviceRow>): StoredDevice => ({
  id: row.id,
  caseId: row.case_id,
  caseCode: row.case_code,
  ownerId: row.owner_id,
  owner: row.owner_name ?? row.owner_words,
  ownerWords: row.owner_words,
  kind: row.kind,
  make: row.make,
  model: row.model,
  os: row.os,
  osVersion: row.os_version,
  identifiers: row.identifiers,
  since: row.since,
  stillInUse: row.still_in_use,
  sharedWith: row.shared_with,
  state: row.state,
  note: row.note,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const selection = sql`SELECT d.id, d.case_id, c.code AS case_code, d.owner_id, p.name AS owner_name, d.owner_words, d.kind,
  d.make, d.model, d.os, d.os_version, d.identifiers, d.since, d.still_in_use, d.shared_with, d.state, d.note, d.version,
  d.created_at, d.updated_at
  FROM device d LEFT JOIN case_file c ON c.id = d.case_id LEFT JOIN person p ON p.id = d.owner_id AND ${SHOWN_PERSON}`;

/** @throws AppError `record.notFound` */
export const needDevice = (db: Reader, id: DeviceId): StoredDevice =>
  storedDevice(db.need(sql`${selection} WHERE d.id = ${id}`, deviceRow));

/** Devices of a case, oldest first. */
export const devicesOfCase = (db: Reader, caseId: CaseId): StoredDevice[] =>
  db
    .all(sql`${selection} WHERE d.case_id = ${caseId} ORDER BY d.created_at, d.id`, deviceRow)
    .map(storedDevice);

const listRow = z
  .object({
    id: deviceIdSchema,
    case_id: caseIdSchema.nullable(),
    case_code: z.string().nullable(),
    owner: z.string(),
    kind: z.enum(DEVICE_KINDS),
    make: z.string(),
    model: z.string(),
    os: z.string(),
    os_version: z.string(),
    state: z.enum(DEVICE_STATES),
    received: flagColumn,
    examinations: z.number().int(),
    findings_to_review: z.number().int(),
    updated_at: instantColumn,
  })
  .transform((row): DeviceRow => ({
    id: row.id,
    caseId: row.case_id,
    caseCode: row.case_code,
    owner: row.owner,
    kind: row.kind,
    make: row.make,
    model: row.model,
    os: row.os,
    osVersion: row.os_version,
    state: row.state,
    received: row.received,
    examinations: row.examinations,
    findingsToReview: row.findings_to_review,
    updatedAt: row.updated_at,
  }));

const matching = (where: { caseId?: CaseId | undefined; personId?: PersonId | undefined }): Sql =>
  sql`WHERE (${where.caseId ?? null} IS NULL OR d.case_id = ${where.caseId ?? null})
    AND (${where.personId ?? null} IS NULL OR d.owner_id = ${where.personId ?? null})`;

/** A page of devices, newest first, with how many there are. */
export function pageOfDevices(
  db: Reader,
  where: { readonly caseId?: CaseId | undefined; readonly personId?: PersonId | undefined },
  page: { readonly offset: number; readonly limit: number },
): { readonly total: number; readonly rows: DeviceRow[] } {
  const condition = matching(where);
  return {
    total: db.need(sql`SELECT count(*) AS n FROM device d ${condition}`, z.object({ n: z.number().int() })).n,
    rows: db.all(
      sql`SELECT d.id, d.case_id, c.code AS case_code, coalesce(p.name, d.owner_words) AS owner, d.kind, d.make, d.model,
            d.os, d.os_version, d.state,
            EXISTS (SELECT 1 FROM reception r WHERE r.device_id = d.id AND r.returned IS NULL) AS received,
            (SELECT count(*) FROM examination x WHERE x.device_id = d.id) AS examinations,
            (SELECT count(*) FROM examination x JOIN finding f ON f.examination_id = x.id
              LEFT JOIN finding_review r ON r.finding_id = f.id AND r.current = 1
              WHERE x.device_id = d.id AND x.basis <> 'pending' AND coalesce(r.state, 'toReview') = 'toReview'
                AND ${STANDING_FINDING})
              AS findings_to_review,
            d.updated_at
          FROM device d LEFT JOIN case_file c ON c.id = d.case_id LEFT JOIN person p ON p.id = d.owner_id AND ${SHOWN_PERSON}
          ${condition} ORDER BY d.updated_at DESC, d.id DESC LIMIT ${page.limit} OFFSET ${page.offset}`,
      listRow,
    ),
  };
}

export function insertDevice(tx: Tx, id: DeviceId, fields: DeviceFields, nowMs: number): void {
  tx.run(sql`INSERT INTO device (id, case_id, owner_id, owner_words, kind, make, model, os, os_version, identifiers, since,
      still_in_use, shared_with, state, note, version, created_at, updated_at)
    VALUES (${id}, ${fields.caseId}, ${fields.ownerId}, ${fields.ownerWords}, ${fields.kind}, ${fields.make},
      ${fields.model}, ${fields.os}, ${fields.osVersion}, ${JSON.stringify(fields.identifiers)},
      ${JSON.stringify(fields.since)}, ${fields.stillInUse}, ${fields.sharedWith}, ${fields.state}, ${fields.note}, 1,
      ${nowMs}, ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export const updateDevice = (
  tx: Tx,
  id: DeviceId,
  fields: DeviceFields,
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE device SET case_id = ${fields.caseId}, owner_id = ${fields.ownerId},
      owner_words = ${fields.ownerWords}, kind = ${fields.kind}, make = ${fields.make}, model = ${fields.model},
      os = ${fields.os}, os_version = ${fields.osVersion}, identifiers = ${JSON.stringify(fields.identifiers)},
      since = ${JSON.stringify(fields.since)}, still_in_use = ${fields.stillInUse}, shared_with = ${fields.sharedWith},
      state = ${fields.state}, note = ${fields.note}, version = version + 1, updated_at = ${nowMs}
    WHERE id = ${id} AND version = ${version}`).changes === 1;

const custodyRow = z
  .object({
    position: z.number().int(),
    action: z.enum(DEVICE_CUSTODY_ACTIONS),
    at: instantColumn,
    recorded_at: instantColumn,
    actor: z.string(),
    holder: z.string(),
    detail: z.string(),
    evidence_id: evidenceIdSchema.nullable(),
  })
  .transform(({ recorded_at, evidence_id, ...rest }): DeviceCustodyEntry => ({
    ...rest,
    recordedAt: recorded_at,
    evidenceId: evidence_id,
  }));

/** Custody of a device in the order in which it was written down. */
export const deviceCustody = (db: Reader, id: DeviceId): DeviceCustodyEntry[] =>
  db.all(
    sql`SELECT position, action, at, recorded_at, actor, holder, detail, evidence_id FROM device_custody
        WHERE device_id = ${id} ORDER BY position`,
    custodyRow,
  );

/** Appends to the custody of a device; a trigger keeps it from being changed. Gives the position. */
export function insertDeviceCustody(
  tx: Tx,
  rowId: string,
  deviceId: DeviceId,
  entry: Omit<DeviceCustodyEntry, 'position' | 'recordedAt'>,
  nowMs: number,
): number {
  tx.run(sql`INSERT INTO device_custody (id, device_id, position, action, at, recorded_at, actor, holder, detail,
      evidence_id)
    VALUES (${rowId}, ${deviceId},
      (SELECT coalesce(max(position), 0) + 1 FROM device_custody WHERE device_id = ${deviceId}), ${entry.action},
      ${Date.parse(entry.at)}, ${nowMs}, ${entry.actor}, ${entry.holder}, ${entry.detail}, ${entry.evidenceId})`);
  return tx.need(
    sql`SELECT position FROM device_custody WHERE id = ${rowId}`,
    z.object({ position: z.number().int() }),
  ).position;
}
