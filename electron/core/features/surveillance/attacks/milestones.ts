import type { MilestoneFields } from '#shared/contract/digital-attacks.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { milestoneIdSchema, type MilestoneId } from '#shared/model/surveillance-ids.ts';
import { partialDateSortKey } from '#shared/rules/partial-date.ts';
import type { OpenCall } from '../../../context.ts';
import { read, write, type Tx } from '../../../db/index.ts';
import { withoutUndefined } from '../../../without-undefined.ts';
import { needCase } from '../../cases/index.ts';
import { indexDocument } from '../../search/index.ts';
import { tellSurveillance } from '../devices/devices.ts';
import { insertMilestone, milestonesOf, needMilestone, updateMilestone } from './milestone-repo.ts';

function afterChange(call: OpenCall, tx: Tx, id: MilestoneId): void {
  const found = needMilestone(tx, id);
  indexDocument(tx, {
    kind: 'milestone',
    ref: id,
    caseId: found.caseId,
    title: found.title,
    body: found.note,
    whenKey: partialDateSortKey(found.happened),
  });
  tellSurveillance(call, tx, found.caseId);
}

/** @throws AppError `record.notFound` */
export function recordMilestone(
  call: OpenCall,
  input: HandlerInput<'milestones.record'>,
): CallOutput<'milestones.record'> {
  const { caseId, kind, title, ...given } = input;
  const fields: MilestoneFields = {
    happened: { kind: 'unknown' },
    note: '',
    ...withoutUndefined(given),
    caseId,
    kind,
    title,
  };
  const id = milestoneIdSchema.parse(call.core.newId());
  const now = call.core.ports.clock.now();
  write(call, (tx) => {
    needCase(tx, caseId);
    insertMilestone(tx, id, fields, now);
    tx.journal({ table: 'milestone', id, payload: fields });
    afterChange(call, tx, id);
  });
  return { id, version: 1 };
}

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function amendMilestone(
  call: OpenCall,
  input: HandlerInput<'milestones.amend'>,
): CallOutput<'milestones.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    const next = { ...needMilestone(tx, input.id), ...changes };
    if (!updateMilestone(tx, input.id, next, input.version, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    tx.journal({ table: 'milestone', id: input.id, payload: changes });
    afterChange(call, tx, input.id);
  });
  return { version: input.version + 1 };
}

/** Dates of a case, oldest first. */
export const listMilestones = (
  call: OpenCall,
  input: HandlerInput<'milestones.list'>,
): CallOutput<'milestones.list'> => read(call, (db) => ({ rows: milestonesOf(db, input.caseId) }));
