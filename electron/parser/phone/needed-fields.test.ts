import { describe, expect, test } from 'vitest';
import type { Indicator } from '#shared/surveillance/indicators.ts';
import { LINK_SHORTENERS } from '../../matching/matcher-of.ts';
import { Matcher } from '../../matching/matcher.ts';
import { ModuleRun } from '../../matching/modules/match-module.ts';
import { ruleFor } from '../../matching/modules/modules.ts';
import { NEEDED_FIELDS } from './module-reader.ts';

/* Large modules are read in part: a rule that looks at another field would never see it. */

const SET: Indicator[] = [
  { value: 'evil.example.org', type: 'domains', collection: 'c', set: 's' },
  { value: '/a', type: 'file_paths', collection: 'c', set: 's' },
];
const matcher = new Matcher({ indicators: SET, mvtIndicators: SET }, LINK_SHORTENERS);

const VALUES: readonly Readonly<Record<string, unknown>>[] = [
  { links: [], text: 'ALERT: State-sponsored attackers may be targeting your iPhone' },
  {
    links: ['https://evil.example.org/'],
    url: 'http://evil.example.org/',
    redirect_destination: 2,
    visit_id: 2,
  },
  { url: 'https://example.com/', timestamp: 1, relative_path: 'a/https_evil.example.org_0', path: '/a/b' },
];

describe('the fields that are read of large modules', () => {
  for (const [module, fields] of Object.entries(NEEDED_FIELDS)) {
    test(`${module}: no rule asks for another`, () => {
      const asked = new Set<string>();
      const watched = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
        new Proxy(
          { ...Object.fromEntries(fields.map((name) => [name, 'https://evil.example.org/'])), ...values },
          {
            getOwnPropertyDescriptor: (target, key) => {
              asked.add(String(key));
              return Reflect.getOwnPropertyDescriptor(target, key);
            },
            get: (target, key): unknown => {
              asked.add(String(key));
              return Reflect.get(target, key);
            },
          },
        );
      const rule = ruleFor(module, {});
      if (rule === null || rule === 'unknown') throw new Error(module);
      const run = new ModuleRun(matcher, { hasIndicators: true, today: '2026-11-22' });
      const placed = VALUES.map((values, index) => ({ index, group: null, record: watched(values) }));
      run.reference(rule, placed, false);
      run.strictly(rule, placed);
      expect(asked.size).toBeGreaterThan(0);
      for (const name of asked) expect(fields, name).toContain(name);
      expect(run.hasSpoken).toBe(true);
    });
  }
});
