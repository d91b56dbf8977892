import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKS, type Check, type Indicator } from '#shared/surveillance/indicators.ts';
import { differenceOf } from '../../electron/matching/differences.ts';
import { Matcher } from '../../electron/matching/matcher.ts';
import { matchModule, placeRecords } from '../../electron/matching/modules/match-module.ts';
import { FORMER_NAMES, MODULE_NAMES, UNCHECKED_MODULES } from '../../electron/matching/modules/modules.ts';
import { casesPresent, matcherFor, referenceCases, SHORTENERS } from './reference-cases.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/matching-differences.md'), 'utf8');

/** Names and counts in the tables of the page. */
const explained = Object.fromEntries(
  [...PAGE.matchAll(/^\| `([^`]+)` *\|.*\| *(\d+) *\|$/gmu)].map(([, name, count]) => [
    String(name),
    Number(count),
  ]),
);

const isCheck = (name: string): name is Check => (CHECKS as readonly string[]).includes(name);

describe.skipIf(!casesPresent)('differences over the inputs of the reference', () => {
  it('are those of the page, each as often as it says', () => {
    const found: Record<string, number> = {};
    for (const one of referenceCases) {
      if (!isCheck(one.check)) continue;
      const kind = differenceOf(one.check, matcherFor(one).check(one.check, one.observed));
      if (kind !== null) found[kind] = (found[kind] ?? 0) + 1;
    }
    expect(found).toEqual(explained);
    expect(Object.keys(found).length).toBeGreaterThan(20);
  });
});

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/u);
const host = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('com', 'org', 'co.uk', 'net'))
  .map(([labels, top]) => [...labels, top].join('.'));
const domains = (values: readonly string[]): Indicator[] =>
  values.map((value) => ({ value, type: 'domains', collection: 'Tests', set: 'tests' }));
const matcherOf = (indicators: readonly Indicator[]): Matcher =>
  new Matcher({ indicators, mvtIndicators: indicators }, SHORTENERS);

describe('both modes, whatever is observed', () => {
  it('an own link of a domain indicator matches strictly, at any depth and in any notation', () => {
    fc.assert(
      fc.property(host, fc.array(label, { maxLength: 2 }), fc.nat(3), (name, above, notation) => {
        const full = [...above, name].join('.');
        const link = [
          `https://${full}/a`,
          `http://${full.toUpperCase()}:8080/a?b`,
          `hxxps://${full.replaceAll('.', '[.]')}/`,
          `https://user@${full}./`,
        ][notation];
        const found = matcherOf(domains([name])).strict.url(link);
        expect(found.map(({ indicator }) => indicator.value)).toContain(name);
      }),
      { numRuns: 300 },
    );
  });

  it('a link of the usual form that the reference takes for the host of an indicator matches strictly too', () => {
    fc.assert(
      fc.property(
        fc.array(host, { minLength: 1, maxLength: 6 }),
        host,
        fc.webPath(),
        (values, seen, path) => {
          const matcher = matcherOf(domains(values));
          const { mvt, strict } = matcher.check('check_url', `https://${seen}${path}`);
          if (mvt?.how !== 'full-domain' && mvt?.how !== 'registrable-domain') return;
          // The reference strips leading letters w: then another host than the seen one was compared.
          if (/^[w.]/u.test(seen)) return;
          expect(strict.some(({ indicator }) => indicator.value === mvt.indicator.value)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('no match is lost on the way into the answer: each mode says the same alone and beside the other', () => {
    fc.assert(
      fc.property(
        fc.array(host, { maxLength: 4 }),
        fc.oneof(host, fc.webUrl(), fc.string()),
        (values, seen) => {
          const matcher = matcherOf(domains(values));
          const both = matcher.check('check_url', seen);
          expect(both.mvt).toEqual(matcher.mvt.url(seen));
          expect(both.strict).toEqual(matcher.strict.url(seen));
          const answer = matchModule(matcher, 'chrome_history', [{ url: seen }]);
          expect(answer.mvt.alerts.map(({ match }) => match)).toEqual(both.mvt === null ? [] : [both.mvt]);
          expect(answer.strict.map(({ match }) => match)).toEqual(both.strict);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('nothing that is observed ends the program', () => {
    const matcher = matcherOf(domains(['evil.example.org', '203.0.113.7']));
    fc.assert(
      fc.property(fc.constantFrom(...CHECKS), fc.anything(), (check, observed) => {
        matcher.check(check, observed);
      }),
      { numRuns: 500 },
    );
  });
});

const ALL_NAMES = [
  ...MODULE_NAMES,
  ...UNCHECKED_MODULES,
  ...Object.keys(FORMER_NAMES),
  'never_heard_of',
  'android:sms',
  '__proto__',
  'constructor',
];

describe('modules, whatever their records', () => {
  it('none of them ends the program, and every hit names a record of the file', () => {
    const matcher = matcherOf([
      ...domains(['evil.example.org']),
      { value: 'bh', type: 'processes', collection: 'Tests', set: 'tests' },
      { value: '/var/tmp/x', type: 'file_paths', collection: 'Tests', set: 'tests' },
    ]);
    const fields = fc.constantFrom(
      'url',
      'text',
      'links',
      'proc_name',
      'proc_id',
      'live_isodate',
      'path',
      'plist',
      'name',
      'package_name',
      'permissions',
      'files',
      'installer',
      'redirect_destination',
      'timestamp',
      'user',
      'uid',
      'process_name',
      'command_line',
      'entry',
      'value',
      'mount_point',
      'filename',
    );
    const value = fc.oneof(
      fc.constantFrom(
        'https://evil.example.org/',
        'bh',
        '/var/tmp/x',
        'http://a.example.com',
        '',
        null,
        1,
        0,
        true,
        2n ** 60n,
      ),
      fc.anything({ maxDepth: 2 }),
    );
    const records = fc.array(
      fc.oneof(
        { weight: 9, arbitrary: fc.dictionary(fields, value, { noNullPrototype: true }) },
        { weight: 1, arbitrary: fc.anything() },
      ),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL_NAMES),
        fc.oneof(records, fc.dictionary(fc.string(), records, { noNullPrototype: true }), fc.anything()),
        (name, observed) => {
          const answer = matchModule(matcher, name, observed, { today: '2026-11-22' });
          const { placed } = placeRecords(observed);
          const known = new Set(placed.map(({ index }) => index));
          for (const { record } of [...answer.mvt.alerts, ...answer.strict])
            expect(known.has(record)).toBe(true);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('unknown modules: every link in them is looked at strictly, and never by the reference', () => {
    const matcher = matcherOf(domains(['evil.example.org']));
    const answer = matchModule(matcher, 'custom_module', [
      { a: { b: ['see hxxps://evil[.]example[.]org/x, please'] } },
      { note: 'https://bit.ly/abc' },
    ]);
    expect(answer.known).toBe(false);
    expect(answer.mvt.alerts).toEqual([]);
    expect(answer.strict.map(({ record, field }) => `${String(record)} ${field}`)).toEqual(['0 a.b[0]']);
    expect(answer.shortened).toEqual([
      { record: 1, field: 'note', shortener: 'bit.ly', value: 'https://bit.ly/abc' },
    ]);
  });

  it('redirects are found in one pass over many records', () => {
    const count = 40_000;
    const records = Array.from({ length: count }, (_, at) => ({
      url: at % 2 === 0 ? `http://a${String(at)}.example.com/` : `https://b${String(at)}.example.org/`,
      visit_id: at,
      timestamp: 600_000_000 + at * 10 + (at % 2 === 0 ? 9.9 : 0),
      isodate: '',
      redirect_source: null,
      redirect_destination: at % 2 === 0 ? at + 1 : null,
      safari_history_db: 'History.db',
    }));
    const start = performance.now();
    const answer = matchModule(matcherOf([]), 'safari_history', records);
    expect(answer.mvt.alerts).toHaveLength(count / 2);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('numbers that a double cannot tell apart are told apart', () => {
    const visit = 9_007_199_254_740_993n;
    const record = { isodate: '', redirect_source: null, safari_history_db: 'h' };
    const records = [
      {
        ...record,
        url: 'http://a.example.com/',
        visit_id: 1,
        timestamp: 600_000_000.1,
        redirect_destination: visit,
      },
      {
        ...record,
        url: 'https://b.example.org/',
        visit_id: visit - 1n,
        timestamp: 600_000_000.2,
        redirect_destination: null,
      },
    ];
    expect(matchModule(matcherOf([]), 'safari_history', records).mvt.alerts).toEqual([]);
    records[1] = {
      ...record,
      url: 'https://b.example.org/',
      visit_id: visit,
      timestamp: 600_000_000.2,
      redirect_destination: null,
    };
    expect(matchModule(matcherOf([]), 'safari_history', records).mvt.alerts).toHaveLength(1);
  });

  it('a gap of a billion numbers ends in a cut answer', () => {
    const use = {
      first_isodate: 'a',
      isodate: 'a',
      live_isodate: 'a',
      proc_name: 'p',
      bundle_id: 'b',
      live_proc_id: 1,
    };
    const answer = matchModule(matcherOf([]), 'datausage', [
      { ...use, proc_id: 1 },
      { ...use, proc_id: 1_000_000_000_000 },
    ]);
    expect(answer.cut).toBe(true);
    expect(answer.mvt.alerts).toHaveLength(100_000);
  });
});
