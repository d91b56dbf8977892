import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Indicator } from '#shared/surveillance/indicators.ts';
import { LINK_SHORTENERS } from './matcher-of.ts';
import { Matcher } from './matcher.ts';
import { looseLinks } from './modules/links.ts';

const of = (type: Indicator['type'], ...values: string[]): Indicator[] =>
  values.map((value) => ({ value, type, collection: 'c', set: 's' }));

const INDICATORS = [
  ...of(
    'domains',
    'evil.example.org',
    'example.net',
    'www.tzsafe.example',
    'wha.tsapp.me',
    'wha.tſapp.me',
    'a_b.example.com',
    'bücher.example',
    '203.0.113.7',
    '198.51.100.0/24',
    'fgr1.xyz/x',
    'bad-host.mx',
    'solo',
    'host9',
    'evil.h2',
    'evil.xn--p1ai',
  ),
  ...of('urls', 'https://example.com/exact?x=1', 'ftp://files.example.info/a', 'http://192.0.2.77/x'),
];
const matcher = new Matcher({ indicators: INDICATORS, mvtIndicators: INDICATORS }, LINK_SHORTENERS);

/** Pieces out of which hostile and ordinary links and texts are put together. */
const piece = fc.constantFrom(
  'https://',
  'http://',
  'HTTP://',
  'hxxps://',
  'https[:]//',
  '//',
  'evil.example.org',
  'EVIL.Example.Org',
  'x.evil.example.org',
  'notevil.example.org',
  'evil[.]example[.]org',
  'evil(dot)example.org',
  'evil.example.org.',
  'evil.example.org:8443',
  'ana@evil.example.org',
  'example.net',
  'wwwexample.net',
  'www.tzsafe.example',
  'tzsafe.example',
  'wha.tsapp.me',
  'a_b.example.com',
  'https_evil.example.org_0',
  'bücher.example',
  'xn--bcher-kva.example',
  'b%C3%BCcher.example',
  '203.0.113.7',
  '203.0.113.70',
  '198.51.100.9',
  '0xcb.0.113.7',
  '3405803783',
  '[::ffff:203.0.113.7]',
  'bit.ly',
  'www.bit.ly',
  'fgr1.xyz',
  'bad-host.mx',
  'ｅvil.example.org',
  'https://example.com/exact?x=1',
  'files.example.info',
  'example.com',
  'diario.com.mx',
  '/',
  '/a?u=',
  '?q=',
  '#',
  ' ',
  '\n',
  ', ',
  '.',
  '-',
  '_',
  '(',
  ')',
  '"',
  "'",
  '<',
  '>',
  'hola',
  'ñ',
  '.x1',
  '-foo',
  'com',
  ':',
  '@',
  '%2e',
  '\\',
  ':/',
  ':\\\\',
  'https:',
  'http:/',
  'https:\\',
  'http:\\/\\/',
  '=//',
  '=/\\',
  '=[/][/]',
  '%3d%2f%2f',
  '%68ttp://',
  'h%74%54p:',
  'http%3A//',
  'http:%2F%2F',
  '%25',
  '%3',
  '%5c',
  '%0a',
  '%C3%B1',
  '0xc6336409',
  '0306.063.0144.011',
  '198.51.25609',
  '[64:ff9b::c633:6409]',
  '3221226061/x',
  'view-source:',
  'ws:',
  'wss://',
  'news://',
  'http[://]',
  'hxxp[//]',
  'evil[dot]example[dot]org',
  'evil{.}example{dot}org',
  'evil。example。org',
  'evil．example｡org',
  '．',
  'solo',
  '&x=1',
  ';',
  ',',
  '|',
  ']',
  '}',
  '\u200b',
  '。',
  '\u0001',
  '\u001f',
  '\t',
  ...[
    'Mira good.com/',
    'x.co/',
    'good.com/?u=',
    'x.co/a?',
    'http:',
    'hxxp:',
    'ftp:',
    '3405803783',
    'solo.',
    'host9.',
  ],
  ...[
    'evil.h2.',
    'evil.h2_',
    'evil.xn--p1ai',
    'Xn--bcher-kva.example',
    'evil.exａmple.org',
    '\u00ad',
    '…',
    '😱',
    '❤️',
  ],
  ...[
    '—',
    '¡',
    '→',
    '`',
    '~',
    '*',
    '[1]',
    '_evil.example.org_',
    'aa.'.repeat(12),
    'evil.example.org。Ya',
    '(dot)Ya',
  ],
);
const text = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
const RUNS = Number(process.env['QUIET_RUNS'] ?? 20_000);

