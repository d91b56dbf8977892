import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { CASE_TABS, CaseForm, CasePage } from '../pages/case-pages.ts';
import { EmergencyPage } from '../pages/emergency-page.ts';
import { EvidencePage } from '../pages/evidence-page.ts';
import { ExportStart, ExportWorkspace } from '../pages/export-pages.ts';
import { IncidentForm } from '../pages/incident-form.ts';
import { IncidentPage } from '../pages/incident-page.ts';
import { MainPage } from '../pages/main-page.ts';
import { ConsentDialog, PersonForm } from '../pages/person-pages.ts';
import { SearchOverlay } from '../pages/search-overlay.ts';
import { SettingsPage } from '../pages/settings-page.ts';
import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';
import type { Language, Words } from '../pages/words.ts';

import { seriousFindings } from './support/axe.ts';
import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { dropFiles } from './support/drop.ts';
import { previewPort } from './support/launch-preview.ts';
import { letter, missingCommands, photograph } from './support/real-files.ts';
import { keepScreen } from './support/screens.ts';
import { fillSurveillance, walkSurveillance } from './support/surveillance-screens.ts';
import { expect, test } from './support/test.ts';
import { walkVault } from './support/vault-walk.ts';
import { watchPage } from './support/watch.ts';

/** Every screen, in both languages, light and dark: open to all, without a complaint, kept as a picture. */
const CASE = 'Radio y agua de Encinares';
const PERSON = 'Maricela Xochimitl Olmedo';
const WITNESS = 'Rosario Guerrero Luna';
const INCIDENT = 'Amenaza frente a la cabina';
const PHOTO = 'IMG_20260527_233912.jpg';

const missing = missingCommands(['convert', 'exiftool']);

interface Made {
  readonly id: string;
}

/** A small vault that has something on every screen. */
const fill = async (page: Page): Promise<{ open: string; checked: string }> => {
  const made = async (method: string, input: unknown): Promise<string> =>
    (await valueOf<Made>(page, method, input)).id;
  const caseId = await made('cases.open', {
    title: CASE,
    state: 'active',
    summary: 'Emisora comunitaria que informa sobre la concesión del agua; amenazas desde marzo.',
    openedDay: '2026-01-10',
    language: { kind: 'said', words: 'náhuatl de la Montaña' },
    interpreter: 'needed',
    safeChannel: { medium: 'Signal', hours: '20:00-22:00', avoid: 'No llamar a la línea fija.' },
    placeOrigin: 'Piedra Honda',
    placeRefuge: '',
  });
  const person = await made('persons.record', {
    name: PERSON,
    aliases: ['La Calandria'],
    work: 'Locutora y defensora del agua.',
    contacts: [{ kind: 'phone', value: '000 555 01 27', sensitivity: 'usual', note: '' }],
  });
  const witness = await made('persons.record', { name: WITNESS, aliases: ['Chayo Guerrero'] });
  for (const [personId, roles] of [
    [person, ['beneficiary', 'journalist']],
    [witness, ['witness']],
  ] as const)
    await valueOf(page, 'cases.addPerson', { caseId, personId, roles, relation: '', reserved: false });
  await valueOf(page, 'consents.record', {
    caseId,
    personId: person,
    recipientClass: 'iachr',
    answer: 'impeded',
    toBody: true,
    toState: true,
    toPublic: false,
    impediment: {
      reason: 'incommunicado',
      words: 'escondida en el monte',
      since: { kind: 'day', day: '2026-05-28' },
    },
  });
  await valueOf(page, 'incidents.record', {
    caseId,
    title: INCIDENT,
    happened: { kind: 'day', day: '2026-05-27', time: '23:40', approximate: true },
    place: {
      stateCode: 'GRO',
      municipality: 'Villa Encinares',
      locality: 'Piedra Honda',
      words: '',
      latitude: null,
      longitude: null,
      precisionMeters: null,
    },
    narrative: `@[Maricela](person:${person}) recibió una amenaza de muerte al salir de la cabina. La vio ${WITNESS}. Llamaron al 000 555 01 27 en el estado de Guerrero.`,
    acts: [
      {
        type: 'deathThreat',
        subtype: '',
        personId: person,
        personWords: '',
        targetKind: 'person',
        harms: ['psychological'],
        note: '',
        involvements: [
          {
            personId: null,
            words: 'dos hombres con uniforme municipal',
            kind: 'municipalPolice',
            degree: 'suspected',
            certainty: '',
            collusion: false,
          },
        ],
      },
    ],
  });
  await valueOf(page, 'incidents.record', {
    narrative: 'Cortaron la luz de la emisora durante la asamblea.',
    happened: { kind: 'month', month: '2026-04' },
    emergency: {
      safe: 'unknown',
      caller: 'la técnica',
      channel: 'radio',
      noticeAt: '2026-04-20T05:40:00.000Z',
    },
  });
  await fillSurveillance(page, caseId, person);
  await valueOf(page, 'notes.write', { caseId, kind: 'work', body: 'Pedir copia del acta de la asamblea.' });
  const prepare = (recipient: string): Promise<string> =>
    made('exports.prepare', {
      caseId,
      profile: 'iachr-precautionary',
      recipient,
      purpose: 'medidas cautelares',
      language: 'es',
    });
  const checked = await prepare('CIDH, urgente');
  for (let round = 0; round < 4; round += 1) {
    const view = await valueOf<{ suggestions: { id: string; decision: unknown }[] }>(page, 'exports.view', {
      id: checked,
    });
    const open = view.suggestions.filter((one) => one.decision === null);
    if (open.length === 0) break;
    await valueOf(page, 'exports.decide', {
      id: checked,
      decisions: open.map((one) => ({ suggestionId: one.id, action: 'withhold', reason: '' })),
    });
  }
  await valueOf(page, 'exports.check', { id: checked, form: 'filing' });
  return { open: await prepare('CIDH'), checked };
};

