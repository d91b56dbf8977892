import { EventEmitter } from 'node:events';
import { join } from 'node:path';

import type { Browser, CDPSession, Page } from 'playwright-core';

import { browserPid, startBrowser } from './browser.ts';
import type { PreviewLaunch } from './launch.ts';
import { markPage, type PreviewMark } from './prompt.ts';
import type { WebContents, WebFrameMain } from './web-contents.ts';

export interface InvokeEvent {
  readonly sender: WebContents;
  readonly senderFrame: WebFrameMain | null;
}
type InvokeHandler = (event: InvokeEvent, ...args: unknown[]) => unknown;

/** A window as far as the launch is concerned. */
export interface StandInWindow {
  readonly kind: 'main' | 'unlock';
  readonly webContents: WebContents;
  readonly rendererPid: number | null;
  readonly session_: CDPSession | null;
}

export type StandIn = ReturnType<typeof createStandIn>;

/** The state behind one launch: the browser, its windows, and Electron's `app` and `ipcMain` on top of them. */
export const createStandIn = (launch: PreviewLaunch) => {
  const { test } = launch;
  const switches = new Map<string, string>();
  const windows = new Set<StandInWindow>();
  const handlers = new Map<string, InvokeHandler>();
  const knownPids = new Set<number>();
  const appEvents = new EventEmitter();
  let browser: Promise<Browser> | null = null;
  let copiedText = '';
  let previewMark: PreviewMark | null = null;
  let ended = false;

  const problem = (error: unknown): void => {
    if (ended) return;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (test !== null) test.problems.push(text);
    else process.stderr.write(`preview: ${text}\n`);
  };

  const start = (): Promise<Browser> => {
    browser ??= startBrowser(launch, switches).then(async (started) => {
      if (test !== null) test.browserPid = await browserPid(started);
      started.on('disconnected', () => {
        if (!ended) app.exit(1);
      });
      return started;
    });
    return browser;
  };

  const finish = async (code: number): Promise<void> => {
    if (ended) return;
    ended = true;
    const running = await browser?.catch(() => null);
    await running?.close().catch(() => undefined);
    launch.exit(code);
  };

  const app = Object.assign(appEvents, {
    commandLine: {
      appendSwitch: (name: string, value = ''): void => {
        const before = switches.get(name);
        switches.set(
          name,
          before !== undefined && name === 'disable-features' ? `${before},${value}` : value,
        );
      },
    },
    whenReady: async (): Promise<void> => {
      try {
        await start();
      } catch (error) {
        problem(error);
        await finish(1);
        // Nothing that waits for being ready may go on.
        await new Promise(() => undefined);
      }
    },
    clearRecentDocuments: (): void => undefined,
    getName: (): string => 'Resguardo preview',
    getVersion: (): string => launch.version,
    /** Nobody but Electron knows; on Linux the kernel is asked instead. */
    getAppMetrics: (): [] => [],
    getAppPath: (): string => launch.appFolder,
    getPath: (name: 'userData'): string =>
      name === 'userData' ? launch.profileFolder : join(launch.profileFolder, name),
    requestSingleInstanceLock: (): boolean => true,
    quit: (): void => {
      let prevented = false;
      appEvents.emit('before-quit', { preventDefault: () => (prevented = true) });
      if (prevented) return;
      appEvents.emit('will-quit', {});
      void finish(0);
    },
    exit: (code = 0): void => void finish(code),
  });
  if (test === null)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => app.quit());
  else {
    test.quit = () => app.quit();
    test.clipboard = () => copiedText;
  }

  return {
    launch,
    app,
    knownPids,
    browser: start,
    problem,
    refused: (url: string): void => void test?.refusedRequests.push(url),
    ipcMain: {
      handle: (channel: string, handler: InvokeHandler): void => void handlers.set(channel, handler),
    },
    async invoke(channel: string, event: InvokeEvent, args: readonly unknown[]): Promise<unknown> {
      const handler = handlers.get(channel);
      if (handler === undefined) throw new Error('no handler');
      return handler(event, ...args);
    },
    windows,
    windowCreated(window: StandInWindow): void {
      windows.add(window);
      appEvents.emit('web-contents-created', {}, window.webContents);
    },
    windowOpened(window: StandInWindow, page: Page, closed: () => boolean): void {
      test?.windows.push({
        kind: window.kind,
        page,
        closed,
        get rendererPid() {
          return window.rendererPid;
        },
      });
    },
    windowClosed(window: StandInWindow): void {
      windows.delete(window);
      if (windows.size === 0) appEvents.emit('window-all-closed');
    },
    setMark(texts: PreviewMark): void {
      previewMark = texts;
    },
    async mark(window: StandInWindow): Promise<void> {
      const devtools = window.session_;
      if (devtools === null || previewMark === null) return;
      await markPage(devtools, previewMark).catch(() => undefined);
    },
    copied(text: string): void {
      copiedText = text;
    },
    copiedText: (): string => copiedText,
  };
};
