import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseId, EvidenceId, IncidentId } from '#shared/model/ids.ts';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { Bench, PASSPHRASE } from './harness.ts';
import { addPerson, becomes, passphraseOf } from './people.ts';

/** Files come in during a call, before anybody thinks of a case; later they must be where the incident is. */
describe('evidence and the case of its incident', () => {
  let bench: Bench;
  const clock = createNodeClock();
  let aheadMs = 0;
  beforeAll(async () => {
    bench = await new Bench({ ports: { clock: { ...clock, now: () => clock.now() + aheadMs } } }).create();
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

  const takeFor = async (
    name: string,
    draftId: string,
    caseId: CaseId | null = null,
  ): Promise<EvidenceId> => {
    const path = join(bench.folder, name);
    writeFileSync(path, `contenido de ${name}`);
    return (await bench.call('evidence.take', { source: bench.fileTarget(path), draftId, caseId })).id;
  };
  const saveForm = async (draftId: string, caseId: CaseId | null = null): Promise<IncidentId> =>
    (await bench.call('incidents.record', { narrative: 'Están en la puerta.', draftId, caseId })).id;
  const filesOf = async (id: IncidentId): Promise<EvidenceId[]> =>
    (await bench.call('incidents.get', { id })).evidence.map((item) => item.id);

  it('is tied to the incident of its form, whether it was sealed before the form was saved or after', async () => {
    const caseId = await openCase('Llamada');
    const draftId = 'form-of-a-call';
    const before = await takeFor('antes.txt', draftId);
    // What the window had not heard of when it saved: it names no file at all.
    const incident = await saveForm(draftId, caseId);
    const after = await takeFor('despues.txt', draftId);
    expect((await filesOf(incident)).sort()).toEqual([before, after].sort());
    expect((await inCase(caseId)).sort()).toEqual([before, after].sort());
  });

  it('stays apart from incidents of other forms', async () => {
    const other = await takeFor('otra.txt', 'form-of-another-call');
    const incident = await saveForm('form-of-a-third-call');
    await takeFor('otra-mas.txt', 'form-of-another-call');
    expect(await filesOf(incident)).toEqual([]);
    expect(await caseOf(other)).toBeNull();
  });

  it('goes to the case that the form was corrected to, sealed before it was saved or after; nobody else sees it there', async () => {
    const open = await openCase('Abierto');
    const closed = await openCase('Reservado');
    const access = await bench.call('access.ofCase', { caseId: closed });
    await addPerson(bench, 'Luis Cano', 'team');
    await bench.call('access.setCase', {
      caseId: closed,
      visibility: 'restricted',
      people: access.people.map((one) => one.slotId),
      responsible: access.people[0]?.slotId ?? '',
    });
    const draftId = 'form-that-was-corrected';
    const before = await takeFor('antes-de-corregir.txt', draftId, open);
    const incident = await saveForm(draftId, closed);
    // It was on its way when the form still said the other case.
    const after = await takeFor('despues-de-corregir.txt', draftId, open);
    expect((await filesOf(incident)).sort()).toEqual([before, after].sort());
    expect((await inCase(closed)).sort()).toEqual([before, after].sort());
    expect(await inCase(open)).toEqual([]);
    // What happened to the file since it came in is told without a gap: nobody but us had it.
    const { custody } = await bench.call('evidence.get', { id: before });
    expect(custody.map((entry) => entry.action)).toEqual(['received']);
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
    await becomes(bench, passphraseOf('Luis Cano'));
    expect(await inCase(open)).toEqual([]);
    const seen = (await bench.call('evidence.list', {})).rows.map((row) => row.id);
    expect(seen).not.toContain(before);
    expect(seen).not.toContain(after);
    const { hits } = await bench.call('search.everything', { text: 'corregir' });
    expect(hits).toEqual([]);
    await becomes(bench, PASSPHRASE);
  });

  it('stays in the case that it came in with where a record rests on it or somebody moved it', async () => {
    const first = await openCase('Primero');
    const third = await openCase('Tercero');
    const right = await openCase('El que era');
    const draftId = 'form-with-shared-files';
    const [needed, moved, own] = [
      await takeFor('necesaria.txt', draftId, first),
      await takeFor('movida.txt', draftId, first),
      await takeFor('suya.txt', draftId, first),
    ];
    const other = await record([needed], first);
    const { version } = await bench.call('evidence.get', { id: moved });
    await bench.call('evidence.amend', { id: moved, version, changes: { caseId: third } });
    const incident = await saveForm(draftId, right);
    expect((await filesOf(incident)).sort()).toEqual([needed, moved, own].sort());
    expect(await filesOf(other)).toEqual([needed]);
    expect([await caseOf(needed), await caseOf(moved), await caseOf(own)]).toEqual([first, third, right]);
  });

  it('stays in its case when the form is saved without one', async () => {
    const caseId = await openCase('Sin decidir');
    const file = await takeFor('sin-decidir.txt', 'form-without-a-case', caseId);
    await saveForm('form-without-a-case');
    expect(await caseOf(file)).toBe(caseId);
  });

  it('is tied to the incident of a draft that was left while it was sealed, also after a lock', async () => {
    const caseId = await openCase('Dejado a medias');
    const draftId = 'form-that-was-left';
    const draft = { id: draftId, form: 'incident', title: 'A medias', payload: '{"evidence":[]}' };
    await bench.call('drafts.save', draft);
    const file = await takeFor('grabacion.txt', draftId);
    await becomes(bench, PASSPHRASE);
    // The form that is opened again with it shows what finished after it was left.
    expect((await bench.call('drafts.get', { id: draftId })).files).toEqual([
      { id: file, title: 'grabacion.txt', mime: 'text/plain' },
    ]);
    const incident = await saveForm(draftId, caseId);
    expect(await filesOf(incident)).toEqual([file]);
    expect(await caseOf(file)).toBe(caseId);
  });

  it('of a discarded draft stays in the evidence, and comes back with the draft when that is taken back', async () => {
    const draft = { id: 'form-thrown-away', form: 'incident', title: 'Nada', payload: '{}' };
    await bench.call('drafts.save', draft);
    const file = await takeFor('suelta.txt', draft.id);
    await bench.call('drafts.discard', { id: draft.id });
    expect(await caseOf(file)).toBeNull();
    await bench.call('drafts.save', draft);
    expect((await bench.call('drafts.get', { id: draft.id })).files.map((one) => one.id)).toEqual([file]);
    await bench.call('drafts.discard', { id: draft.id });
    // Nobody takes that back days later: what is done after an unlock drops the note, and the item stays.
    aheadMs += 2 * 24 * 60 * 60 * 1000;
    await becomes(bench, PASSPHRASE);
    const filesNow = async (): Promise<unknown> => {
      await bench.call('drafts.save', draft);
      const { files } = await bench.call('drafts.get', { id: draft.id });
      await bench.call('drafts.discard', { id: draft.id });
      return files;
    };
    await setTimeout(500);
    await expect.poll(filesNow, { interval: 500, timeout: 10_000 }).toEqual([]);
    expect(await caseOf(file)).toBeNull();
  });

  it("of somebody else's form is not tied by naming that form", async () => {
    const file = await takeFor('ajena.txt', 'form-of-julia');
    await becomes(bench, passphraseOf('Luis Cano'));
    const incident = await saveForm('form-of-julia');
    expect(await filesOf(incident)).toEqual([]);
    await becomes(bench, PASSPHRASE);
    expect(await filesOf(await saveForm('form-of-julia'))).toEqual([file]);
  });

  it('tells the page of the case that it is in when it has been looked into', async () => {
    const said = await openCase('El que se dijo');
    const real = await openCase('El de verdad');
    const draftId = 'form-of-another-case';
    await saveForm(draftId, real);
    bench.events.length = 0;
    await takeFor('mirada.txt', draftId, said);
    const told = bench.events.flatMap((event) => (event.name === 'evidence.changed' ? [event.payload] : []));
    expect(told.at(-1)).toEqual({ caseId: real });
    expect(told).not.toContainEqual({ caseId: said });
  });

  it('goes to the case of the message, warning, device or examination that its form became', async () => {
    const said = await openCase('El que decía el formulario');
    const real = await openCase('El corregido');
    const elsewhere = await takeFor('de-otro-registro.txt', 'form-of-a-message', said);
    await record([elsewhere], said);
    const tie = async (name: string, draftId: string, from: CaseId | null = said) => ({
      role: 'screenshot' as const,
      evidenceId: await takeFor(name, draftId, from),
    });
    const shot = await tie('captura.txt', 'form-of-a-message');
    const loose = await tie('sin-expediente.txt', 'form-of-a-message', null);
    const { id: message } = await bench.call('messages.record', {
      text: 'Tu paquete no se pudo entregar',
      caseId: real,
      evidence: [shot, loose, { role: 'screenshot', evidenceId: elsewhere }],
    });
    const warning = await tie('aviso.txt', 'form-of-a-warning');
    await bench.call('notifications.record', { provider: 'apple', caseId: real, evidence: [warning] });
    const { id: deviceId } = await bench.call('devices.record', { kind: 'phone', caseId: real });
    const photo = await tie('foto-del-equipo.txt', 'form-of-a-reception');
    await bench.call('receptions.record', { deviceId, evidence: [{ ...photo, role: 'photo' }] });
    const copy = await tie('copia.txt', 'form-of-an-examination');
    await bench.call('examinations.record', {
      deviceId,
      basis: 'pending',
      evidence: [{ ...copy, role: 'acquisition' }],
    });
    for (const { evidenceId } of [shot, loose, warning, photo, copy])
      expect(await caseOf(evidenceId)).toBe(real);
    expect(await caseOf(elsewhere)).toBe(said);
    // What is added to a record later goes along too; an item that somebody else's record needs was not moved again.
    const later = await tie('otra-captura.txt', 'form-of-a-correction');
    const { version, evidence } = await bench.call('messages.get', { id: message });
    const ties = evidence.map(({ role, evidenceId }) => ({ role, evidenceId }));
    await bench.call('messages.amend', { id: message, version, changes: {}, evidence: [...ties, later] });
    expect(await caseOf(later.evidenceId)).toBe(real);
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
  });
});
