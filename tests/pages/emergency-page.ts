import type { Locator, Page } from '@playwright/test';

import type { Hand } from './hand.ts';
import { IntakePanel } from './intake-panel.ts';
import type { Words } from './words.ts';

export interface Call {
  readonly safe: 'yes' | 'no' | 'unknown';
  readonly what: string;
  readonly where: string;
  readonly caller: string;
}

/** The form for somebody who is calling now. */
export class EmergencyPage {
  readonly page: Page;
  readonly words: Words;
  readonly what: Locator;
  readonly where: Locator;
  readonly caller: Locator;
  readonly channel: Locator;
  readonly save: Locator;
  readonly stopwatch: Locator;
  readonly draftState: Locator;
  readonly files: IntakePanel;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.what = page.getByRole('textbox', { name: t('incidents:whatIsHappening') });
    this.where = page.getByRole('textbox', { name: t('incidents:where') });
    this.caller = page.getByRole('textbox', { name: t('incidents:caller') });
    this.channel = page.getByRole('textbox', { name: t('incidents:channel') });
    this.save = page.getByRole('button', { name: t('incidents:saveEmergency') });
    this.stopwatch = page.getByRole('timer');
    this.draftState = page.getByRole('main').getByRole('status').first();
    this.files = new IntakePanel(page, words);
  }

  async opened(): Promise<this> {
    await this.page.getByRole('heading', { level: 1, name: this.words.t('incidents:emergency') }).waitFor();
    return this;
  }

  safe(answer: Call['safe']): Locator {
    return this.page.getByRole('radio', { name: this.words.term('safe', answer), exact: true });
  }

  /** The four answers as somebody gives them who holds the telephone with the other hand. */
  async answer(call: Call, hand: Hand): Promise<void> {
    await hand.click(this.safe(call.safe));
    await hand.type(call.what);
    await hand.press('Tab');
    await hand.type(call.where);
    await hand.press('Tab');
    await hand.type(call.caller);
  }
}
