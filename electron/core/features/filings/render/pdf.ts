import { createHash } from 'node:crypto';
import type { FilingDocument, Run } from '#shared/model/filing-document.ts';
import { filingDocumentSchema, runsOfBlock } from '#shared/model/filing-document.ts';
import { annexTable, dayInWords, runsText, toPlainText } from '#shared/model/filing-text.ts';
import type { Random } from '../../../ports/index.ts';
import { BODY, needsBelowHeading, writeBlock, writeFields } from './blocks.ts';
import { Flow } from './flow.ts';
import type { LoadFonts } from '../../../ports/fonts.ts';
import { assertCovered } from './fonts.ts';
import { breakLines, drawLine, INK, runSpans, span } from './inline.ts';
import type { PdfElement } from './pdf-writer.ts';
import { PAGE, PdfWriter, TEXT_WIDTH } from './pdf-writer.ts';
import type { RenderWords } from './words.ts';
import { fill, filingWords } from './words.ts';

export interface RenderedPdf {
  readonly bytes: Buffer;
  readonly pages: number;
  /** Page of each section, from 1, in order; with the annex list last where there is one. */
  readonly sectionPages: readonly number[];
  /** Whether the file has a page of contents. */
  readonly contents: boolean;
}

export interface RenderPorts {
  readonly random: Random;
  readonly loadFonts: LoadFonts;
}

/** From this many pages on a filing gets a contents page. */
const CONTENTS_FROM_PAGES = 5;

/** The bytes that the signature sheet is bound to: the plain text in UTF-8. Delivered as a file of its own. */
export const plainTextBytes = (document: FilingDocument): Buffer =>
  Buffer.from(toPlainText(document, filingWords(document.language)), 'utf8');

/** SHA-256 of the plain text, in hex: what a signature on paper binds to. */
export const textSha256 = (document: FilingDocument): string =>
  createHash('sha256').update(plainTextBytes(document)).digest('hex');

/** `3f2a91bc…` in groups of four, for people to compare. */
export const groupHex = (hex: string): string => (hex.match(/.{1,4}/g) ?? []).join(' ');

/**
 * Renders a filing as PDF/A-2a: tagged, searchable, fonts embedded as subsets of this very text, metadata
 * reduced to title, language, conformance and the day. The same document and file id give the same bytes.
 * Throws `AppError` `export.glyphMissing` (with the place of the section, 0 for the head) where no font has
 * a letter, and a zod error where the document breaks its own model.
 */
export const renderPdf = async (input: FilingDocument, ports: RenderPorts): Promise<RenderedPdf> => {
  const document = filingDocumentSchema.parse(input);
  const fileId = ports.random.bytes(16);
  const first = await renderOnce(document, ports.loadFonts, fileId, null);
  if (first.pages < CONTENTS_FROM_PAGES) return first;
  // The contents page moves everything behind it, so its numbers are known only after it is there.
  const shifted = await renderOnce(document, ports.loadFonts, fileId, first.sectionPages);
  return renderOnce(document, ports.loadFonts, fileId, shifted.sectionPages);
};

const renderOnce = async (
  document: FilingDocument,
  loadFonts: LoadFonts,
  fileId: Uint8Array,
  contentsPages: readonly number[] | null,
): Promise<RenderedPdf> => {
  const words = filingWords(document.language);
  const { title, language, day } = document;
  const writer = new PdfWriter({ title, language, day, fileId }, loadFonts());
  // Once is enough: later passes lay out the same words.
  if (contentsPages === null) assertDocumentCovered(document, words, writer);
  const flow = new Flow(writer);
  writeHead(flow, document, words);
  if (contentsPages !== null) {
    writeContents(flow, document, words, contentsPages);
    flow.newPage();
  }
  const sectionPages: number[] = [];
  document.sections.forEach((section, at) => {
    const element = writer.element('Sect');
    const heading = `${String(at + 1)}. ${section.heading}`;
    const below = needsBelowHeading(flow, section.blocks[0]);
    writeHeading(flow, element, heading, section.reference, below);
    sectionPages.push(flow.page + 1);
    if (contentsPages !== null) writer.doc.outline.addItem(heading);
    section.blocks.forEach((block, index) => {
      writeBlock(flow, element, block, words, section.blocks[index + 1]);
    });
  });
  if (document.closing.length > 0) {
    flow.space(10);
    const element = writer.element('Sect');
    for (const runs of document.closing) {
      flow.text(element, 'P', runSpans(runs, BODY.size), { leading: BODY.leading, after: BODY.after });
    }
  }
  if (document.annexes.length > 0) {
    const element = writer.element('Sect');
    const table = annexTable(document.annexes, words);
    writeHeading(flow, element, words.annexes, undefined, needsBelowHeading(flow, table));
    sectionPages.push(flow.page + 1);
    if (contentsPages !== null) writer.doc.outline.addItem(words.annexes);
    writeBlock(flow, element, table, words);
  }
  const digest = textSha256(document);
  writeFurniture(writer, document, words, digest);
  const pages = writer.pageCount;
  return { bytes: await writer.finish(), pages, sectionPages, contents: contentsPages !== null };
};

