import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  add,
  lastLine,
  MOST_REPEATED,
  none,
  playwrightCounts,
  readCounts,
  vitestCounts,
} from '../../scripts/lib/counts.mjs';
import { commandLineIsCurrent } from '../../scripts/lib/current.mjs';
import {
  failureLines,
  playwrightFailures,
  readFailures,
  vitestFailures,
} from '../../scripts/lib/failures.mjs';
import { installed } from '../../scripts/lib/install.mjs';

const report = (files: readonly { status: string; tests: readonly string[] }[]): string =>
  JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((one) => ({ status: one })),
    })),
  });

describe('counting of test results', () => {
  it('adds up passed, failed and skipped', () => {
    const text = report([{ status: 'failed', tests: ['passed', 'failed', 'skipped', 'todo'] }]);
    expect(vitestCounts(text, 1)).toEqual({ passed: 1, failed: 1, skipped: 2 });
  });
  it('counts a file that could not be loaded as a failure', () => {
    const text = report([
      { status: 'failed', tests: [] },
      { status: 'passed', tests: ['passed'] },
    ]);
    expect(vitestCounts(text, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });
  it('counts a bad end without a failed test as a failure', () => {
    expect(vitestCounts(report([{ status: 'passed', tests: ['passed'] }]), 1).failed).toBe(1);
    expect(vitestCounts(report([{ status: 'passed', tests: ['passed'] }]), 0).failed).toBe(0);
  });
  it('lets few end-to-end tests pass at a second attempt, and counts each as failed where they are more', () => {
    const counts = (flaky: number, unexpected = 0) =>
      playwrightCounts(
        JSON.stringify({ stats: { expected: 3, unexpected, flaky, skipped: 2 } }),
        unexpected === 0 ? 0 : 1,
      );
    expect(counts(0)).toEqual({ passed: 3, failed: 0, skipped: 2 });
    expect(counts(MOST_REPEATED)).toEqual({ passed: 3 + MOST_REPEATED, failed: 0, skipped: 2 });
    expect(counts(MOST_REPEATED + 1)).toEqual({ passed: 3, failed: MOST_REPEATED + 1, skipped: 2 });
    expect(counts(1, 1)).toEqual({ passed: 4, failed: 1, skipped: 2 });
  });
  it('counts a missing report as a failure, whatever the exit code', () => {
    expect(readCounts(join(tmpdir(), 'there-is-no-such-report.json'), 0, vitestCounts).failed).toBe(1);
  });
  it('ends with one line', () => {
    expect(lastLine(add({ passed: 2, failed: 0, skipped: 0 }, none()))).toBe('2 passed, 0 failed');
    expect(lastLine({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped');
  });
});

/** Reports that the runners themselves wrote, of small tests that fail in every way; shortened. */
const sample = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures/reports', `${name}.json`), 'utf8');

describe('naming what failed', () => {
  it('names tests of vitest, files that could not be loaded and files whose hook failed', () => {
    expect(failureLines(vitestFailures(sample('vitest'), 1, '/project'))).toEqual([
      'tests/unit/hook.test.ts | (the file) | the bench did not start',
      "tests/unit/not-loaded.test.ts | (the file) | Cannot find module './there-is-no-such-file.ts' imported from /project/tests/unit/not-loaded.test.ts",
      'tests/unit/sums.test.ts:5 | sums > one and one | AssertionError: expected { sum: 2 } to deeply equal { sum: 3 }',
      'tests/unit/sums.test.ts:10 | throws words of several lines | Error: first line',
    ]);
  });
  it('names tests of Playwright without their colours, those that passed only when repeated, and files not loaded', () => {
    const lines = failureLines(playwrightFailures(sample('playwright'), 1, '/project'));
    expect(sample('playwright')).toContain(String.raw`\u001b[`);
    expect(lines).toEqual([
      'tests/e2e/window.spec.ts:8 | is late | Test timeout of 200ms exceeded.',
      'tests/e2e/window.spec.ts:12 | again | passed only when repeated: Error: expect(received).toBe(expected) // Object.is equality; Received: 0',
      'tests/e2e/window.spec.ts:4 | the window > shows a title | Error: expect(received).toContain(expected) // indexOf; Received string: "Inicio"',
    ]);
    expect(failureLines(playwrightFailures(sample('playwright-not-loaded'), 1, '/project'))[0]).toMatch(
      /^\(outside of any test\) \| Error: Cannot find module .*there-is-no-such-file/,
    );
  });
  it('names as many as are counted', () => {
    const counted = [
      [vitestFailures, vitestCounts, 'vitest'],
      [playwrightFailures, playwrightCounts, 'playwright'],
      [playwrightFailures, playwrightCounts, 'playwright-not-loaded'],
    ] as const;
    for (const [list, count, name] of counted) {
      expect(count(sample(name), 1).failed).toBeGreaterThan(0);
      const named = list(sample(name), 1);
      const excused = named.filter(({ repeated }) => repeated === true);
      expect(named.length - excused.length).toBe(count(sample(name), 1).failed);
      if (name === 'playwright') expect(excused).toHaveLength(1);
    }
  });
  it('says what was found instead, and the line of the test where a helper noticed it', () => {
    const file = '/project/tests/e2e/a.spec.ts';
    const message =
      'Error: expect(received).toEqual(expected) // deep equality\n\n- Expected  -  1\n+ Received  + 3\n\n- Array []\n+ Array [\n+   "color-contrast: #title",\n+ ]\n';
    const stack = `${message}    at helper (/project/tests/e2e/support/axe.ts:26:39)\n    at ${file}:48:3`;
    const result = {
      errors: [{ message, location: { file: '/project/tests/e2e/support/axe.ts', line: 26 } }],
      error: { stack },
    };
    const spec = {
      title: 'a',
      file: 'a.spec.ts',
      line: 3,
      tests: [{ status: 'unexpected', results: [result] }],
    };
    const text = JSON.stringify({ config: { rootDir: '/project/tests/e2e' }, suites: [{ specs: [spec] }] });
    expect(failureLines(playwrightFailures(text, 1, '/project'))).toEqual([
      'tests/e2e/a.spec.ts:48 | a | Error: expect(received).toEqual(expected) // deep equality; + "color-contrast: #title",',
    ]);
  });
  it('says which locator an expectation of Playwright was about', () => {
    const message =
      '\u001b[2mError: expect(locator).toBeVisible() failed\u001b[22m\n\nLocator: getByText(…)\n';
    const spec = {
      title: 'a',
      file: 'a.spec.ts',
      line: 3,
      tests: [{ status: 'unexpected', results: [{ errors: [{ message }] }] }],
    };
    const text = JSON.stringify({ config: { rootDir: '/project/tests/e2e' }, suites: [{ specs: [spec] }] });
    expect(playwrightFailures(text, 1, '/project')).toEqual([
      {
        file: 'tests/e2e/a.spec.ts:3',
        title: 'a',
        message: 'Error: expect(locator).toBeVisible() failed; Locator: getByText(…)',
      },
    ]);
  });
  it('is never silent about a bad end or a missing report', () => {
    const good = report([{ status: 'passed', tests: ['passed'] }]);
    expect(vitestFailures(good, 0)).toEqual([]);
    expect(vitestFailures(good, 134)[0]?.message).toContain('134');
    const missing = join(tmpdir(), 'there-is-no-such-report.json');
    expect(failureLines(readFailures('tests: unit', missing, 137, vitestFailures))).toEqual([
      'tests: unit | its report is missing or cannot be read; it ended with code 137',
    ]);
  });
  it('keeps every line short and plain, and counts what it does not name', () => {
    const many = Array.from({ length: 27 }, (_one, at) => ({
      file: `tests/unit/${String(at)}.test.ts`,
      title: `title\nof ${'many '.repeat(60)}`,
      message: `\u001b[31m${'word '.repeat(100)}\u0007`,
    }));
    const lines = failureLines(many);
    expect(lines).toHaveLength(21);
    expect(lines[20]).toBe('and 7 more');
    for (const line of lines.slice(0, 20)) {
      expect([...line].length).toBeLessThanOrEqual(300);
      expect(line).toMatch(/ \| title of many .*… \| word word/u);
      expect(line).not.toMatch(/\p{Cc}/u);
    }
    expect(failureLines(many.slice(0, 20))).toHaveLength(20);
  });
});

describe('whether packages are installed', () => {
  const trees: string[] = [];
  afterEach(() => {
    for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true });
  });
  const tree = (files: Record<string, unknown>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'resguardo-install-'));
    trees.push(folder);
    for (const [path, value] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), JSON.stringify(value));
    }
    return folder;
  };
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0', optional: true },
    },
  };
  const there = { 'node_modules/a/package.json': {} };

  it('is true when every package of the lock is there in its version', () => {
    const hidden = { packages: { 'node_modules/a': { version: '1.0.0' } } };
    expect(
      installed(tree({ 'package-lock.json': lock, 'node_modules/.package-lock.json': hidden, ...there })),
    ).toBe(true);
  });
  it('is false when the lock changed, a folder is gone, or nothing was installed', () => {
    const older = { packages: { 'node_modules/a': { version: '0.9.0' } } };
    const hidden = { packages: { 'node_modules/a': { version: '1.0.0' } } };
    expect(
      installed(tree({ 'package-lock.json': lock, 'node_modules/.package-lock.json': older, ...there })),
    ).toBe(false);
    expect(installed(tree({ 'package-lock.json': lock, 'node_modules/.package-lock.json': hidden }))).toBe(
      false,
    );
    expect(installed(tree({ 'package-lock.json': lock }))).toBe(false);
  });
});

