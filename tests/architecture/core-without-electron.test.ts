import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './source-files.ts';

/**
 * The engine has to load where Electron does not exist. Its entrance is bundled as it is shipped, then
 * loaded by a Node in which the name `electron` leads to a module that throws.
 */
let folder = '';

const REGISTER = `
import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(\`
export const resolve = (name, context, next) =>
  name === 'electron' || name.startsWith('electron/')
    ? { url: 'data:text/javascript,throw%20new%20Error("electron%20was%20loaded")', shortCircuit: true }
    : next(name, context);
\`));
`;

const load = (path: string): { status: number | null; stderr: string } => {
  const code = `import(${JSON.stringify(pathToFileURL(path).href)}).then((m) => { if (typeof m.createCore !== 'function') { console.error('no createCore'); process.exit(3); } process.exit(0); }, (e) => { console.error(e.message); process.exit(4); })`;
  return spawnSync(
    process.execPath,
    ['--import', pathToFileURL(join(folder, 'register.mjs')).href, '--input-type=module', '-e', code],
    { encoding: 'utf8', cwd: root, timeout: 50_000 },
  );
};

beforeAll(() => {
  mkdirSync(join(root, '.build'), { recursive: true });
  folder = mkdtempSync(join(root, '.build', 'core-load-'));
  writeFileSync(join(folder, 'register.mjs'), REGISTER);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const bundle = async (entry: string, name: string): Promise<string> => {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    absWorkingDir: root,
    logLevel: 'silent',
    loader: { '.sql': 'text' },
  });
  return outfile;
};

describe('core without electron', () => {
  it('createCore loads where electron throws', async () => {
    const entry = join(root, 'electron/core/create-core.ts');
    expect(existsSync(entry)).toBe(true);
    expect(load(await bundle(entry, 'core'))).toMatchObject({ status: 0, stderr: '' });
  });

  it('control: a module that imports electron does not load', async () => {
    const entry = join(folder, 'control.ts');
    writeFileSync(entry, "import * as electron from 'electron';\nexport const createCore = () => electron;");
    const result = load(await bundle(entry, 'control'));
    expect(result.status).toBe(4);
    expect(result.stderr).toContain('electron was loaded');
  });
});
