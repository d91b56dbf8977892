import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ERASURE_CONFIRMATIONS } from '#shared/contract/erasure.ts';
import { evidenceIdSchema, type EvidenceId } from '#shared/model/ids.ts';
import { deriveSnapshotKey } from '../../electron/core/crypto/key-hierarchy.ts';
import { sql } from '../../electron/core/db/index.ts';
import { exportDatabase } from '../../electron/core/db/open.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { openDirectly } from '../support/stored-text.ts';
import {
  back,
  freshBench,
  loseVault,
  newTarget,
  openCase,
  restoreInput,
  takeFile,
  targetPath,
} from './backup-bench.ts';
import type { Bench } from './harness.ts';
import { eraseBlocked, GROUNDS, restoreWhole } from './restoring.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await freshBench();
});
afterEach(async () => {
  await bench.end();
});

const remove = (evidenceId: EvidenceId) =>
  bench.call('evidence.delete', {
    evidenceId,
    ...GROUNDS,
    typed: ERASURE_CONFIRMATIONS.deleteEvidence.es,
  });
const take = async (): Promise<EvidenceId> =>
  evidenceIdSchema.parse(await takeFile('e.bin', Buffer.alloc(80_000, 3)));
const textOf = (path: string): string =>
  execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }).replace(/\s+/gu, ' ');
const keptOn = (): string[] => readdirSync(bench.vaultFolder).filter((name) => name.startsWith('before-'));

test('a snapshot of another future is listed, whatever its positions say', async () => {
  const evidence = await take();
  const first = await back();
  await bench.call('vault.lock', {});
  cpSync(bench.vaultFolder, targetPath('vieja'), { recursive: true });
  await bench.unlock();
  // A long future, so that its positions lie beyond whatever happens in the other one.
  for (const code of ['F-1', 'F-2', 'F-3', 'F-4', 'F-5', 'F-6']) await openCase(code);
  const ahead = (await back()).target.snapshots.at(-1);
  await bench.call('vault.lock', {});
  rmSync(bench.vaultFolder, { recursive: true });
  cpSync(targetPath('vieja'), bench.vaultFolder, { recursive: true });
  rmSync(join(bench.folder, 'profile', 'anchors'), { recursive: true });
  await bench.unlock();
  await bench.call('backup.run', { target: newTarget(), acceptAhead: true });
  const { backups } = await remove(evidence);
  const { rows } = await bench.call('backup.holding', { evidence });
  const ids = rows.map((row) => row.snapshot);
  expect(ids).toContain(ahead?.id);
  expect(ids).toContain(first.target.snapshots[0]?.id);
  expect(backups.map(({ kind, at }) => [kind, at])).toContainEqual(['backup', ahead?.takenAt]);
  const after = await back().catch(() =>
    bench.call('backup.run', { target: newTarget(), acceptAhead: true }),
  );
  expect(after.target.snapshots.length).toBeGreaterThan(2);
  expect((await bench.call('backup.holding', { evidence })).rows.map((row) => row.snapshot)).toContain(
    ahead?.id,
  );
});

test('a restored vault knows of the snapshots on the stick that it came from', async () => {
  const evidence = await take();
  const { target } = await back();
  await loseVault();
  await restoreWhole(bench, restoreInput());
  await bench.unlock();
  const { rows } = await bench.call('backup.holding', { evidence });
  expect(rows.map((row) => row.snapshot)).toEqual(target.snapshots.map((one) => one.id));
});

/** A copy as a migration leaves it: an export beside the vault, and its row. */
const keepCopy = async (): Promise<string> => {
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const id = bench.ports.random.bytes(16);
  const name = `before-50-${id.toString('hex')}.db`;
  const key = deriveSnapshotKey(bench.ports.crypto, vault.backupKey, id);
  exportDatabase(vault.db.connection, join(bench.vaultFolder, name), key);
  vault.db.connection.run(
    sql`INSERT INTO kept_copy (name, version, made_at, opens) VALUES (${name}, 50, ${bench.ports.clock.now()}, 0)`,
  );
  await vault.close();
  await bench.unlock();
  expect(keptOn()).toEqual([name]);
  return name;
};

