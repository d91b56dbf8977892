import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { Hit } from '#shared/contract/examinations.ts';
import type { MessageLinkId } from '#shared/model/surveillance-ids.ts';
import type { Check, Match } from '#shared/surveillance/indicators.ts';
import type { OpenCall, TaskHandle } from '../../../context.ts';
import { read, write } from '../../../db/index.ts';
import type { Matcher } from '../../../../matching/matcher.ts';
import { tellSurveillance } from '../devices/devices.ts';
import { chosenSets, matcherFor } from '../sets/read-sets.ts';
import { inForce } from '../sets/set-repo.ts';
import { linksOf, needMessage, type StoredLink, type StoredMessage } from './message-repo.ts';
import { insertTriage, type StoredHit, type Unresolved } from './triage-repo.ts';
import { shownTriage } from './triage-words.ts';

const asHit = (mode: Hit['mode'], { indicator, how }: Match): Hit => ({
  mode,
  indicator: indicator.value,
  type: indicator.type,
  collection: indicator.collection,
  set: indicator.set,
  how,
  state: indicator.state ?? null,
});

/** What both modes say about one value, every indicator listed. */
export const hitsOf = (matcher: Matcher, check: Check, value: string): Hit[] => {
  const { mvt, strict } = matcher.check(check, value);
  // What an examiner would say comes first; the reference corroborates it, or stands alone and is explained.
  return [...strict.map((match) => asHit('strict', match)), ...(mvt === null ? [] : [asHit('mvt', mvt)])];
};

/** A sender is compared as what it looks like: an address, a host, or not at all. */
const senderCheck = (sender: string): Check | null => {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(sender)) return 'check_email';
  return /^[^\s@/]+\.[a-z]{2,}$/iu.test(sender) ? 'check_url' : null;
};

function compare(matcher: Matcher, message: StoredMessage, links: readonly StoredLink[]) {
  const hits: StoredHit[] = [];
  const unresolved: Unresolved = [];
  const look = (
    subject: StoredHit['subject'],
    check: Check,
    value: string,
    linkId: MessageLinkId | null,
  ): void => {
    for (const hit of hitsOf(matcher, check, value)) hits.push({ ...hit, subject, linkId, observed: value });
  };
  for (const link of links) {
    look('link', 'check_url', link.url, link.id);
    if (link.destination !== null) look('destination', 'check_url', link.destination.url, link.id);
    else if (link.shortener !== null) unresolved.push({ linkId: link.id, shortener: link.shortener });
  }
  const check = senderCheck(message.sender);
  if (check !== null) look('sender', check, message.sender, null);
  return { hits, unresolved };
}

/**
 * Compares one message with the sets in use, in both modes, and keeps what came out with the hashes of the sets. A
 * shortened link is named and left unresolved; nothing here can reach a network.
 *
 * @throws AppError `record.notFound`, `examination.noSets`, `evidence.object*`, `parser.*`
 */
export async function triageMessage(
  call: OpenCall & { readonly task: TaskHandle },
  input: HandlerInput<'messages.triage'>,
): Promise<CallOutput<'messages.triage'>> {
  read(call, (db) => needMessage(db, input.id));
  const sets = chosenSets(call, input.sets);
  const matcher = await matcherFor(call, sets, call.task.signal);
  const told = write(call, (tx) => {
    const message = needMessage(tx, input.id);
    const links = linksOf(tx, input.id);
    const { hits, unresolved } = compare(matcher, message, links);
    const id = call.core.newId();
    const used = sets.map(inForce);
    const made = { actor: call.session.actor.name, sets: used, hits, unresolved };
    const now = call.core.ports.clock.now();
    insertTriage(tx, id, input.id, made, now);
    tx.journal({
      table: 'message_triage',
      id,
      payload: { messageId: input.id, sets: used.map(({ sha256 }) => sha256), hits: hits.length },
    });
    tellSurveillance(call, tx, message.caseId);
    return shownTriage({ ...made, at: new Date(now).toISOString() }, links.length, input.language);
  });
  return told;
}
