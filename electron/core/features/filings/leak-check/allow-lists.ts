import type { DecodedPart } from '#shared/parser/jobs.ts';

/** Something a finished file holds that is not on the list of its format. */
export interface OutsideAllowList {
  readonly where: string;
  /** Name of the field, part or block; never its value. */
  readonly name: string;
}

export type FinishedFormat =
  'pdf' | 'docx' | 'zip' | 'png' | 'jpeg' | 'csv' | 'json' | 'stix' | 'text' | 'other';

const text = (bytes: Uint8Array, from: number, length: number): string =>
  Buffer.from(
    bytes.buffer,
    bytes.byteOffset + from,
    Math.max(0, Math.min(length, bytes.length - from)),
  ).toString('latin1');
const be32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)) >>>
  0;
const le16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const le32 = (bytes: Uint8Array, at: number): number => (le16(bytes, at) | (le16(bytes, at + 2) << 16)) >>> 0;

/** Chunks that carry pixels and nothing else; `pHYs` (resolution) is nine bytes wherever it stands. */
const PNG_CHUNKS: ReadonlySet<string> = new Set([
  'IHDR',
  'PLTE',
  'tRNS',
  'IDAT',
  'IEND',
  'sRGB',
  'gAMA',
  'pHYs',
]);

/** PNG: only chunks of pixels, nothing behind the end. */
export const checkPng = (bytes: Uint8Array): OutsideAllowList[] => {
  const found: OutsideAllowList[] = [];
  if (text(bytes, 0, 8) !== '\x89PNG\r\n\x1a\n') return [{ where: 'signature', name: 'not a PNG' }];
  let at = 8;
  let ended = false;
  while (at + 12 <= bytes.length && !ended) {
    const length = be32(bytes, at);
    const type = text(bytes, at + 4, 4);
    if (!PNG_CHUNKS.has(type))
      found.push({ where: `chunk at ${String(at)}`, name: type.replace(/[^A-Za-z]/g, '?') });
    at += 12 + length;
    ended = type === 'IEND';
  }
  if (!ended) found.push({ where: 'end', name: 'IEND missing' });
  if (at < bytes.length) found.push({ where: `byte ${String(at)}`, name: 'trailing bytes' });
  return found;
};

/** JPEG: tables, frame, scan, and the plain JFIF header without thumbnail; nothing behind the end. */
export const checkJpeg = (bytes: Uint8Array): OutsideAllowList[] => {
  const found: OutsideAllowList[] = [];
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return [{ where: 'signature', name: 'not a JPEG' }];
  let at = 2;
  for (;;) {
    if (at + 2 > bytes.length) return [...found, { where: 'end', name: 'EOI missing' }];
    if (bytes[at] !== 0xff) return [...found, { where: `byte ${String(at)}`, name: 'not a marker' }];
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) break;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8;
    const jfif = marker === 0xe0 && text(bytes, at + 4, 5) === 'JFIF\0' && length === 16;
    // Colour transform of CMYK and RGB files: twelve fixed bytes.
    const adobe = marker === 0xee && text(bytes, at + 4, 5) === 'Adobe' && length === 14;
    if (!frame && !jfif && !adobe && marker !== 0xdb && marker !== 0xdd && marker !== 0xda) {
      found.push({ where: `byte ${String(at)}`, name: `segment ${marker.toString(16).toUpperCase()}` });
    }
    at += 2 + length;
    if (marker === 0xda) {
      // Entropy-coded data runs to the next marker that is neither stuffed nor a restart.
      while (
        at + 1 < bytes.length &&
        !(
          bytes[at] === 0xff &&
          bytes[at + 1] !== 0 &&
          !((bytes[at + 1] ?? 0) >= 0xd0 && (bytes[at + 1] ?? 0) <= 0xd7)
        )
      )
        at += 1;
    }
  }
  if (at + 2 < bytes.length) found.push({ where: `byte ${String(at + 2)}`, name: 'trailing bytes' });
  return found;
};

const DOS_EPOCH_TIME = 0;
const DOS_EPOCH_DATE = 33; // 1980-01-01

/** Parts of a DOCX as this application writes it; anything else came from somewhere else. */
const DOCX_PARTS =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|docProps\/(?:core|app)\.xml|word\/(?:document|styles|settings|numbering|fontTable|footnotes|endnotes|comments)\.xml|word\/(?:header|footer)\d+\.xml|word\/_rels\/(?:document|fontTable|footnotes|header\d+|footer\d+)\.xml\.rels|word\/media\/[0-9a-z._-]+|word\/fonts\/[0-9A-Za-z._-]+)$/;