/** What the strict mode says where no quick no is asked: a space in front changes nothing else. */
const strictSlowly = (url: string) => matcher.strict.url(` ${url}`);
/** The same of the reference, which takes the tab out. */
const referenceSlowly = (url: string) =>
  matcher.mvt.url(url.replace(/^(https?:\/\/)/u, (scheme) => `${scheme}\t`)) ?? matcher.mvt.url(url);

const anyCase = (word: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) => [...word].map((sign, at) => (upper[at] === true ? sign.toUpperCase() : sign)).join(''));
const control = fc.constantFrom('\t', '\n', '\r', '\r\n', '\u0000', '\u0001', '\u000b', '\u001f', '\u007f');
/** A scheme in any case, perhaps with control characters in it. */
const scheme = fc
  .tuple(
    fc.oneof(
      anyCase('http'),
      anyCase('https'),
      fc
        .tuple(fc.constantFrom('http', 'https', 'hxxps', 'h**p', 'wss'), fc.nat(31))
        .map(([name, bits]) =>
          [...name]
            .map((sign, at) => ((bits >>> at) & 1 ? `%${sign.charCodeAt(0).toString(16)}` : sign))
            .join(''),
        ),
    ),
    fc.constantFrom(
      ...[
        '://',
        '%3a%2f%2f',
        '%3A%2F%2F',
        '%253a%252F%252f',
        '[:]//',
        '[://]',
        '[//]',
        ':/',
        '://[',
        ':',
        ':///',
      ],
      ...[':\\', ':\\\\', ':\\/\\/', '%3A//', ':%2F%2f', '%25253A//', '%%33a//', ':%5c'],
    ),
    fc.array(fc.tuple(fc.nat(12), control), { maxLength: 2 }),
  )
  .map(([name, behind, controls]) => {
    let whole = `${name}${behind}`;
    for (const [at, sign] of controls) whole = whole.slice(0, at) + sign + whole.slice(at);
    return whole;
  });
/** Two slashes as a value, in many forms. */
const value = fc
  .tuple(
    fc.constantFrom('=', '%3d', '%3D', '%253d', '%%33d', '', '=%0a'),
    fc.array(fc.constantFrom('/', '\\', '%2f', '%5C', '%252F', '[/]'), { minLength: 1, maxLength: 3 }),
  )
  .map(([equals, slashes]) => equals + slashes.join(''));
