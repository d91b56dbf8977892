import type { Locator, Page } from '@playwright/test';

/**
 * What one hand does at the desk: every click and every key press counts, text that is typed does not.
 * A flow that promises few steps is held to the number.
 */
export class Hand {
  readonly page: Page;
  /** What was done, in order. */
  readonly done: string[] = [];

  constructor(page: Page) {
    this.page = page;
  }

  get count(): number {
    return this.done.length;
  }

  async click(what: Locator): Promise<void> {
    this.done.push(`click ${String(what)}`);
    await what.click();
  }

  async press(chord: string): Promise<void> {
    this.done.push(`press ${chord}`);
    await this.page.keyboard.press(chord);
  }

  /** Free text into whatever has the focus. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }
}
