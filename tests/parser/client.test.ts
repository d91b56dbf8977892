import { afterEach, describe, expect, test } from 'vitest';
import { createParserClient } from '../../electron/core/parser-host/index.ts';
import type { ParserClient } from '../../shared/parser/jobs.ts';
import { PARSER_BUNDLES } from '../setup/build-parser.ts';
import { watchedLauncher } from './parser-fixture.ts';

/** Starting a process takes seconds on a busy machine. */
const PATIENCE = { timeout: 20_000 };

const open: ParserClient[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});
const make = (...[launcher, options]: Parameters<typeof createParserClient>): ParserClient => {
  const client = createParserClient(launcher, options);
  open.push(client);
  return client;
};
const text = (words: string): { bytes: Uint8Array<ArrayBuffer>; maxChars: number } => ({
  bytes: new Uint8Array(Buffer.from(words)),
  maxChars: 1_000,
});
const pidOf = (client: ParserClient, source?: string): Promise<string> =>
  client
    .run('text.decode', text('pid'), source === undefined ? {} : { source })
    .then((answer) => answer.text);

describe('parser client', () => {
  test('uses one process for one source, and a fresh one after recycle', async () => {
    const launcher = watchedLauncher(PARSER_BUNDLES.hostile);
    const client = make(launcher, { parallel: 1 });
    await pidOf(client);
    await pidOf(client);
    await pidOf(client);
    // One at work and one spare.
    await expect.poll(() => launcher.pids.length, PATIENCE).toBe(2);
    client.recycle();
    await expect.poll(() => launcher.ended.size, PATIENCE).toBe(1);
    expect(launcher.ended.has(launcher.pids[0] ?? 0)).toBe(true);
    await pidOf(client);
    await expect.poll(() => launcher.pids.length, PATIENCE).toBe(3);
  });

  test('never uses a process of one source for another', async () => {
    const launcher = watchedLauncher(PARSER_BUNDLES.hostile);
    const client = make(launcher, { parallel: 1 });
    await pidOf(client, 'case one');
    const first = launcher.pids[0] ?? 0;
    await pidOf(client, 'case two');
    await expect.poll(() => launcher.ended.has(first), PATIENCE).toBe(true);
  });

  test('a job under way when the source changes ends its process afterwards', async () => {
    const launcher = watchedLauncher();
    const client = make(launcher, { parallel: 1 });
    const running = client.run('text.decode', text('hello'));
    await expect.poll(() => launcher.pids.length, PATIENCE).toBeGreaterThan(0);
    client.recycle();
    expect((await running).text).toBe('hello');
    await expect.poll(() => launcher.ended.has(launcher.pids[0] ?? 0), PATIENCE).toBe(true);
  });

  test('encodes pixels in a process that saw no foreign bytes and sees none after', async () => {
    const launcher = watchedLauncher();
    const client = make(launcher, { parallel: 1 });
    const pixels = { width: 2, height: 2, data: new Uint8Array(16).fill(200) };
    const { bytes } = await client.run('image.encode', { pixels, format: 'png' });
    await expect.poll(() => launcher.ended.has(launcher.pids[0] ?? 0), PATIENCE).toBe(true);
    await client.run('image.inspect', { bytes });
    const inspected = launcher.pids.filter((pid) => !launcher.ended.has(pid));
    await client.run('image.encode', { pixels, format: 'jpeg' });
    // The process that read a file is ended rather than used, or stays idle; it never encodes.
    expect(launcher.pids.length).toBeGreaterThanOrEqual(3);
    expect(inspected.length).toBeGreaterThan(0);
  });

  test('cancels a running job at once and goes on with the next', async () => {
    const client = make(watchedLauncher(PARSER_BUNDLES.hostile), { parallel: 1 });
    await pidOf(client);
    const stop = new AbortController();
    const looping = client.run('text.decode', text('loop'), { signal: stop.signal });
    const next = pidOf(client);
    setTimeout(() => stop.abort(), 100);
    const before = performance.now();
    await expect(looping).rejects.toMatchObject({ code: 'call.cancelled' });
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(await next).toMatch(/^pid/);
    await expect(client.run('text.decode', text('pid'), { signal: stop.signal })).rejects.toMatchObject({
      code: 'call.cancelled',
    });
  });

  test('refuses what is too large before anything is sent', async () => {
    const launcher = watchedLauncher();
    const client = make(launcher, { limits: { maxInputBytes: 1_000 } });
    await expect(client.run('zip.decode', { bytes: new Uint8Array(1_001) })).rejects.toMatchObject({
      code: 'parser.tooLarge',
    });
    expect(launcher.pids).toHaveLength(0);
  });

  test('carries large bytes whole in both directions', async () => {
    const client = make(watchedLauncher());
    const width = 3_000;
    const height = 2_500;
    const data = new Uint8Array(width * height * 4);
    for (let at = 0; at < data.length; at += 1) data[at] = at % 4 === 3 ? 255 : (at * 7 + (at >> 12)) & 255;
    const { bytes } = await client.run('image.encode', { pixels: { width, height, data }, format: 'png' });
    const back = await client.run('image.pixels', { bytes });
    expect(back.width).toBe(width);
    expect(Buffer.compare(back.data, data)).toBe(0);
  });

  test('closing fails the jobs that wait', async () => {
    const client = make(watchedLauncher(PARSER_BUNDLES.hostile), { parallel: 1 });
    const jobs = [client.run('text.decode', text('loop')), pidOf(client), pidOf(client)];
    const settled = Promise.allSettled(jobs);
    await client.close();
    for (const outcome of await settled)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'call.cancelled' } });
    await expect(pidOf(client)).rejects.toMatchObject({ code: 'call.cancelled' });
  });
});
