import type * as Docx from 'docx';
import type { ILevelsOptions, ISectionOptions, ParagraphChild } from 'docx';
import type { Block, BlockOf, FilingDocument, Run } from '#shared/model/filing-document.ts';
import { filingDocumentSchema } from '#shared/model/filing-document.ts';
import { annexTable, cellRuns, dayInWords, runText, sourcesText } from '#shared/model/filing-text.ts';
import { loadModule } from '../../../load-module.ts';
import { normaliseDocx } from './docx-package.ts';
import { DOCX_STYLES, INK_HEX, PAGE_TWIPS, TEXT_TWIPS } from './docx-styles.ts';
import { groupHex, textSha256 } from './pdf.ts';
import type { RenderWords } from './words.ts';
import { fill, filingWords } from './words.ts';

const LANGUAGE_TAGS = { es: 'es-MX', en: 'en-GB' } as const;
const ANNEX_STYLE = 'AnnexReference';

/** Loaded by the first document: most sessions write none. Set before anything below is called. */
let docx: typeof Docx;

const runOf = (run: Run): ParagraphChild => {
  switch (run.kind) {
    case 'text':
      return new docx.TextRun({ text: run.text });
    case 'pseudonym':
      return new docx.TextRun({ text: run.text, style: 'Pseudonym' });
    case 'strong':
      return new docx.TextRun({ text: run.text, bold: true });
    case 'withheld':
      return new docx.TextRun({ text: run.text, style: 'Withheld' });
    case 'annex':
      return new docx.TextRun({ text: runText(run), style: ANNEX_STYLE });
  }
};
const runsOf = (runs: readonly Run[]): ParagraphChild[] => runs.map(runOf);

type Child = Docx.Paragraph | Docx.Table;

/** Lists of numbers: each list and each stretch of facts counts from its own start. */
class Numberings {
  readonly config: { reference: string; levels: ILevelsOptions[] }[] = [];
  #nextFact = 0;
  #factReference = '';

  #add(prefix: string, level: Omit<ILevelsOptions, 'level' | 'alignment'>): string {
    const reference = `${prefix}${String(this.config.length + 1)}`;
    this.config.push({ reference, levels: [{ ...level, level: 0, alignment: docx.AlignmentType.START }] });
    return reference;
  }

  /** The counter for a fact, which goes on where the numbers follow each other. */
  fact(number: number): string {
    if (number !== this.#nextFact || this.#factReference === '') {
      this.#factReference = this.#add('fact', {
        format: docx.LevelFormat.DECIMAL,
        text: '%1.',
        start: number,
        style: {
          paragraph: { indent: { left: 520, hanging: 520 } },
          run: { bold: true, color: INK_HEX.accent },
        },
      });
    }
    this.#nextFact = number + 1;
    return this.#factReference;
  }

  list(ordered: boolean): string {
    return this.#add('list', {
      format: ordered ? docx.LevelFormat.DECIMAL : docx.LevelFormat.BULLET,
      text: ordered ? '%1.' : '•',
      start: 1,
      style: { paragraph: { indent: { left: 520, hanging: 360 } }, run: { color: INK_HEX.accent } },
    });
  }

  section(): string {
    return this.#add('section', {
      format: docx.LevelFormat.DECIMAL,
      text: '%1.',
      start: 1,
      style: { paragraph: { indent: { left: 420, hanging: 420 } } },
    });
  }
}

/** A generous width of a letter of a label, twentieths of a point. */
const LABEL_TWIPS = 105;

const field = (label: string, value: ParagraphChild[], left: number): Docx.Paragraph =>
  new docx.Paragraph({
    style: 'Field',
    indent: { left, hanging: left },
    tabStops: [{ type: docx.TabStopType.LEFT, position: left }],
    children: [
      new docx.TextRun({ text: `${label}:`, style: 'FieldLabel' }),
      // A label that is wider than its column has its value on the next line, which the indent sets right.
      label.length > left / LABEL_TWIPS ? new docx.TextRun({ break: 1 }) : new docx.TextRun({ text: '\t' }),
      ...value,
    ],
  });

