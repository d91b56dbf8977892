import type { Locator, Page } from '@playwright/test';

import { IntakePanel } from './intake-panel.ts';
import type { Words } from './words.ts';

/** One incident for reading. */
export class IncidentPage {
  readonly page: Page;
  readonly words: Words;
  readonly title: Locator;
  readonly complete: Locator;
  readonly files: IntakePanel;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    this.title = page.getByRole('heading', { level: 1 });
    this.complete = page.getByRole('button', { name: words.t('incidents:complete') });
    this.files = new IntakePanel(page, words);
  }

  async opened(text: string): Promise<this> {
    await this.complete.waitFor();
    await this.title.filter({ hasText: text }).waitFor();
    return this;
  }
}
