import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import type { ProfileId } from '#shared/contract/exports.ts';
import type { ExportId } from '#shared/model/ids.ts';
import { rewriteFindings } from '../support/rewrite-findings.ts';
import { Case, filesIn, unzip } from './export-case.ts';
import { Examiner, type ExaminedDevice } from './examined-device.ts';
import { Bench } from './harness.ts';
import { codeOf } from './stix-sample.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const INTACT = 'luz-verde[.]example';

let bench: Bench;
let folder: string;
let file: Case;
let altered: ExaminedDevice;
/** The other device of the same case, which nobody touches. */
let intact: Pick<ExaminedDevice, 'deviceId' | 'examinationId'>;

const confirm = async (examinationId: ExaminedDevice['examinationId']): Promise<void> => {
  const { rows } = await bench.call('findings.list', { examinationId });
  await bench.call('findings.review', {
    ids: rows.map(({ id }) => id),
    state: 'confirmed',
    confirmedBy: 'Laboratorio Cenit',
  });
};

const rewrite = async (observed: string): Promise<void> => {
  await bench.call('vault.lock', {});
  await rewriteFindings(bench.ports, bench.vaultFolder, altered.examinationId, observed);
  await bench.unlock();
};
const OBSERVED = 'https://faro-negro.example/cita-1';
const alter = (): Promise<void> => rewrite('https://inventada.example/otra');
const repair = (): Promise<void> => rewrite(OBSERVED);

const prepare = async (
  profile: ProfileId,
  recipient: string,
  language: 'es' | 'en' = 'es',
): Promise<ExportId> =>
  (
    await bench.call('exports.prepare', {
      caseId: file.caseId,
      profile,
      recipient,
      purpose: '',
      language,
    })
  ).id;

const leaveOut = (id: ExportId, examinationId = altered.examinationId, leftOut = true) =>
  bench.call('exports.leaveOutExamination', { id, examinationId, leftOut });

/** Decides, checks and reads all that is in the way. */
const check = async (id: ExportId, form: 'filing' | 'package' = 'package'): Promise<void> => {
  await file.decideAll(id);
  await bench.call('exports.check', { id, form });
  await file.judgeAll(id);
  await bench.call('exports.confirmInventory', { id });
};

const deliver = async (
  id: ExportId,
  name: string,
): Promise<{ done: CallOutput<'exports.release'>; text: string }> => {
  await check(id);
  const out = join(folder, name);
  const done = await file.release(id, out, 'package');
  const inside = join(folder, `${name}-inside`);
  mkdirSync(inside);
  unzip(filesIn(out)[0] ?? '', inside);
  const bag = join(inside, readdirSync(inside)[0] ?? '');
  return { done, text: readFileSync(join(bag, 'data/filing.txt'), 'utf8') };
};

beforeAll(async () => {
  bench = await new Bench().create();
  folder = mkdtempSync(join(tmpdir(), 'altered-findings-'));
  const examiner = new Examiner(bench, folder);
  await examiner.addSet('Faro', ['faro-negro.example', 'luz-verde.example']);
  altered = await examiner.examined('Radio', 'Maricela Xochimitl Olmedo', 'iPhone 12', `${OBSERVED}\n`);
  const { caseId, ownerId } = altered;
  intact = await examiner.examinedOf(caseId, ownerId, 'iPhone 15', 'https://luz-verde.example/b\n');
  await confirm(altered.examinationId);
  await confirm(intact.examinationId);
  await bench.call('incidents.record', {
    caseId,
    title: 'Mensaje con enlace',
    happened: { kind: 'day', day: '2026-03-02' },
    narrative: 'Llegó un mensaje con un enlace.',
  });
  file = new Case(bench);
  file.caseId = caseId;
  await file.consent(ownerId, 'given', true);
});
afterAll(async () => {
  await bench.end();
  rmSync(folder, { recursive: true, force: true });
});

