import childProcess from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import process from 'node:process';
import { closeFence } from '../../electron/parser/fence.ts';
import { openParserPort } from '../../electron/parser/port.ts';
import { serve } from '../../electron/parser/serve.ts';
import { WASM_JOBS } from '../../electron/parser/wasm-jobs.ts';

// Taken before the fence closes: what machine code in a captured process would have.
const rawConnect = net.Socket.prototype.connect;
const rawSpawn = childProcess.spawnSync;
const kill = process.kill.bind(process);

/**
 * A parser process in which an attacker already runs code: same start, same fence, same jobs, but the bytes
 * handed to `text.decode` are an order. The answer tells what the attempt gave. Built for tests only.
 */
const attempt = async (order: string, argument: string): Promise<string> => {
  switch (order) {
    case 'read':
      return `read ${fs.readFileSync(argument).length}`;
    case 'write':
      fs.writeFileSync(argument, 'x');
      return 'written';
    case 'list':
      return `listed ${fs.readdirSync(argument).length}`;
    case 'spawn':
      return `ran ${childProcess.execFileSync('/bin/true').length}`;
    case 'raw-spawn':
      return `ran ${rawSpawn('/bin/true').status}`;
    case 'connect':
      return new Promise((resolve, reject) => {
        const socket = net.connect(Number(argument), '127.0.0.1');
        socket.on('connect', () => resolve('connected'));
        socket.on('error', reject);
      });
    case 'raw-connect':
      return new Promise((resolve, reject) => {
        const socket = new net.Socket();
        socket.on('connect', () => resolve('connected'));
        socket.on('error', reject);
        Reflect.apply(rawConnect, socket, [{ port: Number(argument), host: '127.0.0.1' }]);
      });
    case 'environment':
      return `environment ${JSON.stringify(Object.keys(process.env))}`;
    case 'pid':
      return `pid ${process.pid}`;
    case 'addon':
      process.dlopen({ exports: {} }, argument);
      return 'loaded';
    case 'eval':
      // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call, no-restricted-syntax, no-new-func -- the attack itself: it must be refused
      return String(new Function('return "evaluated"')());
    case 'loop':
      for (;;);
    case 'exit':
      return process.exit(1);
    case 'memory': {
      const hoard: Uint8Array[] = [];
      for (;;) {
        hoard.push(new Uint8Array(64 * 1024 * 1024).fill(1));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    case 'heap': {
      const hoard: number[][] = [];
      for (let index = 0.5; ; index += 1) hoard.push(new Array<number>(5_000_000).fill(index));
    }
    default:
      return 'unknown order';
  }
};

const port = await openParserPort();
closeFence();
serve(port, {
  ...WASM_JOBS,
  'text.decode': async ({ bytes }) => {
    const [order = '', argument = ''] = Buffer.from(bytes).toString('utf8').split(' ');
    if (order === 'abort') kill(process.pid, 'SIGABRT');
    if (order === 'lie') {
      const lies: Record<string, unknown> = {
        shape: { text: 1 },
        extra: { text: '', encoding: '', truncated: false, path: '/etc' },
        long: { text: 'x'.repeat(20_000_001), encoding: 'utf-8', truncated: false },
      };
      return lies[argument] as never;
    }
    if (order === 'shout') {
      const shouts: Record<string, unknown> = {
        unknown: { type: 'open', path: '/etc/passwd' },
        other: { type: 'answer', job: 77, value: {} },
        code: { type: 'refusal', job: 1, code: 'vault.wrongPassphrase', ends: false },
        flood: { type: 'buffer', job: 1, index: 0, length: 2 ** 32 },
        string: 'hello',
      };
      port.post(shouts[argument], []);
    }
    const text = await attempt(order, argument).catch((error: unknown) => `refused ${(error as Error).name}`);
    return { text, encoding: 'utf-8', truncated: false };
  },
});
