import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
import type { ExportId, PersonId } from '#shared/model/ids.ts';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { describeWith, run } from '../interop/outside-command.ts';
import { Case, code, DEFENDER, filesIn, SECRETS, unzip } from './export-case.ts';
import { Bench } from './harness.ts';
import { STIX } from './stix-sample.ts';

vi.setConfig({ testTimeout: 300_000 });

/** An address made for one person: the last part names whose telephone it was sent to. */
const OBSERVED = 'cita-7741-xoch';
const IMEI = '350000000000017';
const LAB = 'Laboratorio Cenit';

let bench: Bench;
let file: Case;
let examination: ExaminationId;
let relative: PersonId;

const put = (name: string, text: string): string => {
  const path = join(bench.folder, name);
  writeFileSync(path, text);
  return path;
};

/** A device of somebody in the case, compared with one set; every link in it coincides. */
const examined = async (
  owner: PersonId | null,
  tag: string,
  links: readonly string[],
  ownerWords = '',
): Promise<ExaminationId> => {
  const { id: deviceId } = await bench.call('devices.record', {
    caseId: file.caseId,
    ownerId: owner,
    ownerWords,
    kind: 'phone',
    make: 'Lumina',
    model: tag,
    identifiers: [{ kind: 'imei', value: IMEI }],
  });
  const results = await bench.call('evidence.take', {
    source: bench.fileTarget(put(`${tag}.txt`, `${links.join('\n')}\n`)),
    caseId: file.caseId,
  });
  const { id } = await bench.call('examinations.record', {
    deviceId,
    basis: 'owner',
    basisWords: 'lo pidió ella en su casa de Piedra Honda',
    method: 'itunesBackup',
    tool: 'mvt',
    toolVersion: '2.6.1',
    examiner: 'Pablo Ocote Ruelas',
    organisation: LAB,
    evidence: [{ role: 'results', evidenceId: results.id }],
  });
  await bench.call('examinations.match', { id });
  return id;
};

const judge = async (
  id: ExaminationId,
  part: string,
  review: Partial<CallInput<'findings.review'>>,
): Promise<void> => {
  const { rows } = await bench.call('findings.list', { examinationId: id });
  const ids = rows.filter((row) => row.observed.includes(part)).map((row) => row.id);
  expect(ids).not.toEqual([]);
  await bench.call('findings.review', { ids, state: 'confirmed', ...review });
};

beforeAll(async () => {
  bench = await new Bench().create();
  file = await new Case(bench).build();
  await file.consent(file.defender, 'given', true);
  await file.consent(file.witness, 'refused', false);
  relative = await file.record({ name: 'Eulalia Prado Montiel' });
  await bench.call('cases.addPerson', {
    caseId: file.caseId,
    personId: relative,
    roles: ['relative'],
    relation: '',
    reserved: false,
  });
  await bench.call('indicatorSets.add', {
    target: bench.fileTarget(
      put(
        'faro.stix2',
        STIX(['faro-negro.example', 'luz.example', 'nube.example', 'mari.encino.example', 'tercera.example']),
      ),
    ),
    day: '2026-04-01',
  });
  examination = await examined(file.defender, 'L7', [
    `https://faro-negro.example/${OBSERVED}`,
    'https://luz.example/portada',
    'https://nube.example/por-ver',
    'https://mari.encino.example/a',
  ]);
  await judge(examination, 'faro-negro', { confirmedBy: LAB });
  await judge(examination, 'mari', { confirmedBy: LAB });
  await judge(examination, 'luz', { state: 'falsePositive', reason: 'portal de noticias' });
  await judge(await examined(relative, 'R2', ['https://nube.example/r']), 'nube', { confirmedBy: LAB });
});
afterAll(async () => {
  await bench.end();
});

const sectionText = async (id: ExportId, section: string): Promise<string> => {
  const view = await bench.call('exports.view', { id });
  return JSON.stringify(view.sections.find((one) => one.id === section)?.blocks ?? []);
};

