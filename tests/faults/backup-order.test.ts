import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import type { Disk } from '../../electron/core/ports/index.ts';
import { BackupBench } from './support/backups.ts';
import { realPorts } from './support/ports.ts';
import { brokenRules, recordingDisk, type Call, type RecordingDisk } from './support/recording-disk.ts';

let current: Disk = createNodeDisk();
/** The disk that the core was given, whichever stands behind it at the moment. */
const real = createNodeDisk();
const disk = new Proxy({} as Disk, {
  get: (_target, name) =>
    // The anchor is made durable by its own heartbeat, which must not take part in the counting.
    name === 'syncFileSync' ? real.syncFileSync : current[name as keyof Disk],
});

let bench: BackupBench;

beforeAll(async () => {
  bench = new BackupBench(realPorts({ disk }));
  await bench.create();
  await bench.openCase('O-1');
  for (let n = 0; n < 3; n += 1) await bench.take(`o${n}.bin`, Buffer.alloc(90_000, n + 1));
});
afterAll(async () => {
  await bench.end();
});

/** A first run to an empty stick with one sync call left out; -1: none. */
const recordRun = async (skip: number): Promise<RecordingDisk> => {
  rmSync(bench.usb, { recursive: true });
  mkdirSync(bench.usb);
  const recording = recordingDisk(skip);
  current = recording.disk;
  try {
    await bench.run();
  } finally {
    current = createNodeDisk();
  }
  recording.calls.push({ kind: 'answered' });
  return recording;
};

/** What happened on the stick; the vault's own anchor follows other rules, and the work folder promises nothing. */
const onTarget = (calls: readonly Call[]): Call[] =>
  calls.filter((call) => call.kind === 'answered' || call.path.startsWith(bench.usb));

/**
 * When the list takes its place, everything that it names must be durable already: contents and names. After a
 * power cut in between there would be a list of things that are not there.
 */
const catalogueRules = (calls: readonly Call[]): string[] => {
  const broken = new Set<string>();
  const dirty = new Set<string>();
  const names = new Map<string, Set<string>>();
  const add = (path: string): void => {
    const folder = dirname(path);
    names.set(folder, (names.get(folder) ?? new Set()).add(path));
  };
  for (const call of calls) {
    if (call.kind === 'content') dirty.add(call.path);
    else if (call.kind === 'sync') dirty.delete(call.path);
    else if (call.kind === 'name') add(call.path);
    else if (call.kind === 'syncFolder') names.delete(call.path);
    else if (call.kind === 'rename') {
      names.get(dirname(call.path))?.delete(call.path);
      if (call.to.endsWith('catalogue.json')) {
        for (const path of dirty) {
          if (path.includes('/snapshots/')) broken.add('snapshot not durable before the list');
          if (path.includes('/objects/')) broken.add('object not durable before the list');
          if (path.includes('/headers/')) broken.add('header not durable before the list');
          if (path === call.path) broken.add('list not durable before its rename');
        }
        for (const [folder, waiting] of names) {
          if (folder.startsWith(dirname(call.to)) && waiting.size > 0)
            broken.add('a name not durable before the list');
        }
      }
      if (dirty.delete(call.path)) dirty.add(call.to);
      add(call.to);
    }
  }
  return [...broken];
};

/** Of a whole run there are two lists: the empty one that begins a target, and the one that names the copy. */
const lists = (calls: readonly Call[]): number =>
  calls.filter((call) => call.kind === 'rename' && call.to.endsWith('catalogue.json')).length;

test('objects, snapshot, sync, header, list: in this order, and nothing is promised before it is durable', async () => {
  const calls = onTarget((await recordRun(-1)).calls);
  expect(lists(calls)).toBe(2);
  expect(catalogueRules(calls)).toEqual([]);
  expect(brokenRules(calls)).toEqual([]);
  const at = (find: (call: Call) => boolean): number => calls.findLastIndex(find);
  const object = at((call) => call.kind === 'rename' && call.to.includes('/objects/'));
  const snapshot = at((call) => call.kind === 'rename' && call.to.includes('/snapshots/'));
  const list = at((call) => call.kind === 'rename' && call.to.endsWith('catalogue.json'));
  expect(object).toBeGreaterThan(-1);
  expect(object).toBeLessThan(snapshot);
  expect(snapshot).toBeLessThan(list);
});

test('every single sync call that is left out is noticed', async () => {
  const whole = await recordRun(-1);
  const missed: number[] = [];
  for (let skip = 0; skip < whole.syncs(); skip += 1) {
    const calls = onTarget((await recordRun(skip)).calls);
    if (catalogueRules(calls).length + brokenRules(calls).length === 0) missed.push(skip);
  }
  // Folders are synced once more at the start of each run. Such a call may go missing where nothing waits in the
  // folder, or where another follows before anything depends on it; no sync of a content ever may.
  const needed = missed.filter((skip) => !harmless(onTarget(whole.calls), skip));
  expect(needed).toEqual([]);
  expect(whole.syncs() - missed.length).toBeGreaterThan(12);
}, 300_000);

/** Whether the sync call with this number is one that another one makes up for. */
const harmless = (calls: readonly Call[], number: number): boolean => {
  const waiting = new Set<string>();
  let count = -1;
  let stage = 0;
  let at: { path: string; stage: number; waited: boolean } | null = null;
  for (const call of calls) {
    if (call.kind === 'name') waiting.add(dirname(call.path));
    if (call.kind === 'rename') {
      waiting.add(dirname(call.to));
      if (call.to.endsWith('catalogue.json')) stage += 1;
    }
    if (call.kind !== 'sync' && call.kind !== 'syncFolder') continue;
    count += 1;
    if (count === number) {
      if (call.kind === 'sync') return false;
      at = { path: call.path, stage, waited: waiting.has(call.path) };
    } else if (at !== null && call.kind === 'syncFolder' && call.path === at.path && stage === at.stage) {
      return true;
    }
    if (call.kind === 'syncFolder') waiting.delete(call.path);
  }
  return at !== null && !at.waited;
};

test('negative control: a list that comes before the snapshot or before an object is caught', async () => {
  const calls = onTarget((await recordRun(-1)).calls);
  const list = calls.findLastIndex((call) => call.kind === 'rename' && call.to.endsWith('catalogue.json'));
  const listCall = calls[list];
  if (listCall === undefined) throw new Error('no list');
  const earlier = (before: number): Call[] => [
    ...calls.slice(0, before),
    listCall,
    ...calls.slice(before, list),
    ...calls.slice(list + 1),
  ];
  const sync = (part: string): number =>
    calls.findLastIndex((call) => call.kind === 'sync' && call.path.includes(part));
  expect(catalogueRules(earlier(sync('/snapshots/')))).toContain('snapshot not durable before the list');
  expect(catalogueRules(earlier(sync('/objects/')))).toContain('object not durable before the list');
});
