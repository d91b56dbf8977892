import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import type { Disk, DiskFile } from '../../electron/core/ports/index.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { SessionProcess } from './support/session-process.ts';
import { addCase, create, unlock } from './support/vaults.ts';

let base: ReturnType<typeof freshFolder>;

beforeEach(() => {
  base = freshFolder();
});
afterEach(() => {
  base.remove();
});

const hasStrace = spawnSync('strace', ['-V']).status === 0;
if (!hasStrace && process.env['CI'] === 'true') throw new Error('strace is needed in CI');

/** One system call that matters, in order. */
interface SystemCall {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

const readTrace = (path: string): SystemCall[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const found = /^\d+ +(pwrite64|write|fsync|fdatasync)\(\d+<([^>]*)>(.*)$/u.exec(line);
      return found === null ? [] : [{ name: found[1] ?? '', file: found[2] ?? '', text: found[3] ?? '' }];
    });

/** Answers that went out although what they promise was not yet durable, or whose anchor ran ahead of the log. */
const promisesTooEarly = (calls: readonly SystemCall[]): string[] => {
  const broken: string[] = [];
  let dirty = false;
  let wrote = false;
  for (const call of calls) {
    if (call.file.endsWith('-wal')) {
      if (call.name === 'pwrite64') {
        dirty = true;
        wrote = true;
      } else dirty = false;
    } else if (
      call.file.endsWith('vault.anchor') &&
      call.name === 'pwrite64' &&
      call.text.includes('RSGANCH')
    ) {
      if (dirty) broken.push('anchor before the log was durable');
    } else if (call.name === 'write' && call.text.includes('wrote')) {
      if (!wrote) broken.push('answer without a write');
      if (dirty) broken.push('answer before the log was durable');
      wrote = false;
    }
  }
  return broken;
};

describe.skipIf(!hasStrace)('system calls of a save (needs strace)', () => {
  const trace = async (mode: string): Promise<SystemCall[]> => {
    await (await create(realPorts(), base.path)).close();
    const output = join(base.path, 'trace');
    const session = await SessionProcess.start(base.path, mode, [
      ...['strace', '-f', '-y', '-s', '64', '-e', 'trace=pwrite64,write,fsync,fdatasync', '-o', output],
    ]);
    expect((await session.next()).ready).toBe(true);
    for (let n = 0; n < 5; n += 1) expect((await session.ask(`write t${n}`)).code).toBeNull();
    await session.close();
    return readTrace(output);
  };

  test('the log is durable before the anchor is written, and before the answer', async () => {
    const calls = await trace('');
    expect(calls.filter((call) => call.text.includes('wrote')).length).toBe(5);
    expect(calls.some((call) => call.text.includes('RSGANCH'))).toBe(true);
    expect(promisesTooEarly(calls)).toEqual([]);
  });

  test('with synchronous=OFF the detector says so: it can fail', async () => {
    const broken = promisesTooEarly(await trace('sync-off'));
    expect(broken).toContain('answer before the log was durable');
    expect(broken).toContain('anchor before the log was durable');
  });
});

/** What our own code asks of the disk, in order. */
type Call =
  | { readonly kind: 'content' | 'sync' | 'close' | 'name' | 'syncFolder'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  /** A use case has answered: what it promised must be durable by now. */
  | { readonly kind: 'answered' };

/** The real disk, taking notes. The sync call with number `skip` is left out, as a mistaken change of ours would. */
const recordingDisk = (skip: number): { disk: Disk; calls: Call[]; syncs: () => number } => {
  const real = createNodeDisk();
  const calls: Call[] = [];
  let syncs = 0;
  const left = (): boolean => {
    syncs += 1;
    return syncs - 1 === skip;
  };
  const wrap = (path: string, file: DiskFile): DiskFile => ({
    read: (buffer, position) => file.read(buffer, position),
    write: (buffer, position) => {
      calls.push({ kind: 'content', path });
      return file.write(buffer, position);
    },
    sync: () => {
      if (left()) return Promise.resolve();
      calls.push({ kind: 'sync', path });
      return file.sync();
    },
    stat: () => file.stat(),
    setTimes: (seconds) => file.setTimes(seconds),
    close: () => {
      calls.push({ kind: 'close', path });
      return file.close();
    },
  });
  const disk: Disk = {
    ...real,
    open: async (path, mode) => {
      const file = await real.open(path, mode);
      if (mode === 'create') calls.push({ kind: 'name', path });
      return mode === 'read' ? file : wrap(path, file);
    },
    makeFolder: async (path) => {
      const made = await real.makeFolder(path);
      if (made) calls.push({ kind: 'name', path });
      return made;
    },
    rename: (from, to) => {
      calls.push({ kind: 'rename', path: from, to });
      return real.rename(from, to);
    },
    syncFolder: (path) => {
      if (left()) return Promise.resolve();
      calls.push({ kind: 'syncFolder', path });
      return real.syncFolder(path);
    },
    writeInPlaceSync: (path, bytes, position) => {
      // The heartbeat of the lock file promises nothing.
      if (path.endsWith('vault.anchor')) calls.push({ kind: 'content', path });
      real.writeInPlaceSync(path, bytes, position);
    },
    syncFileSync: (path) => {
      if (left()) return;
      calls.push({ kind: 'sync', path });
      real.syncFileSync(path);
    },
  };
  return { disk, calls, syncs: () => syncs };
};

/** Rules of durability that a list of calls breaks. */
const brokenRules = (calls: readonly Call[]): string[] => {
  const broken = new Set<string>();
  const dirty = new Set<string>();
  const unsyncedNames = new Map<string, Set<string>>();
  const renamed = new Set<string>();
  const name = (path: string): void => {
    const folder = dirname(path);
    if (renamed.has(folder)) broken.add('a name changed before the rename in its folder was durable');
    const names = unsyncedNames.get(folder) ?? new Set();
    names.add(path);
    unsyncedNames.set(folder, names);
  };
  const settle = (): void => {
    if (dirty.size > 0) broken.add('a file was never made durable');
    for (const names of unsyncedNames.values()) {
      // Who holds a vault open is of no interest after a power cut.
      if ([...names].some((path) => !path.endsWith('vault.lock')))
        broken.add('a name was never made durable');
    }
  };
  for (const call of calls) {
    if (call.kind === 'answered') settle();
    else if (call.kind === 'content') dirty.add(call.path);
    else if (call.kind === 'sync') dirty.delete(call.path);
    else if (call.kind === 'close' && dirty.has(call.path))
      broken.add('a file was closed before it was durable');
    else if (call.kind === 'name') {
      if (call.path.endsWith('vault.json') && (unsyncedNames.get(dirname(call.path))?.size ?? 0) > 0) {
        broken.add('a header was written before the names it stands for were durable');
      }
      name(call.path);
    } else if (call.kind === 'rename') {
      if (dirty.has(call.path)) broken.add('a file took its place before it was durable');
      // What was in this place before is gone, durable or not.
      dirty.delete(call.to);
      name(call.to);
      renamed.add(dirname(call.to));
    } else if (call.kind === 'syncFolder') {
      unsyncedNames.delete(call.path);
      renamed.delete(call.path);
    }
  }
  return [...broken];
};

describe('our own calls to the disk, from creation through a save to lock', () => {
  const scenario = async (skip: number): Promise<{ broken: string[]; syncs: number }> => {
    const run = freshFolder();
    try {
      const recorder = recordingDisk(skip);
      const profileFolder = join(run.path, 'profile');
      mkdirSync(profileFolder);
      const ports = realPorts({ disk: recorder.disk, platform: { profileFolder } });
      const answered = (): void => {
        recorder.calls.push({ kind: 'answered' });
      };
      const made = await create(ports, run.path);
      answered();
      addCase(made, 'a', 'C-1');
      await made.close();
      answered();
      const again = await unlock(ports, run.path);
      addCase(again, 'b', 'C-2');
      await again.close();
      answered();
      return { broken: brokenRules(recorder.calls), syncs: recorder.syncs() };
    } finally {
      run.remove();
    }
  };

  test('break no rule; and with any one of the sync calls left out, the rules say so', async () => {
    const whole = await scenario(-1);
    expect(whole.broken).toEqual([]);
    expect(whole.syncs).toBeGreaterThan(8);
    const unnoticed: number[] = [];
    for (let skip = 0; skip < whole.syncs; skip += 1) {
      const { broken } = await scenario(skip);
      if (broken.length === 0) unnoticed.push(skip);
    }
    expect(unnoticed).toEqual([]);
  });
});
