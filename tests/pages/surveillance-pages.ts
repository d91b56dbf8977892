import type { Locator, Page } from '@playwright/test';

import { pick, segment } from './fields.ts';
import { IntakePanel } from './intake-panel.ts';
import type { Words } from './words.ts';

export type SurveillanceTab =
  'overview' | 'devices' | 'examinations' | 'findings' | 'messages' | 'attacks' | 'notifications' | 'sets';
export const SURVEILLANCE_TABS: readonly SurveillanceTab[] = [
  'overview',
  'devices',
  'examinations',
  'findings',
  'messages',
  'attacks',
  'notifications',
  'sets',
];

/** The place with everything about digital surveillance. */
export class SurveillancePage {
  readonly page: Page;
  readonly words: Words;
  readonly receive: Locator;
  readonly newMessage: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    const main = page.getByRole('main');
    this.receive = main.getByRole('button', { name: t('surveillance:receive.title') }).first();
    this.newMessage = main.getByRole('button', { name: t('surveillance:newMessage') }).first();
  }

  async tab(name: SurveillanceTab): Promise<void> {
    await this.page.getByRole('tab', { name: this.words.t(`surveillance:tab.${name}`), exact: true }).click();
    await this.page.getByRole('tabpanel').waitFor();
  }

  /** The row of a list that shows this text. */
  row(text: string): Locator {
    return this.page.getByRole('row').filter({ hasText: text });
  }

  /** Where indicator files are dropped; opens the panel first. */
  async setDrop(): Promise<Locator> {
    const { t } = this.words;
    const drop = this.page.getByRole('button', { name: t('surveillance:sets.drop') });
    if (!(await drop.isVisible()))
      await this.page.getByRole('button', { name: t('surveillance:sets.add'), exact: true }).click();
    await drop.waitFor();
    return drop;
  }

  /** What became of one indicator file. */
  setTaken(name: string): Locator {
    return this.page
      .getByRole('list', { name: this.words.t('surveillance:sets.added') })
      .getByRole('listitem')
      .filter({ hasText: name });
  }
}

/** The form with which a device comes in. */
export class ReceiveForm {
  readonly page: Page;
  readonly words: Words;
  readonly handedBy: Locator;
  readonly relation: Locator;
  readonly owner: Locator;
  readonly make: Locator;
  readonly model: Locator;
  readonly seal: Locator;
  readonly reason: Locator;
  readonly basisWords: Locator;
  readonly save: Locator;
  readonly files: IntakePanel;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.handedBy = page.getByRole('combobox', { name: t('surveillance:receive.handedBy'), exact: true });
    this.relation = page.getByRole('textbox', { name: t('surveillance:receive.relation') });
    this.owner = page.getByRole('combobox', { name: t('surveillance:device.owner'), exact: true });
    this.make = page.getByRole('textbox', { name: t('surveillance:device.make') });
    this.model = page.getByRole('textbox', { name: t('surveillance:device.model') });
    this.seal = page.getByRole('textbox', { name: t('surveillance:receive.seal') });
    this.reason = page.getByRole('textbox', { name: t('surveillance:receive.reason') });
    this.basisWords = page.getByRole('textbox', { name: t('surveillance:basis.words.relative') });
    this.save = page.getByRole('button', { name: t('surveillance:receive.save'), exact: true });
    this.files = new IntakePanel(page, words);
  }

  async opened(): Promise<this> {
    const { t } = this.words;
    await this.page.getByRole('heading', { level: 1, name: t('surveillance:receive.title') }).waitFor();
    return this;
  }

  async basis(code: string): Promise<void> {
    await this.page.getByRole('radio', { name: this.words.term('examinationBasis', code) }).check();
  }

  /** Whether a prosecutor's file exists in which the device could be evidence. */
  async prosecutorFile(answer: 'yes' | 'no' | 'unknown'): Promise<void> {
    const { t } = this.words;
    await segment(
      this.page.getByRole('radiogroup', { name: t('surveillance:receive.file') }),
      t(`surveillance:answer.${answer}`),
    ).click();
  }

  async chooseCase(code: string): Promise<void> {
    await pick(
      this.page,
      this.page.getByRole('combobox', { name: this.words.t('incidents:case') }),
      new RegExp(`^${code} `),
    );
  }
}

