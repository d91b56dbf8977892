import { _electron } from '@playwright/test';
import type { Page } from '@playwright/test';

import { defaultAppFolder, electronBinary, freshFolder, waitFor } from './host.ts';
import type { LaunchOptions, RunningApp, WindowKind } from './host.ts';

/** Runs the real application. Used where Electron's binary has been fetched; the preview cannot stand for it. */
export const launchElectron = async (options: LaunchOptions = {}): Promise<RunningApp> => {
  const executablePath = electronBinary();
  if (executablePath === null) throw new Error("Electron's binary is not here; run its install first.");
  const profileFolder = options.profileFolder ?? freshFolder('profile');
  const app = await _electron.launch({
    executablePath,
    args: [
      options.appFolder ?? defaultAppFolder(),
      `--user-data-dir=${profileFolder}`,
      ...(options.vault === undefined ? [] : [`--vault=${options.vault}`]),
    ],
    locale: options.locale ?? 'es-MX',
  });
  const pageOf = (kind: WindowKind): Page | undefined =>
    app.windows().findLast((page) => page.url().endsWith(kind === 'main' ? '/index.html' : '/unlock.html'));
  const exited = new Promise<number>((resolve) => app.process().once('exit', (code) => resolve(code ?? 1)));
  return {
    host: 'electron',
    profileFolder,
    exited,
    window: (kind) => waitFor(() => pageOf(kind), `the ${kind} window`),
    windowCount: () => app.windows().length,
    answerDialogs: (...answers) =>
      app.evaluate(({ dialog }, scripted) => {
        const next = (): string[] => scripted.shift() ?? [];
        dialog.showOpenDialog = () => {
          const filePaths = next();
          return Promise.resolve({ canceled: filePaths.length === 0, filePaths });
        };
        dialog.showSaveDialog = () => {
          const [filePath = ''] = next();
          return Promise.resolve({ canceled: filePath === '', filePath });
        };
      }, answers),
    async pressLockShortcut() {
      throw new Error('A real global key cannot be pressed from a test; it is on the list for hands.');
    },
    suspend: async () => {
      await app.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend'));
    },
    childPids: () =>
      app.evaluate(({ app: running }) =>
        running
          .getAppMetrics()
          .filter((metric) => metric.type === 'Utility')
          .map((metric) => ({ name: metric.name ?? '', pid: metric.pid })),
      ),
    rendererPid: (kind) =>
      app.evaluate(
        ({ BrowserWindow }, ending) =>
          BrowserWindow.getAllWindows()
            .find((window) => window.webContents.getURL().endsWith(ending))
            ?.webContents.getOSProcessId() ?? null,
        kind === 'main' ? '/index.html' : '/unlock.html',
      ),
    problems: () => [],
    close: () => app.close(),
  };
};