/** Every letter is looked for before anything is written: an unknown one names its section, never itself. */
const assertDocumentCovered = (document: FilingDocument, words: RenderWords, writer: PdfWriter): void => {
  const check = (raw: string, section: number): void => {
    const text = raw.replace(/[\n\t]/g, ' ');
    for (const face of ['regular', 'semibold', 'italic'] as const) {
      assertCovered(text, face, section, writer.hasGlyph);
    }
  };
  const checkRuns = (runs: readonly Run[], section: number): void => check(runsText(runs), section);
  const head = [document.title, document.basis, document.place, document.subject, ...document.addressee];
  for (const text of head) if (text !== undefined) check(text, 0);
  for (const field of document.head) {
    check(field.label, 0);
    checkRuns(field.runs, 0);
  }
  document.sections.forEach((section, at) => {
    check(`${section.heading} ${section.reference ?? ''}`, at + 1);
    for (const block of section.blocks) {
      for (const runs of runsOfBlock(block)) checkRuns(runs, at + 1);
      // Headings, captions, labels and places of sources are text as well.
      check(
        toPlainText(
          { ...document, head: [], closing: [], annexes: [], sections: [{ ...section, blocks: [block] }] },
          words,
        ),
        at + 1,
      );
    }
  });
  for (const runs of document.closing) checkRuns(runs, document.sections.length);
  for (const annex of document.annexes)
    check(`${annex.kind} ${annex.description}`, document.sections.length + 1);
};

const writeHead = (flow: Flow, document: FilingDocument, words: RenderWords): void => {
  const { writer } = flow;
  const head = writer.element('Sect');
  const when = dayInWords(document.day, words);
  flow.text(
    head,
    'P',
    [span(document.place === undefined ? when : `${document.place}, ${when}`, 10.4, 'regular', INK.muted)],
    {
      leading: 14,
      align: 'end',
      after: 20,
    },
  );
  document.addressee.forEach((line, at) => {
    flow.text(head, 'P', [span(line, 11.4, at === 0 ? 'semibold' : 'regular')], { leading: 15.4 });
  });
  if (document.addressee.length > 0) flow.y += 14;
  if (document.subject !== undefined) {
    flow.text(
      head,
      'P',
      [span(`${words.subject}:`, 10.4, 'semibold', INK.muted), span(` ${document.subject}`, 10.4)],
      {
        leading: 14.4,
        after: 16,
      },
    );
  }
  flow.text(head, 'H1', [span(document.title, 20, 'semibold')], { leading: 25, after: 3 });
  if (document.basis !== undefined) {
    flow.text(head, 'P', [span(document.basis, 11, 'italic', INK.muted)], { leading: 15, after: 2 });
  }
  flow.text(
    head,
    'P',
    [
      span(`${words.folio}:`, 9.6, 'semibold', INK.muted),
      span(` ${document.folio}`, 9.6, 'regular', INK.muted),
    ],
    { leading: 14, after: 8 },
  );
  flow.rule({ weight: 1.1, color: INK.accent });
  flow.y += 14;
  if (document.head.length > 0) {
    writeFields(
      flow,
      head,
      document.head.map((field) => ({ label: field.label, value: runSpans(field.runs, BODY.size) })),
    );
    flow.y += 4;
  }
};

const writeHeading = (
  flow: Flow,
  parent: PdfElement,
  text: string,
  reference: string | undefined,
  /** Points that must fit on the same page below. */
  below: number,
): void => {
  flow.space(10);
  flow.text(parent, 'H2', [span(text, 13.2, 'semibold', INK.accent)], {
    leading: 17.6,
    after: reference === undefined ? 5 : 0,
    keep: below + (reference === undefined ? 5 : 18.6),
  });
  if (reference !== undefined) {
    flow.text(parent, 'P', [span(reference, 9.4, 'italic', INK.muted)], { leading: 12.6, after: 6 });
  }
};

