import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../scripts/lib/build.mjs';

/** Processes with keys leave no memory on disk and open no debugger, whatever limits they were started under. */

const root = join(import.meta.dirname, '../..');
const out = join(root, '.build', 'guarded', String(process.pid));
const PRLIMIT = '/usr/bin/prlimit';
const generous = ['--core=1000000:1000000'];
const canCheck =
  process.platform === 'linux' &&
  existsSync(PRLIMIT) &&
  spawnSync(PRLIMIT, [...generous, '/bin/true']).status === 0;
if (!canCheck && process.env['CI'] === 'true')
  throw new Error('prlimit and a core limit that can be set are needed');

let folder = '';
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'resguardo-guard-'));
  const made = await bundle(
    {
      cli: join(root, 'electron/cli/index.ts'),
      engine: join(root, 'electron/core/process.ts'),
      child: join(root, 'electron/preview/child.ts'),
    },
    out,
  );
  expect(made).toBe(true);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
});

const until = async (look: () => boolean): Promise<boolean> => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (look()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
};

/** Softly and hard, from the kernel. */
const coreLimit = (child: ChildProcess): string => {
  const text = readFileSync(`/proc/${child.pid ?? 0}/limits`, 'utf8');
  return /^Max core file size\s+(\S+)\s+(\S+)/mu.exec(text)?.slice(1).join(' ') ?? '';
};

const listen = (child: ChildProcess): (() => string) => {
  children.push(child);
  let text = '';
  child.stderr?.on('data', (part: Buffer) => (text += part.toString()));
  return () => text;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(!canCheck)('limits and signals (needs prlimit)', () => {
  test('control: a bare process of Node keeps the limit and opens a debugger', async () => {
    const idle = 'process.stderr.write("up\\n");setInterval(()=>{},1000)';
    const child = spawn(PRLIMIT, [...generous, process.execPath, '--inspect-port=0', '-e', idle], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = listen(child);
    expect(await until(() => said().includes('up'))).toBe(true);
    expect(coreLimit(child)).toBe('1000000 1000000');
    child.kill('SIGUSR1');
    expect(await until(() => said().includes('Debugger listening'))).toBe(true);
  });

  test('the engine', async () => {
    const child = fork(join(out, 'engine.js'), [], {
      execPath: PRLIMIT,
      execArgv: [...generous, process.execPath, '--inspect-port=0', '--import', join(out, 'child.js')],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {},
    });
    const said = listen(child);
    let ready = false;
    child.on('message', ({ data }: { data: { type: string } }) => {
      if (data.type === 'ready') ready = true;
    });
    const settings = {
      ...{ host: 'preview', practiceOnly: true, profileFolder: null },
      ...{ localNames: [], version: '0', logFolder: null },
    };
    child.send({ k: 'message', data: { type: 'start', settings }, ports: [] });
    expect(await until(() => ready)).toBe(true);
    expect(coreLimit(child)).toBe('0 0');
    child.kill('SIGUSR1');
    await pause(1_000);
    expect(said()).toBe('');
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  test('the command line, before it has read the passphrase', async () => {
    const command = `import(${JSON.stringify(join(out, 'cli.js'))}).then(({main})=>main(process.argv.slice(1)))`;
    const args = ['vault', 'info', join(folder, 'none'), '--passphrase-fd', '3'];
    const child = spawn(
      PRLIMIT,
      [
        ...generous,
        process.execPath,
        '--inspect-port=0',
        '--input-type=module',
        '-e',
        command,
        '--',
        ...args,
      ],
      { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], cwd: folder },
    );
    const said = listen(child);
    // It waits for the passphrase; the core limit is what it was until our own code runs.
    expect(await until(() => coreLimit(child) === '0 0')).toBe(true);
    child.kill('SIGUSR1');
    await pause(500);
    const ended = new Promise((resolve) => child.once('close', resolve));
    const third = child.stdio[3];
    if (third !== null && third !== undefined && 'end' in third)
      third.end('cuatro garzas cruzan el estero\n');
    await ended;
    expect(said()).not.toContain('Debugger');
    expect(said()).not.toBe('');
  });
});