describe('an export of a case in which somebody altered a finding', () => {
  beforeEach(async () => {
    await alter();
  });

  test('opens, names the examination and what is kept, tells nothing of it, and does not leave', async () => {
    const id = await prepare('forensic-summary', 'Laboratorio Uno');
    const view = await bench.call('exports.view', { id });
    expect(view.digital.altered).toEqual([
      {
        examinationId: altered.examinationId,
        device: 'Apple iPhone 12',
        deviceKind: 'phone',
        comparedAt: [expect.stringMatching(/^20\d\d-/u)],
        findings: 1,
        leftOut: false,
      },
    ]);
    const told = JSON.stringify(view.sections);
    expect(told).toContain(INTACT);
    expect(told).not.toMatch(/faro-negro|inventada|iPhone 12/u);
    await file.decideAll(id);
    for (const form of ['filing', 'package'] as const)
      expect(await codeOf(bench.call('exports.check', { id, form }))).toBe('finding.altered');
  });

  test.each([
    ['es', 'Un examen de este dispositivo no se incluye'],
    ['en', 'One examination of this device is not included'],
  ] as const)('goes on without it where somebody says so: %s', async (language, words) => {
    const id = await prepare('forensic-summary', `Laboratorio ${language}`, language);
    await leaveOut(id);
    expect((await bench.call('exports.view', { id })).digital.altered[0]?.leftOut).toBe(true);
    const { done, text } = await deliver(id, `lab-${language}`);
    expect(text.replaceAll(/\s+/gu, ' ')).toContain(words);
    expect(text).toContain(INTACT);
    expect(text).not.toMatch(/faro-negro|inventada/u);
    expect(done.leftOut).toMatchObject([{ examinationId: altered.examinationId, device: 'Apple iPhone 12' }]);
    const { rows } = await bench.call('exports.ledger', {});
    expect(rows.find((row) => row.id === done.ledgerId)?.leftOut).toBe(1);
    for (const path of filesIn(join(folder, `lab-${language}-inside`)))
      expect(readFileSync(path).includes('faro-negro.example')).toBe(false);
  });

  test.each([
    ['es', 'no coinciden con su registro firmado: 1.'],
    ['en', 'do not agree with their signed record: 1.'],
  ] as const)(
    'where only indicators go the document says how many are missing: %s',
    async (language, words) => {
      const id = await prepare('forensic-summary', `Laboratorio de indicadores ${language}`, language);
      await bench.call('exports.takeDigital', { id, findings: false, indicators: true });
      await leaveOut(id);
      const name = `indicators-${language}`;
      const { done, text } = await deliver(id, name);
      expect(done.leftOut).toMatchObject([{ examinationId: altered.examinationId }]);
      expect(text.replaceAll(/\s+/gu, ' ')).toContain(words);
      expect(text).not.toMatch(/iPhone|faro-negro|inventada/u);
      const bundle = filesIn(join(folder, `${name}-inside`)).find((path) =>
        path.endsWith('indicators.stix2.json'),
      );
      const indicators = readFileSync(bundle ?? '', 'utf8');
      expect(indicators).toContain('luz-verde.example');
      expect(indicators).not.toMatch(/faro-negro|inventada/u);
    },
  );

  test('where only judged findings are told it stops, and the document reads as if it were not there', async () => {
    const id = await prepare('iachr-precautionary', 'CIDH');
    await file.decideAll(id);
    expect(await codeOf(bench.call('exports.check', { id, form: 'filing' }))).toBe('finding.altered');
    await leaveOut(id);
    const view = await bench.call('exports.view', { id });
    expect(view.digital.altered[0]?.leftOut).toBe(true);
    const digital = JSON.stringify(view.sections.find((one) => one.id === 'digital'));
    expect(digital).toContain('iPhone 15');
    expect(digital).not.toMatch(/iPhone 12|registro firmado|no se incluye/u);
    await bench.call('exports.takeDigital', { id, findings: false, indicators: true });
    const without = await bench.call('exports.view', { id });
    expect(JSON.stringify(without.sections)).not.toMatch(/iPhone|registro firmado|no se incluye/u);
    expect(without.digital.altered[0]?.leftOut).toBe(true);
  });

  test('the public hears nothing of it, and is not stopped by what it would not be told', async () => {
    const id = await prepare('public', 'Prensa');
    expect((await bench.call('exports.view', { id })).digital.altered).toEqual([]);
  });

  test('only what was altered can be left out; taken back it stops again', async () => {
    const id = await prepare('forensic-summary', 'Laboratorio Dos');
    expect(await codeOf(leaveOut(id, intact.examinationId))).toBe('record.notFound');
    await leaveOut(id);
    await check(id, 'filing');
    await leaveOut(id, altered.examinationId, false);
    expect((await bench.call('exports.view', { id })).report).toBeNull();
    expect(await codeOf(bench.call('exports.check', { id, form: 'filing' }))).toBe('finding.altered');
  });

  test('leaving out all digital evidence still needs no decision', async () => {
    const id = await prepare('iachr-precautionary', 'CIDH sin lo digital');
    await bench.call('exports.takeDigital', { id, findings: false, indicators: false });
    expect((await bench.call('exports.view', { id })).digital.altered).toEqual([]);
    await check(id, 'filing');
  });
});

