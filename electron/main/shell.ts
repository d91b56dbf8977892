import { basename, join } from 'node:path';

import { app, session as sessions, utilityProcess } from 'electron';
import type { BrowserWindow, Session } from 'electron';

import type { BridgeFailure, LockTrigger, VaultToken } from '#shared/contract/bridge.ts';
import type { EngineSettings, FromEngine } from '#shared/contract/engine-wire.ts';

import { tellWindow } from './bridge/events.ts';
import { createGrants } from './bridge/grants.ts';
import type { Grants } from './bridge/grants.ts';
import { attachEngine } from './engine/engine-process.ts';
import type { EngineProcess } from './engine/engine-process.ts';
import { createParsers } from './engine/parsers.ts';
import type { DeviceSettingsStore } from './platform/device-settings.ts';
import { endWindow, openWindow } from './window/windows.ts';
import { openUnlockWindow } from './window/unlock-window.ts';
import type { UnlockWindow } from './window/unlock-window.ts';

/**
 * How long the engine may take to write what was read and that the session ended, and to zero its keys, before it is
 * killed. The picture is gone before. Shorter, a slow disk would turn orderly locks into sessions that were cut off, which
 * cost an emergency access a minute and a half each and leave the lock file behind; longer, a lock would no longer be
 * over within a second.
 */
const LOCK_GRACE_MS = 500;

/** An engine that ends again this soon, before anybody did anything, will not get better by another try. */
const CRASH_LOOP_MS = 5_000;

export interface ShellParts {
  readonly host: 'application' | 'preview';
  /** Folder with the built programs: engine, parsers, preload. */
  readonly outFolder: string;
  readonly device: DeviceSettingsStore;
  readonly engineSettings: EngineSettings;
  /** A vault named when the application was started; offered first. */
  readonly startVault: string | null;
  /** Serves our pages in a fresh session and refuses everything else there. */
  prepareSession(session: Session): void;
  /** The engine cannot be kept running; the application says so and ends. */
  onUnusable(): void;
  onHostSettings(message: Extract<FromEngine, { type: 'hostSettings' }>): void;
  /** A trigger did lock; shown in the settings as seen to work. */
  onLocked(trigger: LockTrigger): void;
  nowMs(): number;
}

/**
 * The two states of the application. Locked: a fresh engine without keys and the unlock window. Open: the
 * engine with the keys and the main window. Going from one to the other always ends processes.
 */
