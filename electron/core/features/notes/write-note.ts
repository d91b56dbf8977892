import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { noteIdSchema, type CaseId } from '#shared/model/ids.ts';
import { plainNarrative } from '#shared/rules/mentions.ts';
import type { OpenCall } from '../../context.ts';
import { write, type Tx } from '../../db/index.ts';
import { needCase } from '../cases/index.ts';
import { indexDocument } from '../search/index.ts';
import { insertNote, needNote, updateNote } from './note-repo.ts';

const TITLE_CHARS = 80;

function indexNote(tx: Tx, id: string, caseId: CaseId, body: string): void {
  const plain = plainNarrative(body);
  const [firstLine = ''] = plain.trim().split('\n');
  indexDocument(tx, {
    kind: 'note',
    ref: id,
    caseId,
    title: firstLine.slice(0, TITLE_CHARS),
    body: plain,
    whenKey: '',
  });
}

/** @throws AppError `record.notFound` */
export function writeNote(call: OpenCall, input: HandlerInput<'notes.write'>): CallOutput<'notes.write'> {
  const id = noteIdSchema.parse(call.core.newId());
  write(call, (tx) => {
    needCase(tx, input.caseId);
    insertNote(tx, { id, ...input, author: call.session.actor.name }, call.core.ports.clock.now());
    tx.journal({ table: 'note', id, payload: { caseId: input.caseId, kind: input.kind, body: input.body } });
    indexNote(tx, id, input.caseId, input.body);
    tx.afterCommit(() => {
      call.core.emit({ name: 'notes.changed', payload: { caseId: input.caseId } });
    });
  });
  return { id, version: 1 };
}

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function amendNote(call: OpenCall, input: HandlerInput<'notes.amend'>): CallOutput<'notes.amend'> {
  write(call, (tx) => {
    const note = needNote(tx, input.id);
    if (!updateNote(tx, input.id, input.body, input.version, call.core.ports.clock.now())) {
      throw new AppError('record.changedMeanwhile');
    }
    tx.journal({ table: 'note', id: input.id, payload: { body: input.body } });
    indexNote(tx, input.id, note.caseId, input.body);
    tx.afterCommit(() => {
      call.core.emit({ name: 'notes.changed', payload: { caseId: note.caseId } });
    });
  });
  return { version: input.version + 1 };
}
