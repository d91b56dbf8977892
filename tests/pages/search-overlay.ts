import type { Locator, Page } from '@playwright/test';

import type { Words } from './words.ts';

/** The one box over everything. */
export class SearchOverlay {
  readonly page: Page;
  readonly box: Locator;
  readonly results: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    const dialog = page.getByRole('dialog', { name: words.t('finder.title') });
    this.box = dialog.getByRole('combobox');
    this.results = dialog.getByRole('listbox').getByRole('option');
  }

  async open(): Promise<this> {
    await this.page.keyboard.press('Control+k');
    await this.box.waitFor();
    return this;
  }

  /** Types the words and opens the first result that shows `text`. */
  async find(words: string, text: string): Promise<void> {
    await this.box.fill(words);
    const found = this.results.filter({ hasText: text }).first();
    await found.waitFor();
    await found.click();
  }
}
