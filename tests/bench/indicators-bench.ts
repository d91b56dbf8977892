import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStixBundle, type StixReading } from '#shared/surveillance/stix-bundle.ts';
import { Matcher } from '../../electron/core/features/surveillance/index.ts';
import { LINK_SHORTENERS } from '../../electron/core/features/surveillance/index.ts';
import type { Measure } from './report.ts';

/** What MVT does on a machine with two shared cores, in link checks each second over the same set. */
const REFERENCE_PER_SECOND = 55_000;
const MVT_TIMES = 20;
const BOTH_TIMES = 10;

/** A set as large as the published one of Pegasus, for machines without it. */
const inventedSet = (): StixReading =>
  readStixBundle(
    {
      objects: Array.from({ length: 1_438 }, (_, at) => ({
        type: 'indicator',
        id: `indicator--${at}`,
        pattern: `[domain-name:value='invented-${at}.example${at % 7}.com']`,
      })),
    },
    'invented',
    '2026-11-22',
  );

const publishedSet = (): StixReading | null => {
  const path = join(process.cwd(), '../shared/data/stix/pegasus.stix2');
  return existsSync(path)
    ? readStixBundle(JSON.parse(readFileSync(path, 'utf8')), 'pegasus.stix2', '2026-11-22')
    : null;
};

/** Pseudo-random numbers, the same in every run. */
function* numbers(): Generator<number> {
  for (let state = 12_345; ; state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) yield state >>> 8;
}

/** Links as phones hold them: hosts of many kinds, long queries, some addresses, some hits. */
function links(count: number, domains: readonly string[]): string[] {
  const next = numbers();
  const number = (below: number): number => Number(next.next().value) % below;
  const word = (): string => number(1_000_000).toString(36);
  const tops = ['com', 'org', 'net', 'com.mx', 'org.mx', 'io', 'gob.mx', 'tv'];
  return Array.from({ length: count }, (_, at) => {
    if (at % 1_000 === 0) return `https://www.${domains[number(domains.length)] ?? ''}/${word()}`;
    if (at % 500 === 1) return `http://192.0.2.${number(250)}:8080/${word()}`;
    const host = `${number(3) === 0 ? 'www.' : number(4) === 0 ? `${word()}.` : ''}${word()}-${word()}.${tops[number(tops.length)] ?? 'com'}`;
    const path = Array.from({ length: number(4) }, word).join('/');
    return `http${number(5) === 0 ? '' : 's'}://${host}/${path}${number(2) === 0 ? `?id=${word()}&utm=${word()}` : ''}`;
  });
}

/** Best of some rounds, in calls each second: what the program does when the machine lets it. */
function rate(values: readonly string[], check: (value: string) => unknown): number {
  let best = 0;
  for (let round = 0; round < 5; round += 1) {
    const start = process.hrtime.bigint();
    for (const value of values) check(value);
    best = Math.max(best, values.length / (Number(process.hrtime.bigint() - start) / 1e9));
  }
  return best;
}

/** Matching alone, against the reference's own speed. */
export const indicatorsBench = (count: number): Measure[] => {
  const set = publishedSet() ?? inventedSet();
  const matcher = new Matcher(set, LINK_SHORTENERS);
  const values = links(
    count,
    set.indicators.filter(({ type }) => type === 'domains').map(({ value }) => value),
  );
  const mvt = rate(values, (value) => matcher.mvt.url(value));
  const both = rate(values, (value) => matcher.check('check_url', value));
  const shown = (perSecond: number): string => `${Math.round(perSecond / 1_000)} thousand/s`;
  const measure = (work: string, found: number, times: number): Measure => ({
    work,
    ours: shown(found),
    against: 'MVT, noted once',
    theirs: shown(REFERENCE_PER_SECOND),
    value: REFERENCE_PER_SECOND / found,
    atMost: 1 / times,
    unit: 'times',
  });
  return [
    measure(`links checked, mode mvt, ${set.indicators.length} indicators`, mvt, MVT_TIMES),
    measure('links checked, both modes', both, BOTH_TIMES),
  ];
};
