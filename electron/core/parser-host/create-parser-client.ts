import { AppError } from '#shared/errors.ts';
import { PARSER_JOBS, PARSER_LIMITS } from '#shared/parser/jobs.ts';
import type {
  CancelSignal,
  ParserAnswer,
  ParserClient,
  ParserJob,
  ParserParams,
  ParserRunOptions,
  ParserSession,
} from '#shared/parser/jobs.ts';
import { countBytes } from '#shared/parser/wire.ts';
import type { ParserKind, ParserLauncher } from '../ports/parser.ts';
import { ParserWorker } from './worker.ts';

export type ParserClientLimits = { readonly [K in keyof typeof PARSER_LIMITS]: number };

export interface ParserClientOptions {
  /** Bounds other than the usual ones, for tests. */
  readonly limits?: Partial<ParserClientLimits>;
  /** Processes of one kind that work at the same time; 2 by default. */
  readonly parallel?: number;
}

/** Jobs that a person started and waits for, on whole documents. */
const SLOW_JOBS: ReadonlySet<ParserJob> = new Set(['ocr.text', 'ocr.lines', 'pdf.redact']);

/** Jobs after which no other job on the same source comes: their process does not wait for one. */
const ONE_JOB: ReadonlySet<ParserJob> = new Set(['image.encode', 'indicators.read']);

interface Task {
  readonly job: ParserJob;
  readonly params: unknown;
  readonly source: string;
  readonly settle: (outcome: { value: unknown } | { error: AppError }) => void;
  cancelled: boolean;
  worker: ParserWorker | undefined;
}

interface Used {
  readonly worker: ParserWorker;
  readonly source: string;
}

/**
 * The processes of one kind: a fresh spare that has seen nothing, and those at work. A process serves one
 * source and no other; when another source is next, an idle process of the old one ends.
 */
class Pool {
  readonly #kind: ParserKind;
  readonly #launcher: ParserLauncher;
  readonly #limits: ParserClientLimits;
  readonly #parallel: number;
  #spare: Promise<ParserWorker> | undefined;
  #idle: Used[] = [];
  readonly #all = new Set<ParserWorker>();
  #queue: Task[] = [];
  #working = 0;
  #generation = 0;
  #closed = false;

  constructor(kind: ParserKind, launcher: ParserLauncher, limits: ParserClientLimits, parallel: number) {
    this.#kind = kind;
    this.#launcher = launcher;
    this.#limits = limits;
    this.#parallel = parallel;
  }

  add(task: Task): void {
    if (this.#closed) {
      task.settle({ error: new AppError('call.cancelled') });
      return;
    }
    this.#queue.push(task);
    this.#next();
  }