const tableOf = (block: BlockOf<'table'>): Child[] => {
  const total = block.columns.reduce((sum, column) => sum + column.weight, 0);
  const widths = block.columns.map((column) => Math.floor((TEXT_TWIPS * column.weight) / total));
  const line = { style: docx.BorderStyle.SINGLE, size: 4, color: INK_HEX.rule };
  const none = { style: docx.BorderStyle.NONE, size: 0, color: 'auto' };
  const cell = (at: number, children: ParagraphChild[], heading: boolean): Docx.TableCell =>
    new docx.TableCell({
      width: { size: widths[at] ?? 0, type: docx.WidthType.DXA },
      ...(heading ? { shading: { type: docx.ShadingType.CLEAR, color: 'auto', fill: INK_HEX.tint } } : {}),
      children: [
        new docx.Paragraph({
          style: heading ? 'TableHeading' : 'TableText',
          ...(block.columns[at]?.align === 'end' ? { alignment: docx.AlignmentType.END } : {}),
          children,
        }),
      ],
    });
  const table = new docx.Table({
    width: { size: TEXT_TWIPS, type: docx.WidthType.DXA },
    columnWidths: widths,
    layout: docx.TableLayoutType.FIXED,
    margins: { top: 70, bottom: 70, left: 100, right: 100 },
    borders: {
      top: none,
      left: none,
      right: none,
      bottom: line,
      insideHorizontal: line,
      insideVertical: none,
    },
    rows: [
      new docx.TableRow({
        tableHeader: true,
        cantSplit: true,
        children: block.columns.map((column, at) =>
          cell(at, [new docx.TextRun({ text: column.heading })], true),
        ),
      }),
      ...block.rows.map(
        (row) =>
          new docx.TableRow({
            cantSplit: true,
            children: row.map((runs, at) => cell(at, runsOf(cellRuns(runs)), false)),
          }),
      ),
    ],
  });
  const caption =
    block.caption === undefined
      ? []
      : [new docx.Paragraph({ style: 'Caption', children: [new docx.TextRun({ text: block.caption })] })];
  // Word joins two tables that touch.
  return [...caption, table, new docx.Paragraph({ style: 'AfterTable', children: [] })];
};

const blockOf = (block: Block, words: RenderWords, numberings: Numberings): Child[] => {
  switch (block.kind) {
    case 'paragraph':
      return [new docx.Paragraph({ style: 'BodyText', children: runsOf(block.runs) })];
    case 'subheading':
      return [new docx.Paragraph({ style: 'Heading2', children: [new docx.TextRun({ text: block.text })] })];
    case 'quote':
      return [new docx.Paragraph({ style: 'Quote', children: runsOf(block.runs) })];
    case 'fact': {
      const sources = new docx.TextRun({
        text: ` ${sourcesText(block.sources, words)}`,
        style: block.sources.length === 0 ? 'WithoutDocument' : ANNEX_STYLE,
      });
      return [
        new docx.Paragraph({
          style: 'Fact',
          numbering: { reference: numberings.fact(block.number), level: 0 },
          children: [...runsOf(block.runs), sources],
        }),
      ];
    }
    case 'list': {
      const reference = numberings.list(block.ordered);
      return block.items.map(
        (runs) =>
          new docx.Paragraph({
            style: 'ListItem',
            numbering: { reference, level: 0 },
            children: runsOf(runs),
          }),
      );
    }
    case 'fields':
      return block.items.map((item) => field(item.label, runsOf(item.runs), 2560));
    case 'checklist':
      return block.items.map((item) => {
        const reference =
          item.reference === undefined
            ? []
            : [new docx.TextRun({ text: ` (${item.reference})`, style: 'Muted' })];
        return field(words.checklist[item.state], [...runsOf(item.runs), ...reference], 1520);
      });
    case 'table':
      return tableOf(block);
  }
};

