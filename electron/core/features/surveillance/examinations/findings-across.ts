import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { OpenCall } from '../../../context.ts';
import { read } from '../../../db/index.ts';
import { shortenerOf } from '../messages/message-keys.ts';
import { needMessage } from '../messages/message-repo.ts';
import { excerptOf } from '../messages/messages.ts';
import { needReadable } from './examination-repo.ts';
import { needFinding } from './finding-repo.ts';
import { facetsAcross, messagesOver, pageAcross, sameElsewhere } from './findings-across-repo.ts';

/** Messages that are told beside one finding. */
const MAX_MESSAGES = 50;

/** Findings of all devices that this person may see. */
export const findingsAcross = (
  call: OpenCall,
  input: HandlerInput<'findings.across'>,
): CallOutput<'findings.across'> => read(call, (db) => pageAcross(db, input));

/** What the findings of all devices can be narrowed by, with how many there are of each. */
export const findingFacets = (
  call: OpenCall,
  _input: HandlerInput<'findings.facets'>,
): CallOutput<'findings.facets'> => read(call, facetsAcross);

/**
 * Where else what a finding shows was seen: other devices, and messages to whoever it was. A shortener's host joins
 * nobody: half of all messages would be the same.
 *
 * @throws AppError `record.notFound`, `examination.preservationOnly`
 */
export function findingElsewhere(
  call: OpenCall,
  input: HandlerInput<'findings.elsewhere'>,
): CallOutput<'findings.elsewhere'> {
  return read(call, (db) => {
    const finding = needFinding(db, input.id);
    needReadable(db, finding.examinationId);
    const shortened = shortenerOf(finding.exact) !== null;
    const over = messagesOver(db, finding, MAX_MESSAGES).filter(
      ({ because }) => !shortened || because === 'sameLink',
    );
    return {
      devices: sameElsewhere(db, finding),
      messages: over.map(({ id, because }) => {
        const message = needMessage(db, id);
        return {
          id,
          because,
          caseId: message.caseId,
          caseCode: message.caseCode,
          person: message.person,
          sender: message.sender,
          excerpt: excerptOf(message.text),
          received: message.received,
        };
      }),
    };
  });
}
