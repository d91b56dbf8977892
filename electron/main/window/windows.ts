import { BrowserWindow } from 'electron';
import type { Session } from 'electron';

import { APP_ORIGIN, VIEWER_ORIGIN } from '../security/policy.ts';

/** The task bar, screenshots of the task switcher and assistive tools read the title: it never says more. */
export const WINDOW_TITLE = 'Resguardo';

export interface WindowOptions {
  readonly kind: 'main' | 'unlock';
  readonly session: Session;
  readonly preload: string;
  readonly host: 'application' | 'preview';
  readonly contentProtection: boolean;
}

/**
 * Opens one of our two windows. Both are sandboxed, isolated and without Node; each has a renderer process
 * of its own, because that process is what ends when locking or after an attempt.
 */
export const openWindow = (options: WindowOptions): BrowserWindow => {
  const main = options.kind === 'main';
  const window = new BrowserWindow({
    title: WINDOW_TITLE,
    width: main ? 1_280 : 520,
    height: main ? 800 : 680,
    minWidth: main ? 960 : 420,
    minHeight: main ? 600 : 520,
    show: false,
    backgroundColor: '#f6f4f0',
    fullscreenable: main,
    webPreferences: {
      session: options.session,
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      enableWebSQL: false,
      safeDialogs: true,
      disableDialogs: true,
      devTools: options.host === 'preview',
      additionalArguments: [
        `--resguardo-host=${options.host}`,
        `--resguardo-window=${options.kind}`,
        `--resguardo-viewer=${VIEWER_ORIGIN}`,
      ],
    },
  });
  window.setContentProtection(options.contentProtection);
  window.on('page-title-updated', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${APP_ORIGIN}/${main ? 'index' : 'unlock'}.html`);
  return window;
};

/** Ends a window and its renderer process now; no page code runs any more. */
export const endWindow = (window: BrowserWindow | null): void => {
  if (window === null || window.isDestroyed()) return;
  window.hide();
  window.webContents.forcefullyCrashRenderer();
  window.destroy();
};
