import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import type { DeviceId, ExaminationId } from '#shared/model/surveillance-ids.ts';
import type { Bench } from './harness.ts';
import { STIX } from './stix-sample.ts';

/** Number of everybody's telephone in these tests. */
export const PHONE = '000 555 01 27';

/** A case with one device that was examined. */
export interface ExaminedDevice {
  readonly caseId: CaseId;
  readonly ownerId: PersonId;
  readonly deviceId: DeviceId;
  readonly examinationId: ExaminationId;
}

/** Cases with examined devices, made through the calls that a screen makes. */
export class Examiner {
  readonly bench: Bench;
  /** Where the files that are taken in are written first. */
  readonly folder: string;

  constructor(bench: Bench, folder: string) {
    this.bench = bench;
    this.folder = folder;
  }

  async openCase(title: string): Promise<CaseId> {
    const { id } = await this.bench.call('cases.open', {
      title,
      state: 'active',
      summary: '',
      openedDay: '2026-01-01',
      language: { kind: 'notAsked' },
      interpreter: 'notAsked',
      safeChannel: { medium: '', hours: '', avoid: '' },
      placeOrigin: '',
      placeRefuge: '',
    });
    return id;
  }

  /** A set of indicators of this name, of these hosts. */
  async addSet(name: string, hosts: readonly string[]): Promise<void> {
    const path = join(this.folder, `${name}.stix2`);
    writeFileSync(path, STIX(hosts, name));
    await this.bench.call('indicatorSets.add', { target: this.bench.fileTarget(path), name });
  }

  /** A new case with one device of a new person, and what was read on it compared with the sets. */
  async examined(title: string, owner: string, model: string, lines: string): Promise<ExaminedDevice> {
    const { bench } = this;
    const caseId = await this.openCase(title);
    const { id: ownerId } = await bench.call('persons.record', {
      name: owner,
      contacts: [{ kind: 'phone', value: PHONE, sensitivity: 'usual', note: '' }],
    });
    await bench.call('cases.addPerson', { caseId, personId: ownerId, roles: ['beneficiary'] });
    return { caseId, ownerId, ...(await this.examinedOf(caseId, ownerId, model, lines)) };
  }

  /** A device of somebody in a case, examined in the same way. */
  async examinedOf(
    caseId: CaseId,
    ownerId: PersonId,
    model: string,
    lines: string,
  ): Promise<Pick<ExaminedDevice, 'deviceId' | 'examinationId'>> {
    const { bench } = this;
    const { id: deviceId } = await bench.call('devices.record', { caseId, ownerId, make: 'Apple', model });
    const path = join(this.folder, `${model}.txt`);
    writeFileSync(path, lines);
    const taken = await bench.call('evidence.take', { source: bench.fileTarget(path), caseId });
    const { id: examinationId } = await bench.call('examinations.record', {
      deviceId,
      basis: 'owner',
      basisPersonId: ownerId,
      method: 'other',
      evidence: [{ role: 'results', evidenceId: taken.id }],
    });
    await bench.call('examinations.match', { id: examinationId });
    return { deviceId, examinationId };
  }
}
