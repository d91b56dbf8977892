import type { HandlerInput } from '#shared/contract/index.ts';
import type { MessageFields } from '#shared/contract/suspicious-messages.ts';
import { caseIdSchema, incidentIdSchema, personIdSchema } from '#shared/model/ids.ts';
import { partialDateSchema } from '#shared/model/partial-date.ts';
import {
  deviceIdSchema,
  messageIdSchema,
  messageLinkIdSchema,
  type MessageId,
  type MessageLinkId,
} from '#shared/model/surveillance-ids.ts';
import { CLICK_ANSWERS, MESSAGE_CHANNELS } from '#shared/model/surveillance.ts';
import { instantSchema } from '#shared/model/common.ts';
import { partialDateSortKey } from '#shared/rules/partial-date.ts';
import { z } from 'zod';
import {
  instantColumn,
  jsonColumn,
  jsonColumnOrNull,
  sql,
  type Reader,
  type Sql,
  type Tx,
} from '../../../db/index.ts';
import { SHOWN_PERSON } from '../../holds/index.ts';
import { senderKey, textKey, type LinkKeys } from './message-keys.ts';

export const emptyMessage = (): MessageFields => ({
  caseId: null,
  personId: null,
  deviceId: null,
  incidentId: null,
  channel: 'other',
  sender: '',
  account: '',
  text: '',
  received: { kind: 'unknown' },
  clicked: 'notAsked',
  clickedWhen: '',
  whatHappened: '',
  others: '',
  context: '',
  note: '',
});

const messageRow = z.object({
  id: messageIdSchema,
  case_id: caseIdSchema.nullable(),
  case_code: z.string().nullable(),
  person_id: personIdSchema.nullable(),
  person: z.string().nullable(),
  device_id: deviceIdSchema.nullable(),
  incident_id: incidentIdSchema.nullable(),
  channel: z.enum(MESSAGE_CHANNELS),
  sender: z.string(),
  account: z.string(),
  text: z.string(),
  received: jsonColumn(partialDateSchema),
  clicked: z.enum(CLICK_ANSWERS),
  clicked_when: z.string(),
  what_happened: z.string(),
  others: z.string(),
  context: z.string(),
  note: z.string(),
  version: z.number().int(),
  created_at: instantColumn,
  updated_at: instantColumn,
});

