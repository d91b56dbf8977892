import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import { CasePage } from '../pages/case-pages.ts';
import { EmergencyPage } from '../pages/emergency-page.ts';
import { IncidentForm } from '../pages/incident-form.ts';
import { MainPage } from '../pages/main-page.ts';
import { ConsentDialog } from '../pages/person-pages.ts';
import { SurveillancePage } from '../pages/surveillance-pages.ts';
import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';

import { expectAccessible } from './support/axe.ts';
import { keepInBoth } from './support/both-languages.ts';
import { createVault, PASSPHRASE, valueOf } from './support/bridge.ts';
import { Desk } from './support/desk.ts';
import { waitFor } from './support/host.ts';
import { enginePid, lives } from './support/processes.ts';
import { expect, test } from './support/test.ts';

/** What somebody was writing when the power went: at most two seconds of it are lost. */
const MOST_LOST_MS = 2_000;
const SENTENCE =
  'Están golpeando la puerta de la cabina y gritan que salga la locutora, son tres y uno graba ';

const words = wordsOf('es');
const { t } = words;

interface Form {
  /** Makes what the form is about and opens it. */
  open(page: Page): Promise<void>;
  /** The field that is being written, once it is there. */
  field(page: Page): Promise<Locator>;
}
const FORMS: Readonly<Record<string, Form>> = {
  incident: {
    open: (page) => page.keyboard.press('F2'),
    field: async (page) => (await new IncidentForm(page, words).opened()).what,
  },
  emergency: {
    open: (page) => page.keyboard.press('Shift+F2'),
    field: async (page) => (await new EmergencyPage(page, words).opened()).what,
  },
  examination: {
    async open(page) {
      await valueOf(page, 'devices.record', { make: 'Samsung', model: 'Galaxy A54' });
      await new MainPage(page, words).open('surveillance');
      const place = new SurveillancePage(page, words);
      await place.tab('devices');
      await place.row('Galaxy A54').click();
      await page
        .getByRole('button', { name: t('surveillance:examination.new') })
        .first()
        .click();
    },
    async field(page) {
      const limits = page.getByRole('textbox', { name: t('surveillance:examination.limits') });
      await limits.waitFor();
      return limits;
    },
  },
};

for (const [form, { open, field: fieldOf }] of Object.entries(FORMS)) {
  test(`a half written ${form} outlives an engine that is killed in mid-sentence`, async ({
    launch,
    folder,
  }) => {
    test.setTimeout(150_000);
    const app = await launch();
    let page = await createVault(app, join(folder, 'vault'));
    await new MainPage(page, words).heading(t('today:title')).waitFor();
    await open(page);
    const field = await fieldOf(page);
    await field.focus();

    const typedAt: number[] = [];
    const startMs = performance.now();
    while (performance.now() - startMs < 6_000) {
      typedAt.push(performance.now());
      await page.keyboard.type(SENTENCE[(typedAt.length - 1) % SENTENCE.length] ?? ' ');
      await page.waitForTimeout(25);
    }
    const engine = await enginePid(app);
    const killedMs = performance.now();
    process.kill(engine, 'SIGKILL');
    await waitFor(() => (lives(engine) ? null : true), 'the engine to end');

    const unlock = await app.window('unlock');
    await expect(unlock.getByRole('alert')).toContainText(words.error('call.engineStopped'));
    await new UnlockPage(unlock, words).unlock(PASSPHRASE);
    page = await app.window('main');
    const drafts = page.getByRole('region', { name: t('today:drafts') });
    await drafts.getByRole('button', { name: t('today:goOn') }).click();
    const again = await fieldOf(page);
    // The form is there before what is kept of it has come.
    await expect(again).not.toHaveValue('');
    const kept = await again.inputValue();
    const typed = SENTENCE.repeat(Math.ceil(typedAt.length / SENTENCE.length)).slice(0, typedAt.length);
    expect(typed.startsWith(kept), 'what is kept is what was typed').toBe(true);
    const firstLostMs = typedAt[kept.length] ?? killedMs;
    expect(killedMs - firstLostMs, `${kept.length} of ${typed.length} letters`).toBeLessThanOrEqual(
      MOST_LOST_MS,
    );
  });
}

