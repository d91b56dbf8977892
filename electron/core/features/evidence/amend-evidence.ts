import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall } from '../../context.ts';
import { write } from '../../db/index.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { requireKept } from '../holds/index.ts';
import { evidenceFieldsSchema, needEvidence, updateEvidence } from './evidence-repo.ts';
import { indexEvidence } from './index-evidence.ts';
import { requireReferences } from './link-evidence.ts';

/**
 * Changes what people say about an item. The file, its hash, name and how it came in cannot be changed.
 *
 * @throws AppError `record.notFound`, `evidence.deleted`, `record.changedMeanwhile`
 */
export function amendEvidence(
  call: OpenCall,
  input: HandlerInput<'evidence.amend'>,
): CallOutput<'evidence.amend'> {
  const changes = withoutUndefined(input.changes);
  const { core } = call;
  write(call, (tx) => {
    const item = needEvidence(tx, input.id);
    requireKept(tx, input.id);
    requireReferences(tx, changes);
    const next = { ...evidenceFieldsSchema.parse(item), ...changes };
    if (!updateEvidence(tx, input.id, next, input.version, core.ports.clock.now())) {
      throw new AppError('record.changedMeanwhile');
    }
    tx.journal({ table: 'evidence', id: input.id, payload: changes });
    indexEvidence(core, tx, input.id);
    tx.afterCommit(() => {
      core.emit({ name: 'evidence.changed', payload: { caseId: next.caseId } });
      if (item.caseId !== next.caseId) {
        core.emit({ name: 'evidence.changed', payload: { caseId: item.caseId } });
      }
    });
  });
  return { version: input.version + 1 };
}
