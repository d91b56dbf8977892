import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CaseId } from '#shared/model/ids.ts';
import { Bench, PASSPHRASE } from './harness.ts';
import { addPerson, becomes, passphraseOf, takeOut } from './people.ts';

let bench: Bench;
let luis: string;
let marta: string;

beforeEach(async () => {
  bench = await new Bench().create();
  luis = await addPerson(bench, 'Luis Cano', 'team');
  marta = await addPerson(bench, 'Marta Sol', 'team');
});
afterEach(async () => {
  await bench.end();
});

const codeOf = async (work: () => Promise<unknown>): Promise<string | null> => {
  try {
    await work();
    return null;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  }
};

const openCase = async (title: string, code: string): Promise<CaseId> => {
  const { id } = await bench.call('cases.open', {
    title,
    code,
    state: 'active',
    summary: `Resumen de ${title}`,
    openedDay: '2026-02-01',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });
  return id;
};

/** A case with a person, an incident, a note and evidence, all with one word that a search finds. */
const fillCase = async (title: string, code: string, person: string, word: string) => {
  const caseId = await openCase(`${title} ${word}`, code);
  const { id: personId } = await bench.call('persons.record', { name: person, caseId });
  const { id: incidentId } = await bench.call('incidents.record', {
    caseId,
    title: `Amenaza ${word}`,
    narrative: `La palabra ${word}`,
    acts: [
      {
        type: 'other',
        subtype: '',
        personId,
        personWords: '',
        targetKind: 'person',
        harms: [],
        note: '',
        involvements: [],
      },
    ],
  });
  const { id: noteId } = await bench.call('notes.write', { caseId, kind: 'work', body: `Nota ${word}` });
  const { id: evidenceId } = await bench.call('evidence.takePasted', {
    name: `mensaje ${word}.txt`,
    bytes: Buffer.from(`Mensaje ${word}`),
    caseId,
  });
  return { caseId, personId, incidentId, noteId, evidenceId };
};
type Filled = Awaited<ReturnType<typeof fillCase>>;

/** Everything that a person finds of a case: empty for one who may not see it. */
const traces = async (made: Filled, word: string): Promise<string[]> => {
  const found: string[] = [];
  const look = (where: string, text: string): void => {
    if (text.includes(word) || Object.values(made).some((id) => text.includes(id))) found.push(where);
  };
  const lists = {
    'cases.list': {},
    'persons.list': {},
    'incidents.list': {},
    'evidence.list': {},
    'search.everything': { text: word },
    'today.overview': {},
    'exports.list': {},
  } as const;
  for (const [method, input] of Object.entries(lists)) {
    look(method, JSON.stringify(await bench.call(method as 'cases.list', input as never)));
  }
  look('cases.list text', JSON.stringify(await bench.call('cases.list', { text: word })));
  look('persons.list text', JSON.stringify(await bench.call('persons.list', { text: 'Rosalba' })));
  const byId = [
    ['cases.get', { id: made.caseId }],
    ['cases.history', { caseId: made.caseId }],
    ['persons.get', { id: made.personId }],
    ['incidents.get', { id: made.incidentId }],
    ['notes.list', { caseId: made.caseId }],
    ['evidence.get', { id: made.evidenceId }],
    ['consents.list', { caseId: made.caseId }],
    ['access.ofCase', { caseId: made.caseId }],
  ] as const;
  for (const [method, input] of byId) {
    const reply = await bench.core.dispatch({ method, input, surface: 'any' });
    if (reply.ok) look(method, JSON.stringify(reply.value));
    else if (reply.error.code !== 'record.notFound' && reply.error.code !== 'call.invalidInput') {
      found.push(`${method}: ${reply.error.code}`);
    }
  }
  return found;
};

