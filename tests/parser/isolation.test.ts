import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createParserClient } from '../../electron/core/parser-host/index.ts';
import { createNodeParserLauncher } from '../../electron/core/ports/node/node-parser-launcher.ts';
import type { ParserClient } from '../../shared/parser/jobs.ts';
import { PARSER_BUNDLES } from '../setup/build-parser.ts';
import { watchedLauncher } from './parser-fixture.ts';

/** Orders are carried out by a parser process that an attacker has captured; see `hostile-process.ts`. */
const order = (client: ParserClient, text: string): Promise<string> =>
  client
    .run('text.decode', { bytes: new Uint8Array(Buffer.from(text)), maxChars: 1_000 })
    .then((answer) => answer.text);

/** The Node process itself, which may be a grandchild of ours when it stands in a namespace. */
const innermost = (pid: number): number => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean);
  const [first] = children;
  return first === undefined ? pid : innermost(Number(first));
};

let vault: string;
let secret: string;
const launcher = watchedLauncher(PARSER_BUNDLES.hostile);
const client = createParserClient(launcher, { limits: { timeMs: 2_500 }, parallel: 1 });
const enginePid = process.pid;
const walls = await createNodeParserLauncher({
  wasm: PARSER_BUNDLES.hostile,
  image: PARSER_BUNDLES.image,
}).walls();

beforeAll(() => {
  vault = mkdtempSync(join(tmpdir(), 'vault-of-nobody-'));
  secret = join(vault, 'vault.json');
  writeFileSync(secret, 'ciphertext');
});
afterAll(async () => {
  await client.close();
  rmSync(vault, { recursive: true, force: true });
});

