import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INDICATOR_TYPES, type Match } from '#shared/surveillance/indicators.ts';
import { MvtMatcher } from '../../electron/matching/mvt-checks.ts';
import { readStixBundle } from '#shared/surveillance/stix-bundle.ts';
import shorteners from '#resources/surveillance/link-shorteners.json' with { type: 'json' };

const DATA = join(import.meta.dirname, '../../../shared/data');
const CASES = join(DATA, 'conformance/cases.jsonl');
const present = existsSync(CASES);

interface ReferenceCase {
  readonly id: string;
  readonly check: string;
  readonly network: string;
  readonly bundle: string | string[] | null;
  readonly observed: unknown;
  readonly expected: Record<string, unknown>;
}

const cases: ReferenceCase[] = present
  ? readFileSync(CASES, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ReferenceCase)
  : [];

const known = new Set(shorteners.hosts);
const matchers = new Map<string, MvtMatcher>();
function matcherFor(bundle: ReferenceCase['bundle']): MvtMatcher {
  const files = bundle === null ? [] : [bundle].flat();
  const key = files.join('|');
  const made =
    matchers.get(key) ??
    new MvtMatcher(
      files.flatMap(
        (file) =>
          readStixBundle(JSON.parse(readFileSync(join(DATA, file), 'utf8')), basename(file), '2026-01-01')
            .mvtIndicators,
      ),
      known,
    );
  matchers.set(key, made);
  return made;
}

const answer = (match: Match | null): Record<string, unknown> =>
  match === null
    ? { match: false }
    : {
        match: true,
        indicator: match.indicator.value,
        type: match.indicator.type,
        collection: match.indicator.collection,
        how: match.how,
      };

const first = (observed: unknown, check: (one: unknown) => Match | null): Match | null => {
  for (const one of Array.isArray(observed) ? observed : []) {
    const match = check(one);
    if (match !== null) return match;
  }
  return null;
};

function run(matcher: MvtMatcher, one: ReferenceCase): Match | null {
  switch (one.check) {
    case 'check_url':
      return matcher.url(one.observed);
    case 'check_urls':
      return first(one.observed, (url) => matcher.url(url));
    case 'check_process':
      return matcher.process(one.observed);
    case 'check_processes':
      return first(one.observed, (name) => matcher.process(name));
    case 'check_email':
      return matcher.email(one.observed);
    case 'check_file_name':
      return matcher.fileName(one.observed);
    case 'check_file_path':
      return matcher.filePath(one.observed);
    case 'check_file_path_process':
      return matcher.filePathProcess(one.observed);
    case 'check_file_hash':
      return matcher.fileHash(one.observed);
    case 'check_app_id':
      return matcher.appId(one.observed);
    case 'check_app_certificate_hash':
      return matcher.certificateHash(one.observed);
    case 'check_profile':
      return matcher.profile(one.observed);
    case 'check_android_property_name':
      return matcher.androidProperty(one.observed);
    default:
      throw new Error(`no such check ${one.check}`);
  }
}

const offline = cases.filter((one) => one.network === 'off');
const checks = offline.filter((one) => one.check.startsWith('check_'));
const bundles = offline.filter((one) => one.check === 'parse_stix2');

describe.skipIf(!present)('answers of the reference, network off', () => {
  it(`gives all ${String(checks.length)} of them`, () => {
    const different = checks.flatMap((one) => {
      const ours = answer(run(matcherFor(one.bundle), one));
      return JSON.stringify(ours) === JSON.stringify(one.expected)
        ? []
        : [{ id: one.id, observed: one.observed, ours, theirs: one.expected }];
    });
    expect(different).toEqual([]);
    expect(checks.length).toBeGreaterThan(800);
  });

  it(`reads all ${String(bundles.length)} bundles as it does, errors included`, () => {
    const different = bundles.flatMap((one) => {
      const { reference } = readStixBundle(one.observed, 'x', '2026-01-01');
      const ours = reference.loads
        ? {
            collections: reference.collections.map(({ name, lists, count }) => ({
              name,
              ...Object.fromEntries(
                INDICATOR_TYPES.flatMap((type) => (lists[type] === undefined ? [] : [[type, lists[type]]])),
              ),
              count,
            })),
            total: reference.total,
          }
        : { error: reference.error };
      const theirs = 'error' in one.expected ? { error: one.expected['error'] } : one.expected;
      return JSON.stringify(ours) === JSON.stringify(theirs)
        ? []
        : [{ id: one.id, observed: one.observed, ours, theirs }];
    });
    expect(different).toEqual([]);
  });
});
