import type { BridgeEvent, BridgeFailure, BridgeResult } from './bridge.ts';

/**
 * What the shell and the engine's process say to each other, as structured clones over the process port.
 * The shell knows no method: it passes calls on, hands out grants (opaque id -> path) and starts parsers.
 */

/** A path (or bytes) that a person has granted; inputs of methods name it by `id` only. */
export type Grant =
  | {
      readonly id: string;
      readonly kind: 'file';
      readonly path: string;
      readonly name: string;
      readonly sizeBytes: number;
    }
  | {
      readonly id: string;
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly name: string;
      readonly sizeBytes: number;
    }
  | {
      readonly id: string;
      readonly kind: 'folder';
      readonly path: string;
      readonly name: string;
      readonly sizeBytes: number;
    }
  /** A place to write to: a folder, or a file that may not exist yet. */
  | {
      readonly id: string;
      readonly kind: 'targetFolder' | 'targetFile';
      readonly path: string;
      readonly name: string;
    }
  | {
      readonly id: string;
      readonly kind: 'vault';
      readonly path: string;
      readonly name: string;
      readonly mode: 'create' | 'open';
    };

/** First message, once: what `Platform` is made of. */
export interface EngineSettings {
  readonly host: 'application' | 'preview';
  readonly practiceOnly: boolean;
  readonly profileFolder: string | null;
  readonly localNames: readonly string[];
  readonly version: string;
  /** Where the local log is written, or null for none. */
  readonly logFolder: string | null;
}

/** Shell to engine. */
export type ToEngine =
  | { readonly type: 'start'; readonly settings: EngineSettings }
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  /** Answered by `granted`; for a vault the engine looks at its header and says at once if it may not be opened here. */
  | { readonly type: 'grant'; readonly grant: Grant }
  /**
   * Comes with one port: the unlock window's. On it the window posts `PortCall` and the engine answers `PortAnswer`.
   * Only there are methods of the surface `unlock` callable. `ticket`: what the window was opened for, null for
   * unlocking; the engine says it again with what comes of it.
   */
  | { readonly type: 'unlockPort'; readonly ticket: string | null }
  /** Answer to `parser`, with one port to the fresh process; null ports mean it did not start. */
  | { readonly type: 'parserStarted'; readonly id: number; readonly started: boolean }
  | { readonly type: 'parserExited'; readonly id: number }
  /** Bytes behind a one-use view token; answered by `view`. `start` and `end` (inclusive) for a part, null for all. */
  | {
      readonly type: 'view';
      readonly id: number;
      readonly token: string;
      readonly start: number | null;
      readonly end: number | null;
    }
  /** Save what is unsaved, zero the keys, answer `locked`. The process is killed half a second later whatever happens. */
  | { readonly type: 'lock' };

/** Engine to shell. */
export type FromEngine =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly result: BridgeResult }
  | { readonly type: 'event'; readonly event: BridgeEvent }
  | { readonly type: 'granted'; readonly id: string; readonly refused: BridgeFailure | null }
  /** A vault is open; `vault` is the grant that was used. The shell closes the unlock window and shows the main one. */
  | { readonly type: 'opened'; readonly vault: string }
  /** A passphrase was tried in the unlock window and did not open the vault; its process ends, a fresh one shows `failure`. */
  | {
      readonly type: 'attemptFailed';
      readonly vault: string | null;
      /** The ticket it was tried for; a window that shows another one by now is not meant. Null: unlocking. */
      readonly ticket: string | null;
      readonly failure: BridgeFailure;
    }
  /** What a ticket of the unlock window asked for is done (approval given); the window of that ticket closes, no other. */
  | { readonly type: 'ticketDone'; readonly ticket: string | null }
  | { readonly type: 'parser'; readonly id: number; readonly kind: 'wasm' | 'image' }
  | { readonly type: 'parserKill'; readonly id: number }
  | { readonly type: 'view'; readonly id: number; readonly view: ViewPart | null }
  /** Settings of the open vault that the shell carries out. */
  | { readonly type: 'hostSettings'; readonly settings: HostSettings }
  /** Lock now: another computer took the vault over, or a person asked for it by a method. */
  | { readonly type: 'lockMe'; readonly notice: BridgeFailure | null }
  | { readonly type: 'locked' };

/** Part of something shown in the viewer. */
export interface ViewPart {
  /** From the viewer's short list (pictures, plain text, sound, video); anything else is not shown. */
  readonly mime: string;
  readonly totalBytes: number;
  readonly start: number;
  readonly bytes: Uint8Array;
}

export interface HostSettings {
  /** Seconds without input before the vault locks. */
  readonly idleSeconds?: number;
  /** Until when (ms since epoch) idling does not lock, for a call with someone; null: not. */
  readonly keepOpenUntilMs?: number | null;
  readonly language?: 'es' | 'en';
  readonly contentProtection?: boolean;
  readonly clipboardClearSeconds?: number;
}

/** On the unlock window's port, to the engine. */
export interface PortCall {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}

/** On the unlock window's port, from the engine. */
export interface PortAnswer {
  readonly id: number;
  readonly result: BridgeResult;
}