/**
 * Zip (and DOCX): names, times, attributes, extra fields and comments are fixed, so that neither machine nor
 * user nor time can be read from them. `order`: packages of ours are sorted by name.
 */
export const checkZip = (
  bytes: Uint8Array,
  options: { readonly docx: boolean; readonly sorted: boolean },
): OutsideAllowList[] => {
  const found: OutsideAllowList[] = [];
  const end = bytes.length - 22;
  if (end < 0 || be32(bytes, end) !== 0x504b0506) return [{ where: 'end record', name: 'comment or damage' }];
  if (le16(bytes, end + 20) !== 0) found.push({ where: 'end record', name: 'comment' });
  const zip64 = end >= 20 && be32(bytes, end - 20) === 0x504b0607;
  let count = le16(bytes, end + 10);
  let at = le32(bytes, end + 16);
  if (zip64) {
    const record = Number(Buffer.from(bytes.buffer, bytes.byteOffset + end - 20 + 8, 8).readBigUInt64LE(0));
    count = Number(Buffer.from(bytes.buffer, bytes.byteOffset + record + 32, 8).readBigUInt64LE(0));
    at = Number(Buffer.from(bytes.buffer, bytes.byteOffset + record + 48, 8).readBigUInt64LE(0));
  }
  let last = '';
  for (let entry = 0; entry < count; entry += 1) {
    if (be32(bytes, at) !== 0x504b0102)
      return [...found, { where: `entry ${String(entry + 1)}`, name: 'directory damaged' }];
    const nameLength = le16(bytes, at + 28);
    const extraLength = le16(bytes, at + 30);
    const commentLength = le16(bytes, at + 32);
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + at + 46, nameLength).toString('utf8');
    const where = `entry ${String(entry + 1)}`;
    if (le16(bytes, at + 12) !== DOS_EPOCH_TIME || le16(bytes, at + 14) !== DOS_EPOCH_DATE)
      found.push({ where, name: 'time' });
    if (extraLength > 0 && !onlyZip64(bytes, at + 46 + nameLength, extraLength))
      found.push({ where, name: 'extra field' });
    if (commentLength > 0) found.push({ where, name: 'comment' });
    const mode = le32(bytes, at + 38) >>> 16;
    if (mode !== 0 && (mode & 0o7777) !== 0o644) found.push({ where, name: 'attributes' });
    if (name.endsWith('/')) found.push({ where, name: 'directory entry' });
    if (options.docx && !DOCX_PARTS.test(name)) found.push({ where, name: 'part' });
    if (options.sorted && name < last) found.push({ where, name: 'order' });
    last = name;
    const local = le32(bytes, at + 42);
    if (local !== 0xffffffff) {
      if (be32(bytes, local) !== 0x504b0304) found.push({ where, name: 'local header' });
      else if (le16(bytes, local + 10) !== DOS_EPOCH_TIME || le16(bytes, local + 12) !== DOS_EPOCH_DATE)
        found.push({ where, name: 'local time' });
      else if (
        le16(bytes, local + 28) > 0 &&
        !onlyZip64(bytes, local + 30 + le16(bytes, local + 26), le16(bytes, local + 28))
      )
        found.push({ where, name: 'local extra field' });
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  return found;
};

const onlyZip64 = (bytes: Uint8Array, from: number, length: number): boolean =>
  le16(bytes, from) === 1 && le16(bytes, from + 2) + 4 === length;

const INFO_KEYS: ReadonlySet<string> = new Set(['Title', 'CreationDate', 'ModDate', 'Trapped']);
const XMP_NAMES: ReadonlySet<string> = new Set([
  'x:xmpmeta',
  'rdf:RDF',
  'rdf:Description',
  'rdf:Alt',
  'rdf:Bag',
  'rdf:Seq',
  'rdf:li',
  'dc:title',
  'dc:language',
  'dc:format',
  'pdfaid:part',
  'pdfaid:conformance',
  'xmp:CreateDate',
  'xmp:ModifyDate',
  'xmp:MetadataDate',
  'pdfuaid:part',
]);
const CORE_NAMES: ReadonlySet<string> = new Set([
  'cp:coreProperties',
  'dc:title',
  'dc:language',
  'dc:creator',
  'cp:lastModifiedBy',
  'cp:revision',
  'dcterms:created',
  'dcterms:modified',
  'dc:subject',
  'dc:description',
  'cp:keywords',
]);
const EMPTY_IN_CORE =
  /<(dc:creator|cp:lastModifiedBy|dc:subject|dc:description|cp:keywords)\b[^>]*>([^<]+)</g;
/** An instant that is not midnight UTC tells the hour of work. */
const HOUR = /\d{4}-\d{2}-\d{2}T(?!00:00:00(?:\.0+)?Z)\d{2}:\d{2}|D:\d{8}(?!000000(?:Z|\+00))\d{4,6}/;

const elementNames = (xml: string): string[] =>
  [...xml.matchAll(/<([A-Za-z_][\w.-]*:?[\w.-]*)/g)].map((match) => match[1] ?? '');

const checkXmp = (where: string, xmp: string): OutsideAllowList[] => [
  ...elementNames(xmp)
    .filter((name) => !XMP_NAMES.has(name))
    .map((name) => ({ where, name })),
  ...(HOUR.test(xmp) ? [{ where, name: 'time of day' }] : []),
];

/** PDF: Info and XMP hold title, language, conformance and the day; nothing is attached, scripted or layered. */
export const checkPdfParts = (parts: readonly DecodedPart[]): OutsideAllowList[] => {
  const found: OutsideAllowList[] = [];
  for (const part of parts) {
    if (part.bytes !== undefined) {
      if (/^(?:attachment|bytes after the end|earlier)/.test(part.where))
        found.push({ where: part.where, name: 'not allowed here' });
      const xmp = part.bytes.length < 200_000 ? Buffer.from(part.bytes).toString('utf8') : '';
      if (xmp.includes('<x:xmpmeta')) found.push(...checkXmp(part.where, xmp));
    }
    if (part.kind !== 'metadata' || part.text === undefined) continue;
    const key = /^info:([A-Za-z]+)$/.exec(part.where)?.[1];
    if (key !== undefined) {
      if (!INFO_KEYS.has(key) && part.text.trim() !== '') found.push({ where: 'Info', name: key });
      if (HOUR.test(part.text)) found.push({ where: 'Info', name: 'time of day' });
    } else if (/^page \d+ annotation$/.test(part.where)) {
      // Links inside the document are the only annotations that the renderer writes.
      if (!part.text.startsWith('Link')) found.push({ where: part.where, name: 'annotation' });
    } else if (/^page \d+ link$/.test(part.where)) {
      if (!part.text.startsWith('#')) found.push({ where: part.where, name: 'link to the outside' });
    } else if (/^(?:scripts|form fields|attachment|bytes after the end|earlier)/.test(part.where)) {
      found.push({ where: part.where, name: 'not allowed here' });
    }
  }
  return found;
};

/** DOCX: core properties without people, no revision marks, no editing session ids. */
export const checkDocxParts = (parts: readonly DecodedPart[]): OutsideAllowList[] => {
  const found: OutsideAllowList[] = [];
  for (const part of parts) {
    const xml = part.text ?? '';
    if (part.where.includes('docProps/core.xml') && xml.includes('<')) {
      for (const name of elementNames(xml))
        if (!CORE_NAMES.has(name)) found.push({ where: 'docProps/core.xml', name });
      for (const match of xml.matchAll(EMPTY_IN_CORE))
        found.push({ where: 'docProps/core.xml', name: match[1] ?? '' });
      if (HOUR.test(xml)) found.push({ where: 'docProps/core.xml', name: 'time of day' });
    }
    if (/\bw:rsid|<w:rsids|w14:docId|w15:docId|w14:paraId/.test(xml))
      found.push({ where: part.where, name: 'editing session id' });
    if (/<w:(?:ins|del|moveFrom|moveTo|commentRangeStart)\b/.test(xml))
      found.push({ where: part.where, name: 'revision or comment' });
    if (/<w:vanish\b/.test(xml)) found.push({ where: part.where, name: 'hidden text' });
  }
  return found;
};

/** CSV: days, not hours, and no cell that a spreadsheet would run. */
export const checkCsv = (content: string): OutsideAllowList[] => {
  const found: OutsideAllowList[] = [];
  content.split(/\r?\n/).forEach((line, at) => {
    if (/(?:^|,)"?[=+@\t]/.test(line) || /(?:^|,)"?-(?![\d.])/.test(line))
      found.push({ where: `line ${String(at + 1)}`, name: 'formula' });
    if (/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(line))
      found.push({ where: `line ${String(at + 1)}`, name: 'time of day' });
  });
  return found;
};
