import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { OpenCall } from '../../../context.ts';
import { read } from '../../../db/index.ts';
import { needMessage } from './message-repo.ts';
import { excerptOf } from './messages.ts';
import { BECAUSE, messagesLike, type Because } from './similar-message-repo.ts';

/**
 * Other messages of the vault that are the same, or come over the same link, form of link, host or sender; the
 * strongest reasons first. One case after another gets the same message: that is how a campaign is seen.
 *
 * @throws AppError `record.notFound`
 */
export function similarMessages(
  call: OpenCall,
  input: HandlerInput<'messages.similar'>,
): CallOutput<'messages.similar'> {
  return read(call, (db) => {
    const because = messagesLike(db, input.id);
    const rank = (reasons: ReadonlySet<Because>): number =>
      BECAUSE.reduce((sum, reason, at) => sum + (reasons.has(reason) ? 2 ** (BECAUSE.length - at) : 0), 0);
    const found = [...because].sort(([a, x], [b, y]) => rank(y) - rank(x) || (a < b ? 1 : -1));
    return {
      more: found.length > input.limit,
      rows: found.slice(0, input.limit).map(([id, reasons]) => {
        const message = needMessage(db, id);
        return {
          id,
          caseId: message.caseId,
          caseCode: message.caseCode,
          person: message.person,
          sender: message.sender,
          excerpt: excerptOf(message.text),
          received: message.received,
          because: BECAUSE.filter((reason) => reasons.has(reason)),
        };
      }),
    };
  });
}
