import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { CaseForm, CasePage } from '../pages/case-pages.ts';
import { EmergencyPage } from '../pages/emergency-page.ts';
import { ExportStart, ExportWorkspace } from '../pages/export-pages.ts';
import { Hand } from '../pages/hand.ts';
import { IncidentForm } from '../pages/incident-form.ts';
import { IncidentPage } from '../pages/incident-page.ts';
import { MainPage } from '../pages/main-page.ts';
import { ConsentDialog, PersonForm } from '../pages/person-pages.ts';
import { SearchOverlay } from '../pages/search-overlay.ts';
import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';

import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { dropFiles } from './support/drop.ts';
import { waitFor } from './support/host.ts';
import { previewPort } from './support/launch-preview.ts';
import { enginePid, lives } from './support/processes.ts';
import { filesBelow, letter, missingCommands, photograph, run } from './support/real-files.ts';
import { expect, test } from './support/test.ts';
import { watchPage } from './support/watch.ts';

/** The work of one night, from the first call to the released filing, with what must not leave in many places. */
const BENEFICIARY = 'Maricela Xochimitl Olmedo';
const ALIAS = 'La Calandria';
const PHONE = '000 555 01 27';
const WITNESS = 'Rosario Guerrero Luna';
const TITLE = 'Radio y agua de Encinares';
const NARRATIVE = `Un camión sin placas y tres hombres armados están frente a la radio. ${WITNESS} los vio llegar. Avisar al ${PHONE}; es en el estado de Guerrero.`;
const CALLER = 'Radio, la de la noche';

const WITHHELD = [WITNESS, 'Rosario Guerrero', '000 555 01 27', '0005550127', '17.4321', '99.8765', CALLER];

const NEEDED = ['convert', 'exiftool', 'pdftotext', 'sha256sum', 'python3'];
const missing = missingCommands(NEEDED);

const words = wordsOf('es');
const { t } = words;

interface Rows<T> {
  rows: T[];
  total: number;
}

/** What a stranger finds with ordinary tools in what was written. */
const lookFromOutside = (folder: string): void => {
  for (const path of filesBelow(folder)) {
    const bytes = readFileSync(path);
    for (const value of WITHHELD) {
      expect(bytes.includes(value), `${value} in ${path}`).toBe(false);
      expect(bytes.includes(Buffer.from(value, 'utf16le')), `${value} in ${path}`).toBe(false);
    }
    if (path.endsWith('.pdf')) {
      const text = run('pdftotext', [path, '-']);
      for (const value of WITHHELD) expect(text).not.toContain(value);
    }
    const facts = run('exiftool', ['-a', '-G1', '-s', path]);
    for (const value of WITHHELD) expect(facts).not.toContain(value);
    if (/\.(png|jpe?g)$/.test(path)) expect(facts).not.toMatch(/GPS|Artist/);
  }
};

const decideAndCheck = async (page: Page, form: 'filing' | 'package'): Promise<ExportWorkspace> => {
  const workspace = await new ExportWorkspace(page, words).opened();
  await workspace.step('redaction');
  await workspace.decideAll();
  await workspace.treat('IMG_20260527_233912.jpg', 'reencode');
  await workspace.toCheck.click();
  await workspace.check(form);
  await expect(page.getByText(words.t('exports:unseen.voices'))).toBeVisible();
  await workspace.judgeAll();
  await workspace.confirmInventory.click();
  await expect(workspace.toRelease).toBeEnabled();
  await workspace.toRelease.click();
  return workspace;
};

