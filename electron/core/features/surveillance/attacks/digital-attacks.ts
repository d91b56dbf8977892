import type { AttackFields, DigitalAttack } from '#shared/contract/digital-attacks.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { attackIdSchema } from '#shared/model/surveillance-ids.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import type { OpenCall } from '../../../context.ts';
import { read, write, type Tx } from '../../../db/index.ts';
import { withoutUndefined } from '../../../without-undefined.ts';
import { indexDocument } from '../../search/index.ts';
import { needDevice } from '../devices/device-repo.ts';
import { tellSurveillance } from '../devices/devices.ts';
import { needIncidentRow } from '../incident-row-repo.ts';
import { attacksOf, insertAttack, needAttack, pageOfAttacks, updateAttack } from './attack-repo.ts';

/** What is told of the attack is found under the attack; the hit leads to its incident. */
function afterChange(call: OpenCall, tx: Tx, attack: DigitalAttack): void {
  const { caseId, title, sortKey } = needIncidentRow(tx, attack.incidentId);
  indexDocument(tx, {
    kind: 'digitalAttack',
    ref: attack.incidentId,
    caseId,
    title,
    body: attacksOf(tx, { incidentId: attack.incidentId })
      .flatMap(({ details, note }) => [...Object.values(details), note])
      .filter((part) => part !== '')
      .map(defangText)
      .join('\n'),
    whenKey: sortKey,
  });
  tellSurveillance(call, tx, caseId);
  tx.afterCommit(() => {
    call.core.emit({ name: 'incidents.changed', payload: { caseId } });
  });
}

/** @throws AppError `record.notFound` */
export function recordAttack(
  call: OpenCall,
  input: HandlerInput<'digitalAttacks.record'>,
): CallOutput<'digitalAttacks.record'> {
  const { incidentId, type, ...given } = input;
  const fields: AttackFields = {
    deviceId: null,
    details: {},
    note: '',
    ...withoutUndefined(given),
    incidentId,
    type,
  };
  const id = attackIdSchema.parse(call.core.newId());
  const now = call.core.ports.clock.now();
  write(call, (tx) => {
    needIncidentRow(tx, incidentId);
    if (fields.deviceId !== null) needDevice(tx, fields.deviceId);
    insertAttack(tx, id, fields, now);
    tx.journal({ table: 'digital_attack', id, payload: fields });
    afterChange(call, tx, needAttack(tx, id));
  });
  return { id, version: 1 };
}

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function amendAttack(
  call: OpenCall,
  input: HandlerInput<'digitalAttacks.amend'>,
): CallOutput<'digitalAttacks.amend'> {
  const changes = withoutUndefined(input.changes);
  write(call, (tx) => {
    const next = { ...needAttack(tx, input.id), ...changes };
    if (next.deviceId !== null) needDevice(tx, next.deviceId);
    if (!updateAttack(tx, input.id, next, input.version, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    tx.journal({ table: 'digital_attack', id: input.id, payload: changes });
    afterChange(call, tx, needAttack(tx, input.id));
  });
  return { version: input.version + 1 };
}

/** Digital attacks of an incident or of a case, oldest first. */
export const listAttacks = (
  call: OpenCall,
  input: HandlerInput<'digitalAttacks.list'>,
): CallOutput<'digitalAttacks.list'> => read(call, (db) => ({ rows: attacksOf(db, input) }));

/** Digital attacks with the incident that tells each, the latest first. */
export const listAttackPage = (
  call: OpenCall,
  input: HandlerInput<'digitalAttacks.page'>,
): CallOutput<'digitalAttacks.page'> => read(call, (db) => pageOfAttacks(db, input));
