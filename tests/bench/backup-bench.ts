import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { AppError } from '#shared/errors.ts';
import { sql } from '../../electron/core/db/index.ts';
import { unlockVault } from '../../electron/core/features/vault/index.ts';
import { ObjectStore } from '../../electron/core/files/object-store.ts';
import type { Ports } from '../../electron/core/ports/index.ts';
import { targetIdSchema } from '#shared/model/ids.ts';
import { PASSPHRASE, benchCore, timed } from './bench-core.ts';
import type { Measure } from './report.ts';

/** Files of this many bytes stand for the evidence of a full vault; empty on disk, so that ten gigabytes cost nothing. */
const OBJECT_BYTES = 4 * 1024 * 1024;

/** Records of items that were never taken in, with keys that open nothing. Gives the names of their objects. */
const fill = async (ports: Ports, folder: string, count: number): Promise<string[]> => {
  const vault = await unlockVault(ports, { folder, passphrase: PASSPHRASE, onLost: () => undefined });
  const names: string[] = [];
  vault.db.write('evidence.take', (tx) => {
    for (let n = 0; n < count; n += 1) {
      const objectId = randomBytes(16);
      const id = `bench-${n}`;
      names.push(objectId.toString('hex'));
      tx.run(sql`INSERT INTO object_key (object_id, generation, nonce, wrapped)
        VALUES (${objectId}, 1, ${randomBytes(24)}, ${randomBytes(48)})`);
      tx.run(sql`INSERT INTO evidence (id, object_id, title, original_name, kind, mime, size, sha256, from_words,
          method, note, restricted, hard_to_view, received_at, version, created_at, updated_at)
        VALUES (${id}, ${objectId}, ${''}, ${''}, ${'other'}, ${''}, ${OBJECT_BYTES}, ${randomBytes(32)}, ${''},
          ${'unknown'}, ${''}, 0, 0, 0, 1, 0, 0)`);
      tx.journal({ table: 'evidence', id, payload: {} });
    }
  });
  await vault.close();
  return names;
};

/**
 * A run over a vault in which nothing changed since the last. The objects of vault and target are sparse files of
 * the right sizes: a run compares names and sizes, and must not read one of them.
 */
export const backupBench = async (folder: string, gigabytes: number): Promise<Measure[]> => {
  const bench = await benchCore();
  const vault = join(folder, 'backup-vault');
  const target = join(folder, 'backup-target');
  mkdirSync(target);
  await bench.call('vault.create', {
    folder: bench.grant(vault, 'create'),
    use: 'practice',
    ownerName: 'Ana',
    passphrase: PASSPHRASE,
    cost: { ops: 3, memoryBytes: 64 << 20 },
  });
  // One real item is taken in; the others are records and sparse files.
  const sample = join(folder, 'sample.bin');
  writeFileSync(sample, '');
  truncateSync(sample, OBJECT_BYTES);
  const count = Math.ceil((gigabytes * 1e9) / OBJECT_BYTES);
  await bench.call('evidence.take', { source: bench.grant(sample, 'file') });
  const place = targetIdSchema.parse(randomBytes(16).toString('hex'));
  bench.core.grant({ id: place, kind: 'targetFolder', path: target, name: 'backup-target' });
  const run = () => bench.call('backup.run', { target: place });
  await run();
  await bench.call('vault.lock', {});
  const names = await fill(bench.ports, vault, count - 1);
  const fileBytes = ObjectStore.fileBytes(OBJECT_BYTES);
  for (const root of [join(vault, 'objects'), join(target, 'objects')]) {
    for (const name of names) {
      mkdirSync(join(root, name.slice(0, 2)), { recursive: true });
      const path = join(root, name.slice(0, 2), name);
      writeFileSync(path, '');
      truncateSync(path, fileBytes);
    }
  }
  await bench.call('vault.unlock', { folder: bench.grant(vault, 'open'), passphrase: PASSPHRASE });
  const second = await run();
  if (second.copiedObjects !== 0) throw new AppError('call.internal');
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
  const took = await timed(async () => {
    const { newSnapshot, copiedObjects } = await run();
    if (newSnapshot || copiedObjects !== 0) throw new AppError('call.internal');
  });
  clearInterval(watch);
  await bench.core.close();
  return [
    {
      work: `backup, nothing changed, ${gigabytes} GB in ${count} items`,
      ours: `${(took / 1000).toFixed(2)} s`,
      against: 'goal',
      theirs: '10 s',
      value: took,
      atMost: 10_000,
      unit: 'ms',
    },
    {
      work: 'memory while comparing',
      ours: '',
      against: 'before',
      theirs: `${(before / 1e6).toFixed(0)} MB`,
      value: (peak - before) / 1e6,
      atMost: 64,
      unit: 'MB',
    },
  ];
};
