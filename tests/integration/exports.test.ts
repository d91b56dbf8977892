import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ExportView } from '#shared/contract/exports.ts';
import type { ExportId, PersonId } from '#shared/model/ids.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { Case, code, filesIn, SECRETS, unzip, WITNESS } from './export-case.ts';
import { Bench } from './harness.ts';
import { openingFields } from './slots-bench.ts';

/** A check renders, decodes with five engines and searches; machines under load need their time. */
vi.setConfig({ testTimeout: 300_000 });

const bench = await new Bench().create();
const file = new Case(bench);
beforeAll(async () => {
  await file.build();
  await file.consent(file.defender, 'given', true);
  await file.consent(file.witness, 'refused', false);
});
afterAll(async () => {
  await bench.end();
});

it('takes no consent for given where nobody is recorded in the case', async () => {
  const { id: caseId } = await bench.call('cases.open', {
    title: 'Sin personas',
    state: 'active',
    summary: '',
    openedDay: '2026-03-01',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });
  await bench.call('incidents.record', { caseId, narrative: 'Cortaron el cable de la antena.' });
  const { id } = await bench.call('exports.prepare', {
    ...{ caseId, profile: 'public', recipient: 'Prensa', purpose: '', language: 'es' },
  });
  const view = await bench.call('exports.view', { id });
  expect(view.consents).toEqual([]);
  expect(view.completeness.find((one) => one.id === 'publicConsent')).toMatchObject({ met: false });
});

it('asks a body that wants her own answer for that answer: a pseudonym is none', async () => {
  const { id: caseId } = await bench.call('cases.open', { ...openingFields, code: 'SIN-RESPUESTA' });
  const { id: personId } = await bench.call('persons.record', { name: 'Ana Tlapalli' });
  await bench.call('cases.addPerson', { caseId, personId, roles: ['beneficiary'], relation: '' });
  const { id } = await bench.call('exports.prepare', {
    caseId,
    profile: 'iachr-precautionary',
    recipient: 'CIDH',
    purpose: '',
    language: 'es',
  });
  const isMet = async (): Promise<boolean | undefined> =>
    (await bench.call('exports.view', { id })).completeness.find((one) => one.id === 'consentOrReason')?.met;
  expect(await isMet()).toBe(false);
  await bench.call('consents.record', {
    caseId,
    personId,
    recipientClass: 'iachr',
    answer: 'impeded',
    toBody: true,
    toState: true,
    toPublic: false,
    impediment: { reason: 'incommunicado', words: 'detenida', since: { kind: 'unknown' } },
  });
  expect(await isMet()).toBe(true);
  // A refusal is an answer where it is kept to, and none where somebody named her against it.
  const [given] = (await bench.call('consents.list', { caseId, personId })).rows;
  if (given === undefined) throw new Error('no consent');
  await bench.call('consents.withdraw', {
    id: given.id,
    version: given.version,
    day: '2026-03-02',
    reason: 'ya no quiere',
  });
  await bench.call('exports.treatPerson', { id, personId, treatment: 'name' });
  expect(await isMet()).toBe(false);
  await bench.call('exports.treatPerson', { id, personId, treatment: 'withhold' });
  expect(await isMet()).toBe(true);
});

it('takes neither a consent that ran out nor a restriction for an answer', async () => {
  const { id: caseId } = await bench.call('cases.open', { ...openingFields, code: 'SIN-VIGENCIA' });
  const add = async (name: string): Promise<PersonId> => {
    const { id: personId } = await bench.call('persons.record', { name });
    await bench.call('cases.addPerson', { caseId, personId, roles: ['beneficiary'], relation: '' });
    return personId;
  };
  const say = async (
    personId: PersonId,
    recipientClass: 'iachr' | 'publicReport',
    expiresDay: string | null,
  ) => {
    await bench.call('consents.record', {
      ...{ caseId, personId, recipientClass, answer: 'given', expiresDay },
      ...{ toBody: true, toState: true, toPublic: true },
    });
  };
  const prepare = async (profile: 'iachr-precautionary' | 'public'): Promise<ExportId> => {
    const filled = { caseId, profile, recipient: 'R', purpose: '', language: 'es' } as const;
    return (await bench.call('exports.prepare', filled)).id;
  };
  const isMet = async (id: ExportId, point: string): Promise<boolean | undefined> =>
    (await bench.call('exports.view', { id })).completeness.find((one) => one.id === point)?.met;

  const ana = await add('Ana Tlapalli');
  const filing = await prepare('iachr-precautionary');
  await say(ana, 'iachr', '2020-01-01');
  await bench.call('exports.treatPerson', { id: filing, personId: ana, treatment: 'withhold' });
  expect(await isMet(filing, 'consentOrReason')).toBe(false);
  await say(ana, 'iachr', null);
  expect(await isMet(filing, 'consentOrReason')).toBe(true);

  const publication = await prepare('public');
  await say(ana, 'publicReport', '2020-01-01');
  await bench.call('exports.treatPerson', { id: publication, personId: ana, treatment: 'name' });
  expect(await isMet(publication, 'publicConsent')).toBe(false);
  await bench.call('exports.treatPerson', { id: publication, personId: ana, treatment: 'pseudonym' });
  expect(await isMet(publication, 'publicConsent')).toBe(true);

  // A restriction says nothing about the filing: nobody ever asked her.
  const berta = await add('Berta Xolalpa');
  expect(await isMet(filing, 'consentOrReason')).toBe(false);
  await bench.call('erasure.restrict', {
    personId: berta,
    requestId: null,
    reason: 'lo pide',
    legalBasis: 'ley',
  });
  expect(await isMet(filing, 'consentOrReason')).toBe(false);
});