/** Looks at what is open now: picture, axe in light and in dark. */
const lookAt =
  (page: Page, language: Language, findings: string[]) =>
  async (name: string): Promise<void> => {
    await keepScreen(page, name, language, async (scheme) => {
      for (const finding of await seriousFindings(page))
        findings.push(`${name} ${language} ${scheme}: ${finding}`);
    });
  };

/** All screens of the main window, one after the other. */
const walk = async (page: Page, words: Words, findings: string[], folder: string): Promise<void> => {
  const { t } = words;
  const main = new MainPage(page, words);
  const look = lookAt(page, words.language, findings);
  const dialogGone = () => expect(page.getByRole('dialog')).toHaveCount(0);

  await main.open('today');
  await look('today');
  await main.open('cases');
  await look('cases');
  await page.getByRole('row').filter({ hasText: CASE }).click();
  const casePage = await new CasePage(page, words).opened(CASE);
  for (const tab of CASE_TABS) {
    await casePage.tab(tab);
    await look(`case-${tab}`);
  }
  await casePage.tab('timeline');
  await page
    .getByRole('radiogroup', { name: t('timeline:view') })
    .getByText(t('timeline:views.patterns'))
    .click();
  await page.getByText(t('timeline:patterns.caution')).waitFor();
  await look('case-patterns');
  await casePage.tab('people');
  await casePage.consentsOf(PERSON);
  await look('consents');
  const consent = new ConsentDialog(page, words);
  await consent.record();
  await look('consent-form');
  await consent.close();
  await dialogGone();
  await main.create('Case');
  await new CaseForm(page, words).opened();
  await look('case-form');

  await main.open('incidents');
  await look('incidents');
  await page.getByRole('row').filter({ hasText: INCIDENT }).click();
  const incident = await new IncidentPage(page, words).opened(INCIDENT);
  await look('incident');
  await incident.complete.click();
  await (await new IncidentForm(page, words).opened('edit')).unfold('sources');
  await look('incident-edit');
  await main.newIncident.click();
  await new IncidentForm(page, words).opened();
  await look('incident-form');
  await main.create('Emergency');
  await new EmergencyPage(page, words).opened();
  await look('emergency');

  await main.open('people');
  await look('people');
  await page.getByRole('row').filter({ hasText: PERSON }).click();
  await page.getByRole('heading', { level: 1, name: PERSON }).waitFor();
  await look('person');
  await main.create('Person');
  await new PersonForm(page, words).opened();
  await look('person-form');

  await main.open('evidence');
  const evidence = new EvidencePage(page, words);
  await look('evidence');
  await evidence.addFiles.click();
  if (words.language === 'es') {
    await dropFiles(page, evidence.files.drop, [
      join(folder, PHOTO),
      join(folder, 'constancia.pdf'),
      join(folder, 'nota.txt'),
    ]);
    for (const name of [PHOTO, 'constancia.pdf', 'nota.txt'])
      await expect(evidence.files.sealed(name)).toBeVisible({ timeout: 60_000 });
  }
  await look('evidence-intake');
  await evidence.view(PHOTO);
  await evidence.viewer.getByRole('img').first().waitFor({ timeout: 60_000 });
  await look('evidence-viewer');
  await evidence.tab('about').click();
  await look('evidence-about');
  await evidence.tab('custody').click();
  await look('evidence-custody');

  await main.open('exports');
  await look('exports');
  await main.create('Export');
  await new ExportStart(page, words).opened();
  await look('export-start');
  await main.open('exports');
  // The newest stands first: one still to be decided, one that was checked.
  const goOn = page.getByRole('button', { name: t('exports:goOn') });
  const rowOf = (recipient: string) =>
    page
      .getByRole('listitem')
      .filter({ hasText: `· ${recipient} ·` })
      .getByRole('button', { name: t('exports:goOn') });
  await goOn.first().waitFor();
  await rowOf('CIDH').click();
  const workspace = await new ExportWorkspace(page, words).opened();
  for (const step of ['consent', 'redaction', 'check', 'release'] as const) {
    await workspace.step(step);
    await look(`export-${step}`);
  }
  await main.open('exports');
  await rowOf('CIDH, urgente').click();
  await workspace.opened();
  await workspace.step('check');
  await workspace.confirmInventory.or(page.getByText(t('exports:inventoryDone'))).waitFor();
  await look('export-checked');

  await walkSurveillance(page, words, look, folder);

  await main.open('settings');
  await look('settings');
  await main.open('today');
  const search = await new SearchOverlay(page, words).open();
  await look('search-actions');
  await search.box.fill('amenaza');
  await search.results.filter({ hasText: INCIDENT }).first().waitFor();
  await look('search');
  await page.keyboard.press('Escape');
  await dialogGone();
  await main.helpButton.click();
  await page.getByRole('dialog').waitFor();
  await look('help');
  await page.keyboard.press('Escape');
  await dialogGone();
  await page.getByRole('contentinfo').getByRole('button').first().click();
  await page.getByRole('dialog').waitFor();
  await look('tasks');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+h');
  await page.locator(':root[data-names="hidden"]').waitFor();
  await look('names-hidden');
  await page.keyboard.press('Control+h');
};

