import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

import { APP_TABLE_FILE } from './app-table.ts';
import type { AppTableEntry } from './app-table.ts';

/** Types that the interface is made of. A file of another kind stops the build rather than being guessed. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.json': 'application/json; charset=utf-8',
};

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)],
  );

/** Lists `<folder>/renderer` into `<folder>/renderer-table.json`. Run by the build, and by tests on folders of their own. */
export const writeAppTable = (folder: string): void => {
  const root = join(folder, 'renderer');
  const table: Record<string, AppTableEntry> = {};
  for (const path of filesUnder(root).sort()) {
    const file = relative(root, path).split(sep).join('/');
    const type = TYPES[extname(file)];
    if (type === undefined) throw new Error(`No content type for ${file}; add it to the table on purpose.`);
    table[`/${file}`] = { file, type, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
  }
  writeFileSync(join(folder, APP_TABLE_FILE), `${JSON.stringify(table, null, 1)}\n`);
};
