import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { MessageFields } from '#shared/contract/suspicious-messages.ts';
import { AppError } from '#shared/errors.ts';
import { messageIdSchema, type MessageId } from '#shared/model/surveillance-ids.ts';
import { partialDateSortKey } from '#shared/rules/partial-date.ts';
import { defangText, defangUrl } from '#shared/surveillance/defang.ts';
import type { OpenCall } from '../../../context.ts';
import { read, write, type Tx } from '../../../db/index.ts';
import { withoutUndefined } from '../../../without-undefined.ts';
import { needCase } from '../../cases/index.ts';
import { needPerson } from '../../people/index.ts';
import { indexDocument } from '../../search/index.ts';
import { needDevice } from '../devices/device-repo.ts';
import { tellSurveillance } from '../devices/devices.ts';
import { setTies, tiedEvidence, type Tie } from '../evidence-tie-repo.ts';
import { needIncidentRow } from '../incident-row-repo.ts';
import { linkKeys, linksOfMessage, shortenerOf } from './message-keys.ts';
import {
  emptyMessage,
  insertMessage,
  linksOf,
  needLink,
  needMessage,
  pageOfMessages,
  setDestination,
  setLinks,
  updateMessage,
  type StoredMessage,
} from './message-repo.ts';
import { lastTriage } from './triage-words.ts';

const EXCERPT_CHARS = 120;

/** First words of a message, links harmless. */
export const excerptOf = (text: string): string => {
  const plain = defangText(text).replace(/\s+/gu, ' ').trim();
  return plain.length > EXCERPT_CHARS ? `${plain.slice(0, EXCERPT_CHARS)}…` : plain;
};

/** The index holds links harmless: a snippet of a search hit must not be clickable either. */
export function indexMessage(tx: Tx, message: StoredMessage): void {
  indexDocument(tx, {
    kind: 'message',
    ref: message.id,
    caseId: message.caseId,
    title: message.sender === '' ? excerptOf(message.text) : message.sender,
    body: [
      defangText(message.text),
      message.account,
      ...linksOf(tx, message.id).flatMap((link) => [
        defangUrl(link.url),
        link.destination === null ? '' : defangUrl(link.destination.url),
      ]),
      defangText(message.whatHappened),
      message.others,
      message.context,
      defangText(message.note),
    ]
      .filter((part) => part !== '')
      .join('\n'),
    whenKey: partialDateSortKey(message.received),
  });
}

function requireReferences(tx: Tx, fields: MessageFields): void {
  if (fields.caseId !== null) needCase(tx, fields.caseId);
  if (fields.personId !== null) needPerson(tx, fields.personId);
  if (fields.deviceId !== null) needDevice(tx, fields.deviceId);
  if (fields.incidentId !== null) needIncidentRow(tx, fields.incidentId);
}

const withKeys = (links: readonly string[]) =>
  links.map((url) => ({ url, keys: linkKeys(url), shortener: shortenerOf(url) }));

/**
 * Keeps a suspicious message inside a transaction: for the form and for imports of conversations.
 *
 * @throws AppError `record.notFound`
 */
export function addMessage(
  call: OpenCall,
  tx: Tx,
  fields: MessageFields,
  given: { readonly links: readonly string[]; readonly evidence: readonly Tie[] },
): MessageId {
  const id = messageIdSchema.parse(call.core.newId());
  requireReferences(tx, fields);
  const links = linksOfMessage(fields.text, given.links);
  insertMessage(tx, id, fields, links, call.core.ports.clock.now());
  setLinks(tx, id, withKeys(links), () => call.core.newId());
  setTies(call, tx, 'message', id, fields.caseId, given.evidence);
  tx.journal({
    table: 'suspicious_message',
    id,
    payload: { ...fields, links, evidence: given.evidence },
    children: ['message_link', 'forensic_evidence'],
  });
  indexMessage(tx, needMessage(tx, id));
  tellSurveillance(call, tx, fields.caseId);
  return id;
}

