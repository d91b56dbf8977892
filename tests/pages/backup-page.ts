import type { Locator, Page } from '@playwright/test';

import type { Words } from './words.ts';

/** Places that hold copies. */
export class BackupPage {
  readonly page: Page;
  readonly words: Words;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
  }

  async open(): Promise<this> {
    const { t } = this.words;
    await this.page
      .getByRole('navigation', { name: t('places') })
      .getByRole('link', { name: t('place.settings') })
      .click();
    await this.page
      .getByRole('main')
      .getByRole('link', { name: t('settings:link.backup'), exact: true })
      .click();
    await this.page.getByRole('heading', { level: 1, name: t('backup:title') }).waitFor();
    return this;
  }

  target(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  async first(): Promise<void> {
    await this.page.getByRole('button', { name: this.words.t('backup:first') }).click();
  }

  button(target: string, what: 'run' | 'verify' | 'rehearse'): Locator {
    return this.target(target).getByRole('button', { name: this.words.t(`backup:${what}`), exact: true });
  }
}
