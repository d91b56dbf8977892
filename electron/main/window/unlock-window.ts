import { MessageChannelMain } from 'electron';
import type { BrowserWindow, MessagePortMain, WebContents } from 'electron';

import { PORT_CHANNEL } from '#shared/contract/bridge.ts';
import type { BridgeFailure, VaultToken } from '#shared/contract/bridge.ts';

import { endWindow } from './windows.ts';

export interface UnlockWindow {
  readonly ticket: string | null;
  readonly notice: BridgeFailure | null;
  readonly vault: VaultToken | null;
  contents(): WebContents | null;
  browserWindow(): BrowserWindow | null;
  hide(): void;
  /**
   * Prints what the window shows, through the system's dialogue; false where nothing was printed. From this
   * window itself, so that what stands on the paper never passes through the shell.
   */
  print(): Promise<boolean>;
  /** Ends the window and its process. It served one attempt. */
  end(): void;
}

/**
 * The small window for passphrases. It gets one end of a port, the engine the other; what is typed goes
 * past the shell. The shell keeps nothing of it but why the last attempt failed.
 */
export const openUnlockWindow = (options: {
  window: BrowserWindow;
  ticket: string | null;
  notice: BridgeFailure | null;
  vault: VaultToken | null;
  joinPort: (port: MessagePortMain) => void;
  onClosed: () => void;
}): UnlockWindow => {
  const { window } = options;
  let ended = false;
  window.webContents.once('did-finish-load', () => {
    if (ended) return;
    const { port1, port2 } = new MessageChannelMain();
    options.joinPort(port2);
    window.webContents.postMessage(PORT_CHANNEL, null, [port1]);
  });
  window.once('closed', () => {
    if (!ended) options.onClosed();
    ended = true;
  });
  return {
    ticket: options.ticket,
    notice: options.notice,
    vault: options.vault,
    contents: () => (window.isDestroyed() ? null : window.webContents),
    browserWindow: () => (window.isDestroyed() ? null : window),
    hide() {
      if (!window.isDestroyed()) window.hide();
    },
    print() {
      if (ended || window.isDestroyed()) return Promise.resolve(false);
      return new Promise((answer) =>
        window.webContents.print(
          { silent: false, printBackground: true, header: '', footer: '' },
          (printed) => answer(printed),
        ),
      );
    },
    end() {
      ended = true;
      endWindow(window);
    },
  };
};
