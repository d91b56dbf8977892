import { MessageChannelMain, utilityProcess } from 'electron';
import type { UtilityProcess } from 'electron';

import type { EngineProcess } from './engine-process.ts';

/**
 * Parser processes, started for the engine: no environment, no arguments, nothing of the shell's; they get
 * one port whose other end the engine holds. The shell sees none of the bytes.
 */
export const createParsers = (entryOf: (kind: 'wasm' | 'image') => string) => {
  const running = new Map<number, UtilityProcess>();
  return {
    start(engine: EngineProcess, id: number, kind: 'wasm' | 'image'): void {
      const child = utilityProcess.fork(entryOf(kind), [], {
        serviceName: `Resguardo ${kind}`,
        // Foreign files can make a library print what it read.
        stdio: 'ignore',
        env: {},
        execArgv: [
          '--max-old-space-size=768',
          '--disallow-code-generation-from-strings',
          ...(kind === 'wasm' ? ['--no-addons'] : []),
        ],
      });
      running.set(id, child);
      let started = false;
      child.once('spawn', () => {
        started = true;
        const { port1, port2 } = new MessageChannelMain();
        child.postMessage({ type: 'port' }, [port1]);
        engine.post({ type: 'parserStarted', id, started: true }, [port2]);
      });
      child.once('exit', () => {
        running.delete(id);
        engine.post(started ? { type: 'parserExited', id } : { type: 'parserStarted', id, started: false });
      });
    },
    kill(id: number): void {
      const child = running.get(id);
      if (child === undefined) return;
      if (child.pid === undefined) child.kill();
      else
        try {
          process.kill(child.pid, 'SIGKILL');
        } catch {
          child.kill();
        }
    },
    killAll(): void {
      for (const id of [...running.keys()]) this.kill(id);
    },
  };
};

export type Parsers = ReturnType<typeof createParsers>;
