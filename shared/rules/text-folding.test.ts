import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactKey, compactText, foldKey, foldText, foldWords, originalSpan } from './text-folding.ts';

describe('folding of text for search', () => {
  it.each([
    ['MARISELA', 'marisela'],
    ['Peña Nieves', 'pena nieves'],
    ['Jose\u0301', 'jose'],
    ['ﬁel oﬃce', 'fiel office'],
    ['Mari\u00ADsela', 'marisela'],
    ['Mari\u200B\u200D\u2060sela\uFE0F', 'marisela'],
    ['\u202Ealesiram\u202C', 'alesiram'],
    ['Ｍａｒｉｓｅｌａ', 'marisela'],
    ['𝓜𝓪𝓻𝓲𝓼𝓮𝓵𝓪', 'marisela'],
    ['Маrіѕеlа', 'marisela'],
    ['Μαrιςεlα', 'marisela'],
    ['٠٠٠ ٥٥٥ ٠١ ٢٧', '000 555 01 27'],
    ['०१२३४५६७८९', '0123456789'],
    ['a\u00A0b\u2003c\td', 'a b c d'],
    ['uno–dos—tres‑cuatro', 'uno-dos-tres-cuatro'],
    ['Xochi-\n   mitl', 'xochimitl'],
    ['Xochi\u00AD\nmitl', 'xochimitl'],
    ['2024-\n2025', '2024- 2025'],
    ['Straße Łódź', 'strasse lodz'],
  ])('%j becomes %j', (given, expected) => {
    expect(foldKey(given)).toBe(expected);
  });

  it('keeps letters and digits only in the compact form', () => {
    expect(compactKey('M a r i s e l a')).toBe('marisela');
    expect(compactKey('+52 (000) 555-01.27')).toBe('520005550127');
    expect(foldWords('Guerrero Luna, Rosario')).toEqual(['guerrero', 'luna', 'rosario']);
  });

  it('maps back to the original, marks behind the last letter included', () => {
    const original = 'vio a Jose\u0301\u200B y luego';
    const folded = foldText(original);
    const at = folded.text.indexOf('jose');
    const span = originalSpan(folded, at, at + 4);
    expect(original.slice(span.start, span.end)).toBe('Jose\u0301\u200B');
    const compact = compactText(folded);
    const compactAt = compact.text.indexOf('jose');
    expect(compact.starts[compactAt]).toBe(span.start);
  });

  const soup = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '-',
        '\n',
        ' ',
        '\u00AD',
        'á',
        'ñ',
        '\u0301',
        'а',
        '𝓜',
        'ﬁ',
        '٣',
        '‑',
        '\u200B',
        'ß',
        'A',
        '½',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 60,
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const once = foldText(text).text;
        expect(foldText(once).text).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('has a map that grows and stays inside the original', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const { text: folded, starts, ends } = foldText(text);
        expect(starts.length).toBe(folded.length);
        for (let index = 0; index < folded.length; index += 1) {
          expect(ends[index]).toBeGreaterThan(starts[index] ?? 0);
          expect(ends[index]).toBeLessThanOrEqual(text.length);
          if (index > 0) expect(starts[index]).toBeGreaterThanOrEqual(starts[index - 1] ?? 0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('finds a value in any case, composition and with invisible marks between its letters', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Peñón', 'Íñigo', 'Xóchitl', 'Güemes'),
        fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD'),
        fc.boolean(),
        fc.constantFrom('', '\u200B', '\u00AD', '\u2060'),
        (value, form, upper, between) => {
          const written = Array.from((upper ? value.toUpperCase() : value).normalize(form)).join(between);
          expect(foldKey(`a ${written} b`)).toBe(`a ${foldKey(value)} b`);
        },
      ),
    );
  });
});
