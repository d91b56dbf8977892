import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import { entryOfBytes, zipBytes } from '../../electron/core/features/filings/package/zip-writer.ts';
import { Bench } from './harness.ts';
import { codeOf, STIX } from './stix-sample.ts';

const openCase = (title: string): Promise<CallOutput<'cases.open'>> =>
  bench.call('cases.open', {
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

let bench: Bench;
let source: string;
let caseId: CaseId;
let son: PersonId;

const addSet = async (
  name: string,
  content: Uint8Array | string,
  more: Partial<CallInput<'indicatorSets.add'>> = {},
): Promise<CallOutput<'indicatorSets.add'>> => {
  const path = join(source, name);
  writeFileSync(path, content);
  return bench.call('indicatorSets.add', { target: bench.fileTarget(path), ...more });
};

beforeAll(async () => {
  bench = await new Bench().create();
  source = mkdtempSync(join(tmpdir(), 'surveillance-records-'));
  caseId = (await openCase('Mensajes')).id;
  son = (await bench.call('persons.record', { name: 'Tadeo Villaseñor Prado' })).id;
});
afterAll(async () => {
  await bench.end();
  rmSync(source, { recursive: true, force: true });
});

describe('indicator sets', () => {
  test('the same bytes give the same set; what cannot be used is listed; a retired set is not compared', async () => {
    const bytes = STIX(['uno.example'], 'Uno');
    const one = await addSet('uno.stix2', bytes, { name: 'Uno', licence: 'CC BY', version: '3' });
    expect(one).toMatchObject({
      existed: false,
      indicators: 1,
      skipped: 1,
      byType: { domains: 1 },
      inUse: true,
    });
    expect((await addSet('otro-nombre.stix2', bytes)).id).toBe(one.id);
    const { rows, counts } = await bench.call('indicatorSets.skipped', { id: one.id });
    expect(counts).toEqual({ unknownKey: 1 });
    expect(rows).toHaveLength(1);
    await bench.call('indicatorSets.use', {
      id: one.id,
      recordVersion: 1,
      inUse: false,
      reason: 'hay una nueva',
    });
    const used = await bench.call('indicatorSets.list', {});
    expect(used.rows.map(({ id }) => id)).not.toContain(one.id);
    const all = await bench.call('indicatorSets.list', { includeRetired: true });
    expect(all.rows.find(({ id }) => id === one.id)).toMatchObject({ retiredReason: 'hay una nueva' });
  });

  test('a zip of sets and a table are read; what gives nothing is refused and kept nowhere', async () => {
    const zip = await zipBytes([
      entryOfBytes('a/uno.stix2', Buffer.from(STIX(['zip-uno.example'], 'Zip'))),
      entryOfBytes(
        'b/dos.csv',
        Buffer.from('type,value\ndomain,zip-dos.example\nemail,quien@zip-tres.example\n'),
      ),
    ]);
    const added = await addSet('lote.zip', zip);
    expect(added).toMatchObject({ indicators: 3, byType: { domains: 2, emails: 1 } });
    const before = (await bench.call('evidence.list', { limit: 1 })).total;
    expect(await codeOf(addSet('vacio.json', '{"type":"bundle","objects":[]}'))).toBe(
      'indicators.nothingUsable',
    );
    expect((await bench.call('evidence.list', { limit: 1 })).total).toBe(before);
  });
});

test('the file of a set is evidence whose addresses are neither shown as text nor found by search', async () => {
  const { id, evidenceId, sha256 } = await addSet(
    'peligro.stix2',
    STIX(['peligro-unico.example'], 'Peligro'),
  );
  const item = await bench.call('evidence.get', { id: evidenceId });
  expect(item).toMatchObject({ sha256, text: '' });
  const found = await bench.call('search.everything', { text: 'peligro unico' });
  expect(JSON.stringify(found)).not.toContain(evidenceId);
  const { rows } = await bench.call('indicatorSets.inspect', { id });
  expect(rows.map(({ value }) => value)).toContain('peligro-unico[.]example');
});

describe('suspicious messages', () => {
  const TEXT =
    'Estimado Tadeo: su paquete 48213 no pudo entregarse, revise https://t.triaje.example/1234567s ahora';

  test('the text is kept exact, shown defanged, and each hit is explained in both languages', async () => {
    await addSet('triaje.stix2', STIX(['triaje.example'], 'Triaje'));
    const { id } = await bench.call('messages.record', {
      caseId,
      personId: son,
      channel: 'sms',
      sender: '+52 55 0000 0199',
      text: `${TEXT} o https://bit.ly/3xYzAbC`,
      received: { kind: 'day', day: '2026-09-20' },
      clicked: 'yes',
    });
    const kept = await bench.call('messages.get', { id });
    expect(kept.text).toBe(`${TEXT} o https://bit.ly/3xYzAbC`);
    expect(kept.textDefanged).not.toContain('https://');
    expect(kept.textDefanged).toContain('hxxps://t[.]triaje[.]example/1234567s');
    const es = await bench.call('messages.triage', { id, language: 'es' });
    expect(es.hits.length).toBeGreaterThanOrEqual(2);
    expect(es.hits[0]?.explanation).toContain('triaje[.]example');
    expect(es.hits[0]?.explanation).toContain('subdominio');
    expect(es.unresolved.map(({ shortener }) => shortener)).toEqual(['bit.ly']);
    expect(es.advice).toHaveLength(3);
    const en = await bench.call('messages.get', { id, language: 'en' });
    expect(en.triage?.hits[0]?.explanation).toContain('sub-domain');
    for (const sentence of [es.sentence, ...es.advice, en.triage?.sentence ?? ''])
      expect(sentence).not.toMatch(/infectad|infected|limpio|\bclean\b/i);
    const found = await bench.call('search.everything', { text: 'triaje.example' });
    expect(found.hits.map((hit) => hit.kind)).toContain('message');
    expect(found.hits.flatMap((hit) => hit.snippet.map(({ text }) => text)).join('')).not.toContain(
      'https://',
    );
  });

  test('a recorded destination is compared, and says how it was learned', async () => {
    const { id } = await bench.call('messages.record', { caseId, text: 'mira bit.ly/aZ9qq1' });
    const { linkList } = await bench.call('messages.get', { id });
    const linkId = linkList[0]?.id ?? ('' as never);
    const clear = await bench.call('messages.triage', { id });
    expect(clear.hits).toEqual([]);
    expect(clear.sentence).toMatch(/Sin indicios con los indicadores disponibles a la fecha/);
    await bench.call('messages.recordDestination', {
      linkId,
      destination: { url: 'https://x.triaje.example/final', how: 'la persona guardó una captura' },
    });
    const hit = await bench.call('messages.triage', { id });
    expect(hit.unresolved).toEqual([]);
    expect(hit.hits[0]).toMatchObject({ subject: 'destination' });
    expect((await bench.call('messages.get', { id })).linkList[0]?.destination?.how).toBe(
      'la persona guardó una captura',
    );
  });

  test('the same message to others is found by text, by link and by the form of the link', async () => {
    const other = await bench.call('persons.record', { name: 'Irasema Quintal' });
    const first = await bench.call('messages.record', { personId: son, sender: '55501', text: TEXT });
    const sameText = await bench.call('messages.record', {
      personId: other.id,
      text: TEXT.replace('48213', '99120').replace('1234567s', '7654321s'),
    });
    const sameForm = await bench.call('messages.record', {
      personId: other.id,
      text: 'AMBER: ayuda a localizarla http://t.triaje.example/1112223s',
    });
    const unrelated = await bench.call('messages.record', { text: 'mira esto bit.ly/Qq11zz' });
    const { rows } = await bench.call('messages.similar', { id: first.id });
    const why = new Map(rows.map((row) => [row.id, row.because]));
    expect(why.get(sameText.id)).toEqual(['sameText', 'sameLinkForm', 'sameHost']);
    expect(why.get(sameForm.id)).toEqual(['sameLinkForm', 'sameHost']);
    expect(why.has(unrelated.id)).toBe(false);
    expect(rows[0]?.because[0]).toBe('sameText');
  });
});

describe('timelines and patterns', () => {
  test('physical and digital stand in one line, and nearness in days is told', async () => {
    const opened = await openCase('Línea');
    const where = opened.id;
    const attack = await bench.call('incidents.record', {
      caseId: where,
      title: 'Allanamiento',
      happened: { kind: 'day', day: '2026-05-10' },
      narrative: 'Entraron a la oficina',
    });
    const online = await bench.call('incidents.record', {
      caseId: where,
      title: 'Toma de cuenta',
      happened: { kind: 'day', day: '2026-05-12' },
      narrative: 'Perdió el acceso',
    });
    const detail = await bench.call('digitalAttacks.record', {
      incidentId: online.id,
      type: 'accountTakeover',
      details: { platform: 'Faro Social', account: '@quintal' },
    });
    await bench.call('digitalAttacks.amend', {
      id: detail.id,
      version: 1,
      changes: { details: { platform: 'Faro' } },
    });
    expect((await bench.call('digitalAttacks.list', { caseId: where })).rows).toMatchObject([
      { details: { platform: 'Faro' }, version: 2 },
    ]);
    await bench.call('milestones.record', {
      caseId: where,
      kind: 'hearing',
      title: 'Audiencia intermedia',
      happened: { kind: 'day', day: '2026-06-01' },
    });
    await bench.call('messages.record', {
      caseId: where,
      text: 'revise http://luz.example/a',
      received: { kind: 'day', day: '2026-05-07' },
    });
    await bench.call('notifications.record', {
      caseId: where,
      provider: 'apple',
      text: 'Aviso de amenaza',
      received: { kind: 'month', month: '2026-05' },
    });
    const line = await bench.call('timeline.ofCase', { caseId: where, descending: false });
    expect(line.rows.map(({ kind }) => kind)).toEqual([
      'notification',
      'message',
      'incident',
      'incident',
      'milestone',
    ]);
    expect(line.rows.find(({ id }) => id === online.id)?.digital).toBe(true);
    expect(line.rows.find(({ id }) => id === attack.id)?.digital).toBe(false);
    const paged = await bench.call('timeline.ofCase', {
      caseId: where,
      descending: false,
      offset: 1,
      limit: 2,
    });
    expect(paged).toMatchObject({ total: 5 });
    expect(paged.rows.map(({ kind }) => kind)).toEqual(['message', 'incident']);
    const { patterns, unplaced } = await bench.call('timeline.patterns', { caseId: where, days: 3 });
    expect(unplaced).toBe(1);
    expect(patterns).toHaveLength(1);
    expect(patterns[0]?.anchor.id).toBe(attack.id);
    expect(patterns[0]?.near.map(({ days, entry }) => [entry.kind, days])).toEqual([
      ['incident', 2],
      ['message', -3],
    ]);
  });
});