describe('a case that is not for everybody', () => {
  test('is out of sight of those who are not on its list, in every list, search and by id', async () => {
    const made = await fillCase('Expediente', 'EXP-1', 'Rosalba Quintero', 'zopilote');
    expect((await bench.call('access.ofCase', { caseId: made.caseId })).visibility).toBe('restricted');
    // Positive control: everything of it is found by whoever made it.
    expect((await traces(made, 'zopilote')).length).toBeGreaterThan(10);

    await becomes(bench, passphraseOf('Luis Cano'));
    expect(await traces(made, 'zopilote')).toEqual([]);
    // What he makes himself is his.
    const own = await fillCase('Suyo', 'EXP-2', 'Otra Persona', 'colibri');
    expect((await traces(own, 'colibri')).length).toBeGreaterThan(10);
    expect((await bench.call('cases.list', {})).total).toBe(1);

    await becomes(bench, passphraseOf('Marta Sol'));
    expect(await traces(own, 'colibri')).toEqual([]);
    await becomes(bench, PASSPHRASE);
    // Coordinators are on the list of every new case.
    expect((await bench.call('cases.list', {})).total).toBe(2);
  });

  test('cannot be changed either by who knows its ids', async () => {
    const made = await fillCase('Expediente', 'EXP-1', 'Rosalba Quintero', 'zopilote');
    await becomes(bench, passphraseOf('Luis Cano'));
    const tries: [string, unknown][] = [
      ['cases.amend', { id: made.caseId, version: 1, changes: { title: 'x' } }],
      ['notes.write', { caseId: made.caseId, kind: 'work', body: 'x' }],
      ['notes.amend', { id: made.noteId, version: 1, body: 'x' }],
      ['incidents.amend', { id: made.incidentId, version: 1, changes: { title: 'x' } }],
      ['incidents.record', { caseId: made.caseId, narrative: 'x' }],
      ['persons.amend', { id: made.personId, version: 1, changes: { name: 'x' } }],
      ['persons.record', { name: 'x', caseId: made.caseId }],
      ['evidence.amend', { id: made.evidenceId, version: 1, changes: { title: 'x' } }],
      ['evidence.link', { evidenceId: made.evidenceId, incidentId: made.incidentId }],
      ['cases.addPerson', { caseId: made.caseId, personId: made.personId, roles: ['beneficiary'] }],
      ['cases.removePerson', { caseId: made.caseId, personId: made.personId }],
      ['access.setCase', { caseId: made.caseId, visibility: 'open', people: [luis], responsible: luis }],
    ];
    for (const [method, input] of tries) {
      const reply = await bench.core.dispatch({ method, input, surface: 'any' });
      expect([method, reply.ok ? 'done' : reply.error.code]).toEqual([method, 'record.notFound']);
    }
    await becomes(bench, PASSPHRASE);
    const { ok, findings } = await bench.call('vault.check', {});
    expect([ok, findings]).toEqual([true, []]);
  });

  test('is opened by those who are put on its list, and closed again to those taken off', async () => {
    const made = await fillCase('Expediente', 'EXP-1', 'Rosalba Quintero', 'zopilote');
    const people = (await bench.call('access.ofCase', { caseId: made.caseId })).people.map(
      (one) => one.slotId,
    );
    const responsible = people[0] ?? '';
    const set = (list: string[], visibility: 'open' | 'restricted' | 'sealed' = 'restricted') =>
      bench.call('access.setCase', { caseId: made.caseId, visibility, people: list, responsible });
    expect(await codeOf(() => set([luis]))).toBe('access.responsibleOutside');
    await set([...people, luis]);
    await becomes(bench, passphraseOf('Luis Cano'));
    expect((await traces(made, 'zopilote')).length).toBeGreaterThan(10);
    await becomes(bench, PASSPHRASE);
    await set(people);
    await becomes(bench, passphraseOf('Luis Cano'));
    expect(await traces(made, 'zopilote')).toEqual([]);
    await becomes(bench, PASSPHRASE);
    await set(people, 'open');
    await becomes(bench, passphraseOf('Luis Cano'));
    expect((await traces(made, 'zopilote')).length).toBeGreaterThan(10);
  });

  test('keeps its evidence: housekeeping of a person who does not see it removes nothing', async () => {
    const made = await fillCase('Expediente', 'EXP-1', 'Rosalba Quintero', 'zopilote');
    await becomes(bench, passphraseOf('Luis Cano'));
    const { checked } = await bench.call('vault.check', { objects: 'content' });
    expect(checked.objects).toBe(1);
    await becomes(bench, PASSPHRASE);
    expect((await bench.call('evidence.verify', { id: made.evidenceId })).ok).toBe(true);
  });
});

