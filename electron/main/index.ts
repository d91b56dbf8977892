import { existsSync, mkdirSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

import { app, dialog } from 'electron';
import type { Session } from 'electron';

import type {
  FileToken,
  HostChoices,
  HostFacts,
  LockTrigger,
  RecentVault,
  UnlockContext,
} from '#shared/contract/bridge.ts';

import { openBridge } from './bridge/bridge.ts';
import { createDialogs } from './bridge/dialogs.ts';
import { clipboardHistory } from './platform/clipboard-history.ts';
import { followCopies, watchClipboard, watchCopyKeys } from './platform/clipboard.ts';
import { openDeviceSettings } from './platform/device-settings.ts';
import { hostFacts } from './platform/host-facts.ts';
import { LONGEST_CALL_MS, watchIdle } from './platform/idle.ts';
import { createMachineSecret } from './platform/machine-secret.ts';
import { leaveNoTraces } from './platform/no-traces.ts';
import { watchPower } from './platform/power.ts';
import { registerLockShortcut, releaseLockShortcut } from './platform/shortcut.ts';
import type { PanicKey } from './platform/shortcut.ts';
import { openAppFiles } from './security/app-table.ts';
import { hardenContents, hardenSession, hardenStart } from './security/harden.ts';
import { appProtocol } from './security/protocol.ts';
import { createShell } from './shell.ts';
import { errorText, shellTexts } from './texts.ts';
import { installMenu } from './window/menu.ts';

/** Nothing that we or a library of ours writes is readable by another user of the computer. */
process.umask(0o077);
/** Left alone, this signal makes Node listen for a debugger, through which case text could be read. */
if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined);
hardenStart();

const host = app.getName() === 'Resguardo preview' ? 'preview' : 'application';
const outFolder = join(app.getAppPath(), 'out');
const profileFolder = app.getPath('userData');
const device = openDeviceSettings(profileFolder);
const texts = () => shellTexts(device.get().language);

const argument = (name: string): string | null => {
  const found = process.argv.find((value) => value.startsWith(`--${name}=`));
  return found === undefined ? null : found.slice(name.length + 3);
};
const namedVault = argument('vault');

const idle = watchIdle({
  idleSeconds: () => device.get().idleSeconds,
  isOpen: () => shell.isOpen(),
  lock: (trigger) => lock(trigger),
});
const machine = createMachineSecret({ profileFolder });
const clipboardWatch = watchClipboard(() => device.get().clipboardClearSeconds);

let serve: (session: Session) => void = hardenSession;

const shell = createShell({
  prepareSession: (session) => serve(session),
  host,
  outFolder,
  device,
  engineSettings: {
    host,
    practiceOnly: host === 'preview',
    profileFolder,
    localNames: [userInfo().username, hostname(), homedir()].filter((name) => name.length > 1),
    version: app.getVersion(),
    logFolder: join(profileFolder, 'log'),
  },
  startVault: namedVault === null ? null : resolve(namedVault),
  onUnusable() {
    refuseToRun(texts().engineUnusable);
  },
  onHostSettings({ settings }) {
    const { keepOpenUntilMs, ...kept } = settings;
    device.update(Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)));
    if (keepOpenUntilMs !== undefined) idle.keepOpenUntil(keepOpenUntilMs);
    if (settings.language !== undefined) showMenu();
    if (settings.contentProtection !== undefined)
      shell.mainWindow()?.setContentProtection(settings.contentProtection);
  },
  onLocked(trigger) {
    idle.ended();
    device.update({ triggersSeen: { ...device.get().triggersSeen, [trigger]: Date.now() } });
  },
  nowMs: () => Date.now(),
});

const lock = (trigger: LockTrigger): void => {
  void clipboardWatch.clear();
  void shell.lock(trigger);
};
const showMenu = (): void => installMenu(texts(), { lock: () => lock('command'), quit: () => app.quit() });
let panicKey: PanicKey = { registered: null, refused: [] };
let power: ReturnType<typeof watchPower> | null = null;
const takePanicKey = (): void => {
  panicKey = registerLockShortcut(() => lock('shortcut'), device.get().lockShortcut);
};

const facts = async (): Promise<HostFacts> =>
  hostFacts({
    host,
    device: device.get(),
    panicKey,
    power,
    keepOpenUntilMs: idle.keptOpenUntilMs(),
    clipboardHistory: await clipboardHistory(),
    machineSecret: await machine.available(),
  });

const configure = (choices: HostChoices): void => {
  device.update(Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined)));
  if (choices.contentProtection !== undefined)
    shell.mainWindow()?.setContentProtection(choices.contentProtection);
  if (choices.lockShortcut !== undefined) takePanicKey();
};

/** The engine gets the bytes as a grant, the window a token; nothing of it stays here. */
const machineToken = async (): Promise<FileToken | null> => {
  const secret = await machine.obtain();
  if (secret === null) return null;
  try {
    return await shell.grants.bytes('machine', secret);
  } finally {
    secret.fill(0);
  }
};

