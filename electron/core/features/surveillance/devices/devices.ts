import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { DeviceFields } from '#shared/contract/devices.ts';
import { AppError } from '#shared/errors.ts';
import { deviceIdSchema, type DeviceId } from '#shared/model/surveillance-ids.ts';
import { partialDateSortKey } from '#shared/rules/partial-date.ts';
import { custodyGaps } from '#shared/surveillance/custody-chain.ts';
import type { OpenCall } from '../../../context.ts';
import { read, write, type Tx } from '../../../db/index.ts';
import { withoutUndefined } from '../../../without-undefined.ts';
import { needCase } from '../../cases/index.ts';
import { needPerson } from '../../people/index.ts';
import { indexDocument } from '../../search/index.ts';
import {
  deviceCustody,
  emptyDevice,
  insertDevice,
  insertDeviceCustody,
  needDevice,
  pageOfDevices,
  updateDevice,
} from './device-repo.ts';
import { openReception, receptionsOf } from './reception-repo.ts';

/** Puts a device into the search index, its identifiers included: whoever holds a serial number looks for it. */
export function indexDevice(tx: Tx, id: DeviceId): void {
  const device = needDevice(tx, id);
  indexDocument(tx, {
    kind: 'device',
    ref: id,
    caseId: device.caseId,
    title: [device.make, device.model].filter((part) => part !== '').join(' ') || device.owner,
    body: [
      device.owner,
      device.os,
      device.osVersion,
      device.sharedWith,
      device.note,
      ...device.identifiers.map(({ value }) => value),
      ...receptionsOf(tx, id).flatMap((reception) => [
        reception.handedByWords,
        reception.relation,
        reception.seal,
        reception.folio,
        reception.reason,
        reception.note,
      ]),
    ]
      .filter((part) => part !== '')
      .join('\n'),
    whenKey: partialDateSortKey(device.since),
  });
}

export const tellSurveillance = (call: OpenCall, tx: Tx, caseId: DeviceFields['caseId']): void => {
  tx.afterCommit(() => {
    call.core.emit({ name: 'surveillance.changed', payload: { caseId } });
  });
};

function requireReferences(tx: Tx, fields: DeviceFields): void {
  if (fields.caseId !== null) needCase(tx, fields.caseId);
  if (fields.ownerId !== null) needPerson(tx, fields.ownerId);
}

/** @throws AppError `record.notFound`, `device.returnNeedsEntry` */
export function recordDevice(
  call: OpenCall,
  input: HandlerInput<'devices.record'>,
): CallOutput<'devices.record'> {
  const fields: DeviceFields = { ...emptyDevice(), ...withoutUndefined(input) };
  if (fields.state === 'returned') throw new AppError('device.returnNeedsEntry', { field: 'state' });
  const id = deviceIdSchema.parse(call.core.newId());
  write(call, (tx) => {
    requireReferences(tx, fields);
    insertDevice(tx, id, fields, call.core.ports.clock.now());
    tx.journal({ table: 'device', id, payload: fields });
    indexDevice(tx, id);
    tellSurveillance(call, tx, fields.caseId);
  });
  return { id, version: 1 };
}

const fieldsOf = (device: ReturnType<typeof needDevice>): DeviceFields => ({
  caseId: device.caseId,
  ownerId: device.ownerId,
  ownerWords: device.ownerWords,
  kind: device.kind,
  make: device.make,
  model: device.model,
  os: device.os,
  osVersion: device.osVersion,
  identifiers: device.identifiers,
  since: device.since,
  stillInUse: device.stillInUse,
  sharedWith: device.sharedWith,
  state: device.state,
  note: device.note,
});

/**
 * Changes what is written of a device inside a transaction. Only a return entry may set the state to `returned`, and
 * while a device is with us nobody may write that it is back in use.
 */
export function changeDevice(
  call: OpenCall,
  tx: Tx,
  id: DeviceId,
  changes: Partial<DeviceFields>,
  version?: number,
): void {
  const before = needDevice(tx, id);
  const next: DeviceFields = { ...fieldsOf(before), ...changes };
  requireReferences(tx, next);
  if (!updateDevice(tx, id, next, version ?? before.version, call.core.ports.clock.now()))
    throw new AppError('record.changedMeanwhile');
  tx.journal({ table: 'device', id, payload: changes });
  indexDevice(tx, id);
  tellSurveillance(call, tx, next.caseId);
  if (next.caseId !== before.caseId) tellSurveillance(call, tx, before.caseId);
}

