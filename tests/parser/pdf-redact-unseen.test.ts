import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { line, onePage } from './pdf-fixtures.ts';
import { client, decodeBoth, KEEP, own, redact } from './redact-fixture.ts';

const HIDDEN = 'Tejocote';

describe('text that no eye sees', () => {
  const cases: Record<string, Uint8Array> = {
    'under a black box': onePage(`${KEEP}${line(`calle ${HIDDEN} 14`, 72, 700)}0 g 60 690 300 30 re f\n`),
    'under a box that is lower than the line': onePage(
      `${KEEP}${line(`calle ${HIDDEN} 14`, 72, 700)}0 g 60 700 300 9.5 re f\n`,
    ),
    'white on white': onePage(`${KEEP}1 g ${line(`calle ${HIDDEN} 14`, 72, 700)}`),
    'neither filled nor stroked': onePage(`${KEEP}BT 3 Tr /F1 14 Tf 72 700 Td (calle ${HIDDEN}) Tj ET\n`),
    'clipped away': onePage(`${KEEP}q 0 0 5 5 re W n ${line(`calle ${HIDDEN}`, 72, 700)} Q\n`),
    'under a box on a turned page': onePage(
      `${KEEP}${line(`calle ${HIDDEN} 14`, 72, 700)}0 g 60 690 300 30 re f\n`,
      { page: '/Rotate 90' },
    ),
  };
  for (const [name, file] of Object.entries(cases)) {
    test(`goes without being on any list: ${name}`, async () => {
      const before = await decodeBoth(file);
      expect(before.text).toContain(HIDDEN);
      const { text, undecoded } = await decodeBoth((await redact(file, [])).bytes);
      expect(text).not.toContain(HIDDEN);
      expect(text).toContain('Testimonio firmado');
      expect(undecoded).toEqual([]);
    });
  }

  test('small, coloured and faint print that can be read stays', async () => {
    const file = onePage(
      `${KEEP}0.7 g BT /F1 5 Tf 72 600 Td (letra chica y clara) Tj ET\n1 0 0 rg ${line('. - , roja', 72, 500)}` +
        `0 g 60 390 300 30 re f 1 g ${line('blanca sobre negro', 72, 400)}`,
    );
    const { text } = await decodeBoth((await redact(file, [])).bytes);
    for (const kept of ['Testimonio firmado', 'letra chica y clara', '. - , roja', 'blanca sobre negro'])
      expect(text).toContain(kept);
  });
});

/** A page that is a picture, with a recogniser's line that is narrower than the drawn one. */
const scan = async (): Promise<Buffer> => {
  // Strokes of a pen, a few points apart, further to the right than the recogniser's letters.
  const pixels = Buffer.alloc(612 * 792 * 3, 0xfc);
  for (const [top, blue] of [
    [99, 0],
    [199, 0xc0],
  ] as const) {
    for (let y = top; y < top + 12; y += 1) {
      for (let x = 60; x < 460; x += 4) pixels.set([0x20, 0, blue, 0x20, 0, blue], (y * 612 + x) * 3);
    }
  }
  const drawn = await sharp(pixels, { raw: { width: 612, height: 792, channels: 3 } })
    .png()
    .toBuffer();
  const pdf = new PDFDocument({ size: [612, 792], margin: 0 });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise((resolve) => pdf.on('end', resolve));
  pdf.image(drawn, 0, 0, { width: 612, height: 792 });
  (pdf as unknown as { addContent(data: string): void }).addContent('3 Tr');
  pdf.fontSize(10).text('Marisol Arrieta', 66, 100, { lineBreak: false });
  pdf.text('Lista de firmas', 66, 200, { lineBreak: false });
  pdf.end();
  await done;
  return Buffer.concat(chunks);
};

describe('a scan with a recognised layer', () => {
  test('a name goes with the whole drawn line, whose letters lie elsewhere than the layer says', async () => {
    const file = await scan();
    const { bytes } = await redact(file, ['Marisol Arrieta']);
    const { width, data } = await client.run('pdf.render', {
      bytes: own(bytes),
      page: 0,
      maxPixels: 612 * 792 * 4,
    });
    const at = (x: number, y: number): number[] => {
      const scale = width / 612;
      const from = (Math.round(y * scale) * width + Math.round(x * scale)) * 4;
      return [...data.subarray(from, from + 3)];
    };
    for (let x = 62; x < 600; x += 1) expect(Math.max(...at(x, 105))).toBeLessThan(60);
    // The other line keeps its ink.
    expect(Math.min(...[300, 301, 302, 303].map((x) => at(x, 205)[0] ?? 255))).toBeLessThan(120);
    expect(Math.max(...[300, 301, 302, 303].map((x) => at(x, 205)[0] ?? 0))).toBeGreaterThan(150);
    const { text } = await decodeBoth(bytes);
    expect(text).toContain('Lista de firmas');
    expect(text).not.toContain('Arrieta');
  });
});
