import type { DeviceFields, ReceptionFields } from '#shared/contract/devices.ts';
import type { CaseId } from '#shared/model/ids.ts';
import type { DeviceId, ReceptionId } from '#shared/model/surveillance-ids.ts';
import { fromDraft } from '../../lib/use-draft.ts';
import type { TakenFile } from '../evidence/use-intake.ts';
import { blankBasis, type Basis } from './BasisFields.tsx';
import { blankDevice } from './DeviceFields.tsx';

/** A record that was made, in which version, and with what in it: what is corrected later is written into it. */
interface MadeRecord<Id, Sent> {
  readonly id: Id;
  readonly version: number;
  readonly sent: Sent;
}
export interface Made {
  readonly device?: MadeRecord<DeviceId, DeviceFields>;
  readonly reception?: MadeRecord<
    ReceptionId,
    { readonly fields: ReceptionState['reception']; readonly evidence: readonly TakenFile['id'][] }
  >;
}

/** The form with which a device comes in. */
export interface ReceptionState {
  readonly device: DeviceFields;
  readonly reception: Omit<ReceptionFields, 'deviceId'>;
  readonly basis: Basis;
  /** Photographs that are in the vault already. */
  readonly files: readonly TakenFile[];
  /** What is in the vault already when a later step was refused: trying again makes no second device. */
  readonly made: Made;
}

export const blankReception = (caseId: CaseId | null): ReceptionState => ({
  device: { ...blankDevice(caseId), state: 'keptAsEvidence' },
  reception: {
    handedById: null,
    handedByWords: '',
    relation: '',
    receivedAt: new Date().toISOString(),
    place: '',
    power: [],
    condition: '',
    accessories: '',
    seal: '',
    prosecutorFile: 'unknown',
    reason: '',
    note: '',
  },
  basis: blankBasis(),
  files: [],
  made: {},
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isMade = (value: unknown): boolean =>
  value === undefined ||
  (isObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['version'] === 'number' &&
    isObject(value['sent']));

/**
 * What a draft holds of the form. Null where it says in another shape what is in the vault already: to go on with it
 * would make a second device, or amend one that nobody can name.
 */
export function receptionFrom(payload: string | undefined, blank: ReceptionState): ReceptionState | null {
  const state = fromDraft(payload, blank);
  const made: unknown = state.made;
  return isObject(made) && isMade(made['device']) && isMade(made['reception']) ? state : null;
}
