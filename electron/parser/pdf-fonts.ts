import type * as mupdf from 'mupdf';
import { dig, digName } from './mupdf-open.ts';
import { ContentCleaner } from './pdf-content.ts';
import { readLayers } from './pdf-layers.ts';
import { hexToText } from './pdf-objects.ts';

/**
 * A font that was cut down to the letters of a document lists them, often in the order in which they first
 * appear: read in a row, they can spell a removed name. So tables of characters, widths and glyph names
 * keep only what the redacted pages still show, and the font programs are cut down again.
 */

/** Codes that a font shows: two bytes each for composite fonts, else one. */
const codesOf = (strings: readonly Uint8Array[], width: 1 | 2): Set<number> => {
  const codes = new Set<number>();
  for (const bytes of strings) {
    for (let at = 0; at + width <= bytes.length; at += width) {
      codes.add(width === 1 ? (bytes[at] ?? 0) : ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    }
  }
  return codes;
};

/** The entries of a ToUnicode table for some codes, as hex of UTF-16. */
const readMap = (map: string, codes: ReadonlySet<number>): Map<number, string> => {
  const found = new Map<number, string>();
  const put = (code: number, hex: string): void => {
    if (codes.has(code)) found.set(code, hex.replaceAll(/\s/g, ''));
  };
  const number = (hex: string | undefined): number => Number.parseInt((hex ?? '').replaceAll(/\s/g, ''), 16);
  for (const [, block] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, code, hex] of (block ?? '').matchAll(/<([^>]*)>\s*<([^>]*)>/g))
      put(number(code), hex ?? '');
  }
  for (const [, block] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    const ranges = (block ?? '').matchAll(/<([^>]*)>\s*<([^>]*)>\s*(?:<([^>]*)>|\[([^\]]*)\])/g);
    for (const [, from, to, first, list] of ranges) {
      const start = number(from);
      const end = Math.min(number(to), start + 0xffff);
      if (list !== undefined) {
        [...list.matchAll(/<([^>]*)>/g)].forEach(([, hex], index) => put(start + index, hex ?? ''));
        continue;
      }
      const text = hexToText(first ?? '');
      const last = text.codePointAt(text.length - 1) ?? 0;
      for (let code = start; code <= end; code += 1) {
        if (!codes.has(code) || last + code - start > 0x10ffff) continue;
        const character = text.slice(0, -1) + String.fromCodePoint(last + code - start);
        put(code, Buffer.from(character, 'utf16le').swap16().toString('hex'));
      }
    }
  }
  return found;
};

const writeMap = (entries: ReadonlyMap<number, string>, width: 1 | 2): string => {
  const hex = (code: number): string => code.toString(16).padStart(width * 2, '0');
  const lines = [...entries].sort(([a], [b]) => a - b).map(([code, text]) => `<${hex(code)}> <${text}>`);
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += 100) {
    const block = lines.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    `1 begincodespacerange\n<${hex(0)}> <${width === 1 ? 'ff' : 'ffff'}>\nendcodespacerange`,
    ...blocks,
    'endcmap',
    'CMapName currentdict /CMap defineresource pop',
    'end',
    'end',
  ].join('\n');
};

/** Widths of a composite font for some glyphs: `[ first [w w w] ]` or `[ first last w ]` runs are read. */
const trimCompositeWidths = (
  pdf: mupdf.PDFDocument,
  font: mupdf.PDFObject,
  codes: ReadonlySet<number>,
): void => {
  const widths = dig(font, 'W');
  if (!widths.isArray()) return;
  const kept = new Map<number, number>();
  for (let at = 0; at < widths.length;) {
    const first = widths.get(at).asNumber();
    const second = widths.get(at + 1);
    if (second.isArray()) {
      second.forEach((width, index) => {
        if (codes.has(first + Number(index))) kept.set(first + Number(index), width.asNumber());
      });
      at += 2;
    } else {
      const last = Math.min(second.asNumber(), 0xffff);
      for (let code = first; code <= last; code += 1)
        if (codes.has(code)) kept.set(code, widths.get(at + 2).asNumber());
      at += 3;
    }
  }
  const list = pdf.newArray();
  for (const [code, width] of [...kept].sort(([a], [b]) => a - b)) {
    const one = pdf.newArray();
    one.push(width);
    list.push(code);
    list.push(one);
  }
  font.put('W', list);
};

const trimSimple = (pdf: mupdf.PDFDocument, font: mupdf.PDFObject, codes: ReadonlySet<number>): void => {
  const first = dig(font, 'FirstChar');
  const widths = dig(font, 'Widths');
  if (widths.isArray() && first.isNumber()) {
    const list = pdf.newArray();
    widths.forEach((width, index) => {
      list.push(codes.has(first.asNumber() + Number(index)) ? width.asNumber() : 0);
    });
    font.put('Widths', list);
  }
  const differences = dig(font, 'Encoding', 'Differences');
  if (!differences.isArray()) return;
  const list = pdf.newArray();
  const names = new Set<string>();
  let code = 0;
  differences.forEach((item) => {
    if (item.isNumber()) {
      code = item.asNumber();
      list.push(code);
      return;
    }
    const used = codes.has(code);
    if (used) names.add(item.asName());
    list.push(pdf.newName(used ? item.asName() : '.notdef'));
    code += 1;
  });
  const encoding = pdf.newDictionary();
  dig(font, 'Encoding').forEach((value, key) => void encoding.put(key, value));
  encoding.put('Differences', list);
  font.put('Encoding', encoding);
  const procedures = dig(font, 'CharProcs');
  if (!procedures.isDictionary()) return;
  const kept = pdf.newDictionary();
  procedures.forEach((procedure, name) => {
    if (names.has(String(name))) kept.put(name, procedure);
  });
  font.put('CharProcs', kept);
};

/** Cuts the fonts of a finished document down to what its pages show. */
export const trimFonts = (pdf: mupdf.PDFDocument): void => {
  const cleaner = new ContentCleaner(pdf, readLayers(pdf), false);
  for (let index = 0; index < pdf.countPages(); index += 1) cleaner.cleanPage(pdf.findPage(index));
  pdf.subsetFonts();
  // Text whose font is set somewhere else could be in any of them: then every table has to stay.
  if ((cleaner.shown.get(0) ?? []).length > 0) return;
  for (const [number, strings] of cleaner.shown) {
    const font = pdf.newIndirect(number);
    const composite = digName(font, 'Subtype') === 'Type0';
    // A coding of its own would have to be interpreted to know the codes.
    if (composite && !digName(font, 'Encoding').startsWith('Identity-')) continue;
    const width = composite ? 2 : 1;
    const codes = codesOf(strings, width);
    const map = dig(font, 'ToUnicode');
    if (map.isStream()) {
      const text = Buffer.from(map.readStream().asUint8Array()).toString('latin1');
      font.put('ToUnicode', pdf.addStream(writeMap(readMap(text, codes), width), {}));
    }
    if (composite) {
      const descendant = dig(font, 'DescendantFonts', 0);
      if (descendant.isDictionary()) {
        trimCompositeWidths(pdf, descendant, codes);
        const descriptor = dig(descendant, 'FontDescriptor');
        if (descriptor.isDictionary()) descriptor.delete('CIDSet');
      }
    } else {
      trimSimple(pdf, font, codes);
      const descriptor = dig(font, 'FontDescriptor');
      if (descriptor.isDictionary()) descriptor.delete('CharSet');
    }
  }
};
