import type { WebContents } from 'electron';

import { BRIDGE_CHANNEL } from '#shared/contract/bridge.ts';
import type { BridgeEvent } from '#shared/contract/bridge.ts';

/** Passes an event of the engine on to the window, if there is one; the shell does not look into it. */
export const tellWindow = (contents: WebContents | null, event: BridgeEvent): void => {
  if (contents !== null && !contents.isDestroyed()) contents.send(BRIDGE_CHANNEL, event);
};
