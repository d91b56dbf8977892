import type { BlockOf } from '#shared/model/filing-document.ts';
import { cellRuns } from '#shared/model/filing-text.ts';
import type { Flow } from './flow.ts';
import type { Line } from './inline.ts';
import { INK, runSpans, span } from './inline.ts';
import type { PdfElement } from './pdf-writer.ts';
import { PAGE, TEXT_WIDTH } from './pdf-writer.ts';

const SIZE = 9.6;
const LEADING = 12.8;
const PAD_X = 6;
const PAD_Y = 4.5;

interface Column {
  readonly x: number;
  readonly width: number;
  readonly align: 'start' | 'end';
}

const layColumns = (table: BlockOf<'table'>): Column[] => {
  const total = table.columns.reduce((sum, column) => sum + column.weight, 0);
  let x = PAGE.left;
  return table.columns.map((column) => {
    const width = (TEXT_WIDTH * column.weight) / total;
    const made = { x: x + PAD_X, width: width - 2 * PAD_X, align: column.align };
    x += width;
    return made;
  });
};

type CellLines = readonly (readonly Line[])[];
const heightOf = (cells: CellLines): number =>
  Math.max(1, ...cells.map((lines) => lines.length)) * LEADING + 2 * PAD_Y;

/** Tables up to this height stay on one page. */
const KEPT_WHOLE = 230;

interface LaidTable {
  readonly columns: readonly Column[];
  readonly headings: CellLines;
  readonly rows: readonly CellLines[];
  readonly headingHeight: number;
  /** Points that must be free where the table begins. */
  readonly needs: number;
}

const layTable = (flow: Flow, table: BlockOf<'table'>): LaidTable => {
  const columns = layColumns(table);
  const headings = table.columns.map((column, at) =>
    flow.lines([span(column.heading, SIZE - 0.3, 'semibold', INK.accent)], columns[at]?.width),
  );
  const rows = table.rows.map((row) =>
    row.map((cell, at) => flow.lines(runSpans(cellRuns(cell), SIZE), columns[at]?.width)),
  );
  const headingHeight = heightOf(headings);
  const start = (table.caption === undefined ? 0 : LEADING + 4) + headingHeight;
  const whole = start + rows.reduce((sum, row) => sum + heightOf(row), 0);
  const needs = whole <= KEPT_WHOLE ? whole : start + Math.min(heightOf(rows[0] ?? []), 120);
  return { columns, headings, rows, headingHeight, needs };
};

/** Points that a table needs at its start, for whoever writes the heading above it. */
export const tableNeeds = (flow: Flow, table: BlockOf<'table'>): number => layTable(flow, table).needs;

/**
 * Writes a table. The heading row is written again on each page (for the eye only: a screen reader meets
 * it once), and a row stays on one page unless it is longer than a page.
 */
export const writeTable = (flow: Flow, parent: PdfElement, table: BlockOf<'table'>): void => {
  const { writer } = flow;
  const { columns, headings, rows, headingHeight, needs } = layTable(flow, table);
  flow.ensure(needs);
  const element = writer.element('Table', parent);
  if (table.caption !== undefined) {
    flow.text(element, 'Caption', [span(table.caption, SIZE + 0.4, 'semibold')], {
      leading: LEADING,
      after: 4,
    });
  }

  const drawCells = (
    cells: CellLines,
    put: (at: number, lines: readonly Line[], column: Column) => void,
  ): void => {
    cells.forEach((lines, at) => {
      const column = columns[at];
      if (column !== undefined) put(at, lines, column);
    });
  };
  const heading = (repeated: boolean): void => {
    writer.artifact('Layout', () => {
      writer.doc.rect(PAGE.left, flow.y, TEXT_WIDTH, headingHeight).fill(INK.tint);
    });
    const top = flow.y + PAD_Y;
    if (repeated) {
      writer.artifact('Pagination', () => {
        drawCells(headings, (_, lines, column) => {
          lines.forEach((line, at) => {
            const shift = column.align === 'end' ? column.width - line.width : 0;
            for (const piece of line.pieces) {
              const baseline = top + at * LEADING + LEADING * 0.74;
              writer.drawText(
                piece.text,
                column.x + shift + piece.x,
                baseline,
                piece.font,
                piece.span.size,
                piece.span.color,
              );
            }
          });
        });
      });
    } else {
      const row = writer.element('TR', element);
      drawCells(headings, (_, lines, column) => {
        flow.put(writer.columnHeader(row), 'TH', lines, { ...column, y: top, leading: LEADING });
      });
    }
    flow.y += headingHeight;
    flow.rule({ weight: 0.9, color: INK.accent });
  };

  heading(false);
  for (const cells of rows) {
    const height = heightOf(cells);
    if (height > flow.room && !flow.atTop) {
      // A row longer than a whole page starts where it is if a fair part of it fits.
      const pageHeight = PAGE.height - PAGE.top - PAGE.bottom - headingHeight;
      if (height <= pageHeight || flow.room < 6 * LEADING) {
        flow.newPage();
        heading(true);
      }
    }
    const row = writer.element('TR', element);
    const elements = cells.map(() => writer.element('TD', row));
    let from = 0;
    const longest = Math.max(1, ...cells.map((lines) => lines.length));
    while (from < longest) {
      const fit = Math.max(1, Math.min(longest - from, Math.floor((flow.room - 2 * PAD_Y) / LEADING)));
      const start = from;
      drawCells(cells, (at, lines, column) => {
        const part = lines.slice(start, start + fit);
        const cell = elements[at];
        if (part.length === 0 || cell === undefined) return;
        flow.put(cell, 'TD', part, { ...column, y: flow.y + PAD_Y, leading: LEADING });
      });
      flow.y += fit * LEADING + 2 * PAD_Y;
      from += fit;
      if (from < longest) {
        flow.newPage();
        heading(true);
      }
    }
    flow.rule({ weight: 0.5 });
  }
  flow.y += 12;
};
