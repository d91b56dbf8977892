import type { ErrorCode, ErrorParams } from '../errors.ts';

/**
 * What the windows and the shell say to each other. Two bridges exist and a window gets exactly one:
 * `window.resguardo` in the main window, `window.resguardoUnlock` in the small window that takes
 * passphrases. Neither knows the name of any method: a new endpoint changes nothing here.
 */

/** The only IPC channel: windows ask on it, the shell sends events on it. */
export const BRIDGE_CHANNEL = 'resguardo';
/** The channel on which the unlock window gets its port to the engine, and nothing else. */
export const PORT_CHANNEL = 'resguardo-port';

/** Largest call a window may make, as characters of its JSON. Files never travel this way. */
export const MAX_CALL_CHARS = 8_000_000;
/** Largest file made in memory (a pasted picture) that may be handed over as bytes. */
export const MAX_PASTED_BYTES = 64 * 1024 * 1024;

export interface BridgeFailure {
  readonly code: ErrorCode;
  readonly field?: string;
  readonly params?: ErrorParams;
}

/** The answer to every call; a call never rejects. */
export type BridgeResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: BridgeFailure };

/** Something that changed; `name` is in the past tense, such as `incidents.changed`. */
export interface BridgeEvent {
  readonly name: string;
  readonly payload: unknown;
}

/** A file that a person chose, dropped or pasted. `id` goes into method inputs; the path never leaves the shell. */
export interface FileToken {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
}

/** A place to write to. `name` is the last part of the path, for showing; the rest is never told. */
export interface TargetToken {
  readonly id: string;
  readonly name: string;
}

