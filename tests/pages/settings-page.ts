import type { Locator, Page } from '@playwright/test';

import { segment } from './fields.ts';
import { wordsOf } from './words.ts';
import type { Language, Words } from './words.ts';

/** Language, colours, names on the screen. */
export class SettingsPage {
  readonly page: Page;
  readonly words: Words;
  readonly hideNames: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    this.hideNames = page.getByRole('switch', { name: words.t('settings:hideNames') });
  }

  private group(name: 'language' | 'scheme' | 'density'): Locator {
    return this.page.getByRole('radiogroup', { name: this.words.t(`settings:${name}`) });
  }

  /** Gives the words of the window from then on. */
  async speak(language: Language): Promise<Words> {
    await segment(this.group('language'), language === 'es' ? 'Español' : 'English').click();
    const words = wordsOf(language);
    await this.page.getByRole('heading', { level: 1, name: words.t('settings:title') }).waitFor();
    return words;
  }

  async colours(scheme: 'light' | 'dark' | 'system'): Promise<void> {
    await segment(this.group('scheme'), this.words.t(`settings:${scheme}`)).click();
  }

  async showNames(): Promise<void> {
    if (await this.hideNames.isChecked()) await this.hideNames.click({ force: true });
    await this.page.locator(':root[data-names="shown"]').waitFor();
  }
}
