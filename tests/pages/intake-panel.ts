import type { Locator, Page } from '@playwright/test';

import type { Words } from './words.ts';

/** Where files go in, on forms and on the screen of evidence, and what became of each. */
export class IntakePanel {
  readonly page: Page;
  readonly words: Words;
  readonly drop: Locator;
  readonly rows: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    this.drop = page.getByRole('button', { name: words.t('evidence:drop') });
    this.rows = page.getByRole('list', { name: words.t('evidence:title') }).getByRole('listitem');
  }

  /** The row of one file once its fingerprint is sealed. */
  sealed(name: string): Locator {
    return this.rows
      .filter({ hasText: name })
      .filter({ has: this.page.getByLabel(this.words.t('evidence:sealed')) });
  }
}
