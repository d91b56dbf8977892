import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { exportIdSchema } from '#shared/model/ids.ts';
import { trustedSql } from '../../electron/core/db/sql.ts';
import {
  claimDelivered,
  notePending,
  pendingReleases,
} from '../../electron/core/features/filings/release-outbox-repo.ts';
import { removeOutside } from '../../electron/core/features/filings/remove-outside.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import type { Disk } from '../../electron/core/ports/index.ts';
import { openDirectly } from '../support/stored-text.ts';
import { code } from './export-case.ts';
import { Bench } from './harness.ts';

/** A disk on which one folder stops answering in the middle of a write, as a stick does that is pulled out. */
const pullable = (state: { folder: string; pulled: boolean }): Disk => {
  const disk = createNodeDisk();
  const gone = (): Error => Object.assign(new Error('gone'), { code: 'EIO' });
  const check = (path: string): void => {
    if (state.pulled && path.startsWith(state.folder)) throw gone();
  };
  return {
    ...disk,
    stat: async (path) => (check(path), disk.stat(path)),
    remove: async (path) => (check(path), disk.remove(path)),
    open: async (path, mode) => {
      check(path);
      const file = await disk.open(path, mode);
      if (!path.startsWith(state.folder) || mode !== 'create') return file;
      return {
        read: (buffer, at) => file.read(buffer, at),
        write: async (bytes, at) => {
          await file.write(bytes, at);
          state.pulled = true;
          throw gone();
        },
        sync: () => file.sync(),
        setTimes: (seconds) => file.setTimes(seconds),
        stat: () => file.stat(),
        close: () => file.close(),
      } as typeof file;
    },
  };
};

const countRow = z.object({ n: z.number().int() });
const state = { folder: '', pulled: false };
let bench: Bench;

beforeEach(async () => {
  Object.assign(state, { folder: '\0', pulled: false });
  bench = await new Bench({ ports: { disk: pullable(state) } }).create();
});
afterEach(async () => {
  await bench.end();
});

const waiting = async (): Promise<number> => {
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const { n } = vault.db.connection.need(trustedSql('SELECT count(*) AS n FROM outbox'), countRow);
  await vault.close();
  return n;
};

test('half a dump on a stick that was pulled is remembered, and removed once the stick is back', async () => {
  const stick = join(bench.folder, 'usb');
  mkdirSync(stick);
  state.folder = stick;
  const plan = await bench.call('dump.prepare', {
    lock: { kind: 'passphrase' },
    reservedNotes: false,
    language: 'es',
  });
  const target = bench.outTarget('targetFolder', stick);
  expect(await code(bench.call('dump.write', { id: plan.id, target }))).not.toBe('done');
  expect(readdirSync(stick).filter((name) => name.endsWith('.part'))).toHaveLength(1);
  expect(await waiting()).toBe(1);
  state.pulled = false;
  await bench.unlock();
  for (let i = 0; i < 100 && readdirSync(stick).length > 0; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(readdirSync(stick)).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await waiting()).toBe(0);
});

test('a file that was there and is not found counts as being on a stick, not as gone', async () => {
  const disk = createNodeDisk();
  const path = join(bench.folder, 'escrito.pdf');
  expect(await removeOutside(disk, path, true)).toBe(false);
  expect(await removeOutside(disk, path, false)).toBe(true);
  expect(await removeOutside(disk, join(bench.folder, 'sin-usb', 'a.pdf'), false)).toBe(false);
  writeFileSync(path, 'x');
  writeFileSync(`${path}.part`, 'x');
  expect(await removeOutside(disk, path, true)).toBe(true);
  expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, false]);
});

test('what was delivered now leaves the list of what an older release left there', async () => {
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const exportId = exportIdSchema.parse('018f0000-0000-7000-8000-000000000001');
  let left: readonly string[] = [];
  vault.db.write('exports.sweep', (tx) => {
    notePending(tx, 'older', exportId, ['/usb/a.pdf', '/usb/b.pdf'], {}, 1);
    claimDelivered(tx, ['/usb/a.pdf']);
    left = pendingReleases(tx).flatMap((row) => row.payload.paths);
    tx.journal({ table: 'export', id: exportId, payload: { release: 'interrupted' } });
  });
  await vault.close();
  expect(left).toEqual(['/usb/b.pdf']);
});

test('what a crash left is removed after unlocking, and nothing that others put under the same name', async () => {
  const folder = join(bench.folder, 'usb');
  mkdirSync(folder);
  const at = (name: string): string => join(folder, name);
  const sumOf = (text: string) => ({
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  // Ours; another vault's of the same length; one that was never named by us.
  writeFileSync(at('ours.zip'), 'ours');
  writeFileSync(at('theirs.zip'), 'else');
  writeFileSync(at('never.zip'), 'ours');
  for (const name of ['ours', 'theirs', 'never']) writeFileSync(at(`${name}.zip.part`), 'half');
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const exportId = exportIdSchema.parse('018f0000-0000-7000-8000-000000000001');
  vault.db.write('exports.sweep', (tx) => {
    const sums = { [at('ours.zip')]: sumOf('ours'), [at('theirs.zip')]: sumOf('ours') };
    notePending(tx, 'older', exportId, [at('ours.zip'), at('theirs.zip'), at('never.zip')], sums, 1);
    tx.journal({ table: 'export', id: exportId, payload: { release: 'started' } });
  });
  await vault.close();
  await bench.unlock();
  for (let i = 0; i < 100 && readdirSync(folder).length > 2; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(readdirSync(folder).sort()).toEqual(['never.zip', 'theirs.zip']);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await waiting()).toBe(0);
});
