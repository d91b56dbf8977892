import type { Block } from '#shared/model/filing-document.ts';
import type { FilingWords } from '#shared/model/filing-text.ts';
import { sourcesText } from '#shared/model/filing-text.ts';
import type { Flow } from './flow.ts';
import type { Span } from './inline.ts';
import { INK, runSpans, span } from './inline.ts';
import type { PdfElement } from './pdf-writer.ts';
import { PAGE, TEXT_WIDTH } from './pdf-writer.ts';
import { tableNeeds, writeTable } from './table.ts';

export const BODY = { size: 11, leading: 15.6, after: 8 } as const;
const HANGING = 26;
const LABEL_WIDTH = 128;

/** A hanging label with its text: numbered facts, list items, head fields, checklist. */
const writeItem = (
  flow: Flow,
  parent: PdfElement,
  label: readonly Span[],
  text: readonly Span[],
  options: { hang: number; after: number; start?: number },
): void => {
  const { hang, after, start = 0 } = options;
  const item = flow.writer.element('LI', parent);
  const labelElement = flow.writer.element('Lbl', item);
  const body = flow.writer.element('LBody', item);
  const labelLines = flow.lines(label, hang - 6);
  const lines = flow.lines(text, TEXT_WIDTH - start - hang);
  flow.ensure(Math.max(labelLines.length, Math.min(lines.length, 3)) * BODY.leading);
  const top = flow.y;
  const page = flow.page;
  flow.place(body, 'LBody', lines, {
    indent: start + hang,
    width: TEXT_WIDTH - start - hang,
    leading: BODY.leading,
    label: { element: labelElement, lines: labelLines, indent: start },
  });
  // A label of more lines than its text must not run into the next item.
  if (flow.page === page) flow.y = Math.max(flow.y, top + labelLines.length * BODY.leading);
  flow.y += after;
};

/** Label and value, one below the other, values in a column of their own. */
export const writeFields = (
  flow: Flow,
  parent: PdfElement,
  items: readonly { label: string; value: readonly Span[] }[],
): void => {
  const list = flow.writer.element('L', parent);
  for (const item of items) {
    const label = [span(`${item.label}:`, BODY.size - 0.6, 'semibold', INK.muted)];
    writeItem(flow, list, label, item.value, { hang: LABEL_WIDTH, after: 3 });
  }
  flow.y += BODY.after - 3;
};

/** Points that must fit below a heading so that it does not stand alone at the foot of a page. */
export const needsBelowHeading = (flow: Flow, next: Block | undefined): number =>
  next?.kind === 'table' ? tableNeeds(flow, next) : next === undefined ? 0 : 2 * BODY.leading;

/** Writes one block of a section. `next`: the block after it, which a heading stays together with. */
export const writeBlock = (
  flow: Flow,
  parent: PdfElement,
  block: Block,
  words: FilingWords,
  next?: Block,
): void => {
  switch (block.kind) {
    case 'paragraph':
      flow.text(parent, 'P', runSpans(block.runs, BODY.size), { leading: BODY.leading, after: BODY.after });
      return;
    case 'subheading':
      flow.space(4);
      flow.text(parent, 'H3', [span(block.text, 11.4, 'semibold', INK.text)], {
        leading: BODY.leading,
        after: 3,
        keep: needsBelowHeading(flow, next) + 3,
      });
      return;
    case 'quote':
      writeQuote(flow, parent, runSpans(block.runs, BODY.size, 'italic'));
      return;
    case 'fact': {
      const list = flow.writer.element('L', parent);
      const sources = span(` ${sourcesText(block.sources, words)}`, BODY.size - 0.8, 'semibold', INK.accent);
      const none = { ...sources, color: INK.muted, face: 'italic' as const };
      writeItem(
        flow,
        list,
        [span(`${String(block.number)}.`, BODY.size, 'semibold', INK.accent)],
        [...runSpans(block.runs, BODY.size), block.sources.length === 0 ? none : sources],
        { hang: HANGING, after: BODY.after },
      );
      return;
    }
    case 'list': {
      const list = flow.writer.element('L', parent);
      block.items.forEach((runs, at) => {
        const label = span(block.ordered ? `${String(at + 1)}.` : '•', BODY.size, 'semibold', INK.accent);
        writeItem(flow, list, [label], runSpans(runs, BODY.size), {
          hang: block.ordered ? HANGING : 14,
          start: block.ordered ? 0 : 12,
          after: 3.5,
        });
      });
      flow.y += BODY.after - 3.5;
      return;
    }
    case 'fields':
      writeFields(
        flow,
        parent,
        block.items.map((item) => ({ label: item.label, value: runSpans(item.runs, BODY.size) })),
      );
      return;
    case 'checklist': {
      const list = flow.writer.element('L', parent);
      for (const item of block.items) {
        const missing = item.state === 'missing';
        const label = span(
          `${words.checklist[item.state]}:`,
          BODY.size - 0.6,
          'semibold',
          missing ? INK.text : item.state === 'done' ? INK.accent : INK.muted,
        );
        const reference =
          item.reference === undefined
            ? []
            : [span(` (${item.reference})`, BODY.size - 0.8, 'regular', INK.muted)];
        writeItem(flow, list, [label], [...runSpans(item.runs, BODY.size), ...reference], {
          hang: 76,
          after: 3.5,
        });
      }
      flow.y += BODY.after - 3.5;
      return;
    }
    case 'table':
      writeTable(flow, parent, block);
  }
};

const writeQuote = (flow: Flow, parent: PdfElement, text: readonly Span[]): void => {
  const lines = flow.lines(text, TEXT_WIDTH - 44);
  flow.ensure(Math.min(lines.length, 3) * BODY.leading);
  const page = flow.page;
  const top = flow.y;
  const quote = flow.writer.element('BlockQuote', parent);
  flow.place(flow.writer.element('P', quote), 'P', lines, {
    indent: 22,
    width: TEXT_WIDTH - 44,
    leading: BODY.leading,
  });
  if (flow.page === page) {
    flow.writer.artifact('Layout', () => {
      flow.writer.doc
        .lineWidth(1.6)
        .strokeColor(INK.rule)
        .moveTo(PAGE.left + 10, top + 2)
        .lineTo(PAGE.left + 10, flow.y - 1)
        .stroke();
    });
  }
  flow.y += BODY.after;
};
