import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { back, codeOf, freshBench, openCase, SECRET, targetPath } from './backup-bench.ts';
import { Bench } from './harness.ts';
import { consentGiven, GROUNDS, planWithout, restoreWhole } from './restoring.ts';

type Plan = CallOutput<'backup.planRestore'>;

let bench: Bench;
let other: Bench;

/**
 * A vault whose last change is a consent taken back, cut off as by a power cut: what came after the snapshot is in
 * the log only. The restore happens on another computer, which never saw the vault.
 */
beforeEach(async () => {
  bench = await freshBench();
  const { id: caseId } = await openCase('L-1');
  const { takeBack } = await consentGiven(bench, caseId);
  await back();
  await bench.call('vault.lock', {});
  await bench.unlock();
  await takeBack();
  cpSync(bench.vaultFolder, targetPath('perdida'), { recursive: true });
  other = new Bench({ profile: true });
  mkdirSync(join(other.folder, 'profile'));
});
afterEach(async () => {
  await other.end();
  await bench.end();
});

const lostFile = (ends: string): string =>
  join(
    targetPath('perdida'),
    readdirSync(targetPath('perdida')).find((name) => name.endsWith(ends)) ?? 'none',
  );
const input = () => ({
  source: other.outTarget('targetFolder', targetPath()),
  secret: SECRET,
  folder: other.vaultTarget('create'),
  newer: other.outTarget('targetFolder', targetPath('perdida')),
});
/** On the other computer, from the stick alone. */
const restoreElsewhere = (): Promise<unknown> => {
  const { newer: _newer, ...plain } = input();
  return restoreWhole(other, plain);
};
const plan = (): Promise<Plan> => other.call('backup.planRestore', input());
const kinds = (one: Plan): string[] => one.comesBack.map(({ kind }) => kind);

test('whole, it is compared with: the log is read, and what was taken back is listed and applied', async () => {
  expect(statSync(lostFile('.db-wal')).size).toBeGreaterThan(0);
  const { plan: found, order } = await planWithout(other, input());
  expect(found).toMatchObject({ comparedWith: 'lostVault', notCompared: null });
  expect(kinds(found)).toEqual(['withdrawnConsent']);
  expect((await other.call('backup.restore', order)).applied).toBe(1);
});

test('with a log that is gone, cut or empty it is named, and the day is what is left to go by', async () => {
  const log = lostFile('.db-wal');
  const good = readFileSync(log);
  for (const lose of [
    () => rmSync(log),
    () => writeFileSync(log, good.subarray(0, Math.floor(good.length / 2))),
    () => writeFileSync(log, ''),
  ]) {
    lose();
    const found = await plan();
    expect(found).toMatchObject({
      comparedWith: null,
      notCompared: 'incomplete',
      comesBack: [],
      comesBackTotal: 0,
    });
    expect(found.confirmDay).toMatch(/^\d{4}-\d\d-\d\d$/u);
    const order = { ...input(), confirmDay: found.confirmDay, planCode: found.planCode };
    expect(await codeOf(other.call('backup.restore', { ...order, apply: true }))).toBe(
      'backup.nothingToCompare',
    );
    expect(existsSync(other.vaultFolder)).toBe(false);
    writeFileSync(log, good);
  }
  // Put back as it was, it is whole again: the refusals were about the damage.
  expect(await plan()).toMatchObject({ comparedWith: 'lostVault', notCompared: null });
});

test('no bit of the log makes it pass for compared without what was taken back', async () => {
  const log = lostFile('.db-wal');
  const good = readFileSync(log);
  const seen = { compared: 0, refused: 0 };
  for (let n = 0; n < 24; n += 1) {
    const bad = Buffer.from(good);
    const at = Math.floor((n / 24) * good.length) + (n % 3) * 29;
    bad[at] = (bad[at] ?? 0) ^ (1 << (n % 8));
    writeFileSync(log, bad);
    const found = await plan();
    if (found.comparedWith === 'lostVault') {
      seen.compared += 1;
      expect([at, kinds(found)]).toEqual([at, ['withdrawnConsent']]);
    } else {
      seen.refused += 1;
      expect(['incomplete', 'damaged']).toContain(found.notCompared);
    }
  }
  expect(seen.refused).toBeGreaterThan(0);
}, 120_000);

test('with its anchor gone nothing proves that it is whole; with a damaged page it is damaged', async () => {
  const anchor = lostFile('vault.anchor');
  const kept = readFileSync(anchor);
  rmSync(anchor);
  expect(await plan()).toMatchObject({ comparedWith: null, notCompared: 'incomplete' });
  writeFileSync(anchor, kept);
  const database = lostFile('.db');
  const bytes = readFileSync(database);
  // A page that the log does not replace.
  for (let page = 3; page < bytes.length / 4096; page += 1) {
    const at = page * 4096 + 700;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
  }
  writeFileSync(database, bytes);
  expect(await plan()).toMatchObject({ comparedWith: null, notCompared: 'damaged' });
});