describe('a captured parser process', () => {
  test('control: the same orders succeed in a process without walls', async () => {
    const child = spawn(process.execPath, [
      '-e',
      `process.stdout.write(String(require('fs').readFileSync(${JSON.stringify(secret)}).length))`,
    ]);
    let out = '';
    child.stdout.on('data', (data) => (out += String(data)));
    await new Promise((resolve) => child.on('close', resolve));
    expect(out).toBe('10');
  });

  test('cannot read the vault, the passwords file, or write and list folders', async () => {
    for (const attack of [
      `read ${secret}`,
      `list ${vault}`,
      `write ${join(vault, 'x')}`,
      'read /etc/passwd',
      'write /tmp/x',
      `list ${process.cwd()}`,
    ]) {
      expect(await order(client, attack), attack).toMatch(/^refused/);
    }
    expect(readdirSync(vault)).toEqual(['vault.json']);
  });

  test('cannot start a program, by the module in hand or by a fresh copy', async () => {
    expect(await order(client, 'spawn')).toMatch(/^refused/);
    expect(await order(client, 'raw-spawn')).toMatch(/^refused/);
  });

  test('cannot reach a listening port, and the listener hears nothing', async () => {
    let heard = 0;
    const server = net.createServer((socket) => {
      heard += 1;
      socket.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await order(client, `connect ${port}`)).toMatch(/^refused/);
    if (walls.network) expect(await order(client, `raw-connect ${port}`)).toMatch(/^refused/);
    expect(heard).toBe(0);
    // Control: the same port answers this process.
    await new Promise<void>((resolve) =>
      net
        .connect(port, '127.0.0.1')
        .on('close', () => resolve())
        .resume(),
    );
    expect(heard).toBe(1);
    server.close();
  });

  test.runIf(walls.network)('stands in a network namespace of its own', async () => {
    await order(client, 'pid');
    const inner = innermost(launcher.pids.findLast((pid) => !launcher.ended.has(pid)) ?? 0);
    expect(readlinkSync(`/proc/${inner}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'));
    const devices = readFileSync(`/proc/${inner}/net/dev`, 'utf8').split('\n').slice(2).filter(Boolean);
    expect(devices.map((line) => line.trim().split(':')[0])).toEqual(['lo']);
  });

  test('has an empty environment and no code from strings', async () => {
    expect(await order(client, 'environment')).toBe('environment []');
    expect(await order(client, 'eval')).toBe('refused EvalError');
  });

  test('cannot load a native addon', async () => {
    const addon = join(
      process.cwd(),
      'node_modules/sodium-native/prebuilds',
      `${process.platform}-${process.arch}`,
      'sodium-native.node',
    );
    expect(await order(client, `addon ${addon}`)).toMatch(/^refused/);
  });

  test.runIf(process.platform === 'linux')(
    'shows no path of the vault and nothing of ours in /proc',
    async () => {
      process.env['RESGUARDO_TEST_CANARY'] = 'canary-of-the-environment';
      const fresh = watchedLauncher(PARSER_BUNDLES.hostile);
      const other = createParserClient(fresh, { parallel: 1 });
      await order(other, 'pid');
      delete process.env['RESGUARDO_TEST_CANARY'];
      const [started] = fresh.pids;
      const inner = innermost(started ?? 0);
      expect(readFileSync(`/proc/${inner}/cmdline`, 'latin1')).toContain('parser-hostile');
      const names = readFileSync(`/proc/${inner}/environ`, 'latin1')
        .split('\0')
        .filter(Boolean)
        .map((pair) => pair.split('=')[0]);
      // The first two are how Node hands over the channel, the third is bubblewrap's.
      expect(
        names.filter(
          (name) => !['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'PWD'].includes(name ?? ''),
        ),
      ).toEqual([]);
      const maps = readFileSync(`/proc/${inner}/maps`, 'latin1');
      expect(maps).toContain('node');
      expect(maps).not.toMatch(/\.node$/m);
      const handles = readdirSync(`/proc/${inner}/fd`).map((fd) => readlinkSync(`/proc/${inner}/fd/${fd}`));
      for (const text of [maps, handles.join('\n')]) expect(text).not.toContain(vault);
      expect(handles.filter((handle) => handle.startsWith('/') && !handle.startsWith('/dev/'))).toEqual([]);
      await other.close();
    },
  );

  test.runIf(walls.limits)('leaves no core dump and can grow no file', async () => {
    await order(client, 'pid');
    const inner = innermost(launcher.pids.findLast((pid) => !launcher.ended.has(pid)) ?? 0);
    const limits = readFileSync(`/proc/${inner}/limits`, 'utf8');
    expect(limits).toMatch(/Max core file size\s+0\s+0/);
    expect(limits).toMatch(/Max file size\s+0\s+0/);
    expect(readFileSync(`/proc/${inner}/status`, 'utf8')).toMatch(/NoNewPrivs:\s+1/);
  });
});

describe('a parser process that misbehaves', () => {
  const fails = async (text: string, code: string): Promise<void> => {
    await expect(order(client, text), text).rejects.toMatchObject({ name: 'AppError', code });
    expect(process.pid).toBe(enginePid);
    // The next job gets a new process and works.
    expect(await order(client, 'environment')).toBe('environment []');
  };

  test('abort and exit end the job, not the engine', async () => {
    await fails('abort', 'parser.crashed');
    await fails('exit', 'parser.crashed');
  });

  test('an endless loop is ended after the time limit', async () => {
    const before = performance.now();
    await fails('loop', 'parser.tooSlow');
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  test.runIf(process.platform === 'linux')('growth beyond the memory limit is ended and named', async () => {
    const small = createParserClient(watchedLauncher(PARSER_BUNDLES.hostile), {
      limits: { memoryMb: 400, timeMs: 30_000 },
    });
    await expect(order(small, 'memory')).rejects.toMatchObject({ code: 'parser.tooLarge' });
    await small.close();
    const heap = process.memoryUsage().rss;
    const large = createParserClient(watchedLauncher(PARSER_BUNDLES.hostile), { limits: { timeMs: 30_000 } });
    await expect(order(large, 'heap')).rejects.toMatchObject({
      name: 'AppError',
      code: expect.stringMatching(/tooLarge|crashed/),
    });
    await large.close();
    expect(process.memoryUsage().rss - heap).toBeLessThan(200 * 1024 * 1024);
  });

  test('lies about the answer are refused', async () => {
    for (const lie of ['shape', 'extra', 'long']) await fails(`lie ${lie}`, 'parser.badAnswer');
  });

  test('messages outside the protocol end the process', async () => {
    for (const shout of ['unknown', 'other', 'code', 'flood', 'string'])
      await fails(`shout ${shout}`, 'parser.badAnswer');
  });

  test('ended processes are really gone', async () => {
    await client.close();
    await expect
      .poll(() => launcher.pids.every((pid) => launcher.ended.has(pid)), { timeout: 20_000 })
      .toBe(true);
    expect(launcher.pids.length).toBeGreaterThan(8);
  });
});
