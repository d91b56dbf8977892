import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { targetIdSchema, type CaseId, type EvidenceId } from '#shared/model/ids.ts';
import type { DeviceId, ExaminationId } from '#shared/model/surveillance-ids.ts';
import { everyCell, openDirectly } from '../support/stored-text.ts';
import { Examiner } from './examined-device.ts';
import { code } from './export-case.ts';
import { Bench } from './harness.ts';

/* Results of another phone came into an examination, were compared and are deleted: what may be said afterwards. */

const why = { reason: 'carpeta equivocada', legalBasis: 'llegó por error', typed: 'borrar' };

let bench: Bench;
let caseId: CaseId;
beforeEach(async () => {
  bench = await new Bench().create();
  const examiner = new Examiner(bench, bench.folder);
  caseId = await examiner.openCase('Agua');
  await examiner.addSet('Faro', ['faro-negro.example']);
});
afterEach(() => bench.end());

const deviceOf = async (model: string): Promise<DeviceId> =>
  (await bench.call('devices.record', { caseId, kind: 'phone', make: 'Lumina', model })).id;
const examinationOf = async (deviceId: DeviceId): Promise<ExaminationId> =>
  (await bench.call('examinations.record', { deviceId, basis: 'owner' })).id;

/** Imports a folder of results in which these links were visited. */
const bring = async (examinationId: ExaminationId, ...urls: readonly string[]): Promise<EvidenceId> => {
  const path = join(bench.folder, urls.join('-').replaceAll(/\W/gu, ''));
  // The same folder again gives the very same bytes.
  if (!existsSync(path)) {
    mkdirSync(path);
    writeFileSync(join(path, 'safari_history.json'), JSON.stringify(urls.map((url, id) => ({ url, id }))));
    writeFileSync(join(path, 'info.json'), '{"mvt_version":"2.6.1","date":"","hashes":[]}');
  }
  const source = targetIdSchema.parse(bench.ports.random.bytes(16).toString('hex'));
  bench.core.grant({ id: source, kind: 'folder', path, name: 'resultados', sizeBytes: 0 });
  return (await bench.call('imports.phone', { examinationId, source })).evidenceId;
};

const remove = (evidenceId: EvidenceId, notOf: readonly DeviceId[]): Promise<unknown> =>
  bench.call('evidence.delete', { evidenceId, ...why, notOf: [...notOf] });
const shown = (id: ExaminationId) => bench.call('examinations.get', { id });
const sound = async (): Promise<void> => {
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
};

/** What a document for whoever examines says of the devices of the case. */
const summary = async (): Promise<string> => {
  const { id } = await bench.call('exports.prepare', {
    caseId,
    profile: 'forensic-summary',
    recipient: 'Laboratorio Cenit',
    purpose: '',
    language: 'es',
  });
  return JSON.stringify((await bench.call('exports.view', { id })).sections);
};

test('results that were not of the device leave it not compared, in the vault and in what leaves', async () => {
  const device = await deviceOf('L7');
  const id = await examinationOf(device);
  const wrong = await bring(id, 'https://b.example/');
  expect((await shown(id)).outcome).toBe('noSignsSoFar');
  expect(await summary()).toContain('Sin indicios con los indicadores');

  expect((await bench.call('evidence.deletePreview', { evidenceId: wrong })).compared).toEqual([
    { deviceId: device, device: 'Lumina L7', kind: 'phone' },
  ]);
  // Nobody deletes them without an answer, or with one about a device that has nothing to do with them.
  expect(await code(bench.call('evidence.delete', { evidenceId: wrong, ...why }))).toBe('evidence.sayWhose');
  expect(await code(remove(wrong, [await deviceOf('L9')]))).toBe('record.notFound');
  await remove(wrong, [device]);

  const after = await shown(id);
  expect(after.outcome).toBe('notMatched');
  expect((await bench.call('examinations.list', { deviceId: device })).rows[0]?.outcome).toBe('notMatched');
  // Kept for the record, as what it was.
  expect(after.runs).toMatchObject([{ evidenceId: wrong, records: 1, withdrawn: true }]);
  const text = await summary();
  expect(text).toContain('Todavía no se ha comparado con ningún conjunto de indicadores');
  expect(text).not.toContain('Sin indicios');
  await sound();

  await bring(id, 'https://c.example/');
  expect((await shown(id)).outcome).toBe('noSignsSoFar');
  await sound();
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const entries = everyCell(vault).filter(
    ({ table, text: cell }) => table === 'journal_payload' && cell.includes('"withdrawn"'),
  );
  expect(entries.map(({ text: cell }) => cell)).toEqual([expect.stringContaining(device)]);
  await vault.close();
});

test('an honest comparison keeps its sentence although the copy is deleted', async () => {
  const id = await examinationOf(await deviceOf('L7'));
  const own = await bring(id, 'https://b.example/');
  await remove(own, []);
  expect(await shown(id)).toMatchObject({ outcome: 'noSignsSoFar', runs: [{ withdrawn: false }] });
  expect(await summary()).toContain('Sin indicios con los indicadores');
  await sound();
});

