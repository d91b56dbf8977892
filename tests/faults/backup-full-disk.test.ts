import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import type { Disk } from '../../electron/core/ports/index.ts';
import { BackupBench, SECRET } from './support/backups.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { codeOf } from './support/vaults.ts';

const mount = (path: string, size: string, ...options: string[]): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', [...options, `size=${size}`, 'mode=700'].join(','), 'tmpfs', path])
    .status === 0;

const canMount = ((): boolean => {
  const probe = freshFolder();
  const done = mount(probe.path, '64k');
  if (done) spawnSync('umount', [probe.path]);
  probe.remove();
  return done;
})();

const MEGABYTE = 1024 * 1024;
let bench: BackupBench;
let fillAfter: RegExp | null = null;
let renamed = 0;

const filler = (): string => join(bench.usb, 'System Volume Information');

/** Somebody else writes to the stick until nothing more fits. */
const fill = (): void => {
  mkdirSync(filler(), { recursive: true });
  const file = openSync(join(filler(), 'otro.bin'), 'a');
  try {
    for (const size of [MEGABYTE, 4096, 1]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size, 1));
      } catch {
        // Full for pieces of this size.
      }
    }
  } finally {
    closeSync(file);
  }
};

/** The real disk, on a real file system; after the second file of one kind took its place, the rest is used up. */
const filling = (): Disk => {
  const real = createNodeDisk();
  return {
    ...real,
    rename: async (from, to) => {
      await real.rename(from, to);
      if (fillAfter === null || !fillAfter.test(to)) return;
      renamed += 1;
      if (renamed === 2 || !fillAfter.source.includes('objects')) fill();
    },
  };
};

describe.skipIf(!canMount && process.env['CI'] !== 'true')(
  'a disk that fills up (needs root and mount)',
  () => {
    beforeEach(async () => {
      expect(canMount).toBe(true);
      bench = new BackupBench(realPorts({ disk: filling() }));
      expect(mount(bench.usb, '24m')).toBe(true);
      await bench.create();
      await bench.openCase('F-1');
      await bench.take('uno.bin', Buffer.alloc(MEGABYTE, 1));
      await bench.run();
      renamed = 0;
    });
    afterEach(async () => {
      fillAfter = null;
      spawnSync('umount', [bench.usb]);
      await bench.end();
    });

    const takeFour = async (): Promise<void> => {
      for (const name of ['a', 'b', 'c', 'd']) await bench.take(`${name}.bin`, Buffer.alloc(MEGABYTE, 7));
    };
    const state = () => bench.call('backup.state', {});

    test('in the middle of the objects: said, the last good copy is whole, the next run goes on', async () => {
      await takeFour();
      const list = readdirSync(join(bench.usb, 'snapshots'));
      fillAfter = /objects\/[0-9a-f]{2}\//u;
      expect(await codeOf(() => bench.run())).toBe('disk.full');
      fillAfter = null;
      expect(readdirSync(join(bench.usb, 'snapshots'))).toEqual(list);
      // Before anything is written at all it is refused as well, as long as there is no room.
      expect(await codeOf(() => bench.run())).toBe('disk.full');
      const failing = await state();
      expect(failing.reminder.due).toBe('failing');
      expect(failing.targets[0]).toMatchObject({ lastError: 'disk.full' });
      expect(await bench.verify()).toMatchObject({ ok: true, checked: { snapshots: 1, objects: 1 } });
      rmSync(filler(), { recursive: true });
      const next = await bench.run();
      expect(next).toMatchObject({ newSnapshot: true, copiedObjects: 2 });
      expect(await bench.verify()).toMatchObject({ ok: true, checked: { snapshots: 2, objects: 5 } });
      expect((await state()).targets[0]).toMatchObject({ lastError: null });
      expect(readdirSync(join(bench.usb, 'objects', '.tmp'))).toEqual([]);
    });

    test('at the snapshot and at the list: the list that is there goes on naming a whole copy', async () => {
      await bench.openCase('F-2');
      fillAfter = /snapshots\/[0-9a-f]{32}\.db$/u;
      expect(await codeOf(() => bench.run())).toBe('disk.full');
      fillAfter = null;
      expect(await bench.verify()).toMatchObject({ ok: true, checked: { snapshots: 1 } });
      rmSync(filler(), { recursive: true });
      expect(await bench.run()).toMatchObject({ newSnapshot: true });
      expect(await bench.verify()).toMatchObject({ ok: true, findings: [], checked: { snapshots: 2 } });
      // What the interrupted run had put there and no list names is gone.
      expect(readdirSync(join(bench.usb, 'snapshots'))).toHaveLength(2);
    });

    test('a restore without room leaves nothing half there, and works once there is some', async () => {
      await takeFour();
      await bench.run();
      await bench.lock();
      const small = join(bench.base.path, 'small');
      mkdirSync(small);
      const input = () => ({
        source: bench.grant(bench.usb),
        secret: SECRET,
        folder: bench.grant(join(small, 'vault'), 'vault'),
      });
      expect(mount(small, '40m')).toBe(true);
      try {
        const { confirmDay } = await bench.call('backup.planRestore', input());
        const restore = () => bench.call('backup.restore', { ...input(), confirmDay, apply: false });
        for (const size of ['256k', '1m', '2m', '4m', '6m']) {
          expect(mount(small, size, 'remount')).toBe(true);
          expect([size, await codeOf(restore)]).toEqual([size, 'disk.full']);
          expect([size, readdirSync(small)]).toEqual([size, []]);
        }
        expect(mount(small, '40m', 'remount')).toBe(true);
        expect((await restore()).counts).toMatchObject({ objects: 5 });
        await bench.unlock(join(small, 'vault'));
        expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
        await bench.lock();
      } finally {
        spawnSync('umount', [small]);
      }
      await bench.unlock();
      expect((await bench.verify()).ok).toBe(true);
    });
  },
);
