import { EventEmitter } from 'node:events';

import type { StandIn } from './stand-in.ts';

/** Has the page in front put `text` on the system's clipboard, from a world of the stand-in's own. */
const toSystemClipboard = async (standIn: StandIn, text: string): Promise<void> => {
  const window = [...standIn.windows].at(-1);
  const devtools = window?.session_ ?? null;
  if (devtools === null) return;
  const { frameTree } = await devtools.send('Page.getFrameTree');
  const { executionContextId } = await devtools.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'resguardo-clipboard',
  });
  const copy = (value: string): void => {
    const give = (event: ClipboardEvent): void => {
      event.clipboardData?.setData('text/plain', value);
      event.preventDefault();
    };
    document.addEventListener('copy', give, { once: true });
    document.execCommand('copy');
  };
  await devtools.send('Runtime.evaluate', {
    expression: `(${copy.toString()})(${JSON.stringify(text)})`,
    contextId: executionContextId,
    userGesture: true,
  });
};

export const createClipboard = (standIn: StandIn) => ({
  readText: (): Promise<string> => Promise.resolve(standIn.copiedText()),
  async writeText(text: string): Promise<void> {
    await toSystemClipboard(standIn, text).catch(() => undefined);
    standIn.copied(text);
  },
  clear(): void {
    void this.writeText('');
  },
});

/** A browser is told nothing about the power supply; tests send the events themselves. */
export const createPowerMonitor = (standIn: StandIn) => {
  const monitor = Object.assign(new EventEmitter(), {
    getSystemIdleState: (_seconds: number): 'active' | 'idle' | 'locked' | 'unknown' =>
      standIn.launch.test?.idleState ?? 'unknown',
  });
  if (standIn.launch.test !== null) standIn.launch.test.powerMonitor = monitor;
  return monitor;
};

/** A browser has no global keys: registering fails, as it does on a desktop that keeps the combination. */
export const createGlobalShortcut = (standIn: StandIn) => {
  const { test } = standIn.launch;
  return {
    register(accelerator: string, action: () => void): boolean {
      if (test === null || test.takenShortcuts.has(accelerator)) return false;
      test.shortcuts.set(accelerator, action);
      return true;
    },
    isRegistered: (accelerator: string): boolean => test?.shortcuts.has(accelerator) ?? false,
    unregisterAll: (): void => test?.shortcuts.clear(),
  };
};

export interface MenuItem {
  label?: string;
  role?: string;
  type?: 'separator';
  click?: () => void;
  submenu?: MenuItem[];
}

/** The browser's window has no menu bar of ours; a test can look at it and choose from it. */
export const createMenu = (standIn: StandIn) => ({
  buildFromTemplate: (items: MenuItem[]): MenuItem[] => items,
  setApplicationMenu(menu: MenuItem[] | null): void {
    const { test } = standIn.launch;
    test?.menu.clear();
    for (const item of (menu ?? []).flatMap((top) => top.submenu ?? [])) {
      if (item.label !== undefined) test?.menu.set(item.label, item.click ?? (() => undefined));
    }
  },
});