/** @throws AppError `record.notFound` */
export function recordMessage(
  call: OpenCall,
  input: HandlerInput<'messages.record'>,
): CallOutput<'messages.record'> {
  const { links, evidence, ...given } = input;
  const fields: MessageFields = { ...emptyMessage(), ...withoutUndefined(given) };
  return { id: write(call, (tx) => addMessage(call, tx, fields, { links, evidence })), version: 1 };
}

const fieldsOf = ({
  id: _id,
  caseCode: _code,
  person: _person,
  version: _version,
  createdAt: _created,
  updatedAt: _updated,
  ...fields
}: StoredMessage): MessageFields => fields;

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function amendMessage(
  call: OpenCall,
  input: HandlerInput<'messages.amend'>,
): CallOutput<'messages.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    const before = needMessage(tx, input.id);
    const next: MessageFields = { ...fieldsOf(before), ...changes };
    requireReferences(tx, next);
    const told = linksOfMessage(before.text, []);
    // Links that were given besides the text stay unless the form sends its own list.
    const besides = linksOf(tx, input.id)
      .map((link) => link.url)
      .filter((url) => !told.includes(url));
    const links = linksOfMessage(next.text, input.links ?? besides);
    if (!updateMessage(tx, input.id, next, links, input.version, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    setLinks(tx, input.id, withKeys(links), () => call.core.newId());
    if (input.evidence !== undefined) setTies(call, tx, 'message', input.id, next.caseId, input.evidence);
    tx.journal({
      table: 'suspicious_message',
      id: input.id,
      payload: withoutUndefined({ ...changes, links, evidence: input.evidence }),
      children: ['message_link', 'forensic_evidence'],
    });
    indexMessage(tx, needMessage(tx, input.id));
    tellSurveillance(call, tx, next.caseId);
    if (before.caseId !== next.caseId) tellSurveillance(call, tx, before.caseId);
  });
  return { version: input.version + 1 };
}

export function listMessages(
  call: OpenCall,
  input: HandlerInput<'messages.list'>,
): CallOutput<'messages.list'> {
  return read(call, (db) => {
    const { total, rows } = pageOfMessages(db, input, input);
    return {
      total,
      rows: rows.map((row) => ({
        id: row.id,
        caseId: row.caseId,
        caseCode: row.caseCode,
        person: row.person,
        channel: row.channel,
        sender: row.sender,
        excerpt: excerptOf(row.text),
        received: row.received,
        clicked: row.clicked,
        links: row.links,
        hits: row.hits,
        updatedAt: row.updatedAt,
      })),
    };
  });
}

/** @throws AppError `record.notFound` */
export function getMessage(call: OpenCall, input: HandlerInput<'messages.get'>): CallOutput<'messages.get'> {
  const found = read(call, (db) => {
    const message = needMessage(db, input.id);
    return {
      ...message,
      textDefanged: defangText(message.text),
      linkList: linksOf(db, input.id).map((link) => ({
        id: link.id,
        defanged: defangUrl(link.url),
        shortener: link.shortener,
        destination:
          link.destination === null
            ? null
            : {
                defanged: defangUrl(link.destination.url),
                how: link.destination.how,
                recordedBy: link.destination.recordedBy,
                recordedAt: link.destination.recordedAt,
              },
      })),
      evidence: tiedEvidence(db, input.id),
      triage: lastTriage(db, input.id, input.language),
    };
  });
  call.session.reads.note(call.method, 'suspicious_message', input.id);
  return found;
}

/**
 * Writes down where a shortened link leads, as somebody found out elsewhere.
 *
 * @throws AppError `record.notFound`
 */
export function recordDestination(
  call: OpenCall,
  input: HandlerInput<'messages.recordDestination'>,
): CallOutput<'messages.recordDestination'> {
  write(call, (tx) => {
    const link = needLink(tx, input.linkId);
    const destination = {
      ...input.destination,
      recordedBy: call.session.actor.name,
      recordedAt: new Date(call.core.ports.clock.now()).toISOString(),
    };
    setDestination(tx, input.linkId, destination);
    tx.journal({ table: 'message_link', id: input.linkId, payload: { destination } });
    const message = needMessage(tx, link.messageId);
    indexMessage(tx, message);
    tellSurveillance(call, tx, message.caseId);
  });
  return {};
}