describe('an export to the Inter-American Commission', () => {
  let id: ExportId;

  it('shows what is to be decided and hides nothing', async () => {
    id = await file.prepare('CIDH');
    const view = await file.view(id);
    expect(view.state).toBe('deciding');
    expect(view.suggestions.map((one) => one.text)).toContain(WITNESS);
    expect(view.suggestions.filter((one) => one.decision === null).length).toBeGreaterThanOrEqual(3);
    const refused = view.consents.find((one) => one.personId === file.witness);
    expect(refused).toMatchObject({ result: 'excluded', because: 'refused', treatment: 'withhold' });
    expect(view.consents.find((one) => one.personId === file.defender)).toMatchObject({
      result: 'allowed',
      treatment: 'name',
    });
    expect(view.annexes[0]?.warnings).toContain('hasLocation');
    expect(view.completeness.find((one) => one.id === 'gravity')?.met).toBe(false);
  });

  it('checks nothing while decisions are open, and releases nothing unchecked', async () => {
    expect(await code(bench.call('exports.check', { id, form: 'package' }))).toBe('export.pendingDecisions');
    expect(await code(file.release(id, join(bench.folder, 'early'), 'package'))).toBe('export.notChecked');
    expect(filesIn(join(bench.folder, 'early'))).toEqual([]);
  });

  it('does not let a strong value be kept', async () => {
    const suggestion = (await file.view(id)).suggestions.find((one) => one.text === WITNESS);
    expect(suggestion?.actions).not.toContain('keep');
    expect(
      await code(
        bench.call('exports.decide', {
          id,
          decisions: [{ suggestionId: suggestion?.id ?? '', action: 'keep', reason: 'x' }],
        }),
      ),
    ).toBe('call.invalidInput');
  });

  it('goes out after decisions, check and reading, and outside tools agree with it', async () => {
    await file.decideAll(id);
    await bench.call('exports.treatAnnex', {
      id,
      evidenceId: file.picture,
      treatment: 'reencode',
      boxes: [{ page: 0, box: { x: 30, y: 30, width: 100, height: 70 } }],
    });
    await bench.call('exports.writeSection', {
      id,
      section: 'gravity',
      text: 'La amenaza es directa y reciente.',
    });
    const { report, state } = await bench.call('exports.check', { id, form: 'package' });
    expect({
      undecoded: report.undecoded,
      outside: report.outsideAllowList,
      final: report.hits.filter((hit) => !hit.adjudicable),
    }).toEqual({ undecoded: [], outside: [], final: [] });
    expect(state === 'checked' || report.hits.length > 0).toBe(true);
    expect(report.decoders.length).toBeGreaterThanOrEqual(4);
    expect(report.inventory.length).toBeGreaterThan(0);
    await file.judgeAll(id);
    const out = join(bench.folder, 'cidh');
    expect(await code(file.release(id, out, 'package'))).toBe('export.notChecked');
    await bench.call('exports.confirmInventory', { id });
    const released = await file.release(id, out, 'package');
    expect(released.publicKey).not.toBeNull();
    const [archive = ''] = filesIn(out);
    const inside = join(bench.folder, 'cidh-inside');
    unzip(archive, inside);
    const bag = join(inside, readdirSync(inside)[0] ?? '');
    execFileSync('sha256sum', ['-c', '--quiet', 'manifest-sha256.txt'], { cwd: bag });
    if (existsSync('/usr/bin/minisign'))
      execFileSync('minisign', ['-Vm', 'tagmanifest-sha256.txt', '-P', released.publicKey ?? ''], {
        cwd: bag,
      });
    const pdf = join(bag, 'data/filing.pdf');
    const text = execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' });
    expect(text).toContain('Maricela Xochimitl Olmedo');
    expect(text).toContain('[dato reservado]');
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    for (const path of filesIn(bag)) {
      const bytes = readFileSync(path);
      for (const secret of SECRETS) {
        expect(bytes.includes(secret)).toBe(false);
        expect(bytes.includes(Buffer.from(secret, 'utf16le'))).toBe(false);
      }
    }
    const picture = filesIn(join(bag, 'data/annexes'))[0] ?? '';
    const facts = execFileSync('exiftool', ['-a', '-G1', '-s', picture], { encoding: 'utf8' });
    expect(facts).not.toMatch(/GPS|Artist|EXIF/);
    const pixel = execFileSync('convert', [picture, '-format', '%[pixel:p{35,35}]', 'info:'], {
      encoding: 'utf8',
    });
    expect(pixel).toMatch(/\(0,0,0\)|black|gray\(0\)/);
  });

  it('is in the ledger and cannot be changed afterwards', async () => {
    const { rows } = await bench.call('exports.ledger', { caseId: file.caseId });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ exportId: id, recipient: 'CIDH', annexes: 1, emergency: true });
    expect(await code(bench.call('exports.writeSection', { id, section: 'gravity', text: 'otra' }))).toBe(
      'export.changedSinceCheck',
    );
  });

  it('verifies, and says so when one byte changes', async () => {
    const [archive = ''] = filesIn(join(bench.folder, 'cidh'));
    const { rows } = await bench.call('exports.ledger', {});
    const publicKey = rows[0]?.publicKey ?? '';
    expect(await bench.call('exports.verify', { target: bench.fileTarget(archive) })).toMatchObject({
      intact: true,
      authentic: null,
    });
    expect(
      await bench.call('exports.verify', { target: bench.fileTarget(archive), publicKey }),
    ).toMatchObject({ intact: true, authentic: true });
    const bytes = readFileSync(archive);
    const at = bytes.indexOf('Payload-Oxum');
    bytes[at + 14] = (bytes[at + 14] ?? 0) ^ 1;
    const broken = join(bench.folder, 'broken.zip');
    writeFileSync(broken, bytes);
    expect((await bench.call('exports.verify', { target: bench.fileTarget(broken), publicKey })).intact).toBe(
      false,
    );
  });
});

