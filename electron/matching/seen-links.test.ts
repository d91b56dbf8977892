import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Indicator, IndicatorType } from '#shared/surveillance/indicators.ts';
import { LINK_SHORTENERS } from './matcher-of.ts';
import { Matcher } from './matcher.ts';

const of = (type: IndicatorType, ...values: string[]): Indicator[] =>
  values.map((value) => ({ value, type, collection: 'C', set: 's' }));
const INDICATORS = [
  ...of('domains', 'evil.example.org', '198.51.100.9', '2001:db8::9'),
  ...of(
    'urls',
    'https://exact.example.net/path/to?q=1',
    'http://203.0.113.5/x',
    'https://plain.example.net/',
  ),
];
const matcher = new Matcher({ indicators: INDICATORS, mvtIndicators: INDICATORS }, LINK_SHORTENERS);
/** Through every quick no, as a record of a phone goes. */
const seen = (url: string): string[] =>
  matcher.check('check_url', url).strict.map(({ indicator, how }) => `${how} ${indicator.value}`);
const EVIL = 'nested-link evil.example.org';

describe('links inside links', () => {
  it.each([
    ['as Python quotes them', 'http://good.com/?u=http%3A//evil.example.org/'],
    ['with encoded slashes', 'http://good.com/?u=http:%2F%2Fevil.example.org/'],
    ['with an encoded letter', 'http://good.com/?u=%68ttp://evil.example.org/'],
    ['with encoded letters and signs', 'http://good.com/?u=h%74tp%3A%2F%2Fevil.example.org'],
    ['with every sign encoded', `http://good.com/?u=${percentAll('https://evil.example.org/')}`],
    ['encoded three times', 'http://good.com/?u=http%25253A%25252F%25252Fevil.example.org'],
    ['encoded twenty times', `http://good.com/?u=http%${'25'.repeat(20)}3A//evil.example.org`],
    ['with the digits of its escapes encoded', 'http://good.com/?u=http%%33%41//evil.example.org/'],
    ['without a scheme', 'http://good.com/?u=//evil.example.org'],
    ['without a scheme, encoded', 'http://good.com/?u=%2F%2Fevil.example.org%2Fx'],
    ['without a scheme, name and sign encoded', 'http://good.com/?a%3D%2f%2fevil.example.org%2Fx'],
    ['with one slash', 'https://good.com/?u=https:/evil.example.org/'],
    ['with no slash', 'https://good.com/?u=https:evil.example.org/'],
    ['with backslashes', 'https://good.com/?u=https:\\\\evil.example.org'],
    ['with slashes as JSON has them', 'https://good.com/?j={"u":"https:\\/\\/evil.example.org\\/x"}'],
    ['with a new line in the scheme, encoded', 'https://good.com/?u=ht%0Atps://evil.example.org/'],
    ['beside a byte that is no character', 'https://good.com/?u=%ff%68%74%74%70://evil.example.org/'],
    ['behind an encoded user', 'https://good.com/?u=https%3A%2F%2Fbank.example%40evil.example.org%2F'],
    ['behind a user with a quotation mark', "https://good.com/?u=https://x'@evil.example.org/"],
    ['made harmless', 'hxxps://good[.]com/?u=hxxps://evil[.]example[.]org/'],
    ['as a host of its own', 'http://http://evil.example.org/'],
    ['of another kind', 'https://good.com/?u=wss%3A%2F%2Fevil.example.org'],
    ['in a fragment', 'https://good.com/#/go?u=https:%2F%2Fevil.example.org'],
    ['behind a port', 'https://good.com:8443/?u=%68ttps://evil.example.org'],
    ['behind sixteen others', `http://good.com/?${"http://a.com'".repeat(400)}http://evil.example.org/`],
    [
      'at the end of a chain',
      `${'http://a.com/?u='.repeat(40)}${'http%3A%2F%2Fa.com%2F%3Fu='.repeat(40)}http://evil.example.org/`,
    ],
    ['in the address of a source', 'view-source:https://evil.example.org/x'],
    ['in the address of a blob', 'blob:https://evil.example.org/5d0a'],
    ['in the address of a reader', 'about:reader?url=https%3A%2F%2Fevil.example.org%2Fx'],
    ['in the text of a letter', 'mailto:?body=http%3A%2F%2Fevil.example.org'],
    ['in a script', "javascript:location='http://evil.example.org'"],
    ['in brackets', '<https://evil.example.org/>'],
    ['before another value', 'https://good.com/r?u=https://evil.example.org&x=1'],
    ['before another value, encoded', 'https://good.com/r?u=https%3A%2F%2Fevil.example.org&x=1'],
    ['before another value, without a scheme', 'https://good.com/r?u=//evil.example.org&x=1'],
    ['before a value with a user', 'https://good.com/r?u=https://evil.example.org&m=ana@good.com'],
    ['before an old border of values', 'https://good.com/r?u=https://evil.example.org;x=1'],
    ['with a port before another value', 'https://good.com/r?u=https://evil.example.org:8443&x=1'],
    ['behind a user with such a border', 'https://good.com/r?u=https%3A%2F%2Fa%26b%40evil.example.org&x=1'],
    [
      'behind such a user, before another',
      'https://good.com/r?u=https%3A%2F%2Fa%26b%40evil.example.org&m=c@good.com',
    ],
    [
      'below a label with such a border',
      'https://good.com/r?u=https%3A%2F%2Fa%26b.evil.example.org&m=c@good.com',
    ],
    ['behind a user with an emoji', 'https://good.com/r?u=https://😱ana@evil.example.org&m=c@good.com'],
    ['in a call', "javascript:f('x',https://evil.example.org)"],
    ['in brackets of a list', 'https://good.com/?u=[https://evil.example.org],2'],
    ['in curly brackets', 'https://good.com/?u={https://evil.example.org}'],
    ['in a list', 'https://good.com/?u=https://evil.example.org,https://good.org'],
    ['in a table', 'https://good.com/?u=https://evil.example.org|x'],
    ['before words behind a colon', 'https://good.com/?u=https://evil.example.org:x'],
  ])('%s', (_, url) => {
    expect(seen(url)).toEqual([EVIL]);
  });

  it('whole links, up to the next name of the query around them', () => {
    const exact = 'nested-link https://exact.example.net/path/to?q=1';
    for (const url of [
      'https://good.com/?u=https://exact.example.net/path/to?q=1',
      'https://good.com/?u=https%3A%2F%2Fexact.example.net%2Fpath%2Fto%3Fq%3D1&utm=x',
      'https://good.com/?u=https://exact.example.net/p%61th/./to?q=1#top',
      "javascript:open('https:\\/\\/exact.example.net\\/path\\/to?q=1')",
    ])
      expect(seen(url), url).toEqual([exact]);
    for (const behind of ['&', '&x=1', '&amp;x=1', ';x', ')', '],', ',x', '|x', '}', '%26x=1'])
      expect(seen(`https://good.com/?u=https://exact.example.net/path/to?q=1${behind}`), behind).toEqual([
        exact,
      ]);
    for (const behind of ['&x=1', ')', ',x', '],'])
      expect(seen(`https://good.com/?u=http://plain.example.net${behind}`), behind).toEqual([
        'nested-link https://plain.example.net/',
      ]);
    const two = of('urls', 'https://exact.example.net/?a=1&b=2');
    expect(
      new Matcher({ indicators: two, mvtIndicators: [] }, LINK_SHORTENERS).strict
        .url('https://good.com/?u=https%3A%2F%2Fexact.example.net%2F%3Fa%3D1%26b%3D2&x=1')
        .map(({ how }) => how),
    ).toEqual(['nested-link']);
    expect(seen('https://good.com/?u=http://plain.example.net:80')).toEqual([
      'nested-link https://plain.example.net/',
    ]);
    expect(seen('https://good.com/?u=https://exact.example.net/path/to?q=12')).toEqual([]);
  });

  it.each([
    'https://good.com//evil.example.org/x',
    'https://cdn.good.com/a//evil.example.org/b.js?v=1',
    'https://good.com/?u=/evil.example.org',
    'https://good.com/?u=//',
    'https://good.com/?u=//good.org/evil.example.org',
    'https://good.com/?u=//evil.example.org.good.com/',
    'https://good.com/?u=//evil.example.org@good.com/',
    'https://good.com/?u=%2F%2Fxevil.example.org',
    'https://good.com/?u=http%3A%2F%2Fgood.org%2Fevil.example.org',
    'https://good.com/?host=evil.example.org',
    'https://good.com/?q=evil.example.org%20https:',
    'https://good.com/?mail=ana%40evil.example.org',
    'https://good.com/?text=see http://good.org or ana@evil.example.org/',
    'https://good.com/?text=see%20http://good.org/%20or%20ana@evil.example.org/',
    'https://good.com/news:evil.example.org/',
    'mailto:ana@evil.example.org',
    'mailto:123@evil.example.org',
    'tel:1,evil.example.org',
    'https://good.com/?u=//evil.example.org@good.com&x=1',
    'https://good.com/?u=https://good.org&host=evil.example.org',
    'https://good.com/?u=https://x,evil.example.org&x=1',
    'http:/ /evil.example.org',
    'https:',
    'http://',
    'evil.example.orgx:80/',
    'precio: 3325256713',
    '3325256713',
  ])('does not mistake %s for one', (url) => {
    expect(seen(url)).toEqual([]);
  });
});

