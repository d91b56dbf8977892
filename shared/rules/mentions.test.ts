import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentionedIds, parseNarrative, plainNarrative, writeMention } from './mentions.ts';

const idArbitrary = fc.uuid({ version: 7 });
const labelArbitrary = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((label) => !/[[\]\n]/u.test(label) && label.trim() !== '');
const plainArbitrary = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.includes('@'));

describe('mentions in narratives', () => {
  it('reads back what was written, whatever stands around it', () => {
    fc.assert(
      fc.property(plainArbitrary, labelArbitrary, idArbitrary, plainArbitrary, (before, label, id, after) => {
        const narrative = `${before}${writeMention({ label, kind: 'person', id })}${after}`;
        expect(mentionedIds(narrative, 'person')).toEqual([id]);
        expect(plainNarrative(narrative)).toBe(`${before}${label.trim()}${after}`);
      }),
    );
  });

  it('loses no character of a text without mentions', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const joined = parseNarrative(text)
          .map((part) => ('text' in part ? part.text : writeMention(part.mention)))
          .join('');
        expect(joined).toBe(text);
      }),
    );
  });

  it('takes brackets out of a label so that a name cannot forge a second mention', () => {
    const forged = writeMention({
      label: 'Ana](person:0) @[Luz',
      kind: 'person',
      id: '018f0000-0000-7000-8000-000000000000',
    });
    expect(mentionedIds(forged, 'person')).toEqual(['018f0000-0000-7000-8000-000000000000']);
  });
});
