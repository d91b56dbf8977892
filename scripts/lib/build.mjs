import { join } from 'node:path';
import { root, runNode } from './run.mjs';

/* What the build makes: out/main (shell, engine, parsers, command line), out/preload, out/renderer. */

/**
 * Bundles entrances for Node, packages left outside. esbuild is loaded late: it is there only after installation.
 * Gives false, with the reasons on stderr, where it fails.
 *
 * @param entries output name -> source file.
 */
export const bundle = async (entries, outdir) => {
  const { build } = await import('esbuild');
  try {
    await build({
      absWorkingDir: root,
      entryPoints: entries,
      outdir,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      packages: 'external',
      legalComments: 'none',
      logLevel: 'error',
    });
    return true;
  } catch {
    return false;
  }
};

/** Only what `resguardo` needs (itself and the parser processes it starts): about a second. */
export const buildCommandLine = () =>
  bundle(
    {
      cli: 'electron/cli/index.ts',
      'parser-wasm': 'electron/parser/wasm-process.ts',
      'parser-image': 'electron/parser/image-process.ts',
    },
    'out/main',
  );

/** Everything. */
export const buildAll = async () => {
  const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  return (await runNode(tool, ['build', '--logLevel', 'warn'])).code === 0;
};
