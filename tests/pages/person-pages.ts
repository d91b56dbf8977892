import type { Locator, Page } from '@playwright/test';

import { addTags, pick } from './fields.ts';
import type { Words } from './words.ts';

/** The form of a person. */
export class PersonForm {
  readonly page: Page;
  readonly words: Words;
  readonly name: Locator;
  readonly aliases: Locator;
  readonly roles: Locator;
  readonly addContact: Locator;
  readonly save: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.name = page.getByRole('textbox', { name: t('people:nameQuestion') });
    this.aliases = page.getByRole('combobox', { name: t('people:aliases') });
    this.roles = page.getByRole('combobox', { name: t('people:roles') });
    this.addContact = page.getByRole('button', { name: t('people:addContact') });
    this.save = page.getByRole('main').getByRole('button', { name: t('save'), exact: true });
  }

  async opened(): Promise<this> {
    await this.page.getByRole('heading', { level: 1, name: this.words.t('people:newTitle') }).waitFor();
    return this;
  }

  async fill(person: { name: string; aliases?: readonly string[]; phone?: string }): Promise<void> {
    await this.name.fill(person.name);
    if (person.aliases !== undefined) await addTags(this.aliases, person.aliases);
    if (person.phone !== undefined) {
      const section = this.page.getByRole('button', { name: this.words.t('people:contacts') }).first();
      if ((await section.getAttribute('aria-expanded')) === 'false') await section.click();
      await this.addContact.click();
      await this.page.getByRole('textbox', { name: this.words.t('people:contactValue') }).fill(person.phone);
    }
  }

  /** Takes the first role away and gives others. */
  async roleIs(code: string): Promise<void> {
    // The field's box covers its input, so the keyboard goes there, as a person's Tab would.
    await this.roles.press('Backspace');
    await this.roles.press('ArrowDown');
    await this.page.getByRole('option', { name: this.words.term('role', code), exact: true }).click();
    await this.page.keyboard.press('Escape');
  }
}

/** The answers of one person of a case, and a new one. */
export class ConsentDialog {
  readonly page: Page;
  readonly words: Words;
  readonly dialog: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    this.dialog = page.getByRole('dialog');
  }

  async record(): Promise<void> {
    await this.dialog.getByRole('button', { name: this.words.t('people:recordConsent') }).click();
  }

  /** She could not be asked: the reason is enough, and nothing stands still. */
  async impeded(answer: { reason: string; words: string; toState: boolean }): Promise<void> {
    const { t, term } = this.words;
    await this.dialog.getByRole('radio', { name: term('consent', 'impeded') }).check();
    await pick(
      this.page,
      this.dialog.getByRole('combobox', { name: t('people:impediment') }),
      term('impediment', answer.reason),
    );
    await this.dialog.getByRole('textbox', { name: t('people:impedimentWords') }).fill(answer.words);
    if (answer.toState) await this.dialog.getByRole('checkbox', { name: t('people:mayState') }).check();
  }

  async save(): Promise<void> {
    const button = this.dialog.getByRole('button', { name: this.words.t('people:saveConsent') });
    await button.click();
    await button.waitFor({ state: 'hidden' });
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: this.words.t('ui:close') }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }
}
