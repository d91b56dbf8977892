import type { BridgeFailure, HostBridge, UnlockBridge } from '#shared/contract/bridge.ts';
import type { ErrorCode, ErrorParams } from '#shared/errors.ts';

declare global {
  interface Window {
    readonly resguardo?: HostBridge;
    readonly resguardoUnlock?: UnlockBridge;
  }
}

/** A refused call, as the engine told it: a code and where it belongs, never a foreign message. */
export class CallError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly params: ErrorParams | undefined;

  constructor(failure: BridgeFailure) {
    super(failure.code);
    this.name = 'CallError';
    this.code = failure.code;
    this.field = failure.field;
    this.params = failure.params;
  }
}

const present = <T>(bridge: T | undefined): T => {
  if (bridge === undefined) throw new Error('this window was opened without its bridge');
  return bridge;
};

/** The bridge of the main window. */
export const host = (): HostBridge => present(window.resguardo);
/** The bridge of the window that takes passphrases. */
export const unlockHost = (): UnlockBridge => present(window.resguardoUnlock);

/** Any thrown thing as a code that has words in both languages. */
export const codeOf = (thrown: unknown): CallError =>
  thrown instanceof CallError ? thrown : new CallError({ code: 'call.internal' });
