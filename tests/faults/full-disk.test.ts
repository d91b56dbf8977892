import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sql } from '../../electron/core/db/index.ts';
import { checkVault, type OpenVault } from '../../electron/core/features/vault/index.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import type { Disk, DiskFile } from '../../electron/core/ports/index.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { addCase, codeOf, create, unlock } from './support/vaults.ts';

let base: ReturnType<typeof freshFolder>;

beforeEach(() => {
  base = freshFolder();
});
afterEach(() => {
  base.remove();
});

const ids = (vault: OpenVault): string[] =>
  vault.db.connection
    .all(sql`SELECT id FROM case_file ORDER BY id`, z.object({ id: z.string() }))
    .map((row) => row.id);

const findings = async (vault: OpenVault): Promise<readonly unknown[]> => {
  const signal = new AbortController().signal;
  return (await checkVault(vault, { objects: 'presence', progress: () => undefined, signal })).findings;
};

const mountPoint = (): string => join(base.path, 'small');
const mount = (size: string, ...options: string[]): boolean =>
  spawnSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    [...options, `size=${size}`, 'mode=700'].join(','),
    'tmpfs',
    mountPoint(),
  ]).status === 0;

const canMount = ((): boolean => {
  const probe = freshFolder();
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe.path]).status === 0;
  if (done) spawnSync('umount', [probe.path]);
  probe.remove();
  return done;
})();

describe.skipIf(!canMount)('a file system that fills up (needs root and mount)', () => {
  afterEach(() => {
    spawnSync('umount', [mountPoint()]);
  });

  test('says so, keeps everything that was acknowledged, and goes on when there is room again', async () => {
    mkdirSync(mountPoint());
    expect(mount('3m')).toBe(true);
    const ports = realPorts();
    let vault = await create(ports, mountPoint());
    const kept: string[] = [];
    let code: string | null = null;
    for (let n = 0; n < 5000 && code === null; n += 1) {
      const id = `c${String(n).padStart(5, '0')}`;
      code = await codeOf(() => addCase(vault, id, id));
      if (code === null) kept.push(id);
    }
    expect(code).toBe('disk.full');
    expect(kept.length).toBeGreaterThan(10);
    // A refused change is not half there, and trying again is refused again rather than damaging anything.
    expect(ids(vault)).toEqual(kept);
    expect(await codeOf(() => addCase(vault, 'again', 'again'))).toBe('disk.full');
    await vault.close();

    vault = await unlock(ports, mountPoint()).catch(async () => {
      // Not even room for the mark of a new session: it opens once there is.
      expect(mount('12m', 'remount')).toBe(true);
      return unlock(ports, mountPoint());
    });
    expect(ids(vault)).toEqual(kept);
    expect(mount('12m', 'remount')).toBe(true);
    addCase(vault, 'later', 'later');
    expect(ids(vault)).toEqual([...kept, 'later']);
    expect(await findings(vault)).toEqual([]);
    await vault.close();
  });
});

/** The real disk, but the call with number `at` that would take space fails with ENOSPC. */
const fullAt = (at: number): { disk: Disk; calls: () => number } => {
  const real = createNodeDisk();
  let calls = 0;
  const take = (): void => {
    calls += 1;
    if (calls - 1 === at) throw Object.assign(new Error('ENOSPC: /secret/path'), { code: 'ENOSPC' });
  };
  const wrap = (file: DiskFile): DiskFile => ({
    read: (buffer, position) => file.read(buffer, position),
    write: async (buffer, position) => {
      take();
      await file.write(buffer, position);
    },
    sync: async () => {
      take();
      await file.sync();
    },
    stat: () => file.stat(),
    setTimes: (seconds) => file.setTimes(seconds),
    close: () => file.close(),
  });
  return {
    calls: () => calls,
    disk: {
      ...real,
      open: async (path, mode) => {
        if (mode.startsWith('create')) take();
        return mode === 'read' ? real.open(path, mode) : wrap(await real.open(path, mode));
      },
      makeFolder: async (path) => {
        take();
        return real.makeFolder(path);
      },
      rename: async (from, to) => {
        take();
        await real.rename(from, to);
      },
    },
  };
};

describe('creation fails at every step that takes space', () => {
  test('with a clear code, and leaves nothing behind', async () => {
    const whole = fullAt(-1);
    const other = freshFolder();
    await (await create(realPorts({ disk: whole.disk }), base.path)).close();
    expect(whole.calls()).toBeGreaterThan(10);
    for (let at = 0; at < whole.calls(); at += 1) {
      const run = freshFolder();
      try {
        const code = await codeOf(() => create(realPorts({ disk: fullAt(at).disk }), run.path));
        expect([at, code]).toEqual([at, 'disk.full']);
        expect([at, readdirSync(run.path).flatMap((name) => readdirSync(join(run.path, name)))]).toEqual([
          at,
          [],
        ]);
      } finally {
        run.remove();
      }
    }
    // The folder of a failed attempt can be used once there is room.
    await codeOf(() => create(realPorts({ disk: fullAt(whole.calls() - 1).disk }), other.path));
    await (await create(realPorts(), other.path)).close();
    other.remove();
  });
});

describe('the anchor cannot be written', () => {
  test('the change that was committed stands; the next one waits until it can', async () => {
    const real = createNodeDisk();
    let broken = false;
    const disk: Disk = {
      ...real,
      writeInPlaceSync: (path, bytes, position) => {
        if (broken && path.endsWith('vault.anchor')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
        real.writeInPlaceSync(path, bytes, position);
      },
    };
    const vault = await create(realPorts({ disk }), base.path);
    broken = true;
    expect(await codeOf(() => addCase(vault, 'a', 'a'))).toBeNull();
    expect(await codeOf(() => addCase(vault, 'b', 'b'))).toBe('disk.notWritable');
    expect(ids(vault)).toEqual(['a']);
    broken = false;
    expect(await codeOf(() => addCase(vault, 'b', 'b'))).toBeNull();
    expect(await findings(vault)).toEqual([]);
    await vault.close();
    const again = await unlock(realPorts(), base.path);
    expect(again.db.readOnlyBecause).toBeNull();
    expect(ids(again)).toEqual(['a', 'b']);
    await again.close();
  });
});
