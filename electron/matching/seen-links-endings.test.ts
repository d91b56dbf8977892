import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Indicator, IndicatorType } from '#shared/surveillance/indicators.ts';
import { LINK_SHORTENERS } from './matcher-of.ts';
import { Matcher } from './matcher.ts';
import { looseLinks } from './modules/links.ts';
import { matchModule } from './modules/match-module.ts';

const of = (type: IndicatorType, ...values: string[]): Indicator[] =>
  values.map((value) => ({ value, type, collection: 'C', set: 's' }));
const INDICATORS = [
  ...of('domains', 'evil.example.org', 'bücher.example', '198.51.100.9', '2001:db8::9'),
  ...of('urls', 'https://exact.example.net/path/to?q=1', 'https://plain.example.net/a'),
];
const matcher = new Matcher({ indicators: INDICATORS, mvtIndicators: INDICATORS }, LINK_SHORTENERS);
const seen = (url: string): string[] =>
  matcher.check('check_url', url).strict.map(({ indicator, how }) => `${how} ${indicator.value}`);
/** Through the quick no of texts, as a message goes. */
const inText = (text: string): string[] =>
  matcher.quiet.isQuietText(text) ? [] : looseLinks('', text).flatMap(({ value }) => seen(String(value)));

describe('what stands directly behind a host', () => {
  it.each([
    'https://evil.example.org…',
    'https://evil.example.org…ya',
    'https://evil.example.org😱',
    'https://evil.example.org❤️',
    'https://evil.example.org\u{1f1f2}\u{1f1fd}',
    'https://evil.example.org👉 entra',
    'https://evil.example.org—cuidado',
    'https://evil.example.org¡Urgente!',
    'https://evil.example.org¿sí?',
    'https://evil.example.org→x',
    'https://evil.example.org•x',
    'https://evil.example.org、x',
    'https://evil.example.org™',
    'https://evil.example.org[1]',
    'https://evil.example.org`',
    'https://evil.example.org"x',
    'https://evil.example.org%E2%80%A6',
    'https://evil.example.org%F0%9F%98%B1ya',
    'https://evil.example.org:8443😱',
    'https://ana@evil.example.org😱',
    'https://👉evil.example.org👈',
    'https://!evil.example.org',
  ])('is no part of it: %s', (url) => {
    expect(seen(url)).toEqual(['host evil.example.org']);
    expect(inText(`Mira ${url} ya`)).toEqual(['host evil.example.org']);
    expect(seen(`https://good.com/?u=${url}`)).toEqual(['nested-link evil.example.org']);
    expect(seen(`https://good.com/?u=${encodeURIComponent(url)}&x=1`)).toEqual([
      'nested-link evil.example.org',
    ]);
  });

  it.each([
    ['https://b\u00fccher.example😱', 'host bücher.example'],
    ['https://b%C3%BCcher.example%F0%9F%98%B1', 'host bücher.example'],
    ['http://3325256713…', 'address 198.51.100.9'],
    ['http://[2001:db8::9]😱', 'address 2001:db8::9'],
  ])('%s', (url, hit) => {
    expect(inText(`Mira ${url} ya`)).toEqual([hit]);
  });

  it('in a record of messages', () => {
    const records = [{ text: 'Mira https://evil.example.org… ya', isodate: '2026-01-01 00:00:00' }];
    expect(matchModule(matcher, 'sms', records).strict.map(({ match }) => match.how)).toEqual(['host']);
  });

  it('whatever sign it is, if no host holds it', () => {
    const sign = fc
      .integer({ min: 33, max: 0x1ffff })
      .map((code) => String.fromCodePoint(code))
      .filter((one) => /^[\p{P}\p{S}]$/u.test(one) && !/^[-._:@%/?#\\。．｡]$/u.test(one));
    const words = fc.constantFrom('', 'ya', ' ya', ' https://good.com/', '!');
    fc.assert(
      fc.property(sign, words, fc.constantFrom('', 'https://good.com/?u='), (one, behind, before) => {
        const text = `Mira ${before}https://evil.example.org${one}${behind}`;
        expect(inText(text), text).toContain(`${before === '' ? 'host' : 'nested-link'} evil.example.org`);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    'https://ev😱il.example.org/',
    'https://evil😱.example.org/',
    'https://evil.example😱.org/',
    'https://evil.example.org\u00adx.com/',
    'https://evil.example.orgª/',
    'https://x😱evil.example.org/',
    'https://evil.example.org%3A80%40good.com/',
    'https://good.com/?u=https%3A%2F%2Fevil.example.org%3A80%40good.com%2F',
    'https://good.com/😱evil.example.org',
    'https://evil.example.org😱@good.com/',
    'Mira https://evil-example.org😱 ya',
  ])('a sign makes no host of another one: %s', (url) => {
    expect(seen(url)).toEqual([]);
    expect(inText(url)).toEqual([]);
  });
});

describe('what stands directly behind a whole link', () => {
  it.each(['…', '😱', '❤️', '👉', '—x', '¡Urgente!', '`', '”', '、x'])('is no part of it: %s', (behind) => {
    for (const link of ['https://exact.example.net/path/to?q=1', 'https://plain.example.net/a']) {
      expect(inText(`Mira https://good.com/?u=${link}${behind} ya`), link).toEqual([`nested-link ${link}`]);
    }
  });

  it.each([
    ...[
      '…',
      '😱',
      '—x',
      '¡Urgente!',
      '`',
      '”',
      '、x',
      ',https://good.org',
      ';https://good.org',
      '|otra',
      ')',
      '],',
    ],
    ...['},', ' otra', '"', "'>mira", ',a…', '#top,x'],
  ])('nor of a link by itself: %s', (behind) => {
    for (const link of ['https://exact.example.net/path/to?q=1', 'https://plain.example.net/a']) {
      expect(seen(`${link}${behind}`), link).toEqual([`exact-url ${link}`]);
      expect(inText(`Mira ${link}${behind} ya`), link).toEqual([`exact-url ${link}`]);
      expect(seen(`http://x ${link.slice(8)}${behind}`), link).toEqual([`exact-url ${link}`]);
    }
  });

  it.each(['&x=1', '1', '/', '/x', '.x', '-x', '%2Cx', 'ñ', '+x', '=', '~', '!x', '$', '*x', '@x', ':x'])(
    'but this makes another link of it: %s',
    (behind) => {
      for (const link of ['https://exact.example.net/path/to?q=1', 'https://plain.example.net/a'])
        expect(seen(`${link}${behind}`), link).toEqual([]);
    },
  );

  it('signs of the link itself are kept', () => {
    const links = of('urls', 'https://a.example/x,y😱z', 'https://a.example/(b)…c');
    const own = new Matcher({ indicators: links, mvtIndicators: [] }, LINK_SHORTENERS).strict;
    for (const { value } of links)
      for (const before of ['', 'https://good.com/?u='])
        expect(own.url(`${before}${value}`).map(({ indicator }) => indicator.value)).toEqual([value]);
  });
});

describe('full stops that may be those of a sentence', () => {
  it.each([
    'Entra a evil.example.org。Gracias',
    'Entra a evil.example.org．Gracias',
    'Entra a evil.example.org(dot)Gracias',
    'Entra a evil.example.org[.]Gracias',
    'Entra a evil(dot)example(dot)org(dot)Gracias',
    'Entra a evil.example.org。good.com',
    'Entra a evil.example.org。Info aquí',
    'Entra a https://evil.example.org。Gracias',
    'Entra a good.com。evil.example.org。Gracias',
  ])('%s', (text) => {
    expect(inText(text).map((hit) => hit.replace('sub-domain', 'host'))).toEqual(['host evil.example.org']);
  });

  it('inside a link', () => {
    expect(seen('https://good.com/?u=https://evil.example.org。Gracias')).toEqual([
      'nested-link evil.example.org',
    ]);
  });

  it.each([
    'https://evil.example.org。good.com/',
    'https://good.com/?u=https://evil.example.org。good.com/',
    'evil。example。org。good。com',
    'evil.example.org[.]good[.]com',
    'evil.example.org.Gracias',
    'Entra a evil.example.orgs。Gracias',
    'Entra a xevil.example.org(dot)Gracias',
  ])('but not: %s', (text) => {
    expect(inText(text)).toEqual([]);
  });

  it.each(['evil.com。mx', 'evil.com[.]mx', 'evil[.]com[.]mx', 'evil.com．mx/x', 'https://evil.com。mx/'])(
    'a suffix of two labels is whole: %s',
    (text) => {
      const hosts = of('domains', 'evil.com', 'evil.com.mx');
      const { strict } = new Matcher({ indicators: hosts, mvtIndicators: [] }, LINK_SHORTENERS);
      const hits = looseLinks('', text).flatMap(({ value }) => strict.url(value));
      expect(hits.map(({ indicator }) => indicator.value)).toEqual(['evil.com.mx']);
    },
  );
});

describe('links of a text as they are kept', () => {
  it.each([
    ['(«https://a.example/x».)', 'https://a.example/x'],
    ['https://a.example/ñandú', 'https://a.example/ñandú'],
    ['https://a.example/😱x', 'https://a.example/😱x'],
    ['https://a.example/x=', 'https://a.example/x='],
    ['https://evil.example.org/x😱', 'https://evil.example.org/x😱'],
  ])('%s', (text, link) => {
    expect(looseLinks('', text).map(({ value }) => value)).toEqual([link]);
  });

  it('both modes tell of one link with an emoji behind it', () => {
    const text = 'Mira https://evil.example.org/x😱 ya';
    const { mvt, strict } = matchModule(matcher, 'sms', [{ text, isodate: '2026-01-01 00:00:00' }]);
    expect(strict.map(({ value }) => value)).toEqual(['https://evil.example.org/x😱']);
    expect(mvt.alerts.map(({ observed }) => observed?.value)).toEqual(['https://evil.example.org/x😱']);
  });
});
