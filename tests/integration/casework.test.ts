import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActInput } from '#shared/contract/incidents.ts';
import type { CallInput } from '#shared/contract/index.ts';
import { NEW_CASE } from '#shared/model/new-case.ts';
import { writeMention } from '#shared/rules/mentions.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import { Bench } from './harness.ts';

const openingFields = {
  title: 'Radio y agua',
  state: 'active',
  summary: 'Emisora comunitaria que informa sobre la concesión.',
  openedDay: '2025-03-20',
  language: { kind: 'said', words: 'náhuatl de la Montaña' },
  interpreter: 'needed',
  safeChannel: { medium: 'Signal', hours: '20:00-22:00', avoid: 'No llamar a la línea fija.' },
  placeOrigin: 'Piedra Honda',
  placeRefuge: '',
} as const;

describe('casework on a real vault', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await new Bench().create();
  });
  afterAll(async () => {
    await bench.end();
  });

  it('gives cases the next code of their year and refuses a code twice', async () => {
    const first = await bench.call('cases.open', openingFields);
    const second = await bench.call('cases.open', openingFields);
    expect([first.code, second.code]).toEqual(['EXP-2025-001', 'EXP-2025-002']);
    await expect(bench.call('cases.open', { ...openingFields, code: 'EXP-2025-001' })).rejects.toMatchObject({
      code: 'case.codeTaken',
      field: 'code',
    });
  });

  it('begins a case that a script opens as the form begins one', async () => {
    const { id } = await bench.call('cases.open', { title: 'Solo el título', openedDay: '2025-04-01' });
    const opened = await bench.call('cases.get', { id });
    expect(opened).toMatchObject({ ...NEW_CASE, state: 'intake' });
  });

  it('records an emergency with an alias and a few words, and finds it again without accents', async () => {
    const { id } = await bench.call('incidents.record', {
      narrative: 'Hombres armados frente a la cabina, preguntan por la locutora.',
      against: ['Radio, la de la noche'],
      emergency: {
        safe: 'unknown',
        caller: 'la técnica',
        channel: 'Signal',
        noticeAt: '2026-11-22T05:40:00.000Z',
      },
    });
    const incident = await bench.call('incidents.get', { id });
    expect(incident.acts).toHaveLength(1);
    expect(incident.happened).toEqual({ kind: 'unknown' });
    const { hits } = await bench.call('search.everything', { text: 'tecnica CABÍNA' });
    expect(hits.map((hit) => hit.id)).toContain(id);
    expect(hits[0]?.snippet.some((part) => part.hit)).toBe(true);
  });

  it('takes a name of the case for the person who bears it, whatever the accents', async () => {
    const { id: caseId } = await bench.call('cases.open', openingFields);
    const person = await bench.call('persons.record', {
      name: 'Maricela Xóchitl',
      aliases: ['Mari'],
      caseId,
    });
    await bench.call('incidents.record', {
      caseId,
      narrative: 'La siguieron.',
      against: ['MARI', 'maricela xochitl', 'don Beni'],
    });
    const detail = await bench.call('cases.get', { id: caseId });
    expect(detail.persons.map((one) => one.name)).toEqual(['Maricela Xóchitl', 'don Beni']);
    expect(detail.persons[0]?.personId).toBe(person.id);
  });

  it('keeps acts with their ids through a change, and drops the ones taken out', async () => {
    const { id: caseId } = await bench.call('cases.open', openingFields);
    const person = await bench.call('persons.record', { name: 'Lautaro', caseId });
    const act: ActInput = {
      type: 'deathThreat',
      subtype: '',
      personId: person.id,
      personWords: '',
      targetKind: 'person',
      harms: ['psychological'],
      note: '',
      involvements: [
        {
          personId: null,
          words: 'seis hombres armados',
          kind: 'unidentified',
          degree: 'direct',
          certainty: '',
          collusion: false,
        },
      ],
    };
    const { id } = await bench.call('incidents.record', {
      caseId,
      narrative: `${writeMention({ label: 'Lautaro', kind: 'person', id: person.id })} apagó las luces.`,
      happened: { kind: 'instant', at: '2025-06-04T05:31:00.000Z', zone: 'America/Mexico_City' },
      acts: [act, { ...act, type: 'threat', involvements: [] }],
    });
    const before = await bench.call('incidents.get', { id });
    expect(before.personNames[person.id]).toBe('Lautaro');
    const kept = before.acts[0];
    if (kept === undefined) throw new Error('an act was lost');
    await bench.call('incidents.amend', {
      id,
      version: before.version,
      changes: { acts: [{ ...kept, harms: ['physical'] }] },
    });
    const after = await bench.call('incidents.get', { id });
    expect(after.acts).toHaveLength(1);
    expect(after.acts[0]?.id).toBe(kept.id);
    expect(after.acts[0]?.involvements[0]?.id).toBe(kept.involvements[0]?.id);
    await expect(
      bench.call('incidents.amend', { id, version: 1, changes: { title: 'x' } }),
    ).rejects.toMatchObject({
      code: 'record.changedMeanwhile',
    });
  });

  it('takes an impediment for an answer, asks to ratify it, and lets go when ratified', async () => {
    const { id: caseId } = await bench.call('cases.open', openingFields);
    const person = await bench.call('persons.record', { name: 'Benigno', caseId });
    await expect(
      bench.call('consents.record', {
        caseId,
        personId: person.id,
        recipientClass: 'mechanism',
        answer: 'impeded',
      }),
    ).rejects.toMatchObject({ code: 'consent.needsReason' });
    const consent = await bench.call('consents.record', {
      caseId,
      personId: person.id,
      recipientClass: 'mechanism',
      answer: 'impeded',
      toBody: true,
      toState: true,
      impediment: {
        reason: 'detained',
        words: 'detenido e incomunicado',
        since: { kind: 'day', day: '2025-09-14' },
      },
    });
    const due = (await bench.call('today.overview', {})).due.filter((item) => item.id === consent.id);
    expect(due).toMatchObject([{ kind: 'ratifyConsent', title: 'Benigno' }]);
    await bench.call('consents.ratify', {
      id: consent.id,
      version: consent.version,
      day: '2025-09-16',
      toBody: true,
      toState: true,
      toPublic: false,
      form: 'signed',
    });
    expect((await bench.call('today.overview', {})).due.some((item) => item.id === consent.id)).toBe(false);
  });

  it('says of an emergency what it still lacks, until nothing is missing', async () => {
    const { id: caseId } = await bench.call('cases.open', openingFields);
    const { id } = await bench.call('incidents.record', {
      narrative: 'Están en la puerta.',
      emergency: { safe: 'unknown', caller: '', channel: '', noticeAt: '2026-03-01T10:00:00.000Z' },
    });
    const lacks = async (): Promise<unknown> =>
      (await bench.call('today.overview', {})).due.find((item) => item.id === id)?.missing;
    const amend = async (changes: object): Promise<void> => {
      const { version } = await bench.call('incidents.get', { id });
      await bench.call('incidents.amend', { id, version, changes });
    };
    expect(await lacks()).toEqual(['case', 'act']);
    await amend({ caseId });
    expect(await lacks()).toEqual(['act']);
    const { acts } = await bench.call('incidents.get', { id });
    expect(acts).toEqual([]);
    await amend({
      acts: [
        {
          ...{ type: 'threat', subtype: '', personId: null, personWords: '', targetKind: 'person' },
          ...{ harms: [], note: '', involvements: [] },
        },
      ],
    });
    expect(await lacks()).toBeUndefined();
  });

  it('ticks no box for somebody who refused', async () => {
    const { id: caseId } = await bench.call('cases.open', openingFields);
    const person = await bench.call('persons.record', { name: 'Rosario', caseId });
    await bench.call('consents.record', {
      caseId,
      personId: person.id,
      recipientClass: 'all',
      answer: 'refused',
      toBody: true,
      toState: true,
      toPublic: true,
    });
    const { rows } = await bench.call('consents.list', { caseId });
    expect(rows[0]).toMatchObject({ answer: 'refused', toBody: false, toState: false, toPublic: false });
  });

  it('counts a consent as given through its last day, and as expired after it', async () => {
    const { id: caseId } = await bench.call('cases.open', openingFields);
    const person = await bench.call('persons.record', { name: 'Eustolia', caseId });
    const { clock } = bench.ports;
    const today = localDay(clock.now(), clock.zone());
    for (const expiresDay of [
      null,
      today,
      '2999-01-01',
      '2025-03-12',
      localDay(clock.now() - 86_400_000, clock.zone()),
    ])
      await bench.call('consents.record', {
        caseId,
        personId: person.id,
        recipientClass: 'mechanism',
        answer: 'given',
        toBody: true,
        expiresDay,
      });
    const { persons } = await bench.call('cases.get', { id: caseId });
    // The last answer is past its day and nothing came after it; the one before it was answered anew.
    expect(persons[0]?.consents).toEqual({
      ...{ given: 3, expired: 2, unrenewed: 1, impeded: 0, refused: 0, withdrawn: 0 },
    });
  });

  it('counts an expired consent until a newer answer takes its place', async () => {
    const { id: caseId } = await bench.call('cases.open', openingFields);
    const { id: other } = await bench.call('cases.open', openingFields);
    const { id: personId } = await bench.call('persons.record', { name: 'Amparo', caseId });
    const answer = (given: Partial<CallInput<'consents.record'>>) =>
      bench.call('consents.record', {
        ...{ caseId, personId, recipientClass: 'mechanism', answer: 'given', toBody: true },
        ...given,
      });
    const unrenewed = async () =>
      (await bench.call('cases.get', { id: caseId })).persons.map(({ consents }) => consents.unrenewed);
    const over = { expiresDay: '2025-03-12' } as const;
    await answer(over);
    await answer({ recipientClass: 'iachr', ...over });
    expect(await unrenewed()).toEqual([2]);
    // In another case, to another recipient, or to all, she answered something else.
    await answer({ caseId: other });
    await answer({ recipientClass: 'all' });
    expect(await unrenewed()).toEqual([2]);
    await answer({ expiresDay: '2999-01-01' });
    expect(await unrenewed()).toEqual([1]);
    await answer({ recipientClass: 'iachr', answer: 'refused' });
    expect(await unrenewed()).toEqual([0]);
    await answer(over);
    expect(await unrenewed()).toEqual([1]);
    await answer({ recipientClass: 'all', answer: 'refused' });
    expect(await unrenewed()).toEqual([0]);
  });

  it('shows who changed what in a case, without the values', async () => {
    const { id: caseId } = await bench.call('cases.open', openingFields);
    const detail = await bench.call('cases.get', { id: caseId });
    await bench.call('cases.amend', { id: caseId, version: detail.version, changes: { state: 'followUp' } });
    await bench.call('notes.write', { caseId, kind: 'work', body: 'Llamar el lunes.' });
    const history = await bench.call('cases.history', { caseId });
    expect(history.rows.map((row) => row.method)).toEqual(['notes.write', 'cases.amend', 'cases.open']);
    expect(history.rows[1]?.fields).toEqual(['state']);
    expect(history.rows[0]?.actor).toBe('Julia Bermejo Anaya');
  });

  it('pages through incidents in order, each row once', async () => {
    const { id: caseId } = await bench.call('cases.open', openingFields);
    for (let n = 1; n <= 23; n += 1) {
      await bench.call('incidents.record', {
        caseId,
        narrative: `Hecho ${n}`,
        happened: { kind: 'day', day: `2025-01-${String(n).padStart(2, '0')}` },
      });
    }
    const seen: string[] = [];
    for (let offset = 0; offset < 30; offset += 10) {
      const page = await bench.call('incidents.list', { caseId, offset, limit: 10, descending: false });
      expect(page.total).toBe(23);
      seen.push(...page.rows.map((row) => row.title));
    }
    expect(seen).toEqual(Array.from({ length: 23 }, (_, index) => `Hecho ${index + 1}`));
    const week = await bench.call('incidents.list', { caseId, fromDay: '2025-01-05', toDay: '2025-01-07' });
    expect(week.rows.map((row) => row.title)).toEqual(['Hecho 7', 'Hecho 6', 'Hecho 5']);
  });

  it('keeps drafts until the record takes their place', async () => {
    await bench.call('drafts.save', {
      id: 'incident-new',
      form: 'incident',
      title: 'La siguieron',
      payload: '{"a":1}',
    });
    expect((await bench.call('drafts.get', { id: 'incident-new' })).payload).toBe('{"a":1}');
    await bench.call('incidents.record', { narrative: 'La siguieron', draftId: 'incident-new' });
    expect((await bench.call('drafts.list', {})).rows).toEqual([]);
    await expect(bench.call('drafts.get', { id: 'incident-new' })).rejects.toMatchObject({
      code: 'record.notFound',
    });
  });

  it('tells listeners after the commit what changed', async () => {
    bench.events.length = 0;
    const { id } = await bench.call('cases.open', openingFields);
    expect(bench.events).toContainEqual({ name: 'cases.changed', payload: { caseId: id } });
  });

  it('answers nothing when locked, and everything again after unlocking', async () => {
    const before = await bench.call('incidents.list', {});
    await bench.call('vault.lock', {});
    await expect(bench.call('cases.list', {})).rejects.toMatchObject({ code: 'call.locked' });
    await bench.unlock();
    expect((await bench.call('incidents.list', {})).total).toBe(before.total);
  });
});