/** One device: custody, receipt, examinations. */
export class DevicePage {
  readonly page: Page;
  readonly words: Words;
  readonly title: Locator;
  readonly receipt: Locator;
  readonly stations: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.title = page.getByRole('heading', { level: 1 });
    this.receipt = page.getByRole('button', { name: t('surveillance:receipt.print'), exact: true });
    this.stations = page
      .getByRole('list', { name: t('surveillance:custody.stations') })
      .getByRole('listitem');
  }

  async opened(name: string): Promise<this> {
    await this.title.filter({ hasText: name }).waitFor();
    return this;
  }

  /** Adds one step to the chain of custody. */
  async step(code: string, detail: string): Promise<void> {
    const { t, term } = this.words;
    const add = t('surveillance:custody.add');
    await this.page.getByRole('button', { name: add }).click();
    const dialog = this.page.getByRole('dialog', { name: add });
    await pick(
      this.page,
      dialog.getByRole('combobox', { name: t('surveillance:custody.step') }),
      term('deviceCustody', code),
    );
    await dialog.getByRole('textbox', { name: t('surveillance:custody.detail'), exact: true }).fill(detail);
    await dialog.getByRole('button', { name: t('save'), exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Writes down that the device went back. */
  async giveBack(): Promise<void> {
    const { t } = this.words;
    await this.page.getByRole('button', { name: t('surveillance:return.title'), exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name: t('surveillance:return.title') });
    await dialog.getByRole('button', { name: t('surveillance:return.save') }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Opens the newest examination. */
  async openExamination(): Promise<void> {
    await this.page
      .getByRole('list', { name: this.words.t('surveillance:examinations') })
      .getByRole('link')
      .first()
      .click();
    await new ExaminationPage(this.page, this.words).opened();
  }
}

/** One examination: import, findings, review. */
export class ExaminationPage {
  readonly page: Page;
  readonly words: Words;
  readonly compare: Locator;
  readonly share: Locator;
  readonly drop: Locator;
  readonly folder: Locator;
  readonly report: Locator;
  readonly findings: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.compare = page.getByRole('button', { name: t('surveillance:match.button') });
    this.share = page.getByRole('button', { name: t('surveillance:stix.button') });
    this.drop = page.getByRole('button', { name: t('imports:drop') });
    this.folder = page.getByRole('button', { name: t('imports:chooseFolder') });
    this.report = page.getByRole('region', { name: t('imports:report') });
    this.findings = page.getByRole('grid', { name: t('findings:list') });
  }

  async opened(): Promise<this> {
    await this.compare.waitFor();
    return this;
  }

  async tab(name: 'findings' | 'import' | 'about'): Promise<void> {
    const { t } = this.words;
    const words = name === 'about' ? t('surveillance:examination.about') : t(`surveillance:tab.${name}`);
    await this.page.getByRole('tab', { name: new RegExp(`^${words}( \\d+)?$`) }).click();
    await this.page.getByRole('tabpanel').waitFor();
  }

  finding(text: string): Locator {
    return this.findings.getByRole('row').filter({ hasText: text });
  }

  /** Decides about the finding beside the list, or about the chosen ones. */
  async decide(where: Locator, state: string, fields: { reason?: string; by?: string } = {}): Promise<void> {
    const { t, term } = this.words;
    await pick(
      this.page,
      where.getByRole('combobox', { name: t('findings:review.state') }),
      term('findingState', state),
    );
    if (fields.reason !== undefined)
      await where.getByRole('textbox', { name: t('findings:review.reason') }).fill(fields.reason);
    if (fields.by !== undefined)
      await where.getByRole('textbox', { name: t('findings:review.confirmedBy') }).fill(fields.by);
    await where.getByRole('button', { name: t('findings:review.save') }).click();
  }
}

/** The form of a suspicious message. */
export class MessageForm {
  readonly page: Page;
  readonly words: Words;
  readonly text: Locator;
  readonly sender: Locator;
  readonly received: Locator;
  readonly picture: Locator;
  readonly save: Locator;
  readonly proposal: Locator;
  readonly useAll: Locator;
  readonly files: IntakePanel;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.text = page.getByRole('textbox', { name: t('messages:text') });
    this.sender = page.getByRole('textbox', { name: t('messages:sender') });
    this.received = page.getByRole('textbox', { name: t('messages:received') });
    this.picture = page.getByRole('region', { name: t('messages:picture') }).getByRole('img');
    this.save = page.getByRole('button', { name: t('messages:save') });
    this.files = new IntakePanel(page, words);
    this.proposal = page.getByRole('region', { name: t('messages:readTitle') });
    this.useAll = this.proposal.getByRole('button', { name: t('messages:proposal.useAll') });
  }

  async opened(): Promise<this> {
    await this.save.waitFor();
    return this;
  }
}

/** One suspicious message. */
export class MessagePage {
  readonly page: Page;
  readonly words: Words;
  readonly compare: Locator;
  readonly coincidences: Locator;
  readonly links: Locator;
  readonly caution: Locator;
  readonly copyText: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.compare = page.getByRole('button', { name: t('messages:compare') });
    this.coincidences = page.getByRole('list', { name: t('messages:coincidences') }).getByRole('listitem');
    this.links = page.getByRole('list', { name: t('messages:links') }).getByRole('listitem');
    this.caution = page.getByRole('region', { name: t('surveillance:caution.title') });
    this.copyText = page.getByRole('button', { name: t('messages:copyText') }).first();
  }

  async opened(): Promise<this> {
    await this.compare.waitFor();
    return this;
  }

  async writeDestination(link: string, url: string, how: string): Promise<void> {
    const { t } = this.words;
    await this.links
      .filter({ hasText: link })
      .getByRole('button', { name: t('messages:writeDestination') })
      .click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: t('messages:destination') }).fill(url);
    await dialog.getByRole('textbox', { name: t('messages:destinationHow') }).fill(how);
    await dialog.getByRole('button', { name: t('save'), exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }
}

/** The way out of a timeline. */
export class TimelineExportDialog {
  readonly page: Page;
  readonly words: Words;
  readonly open: Locator;
  readonly dialog: Locator;
  readonly recipient: Locator;
  readonly titles: Locator;
  readonly write: Locator;

  constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
    const { t } = words;
    this.open = page.getByRole('main').getByRole('button', { name: t('timeline:export.button') });
    this.dialog = page.getByRole('dialog', { name: t('timeline:export.title') });
    this.recipient = this.dialog.getByRole('textbox', { name: t('timeline:export.recipient') });
    this.titles = this.dialog.getByRole('checkbox', { name: t('timeline:export.titles') });
    this.write = this.dialog.getByRole('button', { name: t('timeline:export.write') });
  }

  async format(name: 'pdf' | 'csv' | 'svg'): Promise<void> {
    await segment(
      this.dialog.getByRole('radiogroup', { name: this.words.t('timeline:export.format') }),
      this.words.t(`timeline:export.formats.${name}`),
    ).click();
  }
}