describe('emergency access', () => {
  test('opens by code or by name for 24 hours with a reason that its people and the coordinators see', async () => {
    const made = await fillCase('Expediente', 'EXP-1', 'Rosalba Quintero', 'zopilote');
    await becomes(bench, passphraseOf('Luis Cano'));
    const reason = 'Llamó de madrugada, no hay nadie más en turno';
    expect(await codeOf(() => bench.call('access.emergency', { code: 'EXP-9', reason }))).toBe(
      'record.notFound',
    );
    expect(await codeOf(() => bench.call('access.emergency', { code: 'EXP-1', reason: 'corto' }))).toBe(
      'call.invalidInput',
    );
    expect((await bench.call('access.nameKnown', { name: 'Nadie Conocida' })).known).toBe(false);
    expect((await bench.call('access.nameKnown', { name: 'rosalba quintero', tell: true })).known).toBe(true);
    const opened = await bench.call('access.emergency', { personName: 'ROSALBA QUINTERO', reason });
    expect(opened.caseIds).toEqual([made.caseId]);
    expect((await traces(made, 'zopilote')).length).toBeGreaterThan(10);
    expect((await bench.call('access.ofCase', { caseId: made.caseId })).visibleUntil).toBe(opened.until);
    // Nobody looks after their own.
    expect((await bench.call('access.notices', {})).rows).toEqual([]);

    await becomes(bench, PASSPHRASE);
    const { rows } = await bench.call('access.notices', {});
    expect(rows.map((row) => [row.kind, row.who, row.caseCode, row.reason]).sort()).toEqual([
      ['emergencyAccess', 'Luis Cano', 'EXP-1', reason],
      ['nameInHiddenCase', 'Luis Cano', 'EXP-1', ''],
    ]);
    for (const row of rows) await bench.call('access.reviewNotice', { id: row.id, note: 'Visto' });
    expect((await bench.call('access.notices', {})).rows).toEqual([]);
    const { emergencies } = await bench.call('access.ofCase', { caseId: made.caseId });
    expect(emergencies.map((one) => [one.name, one.reviewedBy])).toEqual([
      ['Luis Cano', 'Julia Bermejo Anaya'],
    ]);
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
  });

  test('does not open what is sealed, and does not say that it exists', async () => {
    const made = await fillCase('Expediente', 'EXP-1', 'Rosalba Quintero', 'zopilote');
    const { people } = await bench.call('access.ofCase', { caseId: made.caseId });
    const ids = people.map((one) => one.slotId);
    await bench.call('access.setCase', {
      caseId: made.caseId,
      visibility: 'sealed',
      people: ids,
      responsible: ids[0] ?? '',
    });
    await becomes(bench, passphraseOf('Luis Cano'));
    const reason = 'Nadie más en turno esta noche';
    expect(await codeOf(() => bench.call('access.emergency', { code: 'EXP-1', reason }))).toBe(
      'record.notFound',
    );
    expect((await bench.call('access.nameKnown', { name: 'Rosalba Quintero' })).known).toBe(false);
    expect(await traces(made, 'zopilote')).toEqual([]);
  });
});

describe('a record that names no case', () => {
  test('is as hidden as the device or the incident that it is about', async () => {
    await becomes(bench, passphraseOf('Luis Cano'));
    const made = await fillCase('Expediente', 'EXP-1', 'Rosalba Quintero', 'zopilote');
    const device = await bench.call('devices.record', { caseId: made.caseId, kind: 'phone' });
    const message = await bench.call('messages.record', { deviceId: device.id, text: 'aviso zopilote' });
    const notice = await bench.call('notifications.record', {
      incidentId: made.incidentId,
      provider: 'apple',
      text: 'Aviso zopilote',
    });
    const free = await bench.call('messages.record', { text: 'zopilote de nadie' });
    expect((await bench.call('messages.get', { id: message.id })).caseId).toBeNull();
    const found = async (): Promise<string[]> => {
      const texts = [
        JSON.stringify(await bench.call('messages.list', {})),
        JSON.stringify(await bench.call('notifications.list', {})),
        JSON.stringify(await bench.call('search.everything', { text: 'zopilote' })),
        JSON.stringify(await bench.call('messages.similar', { id: free.id })),
      ];
      return [message.id, notice.id].filter((id) => texts.some((text) => text.includes(id)));
    };
    expect(await found()).toEqual([message.id, notice.id]);
    await becomes(bench, passphraseOf('Marta Sol'));
    expect(await found()).toEqual([]);
    expect(await codeOf(() => bench.call('messages.get', { id: message.id }))).toBe('record.notFound');
    expect((await bench.call('messages.get', { id: free.id })).text).toBe('zopilote de nadie');
    expect(
      await codeOf(() =>
        bench.call('messages.amend', { id: message.id, version: 1, changes: { text: 'otra cosa' } }),
      ),
    ).toBe('record.notFound');
  });
});

