import type { ILevelsOptions, ISectionOptions, ParagraphChild } from 'docx';
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  LevelFormat,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TabStopType,
  TextRun,
  WidthType,
} from 'docx';
import type { Block, BlockOf, FilingDocument, Run } from '#shared/model/filing-document.ts';
import { filingDocumentSchema } from '#shared/model/filing-document.ts';
import { annexTable, cellRuns, dayInWords, runText, sourcesText } from '#shared/model/filing-text.ts';
import { normaliseDocx } from './docx-package.ts';
import { DOCX_STYLES, INK_HEX, PAGE_TWIPS, TEXT_TWIPS } from './docx-styles.ts';
import { groupHex, textSha256 } from './pdf.ts';
import type { RenderWords } from './words.ts';
import { fill, filingWords } from './words.ts';

const LANGUAGE_TAGS = { es: 'es-MX', en: 'en-GB' } as const;
const ANNEX_STYLE = 'AnnexReference';

const runOf = (run: Run): ParagraphChild => {
  switch (run.kind) {
    case 'text':
      return new TextRun({ text: run.text });
    case 'pseudonym':
      return new TextRun({ text: run.text, style: 'Pseudonym' });
    case 'strong':
      return new TextRun({ text: run.text, bold: true });
    case 'withheld':
      return new TextRun({ text: run.text, style: 'Withheld' });
    case 'annex':
      return new TextRun({ text: runText(run), style: ANNEX_STYLE });
  }
};
const runsOf = (runs: readonly Run[]): ParagraphChild[] => runs.map(runOf);

type Child = Paragraph | Table;

/** Lists of numbers: each list and each stretch of facts counts from its own start. */
class Numberings {
  readonly config: { reference: string; levels: ILevelsOptions[] }[] = [];
  #nextFact = 0;
  #factReference = '';

  #add(prefix: string, level: Omit<ILevelsOptions, 'level' | 'alignment'>): string {
    const reference = `${prefix}${String(this.config.length + 1)}`;
    this.config.push({ reference, levels: [{ ...level, level: 0, alignment: AlignmentType.START }] });
    return reference;
  }

  /** The counter for a fact, which goes on where the numbers follow each other. */
  fact(number: number): string {
    if (number !== this.#nextFact || this.#factReference === '') {
      this.#factReference = this.#add('fact', {
        format: LevelFormat.DECIMAL,
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
      format: ordered ? LevelFormat.DECIMAL : LevelFormat.BULLET,
      text: ordered ? '%1.' : '•',
      start: 1,
      style: { paragraph: { indent: { left: 520, hanging: 360 } }, run: { color: INK_HEX.accent } },
    });
  }

  section(): string {
    return this.#add('section', {
      format: LevelFormat.DECIMAL,
      text: '%1.',
      start: 1,
      style: { paragraph: { indent: { left: 420, hanging: 420 } } },
    });
  }
}

/** A generous width of a letter of a label, twentieths of a point. */
const LABEL_TWIPS = 105;

const field = (label: string, value: ParagraphChild[], left: number): Paragraph =>
  new Paragraph({
    style: 'Field',
    indent: { left, hanging: left },
    tabStops: [{ type: TabStopType.LEFT, position: left }],
    children: [
      new TextRun({ text: `${label}:`, style: 'FieldLabel' }),
      // A label that is wider than its column has its value on the next line, which the indent sets right.
      label.length > left / LABEL_TWIPS ? new TextRun({ break: 1 }) : new TextRun({ text: '\t' }),
      ...value,
    ],
  });

const tableOf = (block: BlockOf<'table'>): Child[] => {
  const total = block.columns.reduce((sum, column) => sum + column.weight, 0);
  const widths = block.columns.map((column) => Math.floor((TEXT_TWIPS * column.weight) / total));
  const line = { style: BorderStyle.SINGLE, size: 4, color: INK_HEX.rule };
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
  const cell = (at: number, children: ParagraphChild[], heading: boolean): TableCell =>
    new TableCell({
      width: { size: widths[at] ?? 0, type: WidthType.DXA },
      ...(heading ? { shading: { type: ShadingType.CLEAR, color: 'auto', fill: INK_HEX.tint } } : {}),
      children: [
        new Paragraph({
          style: heading ? 'TableHeading' : 'TableText',
          ...(block.columns[at]?.align === 'end' ? { alignment: AlignmentType.END } : {}),
          children,
        }),
      ],
    });
  const table = new Table({
    width: { size: TEXT_TWIPS, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
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
      new TableRow({
        tableHeader: true,
        cantSplit: true,
        children: block.columns.map((column, at) => cell(at, [new TextRun({ text: column.heading })], true)),
      }),
      ...block.rows.map(
        (row) =>
          new TableRow({
            cantSplit: true,
            children: row.map((runs, at) => cell(at, runsOf(cellRuns(runs)), false)),
          }),
      ),
    ],
  });
  const caption =
    block.caption === undefined
      ? []
      : [new Paragraph({ style: 'Caption', children: [new TextRun({ text: block.caption })] })];
  // Word joins two tables that touch.
  return [...caption, table, new Paragraph({ style: 'AfterTable', children: [] })];
};

