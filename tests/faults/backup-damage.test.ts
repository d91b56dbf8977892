import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { sql } from '../../electron/core/db/index.ts';
import type { OpenVault } from '../../electron/core/features/vault/index.ts';
import { BackupBench, SECRET } from './support/backups.ts';
import { fileNamed, flipBit, lasting, outcomeOf, seeded, times } from './support/copies.ts';
import { codeOf, unlock } from './support/vaults.ts';

let bench: BackupBench;
const opened: OpenVault[] = [];

beforeAll(async () => {
  bench = new BackupBench();
  await bench.create();
  await bench.openCase('D-1');
  await bench.take('d.bin', Buffer.alloc(200_000, 8));
  await bench.run();
  await bench.openCase('D-2');
  await bench.run();
});
afterEach(async () => {
  for (const vault of opened.splice(0)) await vault.close();
});
afterAll(async () => {
  await bench.end();
});

const below = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** What verification says while one file is not as it should be; the file is put back. */
const whileDamaged = async (path: string, damage: () => void): Promise<string[]> => {
  const good = readFileSync(path);
  damage();
  try {
    return (await bench.verify()).findings.map((finding) => `${finding.part} ${finding.code}`);
  } finally {
    writeFileSync(path, good);
  }
};

test(
  'a flipped bit, a cut end, a missing file: each in every kind of file, each named',
  async () => {
    const random = seeded(41);
    const kinds = [/catalogue\.json$/u, /headers/u, /snapshots/u, /objects/u];
    const silent: string[] = [];
    for (const kind of kinds) {
      const files = below(bench.usb).filter((path) => kind.test(path));
      expect(files.length).toBeGreaterThan(0);
      for (let n = 0; n < times(8); n += 1) {
        const path = files[random(files.length)] ?? '';
        const bits = readFileSync(path).length * 8;
        const bit = random(bits);
        const found = await whileDamaged(path, () => {
          flipBit(path, bit);
        });
        if (found.length === 0) silent.push(`${path} bit ${bit}`);
      }
      const path = files[0] ?? '';
      const cut = await whileDamaged(path, () => {
        truncateSync(path, Math.floor(readFileSync(path).length / 2));
      });
      if (cut.length === 0) silent.push(`${path} cut`);
      if (!/catalogue/u.test(path)) {
        const gone = await whileDamaged(path, () => {
          rmSync(path);
        });
        if (gone.length === 0) silent.push(`${path} gone`);
      }
    }
    expect(silent).toEqual([]);
    // Put back as it was, it is whole again: the findings were about the damage.
    expect((await bench.verify()).findings).toEqual([]);
  },
  lasting(300_000),
);

const PAGE = 4096;

test(
  'a page of a snapshot, put into the live file, does not pass for one of its own',
  async () => {
    await bench.lock();
    const snapshot = readFileSync(below(join(bench.usb, 'snapshots')).at(-1) ?? '');
    const good = readFileSync(fileNamed(bench.base.path, '.db'));
    const pages = Math.min(good.length, snapshot.length) / PAGE;
    const random = seeded(42);
    const silent: number[] = [];
    for (let n = 0; n < times(8); n += 1) {
      // Every fault hits another page of a fresh copy, the first page among them.
      const page = n === 0 ? 0 : 1 + random(pages - 1);
      const outcome = await outcomeOf(bench.ports, bench.base.path, (copy) => {
        const bytes = Buffer.from(good);
        snapshot.copy(bytes, page * PAGE, page * PAGE, (page + 1) * PAGE);
        writeFileSync(fileNamed(copy, '.db'), bytes);
      });
      if (
        outcome.refused !== 'vault.databaseDamaged' &&
        !outcome.findings.includes('vault.databaseDamaged')
      ) {
        silent.push(page);
      }
    }
    expect(silent).toEqual([]);
    await bench.unlock();
  },
  lasting(300_000),
);

const entryRow = z.object({
  incarnation: z.instanceof(Uint8Array),
  seq: z.number(),
  hash: z.instanceof(Uint8Array),
});

const entriesOf = async (base: string): Promise<{ key: string; hash: string }[]> => {
  const vault = await unlock(bench.ports, base);
  opened.push(vault);
  return vault.db
    .read((db) => db.all(sql`SELECT incarnation, seq, hash FROM journal ORDER BY position`, entryRow))
    .map((row) => ({
      key: `${Buffer.from(row.incarnation).toString('hex')}/${row.seq}`,
      hash: Buffer.from(row.hash).toString('hex'),
    }));
};

test(
  'the lost vault and the restored one never give one number twice',
  async () => {
    await bench.openCase('D-3');
    await bench.lock();
    const restoredBase = join(bench.base.path, 'otra');
    const input = {
      source: bench.grant(bench.usb),
      secret: SECRET,
      folder: bench.grant(join(restoredBase, 'vault'), 'vault'),
    };
    expect(await codeOf(() => bench.call('backup.planRestore', input))).toBe('disk.notFound');
    mkdirSync(restoredBase);
    const { confirmDay } = await bench.call('backup.planRestore', input);
    await bench.call('backup.restore', { ...input, confirmDay, apply: false });
    const lost = await entriesOf(bench.base.path);
    const restored = await entriesOf(restoredBase);
    const known = new Map(lost.map(({ key, hash }) => [key, hash]));
    expect(new Set(restored.map(({ key }) => key)).size).toBe(restored.length);
    const clashes = restored.filter(({ key, hash }) => known.has(key) && known.get(key) !== hash);
    expect(clashes).toEqual([]);
    // Positive control: both went on after the copy, each in its own way.
    const shared = restored.filter(({ key }) => known.has(key)).length;
    expect(lost.length).toBeGreaterThan(shared);
    expect(restored.length).toBeGreaterThan(shared);
  },
  lasting(120_000),
);
