import type { Locator, Page } from '@playwright/test';

import { addTags, pick } from './fields.ts';
import { IntakePanel } from './intake-panel.ts';
import type { Words } from './words.ts';

/** The form of an incident, new or to be completed. */
export class IncidentForm {
  readonly page: Page;
  readonly words: Words;
  readonly what: Locator;
  readonly when: Locator;
  readonly whom: Locator;
  readonly caseField: Locator;
  readonly mention: Locator;
  readonly mentions: Locator;
  readonly save: Locator;
  readonly draftState: Locator;
  readonly files: IntakePanel;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.what = page.getByRole('textbox', { name: t('incidents:whatQuestion') });
    this.when = page.getByRole('textbox', { name: t('incidents:whenQuestion') });
    this.whom = page.getByRole('combobox', { name: t('incidents:whomQuestion') });
    this.caseField = page.getByRole('combobox', { name: t('incidents:case') });
    this.mention = page.getByRole('button', { name: t('ui:narrative.mention') }).first();
    this.mentions = page.getByRole('listbox', { name: t('ui:narrative.people') });
    this.save = page.getByRole('main').getByRole('button', { name: t('save'), exact: true });
    this.draftState = page.getByRole('main').getByRole('status').first();
    this.files = new IntakePanel(page, words);
  }

  async opened(kind: 'new' | 'edit' = 'new'): Promise<this> {
    await this.page
      .getByRole('heading', { level: 1, name: this.words.t(`incidents:${kind}Title`) })
      .waitFor();
    return this;
  }

  /** Opens one of the folded parts. */
  async unfold(part: 'acts' | 'place' | 'sources' | 'linkToWork' | 'more'): Promise<void> {
    const toggle = this.page.getByRole('button', { name: this.words.t(`incidents:${part}`) }).first();
    if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
  }

  async fill(fields: { what: string; when?: string; whom?: readonly string[] }): Promise<void> {
    await this.what.fill(fields.what);
    if (fields.when !== undefined) await this.when.fill(fields.when);
    if (fields.whom !== undefined) await addTags(this.whom, fields.whom);
  }

  chooseCase(code: string): Promise<void> {
    return pick(this.page, this.caseField, new RegExp(`^${code} `));
  }
}
