import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createNodeParserLauncher } from './node-parser-launcher.ts';

const trays = (): number =>
  readdirSync('/proc/self/fd').filter((handle) => {
    try {
      return readlinkSync(`/proc/self/fd/${handle}`).includes('/tray');
    } catch {
      return false;
    }
  }).length;

test.runIf(process.platform === 'linux')(
  'a process that cannot be started leaves no shared memory open',
  async () => {
    // No program may have such a name: it is refused before anything is started.
    const launcher = createNodeParserLauncher({ wasm: 'a\0b', image: 'a\0b', readable: [] });
    const before = trays();
    await expect(launcher.start('wasm')).rejects.toThrow();
    expect(trays()).toBe(before);
  },
);

const setHandles = (soft: string): void => {
  execFileSync('/usr/bin/prlimit', ['--pid', String(process.pid), `--nofile=${soft}:`]);
};

/** Takes every handle that this process may still open. */
const fill = (held: number[]): void => {
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch {
    // That was the last.
  }
};

test.runIf(process.platform === 'linux')(
  'a process that finds no free handles ends like one that died, and ends nothing else',
  async () => {
    const launcher = createNodeParserLauncher({ wasm: '/nowhere.js', image: '/nowhere.js', readable: [] });
    // What looks for tools has looked before the handles run out.
    await launcher.walls();
    const before = trays();
    const soft = /Max open files\s+(\d+)/u.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '1024';
    setHandles('256');
    let died = 0;
    try {
      for (let free = 2; free <= 24; free += 1) {
        const held: number[] = [];
        fill(held);
        for (const handle of held.splice(0, free)) closeSync(handle);
        const channel = await launcher.start('wasm').catch(() => null);
        for (const handle of held) closeSync(handle);
        if (channel === null) continue;
        channel.post({ kind: 'nothing' });
        await new Promise<void>((ended) => {
          channel.onExit(ended);
        });
        channel.kill();
        died += 1;
      }
    } finally {
      setHandles(soft);
    }
    expect(died).toBeGreaterThan(0);
    expect(trays()).toBe(before);
  },
  60_000,
);

/** Processes whose arguments name a path. */
const naming = (path: string): number =>
  readdirSync('/proc').filter((entry) => {
    try {
      return /^\d+$/u.test(entry) && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(path);
    } catch {
      return false;
    }
  }).length;

test.runIf(process.platform === 'linux')(
  'a process that is ended while it starts leaves none of those behind that were put around it',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'launched-'));
    const bundle = join(folder, 'none.js');
    const launcher = createNodeParserLauncher({ wasm: bundle, image: bundle, readable: [folder] });
    await launcher.walls();
    let seen = 0;
    try {
      for (let round = 0; round < 60; round += 1) {
        const channel = await launcher.start('wasm');
        // From before the wrapper has done anything to after it has made its child.
        await pause(round % 12);
        seen = Math.max(seen, naming(folder));
        channel.kill();
      }
      for (let waited = 0; waited < 5_000 && naming(folder) > 0; waited += 50) await pause(50);
      expect(seen, 'they are found by their arguments').toBeGreaterThan(0);
      expect(naming(folder)).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);

/** The group that a signal to everything in a terminal reaches; the third of what stands behind the program's name. */
const groupOf = (pid: number | string): string | undefined =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[2];

test.runIf(process.platform === 'linux')(
  'a process with nothing around it that would end with this one stays within reach of the terminal',
  async () => {
    // As on a computer without that program.
    vi.doMock('node:fs', async (real) => {
      const fs = await real<{ existsSync: (path: string) => boolean }>();
      return { ...fs, existsSync: (path: string) => !path.endsWith('/bwrap') && fs.existsSync(path) };
    });
    vi.resetModules();
    const bare = await import('./node-parser-launcher.ts');
    vi.doUnmock('node:fs');
    const folder = mkdtempSync(join(tmpdir(), 'launched-'));
    const bundle = join(folder, 'hangs.js');
    writeFileSync(bundle, "process.send({ type: 'ready' }); setTimeout(() => { for (;;); }, 0);");
    const launcher = bare.createNodeParserLauncher({ wasm: bundle, image: bundle, readable: [folder] });
    expect((await launcher.walls()).files).toBe(false);
    const channel = await launcher.start('wasm');
    const gone = new Promise<void>((resolve) => channel.onExit(resolve));
    try {
      await new Promise<void>((resolve) => channel.onMessage(() => resolve()));
      const pid = 'pid' in channel ? Number(channel.pid) : 0;
      expect(groupOf(pid)).toBe(groupOf('self'));
    } finally {
      channel.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    }
    expect(naming(folder)).toBe(0);
  },
  60_000,
);
