import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { CasePage } from '../pages/case-pages.ts';
import { KeysPage } from '../pages/keys-page.ts';
import { MainPage } from '../pages/main-page.ts';
import { SettingsPage } from '../pages/settings-page.ts';
import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';
import type { Words } from '../pages/words.ts';

import { seriousFindings } from './support/axe.ts';
import { PASSPHRASE, valueOf } from './support/bridge.ts';
import { keepScreen } from './support/screens.ts';
import { expect, test } from './support/test.ts';
import {
  addMarta,
  becomes,
  HERS,
  locked,
  MARTA,
  openCare,
  openCase,
  OWNER,
  ticketOf,
  withVault,
  words as spanish,
} from './support/vault-steps.ts';

/** Screens that appear only after something happened to a vault: in both languages, light and dark. */
const HER = 'Maricela Xochimitl Olmedo';
const TITLE = 'Radio y agua de Encinares';

test('what people see of leaving, erasing, emergency access, key files, raised cost and restoring', async ({
  launch,
  folder,
}) => {
  test.setTimeout(600_000);
  const complaints: string[] = [];
  const findings: string[] = [];
  const app = await launch();
  const lookAt = (page: Page, words: Words) => (name: string) =>
    keepScreen(page, name, words.language, async (scheme) => {
      for (const found of await seriousFindings(page))
        findings.push(`${name} ${words.language} ${scheme}: ${found}`);
    });
  /** Does the same in both languages of the main window, and leaves it in Spanish. */
  const twice = async (
    page: Page,
    walk: (words: Words, look: (name: string) => Promise<void>) => Promise<void>,
  ) => {
    let words = spanish;
    for (const language of ['es', 'en'] as const) {
      await new MainPage(page, words).open('settings');
      words = await new SettingsPage(page, words).speak(language);
      await walk(words, lookAt(page, words));
    }
    await new MainPage(page, words).open('settings');
    await new SettingsPage(page, words).speak('es');
  };

  let page = await withVault(app, folder, complaints);
  await new MainPage(page, spanish).open('settings');
  await new SettingsPage(page, spanish).colours('system');
  await new SettingsPage(page, spanish).showNames();
  await addMarta(app, page, 'team', complaints);
  const stick = join(folder, 'memoria-azul');
  mkdirSync(stick);
  const { id: caseId } = await openCase(page, TITLE, 'EXP-7');
  const { id: personId } = await valueOf<{ id: string }>(page, 'persons.record', { name: HER, caseId });
  await valueOf(page, 'incidents.record', {
    caseId,
    title: 'Corte de luz',
    narrative: `${HER} estaba en la cabina. Después, Xochimitl no quiso salir; la prima Maricela tampoco.`,
  });
  const consent = await valueOf<{ id: string; version: number }>(page, 'consents.record', {
    caseId,
    personId,
    recipientClass: 'mechanism',
    answer: 'given',
    toBody: true,
  });
  await openCare(page, 'backup');
  await app.answerDialogs([stick]);
  await page.getByRole('button', { name: spanish.t('backup:first') }).click();
  await page.getByRole('region', { name: 'memoria-azul', exact: true }).waitFor({ timeout: 60_000 });
  await valueOf(page, 'consents.withdraw', {
    id: consent.id,
    version: consent.version,
    day: new Date().toISOString().slice(0, 10),
    reason: 'Cambió de parecer',
  });

  // Her passphrase, her session: a case that is not hers to open, and the way in.
  page = await becomes(app, page, HERS, complaints);
  await valueOf(page, 'drafts.save', { id: 'draft-1', form: 'incident', title: 'A medias', payload: '{}' });
  await twice(page, async (words, look) => {
    const { t } = words;
    await openCare(page, 'access', words);
    const way = page.getByRole('region', { name: t('keys:access.emergency') });
    await way.getByRole('textbox', { name: t('keys:access.code') }).fill('EXP-7');
    await way
      .getByRole('textbox', { name: t('keys:access.reason') })
      .fill('Llamó desde la carretera y nadie más contesta.');
    if (words.language === 'es') {
      await way.getByRole('button', { name: t('keys:access.open') }).click();
      await way.getByRole('link', { name: t('keys:access.openCase') }).waitFor();
    }
    await look('access-emergency');
    await new MainPage(page, words).open('cases');
    await page.getByRole('row').filter({ hasText: TITLE }).click();
    await new CasePage(page, words).opened(TITLE);
    await look('case-in-emergency');
  });

  page = await becomes(app, page, PASSPHRASE, complaints);
  await twice(page, async (words, look) => {
    const { t } = words;
    await openCare(page, 'access', words);
    await page.getByRole('listitem').filter({ hasText: MARTA }).first().waitFor();
    await look('access-notices');
    await openCare(page, 'safeguard', words);
    if (words.language === 'es') {
      await page.getByRole('checkbox', { name: t('safeguard:step.paper') }).check();
      await page.getByRole('combobox', { name: t('safeguard:takes', { name: 'memoria-azul' }) }).click();
      await page.getByRole('option', { name: MARTA }).click();
    }
    await page.getByText(/1\/1/u).waitFor();
    await look('safeguard-noted');
    await page.getByRole('region', { name: t('safeguard:carriers') }).scrollIntoViewIfNeeded();
    await look('safeguard-carriers');
    await new MainPage(page, words).helpButton.click();
    await page.getByRole('dialog').waitFor();
    await look('help-safeguard');
    await page.keyboard.press('Escape');
    const keys = await new KeysPage(page, words).open();
    await page.getByRole('button', { name: t('keys:actionsOf', { name: OWNER }) }).click();
    await page.getByRole('menuitem', { name: t('keys:withFactor.keyFile') }).click();
    await page.getByRole('dialog').waitFor();
    await look('keys-file');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    if (words.language === 'es') {
      await page.getByRole('button', { name: t('keys:raiseCost'), exact: true }).click();
      const ticket = await ticketOf(app, complaints);
      await ticket.own(OWNER).waitFor();
      await lookAt(ticket.page, words)('ticket-raise');
      await ticket.own(OWNER).fill(PASSPHRASE);
      await ticket.carryOut('slots_raiseCost');
    }
    await page.getByText(t('keys:raising')).waitFor({ timeout: 60_000 });
    await keys.row(MARTA).first().waitFor();
    await look('keys-raising');
    await new MainPage(page, words).helpButton.click();
    await page.getByRole('dialog').waitFor();
    await look('help-keys');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  // She leaves.
  const keys = await new KeysPage(page, spanish).open();
  await keys.removeNow(MARTA);
  const ticket = await ticketOf(app, complaints);
  await ticket.own(OWNER).fill(PASSPHRASE);
  await ticket.carryOut('rotation_run');
  const leaverTitle = page.getByRole('heading', { level: 1, name: spanish.t('keys:leaver.title') });
  await leaverTitle.waitFor({ timeout: 60_000 });
  await twice(page, async (words, look) => {
    const { t } = words;
    await new KeysPage(page, words).open();
    // The switch itself lies under its own drawing.
    await page.getByRole('switch', { name: t('keys:showRetired') }).click({ force: true });
    await page.getByRole('link', { name: t('keys:leaver.open') }).click();
    await page.getByRole('heading', { level: 1, name: t('keys:leaver.title') }).waitFor();
    await page.getByRole('region', { name: t('keys:activity.title') }).waitFor();
    await look('leaver');
    await page.getByRole('button', { name: t('keys:leaver.write') }).scrollIntoViewIfNeeded();
    await look('leaver-certificate');
  });

  // Her data: asked for, blocked, erased.
  await valueOf(page, 'dataRequests.open', {
    personId,
    kinds: ['access', 'erase'],
    receivedOn: new Date().toISOString().slice(0, 10),
    channel: 'Signal',
    identifiedBy: 'Mismo canal del expediente',
  });
  const basis = { personId, requestId: null, reason: 'Lo pidió ella.', legalBasis: 'Su propia voluntad' };
  await valueOf(page, 'erasure.block', basis);
  const toHer = async (words: Words, name: string): Promise<void> => {
    const { t } = words;
    await openCare(page, 'requests', words);
    await page
      .getByRole('region', { name: t('safeguard:requests.held') })
      .getByRole('link', { name })
      .click();
    await page.getByRole('heading', { level: 1, name: t('safeguard:data.title') }).waitFor();
  };
  await twice(page, async (words, look) => {
    const { t } = words;
    await openCare(page, 'requests', words);
    await page.getByText(t('safeguard:requests.hold.blocked')).waitFor();
    await look('requests');
    await toHer(words, HER);
    await page.getByRole('textbox', { name: t('safeguard:data.reason') }).fill('Lo pidió ella.');
    await page.getByRole('textbox', { name: t('safeguard:data.basis') }).fill('Su propia voluntad');
    await page.getByText(t('safeguard:erase.replace'), { exact: true }).first().waitFor();
    await look('person-data-blocked');
    await page.getByRole('button', { name: t('safeguard:erase.action') }).scrollIntoViewIfNeeded();
    await look('person-data-erase');
  });
  const { mentions } = await valueOf<{ mentions: { id: string; certain: boolean }[] }>(
    page,
    'erasure.preview',
    { personId },
  );
  const { code } = await valueOf<{ code: string }>(page, 'erasure.erase', {
    ...basis,
    evidence: [],
    keepMentions: [],
    replaceMentions: mentions.filter((one) => !one.certain).map((one) => one.id),
    copies: 'block',
    language: 'es',
    typed: 'suprimir',
  });
  await twice(page, async (words, look) => {
    await toHer(words, code);
    await page.getByRole('button', { name: words.t('safeguard:erase.certificate') }).scrollIntoViewIfNeeded();
    await look('person-data-erased');
  });

  // The entrance: what a backup holds and what would come back.
  let unlock = await locked(app, page);
  for (const language of ['es', 'en'] as const) {
    const words = wordsOf(language);
    const { t } = words;
    if (language === 'en') unlock = await new UnlockPage(unlock.page, spanish).speak('English');
    const look = lookAt(unlock.page, words);
    const instead = unlock.page.getByRole('button', { name: t('unlock:restore.instead') });
    if (language === 'es') {
      await instead.click();
      await app.answerDialogs([stick]);
      await unlock.page.getByRole('button', { name: t('unlock:restore.choose') }).click();
    }
    await unlock.page.getByText('memoria-azul').waitFor();
    await unlock.passphrase.fill(PASSPHRASE);
    await look('restore');
    await unlock.page.getByRole('button', { name: t('unlock:restore.look') }).click();
    const which = unlock.page.getByRole('form', { name: t('unlock:restore.which') });
    await which.waitFor({ timeout: 60_000 });
    await app.answerDialogs([join(folder, `nueva-${language}`)], [join(folder, 'vault')]);
    await which.getByRole('button', { name: t('unlock:create.change') }).click();
    await which.getByText(`nueva-${language}`).waitFor();
    await which.getByRole('button', { name: t('unlock:restore.choose') }).click();
    await which.getByText(/^vault/u).waitFor();
    await look('restore-which');
    await which.getByRole('button', { name: t('unlock:restore.plan') }).click();
    await unlock.page
      .getByRole('form', { name: t('unlock:restore.planTitle') })
      .getByRole('list')
      .waitFor({ timeout: 60_000 });
    await look('restore-plan');
    await unlock.page.getByRole('button', { name: t('unlock:restore.back') }).scrollIntoViewIfNeeded();
    await look('restore-plan-end');
    if (language === 'es') {
      // From the beginning again for the other language.
      await unlock.page.getByRole('button', { name: t('unlock:open.instead') }).click();
      await instead.click();
      await app.answerDialogs([stick]);
      await unlock.page.getByRole('button', { name: t('unlock:restore.choose') }).click();
      await unlock.page.getByText('memoria-azul').waitFor();
    }
  }
  expect([...new Set(findings)]).toEqual([]);
  expect([...new Set(complaints)]).toEqual([]);
  expect(app.problems()).toEqual([]);
});
