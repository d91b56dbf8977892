import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchModule, type ModuleAnswer } from '../../electron/matching/modules/match-module.ts';
import { casesPresent, DATA, matcherFor, matcherOver, referenceCases } from './reference-cases.ts';

const cases = referenceCases.filter(({ check }) => check === 'module');

/** Our answer in the form of the reference's. */
const asExpected = ({ mvt }: ModuleAnswer): Record<string, unknown> =>
  mvt.error === null
    ? {
        alerts: mvt.alerts.map(({ level, message, eventTime, match }) => ({
          level,
          message,
          event_time: eventTime,
          indicator: match?.indicator.value ?? null,
          indicator_type: match?.indicator.type ?? null,
        })),
      }
    : { error: mvt.error.name, message: mvt.error.message };

describe.skipIf(!casesPresent)('records of modules, as the reference answers', () => {
  it(`gives all ${String(cases.length)} answers`, () => {
    const different = cases.flatMap((one) => {
      const ours = asExpected(matchModule(matcherFor(one), one.module ?? '', one.observed));
      return JSON.stringify(ours) === JSON.stringify(one.expected)
        ? []
        : [{ id: one.id, module: one.module, observed: one.observed, ours, theirs: one.expected }];
    });
    expect(different).toEqual([]);
    expect(cases).toHaveLength(107);
  });

  it('finds strictly, with its place, everything that an indicator matched', () => {
    for (const one of cases) {
      const answer = matchModule(matcherFor(one), one.module ?? '', one.observed);
      for (const { match, record } of answer.mvt.alerts) {
        if (match === null) continue;
        const same = answer.strict.filter(
          (hit) => hit.record === record && hit.match.indicator.value === match.indicator.value,
        );
        expect(same.length, `${one.id} ${match.indicator.value}`).toBeGreaterThan(0);
      }
    }
  });
});

const RESULTS = join(DATA, 'mvt-output/v2026.7.29');
const resultsPresent = existsSync(RESULTS);
const folders = resultsPresent ? readdirSync(RESULTS) : [];
const NOT_MODULES = new Set(['alerts', 'info', 'urls']);

interface StoredAlert {
  readonly level: string;
  readonly module: string;
  readonly message: string;
  readonly event_time: string;
  readonly matched_indicator: { readonly value: string } | null;
}

/** Records as they were when the alerts were made: for each number that was missing one was then put in. */
const asExtracted = (content: unknown): unknown =>
  Array.isArray(content)
    ? content.filter(
        (record: { proc_name?: unknown }) => !String(record.proc_name).startsWith('MISSING [follows'),
      )
    : content;

describe.skipIf(!resultsPresent)('real results, looked at again', () => {
  it.each(folders)('%s: the alerts that were stored with it', (folder) => {
    const matcher = matcherOver([join(DATA, 'stix/mvt-tests-indicators.stix2')]);
    const files = readdirSync(join(RESULTS, folder)).filter(
      (name) =>
        name.endsWith('.json') &&
        !name.endsWith('_detected.json') &&
        !NOT_MODULES.has(basename(name, '.json')),
    );
    const ours = files.flatMap((name) => {
      const slug = basename(name, '.json');
      const platform = folder.startsWith('ios') ? '' : 'android:';
      const content: unknown = JSON.parse(readFileSync(join(RESULTS, folder, name), 'utf8'));
      const answer = matchModule(matcher, `${platform}${slug}`, asExtracted(content));
      expect(answer.mvt.error, slug).toBeNull();
      expect(answer.known, slug).toBe(true);
      return answer.mvt.alerts.map(
        ({ level, message, eventTime, match }) =>
          `${level} ${slug} ${message} @${String(eventTime)} ${match?.indicator.value ?? '-'}`,
      );
    });
    const stored = join(RESULTS, folder, 'alerts.json');
    const theirs = existsSync(stored)
      ? (JSON.parse(readFileSync(stored, 'utf8')) as StoredAlert[]).map(
          ({ level, module, message, event_time, matched_indicator }) =>
            `${level} ${module} ${message} @${event_time} ${matched_indicator?.value ?? '-'}`,
        )
      : [];
    expect(ours.sort()).toEqual(theirs.sort());
  });
});
