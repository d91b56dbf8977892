import { AppError } from '#shared/errors.ts';
import type { ZipFileEntry } from '../package/zip-reader.ts';
import { bytesSource, readZipDirectory, readZipEntry } from '../package/zip-reader.ts';
import { entryOfBytes, zipBytes } from '../package/zip-writer.ts';

/**
 * Brings what the `docx` library writes down to a fixed set of parts with fixed metadata. The library adds
 * its own properties (moments to the millisecond, empty custom properties, a theme, notes that are not used);
 * whatever is not on this list does not leave, and a part that the list misses stops the export.
 */
const KEPT = {
  'word/document.xml': 'document.main',
  'word/styles.xml': 'styles',
  'word/numbering.xml': 'numbering',
  'word/settings.xml': 'settings',
  'word/footer1.xml': 'footer',
} as const;
type KeptPart = keyof typeof KEPT;
const DROPPED = new Set([
  '[Content_Types].xml',
  '_rels/.rels',
  'docProps/app.xml',
  'docProps/core.xml',
  'docProps/custom.xml',
  'word/_rels/document.xml.rels',
  'word/_rels/endnotes.xml.rels',
  'word/_rels/fontTable.xml.rels',
  'word/_rels/footer1.xml.rels',
  'word/_rels/footnotes.xml.rels',
  'word/comments.xml',
  'word/endnotes.xml',
  'word/fontTable.xml',
  'word/footnotes.xml',
  'word/theme/theme1.xml',
]);
/** All parts of a finished file, in their order in the archive. */
export const DOCX_PARTS = [
  '[Content_Types].xml',
  '_rels/.rels',
  'docProps/core.xml',
  'word/_rels/document.xml.rels',
  ...(Object.keys(KEPT) as KeptPart[]),
] as const;

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORD_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const contentTypes = (): string =>
  `${DECLARATION}<Types xmlns="${PACKAGE}/content-types">` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
  '<Default Extension="xml" ContentType="application/xml"/>' +
  '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>' +
  Object.entries(KEPT)
    .map(([name, kind]) => `<Override PartName="/${name}" ContentType="${WORD_TYPE}.${kind}+xml"/>`)
    .join('') +
  '</Types>';

const rootRelations = (): string =>
  `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">` +
  `<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/>` +
  `<Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
  '</Relationships>';

const coreProperties = (about: { title: string; language: string; day: string }): string =>
  `${DECLARATION}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
  `<dc:title>${escapeXml(about.title)}</dc:title><dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>` +
  `<dcterms:created xsi:type="dcterms:W3CDTF">${about.day}T00:00:00Z</dcterms:created>` +
  `<dcterms:modified xsi:type="dcterms:W3CDTF">${about.day}T00:00:00Z</dcterms:modified>` +
  `<dc:language>${about.language}</dc:language></cp:coreProperties>`;

/** Relations of the document to the kept parts, under the ids that its text uses. */
const documentRelations = (written: string): string => {
  const relations = [
    ...written.matchAll(/<Relationship Id="([A-Za-z0-9_-]+)" Type="([^"]+)" Target="([^"]+)"\/>/g),
  ]
    .filter(([, , , target]) => target !== undefined && `word/${target}` in KEPT)
    .map(([whole]) => whole);
  // One for each kept part but the document itself.
  if (relations.length !== Object.keys(KEPT).length - 1) throw new AppError('export.outsideAllowList');
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${relations.join('')}</Relationships>`;
};

const SETTINGS =
  `${DECLARATION}<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">` +
  '<w:defaultTabStop w:val="720"/><w:compat><w:compatSetting w:name="compatibilityMode" ' +
  'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>';

/** Traces of editing sessions, authors and comments; none may be in any part. */
const FORBIDDEN = /\bw:rsid|<w:rsids|w14:docId|w15:docId|w14:paraId|w:author=|<w:(?:ins|del|comment\w*)[ >]/;

/** Rewrites the library's archive. Throws `AppError` `export.outsideAllowList` for anything unexpected in it. */
export const normaliseDocx = async (
  raw: Uint8Array,
  about: { title: string; language: string; day: string },
): Promise<Buffer> => {
  const source = bytesSource(raw);
  const entries = new Map<string, ZipFileEntry>();
  for (const entry of await readZipDirectory(source)) {
    if (!(entry.name in KEPT) && !DROPPED.has(entry.name)) throw new AppError('export.outsideAllowList');
    entries.set(entry.name, entry);
  }
  const read = async (name: string): Promise<string> => {
    const entry = entries.get(name);
    if (entry === undefined) throw new AppError('export.outsideAllowList');
    const chunks: Buffer[] = [];
    for await (const chunk of readZipEntry(source, entry)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  };
  const parts = new Map<string, string>([
    ['[Content_Types].xml', contentTypes()],
    ['_rels/.rels', rootRelations()],
    ['docProps/core.xml', coreProperties(about)],
    ['word/_rels/document.xml.rels', documentRelations(await read('word/_rels/document.xml.rels'))],
  ]);
  for (const name of Object.keys(KEPT) as KeptPart[]) {
    const text = name === 'word/settings.xml' ? SETTINGS : await read(name);
    if (FORBIDDEN.test(text)) throw new AppError('export.outsideAllowList');
    parts.set(name, text);
  }
  return zipBytes(
    [...parts].map(([name, text]) => entryOfBytes(name, Buffer.from(text, 'utf8'), 'deflate')),
    // The list of types first, as the format advises and some readers expect.
    { order: 'given' },
  );
};
