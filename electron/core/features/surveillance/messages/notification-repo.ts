import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { NotificationFields, ProviderNotification } from '#shared/contract/suspicious-messages.ts';
import { caseIdSchema, incidentIdSchema, personIdSchema } from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import { deviceIdSchema, notificationIdSchema, type NotificationId } from '#shared/model/surveillance-ids.ts';
import { PROVIDERS } from '#shared/model/surveillance.ts';
import { partialDateSortKey } from '#shared/rules/partial-date.ts';
import { z } from 'zod';
import { instantColumn, jsonColumn, sql, type Reader, type Sql, type Tx } from '../../../db/index.ts';
import { tiedEvidence } from '../evidence-tie-repo.ts';
import { SHOWN_PERSON } from '../../holds/index.ts';

const notificationRow = z.object({
  id: notificationIdSchema,
  case_id: caseIdSchema.nullable(),
  person_id: personIdSchema.nullable(),
  person: z.string().nullable(),
  device_id: deviceIdSchema.nullable(),
  incident_id: incidentIdSchema.nullable(),
  provider: z.enum(PROVIDERS),
  account: z.string(),
  received: jsonColumn(partialDateSchema),
  text: z.string(),
  note: z.string(),
  version: z.number().int(),
  created_at: instantColumn,
  updated_at: instantColumn,
});

const notificationOf = (db: Reader, row: z.output<typeof notificationRow>): ProviderNotification => ({
  id: row.id,
  caseId: row.case_id,
  personId: row.person_id,
  person: row.person ?? '',
  deviceId: row.device_id,
  incidentId: row.incident_id,
  provider: row.provider,
  account: row.account,
  received: row.received,
  text: row.text,
  note: row.note,
  evidence: tiedEvidence(db, row.id),
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const selection = sql`SELECT n.id, n.case_id, n.person_id, p.name AS person, n.device_id, n.incident_id, n.provider,
  n.account, n.received, n.text, n.note, n.version, n.created_at, n.updated_at
  FROM provider_notification n LEFT JOIN person p ON p.id = n.person_id AND ${SHOWN_PERSON}`;

/** @throws AppError `record.notFound` */
export const needNotification = (db: Reader, id: NotificationId): ProviderNotification =>
  notificationOf(db, db.need(sql`${selection} WHERE n.id = ${id}`, notificationRow));

const conditionOf = (where: HandlerInput<'notifications.list'>): Sql =>
  sql`WHERE (${where.caseId ?? null} IS NULL OR n.case_id = ${where.caseId ?? null})
    AND (${where.deviceId ?? null} IS NULL OR n.device_id = ${where.deviceId ?? null})`;

export function insertNotification(
  tx: Tx,
  id: NotificationId,
  fields: NotificationFields,
  now: number,
): void {
  tx.run(sql`INSERT INTO provider_notification (id, case_id, person_id, device_id, incident_id, provider, account,
        received, sort_key, text, note, version, created_at, updated_at)
      VALUES (${id}, ${fields.caseId}, ${fields.personId}, ${fields.deviceId}, ${fields.incidentId},
        ${fields.provider}, ${fields.account}, ${JSON.stringify(fields.received)},
        ${partialDateSortKey(fields.received)}, ${fields.text}, ${fields.note}, 1, ${now}, ${now})`);
}

/** Gives false where somebody else was faster. */
export const updateNotification = (
  tx: Tx,
  id: NotificationId,
  fields: NotificationFields,
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE provider_notification SET case_id = ${fields.caseId}, person_id = ${fields.personId},
        device_id = ${fields.deviceId}, incident_id = ${fields.incidentId}, provider = ${fields.provider},
        account = ${fields.account}, received = ${JSON.stringify(fields.received)},
        sort_key = ${partialDateSortKey(fields.received)}, text = ${fields.text}, note = ${fields.note},
        version = version + 1, updated_at = ${nowMs}
      WHERE id = ${id} AND version = ${version}`).changes === 1;

/** A page of notifications, newest first, with how many there are. */
export function pageOfNotifications(
  db: Reader,
  input: HandlerInput<'notifications.list'>,
): CallOutput<'notifications.list'> {
  const condition = conditionOf(input);
  return {
    total: db.need(
      sql`SELECT count(*) AS n FROM provider_notification n ${condition}`,
      z.object({ n: z.number().int() }),
    ).n,
    rows: db
      .all(
        sql`${selection} ${condition} ORDER BY n.sort_key DESC, n.id DESC LIMIT ${input.limit} OFFSET ${input.offset}`,
        notificationRow,
      )
      .map((row) => notificationOf(db, row)),
  };
}
