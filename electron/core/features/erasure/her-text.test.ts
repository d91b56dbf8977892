import fc from 'fast-check';
import { expect, test } from 'vitest';
import { personIdSchema } from '#shared/model/ids.ts';
import { compactKey } from '#shared/rules/text-folding.ts';
import { herText, labelsOf, mapLeaves, replaceIn } from './her-text.ts';

const HER = personIdSchema.parse('0190a000-0000-7000-8000-000000000001');
const OTHER = '0190a000-0000-7000-8000-000000000002';
const values = [
  { ref: HER, kind: 'name', text: 'Maricela Xochimitl Olmedo' },
  { ref: HER, kind: 'phone', text: '000 555 01 27' },
] as const;
const her = herText(HER, values, new Set());

const certain = (text: string, search = her): string[] =>
  search
    .find(text)
    .filter((place) => place.certain)
    .map((place) => text.slice(place.start, place.end));
const asked = (text: string): string[] =>
  her
    .find(text)
    .filter((place) => !place.certain)
    .map((place) => text.slice(place.start, place.end));

test('her whole name in any order and her number are certain, a part of her name is asked about', () => {
  expect(certain('Vino MARICELA XÓCHIMITL OLMEDO ayer')).toEqual(['MARICELA XÓCHIMITL OLMEDO']);
  expect(certain('Olmedo, Maricela Xochimitl')).toHaveLength(1);
  expect(certain('al 0005550127.')).toEqual(['0005550127']);
  expect(certain('la familia Xochimitl')).toEqual([]);
  expect(asked('la familia Xochimitl')).toEqual(['Xochimitl']);
});

test('what somebody else is called as well is asked about', () => {
  const shared = herText(HER, values, new Set([compactKey('000 555 01 27')]));
  expect(certain('000 555 01 27', shared)).toEqual([]);
  expect(shared.find('000 555 01 27')).toHaveLength(1);
});

test('mentions: hers by whatever label, never the label of another person', () => {
  const text = `@[la compa](person:${HER}) y @[Maricela Xochimitl Olmedo](person:${OTHER})`;
  expect(certain(text)).toEqual(['la compa']);
  expect(her.find(text)).toHaveLength(1);
  expect(labelsOf(text, HER)).toEqual(['la compa']);
});

test('a cell that is JSON stays JSON, untouched cells keep their bytes', () => {
  const cell = '{"b": "Maricela Xochimitl Olmedo",\n "a":["x", 1, null]}';
  expect(mapLeaves(cell, (leaf) => leaf.text)).toBe(cell);
  const next = mapLeaves(cell, ({ text }) => replaceIn(text, her.find(text), '[…]', () => true));
  expect(JSON.parse(next)).toEqual({ b: '[…]', a: ['x', 1, null] });
  expect(mapLeaves('{not json', ({ text }) => `${text}!`)).toBe('{not json!');
});

test('whatever stands around it, after replacing no certain place is left', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string({ maxLength: 20 }),
          fc.constantFrom(
            'Maricela Xochimitl Olmedo',
            'XOCHIMITL OLMEDO MARICELA',
            '000-555-01-27',
            `@[Mari](person:${HER})`,
          ),
        ),
        { maxLength: 8 },
      ),
      (parts) => {
        const text = parts.join(' | ');
        const after = replaceIn(text, her.find(text), '[persona suprimida]', (place) => place.certain);
        // What is left of a mention is its new label: the tie to the unit stays, for the figures.
        const left = certain(after).filter((found) => found !== '[persona suprimida]');
        expect(left).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