test('findings in them count no more anywhere, whatever a person had judged; those of the device stay', async () => {
  const device = await deviceOf('L7');
  const id = await examinationOf(device);
  const wrong = await bring(id, 'https://ajeno.faro-negro.example/', 'https://otro.faro-negro.example/');
  const own = await bring(id, 'https://propio.faro-negro.example/');
  const list = async () =>
    (await bench.call('findings.list', { examinationId: id, sort: 'time' })).rows.map((row) => row.observed);
  const first = (await bench.call('findings.list', { examinationId: id })).rows.find((row) =>
    row.observed.includes('ajeno'),
  );
  if (first === undefined) throw new Error('the sample has a finding');
  await bench.call('findings.review', {
    ids: [first.id],
    state: 'confirmed',
    confirmedBy: 'Laboratorio Cenit',
  });
  expect(await list()).toHaveLength(3);
  expect((await shown(id)).outcome).toBe('confirmed');

  await remove(wrong, [device]);
  expect(await list()).toEqual(['hxxps://propio[.]faro-negro[.]example/']);
  expect(await shown(id)).toMatchObject({
    outcome: 'toReview',
    counts: { total: 1, toReview: 1, confirmed: 0 },
  });
  const pages = [
    await bench.call('findings.across', {}),
    await bench.call('findings.facets', {}),
    await bench.call('devices.list', {}),
  ] as const;
  expect(pages[0].total).toBe(1);
  expect(pages[1].counts).toMatchObject({ total: 1, confirmed: 0 });
  expect(pages[2].rows.map((row) => row.findingsToReview)).toEqual([1]);
  const lane = await bench.call('timeline.ofDevice', { deviceId: device });
  expect(JSON.stringify(lane).match(/"finding"/gu)).toHaveLength(1);
  expect(await summary()).not.toMatch(/confirmados?: [1-9]|ajeno|otro\[/u);
  // The rows stay, emptied: what somebody decided about them is part of the record.
  const kept = await bench.call('findings.get', { id: first.id });
  expect([kept.observed, kept.state]).toEqual(['', 'confirmed']);
  await sound();

  // The rest as any deletion: that there were findings of this device goes on counting.
  await remove(own, []);
  expect((await shown(id)).counts.total).toBe(1);
  await sound();
});

test('what was said of the bytes holds for every copy of them, until somebody brings them in anew', async () => {
  const device = await deviceOf('L7');
  const id = await examinationOf(device);
  const url = 'https://faro-negro.example/';
  const copies = [await bring(id, url), await bring(id, url)] as const;
  await remove(copies[0], [device]);
  expect(await shown(id)).toMatchObject({ outcome: 'notMatched', counts: { total: 0 } });
  // Comparing again what is tied to the examination does not bring the other copy back in.
  expect(await code(bench.call('findings.rematch', { examinationId: id }))).toBe('evidence.deleted');
  expect(await code(bench.call('examinations.match', { id }))).toBe('evidence.deleted');
  expect((await shown(id)).outcome).toBe('notMatched');
  await bring(id, url);
  expect(await shown(id)).toMatchObject({ outcome: 'toReview', counts: { total: 1 } });
  await sound();
});

test('a copy that nobody had compared does not bring the comparison back either', async () => {
  const device = await deviceOf('L7');
  // Both came in with another device: here only one of them is compared.
  const aside = await examinationOf(await deviceOf('L8'));
  const first = await bring(aside, 'https://b.example/');
  const second = await bring(aside, 'https://b.example/');
  const evidence = [first, second].map((evidenceId) => ({ role: 'results' as const, evidenceId }));
  const { id } = await bench.call('examinations.record', { deviceId: device, basis: 'owner', evidence });
  await bench.call('findings.rematch', { examinationId: id, evidenceId: first });
  expect((await shown(id)).outcome).toBe('noSignsSoFar');
  await remove(first, [device]);
  expect(await code(bench.call('findings.rematch', { examinationId: id }))).toBe('evidence.deleted');
  expect((await shown(id)).outcome).toBe('notMatched');
  await bring(id, 'https://b.example/');
  await bench.call('findings.rematch', { examinationId: id });
  await sound();
});

test('of a file in the examinations of two devices only the one that is named loses its comparison', async () => {
  const [right, other] = [await deviceOf('L7'), await deviceOf('L8')];
  const id = await examinationOf(right);
  const file = await bring(id, 'https://b.example/');
  const { id: mistaken } = await bench.call('examinations.record', {
    deviceId: other,
    basis: 'owner',
    evidence: [{ role: 'results', evidenceId: file }],
  });
  await bench.call('findings.rematch', { examinationId: mistaken });
  expect((await shown(mistaken)).outcome).toBe('noSignsSoFar');
  await remove(file, [other]);
  expect((await shown(mistaken)).outcome).toBe('notMatched');
  expect((await shown(id)).outcome).toBe('noSignsSoFar');
  await sound();
});

test('after a wrong import the results of the device are compared again, not what is gone', async () => {
  const device = await deviceOf('L7');
  const id = await examinationOf(device);
  const own = await bring(id, 'https://b.example/');
  await remove(await bring(id, 'https://c.example/'), [device]);
  expect((await bench.call('findings.rematch', { examinationId: id })).evidenceId).toBe(own);
});
