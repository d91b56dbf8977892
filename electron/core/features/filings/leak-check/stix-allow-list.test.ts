import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { INDICATOR_TYPES } from '#shared/surveillance/indicators.ts';
import { stixBundle } from '#shared/surveillance/stix-out.ts';
import { checkStix } from './stix-allow-list.ts';

const bundle = () =>
  stixBundle(
    INDICATOR_TYPES.map((type, at) => ({
      value: "o'brien\\evil.example",
      type,
      collection: at % 2 === 0 ? 'Faro "Negro"' : '',
      setDay: '2026-01-01',
      count: 3,
      firstSeen: at === 0 ? null : '2026-02-01T00:00:00.000Z',
      lastSeen: at === 0 ? null : '2026-02-03T00:00:00.000Z',
    })),
    {
      madeAt: '2026-11-22T00:00:00.000Z',
      newUuid: () => randomUUID(),
      identityName: 'Equipo que documenta',
      description: 'Sin datos de personas',
    },
  );
const written = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

test('what the application writes is on the list, every kind of indicator', () => {
  expect(checkStix(written(bundle()))).toEqual([]);
});

type Loose = { objects: Record<string, unknown>[] } & Record<string, unknown>;
const changed = (change: (value: Loose) => void): string => {
  const value = structuredClone(bundle()) as unknown as Loose;
  change(value);
  return written(value);
};
const first = (value: Loose, type: string): Record<string, unknown> =>
  value.objects.find((one) => one['type'] === type) ?? {};

test.each<[string, (value: Loose) => void, string]>([
  ['a field of the bundle', (value) => (value['x_case'] = 'EXP-1'), 'x_case'],
  ['a field of an object', (value) => (first(value, 'indicator')['name'] = 'Tadeo'), 'name'],
  ['a label', (value) => (first(value, 'malware')['labels'] = ['Tadeo']), 'labels'],
  ['an inherited name', (value) => (first(value, 'sighting')['constructor'] = 'x'), 'constructor'],
  ['an hour', (value) => (first(value, 'sighting')['first_seen'] = '2026-02-01T10:20:00.000Z'), 'first_seen'],
  ['a kind of object', (value) => value.objects.push({ type: 'note', content: 'Tadeo' }), 'type'],
  [
    'a comparison of two',
    (value) => (first(value, 'indicator')['pattern'] = "[a:b = 'x' OR c:d = 'y']"),
    'pattern',
  ],
  [
    'words behind a pattern',
    (value) => (first(value, 'indicator')['pattern'] = "[a:b = 'x'] Tadeo"),
    'pattern',
  ],
  [
    'a reference to elsewhere',
    (value) => (first(value, 'sighting')['sighting_of_ref'] = `indicator--${randomUUID()}`),
    'sighting_of_ref',
  ],
  [
    'one of several references to elsewhere',
    (value) => (first(value, 'sighting')['where_sighted_refs'] = [`identity--${randomUUID()}`]),
    'where_sighted_refs',
  ],
  [
    'an id of the vault',
    (value) => (first(value, 'malware')['id'] = 'malware--01890000-0000-7000-8000-000000000001'),
    'id',
  ],
  ['a word for a count', (value) => (first(value, 'sighting')['count'] = 'tres'), 'count'],
])('refused: %s', (_what, change, name) => {
  expect(checkStix(changed(change)).map((one) => one.name)).toContain(name);
});

test('a member that stands twice, and what is no bundle, are refused', () => {
  const text = written(bundle());
  expect(checkStix(text.replace('"type": "bundle",', '"type": "Tadeo",\n  "type": "bundle",'))).toEqual([
    { where: 'file', name: 'form' },
  ]);
  expect(checkStix(`${text}Tadeo`)).toEqual([{ where: 'file', name: 'not a bundle' }]);
  expect(checkStix('[]')).toEqual([{ where: 'file', name: 'not a bundle' }]);
});

test('a second of a sighting passes only where it was asked for, and nowhere else', () => {
  const second = changed((value) => (first(value, 'sighting')['first_seen'] = '2026-02-01T10:20:30.000Z'));
  expect(checkStix(second).map((one) => one.name)).toEqual(['first_seen']);
  expect(checkStix(second, 'second')).toEqual([]);
  const made = changed((value) => (first(value, 'malware')['created'] = '2026-02-01T10:20:30.000Z'));
  expect(checkStix(made, 'second').map((one) => one.name)).toEqual(['created']);
});
