import type { Locator, Page } from '@playwright/test';

/** What every screen of the main window has around it: rail, search, new, lock. */
export class MainPage {
  readonly page: Page;
  readonly rail: Locator;
  readonly lockButton: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rail = page.getByRole('navigation').first();
    this.lockButton = page.getByRole('button', { name: 'Cerrar con llave' });
  }

  /** Goes to one of the places in the rail and waits for its heading. */
  async goTo(place: string): Promise<void> {
    await this.rail.getByRole('link', { name: place, exact: true }).click();
    await this.page.getByRole('heading', { level: 1, name: place }).waitFor();
  }

  async lock(): Promise<void> {
    await this.lockButton.click();
  }
}
