import { describe, expect, it } from 'vitest';
import { filesUnder, textOf } from './source-files.ts';

/** What vitest.config.ts includes, as patterns of paths. A test outside of them would never run, silently. */
const RUN = [
  /^(shared|electron)\/.*\.test\.ts$/u,
  /^renderer\/.*\.test\.tsx?$/u,
  /^tests\/(integration|parser|surveillance|faults|security|interop|architecture)\/.*\.test\.ts$/u,
  /^tests\/e2e\/.*\.spec\.ts$/u,
];

const outside = (paths: readonly string[]): string[] =>
  paths.filter((path) => !RUN.some((pattern) => pattern.test(path)));

const ALL = ['shared', 'electron', 'renderer', 'tests', 'scripts'].flatMap((folder) =>
  filesUnder(folder, /\.(test|spec)\.tsx?$/u),
);

describe('test files', () => {
  it('each belongs to a project that runs', () => {
    expect(ALL.length).toBeGreaterThan(20);
    expect(outside(ALL)).toEqual([]);
    expect(outside(['tests/other/a.test.ts'])).toEqual(['tests/other/a.test.ts']);
  });

  it('every project named here is in the configuration', () => {
    const config = textOf('vitest.config.ts');
    for (const folder of ['integration', 'parser', 'surveillance', 'faults', 'interop', 'architecture']) {
      expect(config).toContain(`tests/${folder}/**/*.test.ts`);
    }
  });

  it('none is switched off or run alone', () => {
    const marks = /\b(?:it|test|describe)\.(?:only|todo)\b|\bit\.skip\(\s*['"`]/u;
    expect(ALL.filter((path) => !path.includes('test-files') && marks.test(textOf(path)))).toEqual([]);
    expect(marks.test("it.only('a', () => {})")).toBe(true);
  });
});
