import { describe, expect, it } from 'vitest';
import type { Indicator, IndicatorType } from '#shared/surveillance/indicators.ts';
import { LINK_SHORTENERS } from './matcher-of.ts';
import { Matcher } from './matcher.ts';
import { looseLinks } from './modules/links.ts';

const of = (type: IndicatorType, ...values: string[]): Indicator[] =>
  values.map((value) => ({ value, type, collection: 'C', set: 's' }));
const INDICATORS = [
  ...of('domains', 'evil.example.org', 'evil.xn--p1ai', 'a_b.example.com', '198.51.100.9', '2001:db8::9'),
  ...of('urls', 'https://exact.example.net/path/to?q=1', 'http://203.0.113.5/x'),
];
const matcher = new Matcher({ indicators: INDICATORS, mvtIndicators: INDICATORS }, LINK_SHORTENERS);
const EVIL = 'nested-link evil.example.org';
/** Through every quick no, as a record of a phone goes. */
const seen = (url: string): string[] =>
  matcher.check('check_url', url).strict.map(({ indicator, how }) => `${how} ${indicator.value}`);

describe('links in texts', () => {
  const inText = (text: string): string[] =>
    matcher.quiet.isQuietText(text) ? [] : looseLinks('', text).flatMap(({ value }) => seen(String(value)));

  it.each([
    'Mira https:///evil.example.org/ ya',
    'Mira https:/evil.example.org ya',
    'Mira https:\\\\evil.example.org ya',
    'Mira https:evil.example.org ya',
    'Mira http://evil[dot]example[dot]org/x ya',
    'Mira http://evil[dot]example[dot]org/',
    'Mira evil[dot]example{dot}org ya',
    'Mira http://evil。example。org/',
    'Mira evil。example．org/x',
    'Mira wss://evil.example.org ya',
    'Mira (https://evil.example.org),otra',
    'Mira https://evil.example.org:es malo',
    '{"u":"https:\\/\\/evil.example.org\\/x"}',
  ])('%s', (text) => {
    expect(inText(text)).toEqual(['host evil.example.org']);
  });

  it.each([
    'Mira https://good.com/r?u=https://evil.example.org&x=1 ya',
    'Mira (https://good.com/r?u=//evil.example.org&x=1)',
    'Mira https://good.com/r?u=https%3A%2F%2Fevil.example.org&x=1',
  ])('%s', (text) => {
    expect(inText(text)).toEqual([EVIL]);
  });

  it.each([
    'Aviso.http://198.51.100.9/x',
    '1.https://198.51.100.9',
    'evil.hxxp://3325256713/x',
    'aviso.WSS://198.51.100.9/x',
    'good.comhttps://198.51.100.9/x',
    'good.com/a 2.http[:]//198.51.100.9',
  ])('behind a full stop or a name without a space: %s', (text) => {
    expect(inText(text)).toEqual(['address 198.51.100.9']);
  });

  it('a hyphen behind a host is a dash, and inside a name it is none', () => {
    for (const dashed of [
      'https://evil.example.org- ya',
      'https://evil.example.org-',
      'https://evil.example.org-/',
    ])
      expect(inText(`Mira ${dashed}`), dashed).toEqual(['host evil.example.org']);
    expect(inText('Mira https://evil.example.org-otra')).toEqual([]);
  });

  it('the name before such a link is one by itself, and a scheme without a link is a label', () => {
    for (const between of ['', '.', ':', ',', '…'])
      expect(inText(`evil.example.org${between}https://good.com/`)).toEqual(['host evil.example.org']);
    expect(inText('1.https://good.com日本evil.example.org/')).toEqual(['host evil.example.org']);
    expect(looseLinks('', 'x.evil.example.https: ya').map(({ value }) => value)).toEqual([
      'x.evil.example.https',
    ]);
  });

  it.each([
    've a http:/3325256713/a.b ya',
    've a http:\\\\0xc6336409/a.b',
    've a http:///198.51.25609/a.b',
    've a http://3325256713/x',
    've a http://0xc6336409',
    've a wss://198.51.100.9/x',
    've a WS:\\\\3325256713',
    've a http[://]3325256713',
    've a [http://[::ffff:c633:6409]]',
  ])('%s', (text) => {
    expect(inText(text)).toEqual(['address 198.51.100.9']);
  });

  it.each(['cuesta http:/ /evil, creo.', 'https: solo.', 'a las 10:30. http://', 'C:\\temp\\3325256713.'])(
    '%s has none',
    (text) => {
      expect(inText(text)).toEqual([]);
    },
  );

  it.each([
    `${'aa.'.repeat(9)}evil.example.org`,
    `Mira ${'aa.'.repeat(60)}evil.example.org/x`,
    `Mira ${'a-'.repeat(60)}b.evil.example.org`,
    'Mira a_b.evil.example.org ya',
    'Mira https://😱.evil.example.org,ya',
  ])('names of any length: %s', (text) => {
    expect(inText(text)).toEqual(['sub-domain evil.example.org']);
  });

  it.each([
    ['evil.xn--p1ai ya', 'evil.xn--p1ai'],
    ['evil.xn--p1ai/x', 'evil.xn--p1ai'],
    ['(EVIL.XN--P1AI)', 'evil.xn--p1ai'],
    ['https://evil.xn--p1ai', 'evil.xn--p1ai'],
    ['a_b.example.com ya', 'a_b.example.com'],
    ['1.-evil.example.org', 'evil.example.org'],
    ['-evil.example.org-', 'evil.example.org'],
    ['_evil.example.org_', 'evil.example.org'],
    ['*_evil.example.org_*', 'evil.example.org'],
    ['~evil.example.org~', 'evil.example.org'],
    ['`evil.example.org`', 'evil.example.org'],
    ['evil.example.org-ya', 'evil.example.org'],
    ['evil.example.org.1', 'evil.example.org'],
    ['evil.example.org…ya', 'evil.example.org'],
    ['a.1http://evil.example.org', 'evil.example.org'],
    ['a.1.b_https:\\\\evil.example.org', 'evil.example.org'],
    ['a.com-http:/evil.example.org', 'evil.example.org'],
    ['x.y1.wss://evil.example.org', 'evil.example.org'],
    ['a.1.h**ps://evil.example.org', 'evil.example.org'],
  ])('names as people write them: %s', (text, host) => {
    expect(inText(`Mira ${text}`)).toEqual([`host ${host}`]);
  });

  it.each([
    'evil.example.org_copia',
    'evil.example.org_2',
    'evil.example.orgx',
    'evil.example.org.pdf',
    'evil_example.org',
    'xevil.example.org',
    'x_evil.example.org',
    'evil.xn--p1aix',
    'evil.xn-p1ai',
    'a__b.example.com',
    'b.example.com',
    'evil.example.org.good.com/x',
  ])('names of others: %s', (text) => {
    expect(inText(`Mira ${text} ya`)).toEqual([]);
  });

  it('as many as there are, and as far as the text goes', () => {
    const many = `${'a.com '.repeat(20_000)}${' '.repeat(100_000)}evil.example.org`;
    expect(inText(many)).toEqual(['host evil.example.org']);
  });
});
