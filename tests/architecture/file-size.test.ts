import { describe, expect, it } from 'vitest';
import { filesUnder, lineCount, textOf } from './source-files.ts';

const LIMIT = 500;

/**
 * Files that were longer than the limit when the rule came. The list may only shrink: a file that grows
 * past its number fails, and so does an entry whose file has become shorter than its number.
 */
const EXCEPTIONS: Readonly<Record<string, number>> = {};

const sources = ['electron', 'renderer', 'shared', 'tests', 'scripts', 'bin'].flatMap((folder) =>
  filesUnder(folder, /\.(ts|tsx|mjs|cjs|js|css)$/u),
);

const tooLong = (
  files: Readonly<Record<string, number>>,
  exceptions: Readonly<Record<string, number>>,
): string[] =>
  Object.entries(files)
    .filter(([path, lines]) => lines > (exceptions[path] ?? LIMIT))
    .map(([path, lines]) => `${path}: ${lines} lines`);

const stale = (
  files: Readonly<Record<string, number>>,
  exceptions: Readonly<Record<string, number>>,
): string[] =>
  Object.entries(exceptions)
    .filter(([path, lines]) => (files[path] ?? 0) < lines || lines <= LIMIT)
    .map(([path]) => path);

describe('file size', () => {
  const files = Object.fromEntries(sources.map((path) => [path, lineCount(textOf(path))]));

  it('looks at the whole project', () => {
    expect(sources.length).toBeGreaterThan(40);
  });
  it('no file is longer than 500 lines', () => {
    expect(tooLong(files, EXCEPTIONS)).toEqual([]);
  });
  it('every exception is still needed and exact', () => {
    expect(stale(files, EXCEPTIONS)).toEqual([]);
  });
  it('the rule itself refuses a long file and a stale exception', () => {
    expect(tooLong({ 'a.ts': 501 }, {})).toEqual(['a.ts: 501 lines']);
    expect(tooLong({ 'a.ts': 602 }, { 'a.ts': 601 })).toEqual(['a.ts: 602 lines']);
    expect(stale({ 'a.ts': 600 }, { 'a.ts': 601 })).toEqual(['a.ts']);
    expect(stale({}, { 'gone.ts': 601 })).toEqual(['gone.ts']);
  });
});
