import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The project's root folder. */
export const root = join(import.meta.dirname, '../..');

const SKIP = new Set([
  'node_modules',
  '.git',
  'out',
  'dist',
  '.build',
  'demo-output',
  'coverage',
  'screens',
  'test-results',
  'playwright-report',
]);

const walk = (folder: string, into: string[]): void => {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIP.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, into);
    else if (entry.isFile()) into.push(relative(root, path).split(sep).join('/'));
  }
};

/** Paths, relative to the root, of the files below a folder whose name ends as asked. */
export const filesUnder = (folder: string, ends: RegExp): string[] => {
  const found: string[] = [];
  walk(join(root, folder), found);
  return found.filter((path) => ends.test(path)).sort();
};

/** Text of a project file. */
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Lines of a text, a last line break not counted. */
export const lineCount = (text: string): number => text.replace(/\n$/u, '').split('\n').length;