/** The part of the browser's `File` that matters here (shared code knows no DOM types). */
export interface PickedFile {
  readonly name: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * A vault folder. `refused` says why it cannot be opened here (for instance `vault.practiceOnly`), before
 * anybody has typed a passphrase.
 */
export interface VaultToken {
  readonly id: string;
  readonly name: string;
  readonly refused: BridgeFailure | null;
}

/** A vault that was opened on this computer before. Counted, not named: the list is readable while locked. */
export interface RecentVault {
  readonly id: string;
  /** 1, 2, 3 ... in order of first use; does not change. */
  readonly ordinal: number;
  /** Milliseconds since epoch. */
  readonly lastOpenedMs: number;
  readonly refused: BridgeFailure | null;
}

/** What locking and hiding can do on this computer, for the settings screen: only what was seen to work. */
export interface HostFacts {
  readonly host: 'application' | 'preview';
  /** The key combination that locks from anywhere, or null where none could be registered. */
  readonly lockShortcut: string | null;
  /** Combinations that were tried and that another program or the desktop holds. */
  readonly lockShortcutsRefused: readonly string[];
  /** The combination that the person prefers, `off` for none, null where nothing was chosen. */
  readonly lockShortcutChosen: string | null;
  /** All combinations that can be chosen. */
  readonly lockShortcuts: readonly string[];
  readonly contentProtection: 'full' | 'partial' | 'none';
  readonly contentProtectionOn: boolean;
  readonly triggers: readonly LockTriggerFact[];
  /** How a lock of the session is heard: told at once by the system, or by asking every few seconds. */
  readonly sessionLockHeard: 'atOnce' | 'byAsking';
  readonly clipboardClearSeconds: number;
  /** Whether the system keeps what was copied where clearing does not reach. */
  readonly clipboardHistory: 'on' | 'possible' | 'off';
  /** Until when idling does not lock because of a call, ms since epoch; null: no call. */
  readonly keepOpenUntilMs: number | null;
  /** Whether this computer can keep a secret of its own as a second factor. */
  readonly machineSecret: boolean;
}

/** What a person may set about this computer; the vault's own settings are methods. */
export interface HostChoices {
  readonly lockShortcut?: string | undefined;
  readonly contentProtection?: boolean | undefined;
  readonly clipboardClearSeconds?: number | undefined;
}

export type LockTrigger = 'idle' | 'suspend' | 'lid' | 'sessionLock' | 'shortcut' | 'command' | 'quit';

export interface LockTriggerFact {
  readonly trigger: LockTrigger;
  /** Whether this platform can deliver it at all. */
  readonly available: boolean;
  /** When it last worked on this computer, ms since epoch; null: never seen. */
  readonly lastSeenMs: number | null;
}

/** `window.resguardo`, in the main window only. */
export interface HostBridge {
  readonly host: 'application' | 'preview';
  /** Put a view token of the engine behind it (`<viewer>/<token>`) and show it in a sandboxed frame or an img. */
  readonly viewer: string;
  call(method: string, input: unknown): Promise<BridgeResult>;
  /** Calls `listener` for every event; the answer ends that. */
  on(listener: (event: BridgeEvent) => void): () => void;
  /** Empty when the person cancels. With `folders`, whole folders are chosen. */
  chooseFiles(options: { multiple: boolean; folders?: boolean }): Promise<FileToken[]>;
  /** For files that came by drop, paste or a file input. */
  fileTokens(files: readonly PickedFile[]): Promise<FileToken[]>;
  /** Null when the person cancels. */
  chooseTarget(options: { kind: 'folder' | 'file'; suggestedName: string }): Promise<TargetToken | null>;
  chooseVault(mode: 'create' | 'open'): Promise<VaultToken | null>;
  /**
   * Opens the passphrase window for something else than unlocking (such as a second person's approval). Answers
   * when that window is gone: true if what the ticket was for is done, false if it was given up.
   */
  askPassphrase(ticket: string): Promise<boolean>;
  /** Puts text on the clipboard and has it cleared after a while. */
  copy(text: string): Promise<void>;
  lock(): Promise<void>;
  facts(): Promise<HostFacts>;
  /** During a call idling does not lock, for half an hour at most. Gives the end in ms since epoch, or null. */
  keepOpen(on: boolean): Promise<number | null>;
  configure(choices: HostChoices): Promise<void>;
  /** Says that a person is at work, so that the idle clock starts anew. Cheap; call it on input. */
  activity(): void;
}

/** What the unlock window is opened with. */
export interface UnlockContext {
  /** Null: unlock or create. Else the ticket given to `askPassphrase`. */
  readonly ticket: string | null;
  /** Why the attempt before this one failed, or why the application locked itself. Each attempt has a fresh window. */
  readonly notice: BridgeFailure | null;
  readonly recents: readonly RecentVault[];
  /** The vault of the attempt before this one, so that the person need not choose again. */
  readonly vault: VaultToken | null;
  readonly language: 'es' | 'en';
  /** Whether this computer can keep a secret of its own as a second factor. */
  readonly machineSecret: boolean;
}

/** `window.resguardoUnlock`, in the unlock window only. Calls go straight to the engine, past the shell. */
export interface UnlockBridge {
  readonly host: 'application' | 'preview';
  call(method: string, input: unknown): Promise<BridgeResult>;
  context(): Promise<UnlockContext>;
  chooseVault(mode: 'create' | 'open'): Promise<VaultToken | null>;
  /** The folder that new vaults go to unless the person chooses another: inside the application's own data. */
  defaultVault(): Promise<VaultToken>;
  /** A key file as second factor. With `folders`, the folder of a backup. */
  chooseFiles(options: { multiple: boolean; folders?: boolean }): Promise<FileToken[]>;
  /** This computer's secret as a second factor, made the first time; null where it cannot be kept. */
  machineSecret(): Promise<FileToken | null>;
  /** Prints this window through the system's dialogue, by its own print style. False: nothing was printed. */
  print(): Promise<boolean>;
  setLanguage(language: 'es' | 'en'): Promise<void>;
  /** Closes the window without an attempt; only with a ticket. */
  cancel(): Promise<void>;
}
