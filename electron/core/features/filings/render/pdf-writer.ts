import { createRequire } from 'node:module';
import type PDFDocument from 'pdfkit';
import type { FilingFonts } from '../../../ports/fonts.ts';
import type { FontName } from './fonts.ts';

/** What pdfkit has at run time and its types leave out. Its version is pinned; the interop tests watch it. */
interface Internals {
  _id: Uint8Array;
  _root: { data: Record<string, unknown> };
  _font: { unicode: number[][]; font: { hasGlyphForCodePoint(point: number): boolean } };
  endMetadata(): void;
  ref(data?: object): Reference;
  page: { dictionary: Reference };
}
interface Reference {
  compress: boolean;
  data: Record<string, unknown>;
  write(chunk: Uint8Array): void;
  end(): void;
}
type Element = PDFKit.PDFStructureElement & { dictionary: Reference };
export type { Element as PdfElement };

export interface PdfIdentity {
  readonly title: string;
  readonly language: 'es' | 'en';
  /** `YYYY-MM-DD`: the only date in the file. */
  readonly day: string;
  /** 16 random bytes: pdfkit's own would be a hash of the metadata. */
  readonly fileId: Uint8Array;
}

const here = createRequire(import.meta.url);
/** Loaded by the first document: it takes a fifth of what the engine holds, and most sessions write none. */
const pdfkit = (): typeof PDFDocument => here('pdfkit') as typeof PDFDocument;

const LANGUAGE_TAGS = { es: 'es-MX', en: 'en' } as const;
/** US Letter, as Mexican courts and the Commission use, in points. */
export const PAGE = { width: 612, height: 792, left: 80, right: 80, top: 86, bottom: 86 } as const;
export const TEXT_WIDTH = PAGE.width - PAGE.left - PAGE.right;

/** The fallback faces have taller small letters; this brings them to the height of the text around them. */
const fittedSize = (font: FontName, size: number): number =>
  font === 'fallback' || font === 'fallbackBold' ? size * 0.89 : size;

const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/**
 * The whole XMP packet: conformance, title, language, day. Written here and not by pdfkit, which would add
 * its own name as producer and leave the title unescaped.
 */
const xmpPacket = (identity: PdfIdentity): string => `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(identity.title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>${LANGUAGE_TAGS[identity.language]}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreateDate>${identity.day}T00:00:00Z</xmp:CreateDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`;

/**
 * A tagged PDF/A-2a file in the making: pdfkit with our own metadata, fonts and tagging. Everything that
 * is drawn goes through `tagged` (content with a place in the structure tree) or `artifact` (rules, page
 * numbers, repeated headings), so that no mark on a page is untagged.
 */
export class PdfWriter {
  readonly doc: PDFKit.PDFDocument;
  readonly root: Element;
  readonly #inner: Internals;
  readonly #chunks: Buffer[] = [];
  readonly #ended: Promise<void>;
  readonly #glyphs = new Map<FontName, (point: number) => boolean>();

