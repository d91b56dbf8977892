import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportReport } from '../../shared/contract/imports.ts';
import { targetIdSchema, type TargetId } from '../../shared/model/ids.ts';
import type { ExaminationId, IndicatorSetId } from '../../shared/model/surveillance-ids.ts';
import { Bench } from '../integration/harness.ts';

/* That there are no findings says nothing of what nobody has read: the real engine, real parsers, a real vault. */

const bench = new Bench();
let device: Awaited<ReturnType<typeof bench.call<'devices.record'>>>['id'];
beforeAll(async () => {
  await bench.create();
  device = (await bench.call('devices.record', { kind: 'phone', make: 'Inventado' })).id;
});
afterAll(() => bench.end());

const examination = async (): Promise<ExaminationId> =>
  (await bench.call('examinations.record', { deviceId: device, basis: 'owner' })).id;

const folderTarget = (path: string): TargetId => {
  const id = targetIdSchema.parse(bench.ports.random.bytes(16).toString('hex'));
  bench.core.grant({ id, kind: 'folder', path, name: 'resultados', sizeBytes: 0 });
  return id;
};

const CALLS = JSON.stringify([{ isodate: '2024-05-06 07:08:09', duration: 3, provider: 'x' }]);

/** Reports of a laboratory: texts, and pages without any. */
const reportOf = async (name: string): Promise<string | Uint8Array> => {
  if (name === 'empty.txt') return '';
  if (name === 'blank.txt') return '\n \n\n';
  if (name === 'hit.txt') return 'uno.example.com\nhttps://known.example.org/a\n';
  if (name === 'list.txt') return 'uno.example.com\n\ndos.example.com\n';
  const document = new PDFDocument({ size: 'A4' });
  const done = buffer(document);
  if (name === 'half.pdf') document.text('uno.example.com').addPage();
  document.rect(10, 10, 300, 300).fill('black');
  document.end();
  return done;
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
  more: { sets: IndicatorSetId[] },
): Promise<ImportReport> => bench.call('imports.phone', { examinationId, source, ...more });