/** Decides, checks, reads and releases; gives the folder of the bag. */
const deliver = async (
  id: ExportId,
  name: string,
): Promise<{ bag: string; key: string | null; archive: string }> => {
  await file.decideAll(id);
  const { report } = await bench.call('exports.check', { id, form: 'package' });
  expect({
    undecoded: report.undecoded,
    outside: report.outsideAllowList,
    final: report.hits.filter((hit) => !hit.adjudicable),
  }).toEqual({ undecoded: [], outside: [], final: [] });
  expect(report.inventory.map(({ text }) => text)).not.toEqual(expect.arrayContaining(['NUMPAGES']));
  await file.judgeAll(id);
  await bench.call('exports.confirmInventory', { id });
  const out = join(bench.folder, name);
  const { publicKey } = await file.release(id, out, 'package');
  const [archive = ''] = filesIn(out);
  const inside = join(bench.folder, `${name}-inside`);
  mkdirSync(inside);
  unzip(archive, inside);
  return { bag: join(inside, readdirSync(inside)[0] ?? ''), key: publicKey, archive };
};

test('a filing that the State reads tells what was judged, by the published indicator, and nothing observed', async () => {
  const id = await file.prepare('CIDH');
  const text = await sectionText(id, 'digital');
  expect(text).toContain('faro-negro[.]example');
  expect(text).toContain('Hallazgos que una persona revisó y confirmó: 2.');
  expect(text).toContain(LAB);
  for (const absent of [
    OBSERVED,
    'luz[.]',
    'portada',
    'por-ver',
    'noticias',
    'Pablo Ocote',
    'se indica en cada uno',
    'Piedra Honda',
    IMEI,
  ])
    expect(text).not.toContain(absent);
  expect((await bench.call('exports.view', { id })).digital).toEqual({
    findings: true,
    indicators: false,
    indicatorsOffered: true,
    devices: 2,
    withheld: 0,
    altered: [],
  });
  await bench.call('exports.takeDigital', { id, findings: false, indicators: false });
  expect(await sectionText(id, 'digital')).toBe('[]');
});

test('whoever refused has her device told of to nobody; the screen says how many stay out', async () => {
  const before = await file.prepare('CIDH antes');
  expect(await sectionText(before, 'digital')).toContain('R2');
  const { id: consent, version } = await file.consent(relative, 'refused', false);
  const id = await file.prepare('CIDH después');
  expect(await sectionText(id, 'digital')).not.toContain('R2');
  expect(await sectionText(id, 'digital')).toContain('L7');
  expect((await bench.call('exports.view', { id })).digital).toMatchObject({ devices: 1, withheld: 1 });
  expect(consent).not.toBe('');
  expect(version).toBeGreaterThan(0);
});

test('a public report has figures alone, only of whoever said yes to the public, and small ones hidden', async () => {
  const id = await file.prepare('Prensa', 'public');
  expect(await sectionText(id, 'surveillance')).toBe('[]');
  expect(await code(bench.call('exports.takeDigital', { id, findings: true, indicators: true }))).toBe(
    'call.invalidInput',
  );
  await file.consent(file.defender, 'given', true, 'publicReport', true);
  const text = await sectionText(await file.prepare('Prensa', 'public'), 'surveillance');
  expect(text).toContain('menos de 3');
  expect(text).not.toMatch(/faro-negro|Lumina|L7|Cenit|2026-/);
});

