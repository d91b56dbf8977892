import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readStixBundle } from '#shared/surveillance/stix-bundle.ts';
import { Matcher } from '../../electron/matching/matcher.ts';
import shorteners from '#resources/surveillance/link-shorteners.json' with { type: 'json' };

/** Folder with the published sets and the answers of the reference; tests that need it are skipped without. */
export const DATA = join(import.meta.dirname, '../../../shared/data');
const CASES = join(DATA, 'conformance/cases.jsonl');
export const casesPresent = existsSync(CASES);

/** One input with the answer that the reference gave. */
export interface ReferenceCase {
  readonly id: string;
  readonly check: string;
  readonly network: string;
  readonly bundle: string | string[] | null;
  readonly module?: string;
  readonly observed: unknown;
  readonly expected: Record<string, unknown>;
}

/** Cases that need no network. */
export const referenceCases: readonly ReferenceCase[] = casesPresent
  ? readFileSync(CASES, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ReferenceCase)
      .filter(({ network }) => network === 'off')
  : [];

export const SHORTENERS: ReadonlySet<string> = new Set(shorteners.hosts);

/** A matcher over files of sets, in load order. */
export function matcherOver(files: readonly string[]): Matcher {
  const sets = files.map((file) =>
    readStixBundle(JSON.parse(readFileSync(file, 'utf8')), basename(file), '2026-01-01'),
  );
  return new Matcher(
    {
      indicators: sets.flatMap(({ indicators }) => indicators),
      mvtIndicators: sets.flatMap(({ mvtIndicators }) => mvtIndicators),
    },
    SHORTENERS,
  );
}

const made = new Map<string, Matcher>();

/** The matcher of a case; cases over the same files share one. */
export function matcherFor({ bundle }: Pick<ReferenceCase, 'bundle'>): Matcher {
  const files = bundle === null ? [] : [bundle].flat();
  const key = files.join('|');
  const matcher = made.get(key) ?? matcherOver(files.map((file) => join(DATA, file)));
  made.set(key, matcher);
  return matcher;
}
