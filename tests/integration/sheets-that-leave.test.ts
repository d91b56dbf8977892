import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
import { describeWith, run } from '../interop/outside-command.ts';
import { Examiner, type ExaminedDevice } from './examined-device.ts';
import { Bench } from './harness.ts';

const LINK = 'https://recibos-luz.example/7715208s';

let bench: Bench;
let folder: string;

let examiner: Examiner;
let first: ExaminedDevice;

beforeAll(async () => {
  bench = await new Bench().create();
  folder = mkdtempSync(join(tmpdir(), 'sheets-that-leave-'));
  examiner = new Examiner(bench, folder);
  await examiner.addSet('Faro', ['recibos-luz.example']);
  first = await examiner.examined('Radio', 'Maricela Xochimitl Olmedo', 'iPhone 12', `${LINK}\n`);
});
afterAll(async () => {
  await bench.end();
  rmSync(folder, { recursive: true, force: true });
});

describe('whom a timeline that leaves does not name', () => {
  const out = (name: string): string => join(folder, name);
  const leave = (
    name: string,
    more: Partial<CallInput<'timeline.export'>> & Pick<CallInput<'timeline.export'>, 'format'>,
  ) =>
    bench.call('timeline.export', {
      of: { view: 'case', caseId: first.caseId },
      recipient: 'Taller de análisis',
      target: bench.outTarget('targetFile', out(name)),
      ...more,
    });

  test('a device’s sheet withholds whom, what and where the cases of its incidents know, and its own case', async () => {
    // A telephone of nobody in any case; what happened to it is told in a case, whose people are not tied to it.
    const { id: loose } = await bench.call('devices.record', {
      make: 'Fairphone',
      model: 'de Luz Marina Ortega',
      ownerWords: 'Luz Marina Ortega, hermana',
    });
    const other = await examiner.openCase('Presa');
    const { code } = await bench.call('cases.get', { id: other });
    const { id: witness } = await bench.call('persons.record', { name: 'Jacinta Amoles Tepetl' });
    await bench.call('cases.addPerson', { caseId: other, personId: witness, roles: ['witness'] });
    const { id: mentioned } = await bench.call('persons.record', { name: 'Anselmo Huitzil Corona' });
    await bench.call('messages.record', { caseId: other, text: 'x', sender: 'Cobranzas Tlahuac' });
    const { id: incidentId } = await bench.call('incidents.record', {
      caseId: other,
      title: `Jacinta Amoles Tepetl y Anselmo Huitzil en Barranca Ahuehuetla, ${code}, por Cobranzas Tlahuac`,
      happened: { kind: 'day', day: '2026-11-09' },
      narrative: `Lo contó @[Anselmo](person:${mentioned}).`,
      place: {
        stateCode: '',
        municipality: '',
        locality: 'Barranca Ahuehuetla',
        words: '',
        latitude: null,
        longitude: null,
        precisionMeters: null,
      },
    });
    await bench.call('digitalAttacks.record', { incidentId, type: 'deviceSeizure', deviceId: loose });
    for (const format of ['csv', 'svg'] as const) {
      await leave(`suelto.${format}`, { of: { view: 'device', deviceId: loose }, format, titles: true });
      const text = readFileSync(out(`suelto.${format}`), 'utf8');
      expect(text).toContain('[dato reservado]');
      for (const word of ['Jacinta', 'Amoles', 'Anselmo', 'Huitzil', 'Ahuehuetla', 'Tlahuac', code, 'Ortega'])
        expect(text).not.toContain(word);
    }
    expect(readFileSync(out('suelto.svg'), 'utf8')).toContain('Fairphone');
    // Of a device of a case: the people of that case, who never touched it.
    await bench.call('cases.addPerson', { caseId: first.caseId, personId: witness, roles: ['witness'] });
    const { id: own } = await bench.call('incidents.record', {
      caseId: null,
      title: 'Con Jacinta Amoles Tepetl',
      happened: { kind: 'day', day: '2026-11-09' },
      narrative: 'x',
    });
    await bench.call('digitalAttacks.record', {
      incidentId: own,
      type: 'deviceSeizure',
      deviceId: first.deviceId,
    });
    await leave('suyo.csv', {
      of: { view: 'device', deviceId: first.deviceId },
      format: 'csv',
      titles: true,
    });
    expect(readFileSync(out('suyo.csv'), 'utf8')).not.toMatch(/Jacinta|Amoles/);
    // Make and model are words of people as well: without titles they stay.
    await leave('sinTitulos.svg', { of: { view: 'device', deviceId: loose }, format: 'svg' });
    expect(readFileSync(out('sinTitulos.svg'), 'utf8')).not.toContain('Fairphone');
  });

  describeWith(['pdftotext'], 'printed', () => {
    test('the head of a sheet to print holds make and model without whose it is', async () => {
      const { id: deviceId } = await bench.call('devices.record', {
        make: 'Motorola',
        model: 'de Eustaquia Zapote',
        ownerWords: 'Eustaquia Zapote, vecina',
      });
      await bench.call('messages.record', { deviceId, text: 'x', sender: '50089' });
      await leave('cabeza.pdf', { of: { view: 'device', deviceId }, format: 'pdf', titles: true });
      const text = run('pdftotext', [out('cabeza.pdf'), '-']);
      expect(text).toContain('Motorola de [dato reservado]');
      expect(text).not.toMatch(/Eustaquia|Zapote/);
    });
  });

  test('sender, account, what was observed and recipient are no titles', async () => {
    await bench.call('messages.record', {
      caseId: first.caseId,
      text: 'x',
      sender: 'Paqueteria Xolotl',
      account: 'tia.chabela@correo.example',
      received: { kind: 'day', day: '2026-11-15' },
    });
    await bench.call('notifications.record', {
      caseId: first.caseId,
      provider: 'google',
      account: 'sobrina.tepozan@correo.example',
      text: 'x',
      received: { kind: 'day', day: '2026-11-16' },
    });
    await bench.call('incidents.record', {
      caseId: first.caseId,
      title: 'Entraron a sobrina.tepozan@correo.example y escribieron como Paqueteria Xolotl',
      happened: { kind: 'day', day: '2026-11-16' },
      narrative: 'x',
    });
    await leave('sin.csv', { format: 'csv', titles: true });
    const csv = readFileSync(out('sin.csv'), 'utf8');
    expect(csv).toContain('Aviso del proveedor');
    for (const word of ['Xolotl', 'chabela', 'tepozan', 'recibos-luz', '7715208s', '50089'])
      expect(csv).not.toContain(word);
    // On the screen they are read as before.
    const { rows } = await bench.call('timeline.ofCase', { caseId: first.caseId });
    expect(JSON.stringify(rows)).toContain('Paqueteria Xolotl');
  });

  test('very sensitive incidents, restricted evidence and what is of people held back go out in no sheet', async () => {
    const count = async (of: CallInput<'timeline.export'>['of'], name: string) => {
      await leave(name, { of, format: 'svg' });
      const svg = readFileSync(out(name), 'utf8');
      return Number(/datos están retenidos: (\d+)/.exec(svg)?.[1] ?? '0');
    };
    const caseId = await examiner.openCase('Reserva');
    const ofCase = { view: 'case', caseId } as const;
    const { id: personId } = await bench.call('persons.record', { name: 'Petra Nopaltzin Rea' });
    const { id: deviceId } = await bench.call('devices.record', { caseId, ownerId: personId });
    const { id: incidentId } = await bench.call('incidents.record', {
      caseId,
      title: 'Tortura en el penal',
      happened: { kind: 'day', day: '2026-10-02' },
      narrative: 'x',
      verySensitive: true,
    });
    await bench.call('incidents.record', {
      caseId,
      title: 'Allanamiento',
      happened: { kind: 'day', day: '2026-10-03' },
      narrative: 'x',
    });
    await bench.call('digitalAttacks.record', { incidentId, type: 'deviceSeizure', deviceId });
    await bench.call('messages.record', {
      caseId,
      personId,
      text: 'x',
      received: { kind: 'day', day: '2026-10-04' },
    });
    const path = join(folder, 'Peritaje.txt');
    writeFileSync(path, 'peritaje');
    await bench.call('evidence.take', {
      source: bench.fileTarget(path),
      caseId,
      restricted: true,
    });
    expect(await count(ofCase, 'reserva.svg')).toBe(2);
    expect(await count({ view: 'device', deviceId }, 'reserva-aparato.svg')).toBe(1);
    expect(await count({ view: 'patterns', caseId, days: 5 }, 'reserva-cerca.svg')).toBe(1);
    await leave('reserva.csv', { of: ofCase, format: 'csv', titles: true });
    const csv = readFileSync(out('reserva.csv'), 'utf8');
    expect(csv).toContain('Allanamiento');
    expect(csv).toContain('2026-10-04');
    expect(csv).not.toMatch(/Tortura|2026-10-02|Peritaje/);
    // On the screen of whoever works on the case all of it stands.
    const { rows } = await bench.call('timeline.ofCase', { caseId });
    expect(rows.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Tortura en el penal', expect.stringContaining('Peritaje')]),
    );
    await bench.call('erasure.restrict', {
      personId,
      requestId: null,
      reason: 'lo pidió',
      legalBasis: 'Oposición',
    });
    expect(await count(ofCase, 'retenida.svg')).toBe(3);
    await leave('retenida.csv', { of: ofCase, format: 'csv', titles: true });
    expect(readFileSync(out('retenida.csv'), 'utf8')).not.toContain('2026-10-04');
  });
});

describe('indicators that leave on their own', () => {
  test('one in which somebody of the case is named stays, and what is left goes', async () => {
    await examiner.addSet('Nombres', ['cita-zenaidacuautle.example', 'quieta.example']);
    const links = 'https://cita-zenaidacuautle.example/a\nhttps://quieta.example/b\n';
    const { caseId, examinationId } = await examiner.examined('Bosque', 'Otilia Mecalco Ruiz', 'P9', links);
    // Neither owner nor anybody of the device: a relative, whom the address was made for.
    const { id: personId } = await bench.call('persons.record', { name: 'Zenaida Cuautle Popoca' });
    await bench.call('cases.addPerson', { caseId, personId, roles: ['relative'] });
    const path = join(folder, 'fuera.stix2.json');
    const done = await bench.call('surveillance.exportStix', {
      examinationIds: [examinationId],
      includeToReview: true,
      times: 'exact',
      recipient: 'Línea de ayuda',
      target: bench.outTarget('targetFile', path),
    });
    expect(done.indicators).toBe(1);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('quieta.example');
    expect(text).not.toMatch(/zenaida|cuautle/iu);
  });
});