describe('consent at the moment of leaving', () => {
  it('stops a name that somebody chose against a refusal', async () => {
    const id = await file.prepare('CIDH segunda');
    await bench.call('exports.treatPerson', { id, personId: file.witness, treatment: 'name' });
    await file.decideAll(id);
    await bench.call('exports.check', { id, form: 'filing' });
    await file.judgeAll(id);
    await bench.call('exports.confirmInventory', { id });
    const out = join(bench.folder, 'refused');
    expect(await code(file.release(id, out, 'filing'))).toBe('export.consentRefused');
    expect(filesIn(out)).toEqual([]);
  });

  it('stops when consent is withdrawn between check and release', async () => {
    const other = new Case(bench);
    await other.build();
    const consent = await other.consent(other.defender, 'given', true);
    const id = await other.prepare('CIDH tercera');
    await other.decideAll(id);
    await bench.call('exports.check', { id, form: 'filing' });
    await other.judgeAll(id);
    await bench.call('exports.confirmInventory', { id });
    await bench.call('consents.withdraw', {
      id: consent.id as never,
      version: consent.version,
      day: '2026-06-01',
      reason: 'cambió de opinión',
    });
    const out = join(bench.folder, 'withdrawn');
    expect(await code(other.release(id, out, 'filing'))).toMatch(
      /^export\.(consentRefused|changedSinceCheck)$/,
    );
    expect(filesIn(out)).toEqual([]);
  });
});

