import { beforeEach, describe, expect, it } from 'vitest';
import type { EvidenceId } from '#shared/model/ids.ts';
import { blankReception, type Made, type ReceptionState } from './reception-state.ts';
import { receiveSteps } from './receive-steps.ts';

/** Stands in for the engine: what it was asked, one version more for each change, and what it refuses. */
let asked: { method: string; input: Record<string, unknown> }[];
let refused: string | null;
let version: { device: number; reception: number };
/** The draft, as it was last kept, and how many calls had been made by then. */
let kept: { made: Made; calls: number }[];
/** The form ends, as when the vault is locked, once it has kept this many steps. */
let keepsAtMost: number;

const answer = async (method: string, input: Record<string, unknown>): Promise<unknown> => {
  asked.push({ method, input });
  if (method === refused) return { ok: false, error: { code: 'record.changedMeanwhile' } };
  const of = method.startsWith('devices') ? 'device' : 'reception';
  if (method.endsWith('amend') && input.version !== version[of])
    return { ok: false, error: { code: 'record.changedMeanwhile' } };
  version[of] += 1;
  // A reception says of the device that it is kept as evidence.
  const received = method === 'receptions.record';
  if (received) version.device += 1;
  const also = received ? { deviceVersion: version.device } : {};
  return { ok: true, value: { id: `the-${of}`, version: version[of], ...also } };
};
const keep = async (made: Made): Promise<void> => {
  kept.push({ made, calls: asked.length });
  if (kept.length >= keepsAtMost) throw new Error('the form has ended');
};
const methods = (): string[] => asked.map((one) => one.method);
const photo = { id: 'photo-1' as EvidenceId, title: 'foto', mime: 'image/jpeg' };

let begun: ReceptionState;
beforeEach(() => {
  Object.assign(globalThis, { window: { resguardo: { call: answer } } });
  asked = [];
  kept = [];
  refused = null;
  keepsAtMost = Infinity;
  version = { device: 0, reception: 0 };
  begun = blankReception(null);
});

describe('receiving a device in steps', () => {
  it('makes each once, and the draft knows of each before the next is asked for', async () => {
    const made = await receiveSteps(begun, keep);
    expect(methods()).toEqual(['devices.record', 'receptions.record']);
    expect(kept[0]).toMatchObject({ made: { device: { id: 'the-device' } }, calls: 1 });
    expect(kept[1]).toMatchObject({ made: { reception: { id: 'the-reception' } }, calls: 2 });
    expect(await receiveSteps({ ...begun, made }, keep)).toEqual(made);
    expect(methods()).toHaveLength(2);
  });

  it('goes on from whatever it had kept when the form ended', async () => {
    keepsAtMost = 2;
    await expect(receiveSteps(begun, keep)).rejects.toThrow('the form has ended');
    expect(methods().at(-1)).toBe('receptions.record');
    keepsAtMost = Infinity;
    const corrected = {
      ...begun,
      made: JSON.parse(JSON.stringify(kept.at(-1)?.made)) as Made,
      device: { ...begun.device, model: 'Galaxy A54' },
    };
    await receiveSteps(corrected, keep);
    expect(methods()).toEqual(['devices.record', 'receptions.record', 'devices.amend']);
    expect(asked.at(-1)?.input).toMatchObject({ id: 'the-device', version: 2 });
  });

  it('writes what was added or corrected between two tries into what there is', async () => {
    const made = await receiveSteps(begun, keep);
    const again: ReceptionState = {
      ...begun,
      made: JSON.parse(JSON.stringify(made)) as Made,
      device: { ...begun.device, model: 'Galaxy A54' },
      reception: { ...begun.reception, seal: 'S-0417' },
      files: [photo],
    };
    const then = await receiveSteps(again, keep);
    expect(methods().slice(2)).toEqual(['devices.amend', 'receptions.amend']);
    expect(asked[2]?.input).toMatchObject({ id: 'the-device', version: 2, changes: { model: 'Galaxy A54' } });
    expect(asked[3]?.input).toMatchObject({
      id: 'the-reception',
      version: 1,
      changes: { seal: 'S-0417' },
      evidence: [{ role: 'photo', evidenceId: 'photo-1' }],
    });
    expect(asked[3]?.input.changes).not.toHaveProperty('receivedAt');
    // A third try with one more word goes against the versions that the second made.
    await receiveSteps({ ...again, made: then, files: [] }, keep);
    expect(asked.at(-1)).toMatchObject({ method: 'receptions.amend', input: { version: 2, evidence: [] } });
  });

  it('makes no second device after the reception was refused, and overwrites nobody', async () => {
    refused = 'receptions.record';
    await expect(receiveSteps(begun, keep)).rejects.toMatchObject({ code: 'record.changedMeanwhile' });
    const made = kept.at(-1)?.made ?? {};
    refused = null;
    await receiveSteps({ ...begun, made }, keep);
    expect(methods().filter((method) => method === 'devices.record')).toHaveLength(1);
    version.device += 1;
    const changed = { ...begun, made: kept.at(-1)?.made ?? {}, device: { ...begun.device, make: 'Samsung' } };
    await expect(receiveSteps(changed, keep)).rejects.toMatchObject({ code: 'record.changedMeanwhile' });
  });
});
