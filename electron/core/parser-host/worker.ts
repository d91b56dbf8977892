import { AppError } from '#shared/errors.ts';
import { PARSER_JOBS } from '#shared/parser/jobs.ts';
import type { ParserJob } from '#shared/parser/jobs.ts';
import { answerMessageSchema, BytesInbox, sendBytesAhead } from '#shared/parser/wire.ts';
import type { RequestMessage } from '#shared/parser/wire.ts';
import type { ParserChannel } from '../ports/parser.ts';

export interface WorkerLimits {
  readonly startMs: number;
  readonly memoryMb: number;
  readonly maxAnswerBytes: number;
}

const MEMORY_WATCH_MS = 250;

interface Pending {
  readonly number: number;
  readonly job: ParserJob;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: AppError) => void;
}

/**
 * One parser process as the engine holds it: one job at a time, every message checked before a word of it
 * is believed. Any message that does not fit ends the process: there is no talking to a captured parser.
 */
export class ParserWorker {
  readonly #channel: ParserChannel;
  readonly #limits: WorkerLimits;
  readonly #ready: Promise<void>;
  #pending: Pending | undefined;
  #inbox: BytesInbox;
  #jobs = 0;
  #alive = true;
  #onReady: () => void = () => undefined;
  #onNeverReady: (reason: AppError) => void = () => undefined;

  constructor(channel: ParserChannel, limits: WorkerLimits) {
    this.#channel = channel;
    this.#limits = limits;
    this.#inbox = new BytesInbox(limits.maxAnswerBytes);
    this.#ready = new Promise((resolve, reject) => {
      this.#onReady = resolve;
      this.#onNeverReady = reject;
    });
    // A spare may die before anybody waits for it.
    this.#ready.catch(() => undefined);
    const patience = setTimeout(() => this.end('parser.crashed'), limits.startMs);
    patience.unref();
    this.#ready.then(
      () => clearTimeout(patience),
      () => clearTimeout(patience),
    );
    channel.onMessage((message) => this.#take(message));
    channel.onExit(() => this.#gone('parser.crashed'));
  }

  get alive(): boolean {
    return this.#alive;
  }

  get busy(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * Runs one job to its end. Rejects with `parser.*`; after `tooSlow`, `tooLarge` by memory, `badAnswer` and
   * `crashed` the process is gone.
   */
  async run(job: ParserJob, params: unknown, timeMs: number): Promise<unknown> {
    await this.#ready;
    if (!this.#alive) throw new AppError('parser.crashed');
    if (this.#pending !== undefined) throw new AppError('call.internal');
    this.#jobs += 1;
    const number = this.#jobs;
    const outcome = new Promise<unknown>((resolve, reject) => {
      this.#pending = { number, job, resolve, reject };
    });
    const timer = setTimeout(() => this.end('parser.tooSlow'), timeMs);
    const watch = setInterval(() => void this.#watchMemory(), MEMORY_WATCH_MS);
    try {
      const post = (message: RequestMessage, transfer: ArrayBuffer[] = []): void =>
        this.#channel.post(message, transfer);
      const light = sendBytesAhead(number, params, post);
      post({ type: 'run', job: number, name: job, params: light });
      return await outcome;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      this.#pending = undefined;
    }
  }

  /** Ends the process; a job under way fails with `code`. */
  end(code: AppError['code']): void {
    this.#gone(code);
    this.#channel.kill();
  }

  #gone(code: AppError['code']): void {
    if (!this.#alive) return;
    this.#alive = false;
    const error = new AppError(code);
    this.#onNeverReady(error);
    this.#pending?.reject(error);
  }

  async #watchMemory(): Promise<void> {
    const bytes = await this.#channel.residentBytes?.();
    if (bytes !== null && bytes !== undefined && bytes > this.#limits.memoryMb * 1024 * 1024) {
      this.end('parser.tooLarge');
    }
  }

  #take(raw: unknown): void {
    if (!this.#alive) return;
    const parsed = answerMessageSchema.safeParse(raw);
    if (!parsed.success) return this.end('parser.badAnswer');
    const message = parsed.data;
    if (message.type === 'ready') return this.#onReady();
    const pending = this.#pending;
    if (pending === undefined || message.job !== pending.number) return this.end('parser.badAnswer');
    try {
      if (message.type === 'buffer' || message.type === 'chunk') return this.#inbox.take(message);
      const inbox = this.#inbox;
      this.#inbox = new BytesInbox(this.#limits.maxAnswerBytes);
      if (message.type === 'refusal') {
        pending.reject(new AppError(message.code));
        if (message.ends) this.end(message.code);
        return;
      }
      const answer = PARSER_JOBS[pending.job].answer.safeParse(inbox.resolve(message.value));
      if (!answer.success) return this.end('parser.badAnswer');
      pending.resolve(answer.data);
    } catch {
      this.end('parser.badAnswer');
    }
  }
}
