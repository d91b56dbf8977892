import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** Test files that hold a property, relative to the root: those are the ones that another seed makes differ. */
export const propertyTests = () =>
  ['shared', 'electron', 'renderer', 'tests'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, name))
      .filter((path) => /\.test\.tsx?$/u.test(path))
      .filter((path) => readFileSync(join(root, path), 'utf8').includes("from 'fast-check'")),
  );
