import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BuiltCommand, CHEAP, type Ran } from '../support/built-command.ts';
import { PASSPHRASE } from './harness.ts';
import { STIX } from './stix-sample.ts';

/* Records of digital surveillance through the built command, as somebody without a window keeps them. */

/** Each command is a process that derives a key; machines under load need their time. */
vi.setConfig({ testTimeout: 300_000 });

let command: BuiltCommand;
let folder = '';
let device = '';
let examination = '';
let set = '';

const run = (...args: string[]): Promise<Ran> => command.run(args);
const inVault = (...args: string[]): Promise<Ran> =>
  run(...args, '--vault', join(folder, 'vault'), '--passphrase-file', join(folder, 'secret'));

/** What a command answers to a program; any refusal fails the test. */
const done = async (...args: string[]): Promise<Record<string, unknown>> => {
  const ran = await inVault(...args, '--json');
  expect([args.slice(0, 2).join(' '), ran.code, ran.code === 0 ? '' : ran.stderr]).toEqual([
    args.slice(0, 2).join(' '),
    0,
    '',
  ]);
  return JSON.parse(ran.stdout) as Record<string, unknown>;
};
const put = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(async () => {
  command = await BuiltCommand.make('surveillance-test', 'es_MX.UTF-8');
  folder = command.folder;
  command.secret('secret', `${PASSPHRASE}\n`);
  await done('vault', 'create', '--owner', 'Ana Ruiz', '--practice', ...CHEAP);
});
afterAll(() => {
  command.end();
});