const headOf = (document: FilingDocument, words: RenderWords): Child[] => {
  const when = dayInWords(document.day, words);
  const plain = (style: string, text: string): Docx.Paragraph =>
    new docx.Paragraph({ style, children: [new docx.TextRun({ text })] });
  const out: Child[] = [
    plain('PlaceAndDate', document.place === undefined ? when : `${document.place}, ${when}`),
  ];
  document.addressee.forEach((line, at) => out.push(plain(at === 0 ? 'AddresseeFirst' : 'Addressee', line)));
  if (document.subject !== undefined) out.push(plain('Subject', `${words.subject}: ${document.subject}`));
  out.push(plain('Title', document.title));
  if (document.basis !== undefined) out.push(plain('Subtitle', document.basis));
  out.push(plain('Folio', `${words.folio}: ${document.folio}`));
  for (const item of document.head) out.push(field(item.label, runsOf(item.runs), 2560));
  return out;
};

const footerOf = (document: FilingDocument, words: RenderWords): Docx.Footer => {
  const digest = groupHex(textSha256(document).slice(0, 16));
  const [before = '', between = '', after = ''] = fill(words.page, { page: '\u0000', pages: '\u0000' }).split(
    '\u0000',
  );
  return new docx.Footer({
    children: [
      new docx.Paragraph({
        style: 'Footer',
        tabStops: [{ type: docx.TabStopType.RIGHT, position: TEXT_TWIPS }],
        children: [
          new docx.TextRun({ text: `${words.folio} ${document.folio} · ${words.text} ${digest}` }),
          new docx.TextRun({ text: '\t' }),
          new docx.TextRun({
            children: [before, docx.PageNumber.CURRENT, between, docx.PageNumber.TOTAL_PAGES, after],
          }),
        ],
      }),
    ],
  });
};

/**
 * Renders a filing as DOCX with real styles, lists and table headings, so that a lawyer can go on editing.
 * Same content as the PDF; fixed parts, no author, no moments but the day; same document, same bytes.
 * Throws `AppError` `export.outsideAllowList` where the writer made a part that is not allowed to leave,
 * `call.programChanged` where the writer cannot be loaded.
 */
export const renderDocx = async (input: FilingDocument): Promise<Buffer> => {
  const document = filingDocumentSchema.parse(input);
  docx = await loadModule(() => import('docx'));
  const words = filingWords(document.language);
  const numberings = new Numberings();
  const sections = numberings.section();
  const children: Child[] = headOf(document, words);
  for (const section of document.sections) {
    children.push(
      new docx.Paragraph({
        style: 'Heading1',
        numbering: { reference: sections, level: 0 },
        children: [new docx.TextRun({ text: section.heading })],
      }),
    );
    if (section.reference !== undefined) {
      children.push(
        new docx.Paragraph({
          style: 'SectionReference',
          children: [new docx.TextRun({ text: section.reference })],
        }),
      );
    }
    for (const block of section.blocks) children.push(...blockOf(block, words, numberings));
  }
  for (const runs of document.closing)
    children.push(new docx.Paragraph({ style: 'Closing', children: runsOf(runs) }));
  if (document.annexes.length > 0) {
    children.push(
      new docx.Paragraph({ style: 'Heading1', children: [new docx.TextRun({ text: words.annexes })] }),
    );
    children.push(...tableOf(annexTable(document.annexes, words)));
  }
  const language = LANGUAGE_TAGS[document.language];
  const section: ISectionOptions = {
    properties: { page: PAGE_TWIPS },
    footers: { default: footerOf(document, words) },
    children,
  };
  const file = new docx.Document({
    title: document.title,
    styles: DOCX_STYLES(language),
    numbering: { config: numberings.config },
    sections: [section],
  });
  return normaliseDocx(await docx.Packer.toBuffer(file), {
    title: document.title,
    language,
    day: document.day,
  });
};
