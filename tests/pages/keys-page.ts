import type { Locator, Page } from '@playwright/test';

import type { Words } from './words.ts';

/** Who opens the vault, and with what. */
export class KeysPage {
  readonly page: Page;
  readonly words: Words;
  readonly addPersonButton: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    this.addPersonButton = page
      .getByRole('banner')
      .or(page.getByRole('main'))
      .getByRole('button', {
        name: words.t('keys:addPerson'),
      });
  }

  async opened(): Promise<this> {
    await this.page.getByRole('heading', { level: 1, name: this.words.t('keys:title') }).waitFor();
    return this;
  }

  /** From the settings, as a person finds it. */
  async open(): Promise<this> {
    const { t } = this.words;
    await this.page
      .getByRole('navigation', { name: t('places') })
      .getByRole('link', { name: t('place.settings') })
      .click();
    await this.page
      .getByRole('main')
      .getByRole('link', { name: t('settings:link.keys'), exact: true })
      .click();
    return this.opened();
  }

  row(name: string): Locator {
    const { t } = this.words;
    const list = (label: string): Locator => this.page.getByRole('list', { name: label, exact: true });
    // By its own name: other rows say who gave them access, and the notice of a raised cost lists who is missing.
    return list(t('keys:people'))
      .or(list(t('keys:recovery')))
      .getByRole('listitem')
      .filter({ has: this.page.getByText(name, { exact: true }) });
  }

  async addPerson(name: string, preset: 'coordination' | 'team' | 'consultation'): Promise<void> {
    const { t } = this.words;
    await this.addPersonButton.click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: t('keys:name') }).fill(name);
    await dialog.getByRole('radio', { name: t(`keys:preset.${preset}`) }).check();
    await dialog.getByRole('button', { name: t('keys:goOn') }).click();
  }

  async changeMine(): Promise<void> {
    await this.page.getByRole('button', { name: this.words.t('keys:changeMine') }).click();
  }

  async makeWords(): Promise<void> {
    await this.page.getByRole('button', { name: this.words.t('keys:makeWords') }).click();
    await this.goOn();
  }

  async makeShares(): Promise<void> {
    await this.page.getByRole('button', { name: this.words.t('keys:makeShares') }).click();
    await this.goOn();
  }

  private async goOn(): Promise<void> {
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: this.words.t('keys:goOn') })
      .click();
  }

  /** Out at once: the row's button, then the red one. */
  async removeNow(name: string): Promise<void> {
    const { t } = this.words;
    await this.row(name)
      .getByRole('button', { name: t('keys:removePerson') })
      .click();
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: t('keys:remove.now') })
      .click();
  }
}