test('a returned draft opens with its last words, for whom it was written, and not after it was saved', async ({
  launch,
  folder,
}) => {
  test.setTimeout(150_000);
  const desk = await Desk.open(launch, folder);
  const caseId = await desk.case('Radio y agua', 'R-1');
  const [ana = '', berta = ''] = await Promise.all(
    ['Ana Tlapalli', 'Berta Tlapalli'].map(async (name) => {
      const { id: personId } = await desk.made('persons.record', { name });
      await desk.value('cases.addPerson', { caseId, personId, roles: ['beneficiary'] });
      return personId;
    }),
  );
  const consents = () => new ConsentDialog(desk.page, words);
  const why = () => desk.page.getByRole('dialog').getByRole('textbox', { name: t('people:impedimentWords') });
  const back = async (): Promise<void> => {
    await desk.main.open('today');
    await desk.goOn(t('today:draftOf.consent'));
  };
  const casePage = new CasePage(desk.page, words);

  await test.step('it goes on from where it was left, every time', async () => {
    await casePage.tab('people');
    await casePage.consentsOf('Ana Tlapalli');
    await consents().record();
    await consents().impeded({ reason: 'noSafeContact', words: 'está en un hospital', toState: true });
    await expect(desk.page.getByText(t('draft.saved')).first()).toBeVisible();
    await desk.page.keyboard.press('Escape');
    await back();
    await expect(why()).toHaveValue('está en un hospital');
    // Left within the same second: what was typed last is on its way.
    await why().fill('está en un hospital y no hay canal');
    await consents().close();
    await back();
    await expect(why()).toHaveValue('está en un hospital y no hay canal');
  });

  await test.step('nobody else gets it', async () => {
    await consents().close();
    await casePage.consentsOf('Berta Tlapalli');
    await consents().record();
    await expect(desk.page.getByRole('radio', { name: words.term('consent', 'impeded') })).not.toBeChecked();
    await consents().close();
  });

  await test.step('saved once, it does not come back', async () => {
    await back();
    await consents().save();
    await consents().close();
    expect(desk.page.url()).not.toContain('draft');
    await casePage.consentsOf('Ana Tlapalli');
    await expect(desk.page.getByRole('button', { name: t('people:recordConsent') })).toBeVisible();
    await consents().close();
    expect(await desk.value('consents.list', { caseId, personId: ana })).toMatchObject({
      rows: [{ impediment: { words: 'está en un hospital y no hay canal' } }],
    });
    expect(await desk.value('consents.list', { caseId, personId: berta })).toMatchObject({ rows: [] });
  });

  await test.step('of a reception that is closed it is not put into the next', async () => {
    const { id: deviceId } = await desk.made('devices.record', { make: 'Samsung', model: 'Galaxy A54' });
    const receive = (receivedAt: string) =>
      desk.made('receptions.record', { deviceId, handedByWords: 'Ana', receivedAt });
    const first = await receive('2026-01-10T10:00:00.000Z');
    await desk.main.open('surveillance');
    const place = new SurveillancePage(desk.page, words);
    await place.tab('devices');
    await place.row('Galaxy A54').click();
    await desk.press(t('surveillance:return.title'));
    const condition = desk.page.getByRole('textbox', { name: t('surveillance:return.condition') });
    await desk.leaveHalfWritten(condition, 'pantalla rota');
    await desk.page.keyboard.press('Escape');
    await desk.press(t('surveillance:custody.add'));
    const detail = desk.page.getByRole('textbox', { name: t('surveillance:custody.detail') });
    await desk.leaveHalfWritten(detail, 'S-0417');
    await desk.page.keyboard.press('Escape');
    await desk.value('receptions.return', {
      ...{ id: first.id, version: 1, returnedAt: '2026-01-12T10:00:00.000Z' },
      ...{ toPersonId: null, toWords: 'Ana', relation: '', condition: '', sealIntact: 'notSealed' },
    });
    await receive('2026-01-20T10:00:00.000Z');
    for (const [kind, field] of [
      ['return', condition],
      ['custody', detail],
    ] as const) {
      await desk.main.open('today');
      await desk.goOn(t(`today:draftOf.${kind}`));
      const why = desk.page.getByText(t(`surveillance:${kind}.draftOfEarlier`));
      await expect(why).toBeVisible();
      await expect(field).toBeHidden();
      if (kind === 'custody') await keepInBoth(desk.page, 'stray-draft', () => expectAccessible(desk.page));
      await desk.press(t('today:discardDraft'));
      await expect(why).toBeHidden();
    }
  });
  await desk.expectNoDrafts();
});
