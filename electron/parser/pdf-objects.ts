import type * as mupdf from 'mupdf';
import { copyBuffer, digName } from './mupdf-open.ts';
import { BlockReader, imageFormat } from './image-blocks.ts';
import type { PartList } from './parts.ts';

/** Filters whose outcome is a picture; their raw bytes are looked into as files of their own. */
const PICTURE_FILTERS = new Set(['DCTDecode', 'DCT', 'JPXDecode', 'JBIG2Decode', 'CCITTFaxDecode', 'CCF']);
const KNOWN_FILTERS = new Set([
  'FlateDecode',
  'Fl',
  'LZWDecode',
  'LZW',
  'ASCII85Decode',
  'A85',
  'ASCIIHexDecode',
  'AHx',
  'RunLengthDecode',
  'RL',
  ...PICTURE_FILTERS,
]);
const MAX_DEPTH = 64;

const filtersOf = (stream: mupdf.PDFObject): string[] => {
  const names: string[] = [];
  for (const key of ['Filter', 'F']) {
    const filter = stream.get(key);
    if (filter.isName()) names.push(filter.asName());
    else if (filter.isArray()) filter.forEach((item) => void (item.isName() && names.push(item.asName())));
  }
  return names;
};

/** Text of a PDF string: UTF-16 or UTF-8 with a mark, otherwise PDFDocEncoding, which mupdf decodes. */
const stringTexts = (object: mupdf.PDFObject): string[] => {
  const raw = Buffer.from(object.asByteString());
  const decoded = object.asString();
  const latin = raw.toString('latin1');
  return decoded === latin ? [decoded] : [decoded, latin];
};

/** All strings and names of an object, without following references. */
const collect = (object: mupdf.PDFObject, strings: string[], depth = 0): void => {
  if (object.isString()) strings.push(...stringTexts(object));
  else if (object.isName()) strings.push(object.asName());
  else if (depth < MAX_DEPTH && (object.isArray() || object.isDictionary())) {
    const dictionary = object.isDictionary();
    object.forEach((inner, key) => {
      if (dictionary) strings.push(String(key));
      if (!inner.isIndirect()) collect(inner, strings, depth + 1);
    });
  }
};

/** UTF-16 text of a hex string in a ToUnicode table. */
export const hexToText = (hex: string): string => {
  const bytes = Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
  return bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le') : bytes.toString('latin1');
};

/** The characters that a font's ToUnicode table can produce: a trace of texts that were there once. */
export const charactersOfMap = (map: string): string => {
  const found = new Set<string>();
  for (const block of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const pair of (block[1] ?? '').matchAll(/<[^>]*>\s*<([^>]*)>/g)) found.add(hexToText(pair[1] ?? ''));
  }
  for (const block of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const range of (block[1] ?? '').matchAll(/<([^>]*)>\s*<([^>]*)>\s*(?:<([^>]*)>|\[([^\]]*)\])/g)) {
      if (range[4] !== undefined) {
        for (const one of range[4].matchAll(/<([^>]*)>/g)) found.add(hexToText(one[1] ?? ''));
        continue;
      }
      const from = Number.parseInt(range[1] ?? '', 16);
      const to = Math.min(Number.parseInt(range[2] ?? '', 16), from + 0xffff);
      const first = hexToText(range[3] ?? '');
      const last = first.codePointAt(first.length - 1) ?? 0;
      for (let code = 0; code <= to - from; code += 1) {
        if (last + code <= 0x10ffff) found.add(first.slice(0, -1) + String.fromCodePoint(last + code));
      }
    }
  }
  return [...found].join('');
};

const decodeStream = (parts: PartList, where: string, stream: mupdf.PDFObject): void => {
  const filters = filtersOf(stream);
  if (stream.get('FFilter').isName() || stream.get('F').isDictionary() || stream.get('F').isString()) {
    parts.fail(where, 'the content lies in another file');
  }
  for (const filter of filters) {
    if (!KNOWN_FILTERS.has(filter)) parts.fail(where, `unknown filter ${filter.slice(0, 40)}`);
  }
  const last = filters.at(-1) ?? '';
  if (PICTURE_FILTERS.has(last)) {
    if (filters.length > 1) parts.fail(where, 'a packed picture');
    const raw = copyBuffer(stream.readRawStream());
    if (imageFormat(raw) !== null) new BlockReader(parts, `${where} / `).read(raw);
    parts.bytes(where, raw);
    return;
  }
  const bytes = copyBuffer(stream.readStream());
  parts.bytes(where, bytes);
  if (imageFormat(bytes) !== null) new BlockReader(parts, `${where} / `).read(bytes);
  const text = Buffer.from(bytes).toString('latin1');
  if (text.includes('begincmap')) parts.text(`${where} characters`, charactersOfMap(text), 'metadata');
};

/** Every object that the file's table names: strings and names as text, streams unpacked. */
export const decodeObjects = (pdf: mupdf.PDFDocument, parts: PartList): void => {
  for (let number = 1; number < pdf.countObjects(); number += 1) {
    const where = `object ${number}`;
    try {
      const reference = pdf.newIndirect(number);
      const object = reference.resolve();
      if (object.isNull()) continue;
      const strings: string[] = [];
      collect(object, strings);
      const kind = digName(object, 'Type') === 'Page' ? 'name' : 'metadata';
      parts.text(where, strings.join('\n'), kind);
      if (reference.isStream()) decodeStream(parts, where, reference);
    } catch (thrown) {
      if (
        !(thrown instanceof Error) ||
        thrown.name === 'Refusal' ||
        thrown instanceof WebAssembly.RuntimeError
      )
        throw thrown;
      parts.fail(where, 'cannot be read');
    }
  }
  const trailer: string[] = [];
  collect(pdf.getTrailer(), trailer);
  parts.text('trailer', trailer.join('\n'), 'metadata');
};