describe('links themselves', () => {
  it.each([
    'https:/evil.example.org/',
    'https:///evil.example.org/',
    'https:\\\\evil.example.org\\x',
    'https:evil.example.org',
    'HTTP:\\/evil.example.org',
    'wss:evil.example.org',
    '//evil.example.org/x',
    'evil.example.org:/x',
    '\u0001https://evil.example.org/',
    '\u200bhttps://evil.example.org/',
    '\u202ahttps://evil.example.org/\u202c',
    '\ufeffevil.example.org\u0000',
    'http://evil.example\u200b.org/',
    'https://evil.example.org,mira',
    'https://evil.example.org),otra/x',
    'https://evil.example.org&x=1',
    'https://ana@evil.example.org:es',
    'evil.example.org:8443/x',
    'evil.example.org:8443',
  ])('%j is a link to its host', (url) => {
    expect(seen(url)).toEqual(['host evil.example.org']);
  });

  it.each(['http://a b.evil.example.org/', 'http://b.evil.example.org is down'])(
    'a space in the host of %s hides no part of it',
    (url) => {
      expect(seen(url)).toEqual(['sub-domain evil.example.org']);
    },
  );

  it.each([
    'http://3325256713/',
    'http://0xc6336409/',
    'http://0XC6.51.0x64.9/',
    'http://0306.063.0144.011/',
    'http://198.51.25609/',
    'http://198.3367945/',
    'http://198.51.100.9./',
    'http://0x0000000000000000c6336409:80/',
    'http://user@3325256713',
    'http://３３２５２５６７１３/',
    'http://198%2e51.100.9/',
    'http://[64:ff9b::c633:6409]/',
    'http://[64:ff9b::198.51.100.9]/',
    'http://[::ffff:c633:6409]:8080/',
    'http://[::ffff:c633:6409]',
    'http://[::ffff:c633:6409',
    'http://[::ffff:c633:6409]:8080,x',
    'http://[::ffff:c633:6409],x',
    'https:3325256713',
    '198.51.100.9:8080/x',
  ])('%s goes to an address', (url) => {
    expect(seen(url)).toEqual(['address 198.51.100.9']);
  });

  it('addresses in all notations inside links, in texts and in whole links', () => {
    expect(seen('http://good.com/?u=http%3A//3325256713/')).toEqual(['nested-link 198.51.100.9']);
    expect(seen('http://good.com/?u=//0xc6336409/')).toEqual(['nested-link 198.51.100.9']);
    expect(seen('http://[2001:0DB8:0::9]/')).toEqual(['address 2001:db8::9']);
    for (const url of ['http://3405803781/x', 'http://0xcb007105/x', 'http://203.0.28933/./x'])
      expect(seen(url), url).toEqual(['exact-url http://203.0.113.5/x']);
  });

  it.each([
    'http://33252567130/',
    'http://198.51.100.09/',
    'http://198.51.100.9.1/',
    'http://198.51.256.9/',
    'http://198.51.65536/',
    'http://0xc6336409.example.com/',
    'http://c6336409/',
    'http://[64:ff9a::c633:6409]/',
  ])('%s goes to none that is known', (url) => {
    expect(seen(url)).toEqual([]);
  });

  it.each([
    'https://exact.example.net/p%61th/to?q=1',
    'https://exact.example.net/p%61th/%74o?%71=1',
    'https://exact.example.net//path/to?q=1',
    'https://exact.example.net/./path/x/../to?q=1',
    'https://exact.example.net/path/%2e/to?q=1',
    'https:\\\\exact.example.net\\path\\to?q=1#x',
  ])('%s is the link of an indicator', (url) => {
    expect(seen(url)).toEqual(['exact-url https://exact.example.net/path/to?q=1']);
  });

  it.each([
    'https://exact.example.net/path%2Fto?q=1',
    'https://exact.example.net/path/to/?q=1',
    'https://exact.example.net/Path/to?q=1',
    'https://exact.example.net/path/to?q=1/.',
    'https://exact.example.net/p%2561th/to?q=1',
  ])('%s is another one', (url) => {
    expect(seen(url)).toEqual([]);
  });
});

