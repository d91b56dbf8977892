import { AppError } from '#shared/errors.ts';
import { PARSER_JOBS, PARSER_LIMITS } from '#shared/parser/jobs.ts';
import type { ParserAnswer, ParserJob, ParserParams } from '#shared/parser/jobs.ts';
import { BytesInbox, requestMessageSchema, sendBytesAhead } from '#shared/parser/wire.ts';
import type { AnswerMessage } from '#shared/parser/wire.ts';
import type { ParserPort } from './port.ts';
import { refusalFrom } from './refusal.ts';

/** The jobs of one kind of process. */
export type JobHandlers = {
  readonly [J in ParserJob]?: (params: ParserParams<J>) => Promise<ParserAnswer<J>> | ParserAnswer<J>;
};

type AnyHandler = (params: unknown) => unknown;

/**
 * Answers requests one at a time until the process ends. Parameters are checked here again, because this
 * side must not depend on the other having done so. After a fault inside WebAssembly the memory of the
 * module can no longer be trusted: the refusal goes out and the process ends.
 */
export const serve = (port: ParserPort, handlers: JobHandlers): void => {
  const post = (message: AnswerMessage, transfer: ArrayBuffer[] = []): void => port.post(message, transfer);
  let inbox = new BytesInbox(PARSER_LIMITS.maxInputBytes);
  let last: Promise<void> = Promise.resolve();
  /** Memory of a piece that is done with, for the next one. */
  let spare: Uint8Array<ArrayBuffer> | null = null;

  const drain = (length: number, at: number | undefined): Uint8Array<ArrayBuffer> => {
    if (port.drain === undefined) throw new AppError('parser.badAnswer');
    const memory = spare !== null && spare.length >= length ? spare : new Uint8Array(length);
    spare = null;
    const bytes = memory.subarray(0, length);
    port.drain(bytes, at);
    return bytes;
  };

  const run = async (job: number, name: string, rawParams: unknown): Promise<void> => {
    try {
      const handler = Object.hasOwn(handlers, name) ? (handlers[name as ParserJob] as AnyHandler) : undefined;
      if (handler === undefined) throw new AppError('parser.unsupported');
      const params = PARSER_JOBS[name as ParserJob].params.parse(rawParams);
      const value = sendBytesAhead(job, await handler(params), post);
      post({ type: 'answer', job, value });
      // Nothing of a piece is kept once it was answered, and the next one comes after the answer.
      if (name === 'phone.feed')
        spare = (params as ParserParams<'phone.feed'>).bytes as Uint8Array<ArrayBuffer>;
    } catch (thrown) {
      const ends = thrown instanceof WebAssembly.RuntimeError;
      post({ type: 'refusal', job, code: refusalFrom(thrown).code, ends });
      if (ends) setTimeout(() => process.exit(1), 50);
    }
  };

  port.onMessage((raw) => {
    const message = requestMessageSchema.parse(raw);
    if (message.type === 'poured') return inbox.takePoured(message, drain);
    if (message.type !== 'run') return inbox.take(message);
    const params = inbox.resolve(message.params);
    inbox = new BytesInbox(PARSER_LIMITS.maxInputBytes);
    last = last.then(() => run(message.job, message.name, params));
  });
  post({ type: 'ready' });
};