  /** A process that is nobody else's until it ends. It stands beside those that work at the same time. */
  async lease(): Promise<ParserWorker> {
    if (this.#closed) throw new AppError('call.cancelled');
    // What waits idle for its own source only takes memory while another source is read for long.
    for (const { worker } of this.#idle) this.#endWorker(worker, 'call.cancelled');
    this.#idle = [];
    return this.#fresh();
  }

  release(worker: ParserWorker): void {
    this.#endWorker(worker, 'call.cancelled');
  }

  recycle(): void {
    this.#generation += 1;
    for (const { worker } of this.#idle) this.#endWorker(worker, 'call.cancelled');
    this.#idle = [];
  }

  close(): void {
    this.#closed = true;
    for (const task of this.#queue) task.settle({ error: new AppError('call.cancelled') });
    this.#queue = [];
    this.#idle = [];
    for (const worker of [...this.#all]) this.#endWorker(worker, 'call.cancelled');
  }

  #endWorker(worker: ParserWorker, code: AppError['code']): void {
    this.#all.delete(worker);
    worker.end(code);
  }

  async #start(): Promise<ParserWorker> {
    const channel = await this.#launcher.start(this.#kind);
    const worker = new ParserWorker(channel, this.#limits);
    if (this.#closed) worker.end('call.cancelled');
    else this.#all.add(worker);
    return worker;
  }

  #warm(): void {
    if (this.#closed || this.#spare !== undefined) return;
    this.#spare = this.#start();
    this.#spare.catch(() => (this.#spare = undefined));
  }

  async #fresh(): Promise<ParserWorker> {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined) {
      const worker = await spare.catch(() => undefined);
      if (worker?.alive === true) return worker;
    }
    return this.#start();
  }

  async #workerFor(task: Task): Promise<Used> {
    // Pixels that the engine made are encoded where no foreign byte has ever been.
    if (task.job !== 'image.encode') {
      const at = this.#idle.findIndex(({ worker, source }) => worker.alive && source === task.source);
      const [found] = at < 0 ? [] : this.#idle.splice(at, 1);
      if (found !== undefined) return found;
    }
    for (const other of this.#idle)
      if (other.source !== task.source) this.#endWorker(other.worker, 'call.cancelled');
    this.#idle = this.#idle.filter(({ worker }) => worker.alive);
    return { worker: await this.#fresh(), source: task.source };
  }

  #next(): void {
    while (this.#working < this.#parallel) {
      const task = this.#queue.shift();
      if (task === undefined) return;
      if (task.cancelled) continue;
      this.#working += 1;
      void this.#work(task);
    }
  }

  async #work(task: Task): Promise<void> {
    const generation = this.#generation;
    let used: Used | undefined;
    try {
      used = await this.#workerFor(task);
      task.worker = used.worker;
      if (task.cancelled) throw new AppError('call.cancelled');
      const timeMs = SLOW_JOBS.has(task.job) ? this.#limits.ocrTimeMs : this.#limits.timeMs;
      const value = await used.worker.run(task.job, task.params, timeMs);
      task.settle({ value });
    } catch (thrown) {
      task.settle({ error: thrown instanceof AppError ? thrown : new AppError('parser.crashed') });
    } finally {
      this.#working -= 1;
      if (used !== undefined) this.#putBack(used, task, generation);
      this.#warm();
      this.#next();
    }
  }

  #putBack(used: Used, task: Task, generation: number): void {
    if (!used.worker.alive) this.#all.delete(used.worker);
    else if (this.#closed || generation !== this.#generation || ONE_JOB.has(task.job)) {
      this.#endWorker(used.worker, 'call.cancelled');
    } else this.#idle.push(used);
  }
}

/**
 * The engine's way to the parser processes. Jobs wait their turn; each is bounded in time, memory, input and
 * answer. Every failure is an `AppError`: `parser.tooLarge`, `tooSlow`, `crashed`, `badAnswer`,
 * `damagedFile`, `unsupported`, `passwordProtected`, or `call.cancelled`.
 */
export const createParserClient = (
  launcher: ParserLauncher,
  options: ParserClientOptions = {},
): ParserClient => {
  const limits: ParserClientLimits = { ...PARSER_LIMITS, ...options.limits };
  const parallel = options.parallel ?? 2;
  const pools = {
    wasm: new Pool('wasm', launcher, limits, parallel),
    image: new Pool('image', launcher, limits, parallel),
  };

  const check = <J extends ParserJob>(job: J, params: ParserParams<J>): unknown => {
    if (countBytes(params) > limits.maxInputBytes) throw new AppError('parser.tooLarge');
    const checked = PARSER_JOBS[job].params.safeParse(params);
    if (checked.success) return checked.data;
    const tooBig = checked.error.issues.some(({ code }) => code === 'too_big');
    throw new AppError(tooBig ? 'parser.tooLarge' : 'call.internal');
  };

  const session = async (): Promise<ParserSession> => {
    const worker = await pools.wasm.lease();
    return {
      run: async <J extends ParserJob>(
        job: J,
        params: ParserParams<J>,
        { signal }: { readonly signal?: CancelSignal } = {},
      ) => {
        if (PARSER_JOBS[job].kind !== 'wasm') throw new AppError('call.internal');
        if (signal?.aborted === true) throw new AppError('call.cancelled');
        const checked = check(job, params);
        // A library cannot be asked to stop: its process ends.
        const cancel = (): void => worker.end('call.cancelled');
        signal?.addEventListener('abort', cancel);
        try {
          return (await worker.run(job, checked, limits.timeMs)) as ParserAnswer<J>;
        } finally {
          signal?.removeEventListener('abort', cancel);
        }
      },
      end: () => pools.wasm.release(worker),
    };
  };

  const run = async <J extends ParserJob>(
    job: J,
    params: ParserParams<J>,
    { signal, source = '' }: ParserRunOptions = {},
  ): Promise<ParserAnswer<J>> => {
    if (signal?.aborted === true) throw new AppError('call.cancelled');
    const checked = check(job, params);
    let cancel: () => void = () => undefined;
    const outcome = await new Promise<{ value: unknown } | { error: AppError }>((settle) => {
      const task: Task = { job, params: checked, source, settle, cancelled: false, worker: undefined };
      cancel = () => {
        task.cancelled = true;
        // A library cannot be asked to stop: its process ends.
        task.worker?.end('call.cancelled');
        settle({ error: new AppError('call.cancelled') });
      };
      signal?.addEventListener('abort', cancel);
      pools[PARSER_JOBS[job].kind].add(task);
    });
    signal?.removeEventListener('abort', cancel);
    if ('error' in outcome) throw outcome.error;
    return outcome.value as ParserAnswer<J>;
  };

  return {
    run,
    session,
    recycle: () => {
      pools.wasm.recycle();
      pools.image.recycle();
    },
    close: () => {
      pools.wasm.close();
      pools.image.close();
      return Promise.resolve();
    },
  };
};
