import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { Reception, ReceptionFields } from '#shared/contract/devices.ts';
import { AppError } from '#shared/errors.ts';
import { receptionIdSchema } from '#shared/model/surveillance-ids.ts';
import type { OpenCall } from '../../../context.ts';
import { write, type Tx } from '../../../db/index.ts';
import { newFolio } from '../../../folio.ts';
import { withoutUndefined } from '../../../without-undefined.ts';
import { needPerson } from '../../people/index.ts';
import { setTies } from '../evidence-tie-repo.ts';
import { addDeviceCustody, changeDevice, indexDevice, tellSurveillance } from './devices.ts';
import { deviceCustody, needDevice } from './device-repo.ts';
import {
  closeReception,
  insertReception,
  needReception,
  openReception,
  updateReception,
} from './reception-repo.ts';

const emptyReception = (at: string): Omit<ReceptionFields, 'deviceId'> => ({
  handedById: null,
  handedByWords: '',
  relation: '',
  receivedAt: at,
  place: '',
  power: [],
  condition: '',
  accessories: '',
  seal: '',
  prosecutorFile: 'unknown',
  reason: '',
  note: '',
});

/**
 * Receives a device: the reception, the first step of its custody, and the seal where there is one.
 *
 * @throws AppError `record.notFound`, `device.alreadyReceived`, `device.custodyOrder`
 */
export function recordReception(
  call: OpenCall,
  input: HandlerInput<'receptions.record'>,
): CallOutput<'receptions.record'> {
  const { evidence, deviceId, ...given } = input;
  const now = call.core.ports.clock.now();
  const fields: ReceptionFields = {
    ...emptyReception(new Date(now).toISOString()),
    ...withoutUndefined(given),
    deviceId,
  };
  const id = receptionIdSchema.parse(call.core.newId());
  const folio = newFolio(call.core.ports.random);
  const deviceVersion = write(call, (tx) => {
    const device = needDevice(tx, deviceId);
    if (openReception(tx, deviceId) !== null) throw new AppError('device.alreadyReceived');
    if (fields.handedById !== null) needPerson(tx, fields.handedById);
    const last = deviceCustody(tx, deviceId).at(-1);
    if (last !== undefined && fields.receivedAt < last.at)
      throw new AppError('device.custodyOrder', { field: 'receivedAt' });
    const us = call.session.actor.name;
    insertReception(tx, id, fields, { folio, receivedBy: us }, now);
    setTies(call, tx, 'reception', id, device.caseId, evidence);
    tx.journal({
      table: 'reception',
      id,
      payload: { ...fields, folio, evidence },
      children: ['forensic_evidence'],
    });
    addDeviceCustody(call, tx, deviceId, {
      action: 'received',
      at: fields.receivedAt,
      detail: handedBy(tx, fields),
      holder: us,
    });
    if (fields.seal !== '')
      addDeviceCustody(call, tx, deviceId, { action: 'sealed', at: fields.receivedAt, detail: fields.seal });
    changeDevice(call, tx, deviceId, { state: 'keptAsEvidence' });
    tellSurveillance(call, tx, device.caseId);
    return needDevice(tx, deviceId).version;
  });
  return { id, folio, version: 1, deviceVersion };
}

/** Who handed a device over, as custody and receipt name them. */
export const handedBy = (
  tx: Pick<Tx, 'all' | 'get' | 'need'>,
  fields: Pick<Reception, 'handedById' | 'handedByWords' | 'relation'>,
): string => {
  const name = fields.handedById === null ? fields.handedByWords : needPerson(tx, fields.handedById).name;
  return [name, fields.relation].filter((part) => part !== '').join(', ');
};

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function amendReception(
  call: OpenCall,
  input: HandlerInput<'receptions.amend'>,
): CallOutput<'receptions.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    const before = needReception(tx, input.id);
    const next = { ...before, ...changes };
    if (next.handedById !== null) needPerson(tx, next.handedById);
    if (!updateReception(tx, input.id, next, input.version, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    if (input.evidence !== undefined)
      setTies(call, tx, 'reception', input.id, needDevice(tx, before.deviceId).caseId, input.evidence);
    tx.journal({
      table: 'reception',
      id: input.id,
      payload: withoutUndefined({ ...changes, evidence: input.evidence }),
      children: ['forensic_evidence'],
    });
    indexDevice(tx, before.deviceId);
    tellSurveillance(call, tx, needDevice(tx, before.deviceId).caseId);
  });
  return { version: input.version + 1 };
}

/**
 * The return entry: without it a device cannot be written as given back.
 *
 * @throws AppError `record.notFound`, `record.changedMeanwhile`, `device.notReceived`, `device.custodyOrder`
 */
export function returnDevice(
  call: OpenCall,
  input: HandlerInput<'receptions.return'>,
): CallOutput<'receptions.return'> {
  const { id, version, ...returned } = input;
  write(call, (tx) => {
    const before = needReception(tx, id);
    if (before.returned !== null) throw new AppError('device.notReceived');
    const last = deviceCustody(tx, before.deviceId).at(-1);
    if (last !== undefined && returned.returnedAt < last.at)
      throw new AppError('device.custodyOrder', { field: 'returnedAt' });
    const to = returned.toPersonId === null ? returned.toWords : needPerson(tx, returned.toPersonId).name;
    if (!closeReception(tx, id, returned, version, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    tx.journal({ table: 'reception', id, payload: { returned } });
    addDeviceCustody(call, tx, before.deviceId, {
      action: 'returned',
      at: returned.returnedAt,
      detail: [to, returned.relation, returned.condition].filter((part) => part !== '').join(', '),
      holder: to,
    });
    changeDevice(call, tx, before.deviceId, { state: 'returned' });
  });
  return { version: version + 1 };
}
