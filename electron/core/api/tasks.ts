import type { CoreEvent } from '#shared/contract/events.ts';
import type { TaskState } from '#shared/contract/work.ts';
import type { TaskId } from '#shared/model/ids.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import type { TaskHandle } from '../context.ts';
import type { Clock } from '../ports/index.ts';

/** At most one progress event a task in this time; the first and the last always go out. */
const MIN_EVENT_GAP_MS = 100;
/** Finished tasks that the tray can still show. */
const MAX_FINISHED = 50;

interface Entry {
  state: TaskState;
  readonly abort: AbortController;
  lastEventMs: number;
}

/** The list of long work: progress, cancelling, results for the tray. */
export class Tasks {
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Set<Promise<unknown>>();
  #stopped = false;
  readonly #clock: Clock;
  readonly #emit: (event: CoreEvent) => void;

  constructor(clock: Clock, emit: (event: CoreEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** Newest first. */
  list(): TaskState[] {
    return [...this.#entries.values()].map((entry) => entry.state).reverse();
  }

  /** Asks a running task to stop. */
  cancel(id: TaskId): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.state.state !== 'running') return false;
    entry.abort.abort();
    return true;
  }

  /** Stops everything, for lock and quit; nothing begins any more until `allow`. */
  cancelAll(): void {
    this.#stopped = true;
    for (const entry of this.#entries.values()) entry.abort.abort();
  }

  /** Once all is ended: whoever asks from here on begins anew. */
  allow(): void {
    this.#stopped = false;
  }

  /** Waits for the end of all that runs, at most `atMostMs`. Never fails. */
  async ended(atMostMs: number): Promise<void> {
    if (this.#running.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => void (timer = setTimeout(resolve, atMostMs)));
    await Promise.race([Promise.allSettled([...this.#running]), patience]);
    clearTimeout(timer);
  }

  /**
   * Runs `work` as a task of `method`; its outcome is the answer of the call and the last state in the tray.
   *
   * @throws AppError `call.cancelled` after `cancelAll`, and whatever `work` throws.
   */
  async run<T>(id: TaskId, method: string, work: (task: TaskHandle) => Promise<T> | T): Promise<T> {
    if (this.#stopped) throw new AppError('call.cancelled');
    const mine = this.#run(id, method, work);
    this.#running.add(mine);
    try {
      return await mine;
    } finally {
      this.#running.delete(mine);
    }
  }

  async #run<T>(id: TaskId, method: string, work: (task: TaskHandle) => Promise<T> | T): Promise<T> {
    const entry: Entry = {
      state: {
        id,
        method,
        state: 'running',
        stage: 'starting',
        done: 0,
        total: 0,
        unit: 'items',
        subject: '',
        errorCode: null,
        startedAt: new Date(this.#clock.now()).toISOString(),
      },
      abort: new AbortController(),
      lastEventMs: Number.NEGATIVE_INFINITY,
    };
    this.#entries.set(id, entry);
    this.#tell(entry, {}, true);
    const handle: TaskHandle = {
      id,
      signal: entry.abort.signal,
      progress: (stage, done, total, unit) =>
        this.#tell(entry, { stage, done, total, unit }, stage !== entry.state.stage),
      describe: (subject) => this.#tell(entry, { subject: subject.slice(0, 300) }, true),
    };
    try {
      const result = await work(handle);
      this.#tell(entry, { state: 'done', done: entry.state.total }, true);
      return result;
    } catch (thrown) {
      const code = isAppError(thrown) ? thrown.code : 'call.internal';
      this.#tell(entry, { state: code === 'call.cancelled' ? 'cancelled' : 'failed', errorCode: code }, true);
      throw thrown;
    } finally {
      this.#forgetOld();
    }
  }

  #tell(entry: Entry, change: Partial<TaskState>, always: boolean): void {
    entry.state = { ...entry.state, ...change };
    const now = this.#clock.monotonic();
    if (!always && now - entry.lastEventMs < MIN_EVENT_GAP_MS) return;
    entry.lastEventMs = now;
    this.#emit({ name: 'tasks.changed', payload: entry.state });
  }

  #forgetOld(): void {
    const finished = [...this.#entries].filter(([, entry]) => entry.state.state !== 'running');
    for (const [id] of finished.slice(0, Math.max(0, finished.length - MAX_FINISHED)))
      this.#entries.delete(id);
  }
}
