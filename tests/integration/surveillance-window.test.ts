import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
import { Examiner, PHONE, type ExaminedDevice } from './examined-device.ts';
import { Bench, PASSPHRASE } from './harness.ts';
import { addPerson, becomes, passphraseOf } from './people.ts';
import { codeOf } from './stix-sample.ts';

const OWNER = 'Maricela Xochimitl Olmedo';
const HOST = 'recibos-luz.example';
const LINK = `https://${HOST}/7715208s`;

let bench: Bench;
let folder: string;

let examiner: Examiner;
let first: ExaminedDevice;
let second: ExaminedDevice;

beforeAll(async () => {
  bench = await new Bench().create();
  folder = mkdtempSync(join(tmpdir(), 'surveillance-window-'));
  examiner = new Examiner(bench, folder);
  await examiner.addSet('Faro', [HOST]);
  await examiner.addSet('Otra', ['otra-lista.example']);
  first = await examiner.examined('Radio', OWNER, 'iPhone 12', `${LINK}\nhttps://otra-lista.example/a\n`);
  second = await examiner.examined('Mina', 'Tadeo Villaseñor Prado', 'iPhone 15', `${LINK}\n`);
});
afterAll(async () => {
  await bench.end();
  rmSync(folder, { recursive: true, force: true });
});

/** A telephone's screen as a person photographs it: hour above, sender, day, bubble, field to write in. */
const screen = async (
  texts: readonly (readonly [number, number, string, number?])[],
  options: { dark?: boolean; width?: number; height?: number } = {},
): Promise<Buffer> => {
  const { width = 1080, height = 1500, dark = false } = options;
  const [paper, ink] = dark ? ['#101418', '#f2f2f2'] : ['#ffffff', '#111111'];
  const body = texts
    .map(
      ([x, y, words, size = 42]) =>
        `<text x="${String(x)}" y="${String(y)}" font-size="${String(size)}" font-family="DejaVu Sans, sans-serif" fill="${ink}">${words.replaceAll('&', '&amp;')}</text>`,
    )
    .join('');
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}"><rect width="100%" height="100%" fill="${paper}"/>${body}</svg>`,
    ),
  )
    .png()
    .toBuffer();
};

const read = async (bytes: Uint8Array, name = 'captura.png') => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const { id } = await bench.call('evidence.take', { source: bench.fileTarget(path), caseId: first.caseId });
  return bench.call('messages.readPicture', { evidenceId: id });
};

describe('a message out of its picture', () => {
  const SCREEN = [
    [60, 60, '10:02', 34],
    [430, 190, '50089', 46],
    [360, 330, 'Mensaje de texto', 30],
    [80, 460, 'Su recibo de luz vence hoy.'],
    [80, 530, `Consulte ${LINK}`],
    [80, 600, 'Evite recargos'],
    [90, 1440, 'Mensaje de texto', 36],
  ] as const;

  test('sender, text and link are proposed, the link harmless; nothing is stored', async () => {
    const before = (await bench.call('messages.list', {})).total;
    const found = await read(await screen(SCREEN));
    expect(found.sender).toBe('50089');
    expect(found.text).toContain('Su recibo de luz vence hoy.');
    expect(found.text).toContain('Evite recargos');
    expect(found.text).not.toMatch(/Mensaje de texto|10:02/);
    expect(found.links.map(({ defanged }) => defanged)).toEqual(['hxxps://recibos-luz[.]example/7715208s']);
    expect(found.textDefanged).not.toContain('https://');
    expect(found.confidence).toBeGreaterThan(60);
    expect((await bench.call('messages.list', {})).total).toBe(before);
  });

  test('white on black is read as well', async () => {
    const found = await read(await screen(SCREEN, { dark: true }), 'oscura.png');
    // One letter may be read wrongly, which is why a person compares; what coincides with indicators may not.
    expect(found.text).toContain('Su recibo de luz vence');
    expect(found.links.map(({ defanged }) => defanged)).toEqual(['hxxps://recibos-luz[.]example/7715208s']);
    expect(found.sender).toBe('50089');
  });

  test('a link that runs over the edge is put together and said to be', async () => {
    const found = await read(
      await screen([
        [430, 190, '+52 55 0000 0199', 46],
        [80, 460, 'Por su denuncia vea aqui el expediente'],
        [80, 530, `https://${HOST}/denuncia/ver/`],
        [80, 600, 'id=7715208'],
        [80, 700, 'Gracias'],
      ]),
      'partida.png',
    );
    expect(found.sender).toBe('+52 55 0000 0199');
    expect(found.links).toEqual([
      { defanged: 'hxxps://recibos-luz[.]example/denuncia/ver/id=7715208', joined: true },
    ]);
    expect(found.text).toContain('Gracias');
  });

  test('a blank picture proposes nothing; what is no picture is refused', async () => {
    expect(await read(await screen([]), 'blanca.png')).toMatchObject({ text: '', sender: '', links: [] });
    expect(await codeOf(read(Buffer.from('solo texto'), 'nota.txt'))).toBe('parser.unsupported');
  });
});

