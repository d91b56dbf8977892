import { expect, test } from 'vitest';
import type { Hit } from '#shared/contract/examinations.ts';
import { examinationIdSchema, findingIdSchema, runIdSchema } from '#shared/model/surveillance-ids.ts';
import type { StoredFinding } from './examinations/finding-repo.ts';
import { sightedIndicators } from './sighted-indicators.ts';

const ID = '01890000-0000-7000-8000-000000000001';
const finding = (hits: readonly Partial<Hit>[]): StoredFinding => ({
  id: findingIdSchema.parse(ID),
  examinationId: examinationIdSchema.parse(ID),
  runId: runIdSchema.parse(ID),
  kind: 'indicator',
  module: 'sms',
  record: 0,
  field: '',
  observed: '',
  exact: '',
  time: '',
  whenKey: '2026-01-02T03:04:05',
  clock: 'utc',
  level: 'critical',
  message: '',
  hits: [],
  exactHits: hits.map((hit) => ({
    mode: 'strict',
    indicator: 'evil.example.org',
    type: 'domains',
    collection: 'Faro Negro',
    set: 'uno',
    how: 'equal',
    state: null,
    ...hit,
  })),
  difference: null,
  shortener: null,
  newSinceTool: false,
  state: 'confirmed',
  reviews: 1,
});
const NAMES = ['Tadeo Villaseñor Prado', 'La Güera'];
const sighted = (...hits: readonly Partial<Hit>[]) =>
  sightedIndicators([finding(hits)], new Map(), 'day', NAMES, (text) => text.includes('guera')).map(
    ({ value, collection }) => [value, collection],
  );

test('what only the results of a tool call an indicator goes to nobody', () => {
  expect(sighted({ how: 'tool', indicator: 'casa-de-tadeo.example' })).toEqual([]);
  expect(sighted({ how: 'tool' }, {})).toEqual([['evil.example.org', 'Faro Negro']]);
});

test('an indicator in which a known name stands is left out, however public its set', () => {
  expect(sighted({ indicator: 'laguera.example' }, {})).toEqual([['evil.example.org', 'Faro Negro']]);
});

test.each(['Caso Tadeo 2026', 'VILLASENOR', 'TadeoVillasenorPrado-indicadores', 'teléfono de la güera'])(
  'a collection called %s is not named, and its indicator is told',
  (collection) => {
    expect(sighted({ collection })).toEqual([['evil.example.org', '']]);
  },
);

test('one indicator of a named and an unnamed collection is not told twice for want of a name', () => {
  expect(sighted({ collection: 'Tadeo' }, { collection: 'Villaseñor', mode: 'mvt' })).toEqual([
    ['evil.example.org', ''],
  ]);
});
