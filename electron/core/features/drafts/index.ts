import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { z } from 'zod';
import type { Handlers } from '../../api/handlers.ts';
import type { OpenCall } from '../../context.ts';
import { instantColumn, read, sql, write, type Reader, type Tx } from '../../db/index.ts';
import { authors } from './authors.ts';
import { filesOfDraft } from './draft-files-repo.ts';

export {
  draftFilesAmong,
  filesOfDraft,
  forgetDraftFile,
  forgetDraftFiles,
  noteDraftFile,
  strayDraftFiles,
  sweepDraftFiles,
  type DraftFile,
} from './draft-files-repo.ts';

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

/** The person's own drafts, newest first, without what was typed. */
export const draftHeads = (call: OpenCall, db: Reader): z.output<typeof headRow>[] =>
  db.all(
    sql`SELECT id, form, title, updated_at FROM draft WHERE author IN ${authors(call, db)}
        ORDER BY updated_at DESC, id LIMIT 200`,
    headRow,
  );

/** Takes away a draft of the person's own, in the transaction of the record that takes its place. */
export const dropDraft = (call: OpenCall, tx: Tx, id: string): void => {
  tx.run(sql`DELETE FROM draft WHERE id = ${id} AND author IN ${authors(call, tx)}`);
};

/** Keeps what is being typed. Not journalled: a draft is no record yet and goes when it becomes one. Errors: `record.notFound` for an id that is somebody else's. */
function saveDraft(call: OpenCall, input: HandlerInput<'drafts.save'>): CallOutput<'drafts.save'> {
  const now = call.core.ports.clock.now();
  write(call, (tx) => {
    const { changes } = tx.run(sql`INSERT INTO draft (id, form, title, payload, updated_at, author)
      VALUES (${input.id}, ${input.form}, ${input.title}, ${input.payload}, ${now}, ${call.session.actor.slotId})
      ON CONFLICT (id) DO UPDATE SET form = excluded.form, title = excluded.title, payload = excluded.payload,
        updated_at = excluded.updated_at, author = excluded.author
      WHERE draft.author IN ${authors(call, tx)}`);
    if (changes === 0) throw new AppError('record.notFound');
    tx.afterCommit(() => {
      call.core.emit({ name: 'drafts.changed', payload: {} });
    });
  });
  return { savedAt: new Date(now).toISOString() };
}

function discardDraft(call: OpenCall, input: HandlerInput<'drafts.discard'>): CallOutput<'drafts.discard'> {
  write(call, (tx) => {
    dropDraft(call, tx, input.id);
    tx.afterCommit(() => {
      call.core.emit({ name: 'drafts.changed', payload: {} });
    });
  });
  return {};
}

/** @throws AppError `record.notFound` */
function getDraft(call: OpenCall, input: HandlerInput<'drafts.get'>): CallOutput<'drafts.get'> {
  return read(call, (db) => ({
    ...db.need(
      sql`SELECT id, form, title, payload, updated_at FROM draft
          WHERE id = ${input.id} AND author IN ${authors(call, db)}`,
      wholeRow,
    ),
    files: filesOfDraft(call, db, input.id).map(({ id, title, mime }) => ({ id, title, mime })),
  }));
}

export const draftsHandlers: Handlers<'drafts.save' | 'drafts.list' | 'drafts.get' | 'drafts.discard'> = {
  'drafts.save': saveDraft,
  'drafts.list': (call) => ({ rows: read(call, (db) => draftHeads(call, db)) }),
  'drafts.get': getDraft,
  'drafts.discard': discardDraft,
};
