import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestMessage } from '#shared/parser/wire.ts';
import type { ParserChannel } from '../ports/parser.ts';
import { ParserWorker } from './worker.ts';

const LIMIT_MS = 60_000;
const LIMITS = { startMs: 20_000, memoryMb: 512, maxAnswerBytes: 1_000_000 };
const PARAMS = { bytes: new Uint8Array([104, 105]), maxChars: 10 };

/** A process that answers when it is told to, and never by itself. */
const channelOf = () => {
  let tell: (message: unknown) => void = () => undefined;
  let goes: () => void = () => undefined;
  const asked: number[] = [];
  const state = { killed: false };
  const channel: ParserChannel = {
    post: (message) => {
      const request = message as RequestMessage;
      if (request.type === 'run') asked.push(request.job);
    },
    onMessage: (listener) => (tell = listener),
    onExit: (listener) => (goes = listener),
    kill: () => {
      state.killed = true;
      goes();
    },
  };
  const answer = (text: string): void =>
    tell({ type: 'answer', job: asked.shift(), value: { text, encoding: 'utf-8', truncated: false } });
  return {
    channel,
    state,
    answer,
    ready: () => tell({ type: 'ready' }),
    say: (message: unknown) => tell(message),
    asked,
  };
};
const run = async (worker: ParserWorker): Promise<string> =>
  worker.run('text.decode', PARAMS, LIMIT_MS).then(
    () => 'answered',
    (thrown: { code?: string }) => thrown.code ?? 'thrown',
  );

describe('the time of a job', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const start = () => {
    const parser = channelOf();
    const worker = new ParserWorker(parser.channel, LIMITS);
    parser.ready();
    return { parser, worker };
  };

  test('begins when the one before is answered, not when it is handed over', async () => {
    const { parser, worker } = start();
    const [first, second] = [run(worker), run(worker)];
    await vi.advanceTimersByTimeAsync(35_000);
    expect(parser.asked).toHaveLength(2);
    parser.answer('a');
    expect(await first).toBe('answered');
    await vi.advanceTimersByTimeAsync(35_000);
    expect(parser.state.killed).toBe(false);
    parser.answer('b');
    expect(await second).toBe('answered');
    // Nothing is under way: no timer is left to end a process that waits.
    await vi.advanceTimersByTimeAsync(10 * LIMIT_MS);
    expect(worker.alive).toBe(true);
    worker.end('call.cancelled');
  });

  test('ends the process when the second one uses up its own', async () => {
    const { parser, worker } = start();
    const [first, second] = [run(worker), run(worker)];
    await vi.advanceTimersByTimeAsync(35_000);
    parser.answer('a');
    await vi.advanceTimersByTimeAsync(LIMIT_MS - 1);
    expect(parser.state.killed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(parser.state.killed).toBe(true);
    expect(await first).toBe('answered');
    expect(await second).toBe('parser.tooSlow');
  });

  test('of the first one is not renewed by those behind it, and all of them fail with it', async () => {
    const { parser, worker } = start();
    const first = run(worker);
    await vi.advanceTimersByTimeAsync(LIMIT_MS - 10);
    const second = run(worker);
    await vi.advanceTimersByTimeAsync(10);
    expect(parser.state.killed).toBe(true);
    expect(await Promise.all([first, second])).toEqual(['parser.tooSlow', 'parser.tooSlow']);
  });

  test('begins anew behind a refusal as well', async () => {
    const { parser, worker } = start();
    const [first, second] = [run(worker), run(worker)];
    await vi.advanceTimersByTimeAsync(35_000);
    parser.say({ type: 'refusal', job: parser.asked.shift(), code: 'parser.damagedFile', ends: false });
    expect(await first).toBe('parser.damagedFile');
    await vi.advanceTimersByTimeAsync(35_000);
    parser.answer('b');
    expect(await second).toBe('answered');
    worker.end('call.cancelled');
  });
});
