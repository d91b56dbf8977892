import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '#shared/model/ids.ts';
import { Bench } from './harness.ts';
import { codeOf } from './slots-bench.ts';

/** What stays of a mention: no name in the text, none in the index, and nothing that people cannot read. */
const HER = 'Maricela Xochimitl Olmedo';
let bench: Bench;
let personId: PersonId;
beforeEach(async () => {
  bench = await new Bench().create();
  ({ id: personId } = await bench.call('persons.record', { name: HER, aliases: ['La Calandria'] }));
});
afterEach(async () => {
  await bench.end();
});

test('a mention by first name beside the whole name leaves text and index together', async () => {
  const { id } = await bench.call('incidents.record', {
    title: 'Corte de luz',
    narrative: `@[Maricela](person:${personId}) estaba en la cabina. Después habló ${HER}; la Calandria no quiso salir.`,
  });
  // Positive control: before, it is found by each of the names.
  for (const text of ['Maricela', 'Xochimitl', 'Calandria'])
    expect((await bench.call('search.everything', { text })).hits.map((hit) => hit.kind)).toContain(
      'incident',
    );
  const basis = { personId, requestId: null, reason: 'Lo pidió.', legalBasis: 'Su voluntad' };
  await bench.call('erasure.block', basis);
  const { mentions } = await bench.call('erasure.preview', { personId });
  const around = mentions
    .filter((one) => one.record === 'incident')
    .map(({ before, found, after }) => `${before}[${found}]${after}`);
  // As somebody reads it who decides: no mark of a mention, no id.
  expect(around[0]).toMatch(/^\[Maricela\] estaba en la cabina\./u);
  expect(around[1]).toContain(`Maricela estaba en la cabina. Después habló [${HER}]`);
  for (const text of around) expect(text).not.toContain('person:');
  await bench.call('erasure.erase', {
    ...basis,
    evidence: [],
    keepMentions: [],
    replaceMentions: mentions.filter((one) => !one.certain).map((one) => one.id),
    copies: 'block',
    language: 'es',
    typed: 'suprimir',
  });
  const { narrative } = await bench.call('incidents.get', { id });
  expect(narrative).toBe(
    '[persona suprimida] estaba en la cabina. Después habló [persona suprimida]; [persona suprimida] no quiso salir.',
  );
  for (const text of ['Maricela', 'Xochimitl', 'Calandria'])
    expect([text, (await bench.call('search.everything', { text })).hits]).toEqual([text, []]);
  expect((await bench.call('search.everything', { text: 'cabina' })).hits).toHaveLength(1);
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
});

test('counts no text of somebody who stands in her own rows only, at any stage, and nothing after the last', async () => {
  const about = { personId, requestId: null, reason: 'lo pidió ella', legalBasis: 'cancelación' };
  const mentions = async (): Promise<readonly string[]> => {
    const { sections } = await bench.call('erasure.know', { personId, language: 'es' });
    return sections.find(({ heading }) => heading === 'Menciones')?.lines ?? [];
  };
  const none = await mentions();
  expect(none).toEqual(['No apareces en otros textos.']);
  // Positive control: what names her elsewhere is counted.
  const note = await bench.call('incidents.record', { title: 'Visita', narrative: `Vino ${HER}.` });
  expect(await mentions()).not.toEqual(none);
  await bench.call('incidents.amend', { id: note.id, version: 1, changes: { narrative: 'Vino alguien.' } });
  const { id: requestId } = await bench.call('dataRequests.open', {
    personId,
    kinds: ['erase'],
    receivedOn: '2026-11-02',
    channel: 'Signal',
    identifiedBy: 'mismo canal del expediente',
  });
  await bench.call('erasure.restrict', { ...about, requestId });
  expect(await mentions()).toEqual(none);
  await bench.call('erasure.block', { ...about, requestId });
  expect(await mentions()).toEqual(none);
  await bench.call('erasure.erase', {
    ...about,
    requestId,
    evidence: [],
    keepMentions: [],
    replaceMentions: [],
    copies: 'erase',
    language: 'es',
    typed: 'suprimir',
  });
  expect(await codeOf(mentions)).toBe('erasure.alreadyErased');
});
