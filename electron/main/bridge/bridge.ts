import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent, WebContents } from 'electron';

import { BRIDGE_CHANNEL, MAX_CALL_CHARS, MAX_PASTED_BYTES } from '#shared/contract/bridge.ts';
import type { BridgeResult } from '#shared/contract/bridge.ts';
import { bridgeRequestSchema } from '#shared/contract/bridge-requests.ts';
import type { BridgeRequest } from '#shared/contract/bridge-requests.ts';
import type { ErrorCode } from '#shared/errors.ts';

import { fits } from './measure.ts';
import { isFrom } from './sender.ts';

export type BridgeHandlers = {
  readonly [K in BridgeRequest['kind']]?: (request: Extract<BridgeRequest, { kind: K }>) => unknown;
};

/** One window that may ask, and what it may ask for. */
export interface BridgeClient {
  contents(): WebContents | null;
  readonly handlers: BridgeHandlers;
}

const failed = (code: ErrorCode): BridgeResult => ({ ok: false, error: { code } });

const tooLarge = (request: BridgeRequest): boolean => {
  if (request.kind !== 'call' && request.kind !== 'files') return false;
  // A pasted picture is bytes inside a call.
  const room = { chars: MAX_CALL_CHARS, bytes: MAX_PASTED_BYTES };
  return !fits(request.kind === 'call' ? request.input : request.files, room);
};

/**
 * The one door between windows and shell: who asks (window, main frame, origin), is it well formed, is it
 * small enough, may this window ask it. It knows no method; a refusal says nothing about why.
 */
export const openBridge = (clients: readonly BridgeClient[]): void => {
  ipcMain.handle(BRIDGE_CHANNEL, async (event: IpcMainInvokeEvent, message: unknown): Promise<unknown> => {
    const client = clients.find((candidate) => isFrom(event, candidate.contents()));
    if (client === undefined) return failed('call.notAllowed');
    const parsed = bridgeRequestSchema.safeParse(message);
    if (!parsed.success) return failed('call.invalidInput');
    const request = parsed.data;
    if (tooLarge(request)) return request.kind === 'call' ? failed('call.tooLarge') : [];
    const handler = client.handlers[request.kind] as ((request: BridgeRequest) => unknown) | undefined;
    if (handler === undefined) return failed('call.notAllowed');
    return handler(request);
  });
};