export interface StoredMessage extends MessageFields {
  readonly id: MessageId;
  readonly caseCode: string | null;
  readonly person: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const messageOf = (row: z.output<typeof messageRow>): StoredMessage => ({
  id: row.id,
  caseId: row.case_id,
  caseCode: row.case_code,
  personId: row.person_id,
  person: row.person ?? '',
  deviceId: row.device_id,
  incidentId: row.incident_id,
  channel: row.channel,
  sender: row.sender,
  account: row.account,
  text: row.text,
  received: row.received,
  clicked: row.clicked,
  clickedWhen: row.clicked_when,
  whatHappened: row.what_happened,
  others: row.others,
  context: row.context,
  note: row.note,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const selection = sql`SELECT m.id, m.case_id, c.code AS case_code, m.person_id, p.name AS person, m.device_id,
  m.incident_id, m.channel, m.sender, m.account, m.text, m.received, m.clicked, m.clicked_when, m.what_happened, m.others,
  m.context, m.note, m.version, m.created_at, m.updated_at
  FROM suspicious_message m LEFT JOIN case_file c ON c.id = m.case_id LEFT JOIN person p ON p.id = m.person_id
    AND ${SHOWN_PERSON}`;

/** @throws AppError `record.notFound` */
export const needMessage = (db: Reader, id: MessageId): StoredMessage =>
  messageOf(db.need(sql`${selection} WHERE m.id = ${id}`, messageRow));

type Where = Pick<HandlerInput<'messages.list'>, 'caseId' | 'personId' | 'deviceId' | 'incidentId'>;

const conditionOf = (
  where: Where,
): Sql => sql`WHERE (${where.caseId ?? null} IS NULL OR m.case_id = ${where.caseId ?? null})
  AND (${where.personId ?? null} IS NULL OR m.person_id = ${where.personId ?? null})
  AND (${where.deviceId ?? null} IS NULL OR m.device_id = ${where.deviceId ?? null})
  AND (${where.incidentId ?? null} IS NULL OR m.incident_id = ${where.incidentId ?? null})`;

/** A page of messages, newest first, with how many there are. */
export function pageOfMessages(
  db: Reader,
  where: Where,
  page: { readonly offset: number; readonly limit: number },
): { readonly total: number; readonly rows: (StoredMessage & { links: number; hits: number | null })[] } {
  const condition = conditionOf(where);
  const extra = z.object({ links: z.number().int(), hits: z.number().int().nullable() });
  return {
    total: db.need(
      sql`SELECT count(*) AS n FROM suspicious_message m ${condition}`,
      z.object({ n: z.number().int() }),
    ).n,
    rows: db
      .all(
        sql`${selection} ${condition} ORDER BY m.sort_key DESC, m.id DESC LIMIT ${page.limit} OFFSET ${page.offset}`,
        messageRow,
      )
      .map((row) => ({
        ...messageOf(row),
        ...db.need(
          sql`SELECT (SELECT count(*) FROM message_link l WHERE l.message_id = ${row.id}) AS links,
                (SELECT json_array_length(t.hits) FROM message_triage t WHERE t.message_id = ${row.id}
                  ORDER BY t.at DESC, t.id DESC LIMIT 1) AS hits`,
          extra,
        ),
      })),
  };
}

/** Messages of a case, oldest first. */
export const messagesOfCase = (db: Reader, caseId: string): StoredMessage[] =>
  db.all(sql`${selection} WHERE m.case_id = ${caseId} ORDER BY m.sort_key, m.id`, messageRow).map(messageOf);

export function insertMessage(
  tx: Tx,
  id: MessageId,
  fields: MessageFields,
  links: readonly string[],
  nowMs: number,
): void {
  tx.run(sql`INSERT INTO suspicious_message (id, case_id, person_id, device_id, incident_id, channel, sender, sender_key,
      account, text, text_key, received, sort_key, clicked, clicked_when, what_happened, others, context, note, version,
      created_at, updated_at)
    VALUES (${id}, ${fields.caseId}, ${fields.personId}, ${fields.deviceId}, ${fields.incidentId}, ${fields.channel},
      ${fields.sender}, ${senderKey(fields.sender)}, ${fields.account}, ${fields.text}, ${textKey(fields.text, links)},
      ${JSON.stringify(fields.received)}, ${partialDateSortKey(fields.received)}, ${fields.clicked},
      ${fields.clickedWhen}, ${fields.whatHappened}, ${fields.others}, ${fields.context}, ${fields.note}, 1, ${nowMs},
      ${nowMs})`);
}

/** Gives false where somebody else was faster. */
export const updateMessage = (
  tx: Tx,
  id: MessageId,
  fields: MessageFields,
  links: readonly string[],
  version: number,
  nowMs: number,
): boolean =>
  tx.run(sql`UPDATE suspicious_message SET case_id = ${fields.caseId}, person_id = ${fields.personId},
      device_id = ${fields.deviceId}, incident_id = ${fields.incidentId}, channel = ${fields.channel},
      sender = ${fields.sender}, sender_key = ${senderKey(fields.sender)}, account = ${fields.account},
      text = ${fields.text}, text_key = ${textKey(fields.text, links)}, received = ${JSON.stringify(fields.received)},
      sort_key = ${partialDateSortKey(fields.received)}, clicked = ${fields.clicked},
      clicked_when = ${fields.clickedWhen}, what_happened = ${fields.whatHappened}, others = ${fields.others},
      context = ${fields.context}, note = ${fields.note}, version = version + 1, updated_at = ${nowMs}
    WHERE id = ${id} AND version = ${version}`).changes === 1;

const storedDestination = z
  .object({ url: z.string(), how: z.string(), recordedBy: z.string(), recordedAt: instantSchema })
  .strict();

const linkRow = z
  .object({
    id: messageLinkIdSchema,
    message_id: messageIdSchema,
    url: z.string(),
    url_key: z.string(),
    host_key: z.string(),
    form_key: z.string(),
    shortener: z.string().nullable(),
    destination: jsonColumnOrNull(storedDestination),
  })
  .transform((row) => ({
    id: row.id,
    messageId: row.message_id,
    url: row.url,
    keys: { url: row.url_key, host: row.host_key, form: row.form_key },
    shortener: row.shortener,
    destination: row.destination,
  }));
export type StoredLink = z.output<typeof linkRow>;

const linkColumns = sql`id, message_id, url, url_key, host_key, form_key, shortener, destination`;

/** Links of a message, exact, in order. */
export const linksOf = (db: Reader, id: MessageId): StoredLink[] =>
  db.all(sql`SELECT ${linkColumns} FROM message_link WHERE message_id = ${id} ORDER BY position`, linkRow);

/** @throws AppError `record.notFound` */
export const needLink = (db: Reader, id: MessageLinkId): StoredLink =>
  db.need(sql`SELECT ${linkColumns} FROM message_link WHERE id = ${id}`, linkRow);

/** Makes the given links those of the message; a link that stays keeps its recorded destination and its id. */
export function setLinks(
  tx: Tx,
  id: MessageId,
  links: readonly {
    readonly url: string;
    readonly keys: LinkKeys | null;
    readonly shortener: string | null;
  }[],
  newId: () => string,
): void {
  const before = new Map(linksOf(tx, id).map((link) => [link.url, link]));
  tx.run(sql`DELETE FROM message_link WHERE message_id = ${id}`);
  links.forEach(({ url, keys, shortener }, position) => {
    const kept = before.get(url);
    tx.run(sql`INSERT INTO message_link (id, message_id, position, url, url_key, host_key, form_key, shortener, destination)
      VALUES (${kept?.id ?? newId()}, ${id}, ${position}, ${url}, ${keys?.url ?? url}, ${keys?.host ?? ''},
        ${keys?.form ?? ''}, ${shortener},
        ${kept?.destination ? JSON.stringify(kept.destination) : null})`);
  });
}

export function setDestination(
  tx: Tx,
  id: MessageLinkId,
  destination: z.output<typeof storedDestination>,
): void {
  tx.run(sql`UPDATE message_link SET destination = ${JSON.stringify(destination)} WHERE id = ${id}`);
}