describeWith(
  ['sha256sum', 'minisign', 'python3'],
  'a package with digital evidence, by other programs',
  () => {
    test('indicators and custody are payload of the bag; hashes, signature and specification hold', async () => {
      const id = await file.prepare('CIDH paquete');
      await bench.call('exports.takeDigital', { id, findings: true, indicators: true });
      await bench.call('exports.treatAnnex', { id, evidenceId: file.picture, treatment: 'reencode' });
      const { bag, key, archive } = await deliver(id, 'cidh');
      const bundle = join(bag, 'data/indicators.stix2.json');
      const custody = join(bag, 'data/custody.csv');
      run('sha256sum', ['-c', '--quiet', 'manifest-sha256.txt'], bag);
      run('sha256sum', ['-c', '--quiet', 'tagmanifest-sha256.txt'], bag);
      execFileSync('minisign', ['-Vm', 'tagmanifest-sha256.txt', '-P', key ?? ''], { cwd: bag });
      const listed = readFileSync(join(bag, 'manifest-sha256.txt'), 'utf8');
      expect(listed).toContain('  data/indicators.stix2.json\n');
      expect(listed).toContain('  data/custody.csv\n');
      expect(run('python3', [join(import.meta.dirname, '../interop/stix_bundle.py'), bundle])).toMatch(
        /^ok \d+/,
      );
      const target = bench.fileTarget(archive);
      expect(await bench.call('exports.verify', { target, publicKey: key ?? '' })).toMatchObject({
        intact: true,
        authentic: true,
        problems: [],
      });
      const text = readFileSync(bundle, 'utf8');
      expect(text).toContain("[domain-name:value = 'faro-negro.example']");
      // An indicator in which an address of hers stands, what was only looked at, and a device whose owner refused.
      for (const absent of ['mari.encino', 'luz.example', 'nube.example', OBSERVED, DEFENDER, 'first_seen'])
        expect(text).not.toContain(absent);
      const rows = readFileSync(custody, 'utf8').trim().split('\r\n');
      expect(rows[1]).toMatch(/^1,1,2026-\d\d-\d\d,Recibida,la organización que documenta,,[0-9a-f]{64}$/);
      expect(rows.at(-1)).toMatch(/,Incluida en una salida,.*copia derivada/);
      expect(rows.join()).not.toMatch(/CIDH|Ana|\d\d:\d\d/);
      for (const path of filesIn(bag))
        for (const secret of [...SECRETS, IMEI, OBSERVED])
          expect(readFileSync(path).includes(secret)).toBe(false);
    });

    test('the hash of an original that stays behind is in no file of the package', async () => {
      const { rows } = await bench.call('evidence.list', { caseId: file.caseId });
      const sha256 = rows.find((row) => row.id === file.picture)?.sha256 ?? '';
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      for (const path of filesIn(join(bench.folder, 'cidh-inside')))
        expect(readFileSync(path).includes(sha256)).toBe(false);
    });

    test('a laboratory gets the indicators with its summary unless somebody takes them out', async () => {
      const prepare = async (recipient: string): Promise<ExportId> =>
        (
          await bench.call('exports.prepare', {
            caseId: file.caseId,
            profile: 'forensic-summary',
            recipient,
            purpose: '',
            language: 'en',
          })
        ).id;
      const { bag } = await deliver(await prepare(LAB), 'lab');
      expect(readFileSync(join(bag, 'data/indicators.stix2.json'), 'utf8')).toContain('T00:00:00.000Z');
      const without = await prepare('Otro laboratorio');
      await bench.call('exports.takeDigital', { id: without, findings: true, indicators: false });
      const other = await deliver(without, 'other-lab');
      expect(filesIn(other.bag).join()).not.toContain('stix2');
    });
  },
);

test('words for an owner without a record are read by whoever examines only, and withheld wherever they stand', async () => {
  const id = await examined(null, 'S9', ['https://faro-negro.example/s'], 'Yolotzin Marina Ortega, hermana');
  await judge(id, 'faro-negro', { confirmedBy: `${LAB}, con Beatriz Cempoala` });
  const { deviceId } = await bench.call('examinations.get', { id });
  await bench.call('receptions.record', { deviceId, handedByWords: 'Ubaldo Tecuanhuey Cielo, cuñado' });
  await bench.call('incidents.record', {
    caseId: file.caseId,
    title: 'Robo',
    happened: { kind: 'day', day: '2026-05-30' },
    narrative: 'Yolotzin Marina Ortega y Ubaldo Tecuanhuey Cielo lo vieron.',
  });
  const filing = await file.prepare('CIDH sin registro');
  const text = await sectionText(filing, 'digital');
  expect(text).toContain('S9');
  expect(text).not.toMatch(/Yolotzin|Ortega|hermana|Cempoala/);
  const { suggestions } = await bench.call('exports.view', { id: filing });
  const offered = suggestions.filter(({ kind, strength }) => kind === 'knownName' && strength === 'strong');
  expect(offered.map((one) => one.text)).toEqual(
    expect.arrayContaining(['Yolotzin Marina Ortega', 'Ubaldo Tecuanhuey Cielo']),
  );
});

test('a total beside hidden figures would tell them: there is none', async () => {
  const id = await examined(file.defender, 'T3', ['https://tercera.example/t']);
  await judge(id, 'tercera', { state: 'suspicious', reason: 'dice Citlali que lo abrió' });
  const filing = await sectionText(await file.prepare('CIDH sospecha'), 'digital');
  expect(filing).toContain('Hallazgos que una persona valoró como sospechosos: 1.');
  expect(filing).toContain('tercera[.]example');
  expect(filing).not.toContain('Citlali');
  const text = await sectionText(await file.prepare('Revista', 'public'), 'surveillance');
  expect(text.match(/menos de 3/g)).toHaveLength(2);
  expect(text).not.toContain('Total');
});
