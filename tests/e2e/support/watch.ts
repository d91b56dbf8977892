import type { Page } from '@playwright/test';

/**
 * Writes down whatever a page complains about: errors of scripts, refusals of its own policy, and every
 * error on the console. A screen is right only when it says nothing.
 */
export const watchPage = (page: Page, into: string[]): void => {
  // Without one a step that finds nothing would wait until the whole test is out of time.
  page.setDefaultTimeout(Number(process.env['RESGUARDO_E2E_STEP_MS'] ?? 45_000));
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy|Trusted(HTML|Script)/.test(message.text()))
      into.push(message.text());
  });
  page.on('pageerror', (error) => into.push(String(error)));
};
