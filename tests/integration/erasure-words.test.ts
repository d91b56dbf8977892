import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseId, EvidenceId, PersonId } from '#shared/model/ids.ts';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { allPages, databaseKey } from '../support/raw-pages.ts';
import { everyCell, openDirectly } from '../support/stored-text.ts';
import { code } from './export-case.ts';
import { Bench } from './harness.ts';
import { addPerson, becomes, passphraseOf } from './people.ts';
import { STIX } from './stix-sample.ts';

/** Words about her in which her name does not occur: no search for the name finds them. */
const ABOUT_HER = [
  'la señora de la tortillería',
  'cuñada del comisariado',
  'lo vio desde su ventana azul',
  'la trajo su comadre güera',
  '350000000000088',
  'prima del dueño anterior',
  'la entregó detrás del mercado',
  'funda con calcomanía de jaguar',
  'autoriza por su hijo enfermo',
  'cuenta-tejocote@correo.example',
  'aviso dirigido a la cuenta tejocote',
  'contó que lloraba en la cocina',
  'tejocote.faro-negro.example',
  'a su hermana la menor',
] as const;
const OTHERS = 'el vecino de enfrente';
const why = { reason: 'lo pidió la titular', legalBasis: 'LFPDPPP, cancelación' };

let bench: Bench;
let person: PersonId;
let caseId: CaseId;
let results: EvidenceId;
let kept: EvidenceId;
let examination: ExaminationId;

const take = async (name: string, text: string, more: object = {}): Promise<EvidenceId> => {
  const path = join(bench.folder, name);
  writeFileSync(path, text);
  return (await bench.call('evidence.take', { source: bench.fileTarget(path), caseId, ...more })).id;
};

const act = (personId: PersonId | null, personWords: string) => ({
  type: 'other' as const,
  subtype: '',
  personId,
  personWords,
  targetKind: 'person' as const,
  harms: [],
  note: '',
  involvements: [],
});

beforeAll(async () => {
  bench = await new Bench().create();
  const opened = await bench.call('cases.open', {
    title: 'Expediente del mercado',
    state: 'active',
    summary: '',
    openedDay: '2026-10-01',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });
  caseId = opened.id;
  person = (
    await bench.call('persons.record', {
      name: 'Obdulia Tzintzun Paredes',
      aliases: ['Doña Obdu'],
      contacts: [{ kind: 'phone', value: '000 555 88 11', sensitivity: 'usual' }],
      caseId,
    })
  ).id;
  // First only words; her record was joined to the act later. The words stay in the journal with the incident.
  const { id: incidentId } = await bench.call('incidents.record', {
    caseId,
    narrative: 'Rompieron los vidrios del local.',
    acts: [act(null, 'la señora de la tortillería')],
  });
  await bench.call('incidents.amend', {
    id: incidentId,
    version: 1,
    changes: {
      acts: [act(person, 'cuñada del comisariado'), act(null, OTHERS)],
      sources: [
        { personId: person, words: 'lo vio desde su ventana azul', knowledge: 'sawIt', corroboratedBy: 0 },
      ],
    },
  });
  kept = await take('recibo.txt', 'Recibo del local.', {
    fromPersonId: person,
    fromWords: 'la trajo su comadre güera',
  });
  results = await take('resultado.txt', 'https://tejocote.faro-negro.example/x\n', { fromPersonId: person });
  const { id: deviceId } = await bench.call('devices.record', {
    caseId,
    ownerId: person,
    kind: 'phone',
    make: 'Lumina',
    model: 'L7',
    identifiers: [{ kind: 'imei', value: '350000000000088' }],
  });
  const reception = await bench.call('receptions.record', {
    deviceId,
    relation: 'prima del dueño anterior',
    place: 'la entregó detrás del mercado',
    accessories: 'funda con calcomanía de jaguar',
    receivedAt: '2026-10-02T17:05:00.000Z',
  });
  await bench.call('receptions.return', {
    id: reception.id,
    version: 1,
    returnedAt: '2026-10-09T17:05:00.000Z',
    toPersonId: null,
    toWords: 'a su hermana la menor',
    relation: 'hermana',
    condition: '',
    sealIntact: 'notSealed',
  });
  await bench.call('notifications.record', {
    caseId,
    personId: person,
    provider: 'apple',
    account: 'cuenta-tejocote@correo.example',
    text: 'aviso dirigido a la cuenta tejocote',
  });
  await bench.call('messages.record', {
    caseId,
    personId: person,
    text: 'Mira esto',
    whatHappened: 'contó que lloraba en la cocina',
  });
  const set = join(bench.folder, 'faro.stix2');
  writeFileSync(set, STIX(['faro-negro.example']));
  const { id: setId } = await bench.call('indicatorSets.add', {
    target: bench.fileTarget(set),
    day: '2026-09-01',
  });
  examination = (
    await bench.call('examinations.record', {
      deviceId,
      basis: 'owner',
      basisPersonId: person,
      basisWords: 'autoriza por su hijo enfermo',
      evidence: [{ role: 'results', evidenceId: results }],
      sets: [setId],
    })
  ).id;
  await bench.call('examinations.match', { id: examination });
}, 120_000);
afterAll(async () => {
  await bench.end();
});

const consented = {
  recipientClass: 'mechanism',
  answer: 'given',
} as const;

/** Bytes of a cell are given as Latin-1; what they say in UTF-8 counts as well. */
const inAnyForm = (text: string): string[] => [
  ...new Set([...holding(text), ...holding(Buffer.from(text, 'latin1').toString('utf8'))]),
];

