import type { Locator, Page } from '@playwright/test';

import { lastAct, lastClick } from './last-act.ts';
import { wordsOf } from './words.ts';
import type { Words } from './words.ts';

/** The small window that takes passphrases, by what a person reads in it. */
export class UnlockPage {
  readonly page: Page;
  readonly words: Words;
  readonly owner: Locator;
  readonly passphrase: Locator;
  readonly repeat: Locator;
  readonly create: Locator;
  readonly open: Locator;

  constructor(page: Page, words: Words = wordsOf('es')) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.owner = page.getByLabel(t('unlock:create.name'));
    this.passphrase = page.getByLabel(t('unlock:passphrase'), { exact: true });
    this.repeat = page.getByLabel(t('unlock:create.again'), { exact: true });
    this.create = page.getByRole('button', { name: t('unlock:create.action') });
    this.open = page.getByRole('button', { name: t('unlock:open.action'), exact: true });
  }

  /** Makes a practice vault in the folder that the window offers. The window ends with it. */
  async createPracticeVault(owner: string, passphrase: string): Promise<void> {
    await this.page.getByRole('radio', { name: this.words.t('unlock:create.practice') }).check();
    await this.owner.fill(owner);
    await this.passphrase.fill(passphrase);
    await this.repeat.fill(passphrase);
    await lastClick(this.create);
  }

  /** One attempt with the vault that the window offers. The window ends with it, however it comes out. */
  async unlock(passphrase: string): Promise<void> {
    await this.passphrase.fill(passphrase);
    await lastAct(this.page, () => this.passphrase.press('Enter'));
  }

  /** Changes the language of the window and of what opens from it. Gives the window in that language. */
  async speak(language: 'Español' | 'English'): Promise<UnlockPage> {
    await this.page.getByRole('radiogroup').getByText(language, { exact: true }).click();
    const next = new UnlockPage(this.page, wordsOf(language === 'Español' ? 'es' : 'en'));
    await this.page.getByText(next.words.t('unlock:promise')).waitFor();
    return next;
  }
}