test('every screen in Spanish and English, light and dark', async ({ launch, folder }) => {
  test.skip(missing.length > 0, `not installed: ${missing.join(', ')}`);
  test.setTimeout(1_200_000);
  const complaints: string[] = [];
  const findings: string[] = [];
  const app = await launch();
  const first = await app.window('unlock');
  watchPage(first, complaints);
  let unlock = new UnlockPage(first, wordsOf('es'));
  await unlock.create.waitFor();
  await lookAt(first, 'es', findings)('create');
  unlock = await unlock.speak('English');
  await lookAt(first, 'en', findings)('create');
  unlock = await unlock.speak('Español');
  await unlock.createPracticeVault('Ixchel Robledo', PASSPHRASE);

  const page = await app.window('main');
  watchPage(page, complaints);
  let words = wordsOf('es');
  await new MainPage(page, words).heading(words.t('today:title')).waitFor();
  photograph(join(folder, PHOTO), WITNESS);
  letter(join(folder, 'constancia.pdf'), 'Constancia de la asamblea del agua.');
  writeFileSync(join(folder, 'nota.txt'), 'La asamblea fue el 20 de abril.');
  await fill(page);
  for (const language of ['es', 'en'] as const) {
    await new MainPage(page, words).open('settings');
    const settings = new SettingsPage(page, words);
    if (language === 'es') {
      await settings.colours('system');
      await settings.showNames();
    } else words = await settings.speak(language);
    await walk(page, words, findings, folder);
    await walkVault({
      app,
      page,
      words,
      owner: 'Ixchel Robledo',
      folder,
      look: lookAt(page, words.language, findings),
      lookAt: (window) => lookAt(window, words.language, findings),
    });
  }
  await new MainPage(page, words).lock();
  const again = await app.window('unlock');
  watchPage(again, complaints);
  await new UnlockPage(again, words).passphrase.waitFor();
  await lookAt(again, 'en', findings)('unlock');
  await new UnlockPage(again, words).speak('Español');
  await lookAt(again, 'es', findings)('unlock');

  expect([...new Set(findings)]).toEqual([]);
  expect([...new Set(complaints)]).toEqual([]);
  if (app.host === 'preview') expect(previewPort(app).refusedRequests).toEqual([]);
  expect(app.problems()).toEqual([]);
});
