import type { Locator, Page } from '@playwright/test';

/**
 * The small window that takes passphrases, by what a person reads in it. Texts are Spanish because that is
 * what the application starts with.
 */
export class UnlockPage {
  readonly page: Page;
  readonly owner: Locator;
  readonly passphrase: Locator;
  readonly repeat: Locator;
  readonly create: Locator;

  constructor(page: Page) {
    this.page = page;
    this.owner = page.getByLabel('¿Quién abre esta bóveda?');
    this.passphrase = page.getByLabel('Frase de acceso', { exact: true });
    this.repeat = page.getByLabel('Repite la frase', { exact: true });
    this.create = page.getByRole('button', { name: 'Crear y abrir' });
  }

  /** Makes a practice vault in the folder that the window offers. The window ends with it. */
  async createPracticeVault(owner: string, passphrase: string): Promise<void> {
    await this.page.getByRole('radio', { name: 'Práctica' }).check();
    await this.owner.fill(owner);
    await this.passphrase.fill(passphrase);
    await this.repeat.fill(passphrase);
    await this.create.click();
  }

  /** One attempt with the vault that the window offers. The window ends with it, however it comes out. */
  async unlock(passphrase: string): Promise<void> {
    await this.passphrase.fill(passphrase);
    await this.passphrase.press('Enter');
  }
}