const inside = fc.constantFrom(
  ...[
    'evil.example.org/',
    'x.evil.example.org',
    'EVIL.example.org',
    'user@198.51.100.9/',
    '3325256713/',
    '0xc6336409',
    '3221226061/x',
    'example.net:80/a',
  ],
  ...['evil%2eexample.org', 'evil[.]example[.]org', 'b\u00fccher.example', 'xn--bcher-kva.example'],
  ...['diario.com.mx/', 'example.com/exact?x=1'],
);
const front = fc.constantFrom(
  ...['https://diario.com.mx', 'http://sub.dominio.org', 'https://diario.com.mx:8443', 'http://a--b.com.mx'],
  ...[
    'http://xn--evil-.example.org',
    'http://a.xn--bcher-kva.example',
    'http://WWW.Diario.com.mx',
    'https://',
  ],
  ...['http://x.notlisted', 'https://diario.com.mx.', 'http://evil-host.mx', 'http://0xc6.com.mx', 'HTTP://'],
);
const between = fc.constantFrom('/?u=', '/a/', '#', '?', '/', '/\n', '', '/r?to="', "/'", '/<', '/h', '/hxx');
const nestedLink = fc
  .tuple(
    front,
    fc.array(fc.tuple(between, fc.oneof(scheme, control, piece, value), inside), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.constantFrom('', '\n', ' ', '/fin'),
  )
  .map(([first, parts, last]) => `${first}${parts.flat().join('')}${last}`);

/** A link in the path of a bare name, as a person writes it in a sentence. */
const bareLink = fc
  .tuple(
    fc.constantFrom('Mira ', '', '(', '¡', 'pasos:'),
    fc.constantFrom(
      'good.com/',
      'x.co/',
      'good.com/r?u=',
      'diario.com.mx/a/',
      'a_b.mx/?u=',
      'aa.'.repeat(11) + 'mx/',
    ),
    fc.oneof(
      scheme,
      value,
      fc.constantFrom(
        'http:',
        'https:',
        'HTTP:',
        'hxxps:',
        'h**p:',
        'h__p:',
        'http:/',
        'ws://',
        'ftp:',
        'tap:',
        'https:ana@',
      ),
    ),
    fc.oneof(
      inside,
      fc.constantFrom('solo', 'solo.', 'host9', '3405803783', '198.51.100.9', '[::ffff:203.0.113.7]'),
    ),
    fc.constantFrom('', '.', '/x', '_', '…', '😱', '—ya', ',ya', ';ya', '|ya', ' ya', '. Ya'),
  )
  .map((parts) => parts.join(''));

describe('the quick no', () => {
  test.each([
    'http://good.com/?u=Http://evil.example.org/',
    'http://good.com/?u=hTTp://evil.example.org/',
    'http://good.com/?u=ht\ntp://evil.example.org/',
    'http://good.com/?u=ht\ttp://evil.example.org/',
    'http://good.com/?u=http\r://evil.example.org/',
    'http://good.com/?u=http%3A//evil.example.org/',
    'http://good.com/?u=http:%2F%2Fevil.example.org/',
    'http://good.com/?u=%68ttp://evil.example.org/',
    'http://good.com/?u=h%74tp%3A%2F%2Fevil.example.org',
    'http://good.com/?u=%25%36%38ttp%3A//evil.example.org',
    'http://good.com/?u=https:evil.example.org',
    'http://good.com/?u=//evil.example.org',
    'http://good.com/?u%3d//evil.example.org',
    'http://good.com/?u=%2f/evil.example.org',
    'http://good.com/?u=[/]/evil.example.org',
    'http://good.com/?u=http[//]evil.example.org',
    'http://good.com/?u=wss://evil.example.org',
  ])('hides no link inside a link: %j', (url) => {
    expect(matcher.quiet.isQuiet(url)).toBe(false);
    expect(matcher.strict.url(url).map(({ how }) => how)).toEqual(['nested-link']);
  });

  test('of links with links in them is what both modes say when they read all of it', () => {
    let quiet = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: nestedLink }, text), (url) => {
        expect(matcher.strict.url(url), url).toEqual(strictSlowly(url));
        if (!matcher.quiet.isQuiet(url)) return;
        quiet += 1;
        expect(strictSlowly(url), url).toEqual([]);
        expect(referenceSlowly(url), url).toBeNull();
      }),
      { numRuns: RUNS },
    );
    expect(quiet).toBeGreaterThan(RUNS / 200);
  });

  test('is never said of a link that either mode, or the list of shorteners, speaks of', () => {
    fc.assert(
      fc.property(text, (url) => {
        if (!matcher.quiet.isQuiet(url)) return;
        expect(matcher.mvt.url(url), url).toBeNull();
        expect(matcher.strict.url(url), url).toEqual([]);
        expect(matcher.shortener(url), url).toBeNull();
      }),
      { numRuns: RUNS },
    );
  });

  test('is never said of a text in which a link would match or be shortened', () => {
    fc.assert(
      fc.property(fc.oneof(text, nestedLink, bareLink), (words) => {
        if (!matcher.quiet.isQuietText(words)) return;
        for (const { value } of looseLinks('', words)) {
          expect(strictSlowly(String(value)), words).toEqual([]);
          expect(matcher.shortener(String(value)), words).toBeNull();
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('a control character ends no link in a text', () => {
    for (const words of ['ve a http://x\u0001@198.51.100.9/', 've a http://x\u001f@198.51.100.9/']) {
      expect(looseLinks('', words).flatMap(({ value }) => strictSlowly(String(value)))).toHaveLength(1);
      expect(matcher.quiet.isQuietText(words)).toBe(false);
    }
  });

  test('takes no address with letters in it for a name', () => {
    expect(matcher.strict.url('http://0xc6336409/')).toHaveLength(1);
    expect(matcher.strict.url('http://198.51.0x6409/')).toHaveLength(1);
  });

  test.each([
    've a http:/3325256713/a',
    've a http:\\0xc6336409/a',
    've a http:/ana@198.51.25609',
    've a http://x?u=https:3325256713/',
    've a http://3325256713/x',
    've a wss://198.51.100.9/x',
    've a wss:\\\\3325256713',
    've a http://evil[dot]example[dot]org/x',
    've a evil{dot}example{.}org',
    've a http://evil。example。org/',
    've a evil．example｡org',
    've a https://198.51.100.9,mira',
    've a http[://]3325256713',
    've a http://solo/x',
    've a http:\\\\ana@solo',
    'Mira http://solo. Ya',
    'Mira http://solo./x',
    'Mira http://ana@solo.',
    'Mira http://host9.',
    'Mira http://evil.h2.',
    'Mira good.com/?u=http:3405803783',
    'Mira good.com/?u=http:solo/x',
    'x.co/http:0xcb007107',
    'good.com/r?u=hxxps:ana@198.51.100.9',
    'good.com/r?u=https:bücher.example/x',
    'good.com/r?u=https:evil.exａmple.org/x',
    'good.com/r?u=https:evil.exam\u00adple.org/x',
    'Mira https://Xn--bcher-kva.example',
    'Mira http://👉203.0.113.7',
  ])('of a text: %s', (words) => {
    expect(matcher.quiet.isQuietText(words)).toBe(false);
    expect(looseLinks('', words).flatMap(({ value }) => strictSlowly(String(value)))).not.toEqual([]);
  });

  test('knows that a link to an address is an indicator where no address is one by itself', () => {
    const links = of('urls', 'http://192.0.2.77/x');
    const alone = new Matcher({ indicators: links, mvtIndicators: links }, LINK_SHORTENERS);
    expect(alone.quiet.isQuietText('ve a http://3221226061/x.')).toBe(false);
    expect(alone.strict.url('http://3221226061/x').map(({ how }) => how)).toEqual(['exact-url']);
  });

  test('is said of what phones are full of', () => {
    for (const url of [
      'https://diario.com.mx/nota/1?x=2#y',
      'https://diario.com.mx/caf%C3%A9%20de%20olla?a[]=1&b=http&next=/x&t=10:30',
      'http://a-b.example9.com/',
      'https://sub.dominio.org/',
    ])
      expect(matcher.quiet.isQuiet(url), url).toBe(true);
    for (const words of [
      'Nos vemos a las 10.30, lleva lo de siempre...',
      'Mira https://diario.com.mx/nota (está bien) ¿no?',
    ])
      expect(matcher.quiet.isQuietText(words), words).toBe(true);
  });

  test('a run without end costs its length, not its square', () => {
    const long = `${'a.'.repeat(200_000)}com`;
    const start = performance.now();
    matcher.quiet.isQuietText(long);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

test('two letters that count as s and k where case does not matter make no text quiet', () => {
  for (const words of ['entra a wha.tſapp.me/x', 'wha.tſapp.me', 'tzſafe.example', 'ban\u212a.example'])
    expect(matcher.quiet.isQuietText(words)).toBe(false);
  expect(matcher.quiet.isQuietText('entra a diario.com.mx/ñ')).toBe(true);
});