const holding = (text: string): string[] => ABOUT_HER.filter((words) => text.includes(words));

test('somebody held back has no name among what people did, nor in the consents of a case', async () => {
  await bench.call('consents.record', { caseId, personId: person, ...consented });
  const slot = await addPerson(bench, 'Luis Cano', 'team');
  await becomes(bench, passphraseOf('Luis Cano'));
  await bench.call('cases.get', { id: caseId }).catch(() => undefined);
  await becomes(bench, 'faro niebla cobre tejado luna');
  await bench.call('persons.get', { id: person });
  const { slotId } = (await bench.call('access.people', {})).rows.find((row) => row.own) ?? { slotId: slot };
  const named = async (): Promise<[boolean, number]> => [
    JSON.stringify(await bench.call('activity.ofPerson', { slotId })).includes('Obdulia'),
    (await bench.call('consents.list', { caseId })).rows.filter((row) => row.personId === person).length,
  ];
  expect(await named()).toEqual([true, 1]);
  await bench.call('erasure.block', { personId: person, requestId: null, ...why });
  expect(await named()).toEqual([false, 0]);
  expect((await bench.call('consents.list', { caseId, personId: person })).rows).toEqual([]);
  await bench.call('erasure.release', { personId: person, reason: 'prueba' });
  expect(await named()).toEqual([true, 1]);
});

test('who may only release exports, or only see everything, writes no letters about anybody', async () => {
  const letters = (): Promise<unknown> =>
    bench.call('erasure.letters', {
      personId: person,
      requestId: null,
      target: bench.outTarget('targetFolder', join(bench.folder, 'cartas')),
      language: 'es',
      format: 'docx',
      letters: ['answer', 'recipients'],
    });
  const add = async (name: string, powers: ('read' | 'release' | 'keys')[]): Promise<void> => {
    const { ticket } = await bench.call('slots.prepare', { purpose: 'slots.add', name, powers });
    await bench.call('slots.add', {
      ticket,
      own: { passphrase: 'faro niebla cobre tejado luna' },
      fresh: { passphrase: passphraseOf(name) },
    });
  };
  await add('Quien libera', ['read', 'release']);
  await add('Quien administra', ['read', 'keys']);
  for (const name of ['Quien libera', 'Quien administra']) {
    await becomes(bench, passphraseOf(name));
    expect([name, await code(letters())]).toEqual([name, 'call.notAllowed']);
  }
  await becomes(bench, 'faro niebla cobre tejado luna');
  expect(await code(letters())).toBe('done');
});

test('erased: words about her go from every record, index, page and payload, also from those of other records', async () => {
  await bench.call('erasure.block', { personId: person, requestId: null, ...why });
  const preview = await bench.call('erasure.preview', { personId: person });
  const before = await bench.call('findings.list', { examinationId: examination });
  expect(before.rows.length).toBeGreaterThan(0);
  await bench.call('vault.lock', {});
  const key = await databaseKey(bench.ports, bench.vaultFolder);
  // The control: the same look finds each of them before.
  expect(holding(allPages(bench.vaultFolder, key).toString('utf8'))).toEqual([...ABOUT_HER]);
  await bench.unlock();
  const erase = (more: object = {}) =>
    bench.call('erasure.erase', {
      personId: person,
      requestId: null,
      ...why,
      evidence: preview.evidence.map(({ id }) => ({
        evidenceId: id,
        action: id === results ? ('delete' as const) : ('keep' as const),
      })),
      keepMentions: [],
      replaceMentions: preview.mentions.filter((one) => !one.certain).map((one) => one.id),
      copies: 'erase',
      language: 'es',
      typed: 'suprimir',
      ...more,
    });
  for (const named of [
    { reason: 'lo pidió Obdulia Tzintzun Paredes' },
    { reason: 'doña OBDU lo pidió' },
    { reason: 'lo pidió la señora Tzintzun' },
    { reason: 'llamó del 000-555-8811' },
    { legalBasis: 'oficio sobre Obdulia Tzintzun Paredes' },
  ])
    expect([named, await code(erase(named))]).toEqual([named, 'erasure.reasonNames']);
  const done = await erase();
  expect(done.payloads).toBeGreaterThanOrEqual(preview.journalEntries);

  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const cells = everyCell(vault);
  const left = cells.filter(({ text }) => inAnyForm(text).length > 0);
  expect(left.map(({ table, text }) => [table, inAnyForm(text)])).toEqual([]);
  // Somebody else's words beside hers stay in the record.
  expect(cells.filter(({ table, text }) => table === 'act' && text === OTHERS)).toHaveLength(1);
  await vault.close();
  expect(holding(allPages(bench.vaultFolder, key).toString('utf8'))).toEqual([]);
  await bench.unlock();

  // That there were findings stays, with their module and level; what they said of her device does not.
  const after = await bench.call('findings.list', { examinationId: examination });
  expect(after.rows.map(({ id, module, level }) => [id, module, level])).toEqual(
    before.rows.map(({ id, module, level }) => [id, module, level]),
  );
  expect(after.rows.map(({ observed, hits }) => [observed, hits])).toEqual(before.rows.map(() => ['', []]));
  for (const words of ['tortillería', 'tejocote', 'calcomanía', '350000000000088'])
    expect((await bench.call('search.everything', { text: words })).hits).toEqual([]);
  expect((await bench.call('evidence.get', { id: kept })).text).toBe('Recibo del local.');
  expect((await bench.call('vault.check', {})).findings).toEqual([]);
});