function percentAll(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Some signs in clear and some escaped, chosen by bits. */
const percentSome = (text: string, bits: number): string =>
  [...text].map((sign, at) => (((bits >>> (at % 31)) & 1) === 1 ? percentAll(sign) : sign)).join('');

const encoding = fc.oneof(
  fc.constantFrom(
    encodeURIComponent,
    // As Python quotes: slashes stay.
    (text: string) => encodeURIComponent(text).replaceAll('%2F', '/'),
    (text: string) => encodeURIComponent(text).toLowerCase(),
    percentAll,
    (text: string) => text.replaceAll('%', '%25').replaceAll(':', '%3a'),
  ),
  fc.nat(2 ** 31 - 1).map((bits) => (text: string) => percentSome(text, bits)),
);
const opening = fc.constantFrom(
  ...[
    'http://',
    'https://',
    'HTTP://',
    'hTTps://',
    'https:/',
    'https:///',
    'https:\\\\',
    'http:\\/',
    'https:',
  ],
  ...['ftp://', 'ws://', 'wss://', 'https:\\/\\/', '//', '\\\\', '/\\', '////'],
);
const notation = fc.constantFrom(
  ...[
    'evil.example.org',
    'EVIL.Example.ORG',
    'a.b.evil.example.org',
    'evil.example.org.',
    'evil.example.org:8443',
  ],
  ...[
    'user@evil.example.org',
    'a:b@evil.example.org:80',
    'good.com@evil.example.org',
    'xn--a.evil.example.org',
  ],
  ...['evil%2eexample.org', 'evil。example。org', '%65vil.example.org'],
);
const ending = fc.constantFrom(
  ...['', '/', '/x', '?a=b', '#c', '/x?y=z&w=1', '/%20', '&', ';', ')', ']', ',', '|', '}', '&x=1&y=//z.com'],
  ...[';x=1', ',mira', ')]}', '|b', '&m=ana@good.org', '&x=a:b', ':a', '&amp;x=1', ',https://good.org/'],
  ...[
    '…',
    '😱',
    '👉 entra',
    '❤️',
    '—cuidado',
    '¡Urgente!',
    '¿sí?',
    '→x',
    '、x',
    '[1]',
    '`',
    '“',
    '™',
    '\u{1f1f2}\u{1f1fd}',
  ],
);
/** What stands before a link inside another; a link without a scheme is one only as a value. */
const around = fc.constantFrom(
  ...[
    'https://good.com/r?u=',
    'http://www.good.com.mx/a/b?x=1&to=',
    'https://good.com:8443/#/u=',
    'good.com/?u=',
  ],
  ...['mailto:?body=', 'about:reader?url=', 'intent://good.com/#Intent;S.u=', "https://good.com/?u='&v="],
);
const planted = (name: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      around,
      opening,
      name,
      ending,
      fc.array(fc.tuple(encoding, around), { minLength: 1, maxLength: 3 }),
    )
    .map(([first, scheme, host, end, layers]) => {
      let url = `${scheme}${host}${end}`;
      // The value alone is encoded, as redirectors do, and then stands in the next link around.
      layers.forEach(([encode, outer], at) => {
        url = `${at === layers.length - 1 ? first : outer}${encode(url)}`;
      });
      return url;
    });

describe('an indicator, planted in a link in any notation and up to three encodings', () => {
  it('is found', () => {
    fc.assert(
      fc.property(planted(notation), (url) => {
        expect(seen(url), url).toContain(EVIL);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is not found where its letters are those of another host', () => {
    const other = fc.constantFrom(
      ...['notevil.example.org', 'evil.example.org.good.com', 'evil.example.orgs', 'evil-example.org'],
      ...[
        'evil.example.org@good.com',
        'good.com/evil.example.org',
        'good.com//evil.example.org',
        'example.org',
      ],
    );
    fc.assert(
      fc.property(planted(other), (url) => {
        expect(seen(url), url).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });
});
