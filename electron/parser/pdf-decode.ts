import type * as mupdf from 'mupdf';
import { MAX_TEXT_CHARS } from '#shared/parser/jobs.ts';
import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { copyBuffer, dig, digName, openPdf } from './mupdf-open.ts';
import { readPageCharacters } from './page-characters.ts';
import { PartList } from './parts.ts';
import { decodeObjects } from './pdf-objects.ts';
import { decodeRemains } from './pdf-remains.ts';
import { Refusal } from './refusal.ts';

export const MUPDF_DECODER = 'mupdf 1.28.1';
const MAX_FORMS = 5_000;

const guarded = (parts: PartList, where: string, read: () => void): void => {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof Refusal || thrown instanceof WebAssembly.RuntimeError) throw thrown;
    parts.fail(where, 'cannot be read');
  }
};

const decodePage = (parts: PartList, page: mupdf.PDFPage, where: string): void => {
  const { text, unreadable } = readPageCharacters(page, MAX_TEXT_CHARS * 2);
  parts.text(where, text);
  if (unreadable > 0) parts.fail(where, `${unreadable} glyphs without a character`);
};

const decodeAnnotations = (parts: PartList, page: mupdf.PDFPage, where: string): void => {
  for (const annotation of [...page.getAnnotations(), ...page.getWidgets()]) {
    const texts = [annotation.getType(), annotation.getContents()];
    if (annotation.hasAuthor()) texts.push(annotation.getAuthor());
    for (const key of ['NM', 'T', 'TU', 'V', 'Subj', 'RC', 'DA']) {
      const value = annotation.getObject().get(key);
      if (value.isString()) texts.push(value.asString());
    }
    parts.text(`${where} annotation`, texts.filter((text) => text !== '').join('\n'), 'metadata');
  }
  for (const link of page.getLinks()) parts.text(`${where} link`, link.getURI(), 'metadata');
};

type OutlineItems = ReturnType<mupdf.PDFDocument['loadOutline']>;

const decodeOutline = (parts: PartList, items: OutlineItems, depth = 0): void => {
  for (const item of items ?? []) {
    parts.text(
      'bookmark',
      [item.title, item.uri].filter((text) => text !== undefined).join('\n'),
      'metadata',
    );
    if (depth < 64) decodeOutline(parts, item.down ?? null, depth + 1);
  }
};

const decodeAttachments = (parts: PartList, pdf: mupdf.PDFDocument): void => {
  const files = pdf.getEmbeddedFiles();
  for (const [name, file] of Object.entries(files)) {
    parts.text('attachment', name, 'name');
    const contents = pdf.getEmbeddedFileContents(file);
    if (contents === null) parts.fail('attachment', 'cannot be read');
    else parts.bytes('attachment', copyBuffer(contents));
  }
};

/**
 * Text of every form, whether a page draws it or not: each is put on a page of its own. Text in a font with
 * a coding of its own cannot be found in the stream's bytes.
 */
const decodeForms = (parts: PartList, pdf: mupdf.PDFDocument): void => {
  const forms: number[] = [];
  for (let number = 1; number < pdf.countObjects() && forms.length <= MAX_FORMS; number += 1) {
    if (digName(pdf.newIndirect(number).resolve(), 'Subtype') === 'Form') forms.push(number);
  }
  if (forms.length > MAX_FORMS) parts.fail('forms', 'too many');
  for (const number of forms.slice(0, MAX_FORMS)) {
    guarded(parts, `form ${number}`, () => {
      const resources = pdf.newDictionary();
      const xobjects = pdf.newDictionary();
      xobjects.put('X', pdf.newIndirect(number));
      resources.put('XObject', xobjects);
      const last = pdf.countPages();
      pdf.insertPage(last, pdf.addPage([-14_000, -14_000, 14_000, 14_000], 0, resources, '/X Do'));
      const page = pdf.loadPage(last);
      parts.text(`form ${number}`, readPageCharacters(page, MAX_TEXT_CHARS).text);
      page.destroy();
      pdf.deletePage(last);
    });
  }
};

/** Text of all pages with every layer switched on, where there are layers. */
const decodeHiddenLayers = (parts: PartList, pdf: mupdf.PDFDocument, bytes: Uint8Array): void => {
  const properties = dig(pdf.getTrailer(), 'Root', 'OCProperties');
  if (!properties.isDictionary()) return;
  const open = openPdf(bytes);
  // Without this entry a reader has no layers to switch off, so everything is drawn.
  dig(open.getTrailer(), 'Root').delete('OCProperties');
  const shown = openPdf(copyBuffer(open.saveToBuffer('garbage=no')));
  for (let index = 0; index < shown.countPages(); index += 1) {
    const where = `page ${index + 1} with all layers`;
    guarded(parts, where, () => decodePage(parts, shown.loadPage(index), where));
  }
};

/**
 * Everything that can be read out of a finished PDF: pages as drawn, all layers, forms, annotations,
 * bookmarks, attachments, metadata, every object with its streams unpacked, and what earlier versions left
 * in the bytes. What cannot be read is named, so that a release can be refused.
 */
export const pdfDecode = (params: ParserParams<'pdf.decode'>): ParserAnswer<'pdf.decode'> => {
  const parts = new PartList();
  decodePdfInto(parts, params.bytes);
  return { parts: parts.parts, undecoded: parts.undecoded, decoder: MUPDF_DECODER };
};

/** As `pdfDecode`, into an existing list; used for PDFs inside archives too. */
export const decodePdfInto = (parts: PartList, bytes: Uint8Array): void => {
  let pdf: mupdf.PDFDocument;
  try {
    pdf = openPdf(bytes);
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || thrown.code !== 'parser.passwordProtected') throw thrown;
    parts.fail('file', 'protected with a password');
    return;
  }
  if (dig(pdf.getTrailer(), 'Encrypt').isDictionary()) parts.fail('file', 'encrypted');
  if (pdf.wasRepaired()) parts.fail('file', 'damaged: readers may show different content');
  const named = new Set<number>();
  for (let number = 1; number < pdf.countObjects(); number += 1) {
    if (!pdf.newIndirect(number).resolve().isNull()) named.add(number);
  }
  decodeObjects(pdf, parts);
  guarded(parts, 'earlier versions', () => decodeRemains(bytes, named, parts));
  for (const key of [
    'format',
    'encryption',
    'info:Author',
    'info:Title',
    'info:Subject',
    'info:Keywords',
    'info:Creator',
    'info:Producer',
    'info:CreationDate',
    'info:ModDate',
  ]) {
    guarded(parts, key, () => parts.text(key, pdf.getMetaData(key) ?? '', 'metadata'));
  }
  guarded(parts, 'bookmarks', () => decodeOutline(parts, pdf.loadOutline()));
  guarded(parts, 'attachments', () => decodeAttachments(parts, pdf));
  for (let index = 0; index < pdf.countPages(); index += 1) {
    const where = `page ${index + 1}`;
    guarded(parts, where, () => {
      const page = pdf.loadPage(index);
      decodePage(parts, page, where);
      decodeAnnotations(parts, page, where);
      parts.text(`${where} label`, page.getLabel(), 'metadata');
      page.destroy();
    });
  }
  guarded(parts, 'layers', () => decodeHiddenLayers(parts, pdf, bytes));
  guarded(parts, 'forms', () => decodeForms(parts, pdf));
};
