import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { z } from 'zod';
import type { Handlers } from '../../api/handlers.ts';
import type { OpenCall } from '../../context.ts';
import { instantColumn, read, sql, write, type Reader } from '../../db/index.ts';

const headRow = z
  .object({ id: z.string(), form: z.string(), title: z.string(), updated_at: instantColumn })
  .transform(({ updated_at, ...rest }) => ({ ...rest, updatedAt: updated_at }));
const wholeRow = z
  .object({
    id: z.string(),
    form: z.string(),
    title: z.string(),
    payload: z.string(),
    updated_at: instantColumn,
  })
  .transform(({ updated_at, ...rest }) => ({ ...rest, updatedAt: updated_at }));

/** Drafts, newest first, without what was typed. */
export const draftHeads = (db: Reader): z.output<typeof headRow>[] =>
  db.all(sql`SELECT id, form, title, updated_at FROM draft ORDER BY updated_at DESC, id LIMIT 200`, headRow);

/** Keeps what is being typed. Not journalled: a draft is no record yet and goes when it becomes one. */
function saveDraft(call: OpenCall, input: HandlerInput<'drafts.save'>): CallOutput<'drafts.save'> {
  const now = call.core.ports.clock.now();
  write(call, (tx) => {
    tx.run(sql`INSERT INTO draft (id, form, title, payload, updated_at)
      VALUES (${input.id}, ${input.form}, ${input.title}, ${input.payload}, ${now})
      ON CONFLICT (id) DO UPDATE SET form = excluded.form, title = excluded.title, payload = excluded.payload,
        updated_at = excluded.updated_at`);
    tx.afterCommit(() => {
      call.core.emit({ name: 'drafts.changed', payload: {} });
    });
  });
  return { savedAt: new Date(now).toISOString() };
}

function discardDraft(call: OpenCall, input: HandlerInput<'drafts.discard'>): CallOutput<'drafts.discard'> {
  write(call, (tx) => {
    tx.run(sql`DELETE FROM draft WHERE id = ${input.id}`);
    tx.afterCommit(() => {
      call.core.emit({ name: 'drafts.changed', payload: {} });
    });
  });
  return {};
}

/** @throws AppError `record.notFound` */
function getDraft(call: OpenCall, input: HandlerInput<'drafts.get'>): CallOutput<'drafts.get'> {
  return read(call, (db) =>
    db.need(sql`SELECT id, form, title, payload, updated_at FROM draft WHERE id = ${input.id}`, wholeRow),
  );
}

export const draftsHandlers: Handlers<'drafts.save' | 'drafts.list' | 'drafts.get' | 'drafts.discard'> = {
  'drafts.save': saveDraft,
  'drafts.list': (call) => ({ rows: read(call, draftHeads) }),
  'drafts.get': getDraft,
  'drafts.discard': discardDraft,
};
