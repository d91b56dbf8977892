import { afterEach, expect, it } from 'vitest';
import type { ImportReport as Report } from '#shared/contract/imports.ts';
import { closePage, openPage } from '../../testing/open-page.tsx';
import { FileReading, ImportReport } from './ImportReport.tsx';

afterEach(closePage);

const SET = {
  id: '018f0000-0000-7000-8000-000000000001',
  name: 'faro.stix2',
  sha256: 'a'.repeat(64),
  indicators: 3,
  day: null,
};
const report = (more: Partial<Report>): Report =>
  ({
    evidenceId: '018f0000-0000-7000-8000-000000000002',
    sha256: 'b'.repeat(64),
    sizeBytes: 10,
    container: 'tar',
    preservedOnly: false,
    runId: '018f0000-0000-7000-8000-000000000003',
    records: 0,
    unread: 0,
    findings: { stored: 0, byTool: 0, newSinceTool: 0, known: 0 },
    sets: [SET],
    fileCounts: { read: 0, partly: 0, notRead: 25 },
    reasons: [],
    files: [],
    infos: [],
    shortened: 0,
    sameAs: null,
    leftOut: 0,
    recognised: false,
    ...more,
  }) as unknown as Report;

const shown = async (more: Partial<Report>): Promise<string> => {
  await openPage(() => <ImportReport report={report(more)} />, {});
  return document.body.textContent;
};
const info = (path: string): Report['infos'][number] => ({
  path,
  agreement: 'notStated',
  sha256: null,
  stated: null,
});

it('a folder without results is told as not compared, and names no sets', async () => {
  const text = await shown({});
  expect(text).toContain('No se comparó nada');
  expect(text).toContain('¿Es la carpeta o el archivo correcto?');
  expect(text).not.toMatch(/faro\.stix2|Se leyeron/u);
});

it('results of a tool that hold nothing are not taken for a wrong folder', async () => {
  const text = await shown({ recognised: true });
  expect(text).toContain('No se comparó nada');
  expect(text).toContain('no dice nada del teléfono');
  expect(text).not.toMatch(/carpeta o el archivo correcto|borrarlo|faro\.stix2/u);
});

it('results are told as read, and those of two runs as such', async () => {
  const text = await shown({ records: 7, infos: [info('a/info.json'), info('b/info.json')] });
  expect(text).toContain('Se leyeron 7 registros');
  expect(text).toContain('resultados de 2 corridas');
  expect(text).toContain('faro.stix2');
  expect(text).not.toContain('No se comparó nada');
});

it('those of one run are not questioned', async () => {
  expect(await shown({ records: 7, infos: [info('a/info.json')] })).not.toContain('corrida');
});

it('results that no set was there for are not told as nothing found', async () => {
  const text = await shown({ records: 7, sets: [] });
  expect(text).toContain('No se cotejó con ningún indicador');
  expect(document.querySelector('a[href*="tab=sets"]')?.textContent).toBe('Ir a los indicadores');
  expect(await shown({ records: 7 })).not.toContain('ningún indicador');
  // Nothing was read there, which is another matter than nothing to compare with.
  expect(await shown({ records: 0, sets: [] })).not.toContain('ningún indicador');
  expect(await shown({ records: 7, sets: [], preservedOnly: true })).not.toContain('ningún indicador');
});

it('what should be looked at again leads to the evidence', async () => {
  await shown({});
  expect(document.querySelector('[data-tone="due"] a[href*="open="]')?.textContent).toBe('Ver esa evidencia');
});

it('tells the files of the person, of which none is a list of the vault or a number of records', async () => {
  const file = (more: object): object => ({
    ...{ module: '', log: null, timeline: null, info: null, reason: null, status: 'read', records: 0 },
    ...more,
  });
  const text = await shown({
    recognised: true,
    fileCounts: { read: 3, partly: 0, notRead: 1 },
    files: [
      file({ path: 'sms.json', kind: 'records' }),
      file({ path: 'info.json', kind: 'info', records: 3 }),
      file({ path: 'calls.json', kind: 'records', status: 'notRead', reason: 'endsEarly' }),
      file({ path: 'SHA256SUMS.resguardo', kind: 'manifest' }),
    ] as never,
  });
  expect(text).toContain('leídos: 2 · en parte: 0 · sin leer: 1');
  expect(text).toContain('3 archivos');
  expect(text).not.toMatch(/SHA256SUMS|registros3|4 registros|3 registros/u);
});

it('nothing new of a copy is not told as nothing to review', async () => {
  const findings = { stored: 0, byTool: 1, newSinceTool: 0, known: 2 };
  expect(await shown({ records: 7, recognised: true, findings })).toContain(
    '2 hallazgos de ahí ya estaban en este examen y siguen en él.',
  );
  expect(await shown({ records: 7, recognised: true })).not.toContain('ya estaba');
});

it('results of which a part could not be read are told beside what was read', async () => {
  const file = (path: string, more: Partial<Report['files'][number]>): Report['files'][number] =>
    ({
      path,
      kind: 'records',
      status: 'read',
      reason: null,
      records: 1,
      log: null,
      timeline: null,
      ...more,
    }) as never;
  const read = [
    file('calls.json', {}),
    file('nota.pdf', { kind: 'other', status: 'notRead', reason: 'unknownFile' }),
  ];
  const broken = file('sms.json', { status: 'notRead', reason: 'endsEarly', records: 0 });
  const text = await shown({ records: 1, recognised: true, unread: 1, files: [...read, broken] });
  expect(text).toContain('Se leyó 1 registro; quedaron 0 hallazgos por revisar.');
  expect(text).toContain('1 archivo de los resultados no se leyó completo');
  expect(await shown({ records: 1, recognised: true, files: read })).not.toContain('no se pudo leer');
});

it.each([
  ['records', 'vacío'],
  ['log', 'leído está vacío'],
] as const)('a file of %s in which nothing stands is told as %s', async (kind, told) => {
  await openPage(() => <FileReading file={{ kind, status: 'read', reason: 'empty' }} />, {});
  expect(document.body.textContent).toContain(told);
  expect(document.body.textContent.includes('leído')).toBe(kind === 'log');
});
