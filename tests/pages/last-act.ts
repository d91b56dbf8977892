import type { Locator, Page } from '@playwright/test';

/** How long the news that a page closed may come after the refusal of what was being done in it, in ms. */
const NEWS_MS = 5_000;

const closes = (page: Page): Promise<boolean> =>
  page.isClosed()
    ? Promise.resolve(true)
    : page.waitForEvent('close', { timeout: NEWS_MS }).then(
        () => true,
        () => false,
      );

/**
 * Does what may end its own window: locking, giving up, the one attempt of a window that takes passphrases. Such
 * a window can be gone before the browser has reported that the key or the button was pressed, which is no
 * failure; that it did what it should is for the caller to see. Whatever else fails is thrown on.
 */
export const lastAct = async (page: Page, act: () => Promise<void>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    const ended = error instanceof Error && /has been closed|crashed/u.test(error.message);
    if (!ended || !(await closes(page))) throw error;
  }
};

/** A click on something that may end its own window. */
export const lastClick = (locator: Locator): Promise<void> => lastAct(locator.page(), () => locator.click());
