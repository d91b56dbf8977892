import type { Locator, Page } from '@playwright/test';

import { lastClick } from './last-act.ts';
import type { Words } from './words.ts';

/** The small window while the vault is open: whoever is asked for a passphrase types it here. */
export class TicketWindow {
  readonly page: Page;
  readonly words: Words;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
  }

  private field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  /** The passphrase of the person whose session is open. */
  own(name: string): Locator {
    return this.field(this.words.t('unlock:ticket.ownPassphrase', { name }));
  }

  /** The passphrase of whoever approves. */
  get other(): Locator {
    return this.field(this.words.t('unlock:ticket.otherPassphrase'));
  }

  get approver(): Locator {
    return this.field(this.words.t('unlock:ticket.approverPassphrase'));
  }

  async typeFresh(passphrase: string): Promise<void> {
    await this.field(this.words.t('unlock:ticket.fresh')).fill(passphrase);
    await this.field(this.words.t('unlock:create.again')).fill(passphrase);
  }

  action(purpose: string): Locator {
    return this.page.getByRole('button', { name: this.words.t(`unlock:ticket.${purpose}.action`) });
  }

  /** Does what the window was opened for. The window ends with it, unless there is something to copy first. */
  async carryOut(purpose: string): Promise<void> {
    await lastClick(this.action(purpose));
  }

  /** Closes the window without doing anything. */
  async giveUp(): Promise<void> {
    await lastClick(this.page.getByRole('button', { name: this.words.t('unlock:cancel') }));
  }

  /** Words of the page that is shown now, in their order. */
  async shownWords(): Promise<string[]> {
    return this.page.getByRole('region').getByRole('listitem').allInnerTexts();
  }

  /** Copies every page onto paper, as a person would, and gives what is on it. */
  async copyPages(count: number): Promise<string[][]> {
    const { t } = this.words;
    const pages: string[][] = [];
    for (let at = 0; at < count; at += 1) {
      await this.page.getByRole('checkbox').waitFor();
      pages.push(await this.shownWords());
      await this.page.getByRole('checkbox').check();
      const last = at + 1 === count;
      await this.page
        .getByRole('button', { name: t(last ? 'unlock:paper.hide' : 'unlock:paper.next') })
        .click();
    }
    return pages;
  }

  /** Types back what is asked for, from the paper. */
  async typeBack(pages: readonly (readonly string[])[], kind: 'words' | 'shares'): Promise<void> {
    const { t } = this.words;
    await this.page.getByRole('form', { name: t('unlock:paper.back') }).waitFor();
    const asked =
      kind === 'words'
        ? new RegExp(`^${t('unlock:paper.word', { word: '(\\d+)' })}$`)
        : new RegExp(`^${t('unlock:paper.wordOfPage', { page: '(\\d+)', word: '(\\d+)' })}$`);
    for (const label of await this.page.locator('label').allInnerTexts()) {
      const found = asked.exec(label.trim());
      if (found === null) continue;
      const page = kind === 'words' ? 0 : Number(found[1]) - 1;
      const word = Number(found[kind === 'words' ? 1 : 2]) - 1;
      await this.page.getByLabel(label.trim(), { exact: true }).fill(pages[page]?.[word] ?? '');
    }
    const whole = this.page.getByRole('textbox').last();
    const labels = await this.page.locator('label').allInnerTexts();
    const retype = new RegExp(`^${t('unlock:paper.retypePage', { page: '(\\d+)' })}$`, 'u');
    const number =
      kind === 'words' ? 1 : Number(labels.map((one) => retype.exec(one.trim())?.[1]).find(Boolean));
    await whole.fill((pages[number - 1] ?? []).join(' '));
  }

  async confirmTyped(): Promise<void> {
    await lastClick(this.page.getByRole('button', { name: this.words.t('unlock:paper.confirm') }));
  }
}
