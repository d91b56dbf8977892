import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const BUILT = join('out', 'main', 'cli.js');
const SOURCES = ['electron', 'shared', 'resources'];

const madeAt = (path) => {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
};

/**
 * Whether the command line that was built has all that its sources say now. After an update of a clone it has not, and
 * whoever runs it would go on with the program of before. An installed package has no sources, and its build is current.
 */
export const commandLineIsCurrent = (folder = root) => {
  const built = madeAt(join(folder, BUILT));
  if (built === null) return false;
  const isNewer = (path) => (madeAt(path) ?? 0) > built;
  if (isNewer(join(folder, 'package-lock.json'))) return false;
  return !SOURCES.some((name) => {
    const source = join(folder, name);
    if (madeAt(source) === null) return false;
    return readdirSync(source, { recursive: true, withFileTypes: true }).some(
      (entry) =>
        entry.isFile() && !entry.name.endsWith('.test.ts') && isNewer(join(entry.parentPath, entry.name)),
    );
  });
};
