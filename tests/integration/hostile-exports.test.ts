import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AnnexView, ExportView } from '#shared/contract/exports.ts';
import type { ExportId } from '#shared/model/ids.ts';
import { Case, code, filesIn, WITNESS } from './export-case.ts';
import { Bench } from './harness.ts';

/* What somebody who receives an export would try, against a real case and real files. */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const bench = await new Bench().create();
const file = new Case(bench);

const take = async (name: string, content: string | Buffer): Promise<void> => {
  const path = join(bench.folder, name);
  writeFileSync(path, content);
  await bench.call('evidence.take', { source: bench.fileTarget(path), caseId: file.caseId });
};
const annexOf = (view: ExportView, title: string): AnnexView => {
  const found = view.annexes.find((one) => one.title.startsWith(title));
  if (found === undefined) throw new Error(`no annex ${title}`);
  return found;
};
const printed = (view: ExportView): string =>
  view.sections
    .flatMap((section) => section.blocks)
    .flatMap((block) => [...(block.runs ?? []), ...(block.items ?? []).flat(), ...(block.rows ?? []).flat(2)])
    .map((run) => run.text)
    .join('');

beforeAll(async () => {
  await file.build();
  await file.consent(file.defender, 'given', true);
  await file.consent(file.witness, 'refused', false);
  const informant = await file.record({ name: 'Teófila Arrayán Pinzón', aliases: ['Tofi'] });
  await bench.call('incidents.record', {
    caseId: file.caseId,
    title: 'Reunión reservada',
    happened: { kind: 'day', day: '2026-06-15' },
    narrative: `@[Mari](person:${file.defender}) habló con la relatoría en voz baja.`,
    place: {
      stateCode: 'PUE',
      municipality: 'Ahuehuete Viejo',
      locality: 'Huerta Quemada',
      words: '',
      latitude: 18.9871,
      longitude: -97.6543,
      precisionMeters: 10,
    },
    verySensitive: true,
    sources: [{ personId: informant, words: '', knowledge: 'sawIt' }],
    acts: [
      {
        type: 'reprisalForCooperation',
        subtype: '',
        personId: file.defender,
        personWords: '',
        targetKind: 'person',
        harms: [],
        note: '',
        involvements: [],
      },
    ],
  });
});
afterAll(async () => {
  await bench.end();
});

describe('a very sensitive incident', () => {
  it('stays out of text and figures until somebody takes it in, and can be left out again', async () => {
    for (const profile of ['iachr-precautionary', 'public'] as const) {
      const id = await file.prepare(`Sensible ${profile}`, profile);
      const before = await file.view(id);
      expect(printed(before)).not.toMatch(/relatoría|Represalia|voz baja/);
      const [sensitive] = before.verySensitive;
      expect(sensitive).toMatchObject({ title: 'Reunión reservada', included: false });
      const incidentId = sensitive?.incidentId ?? ('' as never);
      await bench.call('exports.takeIncident', { id, incidentId, included: true });
      const after = await file.view(id);
      expect(printed(after)).toContain('relatoría');
      await bench.call('exports.takeIncident', { id, incidentId, included: false });
      expect(printed(await file.view(id))).toBe(printed(before));
    }
  });

  it('is searched for all the same: its people and its place', async () => {
    const id = await file.prepare('Sensible buscada');
    await bench.call('exports.writeSection', {
      id,
      section: 'gravity',
      text: 'Lo sabe Teófila Arrayán, de Huerta Quemada (18.9871, -97.6543).',
    });
    const found = (await file.view(id)).suggestions.map((one) => one.text).join(' | ');
    for (const value of ['Teófila Arrayán', 'Huerta Quemada', '18.9871']) expect(found).toContain(value);
  });
});

describe('an export of some months', () => {
  it('still searches for everybody and every place of the whole case', async () => {
    const { id } = await bench.call('exports.prepare', {
      caseId: file.caseId,
      profile: 'iachr-precautionary',
      recipient: 'CIDH por meses',
      purpose: '',
      language: 'es',
      fromDay: '2025-01-01',
      toDay: '2025-02-01',
    });
    await bench.call('exports.writeSection', {
      id,
      section: 'summary',
      text: 'Tofi vive en Piedra Honda de los Encinos, 17.4321, -99.8765.',
    });
    const found = (await file.view(id)).suggestions.map((one) => one.text).join(' | ');
    for (const value of ['Tofi', 'Piedra Honda', '17.4321']) expect(found).toContain(value);
  });
});

