import { readFileSync } from 'node:fs';

/*
 * Turns the reports of the test runners into numbers. A file that could not be loaded, and a runner that
 * ended badly without naming a failed test, count as failures: silence must never look like success.
 */

/** Counts of nothing. */
export const none = () => ({ passed: 0, failed: 0, skipped: 0 });

/** Sum of counts. */
export const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const withExit = (counts, code) => (code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts);

/** Counts of a vitest JSON report, given as its text, and the exit code of the run. */
export const vitestCounts = (text, code) => {
  const counts = none();
  for (const file of JSON.parse(text).testResults) {
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
      counts.failed += 1;
    }
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
  }
  return withExit(counts, code);
};

/** So many end-to-end tests of one run may need a second attempt. */
export const MOST_REPEATED = 2;

/**
 * Counts of a Playwright JSON report. A test that passed only when repeated has passed; it is named at the end of the
 * run all the same, and where more than a few needed it each of them counts as failed.
 */
export const playwrightCounts = (text, code) => {
  const { stats, errors = [] } = JSON.parse(text);
  const excused = stats.flaky <= MOST_REPEATED ? stats.flaky : 0;
  return withExit(
    {
      passed: stats.expected + excused,
      failed: stats.unexpected + (stats.flaky - excused) + errors.length,
      skipped: stats.skipped,
    },
    code,
  );
};

/** The report of a runner; a report that is missing or cannot be read is one failure. */
export const readCounts = (path, code, count) => {
  try {
    return count(readFileSync(path, 'utf8'), code);
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
};

/** The last line of a run. */
export const lastLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