describe('two recipients', () => {
  it('get other letters, and neither file joins with the other by an id', async () => {
    const first = await file.view(await file.prepare('Organización A', 'public'));
    const second = await file.view(await file.prepare('Organización B', 'public'));
    const pseudonyms = (view: ExportView): string[] =>
      view.sections.flatMap((section) =>
        section.blocks.flatMap((block) =>
          (block.runs ?? []).filter((run) => run.mark === 'pseudonym').map((run) => run.text),
        ),
      );
    expect(pseudonyms(first).length).toBeGreaterThan(0);
    expect(first.joinableWith).toContain('CIDH');
    expect(second.consents.find((one) => one.personId === file.defender)?.treatment).not.toBe('name');
  });

  it('may get theirs on one day in one folder: neither takes the place of the other', async () => {
    const id = await file.prepare('Organización D');
    await file.decideAll(id);
    await bench.call('exports.check', { id, form: 'package' });
    await file.judgeAll(id);
    await bench.call('exports.confirmInventory', { id });
    const out = join(bench.folder, 'cidh');
    const [first = ''] = filesIn(out);
    const onFile = bench.outTarget('targetFolder', first);
    const input = { id, form: 'package' as const, emergencyReason: 'de guardia', ageRecipients: [] };
    expect(await code(bench.call('exports.release', { ...input, target: onFile }))).toBe('disk.isFile');
    const before = readFileSync(first);
    const { files } = await file.release(id, out, 'package');
    const second = first.replace(/\.zip$/u, '-2.zip');
    expect(filesIn(out).sort()).toEqual([first, second].sort());
    expect(files.map(({ name }) => name)).toEqual([basename(second)]);
    expect(readFileSync(first).equals(before)).toBe(true);
    expect(await bench.call('exports.verify', { target: bench.fileTarget(second) })).toMatchObject({
      intact: true,
    });
    const inside = join(bench.folder, 'second-inside');
    unzip(second, inside);
    expect(readdirSync(inside)).toEqual([basename(second, '.zip')]);
  });

  it('encrypts to the recipient alone', async () => {
    const id = await file.prepare('Organización C');
    await file.decideAll(id);
    await bench.call('exports.check', { id, form: 'filing' });
    await file.judgeAll(id);
    await bench.call('exports.confirmInventory', { id });
    const keys = join(bench.folder, 'age.key');
    execFileSync('age-keygen', ['-o', keys], { stdio: 'ignore' });
    const recipient = /public key: (age1\S+)/.exec(readFileSync(keys, 'utf8'))?.[1] ?? '';
    const out = join(bench.folder, 'age');
    const released = await file.release(id, out, 'filing', { ageRecipients: [recipient] });
    const [sealed = ''] = filesIn(out);
    expect(sealed.endsWith('.age')).toBe(true);
    const zip = join(bench.folder, 'opened.zip');
    execFileSync('age', ['-d', '-i', keys, '-o', zip, sealed]);
    const inside = join(bench.folder, 'opened');
    unzip(zip, inside);
    expect(filesIn(inside).map((path) => path.split('/').at(-1))).toContain('escrito.pdf');
    expect(released.files).toHaveLength(1);
  });
});

describe('a release that is cut off', () => {
  it('leaves nothing behind after the next unlocking, and says so in the journal', async () => {
    const disk = createNodeDisk();
    // A process that dies removes nothing: the place of the release takes no removal while it is cut off.
    let dead = false;
    const remove = (path: string): Promise<boolean> =>
      dead && path.includes('cut-off') ? Promise.reject(new Error('dead')) : disk.remove(path);
    const mine = await new Bench({ ports: { disk: { ...disk, remove } } }).create();
    try {
      const one = await new Case(mine).build();
      await one.consent(one.defender, 'given', true);
      const id = await one.prepare('CIDH');
      await one.decideAll(id);
      await mine.call('exports.check', { id, form: 'filing' });
      await one.judgeAll(id);
      await mine.call('exports.confirmInventory', { id });
      const out = join(mine.folder, 'cut-off');
      mine.core.subscribe((event) => {
        if (
          event.name === 'tasks.changed' &&
          event.payload.stage === 'writing' &&
          event.payload.done >= 1 &&
          !dead
        ) {
          dead = true;
          void mine.call('vault.lock', {});
        }
      });
      expect(await code(one.release(id, out, 'filing'))).not.toBe('done');
      expect(filesIn(out).length).toBeGreaterThan(0);
      dead = false;
      await mine.unlock();
      await vi.waitFor(() => expect(filesIn(out)).toEqual([]), { timeout: 20_000 });
      const swept = async (): Promise<string[]> =>
        (await mine.call('cases.history', { caseId: one.caseId })).rows.map((row) => row.method);
      await vi.waitFor(async () => expect(await swept()).toContain('exports.sweep'), { timeout: 20_000 });
      expect((await mine.call('exports.ledger', {})).rows).toEqual([]);
    } finally {
      await mine.end();
    }
  });
});