describe('what nobody has read', () => {
  test('what of the results could not be read is kept with the comparison, and said with it', async () => {
    const set = await setOf('unread.stix2', ['known.example.org']);
    const of = async (files: Readonly<Record<string, string>>) => {
      const id = await examination();
      const { unread } = await bring(id, folderTarget(folderOf(files)), { sets: [set] });
      const { outcome, runs } = await bench.call('examinations.get', { id });
      expect(runs.map((run) => run.unread)).toEqual([unread]);
      return { id, unread, outcome };
    };
    const cut = await of({
      ...{ 'calls.json': CALLS, 'sms.json': '[{"text":"https://known.exa', 'carta.pdf': '%PDF-' },
      ...{ 'command.log': '', 'info.json': '{' },
    });
    expect(cut).toMatchObject({ unread: 1, outcome: 'noSignsSoFar' });
    await bench.call('findings.rematch', { examinationId: cut.id, sets: [set] });
    const { runs, unread } = await bench.call('examinations.get', { id: cut.id });
    expect([runs.map((run) => run.unread), unread]).toEqual([[1, 1], 1]);
    expect(await of({ 'calls.json': CALLS, 'carta.pdf': '%PDF-' })).toMatchObject({ unread: 0 });
    expect((await bench.call('vault.check', {})).findings).toEqual([]);
  });

  test.each<readonly [string, Readonly<Record<string, string | Uint8Array>>]>([
    ['a module of which no byte was written', { 'sms.json': '' }],
    ['one of spaces alone', { 'sms.json': ' \n' }],
    ['one in another encoding', { 'sms.json': Buffer.from('\ufeff[{"text":"x"}]', 'utf16le') }],
    ['one that is no list', { 'sms.json': '"https://known.example.org/"' }],
    ['entries that are no records', { 'sms.json': '["https://known.example.org/"]' }],
    ['records a level deeper', { 'sms.json': '[[{"text":"https://known.example.org/"}]]' }],
    ['what the tool had found, of which no byte was written', { 'alerts.json': '' }],
    ['a chat whose language is not known', { '_chat.txt': 'Em 13 de maio: https://known.example.org/' }],
    ['an archive among the results', { 'bugreport.zip': 'PK' }],
    ['the backup of an acquisition', { 'backup.ab': 'ANDROID BACKUP' }],
  ])('nobody has read %s', async (_what, files) => {
    const set = await setOf(`spoilt-${String(folders)}.stix2`, ['known.example.org']);
    const id = await examination();
    const { unread, records } = await bring(id, folderTarget(folderOf({ 'calls.json': CALLS, ...files })), {
      sets: [set],
    });
    expect([unread, records]).toEqual([1, 1]);
    expect((await bench.call('examinations.get', { id })).unread).toBe(1);
  });

  test('links that stand in a plain list of a file that nobody knows are looked at', async () => {
    const set = await setOf('plain-list.stix2', ['known.example.org']);
    const id = await examination();
    const files = {
      'calls.json': CALLS,
      'enlaces.json': '["https://known.example.org/", ["x"]]',
      'constructor.json': '[{"a":"https://known.example.org/"}, 1]',
    };
    const { unread, findings } = await bring(id, folderTarget(folderOf(files)), { sets: [set] });
    expect([unread, findings.stored]).toEqual([0, 2]);
  });

  test('entries that are no records are no comparison by themselves', async () => {
    const set = await setOf('strange-alone.stix2', ['known.example.org']);
    const id = await examination();
    const folder = folderOf({ 'sms.json': '["https://known.example.org/"]' });
    expect(await bring(id, folderTarget(folder), { sets: [set] })).toMatchObject({ records: 0, unread: 1 });
    expect((await bench.call('examinations.get', { id })).outcome).toBe('notMatched');
  });

  test('a comparison line by line takes nothing back of what could not be taken apart', async () => {
    const set = await setOf('line-by-line.stix2', ['known.example.org']);
    const id = await examination();
    const path = join(bench.folder, 'sms.json');
    writeFileSync(path, '[{"text":"hola","isodate":"2024-05-06"}, {"te');
    await bring(id, bench.fileTarget(path), { sets: [set] });
    await bench.call('examinations.match', { id, sets: [set] });
    const { runs, unread } = await bench.call('examinations.get', { id });
    expect([runs.map((run) => run.unread), unread]).toEqual([[0, 1], 1]);
  });

  test('results over which nothing ever passed count, until they are read or deleted', async () => {
    const set = await setOf('never.stix2', ['known.example.org']);
    const id = await examination();
    const damaged = join(bench.folder, 'damaged.zip');
    writeFileSync(damaged, Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(300, 7)]));
    const failed = bring(id, bench.fileTarget(damaged), { sets: [set] });
    await expect(failed).rejects.toMatchObject({ code: 'parser.damagedFile' });
    expect(await bench.call('examinations.get', { id })).toMatchObject({ unread: 0, outcome: 'notMatched' });
    await bring(id, folderTarget(folderOf({ 'calls.json': CALLS })), { sets: [set] });
    const { evidence, ...found } = await bench.call('examinations.get', { id });
    expect(found).toMatchObject({ unread: 1, outcome: 'noSignsSoFar' });
    await bench.call('evidence.delete', {
      evidenceId: evidence[0]?.evidenceId as never,
      reason: 'De otro teléfono',
      legalBasis: 'Se importó por error',
      typed: 'borrar',
    });
    expect((await bench.call('examinations.get', { id })).unread).toBe(0);
  });

  test.each([
    ['a scan', 'scan.pdf', [0, 1, 'notMatched']],
    ['a text and a scan behind it', 'half.pdf', [1, 1, 'noSignsSoFar']],
    ['a file without a byte', 'empty.txt', [0, 0, 'notMatched']],
    ['lines without a letter', 'blank.txt', [0, 0, 'notMatched']],
    ['a list', 'list.txt', [2, 0, 'noSignsSoFar']],
    ['a list with a hit', 'hit.txt', [2, 0, 'toReview']],
  ] as const)('%s is compared by what stands in it', async (_what, name, said) => {
    const set = await setOf(`${name}.stix2`, ['known.example.org']);
    const id = await examination();
    const path = join(bench.folder, name);
    writeFileSync(path, await reportOf(name));
    await bring(id, bench.fileTarget(path), { sets: [set] });
    const { findings } = await bench.call('examinations.match', { id, sets: [set] });
    expect(findings).toBe(name === 'hit.txt' ? 1 : 0);
    // Compared once more, what was found before is not there twice.
    expect((await bench.call('examinations.match', { id, sets: [set] })).findings).toBe(0);
    const { runs, unread, outcome } = await bench.call('examinations.get', { id });
    expect([runs[0]?.records, unread, outcome]).toEqual(said);
  });
});
