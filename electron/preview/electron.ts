import type { App, Clipboard, Dialog, GlobalShortcut, PowerMonitor, Protocol } from 'electron';

import { createDialog } from './dialogs.ts';
import { launchOf } from './launch.ts';
import { MessageChannelMain } from './ports.ts';
import { createSessions } from './session.ts';
import { createClipboard, createGlobalShortcut, createMenu, createPowerMonitor } from './small-parts.ts';
import { createStandIn } from './stand-in.ts';
import { previewTexts } from './texts.ts';
import { createUtilityProcess } from './utility-process.ts';
import { PreviewWindow } from './window.ts';

/**
 * What `import ... from 'electron'` gives in preview. One copy of this module serves one launch: the number
 * in its address says which.
 */
const launch = launchOf(import.meta.url);
const standIn = createStandIn(launch);
const texts = previewTexts(launch.locale);
standIn.setMark(texts.mark);

class Window extends PreviewWindow {
  constructor(options: ConstructorParameters<typeof PreviewWindow>[1]) {
    super(standIn, options);
  }
}

// Where Electron's own declaration fits without its classes, it is held against it here; for the members of
// windows, sessions and processes a test compares what main uses with what stands here.
type Declared<T, K extends keyof T> = { [M in K]: T[M] };

export const app = standIn.app satisfies Declared<
  Omit<App, 'commandLine'>,
  'whenReady' | 'getName' | 'getVersion' | 'getAppPath' | 'requestSingleInstanceLock' | 'quit' | 'exit'
>;
export const ipcMain = standIn.ipcMain;
export const BrowserWindow = Window;
export const session = createSessions((created) => standIn.app.emit('session-created', created));
export const protocol = {
  registerSchemesAsPrivileged: (_schemes: unknown): void => undefined,
} satisfies Declared<Protocol, 'registerSchemesAsPrivileged'>;
export const dialog = createDialog(standIn, () => texts.prompt) satisfies Declared<Dialog, 'showErrorBox'>;
export const utilityProcess = createUtilityProcess(
  launch,
  new URL('./preview-child.js', import.meta.url).href,
);
export const powerMonitor = createPowerMonitor(standIn) satisfies Declared<
  PowerMonitor,
  'getSystemIdleState'
>;
export const globalShortcut = createGlobalShortcut(standIn) satisfies Declared<
  GlobalShortcut,
  'register' | 'isRegistered' | 'unregisterAll'
>;
export const clipboard = createClipboard(standIn) satisfies Declared<
  Clipboard,
  'readText' | 'writeText' | 'clear'
>;
/** The browser keeps no secret of the computer, so nothing here may pretend to. */
export const safeStorage = {
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(false),
  getSelectedStorageBackend: (): 'unknown' => 'unknown',
  encryptStringAsync: (_text: string): Promise<Buffer> => Promise.reject(new Error('no secret store')),
  decryptStringAsync: (_bytes: Buffer): Promise<never> => Promise.reject(new Error('no secret store')),
};
export const systemPreferences = {
  setUserDefault: (_key: string, _type: string, _value: unknown): void => undefined,
};
export const Menu = createMenu(standIn);
export { MessageChannelMain };
