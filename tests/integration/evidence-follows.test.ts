import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseId, EvidenceId, IncidentId } from '#shared/model/ids.ts';
import { Bench } from './harness.ts';

/** Files come in during a call, before anybody thinks of a case; later they must be where the incident is. */
describe('evidence and the case of its incident', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await new Bench().create();
  });
  afterAll(async () => {
    await bench.end();
  });

  const openCase = async (title: string): Promise<CaseId> => {
    const { id } = await bench.call('cases.open', {
      title,
      state: 'active',
      summary: '',
      openedDay: '2026-03-01',
      language: { kind: 'notAsked' },
      interpreter: 'notAsked',
      safeChannel: { medium: '', hours: '', avoid: '' },
      placeOrigin: '',
      placeRefuge: '',
    });
    return id;
  };
  const take = async (name: string, caseId: CaseId | null = null): Promise<EvidenceId> => {
    const path = join(bench.folder, name);
    writeFileSync(path, `contenido de ${name}`);
    return (await bench.call('evidence.take', { source: bench.fileTarget(path), caseId })).id;
  };
  const record = async (evidence: EvidenceId[], caseId: CaseId | null = null): Promise<IncidentId> =>
    (await bench.call('incidents.record', { narrative: 'Los siguieron.', evidence, caseId })).id;
  const moveTo = async (id: IncidentId, caseId: CaseId | null): Promise<void> => {
    const { version } = await bench.call('incidents.get', { id });
    await bench.call('incidents.amend', { id, version, changes: { caseId } });
  };
  const caseOf = async (id: EvidenceId): Promise<CaseId | null> =>
    (await bench.call('evidence.get', { id })).caseId;
  const inCase = async (caseId: CaseId): Promise<string[]> =>
    (await bench.call('evidence.list', { caseId })).rows.map((row) => row.id);

  it('joins the case together with the incident, and can be found in it', async () => {
    const caseId = await openCase('Radio y agua');
    const file = await take('nota.txt');
    const incident = await record([file]);
    expect(await caseOf(file)).toBeNull();
    await moveTo(incident, caseId);
    expect(await caseOf(file)).toBe(caseId);
    expect(await inCase(caseId)).toEqual([file]);
    const { hits } = await bench.call('search.everything', { text: 'nota', caseId });
    expect(hits.map((hit) => hit.id)).toContain(file);
  });

  it('joins the case at once where the incident has one', async () => {
    const caseId = await openCase('Huerta');
    const file = await take('foto.txt');
    await record([file], caseId);
    expect(await caseOf(file)).toBe(caseId);
  });

  it('moves on with the incident that was put into the wrong case, and leaves what others need there', async () => {
    const wrong = await openCase('Equivocado');
    const right = await openCase('Correcto');
    const own = await take('propia.txt', wrong);
    const shared = await take('compartida.txt', wrong);
    await record([shared], wrong);
    const incident = await record([own, shared], wrong);
    await moveTo(incident, right);
    expect(await caseOf(own)).toBe(right);
    expect(await caseOf(shared)).toBe(wrong);
  });

  it('stays where it is when the incident is left without a case', async () => {
    const caseId = await openCase('Asamblea');
    const file = await take('acta.txt', caseId);
    const incident = await record([file], caseId);
    await moveTo(incident, null);
    expect(await caseOf(file)).toBe(caseId);
  });

  it('leaves a vault that passes its own check', async () => {
    const report = await bench.call('vault.check', {});
    expect(report.findings).toEqual([]);
  });
});