/** @throws AppError `record.notFound`, `record.changedMeanwhile`, `device.returnNeedsEntry` */
export function amendDevice(
  call: OpenCall,
  input: HandlerInput<'devices.amend'>,
): CallOutput<'devices.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    const { state } = needDevice(tx, input.id);
    const wanted = changes.state ?? state;
    const withUs = openReception(tx, input.id) !== null;
    if ((wanted === 'returned' && state !== 'returned') || (withUs && wanted === 'inUse'))
      throw new AppError('device.returnNeedsEntry', { field: 'state' });
    changeDevice(call, tx, input.id, changes, input.version);
  });
  return { version: input.version + 1 };
}

export const listDevices = (
  call: OpenCall,
  input: HandlerInput<'devices.list'>,
): CallOutput<'devices.list'> => read(call, (db) => pageOfDevices(db, input, input));

/** @throws AppError `record.notFound` */
export function getDevice(call: OpenCall, input: HandlerInput<'devices.get'>): CallOutput<'devices.get'> {
  const found = read(call, (db) => {
    const custody = deviceCustody(db, input.id);
    return {
      ...needDevice(db, input.id),
      receptions: receptionsOf(db, input.id),
      custody,
      custodyGaps: custodyGaps(custody),
    };
  });
  call.session.reads.note(call.method, 'device', input.id);
  return found;
}

/** Where a step may not stand: its chain would have a gap that nobody could explain later. */
function requireOrder(tx: Tx, deviceId: DeviceId, action: string, at: string): void {
  const steps = deviceCustody(tx, deviceId);
  const last = steps.at(-1);
  if (last !== undefined && at < last.at) throw new AppError('device.custodyOrder', { field: 'at' });
  const sealed = steps.filter((step) => step.action === 'sealed' || step.action === 'unsealed').at(-1);
  if (action === 'unsealed' && sealed?.action !== 'sealed')
    throw new AppError('device.custodyOrder', { field: 'action' });
}

/**
 * Writes one step of custody between reception and return.
 *
 * @throws AppError `record.notFound`, `device.notReceived`, `device.custodyOrder`
 */
export function recordCustodyStep(
  call: OpenCall,
  input: HandlerInput<'devices.custody'>,
): CallOutput<'devices.custody'> {
  return write(call, (tx) => {
    const { caseId } = needDevice(tx, input.deviceId);
    if (openReception(tx, input.deviceId) === null) throw new AppError('device.notReceived');
    requireOrder(tx, input.deviceId, input.action, input.at);
    const position = addDeviceCustody(call, tx, input.deviceId, {
      action: input.action,
      at: input.at,
      detail: input.detail,
      holder: input.holder,
      evidenceId: input.evidenceId,
    });
    if (input.action === 'destroyed') changeDevice(call, tx, input.deviceId, { state: 'destroyed' });
    tellSurveillance(call, tx, caseId);
    return { position };
  });
}

/** Appends a step with its journal entry. Where no holder is said, it stays with whoever had it. */
export function addDeviceCustody(
  call: OpenCall,
  tx: Tx,
  deviceId: DeviceId,
  entry: {
    readonly action: Parameters<typeof insertDeviceCustody>[3]['action'];
    readonly at: string;
    readonly detail: string;
    readonly holder?: string | undefined;
    readonly evidenceId?: Parameters<typeof insertDeviceCustody>[3]['evidenceId'];
  },
): number {
  const holder = entry.holder ?? deviceCustody(tx, deviceId).at(-1)?.holder ?? call.session.actor.name;
  const complete = { ...entry, holder, evidenceId: entry.evidenceId ?? null, actor: call.session.actor.name };
  const id = call.core.newId();
  const position = insertDeviceCustody(tx, id, deviceId, complete, call.core.ports.clock.now());
  tx.journal({ table: 'device_custody', id, payload: { deviceId, ...complete } });
  return position;
}
