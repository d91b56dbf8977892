import type { Locator, Page } from '@playwright/test';

/** Picks one entry of a list that opens below its field. */
export const pick = async (page: Page, field: Locator, option: string | RegExp): Promise<void> => {
  await field.click();
  await page.getByRole('option', { name: option }).first().click();
};

/** Adds words one by one to a field that keeps several. */
export const addTags = async (field: Locator, tags: readonly string[]): Promise<void> => {
  for (const tag of tags) {
    await field.fill(tag);
    await field.press('Enter');
  }
};

/** The switch of several in a row that carries this name. */
export const segment = (group: Locator, name: string): Locator => group.getByText(name, { exact: true });
