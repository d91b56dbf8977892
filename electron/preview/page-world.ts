import type { PageMessage } from './page-messages.ts';

/** What the page's half is told. Goes into the page as JSON, so plain data only. */
export interface PageWorldOptions {
  /** Name of the DevTools binding, taken away before any script of the page runs. */
  readonly binding: string;
  /** Name of the one function that the host calls. Random for every window. */
  readonly deliver: string;
  readonly argv: readonly string[];
}

/**
 * The page's half of the stand-in, as a function that is sent as source text: the `electron` of a preload,
 * on top of one binding. It runs in the page's own world, before the page's scripts, and leaves behind a
 * frozen bridge and one function that only takes what the host sends.
 */
export const pageWorld = (
  options: PageWorldOptions,
  runPreload: (require: (name: string) => unknown, process: { argv: readonly string[] }) => void,
): void => {
  const names = globalThis as unknown as Record<string, unknown>;
  const post = names[options.binding] as ((text: string) => void) | undefined;
  delete names[options.binding];
  // Frames inside the page (the viewer) get no bridge.
  if (post === undefined || window.top !== window) return;

  const toText = (value: unknown): string =>
    JSON.stringify(value, (_key, inner: unknown) => {
      if (!(inner instanceof Uint8Array)) return inner;
      let binary = '';
      for (let at = 0; at < inner.length; at += 0x8000) {
        binary += String.fromCharCode(...inner.subarray(at, at + 0x8000));
      }
      return { $bytes: btoa(binary) };
    });
  const fromText = (text: string): unknown =>
    JSON.parse(text, (_key, inner: unknown) => {
      if (typeof inner !== 'object' || inner === null) return inner;
      if ('$bytes' in inner) return Uint8Array.from(atob(String(inner.$bytes)), (char) => char.charCodeAt(0));
      return '$undefined' in inner ? undefined : inner;
    });
  const send = (message: PageMessage): void => post(toText(message));

  type Listener = (event: { ports: MessagePort[] }, ...args: unknown[]) => void;
  const listeners = new Map<string, Set<Listener>>();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const ports = new Map<number, MessagePort>();
  const files: File[] = [];
  let lastId = 0;

  const listen = (channel: string, listener: Listener): void => {
    const all = listeners.get(channel) ?? new Set();
    listeners.set(channel, all.add(listener));
  };
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]): Promise<unknown> => {
      const id = (lastId += 1);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        send({ t: 'invoke', id, channel, args });
      });
    },
    on: listen,
    once: (channel: string, listener: Listener): void => {
      const first: Listener = (event, ...args) => {
        listeners.get(channel)?.delete(first);
        listener(event, ...args);
      };
      listen(channel, first);
    },
    removeListener: (channel: string, listener: Listener): void =>
      void listeners.get(channel)?.delete(listener),
  };
  const webUtils = {
    /** A token; the host looks the path up while the message that carries it arrives. */
    getPathForFile: (file: File): string => `${options.deliver}:file:${files.push(file) - 1}`,
  };
  const contextBridge = {
    exposeInMainWorld: (name: string, api: object): void => {
      Object.defineProperty(globalThis, name, {
        value: Object.freeze({ ...api }),
        writable: false,
        configurable: false,
        enumerable: true,
      });
    },
  };

  const openPort = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = (event: MessageEvent<unknown>) => send({ t: 'port', id, data: event.data });
    return port2;
  };
  const deliver = (text: string): void => {
    const message = fromText(text) as
      | { t: 'answer'; id: number; value?: unknown; failed?: string }
      | { t: 'message'; channel: string; args: unknown[]; ports: number[] }
      | { t: 'port'; id: number; data: unknown };
    if (message.t === 'answer') {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.failed === undefined) asked?.resolve(message.value);
      else asked?.reject(new Error(message.failed));
    } else if (message.t === 'message') {
      const event = { ports: message.ports.map(openPort) };
      for (const listener of [...(listeners.get(message.channel) ?? [])]) listener(event, ...message.args);
    } else {
      ports.get(message.id)?.postMessage(message.data);
    }
  };
  Object.defineProperty(globalThis, options.deliver, {
    value: Object.freeze(Object.assign(deliver, { file: (number: number) => files[number] })),
    writable: false,
    configurable: false,
    enumerable: false,
  });
  window.addEventListener('copy', () => send({ t: 'copied', text: String(document.getSelection()) }), true);

  const electron = { ipcRenderer, webUtils, contextBridge };
  runPreload(
    (name) => {
      if (name !== 'electron') throw new Error(`A preload can require electron only, not ${name}`);
      return electron;
    },
    { argv: options.argv },
  );
};

/** The script that runs first in every document of a window. */
export const pageWorldScript = (options: PageWorldOptions, preloadSource: string): string =>
  `(${pageWorld.toString()})(${JSON.stringify(options)}, function (require, process) {
const module = { exports: {} }; const exports = module.exports;
${preloadSource}
});`;