test('where it cannot be compared with, a newer copy of the same backup still is', async () => {
  const { target } = await back();
  rmSync(lostFile('.db-wal'));
  const oldest = target.snapshots[0]?.id;
  const found = await other.call('backup.planRestore', { ...input(), snapshot: oldest });
  expect(found).toMatchObject({ comparedWith: 'newerSnapshot', notCompared: 'incomplete' });
  expect(kinds(found)).toEqual(['withdrawnConsent']);
});

test('a list other than the confirmed one is never applied: what gives out meanwhile is not quietly replaced', async () => {
  const { target } = await back();
  const snapshot = target.snapshots[0]?.id;
  const person = (await bench.call('persons.list', { text: 'Inventada' })).rows[0];
  if (person === undefined) throw new Error('nobody there');
  // Known to the lost vault only: the newer copy of the same backup would let it return.
  await bench.call('erasure.restrict', { personId: person.id, requestId: null, ...GROUNDS });
  await bench.call('vault.lock', {});
  rmSync(targetPath('perdida'), { recursive: true });
  cpSync(bench.vaultFolder, targetPath('perdida'), { recursive: true });
  const confirmed = await other.call('backup.planRestore', { ...input(), snapshot });
  expect([confirmed.comparedWith, ...kinds(confirmed).sort()]).toEqual([
    'lostVault',
    'heldPerson',
    'withdrawnConsent',
  ]);
  const order = { ...input(), snapshot, confirmDay: confirmed.confirmDay, apply: true };
  const restore = (planCode?: string) => other.call('backup.restore', { ...order, planCode });
  expect(await codeOf(restore())).toBe('call.invalidInput');
  const anchor = lostFile('vault.anchor');
  const kept = readFileSync(anchor);
  rmSync(anchor);
  expect(await codeOf(restore(confirmed.planCode))).toBe('backup.planChanged');
  expect(existsSync(other.vaultFolder)).toBe(false);
  expect(existsSync(`${other.vaultFolder}.restoring`)).toBe(false);
  const weaker = await other.call('backup.planRestore', { ...input(), snapshot });
  expect([weaker.comparedWith, weaker.notCompared, ...kinds(weaker)]).toEqual([
    'newerSnapshot',
    'incomplete',
    'withdrawnConsent',
  ]);
  writeFileSync(anchor, kept);
  // Nor the other way round: more than was confirmed is another list as well.
  expect(await codeOf(restore(weaker.planCode))).toBe('backup.planChanged');
  expect((await restore(confirmed.planCode)).applied).toBe(2);
});

test('the folder of another vault, or one that went another way, is named for what it is', async () => {
  const stranger = await new Bench().create();
  await stranger.call('vault.lock', {});
  cpSync(stranger.vaultFolder, targetPath('ajena'), { recursive: true });
  await stranger.end();
  const of = (folder: string) => ({
    ...input(),
    newer: other.outTarget('targetFolder', targetPath(folder)),
  });
  expect(await codeOf(other.call('backup.planRestore', of('ajena')))).toBe('backup.otherVault');
  // Another future: the same vault, restored elsewhere from this very snapshot before it got a second one.
  await restoreElsewhere();
  cpSync(other.vaultFolder, targetPath('otra'), { recursive: true });
  rmSync(other.vaultFolder, { recursive: true });
  await openCase('L-2');
  const { target } = await back();
  const latest = { ...of('otra'), snapshot: target.snapshots.at(-1)?.id };
  expect(await other.call('backup.planRestore', latest)).toMatchObject({
    comparedWith: null,
    notCompared: 'anotherChain',
  });
});

test('of another backup whose last snapshot went another way, the one before it that knows more is compared with', async () => {
  await restoreElsewhere();
  await openCase('L-2');
  const { target } = await back();
  const person = (await bench.call('persons.list', { text: 'Inventada' })).rows[0];
  if (person === undefined) throw new Error('nobody there');
  // This stick knows as much as the chosen snapshot, then more, then the other future.
  await back('dos');
  await bench.call('erasure.restrict', { personId: person.id, requestId: null, ...GROUNDS });
  await back('dos');
  await other.unlock();
  const stick = other.outTarget('targetFolder', targetPath('dos'));
  await other.call('persons.record', { name: 'Otra Inventada' });
  await other.call('backup.run', { target: stick, acceptAhead: true });
  await other.call('vault.lock', {});
  rmSync(other.vaultFolder, { recursive: true });
  const order = () => ({
    ...input(),
    snapshot: target.snapshots.at(-1)?.id,
    newer: other.outTarget('targetFolder', targetPath('dos')),
  });
  const found = await other.call('backup.planRestore', order());
  expect([found.comparedWith, found.notCompared, ...kinds(found)]).toEqual([
    'newerBackup',
    null,
    'heldPerson',
  ]);
});
