import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type * as Preview from '../../../electron/preview/start.ts';

import { builtFolder, defaultAppFolder, freshFolder, version, waitFor } from './host.ts';
import type { LaunchOptions, RunningApp, WindowKind } from './host.ts';

const loadPreview = (): Promise<typeof Preview> =>
  import(pathToFileURL(join(builtFolder(), 'main', 'preview.js')).href) as Promise<typeof Preview>;

/** Runs main inside this process, with the stand-in for Electron on an installed browser. */
export const launchPreview = async (options: LaunchOptions = {}): Promise<RunningApp> => {
  const preview = await loadPreview();
  const executablePath = preview.findBrowser();
  if (executablePath === null) throw new Error('These tests need Chromium, Chrome or Edge.');
  const test = preview.createTestPort();
  for (const taken of options.takenShortcuts ?? []) test.takenShortcuts.add(taken);
  const profileFolder = options.profileFolder ?? freshFolder('profile');
  let exit: (code: number) => void = () => undefined;
  const exited = new Promise<number>((resolve) => (exit = resolve));
  const argument = options.vault === undefined ? [] : [`--vault=${options.vault}`];
  const argvBefore = process.argv;
  process.argv = [...argvBefore, ...argument];
  try {
    await preview.startPreview({
      appFolder: options.appFolder ?? defaultAppFolder(),
      profileFolder,
      executablePath,
      headless: process.env['RESGUARDO_E2E_HEADED'] !== '1',
      version: version(),
      locale: options.locale ?? 'es-MX',
      exit,
      test,
    });
  } finally {
    process.argv = argvBefore;
  }
  const current = (kind: WindowKind) =>
    test.windows.findLast((window) => window.kind === kind && !window.closed());
  return {
    host: 'preview',
    profileFolder,
    exited,
    async window(kind) {
      const { page } = await waitFor(
        () => {
          const found = current(kind);
          return found !== undefined && found.rendererPid !== null ? found : null;
        },
        `the ${kind} window (${test.problems.join('; ')})`,
      );
      return page as unknown as Awaited<ReturnType<RunningApp['window']>>;
    },
    windowCount: () => test.windows.filter((window) => !window.closed()).length,
    async answerDialogs(...answers) {
      test.dialogs.push(...answers);
    },
    async pressLockShortcut() {
      const [press] = test.shortcuts.values();
      if (press === undefined) throw new Error('No lock shortcut is registered.');
      press();
    },
    async suspend() {
      test.powerMonitor?.emit('suspend');
    },
    childPids: async () => test.childPids,
    rendererPid: async (kind) => current(kind)?.rendererPid ?? null,
    problems: () => test.problems,
    async close() {
      test.quit();
      await exited;
    },
    ...{ test },
  };
};

/** What only this host lets a test reach. */
export const previewPort = (app: RunningApp): Preview.TestPort => {
  const { test } = app as RunningApp & { test?: Preview.TestPort };
  if (test === undefined) throw new Error('Only the preview host has a test port.');
  return test;
};
