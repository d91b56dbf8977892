import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { PersonId } from '#shared/model/ids.ts';
import { sql } from '../../electron/core/db/index.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { openDirectly } from '../support/stored-text.ts';
import { freshBench, openCase } from './backup-bench.ts';
import type { Bench } from './harness.ts';
import { eraseBlocked, GROUNDS } from './restoring.ts';

let bench: Bench;
afterEach(async () => {
  await bench.end();
});

const textOf = (path: string): string =>
  execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }).replace(/\s+/gu, ' ');

/** A vault in which somebody was erased, on a disk that can stop to show what lies in the vault's folder. */
const afterErasing = async () => {
  const real = createNodeDisk();
  let blind = false;
  bench = await freshBench({
    disk: {
      ...real,
      list: (path) =>
        blind && path === bench.vaultFolder
          ? Promise.reject(Object.assign(new Error('held'), { code: 'EACCES' }))
          : real.list(path),
    },
  });
  const { id: caseId } = await openCase('E-1');
  const { id: personId } = await bench.call('persons.record', { name: 'Zenobia Quetzalli', caseId });
  await bench.call('erasure.block', { personId, requestId: null, ...GROUNDS });
  await eraseBlocked(bench, personId);
  return {
    caseId,
    personId,
    setBlind: (now: boolean) => {
      blind = now;
    },
  };
};

let sheets = 0;
const certificate = async (personId: PersonId, language: 'es' | 'en' = 'es'): Promise<string> => {
  sheets += 1;
  const path = join(bench.folder, `supresion-${sheets}.pdf`);
  await bench.call('erasure.certificate', {
    personId,
    target: bench.outTarget('targetFile', path),
    language,
  });
  return textOf(path);
};

const NONE = 'Ninguno que la bóveda recuerde.';
const BESIDE = 'de antes de una actualización del programa, copia del';

test('a copy that was made after an erasure is not said to hold whom it erased', async () => {
  const { personId } = await afterErasing();
  expect(await certificate(personId)).toContain(NONE);
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const name = `before-50-${'ef'.repeat(16)}.db`;
  vault.db.connection.run(
    sql`INSERT INTO kept_copy (name, version, made_at, opens) VALUES (${name}, 50, ${bench.ports.clock.now()}, 0)`,
  );
  await vault.close();
  writeFileSync(join(bench.vaultFolder, name), 'x');
  await bench.unlock();
  const after = await certificate(personId);
  expect(after).toContain(NONE);
  expect(after).not.toContain(BESIDE);
  // One that nobody remembers may be from any time.
  writeFileSync(join(bench.vaultFolder, `before-50-${'ab'.repeat(16)}.db`), 'x');
  const left = await certificate(personId);
  expect(left).toContain(BESIDE);
  expect(left).not.toContain(NONE);
});

test('papers say that the folder could not be looked at, instead of that nothing is there', async () => {
  const { caseId, personId, setBlind } = await afterErasing();
  writeFileSync(join(bench.vaultFolder, `before-50-${'ab'.repeat(16)}.db`), 'x');
  const other = await bench.call('persons.record', { name: 'Ubaldo Iturriaga', caseId });
  const copies = async (language: 'es' | 'en', heading: string): Promise<readonly string[]> =>
    (await bench.call('erasure.know', { personId: other.id, language })).sections.find(
      (section) => section.heading === heading,
    )?.lines ?? [];
  expect((await copies('es', 'Copias de respaldo')).join()).toContain('Copia del');
  setBlind(true);
  const said = await certificate(personId);
  expect(said).toContain('La carpeta de la bóveda no se pudo revisar en este momento');
  expect(said).not.toContain(NONE);
  expect(await certificate(personId, 'en')).toContain("The vault's folder could not be looked at now");
  expect(await copies('es', 'Copias de respaldo')).toEqual([
    expect.stringContaining('No pudimos revisar en este momento la carpeta'),
  ]);
  expect(await copies('en', 'Backup copies')).toEqual([
    expect.stringContaining('We could not look into the folder'),
  ]);
  const { files } = await bench.call('erasure.letters', {
    personId: other.id,
    requestId: null,
    target: bench.outTarget('targetFolder', join(bench.folder, 'cartas')),
    language: 'es',
    format: 'pdf',
    letters: ['answer'],
  });
  const letter = textOf(join(bench.folder, 'cartas', files[0]?.name ?? ''));
  expect(letter).toContain('No pudimos revisar en este momento la carpeta');
  expect(letter).not.toContain('No hay respaldos con tus datos.');
  setBlind(false);
  expect((await copies('es', 'Copias de respaldo')).join()).toContain('Copia del');
});
