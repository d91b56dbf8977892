import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import type { CaseId, EvidenceId, PersonId } from '#shared/model/ids.ts';
import type { DeviceId, ExaminationId, IndicatorSetId, ReceptionId } from '#shared/model/surveillance-ids.ts';
import { filesIn, unzip } from './export-case.ts';
import { tryRun } from '../interop/outside-command.ts';
import { Bench } from './harness.ts';
import { codeOf, STIX } from './stix-sample.ts';

/** Text of a PDF by an outside program; null where it is not installed, which is a failure on the build machine. */
const pdfText = (path: string): string | null => {
  const { code, out } = tryRun('pdftotext', ['-layout', path, '-']);
  if (code === null && process.env['CI'] !== 'true') return null;
  expect(code).toBe(0);
  return out;
};

const CASE_TITLE = 'Ausencia de Tadeo Villaseñor Prado';
const REASON = 'Creen que lo seguían por su trabajo en la radio comunitaria';

let bench: Bench;
let source: string;
let caseId: CaseId;
let mother: PersonId;
let son: PersonId;

const put = (name: string, bytes: Uint8Array | string): string => {
  const path = join(source, name);
  writeFileSync(path, bytes);
  return path;
};
const take = async (name: string, bytes: Uint8Array | string): Promise<EvidenceId> =>
  (await bench.call('evidence.take', { source: bench.fileTarget(put(name, bytes)), caseId })).id;

const addSet = async (
  name: string,
  content: Uint8Array | string,
  more: Partial<CallInput<'indicatorSets.add'>> = {},
): Promise<CallOutput<'indicatorSets.add'>> =>
  bench.call('indicatorSets.add', { target: bench.fileTarget(put(name, content)), ...more });

beforeAll(async () => {
  bench = await new Bench().create();
  source = mkdtempSync(join(tmpdir(), 'surveillance-source-'));
  const opened = await bench.call('cases.open', {
    title: CASE_TITLE,
    state: 'active',
    summary: '',
    openedDay: '2026-10-01',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });
  caseId = opened.id;
  mother = (await bench.call('persons.record', { name: 'Eulalia Prado Montiel' })).id;
  son = (await bench.call('persons.record', { name: 'Tadeo Villaseñor Prado' })).id;
});
afterAll(async () => {
  await bench.end();
  rmSync(source, { recursive: true, force: true });
});

