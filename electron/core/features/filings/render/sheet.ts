import type { FilingDocument } from '#shared/model/filing-document.ts';
import { filingDocumentSchema } from '#shared/model/filing-document.ts';
import { dayInWords } from '#shared/model/filing-text.ts';
import { AppError } from '#shared/errors.ts';
import { writeFields } from './blocks.ts';
import { Flow } from './flow.ts';
import { assertCovered } from './fonts.ts';
import { INK, span } from './inline.ts';
import type { PdfElement } from './pdf-writer.ts';
import { PAGE, PdfWriter, TEXT_WIDTH } from './pdf-writer.ts';
import type { RenderedPdf, RenderPorts } from './pdf.ts';
import { groupHex, textSha256 } from './pdf.ts';
import type { RenderWords } from './words.ts';
import { fill, filingWords } from './words.ts';

/** A sheet that is printed alone: what it needs to draw itself, bound to its filing. */
export interface Sheet {
  readonly flow: Flow;
  readonly root: PdfElement;
  readonly words: RenderWords;
  readonly document: FilingDocument;
}

interface SheetForm {
  readonly title: string;
  /** All words that come from the document, for the check of letters. */
  readonly texts: readonly (string | undefined)[];
  readonly fields: readonly { label: string; text: string }[];
  readonly hashLabel: string;
}

/** Renders a sheet: title, what it belongs to, hash, then whatever `draw` adds; folio and pages below. */
export const renderSheet = async (
  input: FilingDocument,
  ports: RenderPorts,
  form: (document: FilingDocument, words: RenderWords) => SheetForm | null,
  draw: (sheet: Sheet) => void,
): Promise<RenderedPdf> => {
  const document = filingDocumentSchema.parse(input);
  const words = filingWords(document.language);
  const shape = form(document, words);
  if (shape === null) throw new AppError('call.invalidInput');
  const { language, day } = document;
  const writer = new PdfWriter(
    { title: `${shape.title} · ${document.folio}`, language, day, fileId: ports.random.bytes(16) },
    ports.loadFonts(),
  );
  for (const text of shape.texts) {
    if (text === undefined) continue;
    for (const face of ['regular', 'semibold'] as const) assertCovered(text, face, 0, writer.hasGlyph);
  }
  const flow = new Flow(writer);
  const root = writer.element('Sect');
  const digest = textSha256(document);
  flow.text(root, 'H1', [span(shape.title, 20, 'semibold')], { leading: 25, after: 2 });
  flow.text(
    root,
    'P',
    [span(`${words.folio}:`, 10.4, 'semibold', INK.muted), span(` ${document.folio}`, 10.4)],
    {
      leading: 15,
      after: 8,
    },
  );
  flow.rule({ weight: 1.1, color: INK.accent });
  flow.y += 14;
  writeFields(flow, root, [
    ...shape.fields.map((field) => ({ label: field.label, value: [span(field.text, 11)] })),
    { label: shape.hashLabel, value: [span(groupHex(digest), 9)] },
  ]);
  draw({ flow, root, words, document });
  const pages = writer.pageCount;
  for (let page = 0; page < pages; page += 1) {
    writer.doc.switchToPage(page);
    writer.artifact('Pagination', () => {
      const foot = PAGE.height - 46;
      const right = fill(words.page, { page: page + 1, pages });
      const left = `${shape.title}  ·  ${words.folio} ${document.folio}  ·  ${words.text} ${groupHex(digest.slice(0, 16))}`;
      writer.doc
        .lineWidth(0.5)
        .strokeColor(INK.rule)
        .moveTo(PAGE.left, foot - 14)
        .lineTo(PAGE.left + TEXT_WIDTH, foot - 14)
        .stroke();
      writer.drawText(left, PAGE.left, foot, 'regular', 8.6, INK.muted);
      const x = PAGE.left + TEXT_WIDTH - writer.measure(right, 'regular', 8.6);
      writer.drawText(right, x, foot, 'regular', 8.6, INK.muted);
    });
  }
  return { bytes: await writer.finish(), pages, sectionPages: [], contents: false };
};

/** Day in words of a document, for a field. */
export const dateField = (document: FilingDocument, words: RenderWords): string =>
  document.place === undefined
    ? dayInWords(document.day, words)
    : `${document.place}, ${dayInWords(document.day, words)}`;

/** A line to write on by hand, with its words below. */
export const signLine = (
  sheet: Sheet,
  parent: PdfElement,
  label: string,
  box: { x: number; y: number; width: number },
): void => {
  const { flow } = sheet;
  flow.rule({ x: box.x, width: box.width, y: box.y, color: INK.text, weight: 0.7 });
  flow.put(
    flow.writer.element('P', parent),
    'P',
    flow.lines([span(label, 9, 'regular', INK.muted)], box.width),
    {
      x: box.x,
      y: box.y + 2,
      width: box.width,
      leading: 12,
    },
  );
};

/** An empty frame for a thumb or a stamp, with its words inside at the top. */
export const frame = (
  sheet: Sheet,
  parent: PdfElement,
  label: string,
  box: { x: number; y: number; width: number; height: number },
): void => {
  const { flow } = sheet;
  flow.writer.artifact('Layout', () => {
    flow.writer.doc
      .lineWidth(0.8)
      .strokeColor(INK.text)
      .roundedRect(box.x, box.y, box.width, box.height, 3)
      .stroke();
  });
  flow.put(
    flow.writer.element('P', parent),
    'P',
    flow.lines([span(label, 9, 'regular', INK.muted)], box.width - 16),
    {
      x: box.x + 8,
      y: box.y + 5,
      width: box.width - 16,
      leading: 12,
    },
  );
};
