import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { targetIdSchema, type EvidenceId } from '#shared/model/ids.ts';
import type { DeviceId, ExaminationId } from '#shared/model/surveillance-ids.ts';
import { back, freshBench, loseVault, openCase, restoreInput } from './backup-bench.ts';
import { Examiner } from './examined-device.ts';
import type { Bench } from './harness.ts';
import { planWithout } from './restoring.ts';

/* Results of another phone were deleted after a copy was made, which is brought back. */

let bench: Bench;
let deviceId: DeviceId;
let examinationId: ExaminationId;
beforeEach(async () => {
  bench = await freshBench();
  const { id: caseId } = await openCase('W-1');
  await new Examiner(bench, bench.folder).addSet('Faro', ['faro-negro.example']);
  deviceId = (await bench.call('devices.record', { caseId, kind: 'phone', make: 'Lumina', model: 'L7' })).id;
  examinationId = (await bench.call('examinations.record', { deviceId, basis: 'owner' })).id;
});
afterEach(() => bench.end());

const bring = async (url: string): Promise<EvidenceId> => {
  const path = join(bench.folder, url.replaceAll(/\W/gu, ''));
  // The same folder again gives the very same bytes.
  if (!existsSync(path)) {
    mkdirSync(path);
    writeFileSync(join(path, 'safari_history.json'), JSON.stringify([{ url, id: 0 }]));
    writeFileSync(join(path, 'info.json'), '{"mvt_version":"2.6.1","date":"","hashes":[]}');
  }
  const source = targetIdSchema.parse(bench.ports.random.bytes(16).toString('hex'));
  bench.core.grant({ id: source, kind: 'folder', path, name: 'resultados', sizeBytes: 0 });
  return (await bench.call('imports.phone', { examinationId, source })).evidenceId;
};
const remove = (evidenceId: EvidenceId, notOf = [deviceId]): Promise<unknown> =>
  bench.call('evidence.delete', {
    ...{ evidenceId, reason: 'carpeta equivocada', legalBasis: 'llegó por error', typed: 'borrar' },
    notOf,
  });
const outcome = async () => (await bench.call('examinations.get', { id: examinationId })).outcome;
const restore = async (): Promise<void> => {
  const { order } = await planWithout(bench, { ...restoreInput(), newer: await loseVault() });
  await bench.call('backup.restore', order);
  await bench.unlock();
};
const sound = async (): Promise<void> => {
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
};

test('a comparison that was withdrawn since says nothing in what is brought back', async () => {
  const wrong = await bring('https://b.example/');
  await back();
  await remove(wrong);
  expect(await outcome()).toBe('notMatched');
  await restore();
  expect(await outcome()).toBe('notMatched');
  await sound();
});

test('nor do its findings, which are empty there as well', async () => {
  const wrong = await bring('https://ajeno.faro-negro.example/');
  await back();
  await remove(wrong);
  await restore();
  expect(await outcome()).toBe('notMatched');
  await sound();
});

test('of results that were of the device the findings are empty as well, and their pass is no altered one', async () => {
  const own = await bring('https://propio.faro-negro.example/');
  await back();
  await remove(own, []);
  await restore();
  expect((await bench.call('findings.list', { examinationId })).rows.map((row) => row.observed)).toEqual([
    '',
  ]);
  expect((await bench.call('search.everything', { text: 'propio' })).hits).toEqual([]);
  await sound();
});

test('what was said of a later copy holds for the one that was there before', async () => {
  await bring('https://b.example/');
  await back();
  await remove(await bring('https://b.example/'));
  await restore();
  expect(await outcome()).toBe('notMatched');
  await sound();
});

test('results that came and went after the copy are no obstacle', async () => {
  await bring('https://b.example/');
  await back();
  await remove(await bring('https://c.example/'));
  await restore();
  expect(await outcome()).toBe('noSignsSoFar');
  await sound();
});
