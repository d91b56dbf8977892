import { hitSchema, setInForceSchema } from '#shared/contract/examinations.ts';
import { triageHitSchema } from '#shared/contract/suspicious-messages.ts';
import { messageLinkIdSchema, type MessageId } from '#shared/model/surveillance-ids.ts';
import { z } from 'zod';
import { instantColumn, jsonColumn, sql, type Reader, type Tx } from '../../../db/index.ts';

/** A hit as it is kept: exact values, no sentences, so that it can be told in either language. */
const storedHit = hitSchema
  .extend({
    subject: triageHitSchema.shape.subject,
    linkId: messageLinkIdSchema.nullable(),
    observed: z.string(),
  })
  .strict();
export type StoredHit = z.output<typeof storedHit>;
const unresolvedSchema = z.array(z.object({ linkId: messageLinkIdSchema, shortener: z.string() }).strict());

export type Unresolved = z.output<typeof unresolvedSchema>;

const triageRow = z.object({
  at: instantColumn,
  actor: z.string(),
  sets: jsonColumn(z.array(setInForceSchema)),
  hits: jsonColumn(z.array(storedHit)),
  unresolved: jsonColumn(unresolvedSchema),
});

export type StoredTriage = z.output<typeof triageRow>;

/** The last comparison of a message, or null. */
export const lastTriageRow = (db: Reader, id: MessageId): StoredTriage | null =>
  db.get(
    sql`SELECT at, actor, sets, hits, unresolved FROM message_triage WHERE message_id = ${id}
        ORDER BY at DESC, id DESC LIMIT 1`,
    triageRow,
  );

/** Keeps a comparison; none is ever replaced. */
export function insertTriage(
  tx: Tx,
  id: string,
  messageId: MessageId,
  made: Omit<StoredTriage, 'at'>,
  nowMs: number,
): void {
  tx.run(sql`INSERT INTO message_triage (id, message_id, at, actor, sets, hits, unresolved)
    VALUES (${id}, ${messageId}, ${nowMs}, ${made.actor}, ${JSON.stringify(made.sets)}, ${JSON.stringify(made.hits)},
      ${JSON.stringify(made.unresolved)})`);
}
