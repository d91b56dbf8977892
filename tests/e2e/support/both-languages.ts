import type { Page } from '@playwright/test';

import { valueOf } from './bridge.ts';
import { keepScreen } from './screens.ts';

/** Turns the window to a language. */
export const speak = async (page: Page, language: 'es' | 'en'): Promise<void> => {
  await valueOf(page, 'preferences.set', { language });
  await page.locator(`html[lang^="${language}"]`).waitFor({ state: 'attached' });
};

/**
 * Keeps the same screen in Spanish and in English, light and dark, and leaves it in Spanish. `look` runs in each:
 * what stands open stays open when the language changes.
 */
export const keepInBoth = async (
  page: Page,
  name: string,
  look: (scheme: 'light' | 'dark') => Promise<void>,
): Promise<void> => {
  await keepScreen(page, name, 'es', look);
  await speak(page, 'en');
  await keepScreen(page, name, 'en', look);
  await speak(page, 'es');
};