test('a device is recorded, received with a receipt, and its custody shown to people', async () => {
  device = String(
    (await done('devices', 'add', '--kind', 'phone', '--make', 'Lumina', '--model', 'L7'))['id'],
  );
  expect((await inVault('devices', 'receipt', device, '--out', join(folder, 'r.pdf'))).stderr).toContain(
    'no está recibido',
  );
  const at = '2026-10-02T17:05:00.000Z';
  const received = await done(
    'devices',
    'receive',
    device,
    '--from',
    'su madre',
    '--seal',
    'S-1',
    '--at',
    at,
    '--power',
    'off',
  );
  await done('devices', 'step', device, '--action', 'copied', '--at', '2026-10-03T10:00:00.000Z');
  const shown = await inVault('devices', 'show', device);
  expect(shown.stdout).toContain('Lumina L7');
  expect(shown.stdout).toContain(String(received['folio']));
  expect(shown.stdout).toMatch(/2026-10-03T10:00:00.000Z {2}Copiad/);
  await done('devices', 'receipt', device, '--out', join(folder, 'recibo.pdf'));
  expect(readFileSync(join(folder, 'recibo.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  expect(await done('devices', 'list')).toMatchObject({ total: 1, rows: [{ id: device, received: true }] });
});

test('an examination is compared; a person judges what was found, and must say who confirms it', async () => {
  set = String(
    (
      (await done('import', 'stix', put('faro.stix2', STIX(['faro-negro.example'])), '--source', 'prueba'))[
        'sets'
      ] as { id: string }[]
    )[0]?.id,
  );
  examination = String(
    (
      await done(
        'examinations',
        'add',
        '--device',
        device,
        '--basis',
        'owner',
        '--method',
        'itunesBackup',
        '--tool',
        'mvt',
      )
    )['id'],
  );
  const urls = put('enlaces.csv', 'url\nhttps://a.faro-negro.example/x\n');
  const first = await inVault('import', 'urls', urls, '--examination', examination);
  expect(first.stdout).toContain('Hallazgos guardados: 1');
  const { rows } = (await done('findings', 'list', '--examination', examination)) as {
    rows: { id: string; observed: string }[];
  };
  expect(rows.map(({ observed }) => observed)).toEqual(['hxxps://a[.]faro-negro[.]example/x']);
  const id = rows[0]?.id ?? '';
  const refused = await inVault('findings', 'review', id, '--state', 'confirmed');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('(--confirmed-by)');
  await done('findings', 'review', id, '--state', 'confirmed', '--confirmed-by', 'Laboratorio Cenit');
  const shown = await inVault('findings', 'show', id);
  expect(shown.stdout).toContain('Laboratorio Cenit');
  expect(shown.stdout).not.toContain('https://');
  expect((await inVault('examinations', 'show', examination)).stdout).toContain('Confirmado: 1');
  expect(await done('examinations', 'list', '--device', device)).toMatchObject({ total: 1 });
});

test('texts and imports are compared by two commands, and each names the other', async () => {
  const { id } = await done('examinations', 'add', '--device', device, '--basis', 'owner');
  const nothing = await inVault('findings', 'rematch', '--examination', String(id));
  expect([nothing.code, nothing.stdout]).toEqual([1, '']);
  expect(nothing.stderr).toContain('«resguardo examinations match»');
  const texts = await inVault('examinations', 'match', String(id));
  expect(texts.stdout).toContain(`resguardo findings rematch --examination ${String(id)}`);
});

test('of a folder only its own files are counted, not the list of hashes that is kept with them', async () => {
  const results = join(folder, 'resultados');
  mkdirSync(results);
  writeFileSync(join(results, 'safari_history.json'), '[{"url":"https://b.example/","id":1}]');
  writeFileSync(join(results, 'notas.txt'), 'sin formato');
  const read = await inVault('import', 'mvt', results, '--examination', examination);
  const counts = /Archivos leídos: (\d+)\. En parte: (\d+)\. No leídos: (\d+)\./u.exec(read.stdout);
  expect(
    counts
      ?.slice(1)
      .map(Number)
      .reduce((sum, one) => sum + one),
  ).toBe(2);
  expect(read.stdout).not.toContain('SHA256SUMS');
  const missing = await inVault('import', 'mvt', 'no-hay', '--examination', examination);
  expect([missing.code, missing.stdout]).toEqual([1, '']);
  expect(missing.stderr).toContain('No existe «no-hay»');
});

test('a folder without results is no comparison: nothing is said of signs', async () => {
  const wrong = join(folder, 'documentos');
  mkdirSync(wrong);
  writeFileSync(join(wrong, 'LEEME.md'), '# Nada de un teléfono');
  const read = await inVault('import', 'mvt', wrong, '--examination', examination);
  expect(read.code).toBe(1);
  expect(read.stdout).toContain('No se comparó nada');
  expect(read.stdout).toMatch(/resguardo evidence delete [0-9a-f]{8}-/u);
  expect(read.stdout).not.toMatch(/indicios|Comparado con/u);
});

test('records in a folder of another program are no examination; empty results of a tool are no wrong folder', async () => {
  const of = async (name: string, files: Record<string, string>) => {
    const into = join(folder, name);
    mkdirSync(into);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(into, file), text);
    const { id } = await done('examinations', 'add', '--device', device, '--basis', 'owner');
    const read = await inVault('import', 'mvt', into, '--examination', String(id));
    const { outcome } = await done('examinations', 'show', String(id));
    return { read, outcome };
  };
  const foreign = await of('programa', {
    'catalogue.json': '{"version":1,"snapshots":["a","b"],"seq":3}',
    'package.json': '[{"name":"x","url":"https://b.example/"}]',
    'info.json': '{"version":"1.0.0"}',
  });
  expect([foreign.read.code, foreign.outcome]).toEqual([1, 'notMatched']);
  expect(foreign.read.stdout).toContain('¿Es la carpeta o el archivo correcto?');
  expect(foreign.read.stdout).not.toMatch(/indicios|Comparado con/u);
  const empty = await of('vacios', { 'sms.json': '[]', 'safari_history.json': '[]' });
  expect([empty.read.code, empty.outcome]).toEqual([0, 'notMatched']);
  expect(empty.read.stdout).toContain('no dice nada del teléfono');
  expect(empty.read.stdout).not.toMatch(/evidence delete|indicios|Comparado con/u);
  // A module of a version to come, among what names the tool, is looked at as any other.
  const later = await of('porvenir', {
    'something_new.json': '[{"url":"https://b.example/"}]',
    'info.json': '{"mvt_version":"9.0.0","date":"","hashes":[]}',
  });
  expect(later.outcome).toBe('noSignsSoFar');
});

test('deleting results asks whose they were; where not of the device, it is not compared again', async () => {
  const into = join(folder, 'ajenos');
  mkdirSync(into);
  writeFileSync(join(into, 'safari_history.json'), '[{"url":"https://d.example/","id":1}]');
  writeFileSync(join(into, 'info.json'), '{"mvt_version":"2.6.1","date":"","hashes":[]}');
  const id = String((await done('examinations', 'add', '--device', device, '--basis', 'owner'))['id']);
  const { evidenceId } = await done('import', 'mvt', into, '--examination', id);
  const remove = (...more: string[]): Promise<Ran> =>
    inVault(
      ...['evidence', 'delete', String(evidenceId), '--reason', 'carpeta equivocada'],
      ...['--basis', 'llegó por error', '--confirm', 'borrar', ...more],
    );
  const refused = await remove();
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(`  ${device}  Lumina L7`);
  expect(refused.stderr).toContain('--not-of none');
  expect((await inVault('examinations', 'show', id)).stdout).toContain('Sin indicios');
  expect((await remove('--not-of', device)).code).toBe(0);
  const shown = await inVault('examinations', 'show', id);
  expect(shown.stdout).toContain('Sin comparar');
  expect(shown.stdout).toContain('ya no cuentan porque los resultados no eran de este dispositivo: 1.');
  expect(shown.stdout).not.toContain('Sin indicios');
});

test('results of two runs, and of two platforms, in one folder are told', async () => {
  const both = join(folder, 'varios');
  const runOf = (name: string, tool: string): void => {
    mkdirSync(join(both, name), { recursive: true });
    writeFileSync(join(both, name, 'info.json'), '{"mvt_version":"2.6.1","date":"","hashes":[]}');
    writeFileSync(
      join(both, name, 'command.log'),
      `2026-01-02 03:04:05,000 - mvt.${tool}.cmd_check - INFO - Loading\n`,
    );
    writeFileSync(join(both, name, 'safari_history.json'), '[{"url":"https://c.example/","id":1}]');
  };
  runOf('respaldo', 'ios');
  runOf('sistema', 'ios');
  const one = await inVault('import', 'mvt', both, '--examination', examination);
  expect([one.code, one.stderr.includes('No existe')]).toEqual([0, false]);
  expect(one.stdout).toContain('resultados de 2 corridas');
  expect(one.stdout).toMatch(/^ {2}respaldo\/\n {2}sistema\/$/mu);
  runOf('otro', 'android');
  const two = await inVault('import', 'mvt', both, '--examination', examination);
  expect(two.code).toBe(1);
  expect(two.stdout).toContain('no son de un mismo teléfono');
});

test('the same results again are kept again, and somebody is told', async () => {
  const again = await inVault('import', 'urls', join(folder, 'enlaces.csv'), '--examination', examination);
  expect(again.stdout).toContain('El mismo contenido ya estaba en la bóveda');
  // Findings of the same bytes count once, whichever copy of them was read.
  expect(again.stdout).toContain('ya conocidos: 1');
  const rematched = await inVault('findings', 'rematch', '--examination', examination);
  expect(rematched.stdout).toContain('ya conocidos: 1');
  expect(rematched.stdout).toContain(`resguardo examinations match ${examination}`);
  const evidence = put('nota.txt', 'una nota');
  await done('import', 'evidence', evidence);
  expect((await inVault('import', 'evidence', evidence)).stderr).toContain('ya estaba en la bóveda');
});

test('the rows of a timeline are counted and what became of them is said', async () => {
  const csv = put(
    'timeline.csv',
    '"UTC Timestamp","Plugin","Event","Description"\r\n"2026-01-02 03:04:05.000000","SMS","received","a"\r\n"UTC Timestamp","Plugin","Event","Description"\r\n"2026-01-02 03:04:05.000000","SMS","received","a"\r\n',
  );
  const ran = await inVault('import', 'mvt', csv, '--examination', examination);
  expect(ran.stdout).toContain('1 renglones de cronología, 2026-01-02 03:04:05.000000');
  expect(ran.stdout).toContain('2 veces; 1 renglones repetidos');
});

test('messages come from a file, not from an argument, and are shown defanged', async () => {
  const text = put('mensaje.txt', 'Su paquete: https://faro-negro.example/p');
  const { id } = await done(
    'messages',
    'add',
    '--channel',
    'sms',
    '--text-file',
    text,
    '--sender',
    '+520000000001',
  );
  const shown = await inVault('messages', 'show', String(id));
  expect(shown.stdout).toContain('hxxps://faro-negro[.]example/p');
  expect(shown.stdout).not.toContain('https://');
  expect(await done('messages', 'list')).toMatchObject({ total: 1 });
});

test('sets are listed, what they could not use is told, and one is retired with a reason', async () => {
  expect((await inVault('sets', 'list')).stdout).toContain('faro.stix2');
  expect(await done('sets', 'skipped', set)).toMatchObject({ total: 1 });
  expect((await inVault('sets', 'retire', set)).code).toBe(2);
  await done('sets', 'retire', set, '--reason', 'hay uno más nuevo');
  expect(await done('sets', 'list')).toMatchObject({ rows: [] });
  await done('sets', 'use', set);
  expect(await done('sets', 'list')).toMatchObject({ rows: [{ id: set, inUse: true }] });
});

test('indicators leave for other analysts, with nobody in them', async () => {
  const out = join(folder, 'fuera.stix2.json');
  expect(
    await done('indicators', 'export', '--examination', examination, '--to', 'Línea de ayuda', '--out', out),
  ).toMatchObject({ indicators: 1 });
  expect(readFileSync(out, 'utf8')).not.toMatch(/Lumina|a\.faro-negro|Cenit/);
});

test.each([
  [['devices', 'show', 'x']],
  [['devices', 'add', '--kind', 'teléfono']],
  [['findings', 'list']],
  [['findings', 'review', '--state', 'confirmed']],
  [['messages', 'add', '--channel', 'sms']],
  [['indicators', 'export', '--to', 'x', '--out', 'y']],
])('%j is wrong usage, told before any passphrase is asked for', async (args) => {
  const ran = await run(...args, '--vault', join(folder, 'nothing'));
  expect([ran.code, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr.length).toBeGreaterThan(10);
});