describe('the gate', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await new Bench().create();
  });
  afterAll(async () => {
    await bench.end();
  });

  it('knows the contract and nothing else', async () => {
    for (const method of ['nothing.here', '__proto__', 'toString', 'constructor']) {
      expect(await bench.core.dispatch({ method, input: {}, surface: 'unlock' })).toEqual({
        ok: false,
        error: { code: 'call.unknownMethod' },
      });
    }
  });

  it('refuses passphrase methods from the main window', async () => {
    const reply = await bench.core.dispatch({
      method: 'vault.rate',
      input: { passphrase: 'x', language: 'es' },
      surface: 'any',
    });
    expect(reply).toEqual({ ok: false, error: { code: 'call.notAllowed' } });
  });

  it('names the field that does not fit, and never its value', async () => {
    const canary = 'valor-que-no-debe-salir';
    const reply = await bench.core.dispatch({ method: 'cases.get', input: { id: canary }, surface: 'any' });
    expect(reply).toEqual({ ok: false, error: { code: 'call.invalidInput', field: 'id' } });
    const extra = await bench.core.dispatch({
      method: 'cases.list',
      input: { [canary]: canary, sort: canary },
      surface: 'any',
    });
    expect(extra).toMatchObject({ ok: false, error: { code: 'call.invalidInput' } });
    expect(JSON.stringify(bench.logged)).not.toContain(canary);
  });
});