test('a copy from before an update is listed with its date, and goes when evidence is deleted', async () => {
  const evidence = await take();
  const other = await take();
  await keepCopy();
  const preview = await bench.call('evidence.deletePreview', { evidenceId: evidence });
  expect(preview.backups.map(({ kind, place }) => [kind, place])).toEqual([['beforeUpdate', '']]);
  expect(Math.abs(Date.parse(preview.backups[0]?.at ?? '') - Date.now())).toBeLessThan(600_000);
  const done = await remove(evidence);
  expect(done).toEqual({ backups: [], removed: true });
  expect(keptOn()).toEqual([]);
  // One that died between the deletion and its file goes with the next opening.
  const name = await keepCopy();
  const kept = join(bench.folder, name);
  cpSync(join(bench.vaultFolder, name), kept);
  await remove(other);
  cpSync(kept, join(bench.vaultFolder, name));
  await bench.call('vault.lock', {});
  await bench.unlock();
  expect(existsSync(join(bench.vaultFolder, name))).toBe(false);
});

test('it goes when a person is erased as well', async () => {
  const { id: caseId } = await openCase('E-1');
  const { id: personId } = await bench.call('persons.record', { name: 'Zenobia Quetzalli', caseId });
  await keepCopy();
  await bench.call('erasure.block', { personId, requestId: null, ...GROUNDS });
  const { seen, done } = await eraseBlocked(bench, personId);
  expect(seen.backups.map(({ kind }) => kind)).toEqual(['beforeUpdate']);
  expect(done.backups).toEqual([]);
  expect(keptOn()).toEqual([]);
  expect((await bench.call('vault.check', {})).findings).toEqual([]);
});

test('one that the disk does not give up is told and listed, and stops neither the erasure nor the next try', async () => {
  await bench.end();
  const real = createNodeDisk();
  let stuck = true;
  const isCopy = (path: string): boolean => /before-[^/]*$/u.test(path);
  bench = await freshBench({
    disk: {
      ...real,
      remove: (path) =>
        stuck && isCopy(path)
          ? Promise.reject(Object.assign(new Error('held'), { code: 'EPERM' }))
          : real.remove(path),
    },
  });
  const { id: caseId } = await openCase('E-1');
  const { id: personId } = await bench.call('persons.record', { name: 'Zenobia Quetzalli', caseId });
  const evidence = await take();
  const name = await keepCopy();
  await bench.call('erasure.block', { personId, requestId: null, ...GROUNDS });
  const { done } = await eraseBlocked(bench, personId);
  expect([done.removed, done.backups.map(({ kind }) => kind)]).toEqual([false, ['beforeUpdate']]);
  expect(keptOn()).toEqual([name]);
  const preview = await bench.call('evidence.deletePreview', { evidenceId: evidence });
  expect(preview.backups.map(({ kind }) => kind)).toEqual(['beforeUpdate']);
  // Whoever reads a sheet about it reads of the file, too: hers, and that of somebody who asks what is known of them.
  const sheet = join(bench.folder, 'supresion.pdf');
  await bench.call('erasure.certificate', {
    personId,
    target: bench.outTarget('targetFile', sheet),
    language: 'es',
  });
  expect(textOf(sheet)).toContain(
    'En la carpeta de la bóveda, de antes de una actualización del programa, copia del',
  );
  const other = await bench.call('persons.record', { name: 'Ubaldo Iturriaga', caseId });
  const copies = async (): Promise<string[]> => {
    const { sections } = await bench.call('erasure.know', { personId: other.id, language: 'es' });
    return sections.find(({ heading }) => heading === 'Copias de respaldo')?.lines ?? [];
  };
  const today = new Date().toISOString().slice(0, 10);
  expect(await copies()).toEqual([expect.stringContaining(today)]);
  const { files } = await bench.call('erasure.letters', {
    personId: other.id,
    requestId: null,
    target: bench.outTarget('targetFolder', join(bench.folder, 'cartas')),
    language: 'es',
    format: 'pdf',
    letters: ['answer'],
  });
  expect(textOf(join(bench.folder, 'cartas', files[0]?.name ?? ''))).toContain((await copies())[0]);
  // What SQLite left beside a copy that is gone holds pages of it; beside one that is there it is the same copy.
  const alone = `before-50-${'ab'.repeat(16)}.db-journal`;
  writeFileSync(join(bench.vaultFolder, `${name}-journal`), 'x');
  writeFileSync(join(bench.vaultFolder, alone), 'x');
  expect(await copies()).toHaveLength(2);
  stuck = false;
  expect(await remove(evidence)).toEqual({ backups: [], removed: true });
  expect(keptOn()).toEqual([]);
});
