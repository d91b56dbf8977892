import { call } from '../../api/client.ts';
import type { Made, ReceptionState } from './reception-state.ts';

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * Brings device and reception into the vault as the form has them now. What an earlier try made already is not made
 * a second time but amended, in the version it was made in, where the form changed since. `keep` hears of every step
 * at once and is waited for: after a crash the draft must know what there is.
 *
 * @throws CallError what a step was refused with; the steps before it are kept
 */
export async function receiveSteps(
  state: Pick<ReceptionState, 'device' | 'reception' | 'files' | 'made'>,
  keep: (made: Made) => Promise<void>,
): Promise<Made> {
  let { made } = state;
  const now = async (changes: Made): Promise<void> => {
    made = { ...made, ...changes };
    await keep(made);
  };
  const { device, reception: fields } = state;
  if (made.device === undefined) {
    const { id, version } = await call('devices.record', device);
    await now({ device: { id, version, sent: device } });
  } else if (!same(made.device.sent, device)) {
    const { id } = made.device;
    const { version } = await call('devices.amend', { id, version: made.device.version, changes: device });
    await now({ device: { id, version, sent: device } });
  }
  const deviceId = made.device?.id;
  if (deviceId === undefined) return made;
  const evidence = state.files.map((file) => file.id);
  const ties = evidence.map((evidenceId) => ({ role: 'photo' as const, evidenceId }));
  if (made.reception === undefined) {
    const { id, version, deviceVersion } = await call('receptions.record', {
      ...fields,
      deviceId,
      evidence: ties,
    });
    // The reception changed the state of the device: that is a version of it. Both are kept in one, so that the draft
    // never knows of the reception with a device that stands a version further on.
    await now({
      reception: { id, version, sent: { fields, evidence } },
      device: { id: deviceId, version: deviceVersion, sent: device },
    });
  } else if (!same(made.reception.sent, { fields, evidence })) {
    const { id } = made.reception;
    // When it was received stands in the custody of the device and cannot be changed there.
    const { receivedAt: _at, ...changes } = fields;
    const { version } = await call('receptions.amend', {
      ...{ id, version: made.reception.version, changes },
      evidence: ties,
    });
    await now({ reception: { id, version, sent: { fields, evidence } } });
  }
  return made;
}