describe('a finding altered between two steps', () => {
  test('after the check: nothing is written', async () => {
    await repair();
    const id = await prepare('forensic-summary', 'Laboratorio Tres');
    expect((await bench.call('exports.view', { id })).digital.altered).toEqual([]);
    await check(id);
    await alter();
    const out = join(folder, 'nothing');
    expect(await codeOf(file.release(id, out, 'package'))).toBe('finding.altered');
    expect(filesIn(out)).toEqual([]);
  });

  test('put back after it was left out: what comes back was decided about by nobody', async () => {
    await alter();
    const id = await prepare('forensic-summary', 'Laboratorio Cuatro');
    await leaveOut(id);
    await check(id);
    await repair();
    const out = join(folder, 'changed');
    expect(await codeOf(file.release(id, out, 'package'))).toBe('export.pendingDecisions');
    expect(filesIn(out)).toEqual([]);
  });
});

describe('a timeline in which somebody altered a finding', () => {
  const leave = (
    name: string,
    format: 'pdf' | 'csv' | 'svg',
    more: Partial<Parameters<typeof bench.call<'timeline.export'>>[1]> = {},
  ) =>
    bench.call('timeline.export', {
      of: { view: 'case', caseId: file.caseId },
      format,
      recipient: 'Taller de análisis',
      target: bench.outTarget('targetFile', join(folder, name)),
      ...more,
    });

  beforeAll(async () => {
    await alter();
  });

  test.each(['pdf', 'csv', 'svg'] as const)(
    'stops as %s, in each of its views, and writes nothing',
    async (format) => {
      for (const [view, of] of [
        ['case', { view: 'case', caseId: file.caseId }],
        ['device', { view: 'device', deviceId: altered.deviceId }],
        ['near', { view: 'patterns', caseId: file.caseId, days: 7 }],
      ] as const) {
        const name = `${view}.${format}`;
        expect(await codeOf(leave(name, format, { of }))).toBe('finding.altered');
        expect(existsSync(join(folder, name))).toBe(false);
      }
      const { rows } = await bench.call('surveillance.outputs', { caseId: file.caseId });
      expect(rows.filter((row) => row.kind === 'timeline')).toEqual([]);
    },
  );

  test('of a device that nobody touched it leaves, and of the case without what was found', async () => {
    const ofDevice = await leave('other.csv', 'csv', {
      of: { view: 'device', deviceId: intact.deviceId },
    });
    expect(ofDevice.entries).toBeGreaterThan(0);
    const kinds = ['incident', 'evidence', 'custody'] as const;
    await leave('without.csv', 'csv', { kinds: [...kinds] });
    const csv = readFileSync(join(folder, 'without.csv'), 'utf8');
    expect(csv).toContain('2026-03-02');
    expect(csv).not.toMatch(/hallazgo/iu);
    for (const told of ['finding', 'examination'] as const)
      expect(await codeOf(leave('no.csv', 'csv', { kinds: [...kinds, told] }))).toBe('finding.altered');
  });
});