describe('the rights of somebody who is in hidden cases too', () => {
  test('no consent is withdrawn where one is out of sight; requests and the sheet are not for everybody', async () => {
    const made = await fillCase('Expediente', 'EXP-1', 'Rosalba Quintero', 'zopilote');
    const request = await bench.call('dataRequests.open', {
      personId: made.personId,
      kinds: ['access'],
      receivedOn: '2026-11-02',
      channel: 'Signal',
      identifiedBy: 'mismo canal',
    });
    await becomes(bench, passphraseOf('Luis Cano'));
    expect((await bench.call('dataRequests.list', {})).rows).toEqual([]);
    expect(await codeOf(() => bench.call('dataRequests.get', { id: request.id }))).toBe('record.notFound');

    await becomes(bench, PASSPHRASE);
    const seen = await openCase('Compartido', 'EXP-2');
    await bench.call('cases.addPerson', { caseId: seen, personId: made.personId, roles: ['beneficiary'] });
    const { rows: people } = await bench.call('access.people', {});
    await bench.call('access.setCase', {
      caseId: seen,
      visibility: 'open',
      people: people.map((one) => one.slotId),
      responsible: people[0]?.slotId ?? '',
    });
    for (const caseId of [made.caseId, seen]) {
      await bench.call('consents.record', {
        caseId,
        personId: made.personId,
        recipientClass: 'iachr',
        answer: 'given',
      });
    }
    const withdraw = () =>
      bench.call('erasure.withdraw', { personId: made.personId, day: '2026-11-20', reason: 'lo pidió' });
    await becomes(bench, passphraseOf('Luis Cano'));
    expect((await bench.call('dataRequests.list', {})).rows.map((row) => row.id)).toEqual([request.id]);
    expect(await codeOf(withdraw)).toBe('erasure.consentsOutOfSight');
    expect((await bench.call('consents.list', { caseId: seen })).rows.map((row) => row.answer)).toEqual([
      'given',
    ]);
    expect(await codeOf(() => bench.call('erasure.know', { personId: made.personId, language: 'es' }))).toBe(
      'call.notAllowed',
    );
    await becomes(bench, PASSPHRASE);
    expect(await withdraw()).toEqual({ withdrawn: 2 });
  });
});

describe('drafts', () => {
  test("are their author's: nobody else finds, reads, overwrites or discards them; a new passphrase keeps them", async () => {
    const mine = { id: 'd-luis', form: 'incident', title: 'Lo de Luis', payload: '{"n":1}' };
    await becomes(bench, passphraseOf('Luis Cano'));
    await bench.call('drafts.save', mine);
    await becomes(bench, passphraseOf('Marta Sol'));
    expect((await bench.call('drafts.list', {})).rows).toEqual([]);
    expect((await bench.call('today.overview', {})).drafts).toEqual([]);
    expect(await codeOf(() => bench.call('drafts.get', { id: mine.id }))).toBe('record.notFound');
    expect(await codeOf(() => bench.call('drafts.save', { ...mine, payload: '{"n":2}' }))).toBe(
      'record.notFound',
    );
    await bench.call('drafts.discard', { id: mine.id });
    await bench.call('incidents.record', { narrative: 'Otro', draftId: mine.id });
    await becomes(bench, passphraseOf('Luis Cano'));
    expect((await bench.call('drafts.get', { id: mine.id })).payload).toBe('{"n":1}');
    const NEWER = 'puente ceniza farol naranja siete';
    const { ticket } = await bench.call('slots.prepare', { purpose: 'slots.change' });
    await bench.call('slots.change', {
      ticket,
      own: { passphrase: passphraseOf('Luis Cano') },
      fresh: { passphrase: NEWER },
    });
    expect((await bench.call('drafts.list', {})).rows.map((row) => row.title)).toEqual(['Lo de Luis']);
    await bench.call('drafts.save', { ...mine, payload: '{"n":3}' });
    expect((await bench.call('drafts.get', { id: mine.id })).payload).toBe('{"n":3}');
    await bench.call('drafts.discard', { id: mine.id });
    expect((await bench.call('drafts.list', {})).rows).toEqual([]);
  });
});