const writeContents = (
  flow: Flow,
  document: FilingDocument,
  words: RenderWords,
  pages: readonly number[],
): void => {
  const { writer } = flow;
  const entries = document.sections.map((section, at) => `${String(at + 1)}. ${section.heading}`);
  if (document.annexes.length > 0) entries.push(words.annexes);
  flow.space(6);
  const section = writer.element('Sect');
  flow.text(section, 'H2', [span(words.contents, 13.2, 'semibold', INK.accent)], {
    leading: 17.6,
    after: 6,
    keep: 60,
  });
  const toc = writer.element('TOC', section);
  const leading = 16.4;
  const numberWidth = 30;
  entries.forEach((entry, at) => {
    const page = pages[at] ?? 0;
    const lines = flow.lines([span(entry, 10.8)], TEXT_WIDTH - numberWidth);
    const number = flow.lines([span(String(page), 10.8, 'semibold')], numberWidth)[0];
    flow.ensure(lines.length * leading);
    const top = flow.y;
    const item = writer.element('TOCI', toc);
    const link = writer.element('Link', writer.element('Reference', item));
    const last = lines.at(-1);
    flow.put(link, 'Link', lines, { x: PAGE.left, y: top, width: TEXT_WIDTH - numberWidth, leading });
    const baseline = top + (lines.length - 1) * leading + leading * 0.74;
    if (number !== undefined && last !== undefined) {
      const right = PAGE.left + TEXT_WIDTH;
      writer.artifact('Layout', () => {
        writer.doc
          .lineWidth(0.6)
          .strokeColor(INK.rule)
          .dash(0.6, { space: 3 })
          .moveTo(PAGE.left + last.width + 8, baseline - 1)
          .lineTo(right - number.width - 8, baseline - 1)
          .stroke()
          .undash();
      });
      writer.tagged(link, 'Link', () => drawLine(writer, number, right - number.width, baseline, true));
    }
    writer.link(link, [PAGE.left, top, TEXT_WIDTH, lines.length * leading], page - 1, entry);
    // Ended on its own page: the reference to the link notes the page that is open now.
    link.end();
    flow.y += lines.length * leading;
  });
};

/** Header and footer of all pages; outside the structure tree. */
const writeFurniture = (
  writer: PdfWriter,
  document: FilingDocument,
  words: RenderWords,
  digest: string,
): void => {
  const { doc } = writer;
  const pages = writer.pageCount;
  const size = 8.6;
  const left = `${words.folio} ${document.folio}  ·  ${words.text} ${groupHex(digest.slice(0, 16))}`;
  for (let page = 0; page < pages; page += 1) {
    doc.switchToPage(page);
    writer.artifact('Pagination', () => {
      const foot = PAGE.height - 46;
      doc.lineWidth(0.5).strokeColor(INK.rule);
      doc
        .moveTo(PAGE.left, foot - 14)
        .lineTo(PAGE.left + TEXT_WIDTH, foot - 14)
        .stroke();
      writer.drawText(left, PAGE.left, foot, 'regular', size, INK.muted);
      const right = fill(words.page, { page: page + 1, pages });
      writer.drawText(
        right,
        PAGE.left + TEXT_WIDTH - writer.measure(right, 'regular', size),
        foot,
        'regular',
        size,
        INK.muted,
      );
      if (page > 0) {
        const line = breakHeader(writer, document.title, size);
        for (const piece of line.pieces) {
          writer.drawText(piece.text, PAGE.left + piece.x, 52, piece.font, size, INK.muted);
        }
        doc
          .moveTo(PAGE.left, 60)
          .lineTo(PAGE.left + TEXT_WIDTH, 60)
          .stroke();
      }
    });
  }
};

/** The title on one line, shortened at a word where it is too long. */
const breakHeader = (writer: PdfWriter, title: string, size: number): ReturnType<Flow['lines']>[number] => {
  const flowless = (text: string): ReturnType<Flow['lines']> =>
    breakLines(writer, [span(text, size, 'regular', INK.muted)], TEXT_WIDTH);
  const lines = flowless(title);
  const [first] = lines;
  if (lines.length <= 1 && first !== undefined) return first;
  const words = title.split(' ');
  while (words.length > 1) {
    words.pop();
    const [line, more] = flowless(`${words.join(' ')} …`);
    if (line !== undefined && more === undefined) return line;
  }
  return first ?? { pieces: [], width: 0 };
};
