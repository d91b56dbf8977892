import type * as mupdf from 'mupdf';
import type { PDF_STRIPPED } from '#shared/parser/jobs.ts';
import { copyBuffer, dig, digName, mupdfLibrary } from './mupdf-open.ts';

type Stripped = { what: (typeof PDF_STRIPPED)[number]; count: number };

/** Keys that tell about a document beyond what its pages show; removed wherever they stand. */
const TELLING_KEYS = [
  'Metadata',
  'PieceInfo',
  'LastModified',
  'StructParent',
  'StructParents',
  'OC',
  'AF',
  'OPI',
  'Alternates',
  'Ref',
  'Measure',
  'PtData',
  'ID',
  'Properties',
  'AA',
] as const;

const countTree = (node: mupdf.PDFObject, leaf: string, depth = 0): number => {
  if (!node.isDictionary() || depth > 32) return 0;
  let count = node.get(leaf).isArray() ? Math.floor(node.get(leaf).length / 2) : 0;
  const kids = node.get('Kids');
  if (kids.isArray()) kids.forEach((kid) => void (count += countTree(kid, leaf, depth + 1)));
  return count;
};

const countOutline = (outline: mupdf.PDFObject): number => {
  let count = 0;
  const walk = (item: mupdf.PDFObject, depth: number): void => {
    for (let at = item; at.isDictionary() && count < 100_000 && depth < 32; at = at.get('Next')) {
      count += 1;
      walk(at.get('First'), depth + 1);
    }
  };
  walk(dig(outline, 'First'), 0);
  return count;
};

/** Counts what a document holds besides page content, so that a reviewer learns what will be missing. */
export const countStripped = (pdf: mupdf.PDFDocument, hiddenLayers: number): Stripped[] => {
  const trailer = pdf.getTrailer();
  const root = trailer.get('Root');
  let annotations = 0;
  for (let index = 0; index < pdf.countPages(); index += 1) {
    const list = pdf.findPage(index).get('Annots');
    if (list.isArray()) annotations += list.length;
  }
  let metadata = root.get('Metadata').isStream() ? 1 : 0;
  if (trailer.get('Info').isDictionary()) trailer.get('Info').forEach(() => void (metadata += 1));
  const fields = dig(root, 'AcroForm', 'Fields');
  const scripts =
    countTree(root.get('Names', 'JavaScript'), 'Names') +
    (root.get('OpenAction', 'JS').isNull() ? 0 : 1) +
    (root.get('AA').isDictionary() ? 1 : 0);
  const counts: Stripped[] = [
    { what: 'annotations', count: annotations },
    { what: 'attachments', count: countTree(root.get('Names', 'EmbeddedFiles'), 'Names') },
    { what: 'bookmarks', count: countOutline(root.get('Outlines')) },
    { what: 'formFields', count: fields.isArray() ? fields.length : 0 },
    { what: 'hiddenLayers', count: hiddenLayers },
    { what: 'metadata', count: metadata },
    { what: 'scripts', count: scripts },
    { what: 'structure', count: root.get('StructTreeRoot').isDictionary() ? 1 : 0 },
    { what: 'earlierVersions', count: Math.max(0, pdf.countVersions() - 1) },
  ];
  return counts.filter(({ count }) => count > 0);
};

/**
 * Copies pages, and of each page only what draws it, into a new document. Catalogue, names, outlines,
 * forms, structure, scripts, attachments, annotations and earlier versions stay behind because nothing
 * in the new document can point to them.
 */
export const copyPagesOnly = (source: mupdf.PDFDocument): mupdf.PDFDocument => {
  const target = new (mupdfLibrary().PDFDocument)();
  const map = target.newGraftMap();
  for (let index = 0; index < source.countPages(); index += 1) {
    map.graftPage(index, source, index);
    const group = source.findPage(index).get('Group');
    if (group.isDictionary()) target.findPage(index).put('Group', map.graftObject(group));
  }
  return target;
};

/** Removes the telling keys from every object of a document. */
export const removeTellingKeys = (pdf: mupdf.PDFDocument): void => {
  const clean = (object: mupdf.PDFObject, depth: number): void => {
    if (depth > 24) return;
    if (object.isDictionary()) {
      for (const key of TELLING_KEYS) object.delete(key);
      // A picture's or form's `Name` is free text; a font's or annotation's is not reached here.
      if (['Image', 'Form'].includes(digName(object, 'Subtype'))) object.delete('Name');
    }
    if (!object.isDictionary() && !object.isArray()) return;
    object.forEach((inner) => {
      if (!inner.isIndirect()) clean(inner, depth + 1);
    });
  };
  for (let number = 1; number < pdf.countObjects(); number += 1) {
    clean(pdf.newIndirect(number).resolve(), 0);
  }
};

/**
 * Writes a document as one revision with everything unreachable left out. The identifier is the one handed
 * in or none: this process has no randomness, and an identifier derived from content would join files.
 */
export const saveFresh = (
  pdf: mupdf.PDFDocument,
  fileId: Uint8Array | undefined,
): Uint8Array<ArrayBuffer> => {
  const trailer = pdf.getTrailer();
  trailer.delete('Info');
  trailer.delete('ID');
  for (const key of ['Metadata', 'Info']) trailer.get('Root').delete(key);
  if (fileId !== undefined) {
    const id = pdf.newArray();
    id.push(pdf.newByteString(fileId));
    id.push(pdf.newByteString(fileId));
    trailer.put('ID', id);
  }
  const buffer = pdf.saveToBuffer('garbage=compact,compress,compress-fonts,compress-images');
  const bytes = copyBuffer(buffer);
  // The writer names itself and its version in a comment; blanks of the same length keep all offsets true.
  const mark = Buffer.from(bytes.buffer, 0, Math.min(bytes.length, 256));
  const at = mark.indexOf('% Written by');
  if (at >= 0) mark.fill(' ', at + 1, mark.indexOf('\n', at));
  return bytes;
};