describe("a mother hands over her son's phone", () => {
  let deviceId: DeviceId;
  let receptionId: ReceptionId;
  let folio: string;
  let pending: ExaminationId;
  let set: IndicatorSetId;

  test('the device is received, sealed and photographed', async () => {
    deviceId = (
      await bench.call('devices.record', {
        caseId,
        ownerId: son,
        kind: 'phone',
        make: 'Lumina',
        model: 'L7',
        identifiers: [{ kind: 'imei', value: '350000000000017' }],
      })
    ).id;
    const photo = await take('foto.txt', 'foto de prueba');
    const received = await bench.call('receptions.record', {
      deviceId,
      handedById: mother,
      relation: 'madre',
      receivedAt: '2026-10-02T17:05:00.000Z',
      power: ['off', 'locked'],
      seal: 'S-0042',
      reason: REASON,
      prosecutorFile: 'yes',
      evidence: [{ role: 'photo', evidenceId: photo }],
    });
    receptionId = received.id;
    folio = received.folio;
    expect(folio).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    const device = await bench.call('devices.get', { id: deviceId });
    expect(device.state).toBe('keptAsEvidence');
    expect(received.deviceVersion).toBe(device.version);
    expect(device.receptions[0]?.evidence.map(({ evidenceId }) => evidenceId)).toEqual([photo]);
    expect(await codeOf(bench.call('receptions.record', { deviceId }))).toBe('device.alreadyReceived');
  });

  test.each(['es', 'en'] as const)(
    'the receipt (%s) has two signatures and neither case nor reason',
    async (language) => {
      const path = join(source, `recibo-${language}.pdf`);
      await bench.call('receptions.receipt', {
        id: receptionId,
        language,
        target: bench.outTarget('targetFile', path),
      });
      const text = pdfText(path);
      if (text === null) return;
      expect(text).toContain(folio);
      expect(text).toContain('350000000000017');
      expect(text).toContain('S-0042');
      expect(text).toContain('Eulalia Prado Montiel');
      expect(text).toMatch(language === 'es' ? /Quien entrega/ : /Hands over/);
      expect(text).toMatch(language === 'es' ? /Quien recibe/ : /Receives/);
      for (const word of [CASE_TITLE, 'Tadeo', 'radio comunitaria', 'seguían', 'EXP-'])
        expect(text).not.toContain(word);
      const raw = readFileSync(path).toString('latin1');
      expect(raw).not.toContain('EXP-');
      const { rows } = await bench.call('surveillance.outputs', { caseId });
      expect(rows[0]).toMatchObject({ kind: 'receipt', recipient: 'Eulalia Prado Montiel' });
    },
  );

  test('a relative as basis needs to say so, and then saves', async () => {
    expect(await codeOf(bench.call('examinations.record', { deviceId, basis: 'relative' }))).toBe(
      'examination.basisNeedsDocument',
    );
    const { id } = await bench.call('examinations.record', {
      deviceId,
      basis: 'relative',
      basisPersonId: mother,
      basisWords: 'madre; titular desaparecido desde el 29 de septiembre',
    });
    expect(await bench.call('examinations.get', { id })).toMatchObject({
      basis: 'relative',
      outcome: 'notMatched',
    });
  });

  test('preservation only: the copy is kept, and nothing is read, matched, judged or sent', async () => {
    set = (await addSet('faro.stix2', STIX(['faro-negro.example', 'sub.luz.example']), { day: '2026-09-01' }))
      .id;
    const copy = await take('copia.txt', 'https://a.faro-negro.example/x\n');
    pending = (
      await bench.call('examinations.record', {
        deviceId,
        basis: 'pending',
        evidence: [
          { role: 'acquisition', evidenceId: copy },
          { role: 'results', evidenceId: copy },
        ],
        sets: [set],
      })
    ).id;
    for (const refused of [
      bench.call('examinations.match', { id: pending }),
      bench.call('findings.list', { examinationId: pending }),
      bench.call('findings.enter', { examinationId: pending, module: 'sms', observed: 'x' }),
      bench.call('surveillance.exportStix', {
        examinationIds: [pending],
        recipient: 'Laboratorio aliado',
        target: bench.outTarget('targetFile', join(source, 'nunca.json')),
      }),
      bench.call('evidence.save', {
        id: copy,
        target: bench.outTarget('targetFile', join(source, 'nunca.txt')),
      }),
    ])
      expect(await codeOf(refused)).toBe('examination.preservationOnly');
    expect(await bench.call('examinations.get', { id: pending })).toMatchObject({
      outcome: 'preservedOnly',
      counts: { total: 0 },
    });
    expect((await bench.call('evidence.get', { id: copy })).text).toBe('');
  });

  test('a dump of the vault leaves the content of such a copy behind and says how many', async () => {
    const out = join(source, 'volcado');
    mkdirSync(out);
    const plan = await bench.call('dump.prepare', {
      lock: { kind: 'plain' },
      reservedNotes: true,
      language: 'es',
    });
    expect(plan.evidence.preservedOnly).toBe(1);
    const total = (await bench.call('evidence.list', {})).total;
    expect(plan.evidence.files).toBe(total - 1);
    const done = await bench.call('dump.write', {
      id: plan.id,
      target: bench.outTarget('targetFolder', out),
      typedPlain: 'sin cifrar',
      typedReserved: 'notas reservadas',
    });
    expect(done.evidence).toBe(total - 1);
    // Stored, not deflated: the words of a copy would be in the file as they are.
    const bytes = readFileSync(join(out, done.file)).toString('latin1');
    expect(bytes).toContain('"preservedOnlyLeftOut": 1');
    expect(bytes).not.toContain('https://a.faro-negro.example/x');
  });

  test('custody runs from reception to return without a gap, and only the return entry gives it back', async () => {
    const device = await bench.call('devices.get', { id: deviceId });
    for (const state of ['returned', 'inUse'] as const)
      expect(
        await codeOf(
          bench.call('devices.amend', { id: deviceId, version: device.version, changes: { state } }),
        ),
      ).toBe('device.returnNeedsEntry');
    expect(
      await codeOf(
        bench.call('devices.custody', { deviceId, action: 'copied', at: '2026-10-01T00:00:00.000Z' }),
      ),
    ).toBe('device.custodyOrder');
    await bench.call('devices.custody', { deviceId, action: 'copied', at: '2026-10-03T10:00:00.000Z' });
    const reception = device.receptions[0];
    await bench.call('receptions.return', {
      id: receptionId,
      version: reception?.version ?? 0,
      returnedAt: '2026-10-09T18:00:00.000Z',
      toPersonId: mother,
      toWords: '',
      relation: 'madre',
      condition: 'igual',
      sealIntact: 'yes',
    });
    const after = await bench.call('devices.get', { id: deviceId });
    expect(after.custody.map(({ action }) => action)).toEqual(['received', 'sealed', 'copied', 'returned']);
    expect(after.custodyGaps).toEqual([]);
    expect(after.state).toBe('returned');
    expect(after.custody.at(-1)?.holder).toBe('Eulalia Prado Montiel');
    expect(
      await codeOf(
        bench.call('devices.custody', { deviceId, action: 'examined', at: '2026-10-10T10:00:00.000Z' }),
      ),
    ).toBe('device.notReceived');
  });

  test('with the basis recorded the same copy is compared, and findings wait for a person', async () => {
    const before = await bench.call('examinations.get', { id: pending });
    await bench.call('examinations.amend', {
      id: pending,
      version: before.version,
      changes: { basis: 'relative', basisWords: 'madre, titular desaparecido' },
    });
    const run = await bench.call('examinations.match', { id: pending });
    expect(run.findings).toBe(1);
    const { rows } = await bench.call('findings.list', { examinationId: pending });
    const [finding] = rows;
    expect(finding).toMatchObject({ state: 'toReview', observed: 'hxxps://a[.]faro-negro[.]example/x' });
    expect(new Set(finding?.hits.map(({ mode }) => mode))).toEqual(new Set(['mvt', 'strict']));
    const id = finding?.id ?? ('' as never);
    expect(await codeOf(bench.call('findings.review', { ids: [id], state: 'falsePositive' }))).toBe(
      'finding.needsReason',
    );
    expect(await codeOf(bench.call('findings.review', { ids: [id], state: 'confirmed' }))).toBe(
      'finding.needsReason',
    );
    await bench.call('findings.review', { ids: [id], state: 'suspicious', note: 'segunda mirada pedida' });
    await bench.call('findings.review', { ids: [id], state: 'confirmed', confirmedBy: 'Laboratorio Aliado' });
    const judged = await bench.call('findings.get', { id });
    expect(judged.history.map(({ state }) => state)).toEqual(['confirmed', 'suspicious']);
    expect(await bench.call('examinations.get', { id: pending })).toMatchObject({ outcome: 'confirmed' });
  });

  test('what is sent to other analysts names indicators and nobody', async () => {
    const path = join(source, 'fuera.stix2.json');
    const done = await bench.call('surveillance.exportStix', {
      examinationIds: [pending],
      recipient: 'Línea de ayuda',
      target: bench.outTarget('targetFile', path),
    });
    expect(done).toMatchObject({ indicators: 1, sightings: 1 });
    const text = readFileSync(path, 'utf8');
    for (const word of [
      'Tadeo',
      'Eulalia',
      'Lumina',
      '3500000',
      'a.faro-negro',
      'Bermejo',
      pending,
      deviceId,
      caseId,
    ])
      expect(text).not.toContain(word);
    const again = await addSet('vuelta.json', text);
    expect(again.indicators).toBe(1);
    expect(again.skipped).toBe(0);
    const { rows } = await bench.call('indicatorSets.inspect', { id: again.id });
    expect(rows).toMatchObject([
      { value: 'faro-negro[.]example', type: 'domains', collection: 'Faro Negro' },
    ]);
    const second = join(source, 'otra.stix2.json');
    await bench.call('surveillance.exportStix', {
      examinationIds: [pending],
      recipient: 'Línea de ayuda',
      target: bench.outTarget('targetFile', second),
    });
    const idsIn = (json: string): string[] => json.match(/[a-z]+--[0-9a-f-]{36}/g) ?? [];
    const first = new Set(idsIn(text));
    expect(idsIn(readFileSync(second, 'utf8')).filter((one) => first.has(one))).toEqual([]);
  });

  test.each([
    ['es', 'filing'],
    ['en', 'package'],
  ] as const)(
    'the forensic summary (%s, %s) carries the caution and passes the gate',
    async (language, form) => {
      const { id } = await bench.call('exports.prepare', {
        caseId,
        profile: 'forensic-summary',
        recipient: `Laboratorio ${language}`,
        purpose: 'segunda mirada',
        language,
      });
      const begun = await bench.call('exports.view', { id });
      expect(begun.completeness).toEqual([
        { id: 'examined', article: '', met: true },
        { id: 'reviewed', article: '', met: true },
      ]);
      for (let round = 0; round < 4; round += 1) {
        const open = (await bench.call('exports.view', { id })).suggestions.filter(
          (one) => one.decision === null,
        );
        if (open.length === 0) break;
        await bench.call('exports.decide', {
          id,
          decisions: open.map((one) => ({
            suggestionId: one.id,
            action: one.actions.includes('keep') ? ('keep' as const) : ('withhold' as const),
            reason: 'valor publicado',
          })),
        });
      }
      const { report } = await bench.call('exports.check', { id, form });
      for (const hit of report.hits)
        if (hit.adjudicable) await bench.call('exports.adjudicate', { id, hitId: hit.id, verdict: 'other' });
      expect(report.hits.filter((hit) => !hit.adjudicable)).toEqual([]);
      expect(report.outsideAllowList).toEqual([]);
      expect(report.undecoded).toEqual([]);
      await bench.call('exports.confirmInventory', { id });
      const folder = mkdtempSync(join(source, 'summary-'));
      const done = await bench.call('exports.release', {
        id,
        form,
        target: bench.outTarget('targetFolder', folder),
        ageRecipients: [],
        emergencyReason: 'una sola persona de guardia',
      });
      expect(done.files.length).toBeGreaterThan(0);
      if (form === 'package') {
        const archive = join(folder, done.files[0]?.name ?? '');
        unzip(archive, folder);
        const names = filesIn(folder);
        expect(names.some((name) => name.endsWith('filing.docx'))).toBe(true);
      }
      const pdf = filesIn(folder).find((name) => /(?:escrito|filing)\.pdf$/.test(name)) ?? '';
      const text = pdfText(pdf)?.replace(/\s+/g, ' ');
      if (text === undefined) return;
      expect(text).toContain(
        language === 'es' ? 'No restablecerlo de fábrica' : 'Do not reset it to factory settings',
      );
      expect(text).toContain(
        language === 'es' ? 'Hallazgos confirmados por quien' : 'Findings confirmed by whoever',
      );
      expect(text).toContain('Lumina L7');
      expect(text).toContain('Laboratorio');
      expect(text).toContain('faro.stix2');
      expect(text).toContain('faro-negro[.]example');
      for (const word of ['350000000000017', 'Tadeo', 'Eulalia', 'S-0042', 'Bermejo', folio, CASE_TITLE])
        expect(text).not.toContain(word);
      expect(text).not.toMatch(/infectad|infected|limpio|\bclean\b/i);
    },
  );
});
