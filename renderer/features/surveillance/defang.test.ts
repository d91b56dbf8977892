import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defangText } from '#shared/surveillance/defang.ts';
import { defangLink, partsOf } from './defang.ts';

const shown = (text: string): string =>
  partsOf(text)
    .map((part) => part.text)
    .join('');

describe('links on the screen', () => {
  it('lose their scheme and the dots of their host', () => {
    expect(defangLink('https://noticias-radio.example/7715208s')).toBe(
      'hxxps://noticias-radio[.]example/7715208s',
    );
    expect(defangLink('HTTP://A1.noticias-radio.example:30114/a.b')).toBe(
      'hxxp://A1[.]noticias-radio[.]example:30114/a.b',
    );
    expect(defangLink('https://198.51.100.7?x=http://b.example')).toBe(
      'hxxps://198[.]51[.]100[.]7?x=hxxp://b.example',
    );
    expect(defangLink('corto.example/abc')).toBe('corto[.]example/abc');
  });

  it('stay as they are when somebody defanged them already', () => {
    for (const link of ['hxxps://a[.]example/x', 'hxxp[:]//a[.]example', 'hxxps[://]a[.]example/x'])
      expect(defangLink(link)).toMatch(/^hxxps?:\/\/a\[\.\]example(\/x)?$/u);
  });

  it('are found inside a message, without the point that ends the sentence', () => {
    expect(partsOf('Mira esto: https://a.example/n. ¿Eres tú? (www.b.example)')).toEqual([
      { text: 'Mira esto: ', link: false },
      { text: 'hxxps://a[.]example/n', link: true },
      { text: '. ¿Eres tú? (', link: false },
      { text: 'www[.]b[.]example', link: true },
      { text: ')', link: false },
    ]);
  });

  it('leave ordinary words alone', () => {
    for (const text of ['Llegó tarde.Luego se fue', 'a las 23.40 h', 'y/o', 'EXP-2026-041/2'])
      expect(shown(text)).toBe(text);
  });

  it('never come out as something that opens', () => {
    const host = fc
      .array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 2, maxLength: 4 })
      .map((labels) => `${labels.join('.')}x`);
    const link = fc
      .tuple(fc.constantFrom('http://', 'https://', 'HTTPS://', 'hxxp://'), host, fc.webPath())
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.string(), link, fc.string(), (before, middle, after) => {
        const once = shown(`${before} ${middle} ${after}`);
        expect(once).not.toMatch(/https?:\/\//iu);
        expect(shown(once)).toBe(once);
        // What is copied goes through the stricter reading, which finds nothing left to do with a link.
        expect(defangText(once)).not.toMatch(/https?:\/\//iu);
      }),
    );
  });
});