const blockOf = (block: Block, words: RenderWords, numberings: Numberings): Child[] => {
  switch (block.kind) {
    case 'paragraph':
      return [new Paragraph({ style: 'BodyText', children: runsOf(block.runs) })];
    case 'subheading':
      return [new Paragraph({ style: 'Heading2', children: [new TextRun({ text: block.text })] })];
    case 'quote':
      return [new Paragraph({ style: 'Quote', children: runsOf(block.runs) })];
    case 'fact': {
      const sources = new TextRun({
        text: ` ${sourcesText(block.sources, words)}`,
        style: block.sources.length === 0 ? 'WithoutDocument' : ANNEX_STYLE,
      });
      return [
        new Paragraph({
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
          new Paragraph({ style: 'ListItem', numbering: { reference, level: 0 }, children: runsOf(runs) }),
      );
    }
    case 'fields':
      return block.items.map((item) => field(item.label, runsOf(item.runs), 2560));
    case 'checklist':
      return block.items.map((item) => {
        const reference =
          item.reference === undefined ? [] : [new TextRun({ text: ` (${item.reference})`, style: 'Muted' })];
        return field(words.checklist[item.state], [...runsOf(item.runs), ...reference], 1520);
      });
    case 'table':
      return tableOf(block);
  }
};

const headOf = (document: FilingDocument, words: RenderWords): Child[] => {
  const when = dayInWords(document.day, words);
  const plain = (style: string, text: string): Paragraph =>
    new Paragraph({ style, children: [new TextRun({ text })] });
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

const footerOf = (document: FilingDocument, words: RenderWords): Footer => {
  const digest = groupHex(textSha256(document).slice(0, 16));
  const [before = '', between = '', after = ''] = fill(words.page, { page: '\u0000', pages: '\u0000' }).split(
    '\u0000',
  );
  return new Footer({
    children: [
      new Paragraph({
        style: 'Footer',
        tabStops: [{ type: TabStopType.RIGHT, position: TEXT_TWIPS }],
        children: [
          new TextRun({ text: `${words.folio} ${document.folio} · ${words.text} ${digest}` }),
          new TextRun({ text: '\t' }),
          new TextRun({ children: [before, PageNumber.CURRENT, between, PageNumber.TOTAL_PAGES, after] }),
        ],
      }),
    ],
  });
};

/**
 * Renders a filing as DOCX with real styles, lists and table headings, so that a lawyer can go on editing.
 * Same content as the PDF; fixed parts, no author, no moments but the day; same document, same bytes.
 * Throws `AppError` `export.outsideAllowList` where the writer made a part that is not allowed to leave.
 */
export const renderDocx = async (input: FilingDocument): Promise<Buffer> => {
  const document = filingDocumentSchema.parse(input);
  const words = filingWords(document.language);
  const numberings = new Numberings();
  const sections = numberings.section();
  const children: Child[] = headOf(document, words);
  for (const section of document.sections) {
    children.push(
      new Paragraph({
        style: 'Heading1',
        numbering: { reference: sections, level: 0 },
        children: [new TextRun({ text: section.heading })],
      }),
    );
    if (section.reference !== undefined) {
      children.push(
        new Paragraph({ style: 'SectionReference', children: [new TextRun({ text: section.reference })] }),
      );
    }
    for (const block of section.blocks) children.push(...blockOf(block, words, numberings));
  }
  for (const runs of document.closing)
    children.push(new Paragraph({ style: 'Closing', children: runsOf(runs) }));
  if (document.annexes.length > 0) {
    children.push(new Paragraph({ style: 'Heading1', children: [new TextRun({ text: words.annexes })] }));
    children.push(...tableOf(annexTable(document.annexes, words)));
  }
  const language = LANGUAGE_TAGS[document.language];
  const section: ISectionOptions = {
    properties: { page: PAGE_TWIPS },
    footers: { default: footerOf(document, words) },
    children,
  };
  const file = new Document({
    title: document.title,
    styles: DOCX_STYLES(language),
    numbering: { config: numberings.config },
    sections: [section],
  });
  return normaliseDocx(await Packer.toBuffer(file), { title: document.title, language, day: document.day });
};
