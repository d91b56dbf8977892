import { readSync } from 'node:fs';

/**
 * The way in and out of a parser process, whatever started it: an IPC channel of `child_process.fork`
 * or a message port that the shell handed over. Small on purpose: no name of a file ever crosses it.
 */
export interface ParserPort {
  post(message: unknown, transfer: ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /**
   * Fills the memory with bytes that come beside the messages: with `at`, from that place of the memory that both sides
   * see. Left out where the port has no such way.
   */
  drain?(into: Uint8Array, at: number | undefined): void;
}

/** Place of the pipe for bytes, and of the memory that both sides see; the launcher opens them. */
const INLET = 4;
const TRAY = 5;

/** Waits until all is there: whoever announced the bytes is already writing them, or laid them there. */
const drainInlet = (into: Uint8Array, from: number | undefined): void => {
  for (let at = 0; at < into.length;) {
    const count =
      from === undefined
        ? readSync(INLET, into, at, into.length - at, null)
        : readSync(TRAY, into, at, into.length - at, from + at);
    // The other side is gone, and a parser has no life of its own.
    if (count === 0) process.exit(0);
    at += count;
  }
};

/** What Electron gives a utility process; declared here because this folder may not import Electron. */
interface ParentPort {
  once(event: 'message', listener: (event: { ports: readonly HandedPort[] }) => void): void;
}
interface HandedPort {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
}

const fromHandedPort = (handed: HandedPort): ParserPort => ({
  // Electron's ports carry other ports only, so memory is copied here rather than handed over.
  post: (message) => handed.postMessage(message),
  onMessage: (listener) => {
    handed.on('message', (event) => listener(event.data));
    handed.start();
  },
});

/**
 * Finds the port of this process. Ends the process when the other side goes away: a parser has no life
 * of its own. Throws when nobody is there to talk to.
 */
export const openParserPort = async (): Promise<ParserPort> => {
  const parent = (process as { parentPort?: ParentPort }).parentPort;
  if (parent !== undefined) {
    const handed = await new Promise<HandedPort>((resolve, reject) => {
      parent.once('message', ({ ports }) => {
        const first = ports[0];
        if (first === undefined) reject(new Error('no port'));
        else resolve(first);
      });
    });
    handed.on('close', () => process.exit(0));
    return fromHandedPort(handed);
  }
  if (process.send === undefined) throw new Error('no port');
  // The bound method is kept here, so that `fence` can take the public one away.
  const send = process.send.bind(process);
  process.on('disconnect', () => process.exit(0));
  return {
    post: (message) => void send(message),
    onMessage: (listener) => void process.on('message', listener),
    drain: drainInlet,
  };
};