const recents = (): Promise<RecentVault[]> =>
  Promise.all(
    device
      .get()
      .vaults.filter((vault) => existsSync(vault.path))
      .map(async ({ path, ordinal, lastOpenedMs }) => {
        const { id, refused } = await shell.grants.vault(path, 'open');
        return { id, ordinal, lastOpenedMs, refused };
      }),
  );

const context = async (): Promise<UnlockContext> => ({
  ticket: shell.unlockState()?.ticket ?? null,
  notice: shell.unlockState()?.notice ?? null,
  vault: shell.unlockState()?.vault ?? null,
  recents: await recents(),
  language: device.get().language,
  machineSecret: await machine.available(),
});

/** The first free folder inside the application's own data: outside what is synchronised and indexed. */
const defaultVaultFolder = (): string => {
  mkdirSync(join(profileFolder, 'vaults'), { recursive: true, mode: 0o700 });
  for (let number = 1; ; number += 1) {
    const folder = join(profileFolder, 'vaults', `vault-${number}`);
    if (!existsSync(folder)) return folder;
  }
};

const mainDialogs = createDialogs(() => shell.mainWindow(), shell.grants, texts);
const unlockDialogs = createDialogs(() => shell.unlockWindow(), shell.grants, texts);

const openDoors = (): void =>
  openBridge([
    {
      contents: () => shell.mainContents(),
      handlers: {
        call: ({ method, input }) =>
          shell.engine()?.call(method, input) ?? { ok: false, error: { code: 'call.engineStopped' } },
        chooseFiles: (request) => mainDialogs.chooseFiles(request),
        files: async ({ files }) => {
          const tokens = await Promise.all(
            files.map(async (file) =>
              'path' in file
                ? shell.grants.files([file.path], { folders: true })
                : [await shell.grants.bytes(file.name, file.bytes)],
            ),
          );
          return tokens.flat();
        },
        chooseTarget: ({ target, suggestedName }) => mainDialogs.chooseTarget(target, suggestedName),
        chooseVault: ({ mode }) => mainDialogs.chooseVault(mode),
        askPassphrase: ({ ticket }) => shell.askPassphrase(ticket),
        copy: ({ text }) => clipboardWatch.write(text),
        copied: () => clipboardWatch.copied(),
        lock: () => lock('command'),
        facts,
        keepOpen: ({ on }) => idle.keepOpenUntil(on ? Date.now() + LONGEST_CALL_MS : null),
        configure: ({ choices }) => configure(choices),
        activity: () => idle.activity(),
      },
    },
    {
      contents: () => shell.unlockContents(),
      handlers: {
        context,
        chooseFiles: ({ multiple, folders }) => unlockDialogs.chooseFiles({ multiple, folders }),
        chooseVault: ({ mode }) => unlockDialogs.chooseVault(mode),
        defaultVault: () => shell.grants.vault(defaultVaultFolder(), 'create'),
        setLanguage: ({ language }) => {
          device.update({ language });
          showMenu();
        },
        cancel: () => shell.cancelTicket(),
        machineSecret: machineToken,
        print: () => shell.unlockState()?.print() ?? false,
        copied: () => clipboardWatch.copied(),
        activity: () => idle.activity(),
      },
    },
  ]);

const refuseToRun = (message: string): void => {
  if (host === 'application') dialog.showErrorBox('Resguardo', message);
  else process.stderr.write(`${message}\n`);
  void shell.shutDown().then(() => app.exit(1));
};

const start = async (): Promise<void> => {
  await app.whenReady();
  const files = openAppFiles(outFolder);
  const answer = appProtocol(
    files,
    (token, range) => shell.engine()?.view(token, range) ?? Promise.resolve(null),
  );
  serve = (session) => {
    hardenSession(session);
    session.protocol.handle('app', answer);
  };
  // Sessions that we did not ask for are refused everything as well.
  app.on('session-created', hardenSession);
  app.on('web-contents-created', (_event, contents) => {
    hardenContents(contents);
    watchCopyKeys(contents, clipboardWatch);
  });
  followCopies(clipboardWatch);
  leaveNoTraces();
  // Every window's end is followed by another window or by quitting on purpose.
  app.on('window-all-closed', () => undefined);
  app.on('second-instance', () => (shell.mainWindow() ?? shell.unlockWindow())?.focus());
  let ended = false;
  app.on('before-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    power?.stop();
    void clipboardWatch.clear();
    void shell.shutDown().then(() => {
      ended = true;
      app.quit();
    });
  });
  showMenu();
  openDoors();
  power = watchPower(lock);
  takePanicKey();
  releaseLockShortcut();
  const refused = await shell.start();
  if (refused === null) return;
  // Refused before any passphrase was asked for.
  refuseToRun(errorText(device.get().language, refused.code));
};

if (app.requestSingleInstanceLock()) void start();
else app.quit();