describe('the command line of a clone', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  /** Files with the second in which each was written. */
  const clone = (files: Readonly<Record<string, number>>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'resguardo-current-'));
    folders.push(folder);
    for (const [path, second] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), '');
      utimesSync(join(folder, path), second, second);
    }
    return folder;
  };
  const sources = { 'electron/cli/index.ts': 100, 'shared/deep/er/rule.ts': 100, 'package-lock.json': 100 };

  it.each([
    ['was never built', sources, false],
    ['was built after all its sources', { ...sources, 'out/main/cli.js': 200 }, true],
    [
      'has a newer source far down',
      { ...sources, 'out/main/cli.js': 200, 'shared/deep/er/rule.ts': 300 },
      false,
    ],
    ['has newer words', { ...sources, 'out/main/cli.js': 200, 'resources/messages/es/cli.json': 300 }, false],
    ['has newer packages', { ...sources, 'out/main/cli.js': 200, 'package-lock.json': 300 }, false],
    ['has a newer test', { ...sources, 'out/main/cli.js': 200, 'shared/deep/er/rule.test.ts': 300 }, true],
    ['came without sources', { 'out/main/cli.js': 200 }, true],
  ] as const)('that %s is told as such', (_, files, current) => {
    expect(commandLineIsCurrent(clone(files))).toBe(current);
  });
});
