import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { app, MessageChannelMain, utilityProcess } from 'electron';
import type { UtilityProcess } from 'electron';

import { PARSER_LIMITS } from '#shared/parser/jobs.ts';

import type { EngineProcess } from './engine-process.ts';
import { residentBytes, watchMemory } from './memory-watch.ts';

const MAX_BYTES = PARSER_LIMITS.memoryMb * 1024 * 1024;

const memoryOf = (pid: number): number | null => {
  if (process.platform === 'linux') return residentBytes(pid);
  const found = app.getAppMetrics().find((metric) => metric.pid === pid);
  return found === undefined ? null : found.memory.workingSetSize * 1024;
};

/** The folder that parsers stand in: made when the first one starts, empty, taken away with the program. */
let empty: string | null = null;
const emptyFolder = (): string => {
  if (empty !== null) return empty;
  const made = mkdtempSync(join(tmpdir(), 'p-'));
  empty = made;
  process.once('exit', () => {
    try {
      rmdirSync(made);
    } catch {
      // Not empty or gone: neither is ours to mend at this point.
    }
  });
  return made;
};

/**
 * Parser processes, started for the engine: no environment, no arguments, nothing of the shell's; they get
 * one port whose other end the engine holds. The shell sees none of the bytes. The engine cannot measure a process
 * that it did not start, so the memory limit is kept here; to the engine such an end is a crash.
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
        cwd: emptyFolder(),
        execArgv: [
          '--max-old-space-size=768',
          '--max-semi-space-size=2',
          '--disallow-code-generation-from-strings',
          ...(kind === 'wasm' ? ['--no-addons'] : []),
        ],
      });
      running.set(id, child);
      let started = false;
      let unwatch: () => void = () => undefined;
      child.once('spawn', () => {
        started = true;
        const { pid } = child;
        if (pid !== undefined) {
          unwatch = watchMemory(
            () => memoryOf(pid),
            MAX_BYTES,
            () => this.kill(id),
          );
        }
        const { port1, port2 } = new MessageChannelMain();
        child.postMessage({ type: 'port' }, [port1]);
        engine.post({ type: 'parserStarted', id, started: true }, [port2]);
      });
      child.once('exit', () => {
        unwatch();
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
