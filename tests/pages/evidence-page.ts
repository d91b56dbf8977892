import type { Locator, Page } from '@playwright/test';

import { IntakePanel } from './intake-panel.ts';
import type { Words } from './words.ts';

/** The list of evidence with the viewer beside it. */
export class EvidencePage {
  readonly page: Page;
  readonly words: Words;
  readonly table: Locator;
  readonly viewer: Locator;
  readonly addFiles: Locator;
  readonly files: IntakePanel;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.table = page.getByRole('grid', { name: t('evidence:list') });
    this.viewer = page.getByRole('complementary', { name: t('evidence:viewer') });
    this.addFiles = page.getByRole('button', { name: t('evidence:addFiles') });
    this.files = new IntakePanel(page, words);
  }

  async view(name: string): Promise<void> {
    await this.table.getByRole('row').filter({ hasText: name }).click();
    await this.viewer.getByRole('heading', { name }).waitFor();
  }

  tab(name: 'picture' | 'text' | 'about' | 'custody'): Locator {
    return this.viewer.getByRole('tab', { name: this.words.t(`evidence:tab.${name}`) });
  }
}
