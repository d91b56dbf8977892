import { describe, expect, it } from 'vitest';
import { loadPackageFonts } from '../../../ports/node/package-fonts.ts';
import type { Block, FilingDocument } from '#shared/model/filing-document.ts';
import {
  plainTextBytes,
  renderDocx,
  renderPdf,
  renderReceiptSheet,
  renderSignatureSheet,
  textSha256,
} from './index.ts';
import { splitByFont } from './fonts.ts';

const ports = (byte = 1): Parameters<typeof renderPdf>[1] => ({
  random: { bytes: (count) => Buffer.alloc(count, byte) },
  loadFonts: loadPackageFonts,
});
const paragraph = (text: string): Block => ({ kind: 'paragraph', runs: [{ kind: 'text', text }] });
const filing = (change: Partial<FilingDocument> = {}): FilingDocument => ({
  language: 'es',
  title: 'Título <con> "signos" & más',
  folio: 'SAL-7',
  day: '2026-11-22',
  addressee: [],
  head: [],
  sections: [
    { id: 'one', heading: 'Primero', blocks: [paragraph('Texto.')] },
    { id: 'two', heading: 'Segundo', blocks: [paragraph('Más texto.')] },
  ],
  closing: [],
  annexes: [],
  ...change,
});
const withText = (text: string): FilingDocument =>
  filing({
    sections: [
      { id: 'one', heading: 'Primero', blocks: [paragraph('Texto.')] },
      { id: 'two', heading: 'Segundo', blocks: [paragraph(text)] },
    ],
  });

describe('choice of font', () => {
  const has = (font: string, point: number): boolean =>
    font.startsWith('fallback') ? point < 0x3000 : point < 0x180;

  it('goes to the second font for a whole letter with its marks, and back', () => {
    expect(splitByFont('aẍb', 'regular', has)).toEqual([
      { text: 'a', font: 'regular' },
      { text: 'ẍ', font: 'fallback' },
      { text: 'b', font: 'regular' },
    ]);
    expect(splitByFont('ai\u0331b', 'semibold', has)).toEqual([
      { text: 'a', font: 'semibold' },
      { text: 'i\u0331', font: 'fallbackBold' },
      { text: 'b', font: 'semibold' },
    ]);
  });

  it('gives up rather than drop a letter', () => {
    expect(splitByFont('a漢', 'regular', has)).toBeNull();
  });
});

describe('PDF', () => {
  it('is the same bytes for the same input, but for the file id', async () => {
    const [one, two, other] = await Promise.all([
      renderPdf(filing(), ports()),
      renderPdf(filing(), ports()),
      renderPdf(filing(), ports(2)),
    ]);
    expect(two.bytes.equals(one.bytes)).toBe(true);
    expect(other.bytes.length).toBe(one.bytes.length);
    const differing = [...other.bytes].filter((byte, at) => byte !== one.bytes[at]).length;
    // Twice sixteen bytes in hex.
    expect(differing).toBeGreaterThan(0);
    expect(differing).toBeLessThanOrEqual(64);
  });

  it.each([
    ['漢', { section: 2 }],
    ['emoji 🙂', { section: 2 }],
  ])('names the section of a letter that no font has, never the text (%s)', async (text, params) => {
    await expect(renderPdf(withText(text), ports())).rejects.toMatchObject({
      code: 'export.glyphMissing',
      params,
    });
    await expect(renderPdf(filing({ title: text }), ports())).rejects.toMatchObject({
      params: { section: 0 },
    });
  });

  it('escapes the title in its metadata', async () => {
    const bytes = (await renderPdf(filing(), ports())).bytes.toString('utf8');
    expect(bytes).toContain('Título &lt;con&gt; &quot;signos&quot; &amp; más');
    expect(bytes).not.toContain('PDFKit');
  });

  it('takes very long words, rows longer than a page and hundreds of facts', async () => {
    const word = 'x'.repeat(600);
    const blocks: Block[] = [
      paragraph(word),
      {
        kind: 'table',
        columns: [
          { heading: 'A', weight: 1, align: 'start' },
          { heading: 'B', weight: 12, align: 'end' },
        ],
        rows: [
          [[{ kind: 'text', text: 'palabra '.repeat(60) }], [{ kind: 'text', text: 'larga '.repeat(3_000) }]],
        ],
      },
      ...Array.from({ length: 300 }, (_, at): Block => ({
        kind: 'fact',
        number: at + 1,
        runs: [{ kind: 'text', text: 'Hecho. '.repeat(at % 40) + 'Fin.' }],
        sources: [],
      })),
    ];
    const made = await renderPdf(
      filing({ sections: [{ id: 'one', heading: 'h '.repeat(200).trim(), blocks }] }),
      ports(),
    );
    expect(made.pages).toBeGreaterThan(20);
    expect(made.contents).toBe(true);
  }, 60_000);

  it('binds the sheets to the text: another text, another hash', async () => {
    expect(textSha256(withText('uno'))).not.toBe(textSha256(withText('dos')));
    expect(plainTextBytes(filing()).toString('utf8')).toContain('Título <con>');
    await expect(renderSignatureSheet(filing(), ports())).rejects.toMatchObject({
      code: 'call.invalidInput',
    });
    await expect(renderReceiptSheet(filing(), ports())).rejects.toMatchObject({ code: 'call.invalidInput' });
  });
});

describe('DOCX', () => {
  it('is the same bytes for the same input, also after other documents', async () => {
    const one = await renderDocx(filing());
    await renderDocx(withText('otro'));
    expect((await renderDocx(filing())).equals(one)).toBe(true);
  });
});