describe('a name that says which village it is', () => {
  it('is not printed of itself, and frees nothing else when it is', async () => {
    const { id: council } = await bench.call('persons.record', {
      name: 'Ronda comunitaria de Piedra Honda',
      kind: 'authority',
    });
    await bench.call('cases.addPerson', {
      caseId: file.caseId,
      personId: council,
      roles: ['other'],
      relation: '',
      reserved: false,
    });
    const id = await file.prepare('Ronda');
    await bench.call('exports.writeSection', {
      id,
      section: 'summary',
      text: `@[Ronda](person:${council}) llegó tarde.`,
    });
    const before = await file.view(id);
    expect(before.consents.find((one) => one.personId === council)?.treatment).toBe('pseudonym');
    expect(printed(before)).not.toContain('Ronda comunitaria');
    expect(before.suggestions.map((one) => one.text)).toContain('Piedra Honda');
    await bench.call('exports.treatPerson', { id, personId: council, treatment: 'name' });
    expect(printed(await file.view(id))).toContain('Ronda comunitaria de Piedra Honda');
  });
});

describe('a head town', () => {
  it('bears the name of its municipality, which is printed, and stops nothing', async () => {
    const other = await new Case(bench).build();
    await other.consent(other.defender, 'given', true);
    await bench.call('incidents.record', {
      caseId: other.caseId,
      happened: { kind: 'day', day: '2026-05-28' },
      place: {
        stateCode: 'GRO',
        municipality: 'Villa Encinares',
        locality: 'Villa Encinares (cabecera)',
        words: 'Villa Encinares',
        latitude: null,
        longitude: null,
        precisionMeters: null,
      },
      narrative: 'La policía pasó de largo.',
    });
    const { id: police } = await bench.call('persons.record', {
      name: 'Policía Municipal de Villa Encinares',
      kind: 'authority',
    });
    await bench.call('cases.addPerson', {
      caseId: other.caseId,
      personId: police,
      roles: ['allegedPerpetrator'],
      relation: '',
      reserved: false,
    });
    const id = await other.prepare('Cabecera');
    await other.decideAll(id);
    expect((await file.view(id)).consents.find((one) => one.personId === police)?.treatment).toBe('name');
    const { report } = await bench.call('exports.check', { id, form: 'filing' });
    expect(report.hits.filter((hit) => /Encinares/.test(hit.found))).toEqual([]);
    // The public gets the state alone: there the same words are withheld.
    const open = await other.prepare('Cabecera al público', 'public');
    expect((await file.view(open)).consents.find((one) => one.personId === police)?.treatment).not.toBe(
      'name',
    );
    await bench.call('exports.writeSection', { id: open, section: 'findings', text: 'En Villa Encinares.' });
    expect((await file.view(open)).suggestions.map((one) => one.text)).toContain('Villa Encinares');
  });
});

describe('a consent taken back', () => {
  it('stops the public text until somebody says how she appears', async () => {
    const other = await new Case(bench).build();
    const given = await other.consent(other.defender, 'given', true, 'publicReport', true);
    await bench.call('consents.withdraw', {
      id: given.id as never,
      version: given.version,
      day: '2026-06-17',
      reason: 'cambió la situación de su hija',
    });
    const id = await other.prepare('Informe', 'public');
    const ready = async (): Promise<void> => {
      await other.decideAll(id);
      await bench.call('exports.check', { id, form: 'filing' });
      await other.judgeAll(id);
      await bench.call('exports.confirmInventory', { id });
    };
    await ready();
    const out = join(bench.folder, 'withdrawn-public');
    expect(await code(other.release(id, out, 'filing'))).toBe('export.consentRefused');
    expect(filesIn(out)).toEqual([]);
    await bench.call('exports.treatPerson', { id, personId: other.defender, treatment: 'withhold' });
    await ready();
    expect(await code(other.release(id, out, 'filing'))).toBe('done');
    const text = readFileSync(filesIn(out).find((path) => path.endsWith('texto.txt')) ?? '', 'utf8');
    expect(text).not.toMatch(/Maricela|Xochimitl|27 de mayo/);
  });
});

