import { AppError } from '#shared/errors.ts';
import { PARSER_JOBS } from '#shared/parser/jobs.ts';
import type { ParserJob } from '#shared/parser/jobs.ts';
import { answerMessageSchema, BytesInbox, sendBytesAhead } from '#shared/parser/wire.ts';
import type { PouredMessage, RequestMessage } from '#shared/parser/wire.ts';
import type { ParserChannel } from '../ports/parser.ts';

export interface WorkerLimits {
  readonly startMs: number;
  readonly memoryMb: number;
  readonly maxAnswerBytes: number;
}

const MEMORY_WATCH_MS = 250;
/** Jobs that may be on their way at once: one at work, the next already handed over, and the rest of an answer. */
const MAX_PENDING = 4;

interface Pending {
  readonly number: number;
  readonly job: ParserJob;
  readonly timeMs: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: AppError) => void;
}

/**
 * One parser process as the engine holds it: jobs are answered in the order in which they were given, every message is
 * checked before a word of it is believed. Any message that does not fit ends the process: there is no talking to a
 * captured parser.
 */
export class ParserWorker {
  readonly #channel: ParserChannel;
  readonly #limits: WorkerLimits;
  readonly #ready: Promise<void>;
  /** The first is at work. */
  readonly #pending: Pending[] = [];
  #inbox: BytesInbox;
  #jobs = 0;
  #alive = true;
  /** Of the job at work; one that was handed over ahead has all of its time once the one before is answered. */
  #timer: NodeJS.Timeout | undefined;
  /** Runs from the first job on: a long chain of short jobs is watched like one long job. */
  #watch: NodeJS.Timeout | undefined;
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

  /**
   * Runs one job to its end. A second one may be given before the first is answered, so that the process does not wait for
   * its bytes. Rejects with `parser.*`; after `tooSlow`, `tooLarge` by memory, `badAnswer` and `crashed` the process is
   * gone.
   */
  async run(job: ParserJob, params: unknown, timeMs: number): Promise<unknown> {
    await this.#ready;
    if (!this.#alive) throw new AppError('parser.crashed');
    if (this.#pending.length >= MAX_PENDING) throw new AppError('call.internal');
    this.#jobs += 1;
    const number = this.#jobs;
    const outcome = new Promise<unknown>((resolve, reject) => {
      this.#pending.push({ number, job, timeMs, resolve, reject });
    });
    if (this.#pending.length === 1) this.#startTimer();
    this.#watch ??= setInterval(() => void this.#watchMemory(), MEMORY_WATCH_MS).unref();
    try {
      const post = (message: RequestMessage, transfer: ArrayBuffer[] = []): void =>
        this.#channel.post(message, transfer);
      const light = sendBytesAhead(number, params, post, this.#pourFor(number, post));
      post({ type: 'run', job: number, name: job, params: light });
      return await outcome;
    } finally {
      // Where it could not even be handed over, nobody will answer it.
      const at = this.#pending.findIndex((one) => one.number === number);
      if (at > 0) this.#pending.splice(at, 1);
      else if (at === 0) this.#shift();
    }
  }

  /** The first job is over: the time of the next begins. */
  #shift(): void {
    this.#pending.shift();
    this.#startTimer();
  }

  #startTimer(): void {
    clearTimeout(this.#timer);
    const first = this.#pending[0];
    this.#timer =
      first === undefined ? undefined : setTimeout(() => this.end('parser.tooSlow'), first.timeMs);
  }

  /** The way for bytes beside the messages, if there is one. */
  #pourFor(
    job: number,
    post: (message: RequestMessage) => void,
  ): ((announced: PouredMessage, bytes: Uint8Array) => void) | undefined {
    const channel = this.#channel;
    if (channel.pour === undefined) return undefined;
    // One array of a job has a slot; whoever has the same slot next comes after the answer.
    let isLaid = false;
    return (announced, bytes) => {
      const at = isLaid ? null : (channel.lay?.(bytes, job % MAX_PENDING) ?? null);
      if (at !== null) {
        isLaid = true;
        post({ ...announced, at });
        return;
      }
      post(announced);
      channel.pour?.(bytes);
    };
  }

  /** Ends the process; a job under way fails with `code`. */
  end(code: AppError['code']): void {
    this.#gone(code);
    this.#channel.kill();
  }

  #gone(code: AppError['code']): void {
    if (!this.#alive) return;
    this.#alive = false;
    clearInterval(this.#watch);
    clearTimeout(this.#timer);
    const error = new AppError(code);
    this.#onNeverReady(error);
    for (const pending of this.#pending.splice(0)) pending.reject(error);
  }

  async #watchMemory(): Promise<void> {
    if (this.#pending.length === 0) return;
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
    const pending = this.#pending[0];
    if (pending === undefined || message.job !== pending.number) return this.end('parser.badAnswer');
    try {
      if (message.type === 'buffer' || message.type === 'chunk') return this.#inbox.take(message);
      const inbox = this.#inbox;
      this.#inbox = new BytesInbox(this.#limits.maxAnswerBytes);
      if (message.type === 'refusal') {
        this.#shift();
        pending.reject(new AppError(message.code));
        if (message.ends) this.end(message.code);
        return;
      }
      const answer = PARSER_JOBS[pending.job].answer.safeParse(inbox.resolve(message.value));
      if (!answer.success) return this.end('parser.badAnswer');
      this.#shift();
      pending.resolve(answer.data);
    } catch {
      this.end('parser.badAnswer');
    }
  }
}
