import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const target = join(root, '.build', 'parser');

/** Absolute paths of the built entrances; `hostile` exists for tests only and is in no product. */
export const PARSER_BUNDLES = {
  wasm: join(target, 'parser-wasm.js'),
  image: join(target, 'parser-image.js'),
  hostile: join(target, 'parser-hostile.js'),
} as const;

const ENTRANCES = {
  'parser-wasm': join(root, 'electron/parser/wasm-process.ts'),
  'parser-image': join(root, 'electron/parser/image-process.ts'),
  'parser-hostile': join(root, 'tests/parser/hostile-process.ts'),
};

const newest = async (folder: string): Promise<number> => {
  let latest = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    latest = Math.max(latest, (await stat(join(entry.parentPath, entry.name))).mtimeMs);
  }
  return latest;
};

const oldestOutput = async (): Promise<number> => {
  try {
    const times = await Promise.all(
      Object.values(PARSER_BUNDLES).map(async (path) => (await stat(path)).mtimeMs),
    );
    return Math.min(...times);
  } catch {
    return 0;
  }
};

/** Builds the parser entrances into `.build/parser` when a source is newer; for vitest's `globalSetup`. */
export const setup = async (): Promise<void> => {
  const folders = ['electron/parser', 'electron/matching', 'shared', 'tests/parser'].map((folder) =>
    newest(join(root, folder)),
  );
  if ((await oldestOutput()) > Math.max(...(await Promise.all(folders)))) return;
  await mkdir(target, { recursive: true });
  await build({
    entryPoints: ENTRANCES,
    outdir: target,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    alias: { '#shared': join(root, 'shared'), '#resources': join(root, 'resources') },
    logLevel: 'error',
  });
};