describe('a person who leaves', () => {
  test('leaves no case without somebody who answers for it; the record of what they read and let out stays', async () => {
    await becomes(bench, passphraseOf('Luis Cano'));
    const made = await fillCase('Suyo', 'EXP-7', 'Otra Persona', 'colibri');
    await bench.call('cases.get', { id: made.caseId });
    await bench.call('drafts.save', { id: 'd1', form: 'incident', title: 'A medias', payload: '{}' });
    const name = join(bench.folder, 'a-medias.txt');
    writeFileSync(name, 'una foto de la puerta');
    const file = await bench.call('evidence.take', { source: bench.fileTarget(name), draftId: 'd1' });
    await becomes(bench, PASSPHRASE);
    const before = await bench.call('leaving.of', { slotId: luis });
    expect(before).toMatchObject({ name: 'Luis Cano', closedAt: null, cases: [{ code: 'EXP-7' }] });
    expect(before.drafts.map((draft) => draft.title)).toEqual(['A medias']);
    expect(before.counts.cases).toBe(1);

    const done = await takeOut(bench, [luis], { reassignTo: marta });
    expect(done).toMatchObject({ generation: 2, reassigned: 1, oldFileRemoved: true });
    expect(done.removed.map((one) => one.name)).toEqual(['Luis Cano']);
    // The same session goes on.
    expect((await bench.call('cases.get', { id: made.caseId })).code).toBe('EXP-7');
    const { responsible, people } = await bench.call('access.ofCase', { caseId: made.caseId });
    expect(responsible?.name).toBe('Marta Sol');
    expect(people.map((one) => one.name)).not.toContain('Luis Cano');
    const after = await bench.call('leaving.of', { slotId: luis });
    expect(after).toMatchObject({ closedBy: 'Julia Bermejo Anaya', generation: 2, cases: [] });
    expect(after.closedAt).not.toBeNull();
    expect(await bench.call('leaving.reassign', { from: luis, to: marta })).toEqual({ cases: 0, drafts: 1 });
    const { rows } = await bench.call('activity.ofPerson', { slotId: luis, what: 'opened' });
    expect(rows.map((row) => [row.method, row.caseCode])).toContainEqual(['cases.get', 'EXP-7']);
    expect((await bench.call('vault.check', {})).findings).toEqual([]);

    await bench.call('vault.lock', {});
    expect(await codeOf(() => bench.unlock(passphraseOf('Luis Cano')))).toBe('vault.wrongPassphrase');
    await bench.unlock(passphraseOf('Marta Sol'));
    expect((await bench.call('cases.list', {})).rows.map((row) => row.code)).toEqual(['EXP-7']);
    const handed = await bench.call('drafts.get', { id: 'd1' });
    expect(handed.files.map((one) => one.id)).toEqual([file.id]);
  });

  test('nobody takes themselves out, nor with a list that has changed, nor without the passphrase', async () => {
    const { digest, slots } = await bench.call('rotation.review', {});
    const own = slots.find((slot) => slot.own)?.id ?? '';
    const prepare = (payload: unknown) => bench.call('tickets.prepare', { purpose: 'rotation.run', payload });
    expect(
      await codeOf(async () => {
        const { ticket } = await prepare({ remove: [own], confirmed: digest });
        await bench.call('tickets.describe', { ticket });
      }),
    ).toBe('rotation.ownSlot');
    const { ticket } = await prepare({ remove: [luis], confirmed: digest });
    expect(await codeOf(() => bench.call('rotation.run', { ticket }))).toBe('ticket.notProven');
    expect(
      await codeOf(() => bench.call('tickets.prove', { ticket, own: { passphrase: 'otra cosa muy larga' } })),
    ).toBe('vault.wrongPassphrase');
    await addPerson(bench, 'Nueva', 'consultation');
    await bench.call('tickets.prove', { ticket, own: { passphrase: PASSPHRASE } });
    expect(await codeOf(() => bench.call('rotation.run', { ticket }))).toBe('rotation.listChanged');
    expect((await bench.call('rotation.review', {})).generation).toBe(1);
  });
});

describe('reading in bulk', () => {
  test('raises a notice to coordinators from the journal itself; fewer cases raise none', async () => {
    const ids: CaseId[] = [];
    for (let n = 0; n < 24; n += 1) ids.push(await openCase(`Caso ${n}`, `EXP-${n + 100}`));
    for (const caseId of ids) {
      const { people } = await bench.call('access.ofCase', { caseId });
      const listed = people.map((one) => one.slotId);
      await bench.call('access.setCase', {
        caseId,
        visibility: 'restricted',
        people: [...listed, luis, marta],
        responsible: listed[0] ?? '',
      });
    }
    await becomes(bench, passphraseOf('Marta Sol'));
    for (const id of ids.slice(0, 10)) await bench.call('cases.get', { id });
    await becomes(bench, passphraseOf('Luis Cano'));
    for (const id of ids) await bench.call('cases.get', { id });
    await becomes(bench, PASSPHRASE);
    const { rows } = await bench.call('access.notices', {});
    expect(rows.map((row) => [row.kind, row.who, row.cases])).toEqual([['bulkReading', 'Luis Cano', 24]]);
    await bench.call('access.reviewNotice', { id: rows[0]?.id ?? '' });
    expect((await bench.call('access.notices', {})).rows).toEqual([]);
    const { people } = await bench.call('activity.summary', {});
    expect(people.find((one) => one.name === 'Luis Cano')?.counts.cases).toBe(24);
    expect(people.find((one) => one.name === 'Marta Sol')?.counts.cases).toBe(10);
  });
});
