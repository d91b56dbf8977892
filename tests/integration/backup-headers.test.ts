import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { back, contentOf, freshBench, openCase, restoreInput, targetPath } from './backup-bench.ts';
import type { Bench } from './harness.ts';
import { addPerson } from './people.ts';
import { restoreWhole } from './restoring.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await freshBench();
});
afterEach(async () => {
  await bench.end();
});

const headers = (): string[] => readdirSync(join(targetPath(), 'headers')).sort();
const headerPath = (name: string): string => join(targetPath(), 'headers', name);

/** Each way in which a small file on a stick can be lost. */
const LOSSES: readonly (readonly [string, (path: string) => void])[] = [
  ['gone', (path) => rmSync(path)],
  ['empty', (path) => writeFileSync(path, '')],
  ['cut', (path) => writeFileSync(path, readFileSync(path).subarray(0, 200))],
  [
    'one bit flipped',
    (path) => {
      const bytes = readFileSync(path);
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    },
  ],
];

test.each(LOSSES)('a run that changes nothing writes the header again: %s', async (_how, lose) => {
  await openCase('C-1');
  const { target } = await back();
  const before = contentOf(targetPath());
  const [name] = headers();
  lose(headerPath(name ?? ''));
  expect((await bench.call('backup.verify', { target: target.id })).ok).toBe(false);
  const run = await bench.call('backup.run', { target: target.id });
  expect(run).toMatchObject({ newSnapshot: false, copiedObjects: 0 });
  expect(run.warnings).not.toContain('headerLost');
  expect((await bench.call('backup.verify', { target: target.id })).findings).toEqual([]);
  expect(contentOf(targetPath())).toEqual(before);
});

test('the header of an older snapshot cannot be written again: it is named, and the newest can be restored', async () => {
  await openCase('C-1');
  await back();
  const [old] = headers();
  await addPerson(bench, 'Luis Cano', 'team');
  const { target } = await back();
  expect(headers()).toHaveLength(2);
  rmSync(headerPath(old ?? ''));
  const run = await bench.call('backup.run', { target: target.id });
  expect(run.newSnapshot).toBe(false);
  expect(run.warnings).toContain('headerLost');
  expect(run.target.snapshots).toHaveLength(2);
  const { targets } = await bench.call('backup.state', {});
  expect(targets[0]?.warnings).toContain('headerLost');
  await bench.call('vault.lock', {});
  rmSync(bench.vaultFolder, { recursive: true });
  await restoreWhole(bench, restoreInput());
  await bench.unlock();
});

test('every other small loss on the stick is mended or named by a run that changes nothing', async () => {
  await openCase('C-1');
  const path = join(bench.folder, 'nota.bin');
  writeFileSync(path, Buffer.alloc(70_000, 4));
  await bench.call('evidence.take', { source: bench.fileTarget(path) });
  const { target } = await back();
  const before = contentOf(targetPath());
  const files = Object.keys(before).filter((name) => !name.includes('catalogue'));
  expect(files).toHaveLength(3);
  for (const name of files) {
    rmSync(join(targetPath(), name));
    const run = await bench.call('backup.run', { target: target.id });
    expect((await bench.call('backup.verify', { target: target.id })).findings).toEqual([]);
    // A snapshot cannot be the same again: another one takes its place, and that it was gone is said.
    if (name.includes('snapshots')) expect(run.warnings).toContain('snapshotLost');
  }
});
