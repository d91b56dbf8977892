import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { OpenCall } from '../../context.ts';
import { read } from '../../db/index.ts';
import { evidenceListRow, evidencePage } from './evidence-list-repo.ts';
import { custodyOf, derivedOf, incidentsOf, needEvidence, thumbnailOf } from './evidence-repo.ts';

/** One page of items, newest first. */
export function listEvidence(
  call: OpenCall,
  input: HandlerInput<'evidence.list'>,
): CallOutput<'evidence.list'> {
  return read(call, (db) => evidencePage(db, input));
}

/** @throws AppError `record.notFound` */
export function getEvidence(call: OpenCall, input: HandlerInput<'evidence.get'>): CallOutput<'evidence.get'> {
  return read(call, (db) => {
    const item = needEvidence(db, input.id);
    call.session.reads.note(call.method, 'evidence', input.id);
    const derived = derivedOf(db, input.id);
    return {
      ...evidenceListRow(db, input.id),
      version: item.version,
      fromPersonId: item.fromPersonId,
      fromWords: item.fromWords,
      method: item.method,
      note: item.note,
      derivedReason: derived.reason,
      facts: derived.facts,
      text: derived.text,
      pageCount: derived.pageCount,
      custody: custodyOf(db, input.id),
      incidentIds: incidentsOf(db, input.id),
    };
  });
}

/** @throws AppError `record.notFound` */
export function evidenceThumbnail(
  call: OpenCall,
  input: HandlerInput<'evidence.thumbnail'>,
): CallOutput<'evidence.thumbnail'> {
  return { png: read(call, (db) => thumbnailOf(db, input.id)) };
}
