import { describe, expect, it } from 'vitest';
import type { Indicator, IndicatorType } from '#shared/surveillance/indicators.ts';
import { LINK_SHORTENERS } from './matcher-of.ts';
import { Matcher } from './matcher.ts';
import { looseLinks } from './modules/links.ts';

const of = (type: IndicatorType, ...values: string[]): Indicator[] =>
  values.map((value) => ({ value, type, collection: 'C', set: 's' }));
const INDICATORS = [
  ...of('domains', 'evil.example.org', 'bücher.example', '198.51.100.9', '2001:db8::9'),
  ...of('urls', 'https://exact.example.net/path/to?q=1'),
];
const matcher = new Matcher({ indicators: INDICATORS, mvtIndicators: INDICATORS }, LINK_SHORTENERS);
const seen = (url: string): string[] =>
  matcher.check('check_url', url).strict.map(({ indicator, how }) => `${how} ${indicator.value}`);

/** Milliseconds of the best of two runs. */
function least(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 2; turn += 1) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const SMALL = 32_000;
const TIMES = 8;
/** Work that grows with the square would take 64 times as long. */
const MOST_TIMES = 32;
/** Of less nothing can be said on a machine that does other things too. */
const FLOOR_MS = 20;

/** A piece as often as it takes for so many units. */
const fill = (piece: string) => (chars: number) => piece.repeat(Math.ceil(chars / piece.length));
const BLOCKS = [
  [0x4e00, 0x9fa5],
  [0x3400, 0x4db5],
  [0xac00, 0xd7a3],
  [0x20000, 0x2a6d6],
  [0x2a700, 0x2b734],
] as const;
const MANY_SIGNS = BLOCKS.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)),
);
/** Different signs of many scripts, so many in each piece, and something behind each piece. */
const signs =
  (count: number, behind: string) =>
  (chars: number): string => {
    const pieces: string[] = [];
    for (let at = 0, length = 0; length < chars; at += count) {
      const from = at % (MANY_SIGNS.length - count);
      const piece = MANY_SIGNS.slice(from, from + count).join('') + behind;
      pieces.push(piece);
      length += piece.length;
    }
    return pieces.join('').slice(0, chars);
  };

describe('many links to the host of a long indicator', () => {
  const long = `https://long.example.net/${'a/'.repeat(1_000)}`;
  const whole = of('urls', long, 'https://long.example.net/b?c=1', 'https://short.example.net/a');
  const strict = new Matcher({ indicators: whole, mvtIndicators: [] }, LINK_SHORTENERS).strict;
  const hits = (url: string): string[] => strict.url(url).map(({ indicator }) => indicator.value);

  it.each(['http://long.example.net/%61/./', '=//long.example.net/&', 'http://short.example.net/b/../'])(
    '%s hide no link behind them and cost little',
    (piece) => {
      const many = `https://good.com/?u=${piece.repeat(Math.ceil(80_000 / piece.length))}`;
      expect(hits(`${many} ${long}`)).toContain(long);
      expect(hits(`${many} https://long.example.net/b?c=1`)).toContain('https://long.example.net/b?c=1');
      expect(hits(`https://good.com/?u=https://long.example.net/%61/..//b?c=1&v=${many}`)).toContain(
        'https://long.example.net/b?c=1',
      );
      const small = many.slice(0, many.length / TIMES);
      const short = Math.max(
        least(() => hits(small)),
        FLOOR_MS,
      );
      expect(least(() => hits(many)) / short).toBeLessThan(MOST_TIMES);
    },
  );
});

describe('a hostile link costs its length, not its square', () => {
  it.each([
    ['decoys', "http://a.com'"],
    ['schemes in a row', 'http:'],
    ['slashes as values', '=//'],
    ['slashes', '/'],
    ['escaped percent signs', '%25'],
    ['broken escapes', '%%332'],
    ['labels', 'a.'],
    ['users', 'a@'],
    ['quoted users', `http:a"@`],
    ['chained links', 'http://a.com/?u='],
    ['links of an indicator', 'https://exact.example.net/path/to?q='],
    ['escaped links', 'http%3A%2F%2Fa.com%2F'],
    ['brackets', '[.'],
    ['spaces', ' '],
    ['ports', ':1'],
    ['links and values', '&u=http://a.com'],
    ['hosts and signs', ','],
    ['users and signs', 'a,@'],
    ['labels and colons', 'a.b:1:'],
    ['refused labels', 'xn--a.'],
    ['labels of other scripts', 'ñ.'],
    ['signs that are left out', '\u00ad'],
    ['emoji', '😱'],
    ['emoji and points', '😱.'],
    ['wide full stops', 'a。'],
    ['names and wide full stops', 'a.com。'],
    ['points in brackets', 'a[.]com(dot)'],
    ['names and underscores', '_a.b'],
    ['hyphens', '-'],
    ['hyphens and full stops', '-.'],
    ['labels and hyphens', 'a-'],
    ['labels that end in digits', 'a.1'],
    ['schemes without a link', 'a.https'],
    ['escaped emoji', '%F0%9F%98%B1'],
    ['lists of links', 'https://exact.example.net/path/to?q=1,'],
  ])('%s', (_, piece) => costsItsLength(fill(piece)));

  it.each([
    ['one label', signs(MANY_SIGNS.length - 1, '')],
    ['labels of two hundred', signs(200, '.')],
    ['labels of fifty', signs(50, '.')],
    ['labels of fifty and full stops of their script', signs(50, '。')],
    ['hosts of two hundred', signs(200, '&u=http://')],
    ['hosts of eighty', signs(80, ' http://')],
    ['users of eighty', signs(80, '@')],
  ])('different signs of many scripts: %s', (_, text) => costsItsLength(text));

  it.each([
    ['one label of a name', (chars: number) => `${'a'.repeat(chars)}.com`],
    ['one label of a name made harmless', (chars: number) => `${'a'.repeat(chars)}[.]notlisted`],
    ['labels made harmless', (chars: number) => `${'a[.]'.repeat(chars / 4)}notlisted`],
    ['labels behind an underscore', (chars: number) => `${'_'.repeat(chars)}a.com`],
  ])('long names: %s', (_, text) => costsItsLength(text));

  it('a long label, or many labels, hide no indicator behind them', () => {
    for (const before of [signs(20_000, '')(20_000), signs(20, '.')(20_000), 'ñ.'.repeat(5_000)])
      for (const host of ['evil.example.org', 'xn--bcher-kva.example', 'bücher。example'])
        expect(matcher.strict.url(`https://${before}.${host}/x`).map(({ how }) => how)).toEqual([
          'sub-domain',
        ]);
    expect(seen(`https://b${'\u00ad'.repeat(5_000)}ücher.example/`)).toEqual(['host bücher.example']);
  });

  function costsItsLength(text: (chars: number) => string): void {
    const long = (chars: number): readonly string[] =>
      ['https://good.com/?u=', 'https://good.com/?u=http://', 'https://', ''].map(
        (start) => `${start}${text(chars)}`,
      );
    const small = long(SMALL);
    const large = long(SMALL * TIMES);
    const work = (urls: readonly string[]) => (): void => {
      for (const url of urls) matcher.strict.url(url);
      for (const url of urls) for (const { value } of looseLinks('', url).slice(0, 2)) seen(String(value));
    };
    const short = Math.max(least(work(small)), FLOOR_MS);
    expect(least(work(large)) / short).toBeLessThan(MOST_TIMES);
  }
});