export const createShell = (parts: ShellParts) => {
  const entry = (name: string): string => join(parts.outFolder, 'main', `${name}.js`);
  const parsers = createParsers((kind) => entry(`parser-${kind}`));
  const preload = join(parts.outFolder, 'preload', 'index.cjs');

  let engine: EngineProcess | null = null;
  let mainWindow: BrowserWindow | null = null;
  let unlock: UnlockWindow | null = null;
  let open = false;
  let locking: Promise<void> | null = null;
  let quitting = false;
  let lastEngineEndMs = 0;
  /** Whoever waits for the window of a ticket. */
  let answerTicket: ((done: boolean) => void) | null = null;
  /** Folder behind each vault grant of this engine. */
  let vaultPaths = new Map<string, string>();

  const grants: Grants = createGrants((grant) => {
    if (grant.kind === 'vault') vaultPaths.set(grant.id, grant.path);
    return engine === null ? Promise.resolve({ code: 'call.engineStopped' }) : engine.grant(grant);
  });

  /** Each window has a partition of its own, in memory: no process and no store is shared between two. */
  let partition = 0;
  const window = (kind: 'main' | 'unlock'): BrowserWindow => {
    const session = sessions.fromPartition(`${kind}-${(partition += 1)}`);
    parts.prepareSession(session);
    return openWindow({
      kind,
      session,
      preload,
      host: parts.host,
      contentProtection: parts.device.get().contentProtection,
    });
  };

  const showUnlock = (options: {
    notice: BridgeFailure | null;
    ticket: string | null;
    vault: VaultToken | null;
  }): void => {
    unlock?.end();
    const current = engine;
    if (current === null) return;
    unlock = openUnlockWindow({
      ...options,
      window: window('unlock'),
      joinPort: (port) => current.post({ type: 'unlockPort', ticket: options.ticket }, [port]),
      onClosed: () => {
        if (options.ticket === null && !open && locking === null && !quitting) app.quit();
        if (options.ticket !== null) endTicket(false);
      },
    });
  };

  const shownTicket = (): string | null => unlock?.ticket ?? null;

  const endTicket = (done: boolean): void => {
    unlock?.end();
    unlock = null;
    const answer = answerTicket;
    answerTicket = null;
    answer?.(done);
  };

  const showMain = (): void => {
    mainWindow = window('main');
    mainWindow.on('closed', () => {
      mainWindow = null;
      if (open && locking === null) app.quit();
    });
    mainWindow.webContents.on('render-process-gone', () => {
      if (open && locking === null) void lock('command', { code: 'call.internal' });
    });
  };

  const onOpened = (vault: string): void => {
    const path = vaultPaths.get(vault);
    if (path !== undefined) parts.device.opened(path, parts.nowMs());
    open = true;
    unlock?.end();
    unlock = null;
    showMain();
  };

  const onMessage = (from: EngineProcess, message: FromEngine): void => {
    if (from !== engine) return;
    switch (message.type) {
      case 'event':
        tellWindow(
          mainWindow === null || mainWindow.isDestroyed() ? null : mainWindow.webContents,
          message.event,
        );
        return;
      case 'opened':
        // An attempt that succeeded while somebody was locking: its engine is about to end with its keys.
        if (locking === null && !quitting) onOpened(message.vault);
        return;
      case 'attemptFailed':
        // Deriving takes a second, in which the window may have been closed or opened for something else.
        if (locking !== null || quitting || message.ticket !== shownTicket()) return;
        return showUnlock({
          notice: message.failure,
          ticket: message.ticket,
          vault: message.vault === null ? null : knownVault(message.vault),
        });
      case 'ticketDone':
        if (message.ticket !== null && message.ticket === shownTicket()) endTicket(true);
        return;
      case 'parser':
        return parsers.start(from, message.id, message.kind);
      case 'parserKill':
        return parsers.kill(message.id);
      case 'hostSettings':
        return parts.onHostSettings(message);
      case 'lockMe':
        void lock('command', message.notice);
        return;
      default:
        // Answers are handled where their questions are; `ready` needs nothing.
        return;
    }
  };

  const knownVault = (id: string): VaultToken => ({
    id,
    // The attempt is over, the choice is not: the person must still see which vault this is.
    name: basename(vaultPaths.get(id) ?? ''),
    refused: null,
  });

  const startEngine = (): void => {
    vaultPaths = new Map();
    const child = utilityProcess.fork(entry('engine'), [], {
      serviceName: 'Resguardo engine',
      // SQLCipher and foreign libraries write what they see; nobody reads it, nobody may.
      stdio: 'ignore',
      env: {},
      // Old machines: what is made and dropped at once would otherwise fill 48 MiB before it is looked at.
      execArgv: ['--max-semi-space-size=2'],
    });
    const started: EngineProcess = attachEngine(child, parts.engineSettings, {
      onMessage: (message) => onMessage(started, message),
      onExit: () => {
        parsers.killAll();
        if (started !== engine || locking !== null || quitting) return;
        const now = parts.nowMs();
        if (!open && now - lastEngineEndMs < CRASH_LOOP_MS) return parts.onUnusable();
        lastEngineEndMs = now;
        void lock('command', { code: 'call.engineStopped' });
      },
    });
    engine = started;
  };

  const endAll = async (): Promise<void> => {
    open = false;
    answerTicket?.(false);
    answerTicket = null;
    // The picture goes first, then what could draw it again, then what holds the keys.
    mainWindow?.hide();
    unlock?.hide();
    await engine?.end(LOCK_GRACE_MS);
    parsers.killAll();
    endWindow(mainWindow);
    unlock?.end();
    mainWindow = null;
    unlock = null;
    engine = null;
  };

  const lock = (trigger: LockTrigger, notice: BridgeFailure | null = null): Promise<void> => {
    locking ??= endAll().then(async () => {
      parts.onLocked(trigger);
      if (quitting) return;
      startEngine();
      const last = parts.device.get().vaults[0];
      const vault = last === undefined ? null : await grants.vault(last.path, 'open');
      locking = null;
      showUnlock({ notice, ticket: null, vault });
    });
    return locking;
  };

  return {
    grants,
    isOpen: (): boolean => open,
    lock,
    mainContents: () => (mainWindow === null || mainWindow.isDestroyed() ? null : mainWindow.webContents),
    unlockContents: () => unlock?.contents() ?? null,
    mainWindow: () => mainWindow,
    unlockWindow: () => unlock?.browserWindow() ?? null,
    unlockState: () => unlock,
    engine: () => engine,
    /** The passphrase window beside the open main window, for another person's approval. */
    askPassphrase(ticket: string): Promise<boolean> {
      answerTicket?.(false);
      if (!open) return Promise.resolve(false);
      return new Promise((answer) => {
        answerTicket = answer;
        showUnlock({ notice: null, ticket, vault: null });
      });
    },
    cancelTicket(): void {
      if (unlock?.ticket != null) endTicket(false);
    },
    /** Starts locked. Gives why the vault named at the start cannot be opened here, or null. */
    async start(): Promise<BridgeFailure | null> {
      startEngine();
      const first = parts.startVault ?? parts.device.get().vaults[0]?.path ?? null;
      const vault = first === null ? null : await grants.vault(first, 'open');
      if (parts.startVault !== null && vault?.refused != null) return vault.refused;
      showUnlock({ notice: null, ticket: null, vault });
      return null;
    },
    /** Ends every process that could hold something, and lets the application quit. */
    async shutDown(): Promise<void> {
      quitting = true;
      await locking;
      await endAll();
    },
  };
};

export type Shell = ReturnType<typeof createShell>;