describe('findings of all devices', () => {
  test('stand in one list with whose device it is, and how many others show the same', async () => {
    const { total, rows } = await bench.call('findings.across', {});
    expect(total).toBe(rows.length);
    expect(new Set(rows.map((row) => row.device))).toEqual(new Set(['Apple iPhone 12', 'Apple iPhone 15']));
    const shared = rows.filter((row) => row.observed.includes('recibos-luz'));
    expect(shared.length).toBeGreaterThanOrEqual(2);
    for (const row of shared) {
      expect(row.otherDevices).toBe(1);
      expect(row.observed).not.toContain('https://');
    }
    expect(rows.find((row) => row.deviceId === first.deviceId)?.person).toBe(OWNER);
  });

  test('by set, by device, by state', async () => {
    const bySet = await bench.call('findings.across', { sets: ['Otra.stix2'] });
    expect(bySet.rows.map((row) => row.deviceId)).toEqual([first.deviceId]);
    expect((await bench.call('findings.across', { deviceId: second.deviceId })).rows).toHaveLength(1);
    const [one] = bySet.rows;
    await bench.call('findings.review', {
      ids: [one?.id as never],
      state: 'falsePositive',
      reason: 'es el sitio de prueba',
    });
    const set = await bench.call('findings.across', { states: ['falsePositive'] });
    expect(set.rows.map(({ id }) => id)).toEqual([one?.id]);
    const facets = await bench.call('findings.facets', {});
    expect(facets.counts).toMatchObject({ falsePositive: 1, toReview: facets.counts.total - 1 });
    expect(facets.sets.map(({ set: name }) => name)).toEqual(['Faro.stix2', 'Otra.stix2']);
    expect(facets.devices.map(({ deviceId }) => deviceId).sort()).toEqual(
      [first.deviceId, second.deviceId].sort(),
    );
  });

  test('where else it was seen: the other device, and messages over the same link', async () => {
    const { id: messageId } = await bench.call('messages.record', {
      caseId: second.caseId,
      text: `mire ${LINK}`,
      sender: '50089',
    });
    const [row] = (await bench.call('findings.across', { deviceId: first.deviceId, sets: ['Faro.stix2'] }))
      .rows;
    const elsewhere = await bench.call('findings.elsewhere', { id: row?.id as never });
    expect(elsewhere.devices.map(({ deviceId }) => deviceId)).toEqual([second.deviceId]);
    expect(elsewhere.messages).toMatchObject([{ id: messageId, because: 'sameLink' }]);
    expect(elsewhere.messages[0]?.excerpt).not.toContain('https://');
  });

  test('a copy that may not be read is in no list', async () => {
    const { total } = await bench.call('findings.across', {});
    await bench.call('examinations.amend', {
      id: second.examinationId,
      version: (await bench.call('examinations.get', { id: second.examinationId })).version,
      changes: { basis: 'pending' },
    });
    const after = await bench.call('findings.across', {});
    expect(after.total).toBeLessThan(total);
    expect(after.rows.map((row) => row.deviceId)).not.toContain(second.deviceId);
    expect(JSON.stringify(await bench.call('findings.facets', {}))).not.toContain(second.deviceId);
    await bench.call('examinations.amend', {
      id: second.examinationId,
      version: (await bench.call('examinations.get', { id: second.examinationId })).version,
      changes: { basis: 'owner' },
    });
  });
});

describe('digital attacks in one list', () => {
  test('with the incident that tells each and its device, by case and by type', async () => {
    const { id: incidentId } = await bench.call('incidents.record', {
      caseId: second.caseId,
      title: 'Le quitaron el teléfono',
      happened: { kind: 'day', day: '2026-11-10' },
      narrative: 'x',
    });
    const { id } = await bench.call('digitalAttacks.record', {
      incidentId,
      type: 'deviceSeizure',
      deviceId: second.deviceId,
      details: { authority: 'Policía municipal' },
    });
    const all = await bench.call('digitalAttacks.page', {});
    expect(all).toMatchObject({
      total: 1,
      rows: [{ id, incidentTitle: 'Le quitaron el teléfono', device: 'Apple iPhone 15' }],
    });
    expect((await bench.call('digitalAttacks.page', { caseId: first.caseId })).total).toBe(0);
    expect((await bench.call('digitalAttacks.page', { type: 'doxing' })).rows).toEqual([]);
  });
});

