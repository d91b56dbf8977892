import { expect, test } from 'vitest';
import { checkPackage, idSearch } from './index.ts';
import type { FinishedFile } from './index.ts';
import type { FinishedFormat } from './allow-lists.ts';

/** What the list for a human eye holds for one part of one file. */
const listed = async (
  part: { readonly where: string; readonly kind: 'text' | 'metadata'; readonly text: string },
  format: FinishedFormat,
  ownTokens: readonly string[] = [],
): Promise<string[]> => {
  const file: FinishedFile = {
    name: 'x',
    format,
    origin: 'whole',
    sizeBytes: 0,
    read: () => Promise.resolve(new Uint8Array()),
    decodings: [{ decoder: 'one', parts: [part], undecoded: [] }],
    inkPages: [],
    controlWord: null,
  };
  const { inventory } = await checkPackage({
    files: [file],
    values: [],
    points: [],
    initials: new Map(),
    ids: idSearch([]),
    rawIds: [],
    allowedWords: new Set(),
    ownTokens,
  });
  return inventory.map(({ kind, text }) => `${kind} ${text}`);
};

const footer = (code: string): string =>
  `<w:ftr><w:p><w:r><w:t xml:space="preserve">Folio QRST </w:t></w:r><w:r><w:instrText xml:space="preserve">${code}</w:instrText></w:r></w:p></w:ftr>`;
const inFooter = (code: string): Promise<string[]> =>
  listed({ where: 'word/footer1.xml', kind: 'text', text: footer(code) }, 'docx');

test('field codes of page numbers are no words that leave', async () => {
  for (const code of ['PAGE', 'NUMPAGES', ' NUMPAGES ']) {
    const found = await inFooter(code);
    expect(found).toContain('word QRST');
    expect(found.join()).not.toMatch(/PAGE/);
  }
});

test('any other word in the place of a field code is listed, and so is the code as a word of the text', async () => {
  expect(await inFooter('NUMPAGES Villaseñor')).toEqual(expect.arrayContaining(['word Villaseñor']));
  expect(await inFooter('Tadeo')).toContain('word Tadeo');
  expect(await inFooter('HYPERLINK "https://tadeo.example/"')).toContain('url https://tadeo.example/');
  const text = '<w:document><w:p><w:r><w:t>Lo firmó Numpages Xochimitl</w:t></w:r></w:p></w:document>';
  expect(await listed({ where: 'word/document.xml', kind: 'text', text }, 'docx')).toEqual(
    expect.arrayContaining(['word Numpages', 'word Xochimitl']),
  );
});

test('core properties: language and midnight are the format’s own, a name in their place is not', async () => {
  const core = (language: string, created: string): string =>
    `<cp:coreProperties><dc:title>Resumen</dc:title><dcterms:created xsi:type="dcterms:W3CDTF">${created}</dcterms:created><dc:language>${language}</dc:language></cp:coreProperties>`;
  const at = (text: string) => listed({ where: 'docProps/core.xml', kind: 'text', text }, 'docx');
  const own = await at(core('es-MX', '2026-11-22T00:00:00Z'));
  expect(own).toContain('date 2026-11-22');
  expect(own.join()).not.toMatch(/MX|number/);
  expect(await at(core('es-Tadeo', '2026-11-22T00:00:00Z'))).toContain('word Tadeo');
  expect((await at(core('es-MX', '2026-11-22T09:31:07Z'))).join()).toMatch(/number/);
});

test('the date of a PDF at midnight is a day; any other moment is listed as the digits that it is', async () => {
  const at = (text: string) => listed({ where: 'info:CreationDate', kind: 'metadata', text }, 'pdf');
  expect(await at('D:20261122000000Z')).toEqual(['date 2026-11-22']);
  expect((await at("D:20261122093107-06'00'")).join()).toMatch(/number 20261122093107/);
  expect(
    await listed({ where: 'info:Title', kind: 'metadata', text: 'D:20261122000000Z de Tadeo' }, 'pdf'),
  ).toContain('word Tadeo');
});

test('ids and hashes of the package itself are left out whole, and never a part of something else', async () => {
  const uuid = '3b241101-e2bb-4255-8caf-4136c566a962';
  const bundle = `{"id": "malware--${uuid}", "name": "Tadeo", "created": "2026-11-22T00:00:00.000Z"}`;
  const part = { where: 'text', kind: 'text', text: bundle } as const;
  expect((await listed(part, 'stix')).join()).toMatch(/4136|4255/);
  expect(await listed(part, 'stix', [uuid])).toEqual(['word Tadeo', 'date 2026-11-22']);
  const hash = 'a3'.repeat(12) + '55500127' + 'b'.repeat(32);
  const row = (cell: string) =>
    listed({ where: 'text', kind: 'text', text: `1,x.png,${cell},5` }, 'csv', [hash]);
  expect(await row(hash)).toEqual([]);
  expect((await row(`${hash}0005550127`)).join()).toMatch(/number/);
});

test('what looks like an element in a table or a plain text is words that somebody wrote, and is listed', async () => {
  const row = (format: FinishedFormat) =>
    listed({ where: 'text', kind: 'text', text: '1,<b >Tadeo Xochimitl</b>,5' }, format);
  for (const format of ['csv', 'text', 'json'] as const) {
    expect(await row(format)).toEqual(expect.arrayContaining(['word Tadeo', 'word Xochimitl']));
  }
  expect(await row('docx')).toEqual([]);
});
