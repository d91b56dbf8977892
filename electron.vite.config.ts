import { resolve } from 'node:path';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

import { writeAppTable } from './electron/main/security/build-table.ts';

const root = import.meta.dirname;
const at = (path: string): string => resolve(root, path);
/** Another folder than `out`, below the project, for a build that must not disturb the one in use. */
const out = (path: string): string => at(`${process.env['RESGUARDO_OUT'] ?? 'out'}/${path}`);

/** Lists what the renderer is made of, with hashes; `app://` serves that list and nothing else. */
const appTable = (): Plugin => ({
  name: 'resguardo-app-table',
  writeBundle: { order: 'post', sequential: true, handler: () => writeAppTable(out('')) },
});

/** `RESGUARDO_PROGRAMS=index,preview` builds those only, while others are being worked on. */
const programs = (all: Record<string, string>): Record<string, string> => {
  const only = process.env['RESGUARDO_PROGRAMS']?.split(',');
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => only === undefined || only.includes(name)),
  );
};

export default defineConfig({
  main: {
    resolve: { alias: { '#shared': at('shared'), '#resources': at('resources') } },
    build: {
      outDir: out('main'),
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rollupOptions: {
        input: programs({
          index: at('electron/main/index.ts'),
          engine: at('electron/core/process.ts'),
          'parser-wasm': at('electron/parser/wasm-process.ts'),
          'parser-image': at('electron/parser/image-process.ts'),
          cli: at('electron/cli/index.ts'),
          // development and tests only; left out of packages
          preview: at('electron/preview/start.ts'),
          'preview-electron': at('electron/preview/electron.ts'),
          'preview-child': at('electron/preview/child.ts'),
        }),
        external: ['electron', 'playwright-core', /^@playwright\//],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    resolve: { alias: { '#shared': at('shared') } },
    build: {
      outDir: out('preload'),
      emptyOutDir: true,
      minify: false,
      rollupOptions: {
        input: { index: at('electron/preload/index.ts') },
        // A sandboxed preload can require nothing but Electron: one file, CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    base: '/',
    resolve: { alias: { '#shared': at('shared'), '#resources': at('resources') } },
    plugins: [react(), appTable()],
    // The shell puts a fresh value in the place of this mark in every response.
    html: { cspNonce: '__NONCE__' },
    build: {
      outDir: out('renderer'),
      emptyOutDir: true,
      // Inlined files become data: addresses, and the preload polyfill an inline script: the policy refuses both.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rollupOptions: { input: { index: at('renderer/index.html'), unlock: at('renderer/unlock.html') } },
    },
  },
});
