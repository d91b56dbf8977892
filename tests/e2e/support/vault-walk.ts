import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { BackupPage } from '../../pages/backup-page.ts';
import { KeysPage } from '../../pages/keys-page.ts';
import { lastClick } from '../../pages/last-act.ts';
import { MainPage } from '../../pages/main-page.ts';
import { TicketWindow } from '../../pages/ticket-window.ts';
import type { Words } from '../../pages/words.ts';

import { PASSPHRASE, valueOf } from './bridge.ts';
import type { RunningApp } from './host.ts';

type Look = (name: string) => Promise<void>;

/** What the walk needs of whoever takes the pictures: `look` for the main window, `lookAt` for any other. */
export interface VaultWalk {
  readonly app: RunningApp;
  readonly page: Page;
  readonly words: Words;
  readonly owner: string;
  readonly folder: string;
  readonly look: Look;
  readonly lookAt: (page: Page) => Look;
}

const SECOND = 'Marta Olmos';
const HERS = 'ocelote tejado lluvia martes brasa violeta';

/** The screens about the vault itself, in one language; the first time it also makes what they show. */
export const walkVault = async (walk: VaultWalk): Promise<void> => {
  const { app, page, words, owner, look } = walk;
  const { t } = words;
  const main = new MainPage(page, words);
  const first = words.language === 'es';
  const dialog = page.getByRole('dialog');
  const closed = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  };
  const small = async (): Promise<{ ticket: TicketWindow; look: Look }> => {
    const window = await app.window('unlock');
    window.setDefaultTimeout(15_000);
    await window.getByRole('button', { name: t('unlock:cancel') }).waitFor();
    return { ticket: new TicketWindow(window, words), look: walk.lookAt(window) };
  };
  const giveUp = async (ticket: TicketWindow): Promise<void> => {
    await ticket.giveUp();
    await page.waitForTimeout(200);
  };

  const keys = await new KeysPage(page, words).open();
  await keys.row(owner).first().waitFor();
  await keys.addPersonButton.click();
  await dialog.getByRole('textbox').first().fill(SECOND);
  await look('keys-add');
  await closed();
  if (first) {
    await keys.addPerson(SECOND, 'coordination');
    const opened = await small();
    await opened.ticket.own(owner).fill(PASSPHRASE);
    await opened.ticket.page.getByRole('button', { name: t('unlock:fresh.generate') }).click();
    await opened.ticket.page.getByRole('status', { name: t('unlock:fresh.made') }).waitFor();
    await opened.ticket.typeFresh(HERS);
    // The strength of what was typed is looked at a moment later.
    await opened.ticket.page.locator('button[type=submit]:not([disabled])').waitFor();
    await opened.look('ticket-add');
    await opened.ticket.carryOut('slots_add');
    await keys.row(SECOND).waitFor();
  }
  await look('keys');
  await page.getByRole('button', { name: t('keys:makeShares') }).click();
  await look('keys-shares');
  await dialog.getByRole('button', { name: t('keys:goOn') }).click();
  const drawn = await small();
  await drawn.ticket.own(owner).fill(PASSPHRASE);
  // Now that there are two of them, both have to agree.
  await drawn.ticket.approver.fill(HERS);
  await drawn.look('ticket-shares');
  await drawn.ticket.carryOut('slots_addShares');
  await drawn.ticket.page.getByRole('checkbox').waitFor();
  await drawn.look('paper');
  await drawn.ticket.copyPages(3);
  await drawn.look('paper-back');
  await giveUp(drawn.ticket);
  await closed();

  await keys
    .row(SECOND)
    .getByRole('button', { name: t('keys:removePerson') })
    .click();
  await dialog.getByRole('button', { name: t('keys:remove.now') }).waitFor();
  await look('keys-remove');
  await closed();
  await page.getByRole('button', { name: t('keys:rotate') }).click();
  await dialog.getByRole('button', { name: t('keys:rotateConfirm') }).click();
  const turned = await small();
  await turned.ticket.own(owner).waitFor();
  await turned.look('ticket-rotate');
  await giveUp(turned.ticket);
  await closed();
  await keys.changeMine();
  const changed = await small();
  await changed.ticket.own(owner).waitFor();
  await changed.look('ticket-change');
  await giveUp(changed.ticket);

  const backup = await new BackupPage(page, words).open();
  if (first) {
    await look('backup-none');
    const stick = join(walk.folder, 'memoria-azul');
    mkdirSync(stick);
    await app.answerDialogs([stick]);
    await backup.first();
  }
  await backup.target('memoria-azul').waitFor();
  if (first) await backup.button('memoria-azul', 'verify').click();
  if (first) await page.getByText(t('backup:intact')).waitFor();
  await look('backup');
  await backup.button('memoria-azul', 'rehearse').click();
  const rehearsed = await small();
  await rehearsed.ticket.page.getByLabel(t('unlock:passphrase'), { exact: true }).fill(PASSPHRASE);
  await rehearsed.look('rehearse');
  await rehearsed.ticket.page.getByRole('button', { name: t('unlock:rehearse.action') }).click();
  await rehearsed.ticket.page.getByText(t('unlock:rehearse.good')).waitFor({ timeout: 60_000 });
  await rehearsed.look('rehearse-done');
  await lastClick(rehearsed.ticket.page.getByRole('button', { name: t('unlock:rehearse.close') }));

  const link = async (name: string): Promise<void> => {
    await main.open('settings');
    await page
      .getByRole('main')
      .getByRole('link', { name: t(`settings:link.${name}`), exact: true })
      .click();
  };
  await link('access');
  await page.getByRole('heading', { level: 1, name: t('keys:access.title') }).waitFor();
  await look('access');
  await link('safeguard');
  await page.getByRole('heading', { level: 1, name: t('safeguard:title') }).waitFor();
  await look('safeguard');
  await link('dump');
  await page.getByRole('button', { name: t('safeguard:dump.prepare') }).click();
  await page.getByRole('heading', { level: 2, name: t('safeguard:dump.plan') }).waitFor();
  await look('dump');

  const { rows } = await valueOf<{ rows: { name: string }[] }>(page, 'persons.list', {});
  const person = rows[0];
  if (person !== undefined) {
    await main.open('people');
    await page.getByRole('row').filter({ hasText: person.name }).click();
    await page.getByRole('link', { name: t('people:herData') }).click();
    await page.getByRole('heading', { level: 1, name: t('safeguard:data.title') }).waitFor();
    await page
      .getByRole('region', { name: t('safeguard:data.sheet') })
      .getByRole('listitem')
      .first()
      .waitFor();
    await look('person-data');
  }
  await main.open('today');
  await page.getByRole('button', { name: t('safeguard:call.start') }).click();
  await look('today-call');
  await page.getByRole('timer').click();
};
