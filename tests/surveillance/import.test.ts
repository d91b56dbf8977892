import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportReport } from '../../shared/contract/imports.ts';
import { targetIdSchema, type TargetId } from '../../shared/model/ids.ts';
import type { ExaminationId, IndicatorSetId } from '../../shared/model/surveillance-ids.ts';
import type { PhoneKind } from '../../shared/parser/phone.ts';
import { Bench } from '../integration/harness.ts';
import { outputOf, testWith } from '../parser/parser-fixture.ts';
import { hasRealResults, REAL_RESULTS, REAL_SETS, zipOf } from '../parser/phone-fixture.ts';

/* From a chosen folder to stored findings: the real engine, the real parser processes, a real vault. */

const bench = new Bench();
let device: Awaited<ReturnType<typeof bench.call<'devices.record'>>>['id'];
beforeAll(async () => {
  await bench.create();
  device = (await bench.call('devices.record', { kind: 'phone', make: 'Inventado' })).id;
});
afterAll(() => bench.end());

const examination = async (basis: 'owner' | 'pending' = 'owner'): Promise<ExaminationId> =>
  (await bench.call('examinations.record', { deviceId: device, basis })).id;

const folderTarget = (path: string): TargetId => {
  const id = targetIdSchema.parse(bench.ports.random.bytes(16).toString('hex'));
  bench.core.grant({ id, kind: 'folder', path, name: 'resultados', sizeBytes: 0 });
  return id;
};

let folders = 0;
const folderOf = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const folder = join(bench.folder, `results-${(folders += 1)}`);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
};

const setOf = async (name: string, hosts: readonly string[]): Promise<IndicatorSetId> => {
  const path = join(bench.folder, name);
  const objects = hosts.map((host, at) => ({
    type: 'indicator',
    id: `indicator--${name}-${at}`,
    pattern: `[domain-name:value='${host}']`,
    pattern_type: 'stix',
  }));
  writeFileSync(path, JSON.stringify({ type: 'bundle', objects }));
  return (await bench.call('indicatorSets.add', { target: bench.fileTarget(path), source: 'inventado' })).id;
};

const bring = (
  examinationId: ExaminationId,
  source: TargetId,
  more: { kind?: PhoneKind; sets?: IndicatorSetId[] } = {},
): Promise<ImportReport> => bench.call('imports.phone', { examinationId, source, ...more });

const findings = async (examinationId: ExaminationId) =>
  (await bench.call('findings.list', { examinationId, limit: 500, sort: 'module' })).rows;

const record = (id: number, url: string) => ({
  ROWID: id,
  guid: `G-${id}`,
  text: `Mira ${url}`,
  isodate: '2024-05-06 07:08:09.000000',
  direction: 'received',
  links: [url],
});
const infoText =
  '{"mvt_version": "2.6.1", "target_path": "/x", "date": "2024", "ioc_files": [], "hashes": []}';
const infoHash = createHash('sha256').update(infoText).digest('hex');
const old = {
  'sms.json': JSON.stringify(
    [
      record(1, 'https://known.example.org/'),
      record(2, 'https://later.example.org/'),
      record(3, 'https://example.com/'),
    ],
    null,
    4,
  ),
  'sms_detected.json': JSON.stringify([
    {
      ...record(1, 'https://known.example.org/'),
      matched_indicator: {
        value: 'known.example.org',
        type: 'domains',
        name: 'Old campaign',
        stix2_file_name: 'old.stix2',
      },
    },
  ]),
  'info.json': infoText,
  'command.log': `2024 - mvt.ios.cmd - INFO - Reference hash of the info.json file: "${infoHash}"\n`,
};

