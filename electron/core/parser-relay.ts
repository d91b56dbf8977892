import type { FromEngine } from '#shared/contract/engine-wire.ts';
import { AppError } from '#shared/errors.ts';
import type { ParserChannel, ParserKind, ParserLauncher } from './ports/index.ts';
import type { WirePort } from './wire-port.ts';

interface Waiting {
  readonly resolve: (port: WirePort) => void;
  readonly reject: (error: Error) => void;
}

/** Parser processes that the shell starts: the engine asks by message and gets one port for each. */
export class ParserRelay implements ParserLauncher {
  readonly #say: (message: FromEngine) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exits = new Map<number, (() => void)[]>();
  #lastId = 0;

  constructor(say: (message: FromEngine) => void) {
    this.#say = say;
  }

  async start(kind: ParserKind): Promise<ParserChannel> {
    const id = (this.#lastId += 1);
    const exits: (() => void)[] = [];
    this.#exits.set(id, exits);
    const port = await new Promise<WirePort>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#say({ type: 'parser', id, kind });
    });
    let ended = false;
    exits.push(() => {
      ended = true;
    });
    return {
      post: (message) => {
        port.postMessage(message);
      },
      onMessage: (listener) => {
        port.on('message', ({ data }) => {
          listener(data);
        });
        port.start?.();
      },
      onExit: (listener) => {
        if (ended) listener();
        else exits.push(listener);
      },
      kill: () => {
        this.#say({ type: 'parserKill', id });
      },
    };
  }

  /** The shell's answer; a null port means that the process did not start. */
  started(id: number, port: WirePort | null): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (port !== null) {
      waiting?.resolve(port);
      return;
    }
    this.#exits.delete(id);
    waiting?.reject(new AppError('parser.crashed'));
  }

  exited(id: number): void {
    const listeners = this.#exits.get(id) ?? [];
    this.#exits.delete(id);
    this.#waiting.get(id)?.reject(new AppError('parser.crashed'));
    this.#waiting.delete(id);
    for (const listener of listeners) listener();
  }
}
