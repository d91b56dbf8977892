import type { Locator, Page } from '@playwright/test';

import type { Hand } from './hand.ts';
import { lastClick } from './last-act.ts';
import { wordsOf } from './words.ts';
import type { Words } from './words.ts';

export type Place =
  'today' | 'cases' | 'incidents' | 'people' | 'evidence' | 'surveillance' | 'exports' | 'settings';
export const PLACES: readonly Place[] = [
  'today',
  'cases',
  'incidents',
  'people',
  'evidence',
  'surveillance',
  'exports',
  'settings',
];

/** What every screen of the main window has around it: rail, search, new, lock. */
export class MainPage {
  readonly page: Page;
  readonly words: Words;
  readonly rail: Locator;
  readonly newIncident: Locator;
  readonly newOther: Locator;
  readonly lockButton: Locator;
  readonly searchButton: Locator;
  readonly helpButton: Locator;

  constructor(page: Page, words: Words = wordsOf('es')) {
    this.page = page;
    this.words = words;
    const { t } = words;
    const bar = page.getByRole('banner');
    this.rail = page.getByRole('navigation', { name: t('places') });
    this.newIncident = bar.getByRole('button', { name: t('newIncident') });
    this.newOther = bar.getByRole('button', { name: t('newOther') });
    // From its beginning: another button of the bar speaks of locking too.
    this.lockButton = bar.getByRole('button', { name: new RegExp(`^${t('lock')}`) });
    this.searchButton = bar.getByRole('button', { name: t('search') });
    this.helpButton = bar.getByRole('button', { name: t('help') });
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  /** Goes to one of the places in the rail, by its name, and waits for its heading. */
  async goTo(place: string): Promise<void> {
    await this.rail.getByRole('link', { name: place }).click();
    await this.heading(place).waitFor();
  }

  open(place: Place): Promise<void> {
    return this.goTo(this.words.t(`place.${place}`));
  }

  /** One entry of the menu beside «new incident». */
  async create(what: 'Emergency' | 'Case' | 'Person' | 'Export', hand?: Hand): Promise<void> {
    const entry = this.page.getByRole('menuitem', { name: this.words.t(`new${what}`) });
    if (hand === undefined) {
      await this.newOther.click();
      await entry.click();
      return;
    }
    await hand.click(this.newOther);
    await hand.click(entry);
  }

  /** Locks. The window ends with it. */
  async lock(): Promise<void> {
    await lastClick(this.lockButton);
  }
}
