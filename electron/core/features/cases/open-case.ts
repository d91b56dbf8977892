import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { caseIdSchema } from '#shared/model/ids.ts';
import { plainNarrative } from '#shared/rules/mentions.ts';
import type { OpenCall } from '../../context.ts';
import { write, type Tx } from '../../db/index.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { startAccess } from '../access/index.ts';
import { indexDocument } from '../search/index.ts';
import {
  insertCase,
  isCodeTaken,
  needCase,
  nextCode,
  settledCaseSchema,
  updateCase,
  type SettledCase,
} from './case-repo.ts';

/** Letters and digits that are not mistaken for each other when read aloud. */
const NEUTRAL_ALPHABET = 'ABCDEFGHJKLMNPRSTUVWXYZ23456789';

/** Three signs without meaning, for calendars and screens that others see. */
function neutralCode(call: OpenCall): string {
  return [...call.core.ports.random.bytes(3)]
    .map((byte) => NEUTRAL_ALPHABET[byte % NEUTRAL_ALPHABET.length])
    .join('');
}

function indexCase(tx: Tx, id: string, fields: SettledCase): void {
  indexDocument(tx, {
    kind: 'case',
    ref: id,
    caseId: id,
    title: `${fields.code} ${fields.title}`,
    body: [
      plainNarrative(fields.summary),
      fields.placeOrigin,
      fields.placeRefuge,
      fields.safeChannel.medium,
      fields.safeChannel.avoid,
    ]
      .filter((part) => part !== '')
      .join('\n'),
    whenKey: `${fields.openedDay}T00:00`,
  });
}

/** @throws AppError `case.codeTaken` */
export function openCase(call: OpenCall, input: HandlerInput<'cases.open'>): CallOutput<'cases.open'> {
  const id = caseIdSchema.parse(call.core.newId());
  return write(call, (tx) => {
    const code = input.code ?? nextCode(tx, input.openedDay.slice(0, 4));
    if (isCodeTaken(tx, code, id)) throw new AppError('case.codeTaken', { field: 'code' });
    const fields = { ...input, code };
    insertCase(tx, id, neutralCode(call), fields, call.core.ports.clock.now());
    tx.journal({ table: 'case_file', id, payload: fields });
    startAccess(call, tx, id);
    indexCase(tx, id, fields);
    tx.afterCommit(() => {
      call.core.emit({ name: 'cases.changed', payload: { caseId: id } });
    });
    return { id, code, version: 1 };
  });
}

/** @throws AppError `record.notFound`, `record.changedMeanwhile`, `case.codeTaken` */
export function amendCase(call: OpenCall, input: HandlerInput<'cases.amend'>): CallOutput<'cases.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    const next = { ...settledCaseSchema.parse(needCase(tx, input.id)), ...changes };
    if (isCodeTaken(tx, next.code, input.id)) throw new AppError('case.codeTaken', { field: 'code' });
    if (!updateCase(tx, input.id, next, input.version, call.core.ports.clock.now())) {
      throw new AppError('record.changedMeanwhile');
    }
    tx.journal({ table: 'case_file', id: input.id, payload: changes });
    indexCase(tx, input.id, next);
    tx.afterCommit(() => {
      call.core.emit({ name: 'cases.changed', payload: { caseId: input.id } });
    });
  });
  return { version: input.version + 1 };
}
