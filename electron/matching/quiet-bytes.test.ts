import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Indicator } from '#shared/surveillance/indicators.ts';
import { LINK_SHORTENERS } from './matcher-of.ts';
import { Matcher } from './matcher.ts';
import { QuietBytes } from './quiet-bytes.ts';

const of = (type: Indicator['type'], ...values: string[]): Indicator[] =>
  values.map((value) => ({ value, type, collection: 'c', set: 's' }));
const INDICATORS = [
  ...of(
    'domains',
    'solo',
    'evil.example.org',
    'example.net',
    'wha.tsapp.me',
    'a_b.example.com',
    '203.0.113.7',
    'host9',
    'evil.h2',
    'bücher.example',
  ),
  ...of('urls', 'https://example.com/exact?x=1'),
];
const { quiet } = new Matcher({ indicators: INDICATORS, mvtIndicators: INDICATORS }, LINK_SHORTENERS);
const bytes = new QuietBytes(quiet);

const piece = fc.constantFrom(
  ...['https://', 'http://', 'HTTP://', 'hxxps://', '//', 'evil.example.org', 'x.evil.example.org', 'www.'],
  ...['evil[.]example[.]org', 'example.net', 'wwwexample.net', 'wha.tsapp.me', 'a_b.example.com', 'bit.ly'],
  ...['wha.tſapp.me', 'wha.tsappK.me'],
  ...[
    '203.0.113.7',
    '[::1]',
    'xn--bcher-kva.example',
    'XN--a.mx',
    'a--b.mx',
    'ｅvil.example.org',
    'diario.com.mx',
  ],
  ...['sub.dominio.org', 'x.notlisted', 'https://example.com/exact?x=1', '/', '/a?u=', '?q=', '#', ' ', '\n'],
  ...[
    '\t',
    '\\',
    '"',
    '\u0000',
    '\u007f',
    '\u0085',
    'é',
    'ñ',
    '😀',
    '\ud83d',
    '\ude00',
    '%2e',
    '(',
    '[.',
    '.',
    '-',
  ],
  ...[
    'http:/',
    'https:\\',
    'http:\\/\\/',
    'https:',
    '=//',
    '=/\\',
    '%68ttp:',
    '%3A//',
    '%2f',
    '%25',
    '%C3%B1',
    '[/]',
  ],
  ...['0xcb007107', '3405803783', '203.0.28935', '=', '%', '%%33a', 'wss:', '\u200b'],
  ...[
    '。',
    '．',
    '｡',
    'evil。example｡org',
    'evil[dot]example[dot]org',
    'evil{dot}',
    'wss://',
    'solo',
    ',',
    '&',
    '|',
  ],
  ...[
    'Mira good.com/',
    'x.co/a?',
    'good.com/?u=',
    'http:',
    'hxxps:',
    'http:solo',
    'solo.',
    'host9.',
    'evil.h2_',
    '…',
  ],
  ...['bücher.example', '\u00ad', '—', '`', '~', '*', ';', '¡'],
  ...['_', ':', '@', 'hola', 'com', 'HtTp', 'nota', 'n--', 'x'],
);
const host = fc.constantFrom(
  'diario.com.mx',
  'sub.dominio.org',
  'evil.example.org',
  'a-b.dominio9.com',
  'bit.ly',
  'x.notlisted',
);
const pieces = fc.array(piece, { minLength: 0, maxLength: 8 }).map((some) => some.join(''));
const text = fc.oneof(
  pieces,
  fc
    .tuple(fc.constantFrom('https://', 'http://'), host, fc.constantFrom('', '/', '/a?'), pieces)
    .map((some) => some.join('')),
);

/** As Python writes it, as others do, and with every sign as an escape. */
const FORMS: readonly ((value: string) => string)[] = [
  (value) => JSON.stringify(value),
  (value) =>
    JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  (value) => JSON.stringify(value).replaceAll('/', '\\/'),
  (value) =>
    `"${Array.from({ length: value.length }, (_, at) => `\\u${value.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`,
];
/** Also what is no JSON: control characters as they are, which a file may hold all the same. */
const rawForm = (value: string): string =>
  // eslint-disable-next-line no-control-regex -- they are what this is about
  `"${value.replaceAll(/[\u0000-\u001f"\\]/gu, (sign) => (sign === '"' || sign === '\\' ? `\\${sign}` : sign))}"`;
const RUNS = Number(process.env['QUIET_RUNS'] ?? 20_000);

