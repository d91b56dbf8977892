import { randomUUID } from 'node:crypto';

import type { MessagePortMain, UtilityProcess } from 'electron';

import type { BridgeFailure, BridgeResult } from '#shared/contract/bridge.ts';
import type { EngineSettings, FromEngine, Grant, ToEngine, ViewPart } from '#shared/contract/engine-wire.ts';

const STOPPED: BridgeFailure = { code: 'call.engineStopped' };

/** What the shell does with messages that are not answers. */
export interface EngineListeners {
  /** `event`, `opened`, `attemptFailed`, `parser`, ... : everything the engine says of its own accord. */
  onMessage(message: FromEngine): void;
  /** Once, when the process has ended for whatever reason; every waiting call has been failed before. */
  onExit(): void;
}

export interface EngineProcess {
  /** Changes with every process, so that a late message of a former one is recognised. */
  readonly incarnation: string;
  call(method: string, input: unknown): Promise<BridgeResult>;
  grant(grant: Grant): Promise<BridgeFailure | null>;
  view(token: string, range: { start: number; end: number | null } | null): Promise<ViewPart | null>;
  post(message: ToEngine, ports?: MessagePortMain[]): void;
  /** Asks for the keys to be zeroed and waits for `locked` or the end of the process, at most `timeoutMs`; then kills it. */
  end(timeoutMs: number): Promise<void>;
  pid(): number | undefined;
  alive(): boolean;
}

/** Kinds of question that are waited for; each table is emptied with its own failure when the process ends. */
const createWaiting = <K, T>(onStop: T) => {
  const waiting = new Map<K, (answer: T) => void>();
  return {
    wait: (key: K): Promise<T> => new Promise((resolve) => void waiting.set(key, resolve)),
    settle(key: K, answer: T): void {
      waiting.get(key)?.(answer);
      waiting.delete(key);
    },
    stop(): void {
      for (const resolve of waiting.values()) resolve(onStop);
      waiting.clear();
    },
  };
};

/** Wraps a freshly forked engine. */
export const attachEngine = (
  child: UtilityProcess,
  settings: EngineSettings,
  listeners: EngineListeners,
): EngineProcess => {
  const calls = createWaiting<number, BridgeResult>({ ok: false, error: STOPPED });
  const grants = createWaiting<string, BridgeFailure | null>(STOPPED);
  const views = createWaiting<number, ViewPart | null>(null);
  const ended = createWaiting<'ended', void>(undefined);
  let lastId = 0;
  let alive = true;
  /** The process sees nothing before it is ready to listen. */
  let backlog: [ToEngine, MessagePortMain[] | undefined][] | null = [];

  const post = (message: ToEngine, ports?: MessagePortMain[]): void => {
    if (!alive) return;
    if (backlog !== null) backlog.push([message, ports]);
    else child.postMessage(message, ports);
  };

  child.once('spawn', () => {
    const queued = backlog ?? [];
    backlog = null;
    for (const [message, ports] of queued) post(message, ports);
  });
  child.on('message', (message: FromEngine) => {
    if (message.type === 'answer') calls.settle(message.id, message.result);
    else if (message.type === 'granted') grants.settle(message.id, message.refused);
    else if (message.type === 'view') views.settle(message.id, message.view);
    else if (message.type === 'locked') ended.settle('ended', undefined);
    else listeners.onMessage(message);
  });
  child.once('exit', () => {
    alive = false;
    calls.stop();
    grants.stop();
    views.stop();
    ended.stop();
    listeners.onExit();
  });
  post({ type: 'start', settings });

  /** `kill()` of a utility process is a polite SIGTERM; a hung derivation would not hear it. */
  const killNow = (): void => {
    if (!alive) return;
    if (child.pid === undefined) child.kill();
    else
      try {
        process.kill(child.pid, 'SIGKILL');
      } catch {
        child.kill();
      }
  };

  return {
    incarnation: randomUUID(),
    call(method, input) {
      if (!alive) return Promise.resolve({ ok: false, error: STOPPED });
      const id = (lastId += 1);
      const answer = calls.wait(id);
      post({ type: 'call', id, method, input });
      return answer;
    },
    grant(grant) {
      if (!alive) return Promise.resolve(STOPPED);
      const answer = grants.wait(grant.id);
      post({ type: 'grant', grant });
      return answer;
    },
    view(token, range) {
      if (!alive) return Promise.resolve(null);
      const id = (lastId += 1);
      const answer = views.wait(id);
      post({ type: 'view', id, token, start: range?.start ?? null, end: range?.end ?? null });
      return answer;
    },
    post,
    async end(timeoutMs) {
      if (!alive) return;
      const answered = ended.wait('ended');
      post({ type: 'lock' });
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([answered, new Promise((resolve) => void (timer = setTimeout(resolve, timeoutMs)))]);
      clearTimeout(timer);
      const gone = new Promise<void>((resolve) =>
        alive ? void child.once('exit', () => resolve()) : resolve(),
      );
      killNow();
      await gone;
    },
    pid: () => child.pid,
    alive: () => alive,
  };
};