test('from the first call to a filing that strangers can examine', async ({ launch, folder }) => {
  test.skip(missing.length > 0, `not installed: ${missing.join(', ')}`);
  test.setTimeout(240_000);
  const complaints: string[] = [];
  const app = await launch();
  const first = await app.window('unlock');
  watchPage(first, complaints);
  await new UnlockPage(first, words).createPracticeVault('Ixchel Robledo', PASSPHRASE);
  let page = await app.window('main');
  watchPage(page, complaints);
  const main = new MainPage(page, words);
  await main.heading(t('today:title')).waitFor();

  const photo = join(folder, 'IMG_20260527_233912.jpg');
  const paper = join(folder, 'constancia.pdf');
  photograph(photo, WITNESS);
  letter(paper, 'Constancia de la asamblea del agua.');

  await test.step('the emergency, in at most six moves besides what is typed', async () => {
    const hand = new Hand(page);
    await main.create('Emergency', hand);
    const form = await new EmergencyPage(page, words).opened();
    await expect(form.stopwatch).toBeVisible();
    await form.answer({ safe: 'no', what: NARRATIVE, where: 'Frente a la cabina', caller: CALLER }, hand);
    // Files fall in while the call goes on; they are not part of what must be done.
    await dropFiles(page, form.files.drop, [photo, paper]);
    await expect(form.files.sealed('IMG_20260527_233912.jpg')).toBeVisible({ timeout: 60_000 });
    await expect(form.files.sealed('constancia.pdf')).toBeVisible({ timeout: 60_000 });
    await hand.press('Control+Enter');
    await new IncidentPage(page, words).opened('Un camión sin placas');
    expect(hand.count, hand.done.join('; ')).toBeLessThanOrEqual(6);
  });

  const { rows: incidents } = await valueOf<Rows<{ id: string; emergency: boolean; evidence: number }>>(
    page,
    'incidents.list',
  );
  expect(incidents).toMatchObject([{ emergency: true, evidence: 2, acts: 0, caseId: null }]);
  const incidentId = incidents[0]?.id ?? '';
  expect(await valueOf(page, 'incidents.get', { id: incidentId })).toMatchObject({
    narrative: NARRATIVE,
    place: { words: 'Frente a la cabina' },
    emergency: { safe: 'no', caller: CALLER },
    acts: [],
  });
  expect(await valueOf(page, 'drafts.list')).toEqual({ rows: [] });

  await test.step('a case, its people, and consent that could not be given', async () => {
    await main.create('Case');
    const form = await new CaseForm(page, words).opened();
    await form.title.fill(TITLE);
    await form.open.click();
    const casePage = await new CasePage(page, words).opened(TITLE);
    await casePage.tab('people');
    await casePage.addPerson.click();
    const person = await new PersonForm(page, words).opened();
    await person.fill({ name: BENEFICIARY, aliases: [ALIAS], phone: PHONE });
    await person.save.click();
    await casePage.opened(TITLE);
    await casePage.addPerson.click();
    await person.opened();
    await person.fill({ name: WITNESS });
    await person.roleIs('witness');
    await person.save.click();
    await casePage.opened(TITLE);
    await casePage.consentsOf(BENEFICIARY);
    const consent = new ConsentDialog(page, words);
    await consent.record();
    await consent.impeded({ reason: 'incommunicado', words: 'escondida en el monte', toState: true });
    await consent.save();
    await consent.close();
    await expect(page.getByText(t('cases:consent.impeded', { count: 1 }))).toBeVisible();
  });
  const cases = await valueOf<Rows<{ id: string; code: string }>>(page, 'cases.list');
  expect(cases.rows).toHaveLength(1);
  const { id: caseId = '', code = '' } = cases.rows[0] ?? {};

  await test.step('the incident joins the case, and its files with it', async () => {
    await main.open('incidents');
    await page.getByRole('row').filter({ hasText: 'Un camión sin placas' }).click();
    const incident = await new IncidentPage(page, words).opened('Un camión sin placas');
    await incident.complete.click();
    const form = await new IncidentForm(page, words).opened('edit');
    await form.chooseCase(code);
    await form.save.click();
    await incident.opened('Un camión sin placas');
  });
  const detail = await valueOf<{ counts: unknown; persons: { name: string; roles: string[] }[] }>(
    page,
    'cases.get',
    { id: caseId },
  );
  expect(detail.counts).toMatchObject({ incidents: 1, evidence: 2, consentsToRatify: 1 });
  expect(detail.persons.map(({ name, roles }) => [name, roles])).toEqual(
    expect.arrayContaining([
      [BENEFICIARY, ['beneficiary']],
      [WITNESS, ['witness']],
    ]),
  );

  for (const form of ['filing', 'package'] as const) {
    await test.step(`a request to the Commission leaves as ${form}`, async () => {
      await main.open('cases');
      await page.getByRole('row').filter({ hasText: TITLE }).click();
      await (await new CasePage(page, words).opened(TITLE)).prepareExport.click();
      const start = await new ExportStart(page, words).opened();
      await start.fill({
        profile: 'iachr-precautionary',
        recipient: 'CIDH',
        purpose: 'medidas cautelares',
      });
      await start.begin.click();
      const workspace = await decideAndCheck(page, form);
      const target = join(folder, `salida-${form}`);
      mkdirSync(target);
      await app.answerDialogs([target]);
      await workspace.chooseFolder();
      await workspace.emergencyReason('una sola persona de guardia');
      await workspace.release.click();
      await expect(workspace.released).toBeVisible({ timeout: 120_000 });
      expect(filesBelow(target).length).toBeGreaterThan(0);
    });
  }

  await test.step('what has left is not offered a second time', async () => {
    await main.open('exports');
    await page.getByRole('link', { name: 'CIDH', exact: true }).first().click();
    const workspace = await new ExportWorkspace(page, words).opened();
    await expect(workspace.released).toBeVisible();
    await expect(workspace.release).toHaveCount(0);
    await workspace.step('check');
    await expect(workspace.runCheck).toBeDisabled();
  });

  await test.step('ordinary tools agree with what was written', async () => {
    lookFromOutside(join(folder, 'salida-filing'));
    const [archive = ''] = filesBelow(join(folder, 'salida-package'));
    const inside = join(folder, 'paquete');
    run('python3', [
      '-c',
      'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])',
      archive,
      inside,
    ]);
    const bag = join(inside, readdirSync(inside)[0] ?? '');
    run('sha256sum', ['-c', '--quiet', 'manifest-sha256.txt'], bag);
    lookFromOutside(bag);
    expect(run('pdftotext', [join(bag, 'data', 'filing.pdf'), '-'])).toContain(BENEFICIARY);
    // Control: the photograph that went in says all of it.
    expect(run('exiftool', [photo])).toContain(WITNESS);
    expect(run('exiftool', ['-n', '-GPSLatitude', photo])).toContain('17.4321');
  });
  const ledger = await valueOf<Rows<{ form: string; emergency: boolean; annexes: number }>>(
    page,
    'exports.ledger',
    {},
  );
  expect(ledger.rows.map((row) => row.form).sort()).toEqual(['filing', 'package']);
  expect(ledger.rows.every((row) => row.emergency)).toBe(true);

  await test.step('locked: nothing of it lives on', async () => {
    const engine = await enginePid(app);
    const renderer = (await app.rendererPid('main')) ?? 0;
    const others = (await app.childPids()).map(({ pid }) => pid);
    expect([lives(engine), lives(renderer)]).toEqual([true, true]);
    await main.lock();
    await waitFor(() => ([engine, renderer, ...others].some(lives) ? null : true), 'every process to end');
  });

  await test.step('unlocked: found again without its accents', async () => {
    const unlock = await app.window('unlock');
    watchPage(unlock, complaints);
    await new UnlockPage(unlock, words).unlock(PASSPHRASE);
    page = await app.window('main');
    watchPage(page, complaints);
    await new MainPage(page, words).heading(t('today:title')).waitFor();
    const search = await new SearchOverlay(page, words).open();
    await search.find('CAMION placas', 'Un camión sin placas');
    await new IncidentPage(page, words).opened('Un camión sin placas');
    const hits = await valueOf<{ hits: { id: string }[] }>(page, 'search.everything', { text: 'camion' });
    expect(hits.hits.map(({ id }) => id)).toContain(incidentId);
  });

  expect(complaints).toEqual([]);
  if (app.host === 'preview') expect(previewPort(app).refusedRequests).toEqual([]);
  expect(app.problems()).toEqual([]);
});
