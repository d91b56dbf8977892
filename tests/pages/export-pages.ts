import type { Locator, Page } from '@playwright/test';

import { pick, segment } from './fields.ts';
import type { Words } from './words.ts';

/** First step: what goes to whom. */
export class ExportStart {
  readonly page: Page;
  readonly words: Words;
  readonly begin: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    this.begin = page.getByRole('button', { name: words.t('exports:begin') });
  }

  async opened(): Promise<this> {
    await this.page.getByRole('heading', { level: 1, name: this.words.t('exports:newTitle') }).waitFor();
    return this;
  }

  /** Types as a person does, behind what stands in a field already: nothing may stand there. */
  async fill(fields: {
    profile: 'iachr-precautionary' | 'public';
    recipient: string;
    purpose: string;
  }): Promise<void> {
    const { t, term } = this.words;
    await this.page.getByRole('radio', { name: term('profile', fields.profile) }).check();
    await this.page
      .getByRole('textbox', { name: t('exports:recipient') })
      .pressSequentially(fields.recipient);
    await this.page.getByRole('textbox', { name: t('exports:purpose') }).fill(fields.purpose);
  }
}

export type ExportStep = 'consent' | 'redaction' | 'check' | 'release';

/** The workspace of one export, step by step. */
export class ExportWorkspace {
  readonly page: Page;
  readonly words: Words;
  readonly steps: Locator;
  readonly document: Locator;
  readonly pending: Locator;
  readonly annexes: Locator;
  readonly hits: Locator;
  readonly toCheck: Locator;
  readonly runCheck: Locator;
  readonly confirmInventory: Locator;
  readonly toRelease: Locator;
  readonly release: Locator;
  readonly released: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.steps = page.getByRole('list', { name: t('exports:steps') });
    this.document = page.getByRole('region', { name: t('exports:document') });
    this.pending = page.getByRole('region', { name: t('exports:pending'), exact: true });
    this.annexes = page.getByRole('region', { name: t('exports:annexes'), exact: true });
    this.hits = page.getByRole('region', { name: t('exports:hits'), exact: true }).last();
    this.toCheck = page.getByRole('button', { name: t('exports:toCheck') });
    // The step of the bar has the same word in English.
    this.runCheck = page
      .getByRole('region', { name: t('exports:step.check'), exact: true })
      .getByRole('button', {
        name: new RegExp(`^(${t('exports:runCheck')}|${t('exports:runCheckAgain')})$`),
      });
    this.confirmInventory = page.getByRole('button', { name: t('exports:inventoryConfirm') });
    this.toRelease = page.getByRole('button', { name: t('exports:toRelease') });
    this.release = page.getByRole('button', { name: t('exports:release'), exact: true });
    this.released = page.getByText(t('exports:released'), { exact: true });
  }

  async opened(): Promise<this> {
    await this.steps.waitFor();
    return this;
  }

  async step(name: ExportStep): Promise<void> {
    await this.steps.getByRole('button', { name: this.words.t(`exports:step.${name}`) }).click();
  }

  /**
   * Decides every suggestion with the button that is offered: pseudonym where there is one, else withhold.
   * Deciding one may show another; gives how many were decided.
   */
  async decideAll(): Promise<number> {
    const { t } = this.words;
    const done = this.page.getByText(t('exports:nothingPending'));
    let decided = 0;
    while (!(await done.isVisible())) {
      if (decided > 200) throw new Error('Suggestions do not come to an end.');
      const before = await this.pendingLeft();
      const pseudonym = this.pending.getByRole('button', {
        name: t('exports:action.pseudonym'),
        exact: true,
      });
      const withhold = this.pending.getByRole('button', { name: t('exports:action.withhold'), exact: true });
      await ((await pseudonym.count()) > 0 ? pseudonym : withhold).first().click();
      decided += 1;
      await this.leftIsNot(before);
    }
    return decided;
  }

  private pendingLeft(): Promise<string> {
    return this.pending.innerText();
  }

  private async leftIsNot(before: string): Promise<void> {
    const end = Date.now() + 20_000;
    while ((await this.pendingLeft()) === before) {
      if (Date.now() > end) throw new Error('A decision changed nothing.');
      await this.page.waitForTimeout(50);
    }
  }

  async treat(annex: string, treatment: string): Promise<void> {
    const { t } = this.words;
    await pick(
      this.page,
      this.annexes.getByRole('combobox', { name: t('exports:treatmentOf', { title: annex }) }),
      t(`exports:treatment.${treatment}`),
    );
  }

  /** Builds and searches the finished files in this form, and waits for the figures. */
  async check(form: 'filing' | 'package'): Promise<void> {
    const { t } = this.words;
    const forms = this.page.getByRole('radiogroup', { name: t('exports:form') });
    await segment(forms, t(`exports:formKind.${form}`)).click();
    await this.runCheck.click();
    await this.page.getByText(t('exports:figure.open')).waitFor({ timeout: 240_000 });
    await this.idle();
  }

  /** No button shows that it is busy. */
  async idle(): Promise<void> {
    await this.page.locator('[data-loading="true"]').first().waitFor({ state: 'detached', timeout: 240_000 });
  }

  /** Says of every hit that can be judged that it is somebody else; gives the words found. */
  async judgeAll(): Promise<string[]> {
    const other = this.hits.getByRole('button', { name: this.words.t('exports:itIsNotHer') });
    const judged: string[] = [];
    const verdicts = this.hits.getByText(this.words.t('exports:verdict.other'), { exact: true });
    const count = (await this.hits.count()) === 0 ? 0 : await other.count();
    for (let at = await verdicts.count(); at < count; at += 1) {
      const hit = other.nth(at);
      judged.push(await hit.locator('xpath=ancestor::div[.//mark][1]').locator('mark').innerText());
      await hit.click();
      while ((await verdicts.count()) <= at) await this.page.waitForTimeout(50);
    }
    return judged;
  }

  async chooseFolder(): Promise<void> {
    await this.page.getByRole('button', { name: this.words.t('exports:chooseTarget') }).click();
  }

  async emergencyReason(reason: string): Promise<void> {
    await this.page.getByRole('textbox', { name: this.words.t('exports:emergencyReason') }).fill(reason);
  }
}
