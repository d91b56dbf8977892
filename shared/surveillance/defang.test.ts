import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defangText, defangUrl } from './defang.ts';

test.each([
  ['https://evil.example/a?b=c', 'hxxps://evil[.]example/a?b=c'],
  ['http://user:pw@evil.example:8443/x.y', 'hxxp://user:pw[@]evil[.]example:8443/x.y'],
  ['HTTP://EVIL.EXAMPLE', 'hxxp://EVIL[.]EXAMPLE'],
  ['ftp://evil.example/f', 'fxp://evil[.]example/f'],
  ['evil.example', 'evil[.]example'],
  ['someone@evil.example', 'someone[@]evil[.]example'],
  ['203.0.113.7', '203[.]0[.]113[.]7'],
  ['https://ok.example/?u=https://evil.example/', 'hxxps://ok[.]example/?u=hxxps://evil.example/'],
])('%s becomes %s', (link, harmless) => {
  expect(defangUrl(link)).toBe(harmless);
});

test('words around links stay as they are', () => {
  expect(defangText('Mira https://a.example/x, y escribe a b@c.example. Son las 10.30 h.')).toBe(
    'Mira hxxps://a[.]example/x, y escribe a b[@]c[.]example. Son las 10.30 h.',
  );
});

test('doing it twice changes nothing, and no link with a scheme is left', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/u);
  const link = fc
    .tuple(
      fc.constantFrom('http', 'https', 'HTTP', 'ftp'),
      fc.array(label, { minLength: 1, maxLength: 4 }),
      label,
    )
    .map(
      ([scheme, labels, path]) => `${scheme}://${labels.join('.')}.example/${path}?q=http://${path}.example`,
    );
  fc.assert(
    fc.property(fc.string(), link, fc.string(), (before, middle, after) => {
      const once = defangText(`${before} ${middle} ${after}`);
      expect(defangText(once)).toBe(once);
      expect(defangText(middle)).not.toMatch(/(?:https?|ftp):\/\//iu);
    }),
  );
});

test('a long hostile text is read in linear time', () => {
  const started = Date.now();
  for (const text of ['a.'.repeat(50_000), '@'.repeat(100_000), 'a-'.repeat(50_000), '1.'.repeat(50_000)])
    defangText(text);
  expect(Date.now() - started).toBeLessThan(5_000);
});
