import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  add,
  lastLine,
  none,
  playwrightCounts,
  readCounts,
  vitestCounts,
} from '../../scripts/lib/counts.mjs';
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
  it('counts a flaky end-to-end test as failed', () => {
    const text = JSON.stringify({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 } });
    expect(playwrightCounts(text, 1)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });
  it('counts a missing report as a failure, whatever the exit code', () => {
    expect(readCounts(join(tmpdir(), 'there-is-no-such-report.json'), 0, vitestCounts).failed).toBe(1);
  });
  it('ends with one line', () => {
    expect(lastLine(add({ passed: 2, failed: 0, skipped: 0 }, none()))).toBe('2 passed, 0 failed');
    expect(lastLine({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped');
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
