import { expect, test } from 'vitest';
import { INDICATOR_TYPES } from './indicators.ts';
import { readPattern } from './stix-pattern.ts';
import { patternOf, stixBundle, type SightedIndicator } from './stix-out.ts';

const uuids = (): (() => string) => {
  let n = 0;
  return () => {
    n += 1;
    return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  };
};

const sighted = (more: Partial<SightedIndicator> = {}): SightedIndicator => ({
  value: 'evil.example',
  type: 'domains',
  collection: 'Faro Negro',
  setDay: null,
  count: 2,
  firstSeen: '2026-01-02T00:00:00.000Z',
  lastSeen: '2026-01-05T00:00:00.000Z',
  ...more,
});

test.each(INDICATOR_TYPES)('our own reader understands the pattern of %s again', (type) => {
  const value = "a='b\\c'";
  const read = readPattern(patternOf(type, value));
  expect(JSON.stringify(read)).toContain(JSON.stringify(value).slice(1, -1));
});

test('addresses are told apart from names of hosts', () => {
  expect(patternOf('domains', '203.0.113.7')).toBe("[ipv4-addr:value = '203.0.113.7']");
  expect(patternOf('domains', '2001:db8::1')).toBe("[ipv6-addr:value = '2001:db8::1']");
});

test('one malware for a collection; relation and sighting point at objects of the bundle', () => {
  const { objects } = stixBundle([sighted(), sighted({ value: 'other.example' })], {
    madeAt: '2026-11-22T00:00:00.000Z',
    newUuid: uuids(),
    identityName: 'Equipo',
    description: '',
  });
  const ids = new Set(objects.map((object) => object['id']));
  expect(ids.size).toBe(objects.length);
  expect(objects.filter((object) => object['type'] === 'malware')).toHaveLength(1);
  for (const object of objects)
    for (const [key, value] of Object.entries(object))
      if (key.endsWith('_ref')) expect(ids.has(value)).toBe(true);
  expect(objects.filter((object) => object['type'] === 'sighting')).toMatchObject([
    { count: 2, first_seen: '2026-01-02T00:00:00.000Z' },
    { count: 2 },
  ]);
});

test('without times a sighting has none', () => {
  const { objects } = stixBundle([sighted({ firstSeen: null, lastSeen: null })], {
    madeAt: '2026-11-22T00:00:00.000Z',
    newUuid: uuids(),
    identityName: 'Equipo',
    description: '',
  });
  const sighting = objects.find((object) => object['type'] === 'sighting') ?? {};
  expect(Object.keys(sighting)).not.toContain('first_seen');
  expect(Object.keys(sighting)).not.toContain('last_seen');
});
