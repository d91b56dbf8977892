import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freshFolder, realPorts } from './support/ports.ts';
import { brokenRules, recordingDisk } from './support/recording-disk.ts';
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