describe('files that go as they came', () => {
  let id: ExportId;
  const nickname = 'Tofi';
  beforeAll(async () => {
    await take('nota.html', `<html><body><p>Nos lo cont&oacute; ${nickname}.</p></body></html>`);
    await take(
      'reporte.eml',
      `From: a@plataforma.example\nSubject: x\nContent-Transfer-Encoding: quoted-printable\n\nNos lo cont=C3=B3 To=\nfi, y tambi=C3=A9n Pinz=C3=B3n.\n`,
    );
    const inner = join(bench.folder, 'chat.txt');
    writeFileSync(inner, `3/6/25 - ${nickname}: hola\n`);
    execFileSync('python3', [
      '-c',
      'import sys,zipfile; zipfile.ZipFile(sys.argv[1],"w").write(sys.argv[2],"chat.txt")',
      join(bench.folder, 'respaldo.copia'),
      inner,
    ]);
    await take('respaldo.copia', readFileSync(join(bench.folder, 'respaldo.copia')));
    id = await file.prepare('Enteros');
  });

  it.each(['nota', 'reporte', 'respaldo'])(
    'are searched for nicknames and surnames too, whatever their ending: %s',
    async (title) => {
      const { evidenceId } = annexOf(await file.view(id), title);
      await bench.call('exports.treatAnnex', { id, evidenceId, treatment: 'whole' });
      await file.decideAll(id);
      const { state, report } = await bench.call('exports.check', { id, form: 'package' });
      const inAnnex = report.hits.filter((hit) => hit.file.includes('Anexo_'));
      expect(inAnnex.map((hit) => hit.found.replace(/\s|=/g, ''))).toContain(nickname);
      expect(state).toBe('blocked');
      await bench.call('exports.treatAnnex', { id, evidenceId, treatment: 'leaveOut' });
    },
  );

  it('are not on offer for the public', async () => {
    const open = await file.prepare('Enteros al público', 'public');
    const view = await file.view(open);
    for (const title of ['nota', 'reporte', 'respaldo']) {
      const annex = annexOf(view, title);
      expect(annex.allowedTreatments).toEqual(['leaveOut']);
      expect(
        await code(
          bench.call('exports.treatAnnex', { id: open, evidenceId: annex.evidenceId, treatment: 'whole' }),
        ),
      ).toBe('call.invalidInput');
    }
  });
});

describe('at one in the morning', () => {
  it('one judgement of a sentence counts in the PDF, the DOCX and the text', async () => {
    const id = await file.prepare('Una vez');
    await bench.call('exports.writeSection', {
      id,
      section: 'summary',
      text: 'La Luna alumbraba el camino. En el Estado de Guerrero, la paz de la comunidad y los campos de cultivo; luna nueva.',
    });
    const open = (await file.view(id)).suggestions.filter((one) => one.decision === null);
    await bench.call('exports.decide', {
      id,
      decisions: open.map((one) => ({
        suggestionId: one.id,
        action: one.text === 'Luna' ? ('keep' as const) : ('withhold' as const),
        reason: 'el astro',
      })),
    });
    const { report } = await bench.call('exports.check', { id, form: 'package' });
    expect(report.hits.filter((hit) => !hit.adjudicable)).toEqual([]);
    const toJudge = report.hits.filter((hit) => hit.verdict === null);
    expect(toJudge.map((hit) => hit.found)).toEqual(toJudge.map(() => 'Luna'));
    expect(toJudge.length).toBeGreaterThan(2);
    const [first] = toJudge;
    const { open: left } = await bench.call('exports.adjudicate', {
      id,
      hitId: first?.id ?? '',
      verdict: 'other',
    });
    expect(left).toBe(0);
  });
});

describe('two people read what they got side by side', () => {
  it('and find no common identifier', async () => {
    const texts: string[] = [];
    for (const [recipient, profile] of [
      ['Uno', 'iachr-precautionary'],
      ['Dos', 'public'],
    ] as const) {
      const id = await file.prepare(`Cruce ${recipient}`, profile);
      await file.decideAll(id);
      await bench.call('exports.check', { id, form: 'filing' });
      await file.judgeAll(id);
      await bench.call('exports.confirmInventory', { id });
      const out = join(bench.folder, `cross-${recipient}`);
      await file.release(id, out, 'filing');
      texts.push(
        filesIn(out)
          .map((path) => readFileSync(path, 'latin1'))
          .join('\n'),
      );
    }
    const tokens = texts.map(
      (text) => new Set([...text.matchAll(/\b[0-9A-Fa-f]{16,}\b/g)].map((match) => match[0].toLowerCase())),
    );
    expect([...(tokens[0] ?? [])].filter((token) => tokens[1]?.has(token))).toEqual([]);
    for (const text of texts) expect(text).not.toContain(WITNESS);
  });
});