  constructor(identity: PdfIdentity, fonts: FilingFonts) {
    this.doc = new (pdfkit())({
      size: [PAGE.width, PAGE.height],
      // The flow keeps its own margins; pdfkit must never break a page by itself.
      margins: { left: PAGE.left, right: PAGE.right, top: 0, bottom: 0 },
      autoFirstPage: false,
      bufferPages: true,
      pdfVersion: '1.7',
      subset: 'PDF/A-2a',
      tagged: true,
      lang: LANGUAGE_TAGS[identity.language],
      displayTitle: true,
      // No default font: Helvetica would not be embedded.
      font: '',
      info: { Title: identity.title, CreationDate: new Date(`${identity.day}T00:00:00Z`) },
    });
    this.#inner = this.doc as unknown as Internals;
    this.#inner._id = Buffer.from(identity.fileId);
    delete this.doc.info.Producer;
    delete this.doc.info.Creator;
    this.#inner.endMetadata = () => {
      const packet = this.#inner.ref({ Type: 'Metadata', Subtype: 'XML' });
      packet.compress = false;
      packet.write(Buffer.from(xmpPacket(identity), 'utf8'));
      packet.end();
      this.#inner._root.data['Metadata'] = packet;
    };
    for (const name of Object.keys(fonts) as FontName[]) {
      this.doc.registerFont(name, Buffer.from(fonts[name]));
    }
    this.root = this.doc.struct('Document') as Element;
    this.doc.addStructure(this.root);
    this.doc.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.#ended = new Promise((resolve, reject) => {
      this.doc.on('end', resolve);
      this.doc.on('error', reject);
    });
  }

  addPage(): void {
    this.doc.addPage();
  }

  get pageCount(): number {
    return this.doc.bufferedPageRange().count;
  }

  readonly hasGlyph = (font: FontName, point: number): boolean => {
    let has = this.#glyphs.get(font);
    if (has === undefined) {
      this.doc.font(font);
      const face = this.#inner._font;
      // Glyph 0 is never drawn; PDF/A forbids that a character map leads to U+0000.
      face.unicode[0] = [0xfffd];
      const known = new Map<number, boolean>();
      has = (wanted) => {
        let answer = known.get(wanted);
        if (answer === undefined) known.set(wanted, (answer = face.font.hasGlyphForCodePoint(wanted)));
        return answer;
      };
      this.#glyphs.set(font, has);
    }
    return has(point);
  };

  /** Width in points. */
  measure(text: string, font: FontName, size: number): number {
    return this.doc.font(font).fontSize(fittedSize(font, size)).widthOfString(text);
  }

  /** Draws text with its baseline at `baseline` points from the top of the page. */
  drawText(text: string, x: number, baseline: number, font: FontName, size: number, color: string): void {
    this.doc
      .font(font)
      .fontSize(fittedSize(font, size))
      .fillColor(color)
      .text(text, x, baseline, { lineBreak: false, baseline: 'alphabetic' });
  }

  /** A new element below `parent`. */
  element(tag: string, parent: Element = this.root): Element {
    const element = this.doc.struct(tag) as Element;
    parent.add(element);
    return element;
  }

  /** Header cell of a column, with its scope for screen readers. */
  columnHeader(parent: Element): Element {
    const element = this.element('TH', parent);
    element.dictionary.data['A'] = { O: 'Table', Scope: 'Column' };
    return element;
  }

  /** Draws content that belongs to `element`, on the current page. */
  tagged(element: Element, tag: string, draw: () => void): void {
    element.add(this.doc.markStructureContent(tag));
    draw();
    this.doc.endMarkedContent();
  }

  /** Draws what a screen reader passes over. */
  artifact(type: 'Layout' | 'Pagination', draw: () => void): void {
    this.doc.markContent('Artifact', { type });
    draw();
    this.doc.endMarkedContent();
  }

  /** The page being written, for links to it. */
  currentPage(): unknown {
    return this.#inner.page.dictionary;
  }

  /** A link inside the document, over a box of the current page. Destinations by page, not by name: names are sorted by locale. */
  link(
    element: Element,
    box: readonly [number, number, number, number],
    page: number,
    contents: string,
  ): void {
    const kids = (this.#inner._root.data['Pages'] as { data: { Kids: unknown[] } }).data.Kids;
    const target = kids[page];
    if (target === undefined) return;
    this.doc.annotate(...box, {
      Subtype: 'Link',
      Contents: new String(contents),
      Dest: [target, 'XYZ', null, null, null],
      structParent: element,
    } as unknown as Parameters<PDFKit.PDFDocument['annotate']>[4]);
  }

  /** Ends the file and gives its bytes. */
  async finish(): Promise<Buffer> {
    this.root.end();
    this.doc.end();
    await this.#ended;
    return Buffer.concat(this.#chunks);
  }
}
