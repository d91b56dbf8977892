import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import { MainPage } from '../../pages/main-page.ts';

import { createVault, PASSPHRASE, valueOf } from './bridge.ts';
import type { RunningApp } from './host.ts';
import { expect } from './test.ts';
import { entered, locked, openCase, words } from './vault-steps.ts';

const { t } = words;

/** Somebody at work: makes records, changes them, takes changes back, and is locked out in mid-sentence. */
export class Desk {
  readonly app: RunningApp;
  /** The main window; another one after each lock. */
  page: Page;

  private constructor(app: RunningApp, page: Page) {
    this.app = app;
    this.page = page;
  }

  /** A fresh practice vault at its first screen. */
  static async open(launch: () => Promise<RunningApp>, folder: string): Promise<Desk> {
    const app = await launch();
    return new Desk(app, await createVault(app, join(folder, 'vault')));
  }

  get main(): MainPage {
    return new MainPage(this.page, words);
  }

  /** What the engine answers. */
  value<T>(method: string, input: unknown = {}): Promise<T> {
    return valueOf<T>(this.page, method, input);
  }

  /** Makes a record past the screens; gives its id and version. */
  made(method: string, input: unknown): Promise<{ id: string; version: number }> {
    return this.value(method, input);
  }

  /** Makes a case and goes to it. */
  async case(title: string, code: string): Promise<string> {
    const { id } = await openCase(this.page, title, code);
    await this.main.open('cases');
    await this.page.getByText(title).click();
    await this.main.heading(title).waitFor();
    return id;
  }

  /** A button of the page by its exact words; the first where several carry them. */
  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).first().click();
  }

  /** Changes one field of the form in front and saves it by the keyboard. */
  async change(button: string, label: string, to: string): Promise<void> {
    await this.press(button);
    await this.page.getByLabel(label).fill(to);
    await this.save();
  }

  save(): Promise<void> {
    return this.page.keyboard.press('Control+Enter');
  }

  /** The offer to take the last change back. */
  get undo(): Locator {
    return this.page.getByRole('button', { name: t('ui:undo.undo') });
  }

  /** Takes the last change back, and reads that it was. */
  async takeBack(): Promise<void> {
    const done = this.page.getByText(t('ui:undo.done'));
    // The notice of a step before this one would be taken for this one's; the change took it away.
    await expect(done).toHaveCount(0);
    await this.undo.click();
    await expect(done).toBeVisible();
  }

  /** Types and waits until the draft of it is stored. */
  async leaveHalfWritten(field: Locator, text: string): Promise<void> {
    await field.fill(text);
    await expect(this.page.getByText(t('draft.saved')).first()).toBeVisible();
  }

  /** Locks by the key, which reaches past a dialogue that is open, and comes back to Hoy. */
  async lockedOut(): Promise<void> {
    await (await locked(this.app, this.page, 'key')).unlock(PASSPHRASE);
    this.page = await entered(this.app);
  }

  /** What Hoy lists as half written. */
  get drafts(): Locator {
    return this.page.getByRole('region', { name: t('today:drafts') });
  }

  draft(about: string): Locator {
    return this.drafts.getByRole('listitem').filter({ hasText: about });
  }

  /** Goes on with the only draft, or with the one about something. */
  async goOn(about?: string): Promise<void> {
    const among = about === undefined ? this.drafts : this.draft(about);
    await among.getByRole('button', { name: t('today:goOn') }).click();
  }

  /** Nothing is left half written, and nothing went wrong on the way. */
  async expectNoDrafts(): Promise<void> {
    expect(await this.value('drafts.list')).toEqual({ rows: [] });
    expect(this.app.problems()).toEqual([]);
  }
}
