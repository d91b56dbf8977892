import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import { sql } from '../../electron/core/db/sql.ts';
import { unlockVault } from '../../electron/core/features/vault/index.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import type { Disk } from '../../electron/core/ports/index.ts';
import { Bench, PASSPHRASE } from './harness.ts';

/** A copy of evidence in clear that a crash cut off. */

const CANARY = 'declaración de la testigo, en claro';
let folder: string;
let outside: string;
let bench: Bench | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resguardo-copies-'));
  outside = join(folder, 'outside');
  mkdirSync(outside);
});
afterEach(async () => {
  await bench?.core.close();
  bench = null;
  rmSync(folder, { recursive: true, force: true });
});

/** The disk as a process sees it that dies just before the copy gets its name: nothing after that happens. */
const dyingDisk = (): Disk => {
  const disk = createNodeDisk();
  let dead = false;
  const unlessDead = <T>(work: () => Promise<T>): Promise<T> =>
    dead ? Promise.reject(Object.assign(new Error('gone'), { code: 'EIO' })) : work();
  return {
    ...disk,
    rename: (from, to) => {
      if (to.startsWith(outside)) dead = true;
      return unlessDead(() => disk.rename(from, to));
    },
    remove: (path) => unlessDead(() => disk.remove(path)),
  };
};

const take = async (core: Bench): Promise<CallOutput<'evidence.take'>> => {
  const path = join(folder, 'declaracion.txt');
  writeFileSync(path, CANARY);
  return core.call('evidence.take', { source: core.fileTarget(path) });
};

const inClear = (): string[] =>
  readdirSync(outside).filter((name) => readFileSync(join(outside, name), 'utf8').includes(CANARY));

const outbox = async (path: string): Promise<number> => {
  if (bench === null) throw new Error('no core');
  const vault = await unlockVault(bench.ports, {
    folder: path,
    passphrase: PASSPHRASE,
    onLost: () => undefined,
  });
  try {
    const row = z.object({ n: z.number() });
    return vault.db.read((db) => db.need(sql`SELECT count(*) AS n FROM outbox`, row)).n;
  } finally {
    await vault.close();
  }
};

test('what was written in clear is removed after the next unlock, and nothing else of that folder', async () => {
  bench = await new Bench({ folder, ports: { disk: dyingDisk() } }).create();
  const { id } = await take(bench);
  const target = bench.outTarget('targetFile', join(outside, 'copia.txt'));
  await expect(bench.call('evidence.save', { id, target })).rejects.toMatchObject({
    code: 'disk.notWritable',
  });
  expect(inClear()).toHaveLength(1);
  const strangers = ['.0123456789abcdef.tmp', 'notas.txt'];
  for (const name of strangers) writeFileSync(join(outside, name), 'of somebody else');
  await bench.core.close();

  bench = await new Bench({ folder }).unlock();
  for (let tries = 0; tries < 100 && inClear().length > 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(inClear()).toEqual([]);
  expect(readdirSync(outside).sort()).toEqual(strangers);
  const vaultFolder = bench.vaultFolder;
  await bench.core.close();
  expect(await outbox(vaultFolder)).toBe(0);
});

test('a copy that went well or was refused leaves no note behind', async () => {
  bench = await new Bench({ folder }).create();
  const { id } = await take(bench);
  const good = bench.outTarget('targetFile', join(outside, 'copia.txt'));
  await bench.call('evidence.save', { id, target: good });
  expect(inClear()).toEqual(['copia.txt']);
  const nowhere = bench.outTarget('targetFile', join(outside, 'none', 'copia.txt'));
  await expect(bench.call('evidence.save', { id, target: nowhere })).rejects.toMatchObject({
    code: 'disk.notFound',
  });
  const vaultFolder = bench.vaultFolder;
  await bench.core.close();
  expect(await outbox(vaultFolder)).toBe(0);
  expect(existsSync(join(outside, 'copia.txt'))).toBe(true);
});
