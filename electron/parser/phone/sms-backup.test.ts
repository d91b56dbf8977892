import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mendReferences } from './sms-backup.ts';

const mend = (text: string): { text: string; lone: number } => {
  let lone = 0;
  return { text: mendReferences(text, () => (lone += 1)), lone };
};

test.each([
  ['&#10;&#55357;&#56832;', '&#10;😀', 0],
  ['&#55357;&#56832;&#55357;&#56832;', '😀😀', 0],
  ['&#55357;&#55357;&#56832;', '\ufffd😀', 1],
  ['&#56832;&#55357;&#56832;', '\ufffd😀', 1],
  ['&#xD83D;&#xde00;&#13;&#10;&#128512;', '😀&#13;&#10;&#128512;', 0],
  ['&#55357; &#56832;', '\ufffd \ufffd', 2],
  ['a&#0;&#65535;b&#55357;', 'a\ufffd\ufffdb\ufffd', 3],
  ['&amp;&#38;#55357;', '&amp;&#38;#55357;', 0],
])('%s', (written, mended, lone) => {
  expect(mend(written)).toEqual({ text: mended, lone });
});

test('whatever stands between them, each pair is one character and nothing else changes', () => {
  const char = fc.oneof(
    fc.constantFrom('\n', 'a', '&', '<', 'ñ', ' '),
    fc.integer({ min: 0x10000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  );
  fc.assert(
    fc.property(fc.array(char), (chars) => {
      const units = chars.join('');
      const written = Array.from({ length: units.length }, (_, at) => `&#${units.charCodeAt(at)};`).join('');
      const { text, lone } = mend(written);
      expect(lone).toBe(0);
      expect(text.replace(/&#(\d+);/gu, (_whole, code: string) => String.fromCodePoint(Number(code)))).toBe(
        units,
      );
    }),
  );
});