describe('the quick no over the bytes of a JSON string', () => {
  test.each([
    ['link', (value: string) => quiet.isQuiet(value)],
    ['text', (value: string) => quiet.isQuietText(value)],
  ] as const)('%s: is said only where it is said of the string itself', (kind, isQuiet) => {
    let said = 0;
    fc.assert(
      fc.property(text, fc.constantFrom(...FORMS), (value, form) => {
        const raw = Buffer.from(`${form(value)} , "https://evil.example.org/"`);
        const close = bytes[kind](raw, 1, raw.length);
        if (close === -1) return;
        said += 1;
        const stored = raw.toString('utf8', 0, close + 1);
        const read = JSON.parse(stored) as string;
        expect(raw[close + 1], stored).toBe(32);
        expect(isQuiet(read), stored).toBe(true);
        if (kind === 'text' && /https?:\/\//iu.test(read)) expect(bytes.sawScheme, stored).toBe(true);
      }),
      { numRuns: RUNS },
    );
    expect(said).toBeGreaterThan(RUNS / 200);
  });

  test.each(['\t', '\n', '\r', '\u0001', '\u001f'])(
    'is never said of a link with %j in it, nor of a text where it stands in a link',
    (sign) => {
      const inLink = `https://diario.com.mx/?u=ht${sign}tp://sub.dominio.org/`;
      const inText = `ve a http://x${sign}@203.0.113.7/`;
      for (const form of [...FORMS, rawForm]) {
        const link = Buffer.from(form(inLink));
        expect(bytes.link(link, 1, link.length)).toBe(-1);
        if (sign !== '\u0001' && sign !== '\u001f') continue;
        const words = Buffer.from(form(inText));
        expect(bytes.text(words, 1, words.length)).toBe(-1);
      }
    },
  );

  test.each([
    'https://diario.com.mx/?u=%68ttp://evil.example.org/',
    'https://diario.com.mx/?u=http%3A//evil.example.org/',
    'https://diario.com.mx/?u=https:evil.example.org/',
    'https://diario.com.mx/?u=//evil.example.org/',
    'https://diario.com.mx/?u%3D//evil.example.org/',
    'https://diario.com.mx/?u=[/]/evil.example.org/',
    'https://0xcb007107/',
  ])('is never said of %s', (url) => {
    for (const form of FORMS) {
      const raw = Buffer.from(form(url));
      expect(bytes.link(raw, 1, raw.length)).toBe(-1);
    }
  });

  test.each([
    've a http://3405803783/x',
    've a wss://203.0.113.7/x',
    've a http://evil[dot]example[dot]org/x',
    've a http://evil。example。org/',
    've a evil．example｡org ya',
    've a evil。example。org',
    've a http://solo/x',
    've a https://ana@solo',
    've a http:/3405803783/',
    've a http:\\0xcb007107/',
    've a https:/ana@203.0.28935',
    'Mira http://solo. Ya',
    'Mira http://solo./x',
    'Mira http://ana@solo.',
    'Mira http://host9.',
    'Mira http://evil.h2_',
    'Mira good.com/?u=http:3405803783',
    'x.co/http:0xcb007107',
    'good.com/r?u=hxxps:ana@203.0.28935',
    'good.com/r?u=https:solo/x',
    'good.com/r?u=https:bücher.example/x',
    'good.com/r?u=https:evil.exａmple.org/x',
  ])('is never said of the text %s', (words) => {
    for (const form of FORMS) {
      const raw = Buffer.from(form(words));
      expect(bytes.text(raw, 1, raw.length)).toBe(-1);
    }
  });

  test('is never said of a string whose end is not in sight', () => {
    for (const value of ['https://diario.com.mx/nota/1', 'Nos vemos a las 10.30 \ud83d\ude00\n ya'])
      for (const form of FORMS.slice(0, 2)) {
        const raw = Buffer.from(form(value));
        for (let end = 1; end < raw.length; end += 1) {
          expect(bytes.link(raw, 1, end)).toBe(-1);
          expect(bytes.text(raw, 1, end)).toBe(-1);
        }
      }
  });

  test('is said of what phones are full of', () => {
    const at = (value: string, form: (value: string) => string): Buffer => Buffer.from(form(value));
    for (const url of [
      'https://diario.com.mx/nota/1?x=2#y',
      'http://a-b.dominio9.com/',
      'https://sub.dominio.org',
      'https://diario.com.mx/caf%C3%A9%20de%20olla?a[]=1&b=http&next=/x&t=10:30',
    ])
      for (const form of FORMS.slice(0, 2)) {
        const raw = at(url, form);
        expect(bytes.link(raw, 1, raw.length), url).toBe(raw.length - 1);
      }
    for (const words of [
      'Nos vemos a las 10.30, lleva "lo" de siempre...\ny ya',
      'Mira https://diario.com.mx/nota (está bien) ¿no? 😀',
    ])
      for (const form of FORMS.slice(0, 2)) {
        const raw = at(words, form);
        expect(bytes.text(raw, 1, raw.length), words).toBe(raw.length - 1);
      }
  });

  test('a run without end costs its length, not its square', () => {
    const long = Buffer.from(`"${'a.'.repeat(200_000)}com"`);
    const start = performance.now();
    bytes.text(long, 1, long.length);
    bytes.link(Buffer.from(`"https://${'a.'.repeat(200_000)}com/"`), 1, 500_000);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
