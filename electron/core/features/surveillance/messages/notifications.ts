import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { NotificationFields } from '#shared/contract/suspicious-messages.ts';
import { AppError } from '#shared/errors.ts';
import { notificationIdSchema, type NotificationId } from '#shared/model/surveillance-ids.ts';
import { partialDateSortKey } from '#shared/rules/partial-date.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import type { OpenCall } from '../../../context.ts';
import { read, write, type Tx } from '../../../db/index.ts';
import { withoutUndefined } from '../../../without-undefined.ts';
import { needCase } from '../../cases/index.ts';
import { needPerson } from '../../people/index.ts';
import { indexDocument } from '../../search/index.ts';
import { needDevice } from '../devices/device-repo.ts';
import { tellSurveillance } from '../devices/devices.ts';
import { setTies } from '../evidence-tie-repo.ts';
import { needIncidentRow } from '../incident-row-repo.ts';
import {
  insertNotification,
  needNotification,
  pageOfNotifications,
  updateNotification,
} from './notification-repo.ts';

const emptyNotification = (): Omit<NotificationFields, 'provider'> => ({
  caseId: null,
  personId: null,
  deviceId: null,
  incidentId: null,
  account: '',
  received: { kind: 'unknown' },
  text: '',
  note: '',
});

function requireReferences(tx: Tx, fields: NotificationFields): void {
  if (fields.caseId !== null) needCase(tx, fields.caseId);
  if (fields.personId !== null) needPerson(tx, fields.personId);
  if (fields.deviceId !== null) needDevice(tx, fields.deviceId);
  if (fields.incidentId !== null) needIncidentRow(tx, fields.incidentId);
}

const afterChange = (call: OpenCall, tx: Tx, id: NotificationId): void => {
  const found = needNotification(tx, id);
  indexDocument(tx, {
    kind: 'notification',
    ref: id,
    caseId: found.caseId,
    title: found.account === '' ? found.provider : found.account,
    body: [defangText(found.text), defangText(found.note)].filter((part) => part !== '').join('\n'),
    whenKey: partialDateSortKey(found.received),
  });
  tellSurveillance(call, tx, found.caseId);
};

/** @throws AppError `record.notFound` */
export function recordNotification(
  call: OpenCall,
  input: HandlerInput<'notifications.record'>,
): CallOutput<'notifications.record'> {
  const { evidence, provider, ...given } = input;
  const fields: NotificationFields = { ...emptyNotification(), ...withoutUndefined(given), provider };
  const id = notificationIdSchema.parse(call.core.newId());
  const now = call.core.ports.clock.now();
  write(call, (tx) => {
    requireReferences(tx, fields);
    insertNotification(tx, id, fields, now);
    setTies(call, tx, 'notification', id, fields.caseId, evidence);
    tx.journal({
      table: 'provider_notification',
      id,
      payload: { ...fields, evidence },
      children: ['forensic_evidence'],
    });
    afterChange(call, tx, id);
  });
  return { id, version: 1 };
}

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function amendNotification(
  call: OpenCall,
  input: HandlerInput<'notifications.amend'>,
): CallOutput<'notifications.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    const before = needNotification(tx, input.id);
    const next = { ...before, ...changes };
    requireReferences(tx, next);
    if (!updateNotification(tx, input.id, next, input.version, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    if (input.evidence !== undefined)
      setTies(call, tx, 'notification', input.id, next.caseId, input.evidence);
    tx.journal({
      table: 'provider_notification',
      id: input.id,
      payload: withoutUndefined({ ...changes, evidence: input.evidence }),
      children: ['forensic_evidence'],
    });
    afterChange(call, tx, input.id);
    if (before.caseId !== next.caseId) tellSurveillance(call, tx, before.caseId);
  });
  return { version: input.version + 1 };
}

export function listNotifications(
  call: OpenCall,
  input: HandlerInput<'notifications.list'>,
): CallOutput<'notifications.list'> {
  return read(call, (db) => pageOfNotifications(db, input));
}
