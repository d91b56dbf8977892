import type { IpcMainInvokeEvent, WebContents } from 'electron';

import { APP_ORIGIN } from '../security/policy.ts';

/** Whether a message comes from the main frame of exactly this window, showing a page of ours. */
export const isFrom = (event: IpcMainInvokeEvent, contents: WebContents | null): boolean => {
  if (contents === null || contents.isDestroyed() || event.sender !== contents) return false;
  const frame = event.senderFrame;
  return frame !== null && frame === contents.mainFrame && frame.url.startsWith(`${APP_ORIGIN}/`);
};
