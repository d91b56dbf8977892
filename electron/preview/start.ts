import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { findBrowser } from './find-browser.ts';
import { registerStandIn } from './hook.ts';
import { createTestPort, registerLaunch } from './launch.ts';
import type { PreviewLaunch } from './launch.ts';

export { createTestPort, findBrowser };
export type { PreviewLaunch, TestPort, TestWindow } from './launch.ts';

/**
 * Runs the built application on an installed browser. Resolves when main has been loaded; `launch.exit` is
 * called when it ends.
 */
export const startPreview = async (launch: PreviewLaunch): Promise<void> => {
  const here = new URL('.', import.meta.url);
  registerStandIn(new URL('preview-electron.js', here).href);
  await import(new URL(`index.js?launch=${registerLaunch(launch)}`, here).href);
};

/** Where the preview keeps its own few settings and practice vaults. */
const previewFolder = (): string => {
  const base =
    process.platform === 'win32'
      ? (process.env['LOCALAPPDATA'] ?? homedir())
      : process.platform === 'darwin'
        ? join(homedir(), 'Library', 'Application Support')
        : (process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'));
  return join(base, 'resguardo-preview');
};

/** `node out/main/preview.js [--vault=DIR] [--headless]` */
const main = async (): Promise<void> => {
  const executablePath = findBrowser();
  if (executablePath === null) {
    process.stderr.write(
      'No Chromium, Chrome or Edge was found. / No se encontró Chromium, Chrome ni Edge.\n',
    );
    process.exit(1);
  }
  const appFolder = resolve(import.meta.dirname, '..', '..');
  const { version } = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const profileFolder = previewFolder();
  mkdirSync(profileFolder, { recursive: true, mode: 0o700 });
  await startPreview({
    appFolder,
    profileFolder,
    executablePath,
    headless: process.argv.includes('--headless'),
    version,
    locale: 'es-MX',
    exit: (code) => process.exit(code),
    test: null,
  });
};

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) await main();
