import type { EvidenceId } from '#shared/model/ids.ts';
import { localMinute } from '#shared/rules/partial-date.ts';
import type { CoreContext } from '../../context.ts';
import type { Tx } from '../../db/index.ts';
import { indexDocument } from '../search/index.ts';
import { derivedOf, needEvidence } from './evidence-repo.ts';

/** Puts an item into the search index as it stands: what people wrote about it and what is written in it. */
export function indexEvidence(core: CoreContext, tx: Tx, id: EvidenceId): void {
  const item = needEvidence(tx, id);
  const { clock } = core.ports;
  indexDocument(tx, {
    kind: 'evidence',
    ref: id,
    caseId: item.caseId,
    title: item.title,
    body: [item.originalName, item.fromWords, item.note, derivedOf(tx, id).text]
      .filter((part) => part !== '')
      .join('\n'),
    whenKey: localMinute(Date.parse(item.receivedAt), clock.zone()),
  });
}
