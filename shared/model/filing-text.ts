import type { Annex, Block, BlockOf, FactSource, FilingDocument, Run } from './filing-document.ts';

/**
 * Fixed words that renderers print. They come from `resources/messages/<language>/filing-words.json`;
 * the core's `filingWords(language)` gives them.
 */
export interface FilingWords {
  readonly subject: string;
  readonly folio: string;
  readonly contents: string;
  readonly annexes: string;
  /** Column headings of the annex list. */
  readonly annexColumns: { number: string; file: string; kind: string; description: string };
  readonly transferable: string;
  readonly reserved: string;
  readonly withoutDocument: string;
  readonly checklist: { done: string; missing: string; notApplicable: string };
  readonly months: readonly string[];
  /** With `{day}`, `{month}`, `{year}`. */
  readonly dateForm: string;
}

/** `2026-11-22` in words: «22 de noviembre de 2026». */
export const dayInWords = (day: string, words: Pick<FilingWords, 'months' | 'dateForm'>): string => {
  const [year = '', month = '1', date = '1'] = day.split('-');
  return words.dateForm
    .replace('{day}', String(Number(date)))
    .replace('{month}', words.months[Number(month) - 1] ?? '')
    .replace('{year}', year);
};

/** `[A-1, A-4]`. */
export const annexReference = (numbers: readonly number[]): string =>
  `[${numbers.map((number) => `A-${String(number)}`).join(', ')}]`;

/** `[A-1; A-4, p. 3]`, or «[sin documento]». */
export const sourcesText = (
  sources: readonly FactSource[],
  words: Pick<FilingWords, 'withoutDocument'>,
): string =>
  sources.length === 0
    ? `[${words.withoutDocument}]`
    : `[${sources
        .map((source) => `A-${String(source.annex)}${source.place === undefined ? '' : `, ${source.place}`}`)
        .join('; ')}]`;

/** What a run prints. */
export const runText = (run: Run): string => (run.kind === 'annex' ? annexReference(run.numbers) : run.text);
/** What a list of runs prints. */
export const runsText = (runs: readonly Run[]): string => runs.map(runText).join('');

const EMPTY_CELL = '–';
/** What a table cell prints: its runs, or a dash. */
export const cellRuns = (runs: readonly Run[]): readonly Run[] =>
  runsText(runs).trim() === '' ? [{ kind: 'text', text: EMPTY_CELL }] : runs;

const blockLines = (block: Block, words: FilingWords): string[] => {
  switch (block.kind) {
    case 'paragraph':
    case 'quote':
      return [runsText(block.runs)];
    case 'subheading':
      return [block.text];
    case 'fact':
      return [`${String(block.number)}. ${runsText(block.runs)} ${sourcesText(block.sources, words)}`];
    case 'list':
      return block.items.map((runs, at) => `${block.ordered ? `${String(at + 1)}.` : '•'} ${runsText(runs)}`);
    case 'fields':
      return block.items.map((item) => `${item.label}: ${runsText(item.runs)}`);
    case 'checklist':
      return block.items.map(
        (item) =>
          `${words.checklist[item.state]}: ${runsText(item.runs)}${item.reference === undefined ? '' : ` (${item.reference})`}`,
      );
    case 'table':
      return [
        ...(block.caption === undefined ? [] : [block.caption]),
        block.columns.map((column) => column.heading).join('\t'),
        ...block.rows.map((row) => row.map((cell) => runsText(cellRuns(cell))).join('\t')),
      ];
  }
};

/** The annex list as a table, so that every renderer prints the same cells in the same order. */
export const annexTable = (annexes: readonly Annex[], words: FilingWords): BlockOf<'table'> => ({
  kind: 'table',
  columns: [
    { heading: words.annexColumns.number, weight: 0.8, align: 'start' },
    { heading: words.annexColumns.kind, weight: 1.6, align: 'start' },
    { heading: words.annexColumns.description, weight: 5, align: 'start' },
    { heading: words.annexColumns.file, weight: 3, align: 'start' },
  ],
  rows: annexes.map((annex) => {
    const folder = annex.folder === undefined ? '' : ` (${words[annex.folder]})`;
    return [`A-${String(annex.number)}`, annex.kind, `${annex.description}${folder}`, annex.fileName].map(
      (text): Run[] => (text === '' ? [] : [{ kind: 'text', text }]),
    );
  }),
});

/**
 * The filing as plain text: UTF-8 friendly, one line a paragraph, a blank line between blocks, `\n` ends.
 * It is the form that is hashed for the signature sheet and that other renderings are compared with.
 * Page numbers, the contents page and the two sheets are not part of it.
 */
export const toPlainText = (document: FilingDocument, words: FilingWords): string => {
  const blocks: string[] = [];
  const when = dayInWords(document.day, words);
  blocks.push(document.place === undefined ? when : `${document.place}, ${when}`);
  if (document.addressee.length > 0) blocks.push(document.addressee.join('\n'));
  if (document.subject !== undefined) blocks.push(`${words.subject}: ${document.subject}`);
  blocks.push(document.title);
  if (document.basis !== undefined) blocks.push(document.basis);
  blocks.push(`${words.folio}: ${document.folio}`);
  if (document.head.length > 0) {
    blocks.push(document.head.map((field) => `${field.label}: ${runsText(field.runs)}`).join('\n'));
  }
  document.sections.forEach((section, at) => {
    const heading = `${String(at + 1)}. ${section.heading}`;
    blocks.push(section.reference === undefined ? heading : `${heading}\n${section.reference}`);
    for (const block of section.blocks) blocks.push(blockLines(block, words).join('\n'));
  });
  for (const runs of document.closing) blocks.push(runsText(runs));
  if (document.annexes.length > 0) {
    blocks.push(words.annexes, blockLines(annexTable(document.annexes, words), words).join('\n'));
  }
  return `${blocks.join('\n\n')}\n`;
};
