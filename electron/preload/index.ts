import { contextBridge, ipcRenderer, webUtils } from 'electron';

import { BRIDGE_CHANNEL, PORT_CHANNEL } from '#shared/contract/bridge.ts';
import type { BridgeEvent, HostBridge, PickedFile, UnlockBridge } from '#shared/contract/bridge.ts';
import type { BridgeRequest } from '#shared/contract/bridge-requests.ts';

import { portCalls } from './port-calls.ts';
import { watchInput } from './watch-input.ts';

declare const process: { readonly argv: readonly string[] };

const given = (name: string): string =>
  process.argv.find((a) => a.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
const ask = <T>(request: BridgeRequest): Promise<T> =>
  ipcRenderer.invoke(BRIDGE_CHANNEL, request) as Promise<T>;
const host = given('resguardo-host') === 'preview' ? 'preview' : 'application';

/** A file on disk goes as its path (the page never sees it), one made in memory as its bytes. */
const picked = async (file: PickedFile) => {
  const path = webUtils.getPathForFile(file as File);
  return path === '' ? { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) } : { path };
};

const bridge: HostBridge = {
  host,
  viewer: given('resguardo-viewer'),
  call: (method, input) => ask({ kind: 'call', method, input }),
  on: (listener) => {
    const forward = (_: unknown, event: BridgeEvent): void => listener(event);
    ipcRenderer.on(BRIDGE_CHANNEL, forward);
    return () => void ipcRenderer.removeListener(BRIDGE_CHANNEL, forward);
  },
  chooseFiles: (options) => ask({ kind: 'chooseFiles', ...options }),
  fileTokens: async (files) => ask({ kind: 'files', files: await Promise.all([...files].map(picked)) }),
  chooseTarget: ({ kind, suggestedName }) => ask({ kind: 'chooseTarget', target: kind, suggestedName }),
  chooseVault: (mode) => ask({ kind: 'chooseVault', mode }),
  askPassphrase: (ticket) => ask({ kind: 'askPassphrase', ticket }),
  copy: (text) => ask({ kind: 'copy', text }),
  lock: () => ask({ kind: 'lock' }),
  facts: () => ask({ kind: 'facts' }),
  keepOpen: (on) => ask({ kind: 'keepOpen', on }),
  configure: (choices) => ask({ kind: 'configure', choices }),
  activity: () => void ask({ kind: 'activity' }),
};

/** Passphrases go over this port to the engine; the shell only joined its two ends. */
const port = new Promise<MessagePort>((join) => ipcRenderer.once(PORT_CHANNEL, (e) => join(e.ports[0]!)));
const unlock: UnlockBridge = {
  ...{ host, chooseFiles: bridge.chooseFiles, chooseVault: bridge.chooseVault, call: portCalls(port) },
  context: () => ask({ kind: 'context' }),
  defaultVault: () => ask({ kind: 'defaultVault' }),
  setLanguage: (language) => ask({ kind: 'setLanguage', language }),
  cancel: () => ask({ kind: 'cancel' }),
  machineSecret: () => ask({ kind: 'machineSecret' }),
  print: () => ask({ kind: 'print' }),
};

const isUnlock = given('resguardo-window') === 'unlock';
contextBridge.exposeInMainWorld(isUnlock ? 'resguardoUnlock' : 'resguardo', isUnlock ? unlock : bridge);
watchInput(bridge.activity, () => void ask({ kind: 'copied' }));
