import type { Locator, Page } from '@playwright/test';

import type { Words } from './words.ts';

/** The form that opens a case. */
export class CaseForm {
  readonly page: Page;
  readonly words: Words;
  readonly title: Locator;
  readonly summary: Locator;
  readonly open: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.title = page.getByRole('textbox', { name: t('cases:titleField') });
    this.summary = page.getByRole('textbox', { name: t('cases:summary') });
    this.open = page.getByRole('button', { name: t('cases:openCase') });
  }

  async opened(): Promise<this> {
    await this.page.getByRole('heading', { level: 1, name: this.words.t('cases:newTitle') }).waitFor();
    return this;
  }
}

export type CaseTab =
  'summary' | 'timeline' | 'incidents' | 'people' | 'evidence' | 'devices' | 'exports' | 'history';
export const CASE_TABS: readonly CaseTab[] = [
  'summary',
  'timeline',
  'incidents',
  'people',
  'evidence',
  'devices',
  'exports',
  'history',
];

/** One case and its tabs. */
export class CasePage {
  readonly page: Page;
  readonly words: Words;
  readonly title: Locator;
  readonly addPerson: Locator;
  readonly linkPerson: Locator;
  readonly prepareExport: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.title = page.getByRole('heading', { level: 1 });
    this.addPerson = page.getByRole('tabpanel').getByRole('button', { name: t('cases:addPerson') });
    this.linkPerson = page.getByRole('tabpanel').getByRole('button', { name: t('cases:linkPerson') });
    this.prepareExport = page.getByRole('button', { name: t('cases:prepareExport') });
  }

  async opened(title: string): Promise<this> {
    await this.title.filter({ hasText: title }).waitFor();
    await this.prepareExport.waitFor();
    return this;
  }

  async tab(name: CaseTab): Promise<void> {
    // Some tabs carry a count behind their name.
    const tab = this.page.getByRole('tab', {
      name: new RegExp(`^${this.words.t(`cases:tab.${name}`)}( \\d+)?$`),
    });
    await tab.click();
    await this.page.getByRole('tabpanel').waitFor();
  }

  /** Opens what a person of the case answered. */
  async consentsOf(name: string): Promise<void> {
    await this.page
      .getByRole('listitem')
      .filter({ hasText: name })
      .getByRole('button', { name: this.words.t('cases:consents'), exact: true })
      .click();
  }
}
