import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { trustedSql } from '../../electron/core/db/sql.ts';
import type { Disk } from '../../electron/core/ports/index.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import { allPages, databaseKey } from '../support/raw-pages.ts';
import { everyCell, indexedWords, openDirectly } from '../support/stored-text.ts';
import { code } from './export-case.ts';
import { Bench } from './harness.ts';
import { STIX } from './stix-sample.ts';

const CANARY = 'Cuauhpantzin';
const why = { reason: 'copia repetida', legalBasis: 'decisión de la organización', typed: 'borrar' };

let benches: Bench[] = [];
afterEach(async () => {
  for (const bench of benches) await bench.end();
  benches = [];
});

const begin = async (disk?: Disk): Promise<Bench> => {
  const bench = new Bench(disk === undefined ? {} : { ports: { disk } });
  benches.push(bench);
  return bench.create();
};

const take = async (bench: Bench, name: string, text: string): Promise<EvidenceId> => {
  const path = join(bench.folder, name);
  writeFileSync(path, text);
  const { id } = await bench.call('evidence.take', { source: bench.fileTarget(path) });
  return id;
};

const objectFiles = (folder: string): string[] =>
  readdirSync(join(folder, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

const keyRow = z.object({ object_id: z.instanceof(Uint8Array), wrapped: z.instanceof(Uint8Array) });

/** The sealed key of the only item, as it lies in the database. */
const keyOf = async (bench: Bench): Promise<{ object: string; wrapped: Buffer }> => {
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const row = vault.db.connection.need(
    trustedSql(`SELECT k.object_id, k.wrapped FROM object_key k JOIN evidence e ON e.object_id = k.object_id
      WHERE e.original_name = 'carta.txt'`),
    keyRow,
  );
  await vault.close();
  await bench.unlock();
  return { object: Buffer.from(row.object_id).toString('hex'), wrapped: Buffer.from(row.wrapped) };
};

test('deleting takes the key out of every page, log and journal, the file off the disk, the words out of the index', async () => {
  const bench = await begin();
  const id = await take(bench, 'carta.txt', `Carta de ${CANARY} a la asamblea.`);
  await take(bench, 'otra.txt', 'Otra carta.');
  const { object, wrapped } = await keyOf(bench);
  const key = await databaseKey(bench.ports, bench.vaultFolder);
  // The control: the same scan finds the key, and the words, before.
  expect(allPages(bench.vaultFolder, key).includes(wrapped)).toBe(true);
  expect(allPages(bench.vaultFolder, key).includes(Buffer.from(CANARY))).toBe(true);
  expect(objectFiles(bench.vaultFolder)).toContain(object);

  expect(await code(bench.call('evidence.delete', { evidenceId: id, ...why, typed: 'no' }))).toBe(
    'erasure.notConfirmed',
  );
  const preview = await bench.call('evidence.deletePreview', { evidenceId: id });
  expect(preview).toMatchObject({ consents: 0, incidents: 0, disclosures: [], backups: [] });
  const done = await bench.call('evidence.delete', { evidenceId: id, ...why });
  expect(done.removed).toBe(true);

  const pages = allPages(bench.vaultFolder, key);
  expect(pages.includes(wrapped)).toBe(false);
  expect(pages.includes(Buffer.from(CANARY))).toBe(false);
  expect(objectFiles(bench.vaultFolder)).not.toContain(object);
  expect(objectFiles(bench.vaultFolder)).toHaveLength(1);

  // What stays: the record, its custody with the end, and no content.
  const found = await bench.call('evidence.get', { id });
  expect(found.custody.map((entry) => entry.action)).toEqual(['received', 'destroyed']);
  expect(found.text).toBe('');
  expect((await bench.call('evidence.list', {})).rows.map((row) => row.id)).not.toContain(id);
  expect((await bench.call('search.everything', { text: CANARY })).hits).toEqual([]);
  for (const work of [
    () => bench.call('evidence.verify', { id }),
    () => bench.call('evidence.picture', { id }),
    () => bench.call('evidence.amend', { id, version: found.version, changes: { note: 'x' } }),
    () => bench.call('evidence.delete', { evidenceId: id, ...why }),
  ])
    expect(await code(work())).toBe('evidence.deleted');

  const check = await bench.call('vault.check', {});
  expect(check.findings).toEqual([]);
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  expect(indexedWords(vault)).not.toContain(CANARY.toLowerCase());
  expect(everyCell(vault).filter((cell) => cell.text.includes(wrapped.toString('latin1')))).toEqual([]);
  const entry = everyCell(vault).filter(
    (cell) => cell.table === 'journal_payload' && cell.text.includes(object),
  );
  expect(entry.length).toBeGreaterThan(0);
  await vault.close();
});

test('a crash after the key went and before the file did is finished at the next start', async () => {
  const real = createNodeDisk();
  let broken = true;
  const disk: Disk = {
    ...real,
    remove: (path) =>
      broken && path.includes('/objects/') && !path.includes('.tmp')
        ? Promise.reject(Object.assign(new Error('gone'), { code: 'EIO' }))
        : real.remove(path),
  };
  const bench = await begin(disk);
  const id = await take(bench, 'carta.txt', `Carta de ${CANARY}.`);
  const { object } = await keyOf(bench);
  const done = await bench.call('evidence.delete', { evidenceId: id, ...why });
  expect(done.removed).toBe(false);
  expect(objectFiles(bench.vaultFolder)).toContain(object);
  // As a power cut leaves it: the folder as it is now, opened by a program that knows nothing.
  const after = new Bench();
  benches.push(after);
  cpSync(bench.vaultFolder, after.vaultFolder, { recursive: true });
  await after.unlock();
  await expect
    .poll(() => existsSync(join(after.vaultFolder, 'objects', object.slice(0, 2), object)), {
      timeout: 5_000,
    })
    .toBe(false);
  expect((await after.call('vault.check', {})).findings).toEqual([]);
  broken = false;
});

test('an item that a consent rests on stays until the consent rests on something else', async () => {
  const bench = await begin();
  const id = await take(bench, 'carta.txt', 'Consentimiento grabado.');
  const opened = await bench.call('cases.open', {
    title: 'Agua',
    state: 'active',
    summary: '',
    openedDay: '2026-01-10',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });
  const person = await bench.call('persons.record', { name: 'Berta Olvera' });
  await bench.call('consents.record', {
    caseId: opened.id,
    personId: person.id,
    recipientClass: 'iachr',
    answer: 'given',
    toBody: true,
    evidenceId: id,
  });
  expect(await code(bench.call('evidence.delete', { evidenceId: id, ...why }))).toBe('evidence.inUse');
  expect((await bench.call('evidence.verify', { id })).ok).toBe(true);
});

test('a key that comes back for a deleted item is named by the check', async () => {
  const bench = await begin();
  const id = await take(bench, 'carta.txt', 'Carta.');
  const { object, wrapped } = await keyOf(bench);
  await bench.call('evidence.delete', { evidenceId: id, ...why });
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  vault.db.connection.run(
    trustedSql('INSERT INTO object_key (object_id, generation, nonce, wrapped) VALUES (?, 1, ?, ?)', [
      Buffer.from(object, 'hex'),
      Buffer.alloc(24),
      wrapped,
    ]),
  );
  await vault.close();
  await bench.unlock();
  const check = await bench.call('vault.check', { objects: 'presence' });
  expect(check.findings).toEqual([{ part: 'objects', code: 'vault.rowTampered', subject: object }]);
});

test('a file that lies there again for a deleted item is named by the check', async () => {
  const bench = await begin();
  const id = await take(bench, 'carta.txt', 'Carta.');
  const { object } = await keyOf(bench);
  const file = join(bench.vaultFolder, 'objects', object.slice(0, 2), object);
  const bytes = readFileSync(file);
  await bench.call('evidence.delete', { evidenceId: id, ...why });
  for (const objects of ['presence', 'content'] as const)
    expect((await bench.call('vault.check', { objects })).findings).toEqual([]);
  writeFileSync(file, bytes);
  for (const objects of ['presence', 'content'] as const)
    expect((await bench.call('vault.check', { objects })).findings).toEqual([
      { part: 'objects', code: 'evidence.fileLeft', subject: object },
    ]);
  // It reports and repairs nothing.
  expect(existsSync(file)).toBe(true);
});

const SEEN = 'tejocote.faro-negro.example';
const SHARED = 'zapote.faro-negro.example';

test('what findings read out of a deleted item goes with it; that there were findings stays, and so do those of other files', async () => {
  const bench = await begin();
  const id = await take(bench, 'carta.txt', `https://${SEEN}/x\nhttps://${SHARED}/x\n`);
  const other = await take(bench, 'otra.txt', `https://${SHARED}/x\n`);
  const set = join(bench.folder, 'faro.stix2');
  writeFileSync(set, STIX(['faro-negro.example']));
  const { id: setId } = await bench.call('indicatorSets.add', {
    target: bench.fileTarget(set),
    day: '2026-09-01',
  });
  const device = await bench.call('devices.record', { kind: 'phone', make: 'Lumina', model: 'L7' });
  const { id: examinationId } = await bench.call('examinations.record', {
    deviceId: device.id,
    basis: 'owner',
    evidence: [id, other].map((evidenceId) => ({ role: 'results' as const, evidenceId })),
    sets: [setId],
  });
  await bench.call('examinations.match', { id: examinationId });
  const list = async () => (await bench.call('findings.list', { examinationId })).rows;
  const search = async (text: string) => (await bench.call('search.everything', { text })).hits.length;
  const before = await list();
  expect(before).toHaveLength(3);
  // The control: the words are in cells and in the index, outside the item itself.
  expect(await search('tejocote')).toBe(2);
  const key = await databaseKey(bench.ports, bench.vaultFolder);

  await bench.call('evidence.delete', { evidenceId: id, ...why, notOf: [] });

  expect(await search('tejocote')).toBe(0);
  // Of the other item, and of its examination.
  expect(await search('zapote')).toBe(2);
  const after = await list();
  expect(after.map((row) => [row.id, row.module, row.level])).toEqual(
    before.map((row) => [row.id, row.module, row.level]),
  );
  const emptied = after.filter((row) => row.observed === '');
  expect(emptied.map(({ hits }) => hits)).toEqual([[], []]);
  // Digests of intact runs follow; nothing looks tampered with.
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
  expect(allPages(bench.vaultFolder, key).includes(Buffer.from('tejocote'))).toBe(false);
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  expect(everyCell(vault).filter((cell) => cell.text.includes('tejocote'))).toEqual([]);
  expect(indexedWords(vault)).not.toContain('tejocote');
  await vault.close();
});

test('a run that somebody altered goes on saying so after its item was deleted', async () => {
  const bench = await begin();
  const id = await take(bench, 'carta.txt', `https://${SEEN}/x\n`);
  const set = join(bench.folder, 'faro.stix2');
  writeFileSync(set, STIX(['faro-negro.example']));
  const { id: setId } = await bench.call('indicatorSets.add', {
    target: bench.fileTarget(set),
    day: '2026-09-01',
  });
  const device = await bench.call('devices.record', { kind: 'phone', make: 'Lumina', model: 'L7' });
  const examination = await bench.call('examinations.record', {
    deviceId: device.id,
    basis: 'owner',
    evidence: [{ role: 'results', evidenceId: id }],
    sets: [setId],
  });
  await bench.call('examinations.match', { id: examination.id });
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  vault.db.connection.run(trustedSql('UPDATE finding SET level = 0'));
  await vault.close();
  await bench.unlock();
  const codes = async () => (await bench.call('vault.check', {})).findings.map((one) => one.code);
  const tampered = await codes();
  expect(tampered).toHaveLength(1);
  await bench.call('evidence.delete', { evidenceId: id, ...why, notOf: [] });
  expect(await codes()).toEqual(tampered);
});