describe('a timeline that leaves', () => {
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

  beforeAll(async () => {
    await bench.call('incidents.record', {
      caseId: first.caseId,
      title: `=cmd|' /C calc'!A0`,
      happened: { kind: 'day', day: '2026-11-12', time: '21:15' },
      narrative: 'x',
    });
    await bench.call('incidents.record', {
      caseId: first.caseId,
      title: `Llamaron a ${OWNER} al ${PHONE} <b>ayer</b>`,
      happened: { kind: 'day', day: '2026-11-14' },
      narrative: 'x',
    });
    // No title of its own: its first words must not stand in for one.
    await bench.call('incidents.record', {
      caseId: first.caseId,
      happened: { kind: 'day', day: '2026-11-13' },
      narrative: 'La testiga Rosario Cuaxtla vio la camioneta.',
    });
    await bench.call('messages.record', {
      caseId: first.caseId,
      deviceId: first.deviceId,
      text: `Su recibo ${LINK}`,
      sender: '50089',
      received: { kind: 'day', day: '2026-11-15', time: '10:02' },
    });
  });

  test('without titles it holds dates and classes, and no word that somebody wrote', async () => {
    const done = await leave('clases.csv', { format: 'csv' });
    const csv = readFileSync(out('clases.csv'), 'utf8');
    expect(csv.startsWith('\ufefffecha,hasta,')).toBe(true);
    expect(csv).toContain('2026-11-12 21:15');
    expect(csv).toMatch(/2026-11-15 10:02,,Mensaje sospechoso/);
    for (const word of ['cmd', OWNER, 'Olmedo', PHONE, '50089', 'Rosario', 'recibo'])
      expect(csv).not.toContain(word);
    expect(done.sizeBytes).toBe(readFileSync(out('clases.csv')).length);
  });

  test('with titles a formula is defused and what people are known by is withheld', async () => {
    const done = await leave('titulos.csv', { format: 'csv', titles: true });
    const csv = readFileSync(out('titulos.csv'), 'utf8');
    expect(done.withheld).toBeGreaterThanOrEqual(2);
    expect(csv).toContain(`'=cmd|`);
    expect(csv).not.toMatch(/(?:^|[,"])=cmd/m);
    expect(csv).toContain('[dato reservado]');
    for (const word of [OWNER, 'Maricela', 'Olmedo', PHONE, 'Rosario', 'https://'])
      expect(csv).not.toContain(word);
    expect(csv).toContain('sin indicios con los indicadores disponibles a la fecha');
  });

  test('a drawing is one file of plain shapes, and its signs cannot become marks', async () => {
    await leave('linea.svg', { format: 'svg', titles: true, language: 'en' });
    const svg = readFileSync(out('linea.svg'), 'utf8');
    expect(svg).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg /);
    expect(svg).toContain('&lt;b&gt;');
    expect(svg).not.toMatch(/<b>|<script|href|on\w+=|<image|<style|@import/i);
    for (const word of [OWNER, 'Olmedo', PHONE]) expect(svg).not.toContain(word);
    // It is well-formed enough to be drawn.
    const { width, height } = await sharp(Buffer.from(svg)).metadata();
    expect(width).toBe(1200);
    expect(height).toBeGreaterThan(200);
  });

  test('a sheet to print, of a device and of what fell near what', async () => {
    await leave('aparato.pdf', {
      of: { view: 'device', deviceId: first.deviceId },
      format: 'pdf',
      titles: true,
    });
    expect(readFileSync(out('aparato.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    const near = await leave('cerca.csv', {
      of: { view: 'patterns', caseId: first.caseId, days: 3 },
      format: 'csv',
    });
    const csv = readFileSync(out('cerca.csv'), 'utf8');
    expect(csv).toContain('dias');
    expect(csv).toMatch(/^2026-11-12 21:15,.*,3,2026-11-15 10:02/m);
    expect(near.entries).toBeGreaterThan(1);
    await leave('cerca.pdf', { of: { view: 'patterns', caseId: first.caseId, days: 3 }, format: 'pdf' });
    await leave('cerca.svg', { of: { view: 'patterns', caseId: first.caseId, days: 3 }, format: 'svg' });
  });

  test('it stands among what left, with its hash', async () => {
    const done = await leave('anotada.svg', { format: 'svg' });
    const { rows } = await bench.call('surveillance.outputs', { caseId: first.caseId });
    expect(rows[0]).toMatchObject({
      kind: 'timeline',
      recipient: 'Taller de análisis',
      sha256: done.sha256,
      sizeBytes: done.sizeBytes,
    });
  });

  test('whoever may not release writes none; a closed case is in no list and in no sheet', async () => {
    await addPerson(bench, 'Luis Cano', 'team');
    const { rows: people } = await bench.call('access.people', {});
    const mine = people.find(({ own }) => own)?.slotId;
    for (const [caseId, visibility] of [
      [first.caseId, 'restricted'],
      [second.caseId, 'open'],
    ] as const)
      await bench.call('access.setCase', {
        caseId,
        visibility,
        people: [mine as never],
        responsible: mine as never,
      });
    await becomes(bench, passphraseOf('Luis Cano'));
    expect(await codeOf(leave('no.csv', { format: 'csv' }))).toBe('call.notAllowed');
    const { rows } = await bench.call('findings.across', {});
    expect(rows.map((row) => row.deviceId)).toEqual([second.deviceId]);
    expect(rows[0]?.otherDevices).toBe(0);
    expect((await bench.call('findings.facets', {})).sets.map(({ set }) => set)).toEqual(['Faro.stix2']);
    const [left] = rows;
    expect((await bench.call('findings.elsewhere', { id: left?.id as never })).devices).toEqual([]);
    await becomes(bench, PASSPHRASE);
  });
});
