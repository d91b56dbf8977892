import type * as mupdf from 'mupdf';
import { filterContent, noNames } from './content-filter.ts';
import type { ContentNames } from './content-filter.ts';
import type { PdfLayers } from './pdf-layers.ts';
import { copyBuffer, dig, digName } from './mupdf-open.ts';
import { Refusal } from './refusal.ts';

const MAX_CONTENT_BYTES = 128 * 1024 * 1024;
const MAX_DEPTH = 24;

const merge = (into: ContentNames, from: ContentNames): void => {
  for (const key of ['xobjects', 'fonts', 'patterns', 'shadings', 'states'] as const) {
    for (const name of from[key]) into[key].add(name);
  }
};

const streamBytes = (object: mupdf.PDFObject): Uint8Array => copyBuffer(object.readStream());

/** Bytes of a page's content, its pieces joined as a reader joins them. */
export const pageContent = (page: mupdf.PDFObject): Uint8Array => {
  const contents = page.get('Contents');
  const pieces: Uint8Array[] = [];
  const take = (item: mupdf.PDFObject): void => {
    if (item.isStream()) pieces.push(streamBytes(item), new Uint8Array([10]));
  };
  if (contents.isArray()) contents.forEach((item) => take(item));
  else take(contents);
  if (pieces.reduce((sum, piece) => sum + piece.length, 0) > MAX_CONTENT_BYTES)
    throw new Refusal('parser.tooLarge');
  return Buffer.concat(pieces);
};

/**
 * Cleans the content of pages and of everything they draw: forms, patterns, soft masks, glyph procedures.
 * Paint of hidden layers goes, marks go unless kept, and resources that nothing names any more are let go,
 * so that saving with garbage collection leaves them behind.
 */
export class ContentCleaner {
  readonly #pdf: mupdf.PDFDocument;
  readonly #layers: PdfLayers;
  readonly #keepMarks: boolean;
  /** Names that a stream without resources of its own takes from whoever draws it, by object number. */
  readonly #done = new Map<number, ContentNames>();
  /** Strings shown by each font, by the font's object number; 0 for strings whose font is not known. */
  readonly shown = new Map<number, Uint8Array[]>();
  dropped = 0;

  constructor(pdf: mupdf.PDFDocument, layers: PdfLayers, keepMarks: boolean) {
    this.#pdf = pdf;
    this.#layers = layers;
    this.#keepMarks = keepMarks;
  }

  cleanPage(page: mupdf.PDFObject): void {
    const resources = this.#copyOf(page.getInheritable('Resources'));
    const { bytes, names } = this.#filter(pageContent(page), resources);
    page.put('Contents', this.#pdf.addStream(bytes, {}));
    this.#follow(resources, names, 0);
    this.#prune(resources, names);
    page.put('Resources', resources);
  }

  #copyOf(resources: mupdf.PDFObject): mupdf.PDFObject {
    const copy = this.#pdf.newDictionary();
    if (resources.isDictionary()) resources.forEach((value, key) => void copy.put(key, value));
    return copy;
  }

  #filter(bytes: Uint8Array, resources: mupdf.PDFObject): { bytes: Uint8Array; names: ContentNames } {
    const result = filterContent(bytes, {
      keepMarks: this.#keepMarks,
      isHiddenLayer: (name) => this.#layers.isHidden(resources.get('Properties', name)),
      isHiddenXObject: (name) => this.#layers.isHidden(resources.get('XObject', name, 'OC')),
    });
    this.dropped += result.dropped;
    for (const [name, strings] of result.shown) {
      const font = name === '' ? null : resources.get('Font', name);
      const number = font?.isIndirect() === true ? font.asIndirect() : 0;
      const known = this.shown.get(number) ?? [];
      for (const string of strings) known.push(string);
      this.shown.set(number, known);
    }
    return result;
  }

  /** Cleans a stream that draws with its own or its caller's resources. */
  #cleanStream(stream: mupdf.PDFObject, callerResources: mupdf.PDFObject, depth: number): ContentNames {
    if (depth > MAX_DEPTH) throw new Refusal('parser.tooLarge');
    const number = stream.isIndirect() ? stream.asIndirect() : 0;
    const known = this.#done.get(number);
    if (known !== undefined) return known;
    if (!stream.isStream()) return noNames();
    this.#done.set(number, noNames());
    const own = stream.get('Resources').isDictionary();
    const resources = own ? this.#copyOf(stream.get('Resources')) : callerResources;
    const { bytes, names } = this.#filter(streamBytes(stream), resources);
    stream.writeStream(bytes);
    this.#follow(resources, names, depth);
    if (!own) {
      this.#done.set(number, names);
      return names;
    }
    this.#prune(resources, names);
    stream.put('Resources', resources);
    return noNames();
  }

  /** Goes into everything that the named resources draw; adds the names that they borrow. */
  #follow(resources: mupdf.PDFObject, names: ContentNames, depth: number): void {
    const draw = (stream: mupdf.PDFObject): void =>
      merge(names, this.#cleanStream(stream, resources, depth + 1));
    for (const name of [...names.xobjects]) {
      const xobject = resources.get('XObject', name);
      if (digName(xobject, 'Subtype') === 'Form') draw(xobject);
    }
    for (const name of [...names.patterns]) draw(resources.get('Pattern', name));
    for (const name of [...names.states]) {
      const mask = resources.get('ExtGState', name, 'SMask', 'G');
      if (mask.isStream()) draw(mask);
    }
    for (const name of [...names.fonts]) {
      const font = resources.get('Font', name);
      const procedures = dig(font, 'CharProcs');
      if (!procedures.isDictionary()) continue;
      const glyphResources = font.get('Resources').isDictionary() ? font.get('Resources') : resources;
      procedures.forEach((procedure) => {
        merge(names, this.#cleanStream(procedure, glyphResources, depth + 1));
      });
    }
  }

  #prune(resources: mupdf.PDFObject, names: ContentNames): void {
    const keep = (kind: string, used: ReadonlySet<string>): void => {
      const all = resources.get(kind);
      if (!all.isDictionary()) return;
      const kept = this.#pdf.newDictionary();
      all.forEach((value, name) => {
        if (used.has(String(name))) kept.put(name, value);
      });
      resources.put(kind, kept);
    };
    keep('XObject', names.xobjects);
    keep('Font', names.fonts);
    keep('Pattern', names.patterns);
    keep('Shading', names.shadings);
    keep('ExtGState', names.states);
    if (!this.#keepMarks) resources.delete('Properties');
  }
}
