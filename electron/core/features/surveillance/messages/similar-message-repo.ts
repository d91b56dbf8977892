import { messageIdSchema, type MessageId } from '#shared/model/surveillance-ids.ts';
import { z } from 'zod';
import { list, sql, type Reader, type Sql } from '../../../db/index.ts';
import { senderKey, textKey } from './message-keys.ts';
import { linksOf, needMessage } from './message-repo.ts';

/** Why two messages are called alike; strongest first. */
export const BECAUSE = ['sameText', 'sameLink', 'sameLinkForm', 'sameHost', 'sameSender'] as const;
export type Because = (typeof BECAUSE)[number];

/** Messages beyond which one reason alone is not looked at further. */
const MAX_OF_A_REASON = 2_000;

const idRow = z.object({ id: messageIdSchema });

/** A reason never rests on a shortener's host: half of all messages would be the same. */
function reasonsFor(db: Reader, id: MessageId): readonly (readonly [Because, Sql])[] {
  const message = needMessage(db, id);
  const links = linksOf(db, id);
  const own = links.filter((link) => link.shortener === null && link.keys.host !== '');
  const text = textKey(
    message.text,
    links.map((link) => link.url),
  );
  const sender = senderKey(message.sender);
  const byLink = (condition: Sql): Sql =>
    sql`SELECT DISTINCT l.message_id AS id FROM message_link l WHERE ${condition} AND l.message_id <> ${id}
        LIMIT ${MAX_OF_A_REASON}`;
  const reasons: (readonly [Because, Sql])[] = [];
  if (text !== '')
    reasons.push([
      'sameText',
      sql`SELECT m.id FROM suspicious_message m WHERE m.text_key = ${text} AND m.id <> ${id} LIMIT ${MAX_OF_A_REASON}`,
    ]);
  if (links.length > 0)
    reasons.push(['sameLink', byLink(sql`l.url_key IN ${list(links.map((link) => link.keys.url))}`)]);
  for (const { keys } of own)
    if (/[^/]/u.test(keys.form))
      reasons.push(['sameLinkForm', byLink(sql`l.host_key = ${keys.host} AND l.form_key = ${keys.form}`)]);
  if (own.length > 0)
    reasons.push(['sameHost', byLink(sql`l.host_key IN ${list(own.map(({ keys }) => keys.host))}`)]);
  if (sender !== '')
    reasons.push([
      'sameSender',
      sql`SELECT m.id FROM suspicious_message m WHERE m.sender_key = ${sender} AND m.id <> ${id}
          LIMIT ${MAX_OF_A_REASON}`,
    ]);
  return reasons;
}

/** Other messages like this one, each with its reasons. @throws AppError `record.notFound` */
export function messagesLike(db: Reader, id: MessageId): Map<MessageId, Set<Because>> {
  const because = new Map<MessageId, Set<Because>>();
  for (const [reason, query] of reasonsFor(db, id)) {
    for (const row of db.all(query, idRow))
      because.set(row.id, (because.get(row.id) ?? new Set()).add(reason));
  }
  return because;
}