describe('a folder of results', () => {
  test('is kept as one container, read, and what is new since the tool looked is marked', async () => {
    const id = await examination();
    const set = await setOf('today.stix2', ['known.example.org', 'later.example.org']);
    const folder = folderOf(old);
    symlinkSync('/etc/hostname', join(folder, 'link.json'));
    const report = await bring(id, folderTarget(folder), { sets: [set] });
    expect(report).toMatchObject({
      container: 'tar',
      preservedOnly: false,
      records: 3,
      leftOut: 1,
      findings: { stored: 2, byTool: 1, newSinceTool: 1, known: 0 },
      fileCounts: { read: 5, partly: 0, notRead: 0 },
      infos: [{ path: 'info.json', agreement: 'agrees', sha256: infoHash, stated: infoHash }],
    });
    const rows = await findings(id);
    expect(
      rows.map(({ record: place, newSinceTool, clock, observed }) => ({
        place,
        newSinceTool,
        clock,
        observed,
      })),
    ).toEqual([
      { place: 0, newSinceTool: false, clock: 'utc', observed: 'hxxps://known[.]example[.]org/' },
      { place: 1, newSinceTool: true, clock: 'utc', observed: 'hxxps://later[.]example[.]org/' },
    ]);
    for (const row of rows) {
      expect(new Set(row.hits.map(({ mode }) => mode))).toEqual(new Set(['mvt', 'strict']));
      expect(row.state).toBe('toReview');
    }
    const tied = (await bench.call('examinations.get', { id })).evidence;
    expect(tied).toMatchObject([{ role: 'results', evidenceId: report.evidenceId, sha256: report.sha256 }]);
    // Nothing of the messages is in the search index.
    const hits = await bench.call('search.everything', { text: 'Mira' });
    expect(JSON.stringify(hits)).not.toContain('Mira http');
  });

  testWith('tar', 'sha256sum')('can be taken out again and checked with common commands', async () => {
    const id = await examination();
    const long = `${'carpeta/'.repeat(20)}año nuevo.json`;
    const files = { ...old, [long]: '[]', 'vacío.json': '' };
    const report = await bring(id, folderTarget(folderOf(files)));
    const out = join(bench.folder, 'out.tar');
    await bench.call('evidence.save', { id: report.evidenceId, target: bench.outTarget('targetFile', out) });
    const bytes = readFileSync(out);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(report.sha256);
    const list = outputOf(bytes, 'a.tar', 'tar', (path) => ['-tf', path, '--quoting-style=literal']);
    for (const path of Object.keys(files)) expect(list.split('\n')).toContain(path);
    const checked = outputOf(bytes, 'a.tar', 'bash', (path) => [
      '-c',
      `cd "$(dirname "${path}")" && mkdir x && tar -xf a.tar -C x && cd x && sha256sum -c SHA256SUMS.resguardo`,
    ]);
    expect(
      checked
        .trim()
        .split('\n')
        .every((line) => line.endsWith(': OK')),
    ).toBe(true);
  });

  test('later sets find what was not known, and only that is stored', async () => {
    const id = await examination();
    const first = await setOf('first.stix2', ['known.example.org']);
    const then = await bring(id, folderTarget(folderOf(old)), { sets: [first] });
    expect(then.findings).toEqual({ stored: 1, byTool: 1, newSinceTool: 0, known: 0 });
    const second = await setOf('second.stix2', ['later.example.org']);
    const again = await bench.call('findings.rematch', { examinationId: id, sets: [first, second] });
    expect(again.findings).toEqual({ stored: 1, byTool: 1, newSinceTool: 1, known: 1 });
    expect(again.sets).toHaveLength(2);
    expect(
      (await bench.call('findings.rematch', { examinationId: id, sets: [first, second] })).findings,
    ).toEqual({ stored: 0, byTool: 1, newSinceTool: 0, known: 2 });
    expect((await findings(id)).map(({ record: place }) => place)).toEqual([0, 1]);
  });

  test('what the same bytes showed stays while one copy of them is kept, and goes with the last', async () => {
    const set = await setOf('twins.stix2', ['known.example.org', 'later.example.org']);
    const id = await examination();
    const folder = folderOf(old);
    const copies = [
      await bring(id, folderTarget(folder), { sets: [set] }),
      await bring(id, folderTarget(folder), { sets: [set] }),
    ] as const;
    expect(copies.map(({ findings: { stored, known } }) => [stored, known])).toEqual([
      [2, 0],
      [0, 2],
    ]);
    const before = await findings(id);
    const remove = ({ evidenceId }: ImportReport) =>
      bench.call('evidence.delete', {
        ...{ evidenceId, reason: 'copia repetida', legalBasis: 'decisión propia', typed: 'borrar' },
        notOf: [],
      });
    await remove(copies[0]);
    expect(await findings(id)).toEqual(before);
    const { runs } = await bench.call('examinations.get', { id });
    expect(new Set(runs.map(({ evidenceId }) => evidenceId))).toEqual(new Set([copies[1].evidenceId]));
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
    // What stays is known again.
    expect((await bench.call('findings.rematch', { examinationId: id, sets: [set] })).findings.known).toBe(2);
    await remove(copies[1]);
    expect((await findings(id)).map(({ observed, hits }) => [observed, hits])).toEqual([
      ['', []],
      ['', []],
    ]);
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
  });

  test('the alerts of the tool without a record of their own are told once, as its own', async () => {
    const id = await examination();
    const settings = [{ namespace: 'global', name: 'package_verifier_enable', value: '0' }];
    const first = await bring(id, folderTarget(folderOf({ 'aqf_settings.json': JSON.stringify(settings) })));
    const [own] = await findings(id);
    expect(first.findings).toEqual({ stored: 1, byTool: 0, newSinceTool: 1, known: 0 });
    const alert = {
      level: 'medium',
      module: 'aqf_settings',
      message: own?.message ?? '',
      event_time: '',
      event: { global: { package_verifier_enable: '0' } },
      matched_indicator: null,
    };
    const other = await examination();
    const files = {
      'aqf_settings.json': JSON.stringify([...settings, ...settings]),
      'alerts.json': JSON.stringify([alert]),
    };
    const report = await bring(other, folderTarget(folderOf(files)));
    // Two settings, one alert: the second one nobody had told.
    expect(report.findings).toEqual({ stored: 2, byTool: 1, newSinceTool: 1, known: 0 });
  });

  test('what is longer than what is kept is known again', async () => {
    const id = await examination();
    const many = Array.from({ length: 70 }, (_, at) => `${'a.'.repeat(70 - at)}long.example.org`);
    const set = await setOf('long.stix2', ['long.example.org', ...many]);
    const field = `${'campo'.repeat(60)}`;
    const files = {
      'sms.json': JSON.stringify([{ ...record(1, `https://${many[0]}/`) }]),
      [`${'carpeta-larga/'.repeat(14)}something_new.json`]: JSON.stringify([
        { [field]: `https://${many[0]}/x` },
      ]),
    };
    const then = await bring(id, folderTarget(folderOf(files)), { sets: [set] });
    expect(then.findings.stored).toBeGreaterThan(1);
    const again = await bench.call('findings.rematch', { examinationId: id, sets: [set] });
    expect(again.findings).toMatchObject({ stored: 0, known: then.findings.stored });
  });

  test('without a set the tool speaks alone; an info.json that was changed is told', async () => {
    const other = new Bench();
    try {
      await other.create();
      const deviceId = (await other.call('devices.record', { kind: 'phone' })).id;
      const id = (await other.call('examinations.record', { deviceId, basis: 'owner' })).id;
      const source = targetIdSchema.parse('ab'.repeat(16));
      const path = folderOf({ ...old, 'info.json': `${infoText} ` });
      other.core.grant({ id: source, kind: 'folder', path, name: 'x', sizeBytes: 0 });
      const report = await other.call('imports.phone', { examinationId: id, source });
      expect(report.sets).toEqual([]);
      expect(report.findings).toMatchObject({ stored: 1, byTool: 1, newSinceTool: 0 });
      expect(report.infos[0]?.agreement).toBe('differs');
      const [row] = (await other.call('findings.list', { examinationId: id })).rows;
      expect(row?.hits).toMatchObject([{ mode: 'mvt', collection: 'Old campaign', how: 'tool' }]);
    } finally {
      await other.end();
    }
  });

  test('under a pending basis the bytes are kept and nothing is opened', async () => {
    const id = await examination('pending');
    const before = bench.logged.length;
    const report = await bring(id, folderTarget(folderOf(old)));
    expect(report).toMatchObject({ preservedOnly: true, runId: null, records: 0, files: [], infos: [] });
    expect(report.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(bench.logged.length).toBeGreaterThan(before);
    await expect(bench.call('findings.rematch', { examinationId: id })).rejects.toMatchObject({
      code: 'examination.preservationOnly',
    });
    const { version } = await bench.call('examinations.get', { id });
    await bench.call('examinations.amend', { id, version, changes: { basis: 'owner' } });
    const set = await setOf('pending.stix2', ['known.example.org']);
    const later = await bench.call('findings.rematch', { examinationId: id, sets: [set] });
    expect(later).toMatchObject({ evidenceId: report.evidenceId, preservedOnly: false, records: 3 });
    expect(later.findings.stored).toBe(1);
  });

  test('a reading that is cancelled leaves the bytes kept; they are read later', async () => {
    const id = await examination();
    const many = Array.from({ length: 30_000 }, (_, at) => record(at, `https://sitio-${at}.example.com/`));
    const folder = folderOf({
      'sms.json': JSON.stringify([...many, record(1, 'https://known.example.org/')]),
    });
    const stop = bench.core.subscribe((event) => {
      if (
        event.name === 'tasks.changed' &&
        event.payload.stage === 'reading' &&
        event.payload.state === 'running'
      )
        void bench.call('tasks.cancel', { id: event.payload.id });
    });
    await expect(bring(id, folderTarget(folder))).rejects.toMatchObject({ code: 'call.cancelled' });
    stop();
    expect((await bench.call('examinations.get', { id })).evidence).toMatchObject([{ role: 'results' }]);
    expect((await bench.call('examinations.get', { id })).runs).toEqual([]);
    const set = await setOf('cancelled.stix2', ['known.example.org']);
    const later = await bench.call('findings.rematch', { examinationId: id, sets: [set] });
    expect(later).toMatchObject({ records: 30_001, findings: { stored: 1, newSinceTool: 1 } });
  });

  test('a name that many programs give their files is no examination; a damaged or a single file of the tool is', async () => {
    const set = await setOf('everyday.stix2', ['known.example.org']);
    const of = async (files: Readonly<Record<string, string>>) => {
      const id = await examination();
      const { recognised, records } = await bring(id, folderTarget(folderOf(files)), { sets: [set] });
      return [recognised, records, (await bench.call('examinations.get', { id })).outcome];
    };
    for (const files of [
      { 'manifest.json': '{"name":"Un programa","manifest_version":3,"permissions":["tabs"]}' },
      { 'settings.json': '{"editor.fontSize":12,"[json]":{"editor.tabSize":"2"}}' },
      { 'packages.json': '[{"name":"x"}]', 'data.json': '[{"a":1},{"b":2}]' },
      { 'files.json': '{"a":[{"x":1}]}', 'contacts.json': '[{"n":"x"}]', 'processes.json': '[]' },
    ])
      expect(await of(files)).toEqual([false, 0, 'notMatched']);
    for (const files of [
      { 'manifest.json': '[{"file_id":"0a","domain":"x","relative_path":"a/b"}]' },
      { 'settings.json': '{"random":{"adb_enabled":"0"}}' },
      { 'packages.json': '[{"package_name":"mx.ejemplo"}]' },
      { 'urls.json': '[{"url":"https://example.com/","expanded_url":null}]' },
    ])
      expect(await of(files)).toEqual([true, 1, 'noSignsSoFar']);
    // Whoever is told of a wrong folder is told to delete it.
    expect(await of({ 'sms.json': '[{"text":"https://known.exa' })).toEqual([true, 0, 'notMatched']);
  });

  test('an empty folder, an unknown examination and a file that vanishes keep nothing', async () => {
    const id = await examination();
    const empty = join(bench.folder, 'empty');
    mkdirSync(empty);
    await expect(bring(id, folderTarget(empty))).rejects.toMatchObject({ code: 'import.emptyFolder' });
    const { total } = await bench.call('evidence.list', {});
    await expect(
      bring('01890000-0000-7000-8000-000000000000' as ExaminationId, folderTarget(empty)),
    ).rejects.toMatchObject({ code: 'record.notFound' });
    expect((await bench.call('evidence.list', {})).total).toBe(total);
    await expect(bench.call('findings.rematch', { examinationId: id })).rejects.toMatchObject({
      code: 'import.notAnImport',
    });
  });
});

describe('other kinds', () => {
  const set = () => setOf('kinds.stix2', ['evil.example.org']);

  test('a zip of a folder, a backup of messages, a chat and a list, each compared again later', async () => {
    const sets = [await set()];
    const xml = `<?xml version='1.0' encoding='UTF-8'?><smses count="1"><sms address="+52 55" date="1717400000000" type="1" body="Abre https://evil.example.org/ya &#55357;&#56832;"/></smses>`;
    const chat = '[13/05/24, 10:15:32] Ana: mira https://evil.example.org/w\n[13/05/24, 10:16:00] Luz: no';
    const list = 'fecha,enlace\n2024-05-05,https://evil.example.org/l\n';
    const inputs: [PhoneKind, string, string | Uint8Array][] = [
      [
        'results',
        'folder.zip',
        await zipOf({ 'out/sms.json': old['sms.json'].replaceAll('known.', 'evil.') }),
      ],
      ['sms', 'sms-20240603.xml', xml],
      ['whatsapp', '_chat.txt', chat],
      ['links', 'ligas.csv', list],
    ];
    for (const [kind, name, content] of inputs) {
      const id = await examination();
      const path = join(bench.folder, name);
      writeFileSync(path, content);
      const report = await bring(id, bench.fileTarget(path), { kind, sets });
      expect(report.findings, kind).toMatchObject({ stored: 1, known: 0 });
      expect((await findings(id))[0], kind).toMatchObject({ kind: 'indicator', newSinceTool: true });
      const again = await bench.call('findings.rematch', { examinationId: id, sets });
      expect(again.findings, kind).toMatchObject({ stored: 0, known: 1 });
    }
  });
});

const real = hasRealResults ? describe : describe.skip;
real('folders that the tool wrote', () => {
  for (const version of ['v2.6.1', 'v2026.7.29']) {
    test(`${version} comes in whole; with the tool's own set nothing of it is lost`, async () => {
      const id = await examination();
      const target = bench.fileTarget(join(REAL_SETS, 'mvt-tests-indicators.stix2'));
      const { id: set } = await bench.call('indicatorSets.add', { target });
      const report = await bring(id, folderTarget(join(REAL_RESULTS, version)), { sets: [set] });
      expect(report.fileCounts).toMatchObject({ partly: 0, notRead: 0 });
      expect(report.infos.map(({ agreement }) => agreement)).toEqual([
        'agrees',
        'agrees',
        'agrees',
        'agrees',
      ]);
      expect(report.findings.byTool).toBeGreaterThan(3);
      const rows = await findings(id);
      expect(rows.length).toBe(report.findings.stored);
      // The tool's indicators are all among ours, none only as the tool's word.
      expect(rows.flatMap(({ hits }) => hits).filter(({ how }) => how === 'tool')).toEqual([]);
      expect(rows.some(({ kind }) => kind === 'heuristic')).toBe(true);
    });
  }
  test('the set of the example is there', () => expect(existsSync(REAL_SETS)).toBe(true));
});
