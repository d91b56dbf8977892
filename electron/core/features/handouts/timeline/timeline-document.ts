import type { Language } from '#shared/model/common.ts';
import { cleanText, type Block, type FilingDocument, type Run } from '#shared/model/filing-document.ts';
import { fillWords } from '../../surveillance/index.ts';
import { timelineWords, type SheetRow } from './timeline-rows.ts';
import type { Sheet } from './timeline-sheet.ts';

/** Rows of one table of a document. */
const TABLE_ROWS = 2_000;
const CELL_CHARS = 1_000;

const runs = (text: string): Run[] => {
  const clean = cleanText(text).slice(0, CELL_CHARS);
  return clean === '' ? [] : [{ kind: 'text', text: clean }];
};

interface Column {
  readonly heading: string;
  readonly weight: number;
  readonly align: 'start' | 'end';
  readonly cell: (row: SheetRow, at: number) => string;
}

const tablesOf = (columns: readonly Column[], rows: readonly SheetRow[]): Block[] =>
  Array.from({ length: Math.ceil(rows.length / TABLE_ROWS) }, (_, page): Block => {
    const from = page * TABLE_ROWS;
    return {
      kind: 'table',
      columns: columns.map(({ heading, weight, align }) => ({ heading, weight, align })),
      rows: rows
        .slice(from, from + TABLE_ROWS)
        .map((row, at) => columns.map(({ cell }) => runs(cell(row, from + at)))),
    };
  });

/** A timeline as a document to be printed: its lines as tables, and the sentences that belong to it. */
export function timelineDocument(
  sheet: Sheet,
  options: {
    readonly language: Language;
    readonly titles: boolean;
    readonly folio: string;
    /** Day of the export, `YYYY-MM-DD`. */
    readonly day: string;
  },
): FilingDocument {
  const words = timelineWords(options.language);
  const { column } = words;
  const columns: Column[] = [
    { heading: column.when, weight: 1.6, align: 'start', cell: (row) => row.whenWords },
    { heading: column.kind, weight: 1.3, align: 'start', cell: (row) => row.kind },
    { heading: column.what, weight: 1.8, align: 'start', cell: (row) => row.what },
    { heading: column.state, weight: 1.8, align: 'start', cell: (row) => row.state },
    ...(options.titles
      ? [{ heading: column.title, weight: 2.6, align: 'start', cell: (row: SheetRow) => row.title } as const]
      : []),
  ];
  const distance = (days: number): string =>
    days === 0
      ? words.sameDay
      : fillWords(days < 0 ? words.before : words.after, { days: String(Math.abs(days)) });
  const parts =
    sheet.patterns === null
      ? [{ heading: words.line, blocks: tablesOf(columns, sheet.rows) }]
      : sheet.patterns.map(({ anchor, near }) => ({
          heading: cleanText(
            [
              fillWords(words.around, {
                kind: anchor.what === '' ? anchor.kind : `${anchor.kind}, ${anchor.what}`,
                when: anchor.whenWords,
              }),
              anchor.title,
            ]
              .filter((part) => part !== '')
              .join(' · '),
          ).slice(0, 500),
          blocks: tablesOf(
            [
              {
                heading: column.distance,
                weight: 1.2,
                align: 'start',
                cell: (_row, at) => distance(near[at]?.days ?? 0),
              },
              ...columns,
            ],
            near.map(({ row }) => row),
          ),
        }));
  const filled = parts.filter(({ blocks }) => blocks.length > 0).slice(0, 79);
  const nothing: Block = { kind: 'paragraph', runs: runs(words.empty) };
  return {
    language: options.language,
    title: sheet.title,
    folio: options.folio,
    day: options.day,
    addressee: [],
    head: [
      ...(sheet.device === '' ? [] : [{ label: words.device, runs: runs(sheet.device) }]),
      { label: words.range, runs: runs(sheet.range) },
      { label: words.entries, runs: runs(String(sheet.rows.length)) },
    ],
    sections: (filled.length === 0 ? [{ heading: words.line, blocks: [nothing] }] : filled).map(
      ({ heading, blocks }, at) => ({ id: `part${String(at + 1)}`, heading, blocks }),
    ),
    closing: sheet.notes.map((note) => runs(note)),
    annexes: [],
  };
}
