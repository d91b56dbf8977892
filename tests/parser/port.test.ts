import { EventEmitter } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { ParserWorker } from '../../electron/core/parser-host/worker.ts';
import { openParserPort } from '../../electron/parser/port.ts';
import { serve } from '../../electron/parser/serve.ts';
import { textDecode } from '../../electron/parser/text-decode.ts';
import { PARSER_LIMITS } from '../../shared/parser/jobs.ts';

/** A port with the shape that Electron's have: events with `data`, silent until started. */
const electronShaped = (port: MessagePort): object =>
  Object.assign(new EventEmitter(), {
    postMessage: (message: unknown) => {
      port.postMessage(message);
    },
    on(event: string, listener: (value: unknown) => void) {
      port.on(event, (data: unknown) => {
        listener(event === 'message' ? { data } : undefined);
      });
      return this;
    },
    start: () => {
      port.start();
    },
  });

afterEach(() => {
  delete (process as { parentPort?: unknown }).parentPort;
});

test('the same service answers over a port that the shell handed over', async () => {
  const parent = new EventEmitter();
  Object.defineProperty(process, 'parentPort', { value: parent, configurable: true });
  const { port1, port2 } = new MessageChannel();
  const opening = openParserPort();
  parent.emit('message', { data: { type: 'port' }, ports: [electronShaped(port2)] });
  serve(await opening, { 'text.decode': textDecode });
  const worker = new ParserWorker(
    {
      post: (message) => {
        port1.postMessage(message);
      },
      onMessage: (listener) => void port1.on('message', listener),
      onExit: () => undefined,
      kill: () => undefined,
    },
    PARSER_LIMITS,
  );
  const long = 'desaparición '.repeat(900_000);
  const bytes = new Uint8Array(Buffer.from(long));
  const answer = await worker.run('text.decode', { bytes, maxChars: 20_000_000 }, 20_000);
  expect(answer).toEqual({ text: long, encoding: 'utf-8', truncated: false });
  port1.removeAllListeners();
  port1.unref();
});

test('without a parent there is no port', async () => {
  const { send } = process;
  process.send = undefined as never;
  await expect(openParserPort()).rejects.toThrow('no port');
  process.send = send as never;
});
