import type { Line, Span } from './inline.ts';
import { breakLines, drawLine, INK } from './inline.ts';
import type { PdfElement, PdfWriter } from './pdf-writer.ts';
import { PAGE, TEXT_WIDTH } from './pdf-writer.ts';

export interface TextOptions {
  /** Distance from the left edge of the text, points. */
  readonly indent?: number;
  readonly width?: number;
  /** Distance of baselines, points. */
  readonly leading: number;
  /** Space below, points. */
  readonly after?: number;
  readonly align?: 'start' | 'end';
  /** A number, bullet or name in the margin of the first line, as its own element. */
  readonly label?: { readonly element: PdfElement; readonly lines: readonly Line[]; readonly indent: number };
  /** Points that must also fit on the page below the last line (a heading and what it heads). */
  readonly keep?: number;
}

const BOTTOM = PAGE.height - PAGE.bottom;

/** Writes down the page and over to the next one, block after block. */
export class Flow {
  readonly writer: PdfWriter;
  y: number = PAGE.top;

  constructor(writer: PdfWriter) {
    this.writer = writer;
    this.newPage();
  }

  newPage(): void {
    this.writer.addPage();
    this.y = PAGE.top;
  }

  /** Index of the page being written, from 0. */
  get page(): number {
    return this.writer.pageCount - 1;
  }

  get room(): number {
    return BOTTOM - this.y;
  }

  get atTop(): boolean {
    return this.y === PAGE.top;
  }

  /** Starts a new page unless `height` points are left, or the page is still empty. */
  ensure(height: number): void {
    if (this.room < height && !this.atTop) this.newPage();
  }

  space(points: number): void {
    if (!this.atTop) this.y += points;
  }

  lines(spans: readonly Span[], width = TEXT_WIDTH): Line[] {
    return breakLines(this.writer, spans, width);
  }

  /** Writes text into a new element; it may run over pages, but never leaves a single line behind or ahead. */
  text(parent: PdfElement, tag: string, spans: readonly Span[], options: TextOptions): PdfElement {
    const { indent = 0 } = options;
    const width = options.width ?? TEXT_WIDTH - indent;
    const element = this.writer.element(tag, parent);
    this.place(element, tag, this.lines(spans, width), { ...options, width });
    return element;
  }

  /** The same for lines that are already broken and an element that is already there. */
  place(element: PdfElement, tag: string, lines: readonly Line[], options: TextOptions): void {
    const { indent = 0, leading, label, keep = 0 } = options;
    let at = 0;
    if (lines.length <= 3 || keep > 0) this.ensure(lines.length * leading + keep);
    while (at < lines.length) {
      const left = lines.length - at;
      let fit = Math.min(left, Math.floor((this.room + 0.01) / leading));
      const orphan = fit < Math.min(2, left) && !this.atTop;
      if (orphan) {
        this.newPage();
        continue;
      }
      if (left - fit === 1 && fit > 2) fit -= 1;
      fit = Math.max(fit, 1);
      const top = this.y;
      if (at === 0 && label !== undefined) {
        this.writer.tagged(label.element, 'Lbl', () => {
          this.#draw(label.lines, 0, label.lines.length, PAGE.left + label.indent, top, leading);
        });
      }
      const from = at;
      this.writer.tagged(element, tag, () => {
        this.#draw(lines, from, from + fit, PAGE.left + indent, top, leading, options);
      });
      this.y += fit * leading;
      at += fit;
      if (at < lines.length) this.newPage();
    }
    this.y += options.after ?? 0;
  }

  #draw(
    lines: readonly Line[],
    from: number,
    to: number,
    x: number,
    top: number,
    leading: number,
    options?: TextOptions,
  ): void {
    for (let at = from; at < to; at += 1) {
      const line = lines[at];
      if (line === undefined) continue;
      const shift = options?.align === 'end' ? (options.width ?? TEXT_WIDTH) - line.width : 0;
      // The baseline stands at about three quarters of the line's height.
      drawLine(
        this.writer,
        line,
        x + shift,
        top + (at - from) * leading + leading * 0.74,
        at === lines.length - 1,
      );
    }
  }

  /** Draws lines inside a box of the current page, without moving on. */
  put(
    element: PdfElement,
    tag: string,
    lines: readonly Line[],
    box: { x: number; y: number; width: number; leading: number; align?: 'start' | 'end' },
  ): void {
    this.writer.tagged(element, tag, () => {
      this.#draw(lines, 0, lines.length, box.x, box.y, box.leading, {
        leading: box.leading,
        width: box.width,
        ...(box.align === undefined ? {} : { align: box.align }),
      });
    });
  }

  /** A horizontal rule across the text at the present height. */
  rule(options: { weight?: number; color?: string; x?: number; width?: number; y?: number } = {}): void {
    const { weight = 0.6, color = INK.rule, x = PAGE.left, width = TEXT_WIDTH, y = this.y } = options;
    this.writer.artifact('Layout', () => {
      this.writer.doc
        .lineWidth(weight)
        .strokeColor(color)
        .moveTo(x, y)
        .lineTo(x + width, y)
        .stroke();
    });
  }
}
