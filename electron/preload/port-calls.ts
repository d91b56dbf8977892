import type { BridgeResult } from '#shared/contract/bridge.ts';
import type { PortAnswer } from '#shared/contract/engine-wire.ts';

/** Calls over a port that may arrive later; each answer finds its call by number. */
export const portCalls = (port: Promise<MessagePort>) => {
  let lastId = 0;
  return async (method: string, input: unknown): Promise<BridgeResult> => {
    const open = await port;
    const id = (lastId += 1);
    return new Promise((resolve) => {
      const listen = ({ data }: MessageEvent<PortAnswer>): void => {
        if (data.id !== id) return;
        open.removeEventListener('message', listen);
        resolve(data.result);
      };
      open.addEventListener('message', listen);
      open.start();
      open.postMessage({ id, method, input });
    });
  };
};
