import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import {
  back,
  codeOf,
  freshBench,
  loseVault,
  openCase,
  restoreInput,
  SECRET,
  takeFile,
  targetPath,
} from './backup-bench.ts';
import { PASSPHRASE, type Bench } from './harness.ts';
import { addPerson, passphraseOf, takeOut } from './people.ts';

const LUIS = 'Luis Cano';
const HIS = { kind: 'passphrase', passphrase: passphraseOf(LUIS) } as const;

let bench: Bench;
/** The disk loses its voice once, right after a list took its place. */
let dieAfterList = false;

beforeEach(async () => {
  const real = createNodeDisk();
  let dying = false;
  dieAfterList = false;
  bench = await freshBench({
    disk: {
      ...real,
      rename: async (from, to) => {
        await real.rename(from, to);
        if (dieAfterList && to.endsWith('catalogue.json')) dying = true;
      },
      syncFolder: async (path) => {
        if (dying) {
          dying = false;
          dieAfterList = false;
          throw Object.assign(new Error('EIO'), { code: 'EIO' });
        }
        await real.syncFolder(path);
      },
    },
  });
});
afterEach(async () => {
  await bench.end();
});

const stick = (name = 'usb') => bench.outTarget('targetFolder', targetPath(name));
const snapshotsOn = (name = 'usb'): string[] => readdirSync(join(targetPath(name), 'snapshots')).sort();

/** A stick from before and after Luis was taken out, and the copy that he made of it before. */
const rotated = async () => {
  const luis = await addPerson(bench, LUIS, 'team');
  await openCase('R-1');
  await takeFile('antes.bin', Buffer.alloc(90_000, 1));
  const before = await back();
  cpSync(targetPath(), targetPath('luis'), { recursive: true });
  await takeOut(bench, [luis]);
  await openCase('R-2');
  await takeFile('despues.bin', Buffer.alloc(60_000, 2));
  const after = await back();
  return { before, after, old: before.target.snapshots[0]?.id ?? '' };
};

test('goes on where it was: only what is new is copied, older snapshots are named and can be taken off', async () => {
  const { after, old } = await rotated();
  expect(after).toMatchObject({ newSnapshot: true, copiedObjects: 1, removedSnapshots: 0 });
  expect(after.target.id).toBe(after.target.id);
  expect(after.olderKeys.map((one) => one.id)).toEqual([old]);
  expect(after.warnings).toContain('olderKeys');
  expect(after.warnings).not.toContain('replaced');
  expect(after.target.snapshots.map((one) => one.olderKeys)).toEqual([true, false]);
  expect(await bench.call('backup.verify', { target: after.target.id })).toMatchObject({
    ok: true,
    checked: { snapshots: 2, objects: 2 },
  });
  const rehearsed = await bench.call('backup.rehearse', { target: after.target.id, secret: SECRET });
  expect(rehearsed).toMatchObject({ ok: true, changesBehind: 0, objects: 2 });
  expect((await bench.call('backup.run', { target: after.target.id })).newSnapshot).toBe(false);
  await bench.call('backup.removeSnapshots', { target: after.target.id, snapshots: [old] });
  expect(snapshotsOn()).toHaveLength(1);
  const last = await bench.call('backup.run', { target: after.target.id });
  expect(last.olderKeys).toEqual([]);
  expect(last.warnings).not.toContain('olderKeys');
  expect((await bench.call('backup.verify', { target: after.target.id })).ok).toBe(true);
});

test('who was taken out opens nothing new: neither the stick, nor with the list of before in its place', async () => {
  const { after } = await rotated();
  const target = after.target.id;
  // His list is under a key that he still has; the vault does not take it for its own.
  cpSync(targetPath(), targetPath('mezcla'), { recursive: true });
  cpSync(join(targetPath('luis'), 'catalogue.json'), join(targetPath('mezcla'), 'catalogue.json'));
  expect(await codeOf(bench.call('backup.run', { target: stick('mezcla') }))).toBe('backup.catalogueDamaged');
  expect(await codeOf(bench.call('backup.run', { target }))).toBeNull();
  await bench.call('vault.lock', {});
  expect(await codeOf(bench.call('backup.inspect', { source: stick(), secret: HIS }))).toBe(
    'vault.wrongPassphrase',
  );
  // With the old list in the place of the new one he reaches what he had, and no further.
  const mixed = await bench.call('backup.inspect', { source: stick('mezcla'), secret: HIS });
  expect(mixed.snapshots).toHaveLength(1);
  const own = await bench.call('backup.inspect', { source: stick('luis'), secret: HIS });
  expect(own.snapshots.map((one) => one.id)).toEqual(mixed.snapshots.map((one) => one.id));
});

test('a restore from before the change asks for another one, and knows when a stick is newer than itself', async () => {
  const { old } = await rotated();
  await bench.call('vault.lock', {});
  const lost = await loseVault();
  const input = { ...restoreInput(), snapshot: old, newer: lost };
  const plan = await bench.call('backup.planRestore', input);
  expect(plan).toMatchObject({ comparedWith: 'lostVault', notCompared: null, newerSnapshots: 1 });
  expect(plan.comesBack.map((one) => [one.kind, one.title])).toContainEqual(['removedPerson', LUIS]);
  const done = await bench.call('backup.restore', {
    ...input,
    confirmDay: plan.confirmDay,
    planCode: plan.planCode,
    apply: true,
  });
  expect(done.rotationAdvised).toBe(true);
  expect(await codeOf(bench.unlock(HIS.passphrase))).toBe('vault.rosterDamaged');
  await bench.unlock();
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
  expect((await bench.call('cases.list', {})).total).toBe(1);
  const before = snapshotsOn();
  expect(await codeOf(back())).toBe('backup.newerKeys');
  expect(snapshotsOn()).toEqual(before);
  expect((await back('otra')).newSnapshot).toBe(true);
});

test('a restore from after the change is whole and goes on with the same stick', async () => {
  const { after } = await rotated();
  await loseVault();
  const input = restoreInput();
  const { confirmDay } = await bench.call('backup.planRestore', input);
  const done = await bench.call('backup.restore', { ...input, confirmDay, apply: false });
  expect(done).toMatchObject({ rotationAdvised: false, counts: { objects: 2 } });
  expect(await codeOf(bench.unlock(HIS.passphrase))).toBe('vault.wrongPassphrase');
  await bench.unlock();
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
  const next = await back();
  expect(next).toMatchObject({ newSnapshot: true, copiedObjects: 0 });
  expect(next.target.id).toBe(after.target.id);
});

test('a run that died right after its list, and then a change of keys: the list is still known for ours', async () => {
  await openCase('M-1');
  const { target } = await back();
  await openCase('M-2');
  dieAfterList = true;
  expect(await codeOf(back())).toBe('disk.notWritable');
  expect(dieAfterList).toBe(false);
  await takeOut(bench, []);
  const next = await back();
  expect(next).toMatchObject({ newSnapshot: true, target: { id: target.id } });
  expect(next.warnings).not.toContain('replaced');
  expect(next.target.snapshots).toHaveLength(3);
  expect((await bench.call('backup.verify', { target: target.id })).ok).toBe(true);
  expect(existsSync(join(targetPath(), 'catalogue.json'))).toBe(true);
  expect(PASSPHRASE).toBe(SECRET.passphrase);
});
